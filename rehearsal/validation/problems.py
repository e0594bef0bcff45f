"""
Say what is wrong in a configuration, and where.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias, cast

from rehearsal.resource_types.values import Unknown

Path: TypeAlias = "tuple[str | int, ...]"
Config: TypeAlias = "Mapping[str, object]"

LONGEST_VALUE = 120
SENSITIVE = "(sensitive value)"


@dataclass(frozen=True, slots=True)
class Problem:
    """
    A diagnostic of Terraform.

    Args:
        path: attribute names and list indices that lead to the value; it ends where a
            set or a map begins, whose elements a diagnostic cannot name.
        summary: what is wrong, as the provider words it.
        detail: type, attribute, the value got and what is allowed.
        severity: whether Terraform stops. Defaults to stopping.
    """

    path: Path
    summary: str
    detail: str
    severity: Literal["error", "warning"] = "error"


def is_set(value: object) -> bool:
    """
    Tell whether a value is known and there.
    """
    return value is not None and value is not Unknown


def known_text(value: object) -> str | None:
    """
    Return a known text, or nothing.
    """
    return value if isinstance(value, str) else None


def known_number(value: object) -> float | None:
    """
    Return a known number, also where Terraform holds it as text, or nothing.
    """
    if isinstance(value, bool) or not is_set(value):
        return None
    try:
        return float(cast("str", value))
    except (TypeError, ValueError, OverflowError):
        return None


def blocks_of(config: Config, name: str) -> list[Config]:
    """
    Return the known blocks of a name; a single one is a list of one.
    """
    found = config.get(name)
    if isinstance(found, Mapping):
        return [cast("Config", found)]
    if not isinstance(found, Sequence) or isinstance(found, str):
        return []
    items = cast("Sequence[object]", found)
    return [cast("Config", item) for item in items if isinstance(item, Mapping)]


def texts_of(value: object) -> list[str]:
    """
    Return the known texts of a list or set.
    """
    if not is_set(value) or isinstance(value, str | Mapping):
        return []
    items = cast("Sequence[object]", value)
    return [item for item in items if isinstance(item, str)]


def has_unknown(value: object) -> bool:
    """
    Tell whether a value, or an element of a list or set, is yet unknown.
    """
    if value is Unknown:
        return True
    if isinstance(value, list | tuple | set | frozenset):
        return any(item is Unknown for item in cast("Sequence[object]", value))
    return False


def shown(value: object) -> str:
    """
    Return a value as messages quote it, cut where it is long.
    """
    if isinstance(value, bool):
        return "true" if value else "false"
    text = str(value)
    if len(text) <= LONGEST_VALUE:
        return text
    return f"{text[:LONGEST_VALUE]}… ({len(text)} characters)"
