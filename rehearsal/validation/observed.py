"""
Give what the provider of another release was seen to check.

`rules/observed-5.100.0.json` says, for resource types of the AWS provider 5.100.0, what
its own validation answered to wrong values in each attribute: which attributes must be
ARNs, which JSON, which exclude one another, and where an enumeration also takes an
empty text or any case. What was never seen refused is not refused here either.
"""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import cast

from rehearsal.resource_types.rules import Lists, TypeRules

OBSERVED = Path(__file__).parent / "rules" / "observed-5.100.0.json"

# Rules that the provider was seen not to keep.
NOT_KEPT = {
    "aws_appfabric_app_authorization": {"required": {"credential.oauth2_credential"}},
    "aws_evidently_feature": {
        "conflicts_with": {
            f"variations.value.{kind}_value"
            for kind in ("bool", "double", "long", "string")
        }
    },
    "aws_transfer_certificate": {"exactly_one_of": {"private_key"}},
}


def kept_rules(type_name: str, rules: TypeRules) -> TypeRules:
    """
    Return the rules that the provider keeps, with those that were only seen.
    """
    unkept = NOT_KEPT.get(type_name, {})
    seen = observed_of(type_name)
    if not unkept and not seen.conflicts_with and not seen.exactly_one_of:
        return rules
    conflicts = _join(rules.conflicts_with, seen.conflicts_with)
    groups = _join(rules.exactly_one_of, seen.exactly_one_of)
    return replace(
        rules,
        required=rules.required - unkept.get("required", set()),
        conflicts_with=_without(conflicts, unkept.get("conflicts_with", set())),
        exactly_one_of=_without(groups, unkept.get("exactly_one_of", set())),
    )


def _join(one: Lists, other: Lists) -> Lists:
    paths = [*one, *(path for path in other if path not in one)]
    return {path: (*one.get(path, ()), *other.get(path, ())) for path in paths}


def _without(lists: Lists, paths: Collection[str]) -> Lists:
    return {path: listed for path, listed in lists.items() if path not in paths}


@dataclass(frozen=True, slots=True, kw_only=True)
class Observed:
    """
    What the provider was seen to check in a type. Paths are dotted.

    Args:
        arn: attributes that must be ARNs. Defaults to none.
        json: attributes that must be JSON, with the kind of the check. Defaults to
            none.
        empty: enumerated attributes that may be an empty text. Defaults to none.
        fold: enumerated attributes whose case does not count. Defaults to none.
        conflicts_with: attributes that exclude the attribute, beyond the rules.
            Defaults to none.
        exactly_one_of: groups of which one must be set, beyond the rules. Defaults to
            none.
    """

    arn: frozenset[str] = frozenset()
    json: Mapping[str, str] = field(default_factory=dict[str, str])
    empty: frozenset[str] = frozenset()
    fold: frozenset[str] = frozenset()
    conflicts_with: Lists = field(default_factory=dict[str, tuple[str, ...]])
    exactly_one_of: Lists = field(default_factory=dict[str, tuple[str, ...]])


@cache
def observed_of(type_name: str) -> Observed:
    """
    Return what was seen of a resource type, nothing for one that is not listed.
    """
    text = _text()
    start = text.find(f'\n"{type_name}":')
    if start < 0:
        return Observed()
    start = text.index(":", start) + 1
    line = text[start : text.index("\n", start)].rstrip(",")
    found = cast("dict[str, list[str]]", json.loads(line))
    lists = cast("dict[str, dict[str, tuple[str, ...]]]", found)
    return Observed(
        arn=frozenset(found.get("arn", ())),
        json=cast("dict[str, dict[str, str]]", found).get("json", {}),
        empty=frozenset(found.get("empty", ())),
        fold=frozenset(found.get("fold", ())),
        conflicts_with=lists.get("conflicts_with", {}),
        exactly_one_of=lists.get("exactly_one_of", {}),
    )


@cache
def _text() -> str:
    return OBSERVED.read_text(encoding="utf-8")
