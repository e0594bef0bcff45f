"""
Name the differences that the provider passes over when it plans an update.

The provider's source suppresses them one by one (`DiffSuppressFunc`); no schema says
so. `rules/kept-5.100.0.json` lists the optional blocks that release 5.100.0 was seen to
leave as they are when the configuration no longer has them:
https://github.com/hashicorp/terraform-provider-aws/blob/v6.25.0/internal/verify/diff.go
"""

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import cast

KEPT = Path(__file__).parent / "rules" / "kept-5.100.0.json"

# Values that mean the same to the provider. Paths are dotted; an absent value is "".
ALIKE: Mapping[str, Mapping[str, frozenset[object]]] = {
    "aws_api_gateway_rest_api": {"put_rest_api_mode": frozenset({"", "overwrite"})},
    "aws_dynamodb_table": {"table_class": frozenset({"", "STANDARD"})},
}


@cache
def kept_blocks(type_name: str) -> frozenset[str]:
    """
    Return the blocks of a resource type that stay when a configuration drops them.
    """
    return frozenset(_kept().get(type_name, ()))


def alike(type_name: str) -> Mapping[str, frozenset[object]]:
    """
    Return the values of a resource type's attributes that mean the same, by path.
    """
    return ALIKE.get(type_name, {})


@cache
def _kept() -> Mapping[str, list[str]]:
    return cast("dict[str, list[str]]", json.loads(KEPT.read_bytes()))
