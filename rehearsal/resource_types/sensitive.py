"""
Tell which attributes Terraform must hide.

The bindings don't say which attributes the provider marks sensitive.
rules/sensitive-5.100.0.json lists them for the types of release 5.100.0, as
`terraform providers schema -json` prints them; for types that came later, and for
write-only attributes, names decide. The names are those that the provider's source
marks `Sensitive: true` in nearly every type that has them:
https://github.com/hashicorp/terraform-provider-aws/tree/v6.25.0/internal/service
"""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import cast

from rehearsal.resource_types.schema import Body, TypeSchema

LISTED = Path(__file__).parent / "rules" / "sensitive-5.100.0.json"

NAMES = re.compile(
    r"(?:.*_)?(?:password|passwords|secret|secret_string|secret_binary|private_key"
    r"|access_token|auth_token|oauth_token|secret_token|secret_key|secret_access_key"
    r"|passphrase|preshared_key|basic_auth_credentials)"
)

Steps = tuple[str, ...]


def hide(schema: TypeSchema) -> TypeSchema:
    """
    Mark the attributes of a type that the provider marks sensitive.
    """
    key = f"data.{schema.name}" if schema.kind == "data" else schema.name
    newer, listed = _listed()
    paths = listed.get(key, frozenset[str]())

    def is_sensitive(path: Steps) -> bool:
        if path[-1].endswith("_wo"):
            return True
        if key in newer or schema.kind == "provider":
            return NAMES.fullmatch(path[-1]) is not None
        return ".".join(path) in paths

    return replace(schema, body=_hide(schema.body, (), is_sensitive))


def _hide(body: Body, path: Steps, is_sensitive: Callable[[Steps], bool]) -> Body:
    attributes = {
        name: replace(attribute, sensitive=is_sensitive((*path, name)))
        for name, attribute in body.attributes.items()
    }
    blocks = {
        name: replace(block, body=_hide(block.body, (*path, name), is_sensitive))
        for name, block in body.blocks.items()
    }
    return Body(attributes, blocks)


@cache
def _listed() -> tuple[frozenset[str], Mapping[str, frozenset[str]]]:
    content = cast("dict[str, object]", json.loads(LISTED.read_bytes()))
    newer = cast("list[str]", content["newer"])
    paths = cast("dict[str, list[str]]", content["sensitive"])
    return frozenset(newer), {name: frozenset(p) for name, p in paths.items()}
