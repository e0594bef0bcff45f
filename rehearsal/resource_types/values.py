"""
Read and write values as Terraform sends them.

A block is a dict, a list or set of blocks a list, `Unknown` a value that is known after
apply, None the absence of one. A number that fits no native type stays the text that
Terraform sends.
https://github.com/hashicorp/terraform/blob/v1.11.4/docs/plugin-protocol/object-wire-format.md
"""

import json
from collections.abc import Callable, Mapping
from typing import Final, cast

import msgpack  # pyright: ignore[reportMissingTypeStubs]
from tf.types import (  # pyright: ignore[reportMissingTypeStubs]
    Unknown as _Unknown,
)

Unknown: Final[object] = _Unknown

Block = dict[str, object]

# What Terraform writes for an unknown value without refinements.
UNKNOWN_CODE = 0
UNKNOWN_WIRE = msgpack.ExtType(UNKNOWN_CODE, b"\0")

NULL = b"\xc0"

_unpack = cast("Callable[..., object]", msgpack.unpackb)  # pyright: ignore[reportUnknownMemberType]
_pack = cast("Callable[..., bytes]", msgpack.packb)  # pyright: ignore[reportUnknownMemberType]


def decode(content: bytes) -> object:
    """
    Read a value.
    """
    return _unpack(content, ext_hook=_unknown, strict_map_key=False)


def decode_block(content: bytes) -> Block | None:
    """
    Read the value of a resource, None when there is none.
    """
    return cast("Block | None", decode(content)) if content else None


def encode(value: object) -> bytes:
    """
    Write a value.
    """
    return _pack(value, default=_wire)


def _unknown(_code: int, _content: bytes) -> object:
    # Refinements of unknown values have codes of their own and change no plan of ours.
    return Unknown


def _wire(value: object) -> object:
    if value is Unknown:
        return UNKNOWN_WIRE
    raise TypeError(f"{type(value).__name__} is no value of Terraform")


def is_known(value: object) -> bool:
    """
    Tell whether a value has no unknown part.
    """
    if value is Unknown:
        return False
    if isinstance(value, dict):
        return all(map(is_known, cast("dict[str, object]", value).values()))
    if isinstance(value, list):
        return all(map(is_known, cast("list[object]", value)))
    return True


def is_empty(value: object) -> bool:
    """
    Tell whether the provider takes a value for an absent one.

    The provider's older framework doesn't tell null from the zero value of a type.
    """
    return value is None or (not value and value is not Unknown)


def canonical(value: object) -> str:
    """
    Write a value so that equal values have equal texts.
    """
    return json.dumps(value, sort_keys=True, default=repr)


def text(block: Mapping[str, object], name: str) -> str:
    """
    Return a known, non-empty text of a block, or an empty one.
    """
    value = block.get(name)
    return value if isinstance(value, str) else ""
