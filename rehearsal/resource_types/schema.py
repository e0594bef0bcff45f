"""
Name what a provider's type consists of.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

# A Terraform type in its JSON form: "string", "number", "bool", "dynamic", ["list", T],
# ["set", T], ["map", T] or ["object", {name: T}].
# https://developer.hashicorp.com/terraform/plugin/framework/handling-data/types
CtyType: TypeAlias = "str | list[CtyType | dict[str, CtyType]]"

Kind: TypeAlias = Literal["resource", "data", "provider"]
Nesting: TypeAlias = Literal["single", "list", "set"]


@dataclass(frozen=True, slots=True)
class Attribute:
    """
    An attribute of a block.

    Args:
        name: Terraform's name.
        type: the type in its JSON form.
        required: whether a configuration must set it. Defaults to False.
        optional: whether a configuration may set it. Defaults to False.
        computed: whether the provider may choose its value. Defaults to False.
        sensitive: whether Terraform hides its value. Defaults to False.
        write_only: whether its value is never kept in a state. Defaults to False.
    """

    name: str
    type: CtyType
    required: bool = False
    optional: bool = False
    computed: bool = False
    sensitive: bool = False
    write_only: bool = False


@dataclass(frozen=True, slots=True)
class Body:
    """
    The attributes and nested blocks of a type or block.

    Args:
        attributes: by name.
        blocks: by name.
    """

    attributes: Mapping[str, Attribute]
    blocks: "Mapping[str, NestedBlock]"


@dataclass(frozen=True, slots=True)
class NestedBlock:
    """
    A kind of block within a block.

    Args:
        name: Terraform's name.
        nesting: how many there may be, and whether their order counts.
        body: what is in each.
        min_items: the fewest. Defaults to 0.
        max_items: the most. Defaults to 0, for no limit.
    """

    name: str
    nesting: Nesting
    body: Body
    min_items: int = 0
    max_items: int = 0


@dataclass(frozen=True, slots=True)
class TypeSchema:
    """
    A resource type, a data source type or the provider's own configuration.

    Args:
        name: Terraform's name.
        kind: which of the three.
        version: the version of its state's schema.
        body: its attributes and blocks.
    """

    name: str
    kind: Kind
    version: int
    body: Body


def walk(
    body: Body, path: tuple[str, ...] = ()
) -> Iterator[tuple[tuple[str, ...], Attribute | NestedBlock]]:
    """
    List the attributes and blocks of a body with their paths, outer ones first.
    """
    for name, attribute in body.attributes.items():
        yield (*path, name), attribute
    for name, block in body.blocks.items():
        yield (*path, name), block
        yield from walk(block.body, (*path, name))


def has_open_type(body: Body) -> bool:
    """
    Tell whether the type of a value in a body is left open.
    """
    return any(
        isinstance(part, Attribute) and _is_open(part.type) for _, part in walk(body)
    )


def _is_open(type_: "CtyType | dict[str, CtyType]") -> bool:
    if isinstance(type_, dict):
        return any(map(_is_open, type_.values()))
    return (
        any(map(_is_open, type_[1:])) if isinstance(type_, list) else type_ == "dynamic"
    )
