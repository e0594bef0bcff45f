"""
Look up the values that AWS's service models list for an attribute.

The provider compares such attributes with the same lists, which its SDK has from the
same models. The data file has a line for each enumeration and, after them, one for each
resource type; only the lines of the type that is asked for are read.
"""

import json
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import cast

ENUMERATIONS = Path(__file__).parent / "rules" / "enumerations-1.44.5.txt"


@cache
def enumerations_of(type_name: str) -> Mapping[str, Sequence[str]]:
    """
    Return the values of each enumerated attribute, by its dotted path.

    Args:
        type_name: a resource type.
    """
    return {
        path: _values(name)
        for path, name in cast("Mapping[str, str]", _line(type_name) or {}).items()
    }


@cache
def _values(name: str) -> tuple[str, ...]:
    return tuple(cast("Sequence[str]", _line(name)))


def _line(name: str) -> object:
    text = _text()
    start = text.find(f"\n{name} ")
    if start < 0:
        return None
    return json.loads(text[start + len(name) + 2 : text.index("\n", start + 1)])


@cache
def _text() -> str:
    return ENUMERATIONS.read_text(encoding="utf-8")
