"""
Give the nested blocks that the bindings leave open.

The bindings' generator stops at the deepest blocks of the provider and takes any value
there. `rules/nested-5.100.0.json` has these blocks as release 5.100.0 describes them
(`terraform providers schema -json`), each different body once.
"""

import json
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import cast

from rehearsal.resource_types.schema import (
    Attribute,
    Body,
    CtyType,
    NestedBlock,
    Nesting,
    TypeSchema,
    has_open_type,
)

NESTED = Path(__file__).parent / "rules" / "nested-5.100.0.json"

PackedBlock = tuple[Nesting, int, int, int]


def complete(schema: TypeSchema) -> TypeSchema:
    """
    Put blocks into a type where the bindings leave a value's type open.
    """
    types = cast("Mapping[str, tuple[str, PackedBlock]]", _content()["types"])
    if schema.kind == "resource" and schema.name in types:
        path, packed = types[schema.name]
        body = _with_block(schema.body, path.split("."), packed)
    else:
        body = schema.body
    return replace(schema, body=_without_open_sets(body))


def _with_block(body: Body, path: list[str], packed: PackedBlock) -> Body:
    name, *rest = path
    if rest:
        outer = body.blocks[name]
        inner = replace(outer, body=_with_block(outer.body, rest, packed))
        return Body(body.attributes, {**body.blocks, name: inner})
    attributes = {k: a for k, a in body.attributes.items() if k != name}
    return Body(attributes, {**body.blocks, name: _block(name, packed)})


def _block(name: str, packed: PackedBlock) -> NestedBlock:
    nesting, fewest, most, number = packed
    return NestedBlock(name, nesting, _body(number), fewest, most)


@cache
def _body(number: int) -> Body:
    bodies = cast("list[list[Mapping[str, object]]]", _content()["bodies"])
    attributes, blocks = bodies[number]
    return Body(
        {
            name: _attribute(name, type_, flags)
            for name, (type_, flags) in cast(
                "Mapping[str, tuple[CtyType, str]]", attributes
            ).items()
        },
        {
            name: _block(name, packed)
            for name, packed in cast("Mapping[str, PackedBlock]", blocks).items()
        },
    )


def _attribute(name: str, type_: CtyType, flags: str) -> Attribute:
    return Attribute(
        name,
        type_,
        required="r" in flags,
        optional="o" in flags,
        computed="c" in flags,
    )


def _without_open_sets(body: Body) -> Body:
    """
    Make lists of the sets with an open type, which Terraform refuses.
    """
    blocks = {
        name: replace(
            block,
            body=_without_open_sets(block.body),
            nesting="list" if block.nesting == "set" else block.nesting,
        )
        if has_open_type(block.body)
        else block
        for name, block in body.blocks.items()
    }
    return Body(body.attributes, blocks)


@cache
def _content() -> Mapping[str, object]:
    return cast("dict[str, object]", json.loads(NESTED.read_bytes()))
