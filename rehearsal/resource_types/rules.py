"""
Give the provider's rules that no schema states: what replaces, defaults, limits.

`rules/provider-6.25.0.json` was read from the source of the AWS provider at v6.25.0
(Mozilla Public License 2.0), one line per resource type, paths dotted and spelled as in
the bindings:
https://github.com/hashicorp/terraform-provider-aws/tree/v6.25.0/internal/service
`rules/corrections.json` and `rules/completions.json` add what that reading missed, with
their sources.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, cast

from rehearsal.errors import RehearsalError

FOLDER = Path(__file__).parent / "rules"
RULES = FOLDER / "provider-6.25.0.json"
CORRECTIONS = FOLDER / "corrections.json"
COMPLETIONS = FOLDER / "completions.json"

# The provider has these types under both names, and the source describes one of them.
SAME_TYPES: Mapping[str, str] = {
    "aws_lb": "aws_alb",
    "aws_lb_listener": "aws_alb_listener",
    "aws_lb_listener_certificate": "aws_alb_listener_certificate",
    "aws_lb_listener_rule": "aws_alb_listener_rule",
    "aws_lb_target_group": "aws_alb_target_group",
    "aws_lb_target_group_attachment": "aws_alb_target_group_attachment",
}

Lists = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class TypeRules:
    """
    The rules of one resource type. Paths are dotted, without indexes.

    Args:
        force_new: a change of these replaces the resource. Defaults to none.
        computed: attributes and blocks whose value the provider may choose. Defaults to
            none.
        required: attributes and blocks that must be there. Defaults to none.
        json: attributes whose value is a JSON document. Defaults to none.
        normalized_json: documents that the provider writes with sorted keys and
            without spaces. Defaults to none.
        normalized_policy: the same of policies, whose version comes first. Defaults to
            none.
        planned_null: computed attributes whose absent value is null, never unknown.
            Defaults to none.
        default: values of absent attributes. Defaults to none.
        max_items: the most elements or blocks. Defaults to none.
        min_items: the fewest elements or blocks. Defaults to none.
        conflicts_with: attributes that exclude the attribute. Defaults to none.
        exactly_one_of: groups of which one must be set. Defaults to none.
        at_least_one_of: groups of which some must be set. Defaults to none.
        required_with: what an attribute needs beside it. Defaults to none.
        enum: the name of AWS's enumeration of the values. Defaults to none.
        range: the kind of range (IntBetween, IntAtLeast, IntAtMost, StringLenBetween)
            and its bounds. Defaults to none.
    """

    force_new: frozenset[str] = frozenset()
    computed: frozenset[str] = frozenset()
    required: frozenset[str] = frozenset()
    json: frozenset[str] = frozenset()
    normalized_json: frozenset[str] = frozenset()
    normalized_policy: frozenset[str] = frozenset()
    planned_null: frozenset[str] = frozenset()
    default: Mapping[str, object] = field(default_factory=dict[str, object])
    max_items: Mapping[str, int] = field(default_factory=dict[str, int])
    min_items: Mapping[str, int] = field(default_factory=dict[str, int])
    conflicts_with: Lists = field(default_factory=dict[str, tuple[str, ...]])
    exactly_one_of: Lists = field(default_factory=dict[str, tuple[str, ...]])
    at_least_one_of: Lists = field(default_factory=dict[str, tuple[str, ...]])
    required_with: Lists = field(default_factory=dict[str, tuple[str, ...]])
    enum: Mapping[str, str] = field(default_factory=dict[str, str])
    range: Mapping[str, tuple[str | int, ...]] = field(
        default_factory=dict[str, tuple[str | int, ...]]
    )


NO_RULES = TypeRules()

SETS = (
    "force_new",
    "computed",
    "required",
    "json",
    "normalized_json",
    "normalized_policy",
    "planned_null",
)
LISTS = (
    "conflicts_with",
    "exactly_one_of",
    "at_least_one_of",
    "required_with",
    "range",
)


@cache
def rules_of(type_name: str) -> TypeRules:
    """
    Return the rules of a resource type, none for a type that has none.
    """
    table = _line_of(type_name)
    for corrections in _corrections():
        for key, change in corrections.get(type_name, {}).items():
            table[key] = _corrected(table.get(key), change)
    values: dict[str, object] = {}
    for key, value in table.items():
        if key in SETS:
            values[key] = frozenset(cast("list[str]", value))
        elif key in LISTS:
            lists = cast("dict[str, list[str | int]]", value)
            values[key] = {path: tuple(items) for path, items in lists.items()}
        else:
            values[key] = value
    return TypeRules(**cast("dict[str, Any]", values))


def names() -> frozenset[str]:
    """
    Return the names of all resource types that have rules.
    """
    return frozenset(cast("dict[str, object]", json.loads(_content())))


def _line_of(type_name: str) -> dict[str, object]:
    content = _content()
    type_name = SAME_TYPES.get(type_name, type_name)
    # The file has one line per type, so one type costs no parsing of the others.
    start = content.find(f'\n"{type_name}":'.encode())
    if start < 0:
        return {}
    start = content.index(b":", start) + 1
    line = content[start : content.index(b"\n", start)].rstrip(b",")
    return cast("dict[str, object]", json.loads(line))


def _corrected(value: object, change: object) -> object:
    if isinstance(change, dict):
        table = cast("dict[str, object]", value or {})
        return table | cast("dict[str, object]", change)
    kept = set(cast("list[str]", value or []))
    for path in cast("list[str]", change):
        if path.startswith("-"):
            kept.discard(path[1:])
        else:
            kept.add(path)
    return sorted(kept)


@cache
def _content() -> bytes:
    try:
        return RULES.read_bytes()
    except OSError as error:
        raise RehearsalError([f"{RULES.name} {error.strerror}"]) from error


@cache
def _corrections() -> tuple[Mapping[str, Mapping[str, object]], ...]:
    contents = [json.loads(file.read_bytes()) for file in (CORRECTIONS, COMPLETIONS)]
    return tuple(
        cast("dict[str, dict[str, dict[str, object]]]", content)["types"]
        for content in contents
    )
