"""
What openapi-spec-validator says, as one line with the place that is meant.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Protocol

from modules.errors import printable
from modules.swagger_document import (
    JSON,
    Location,
    as_object,
    nearest,
    shown,
)
from modules.swagger_extensions import EXTENSIONS

_SHORTENED = 200
_SCHEMES = ("securityDefinitions", "securitySchemes")
_RESPONSES = ("responses",)
_NO_RESPONSE = (
    "an operation must describe a response, got {}, add one such as"
    ' "200": {{"description": "…"}}'
)
_NAMES = re.compile(r"\^\(([a-z|]+)\)\$")


class SpecificationError(Protocol):
    """
    Describe the validator's error.
    """

    message: str
    validator: str
    validator_value: JSON
    instance: JSON
    schema: JSON
    absolute_path: Iterable[str | int]
    relative_path: Sequence[str | int]
    relative_schema_path: Sequence[str | int]
    context: "list[SpecificationError]"


def violations(error: SpecificationError) -> list[tuple[Location, str]]:
    """
    Say what an error is about, in at least one line.
    """
    return list(_meant(error)) or [(_location(error), violation(error.message))]


def _meant(error: SpecificationError) -> Iterator[tuple[Location, str]]:
    """
    Find the lines for what an error is about.

    Where a value may be one of several things, the error is that of the thing that is
    meant: the one of the same `in` or `type`, or else the one that fits best.
    """
    if not error.context:
        yield from _lines(error)
        return
    branches = _branches(error)
    for key in ("$ref", _kind_key(error)):
        fitting = [branch for branch in branches if not _denies(branch, key)]
        if not fitting and len(branches) > 1 and key in as_object(error.instance):
            yield _unknown_kind(error, key)
            return
        branches = fitting or branches
    for inner in _best(branches):
        yield from _meant(inner)


def violation(message: str) -> str:
    """
    Put a message of the validator on one line, shortened.
    """
    text = printable(" ".join(message.split()))
    if len(text) > _SHORTENED:
        text = f"{text[: _SHORTENED // 2]}…{text[-_SHORTENED // 2 :]}"
    return f"must follow the specification, got {text}, mend the document"


def _branches(error: SpecificationError) -> list[list[SpecificationError]]:
    branches: dict[str | int, list[SpecificationError]] = {}
    for inner in error.context:
        branches.setdefault(inner.relative_schema_path[0], []).append(inner)
    return list(branches.values())


def _kind_key(error: SpecificationError) -> str:
    """
    Name the member that tells apart what may stand in one place.
    """
    return "type" if _location(error)[-2:-1] in {_SCHEMES[:1], _SCHEMES[1:]} else "in"


def _denies(branch: Iterable[SpecificationError], key: str) -> bool:
    """
    Tell whether an alternative is for values of another kind.
    """
    return any(_is_denial(error, key) for error in branch)


def _is_denial(error: SpecificationError, key: str) -> bool:
    if error.validator == "enum":
        return list(error.relative_path) == [key]
    if error.validator == "required":
        return key == "$ref" and error.message.startswith(repr(key))
    if error.context and not error.relative_path:
        return all(_denies(branch, key) for branch in _branches(error))
    return False


def _unknown_kind(error: SpecificationError, key: str) -> tuple[Location, str]:
    known = sorted(set(_kinds(error, key)))
    got = as_object(error.instance)[key]
    meant = nearest(str(got), known)
    text = f"{key} must be one of {', '.join(known)}, got {shown(got)}{meant}"
    return (*_location(error), key), text


def _kinds(error: SpecificationError, key: str) -> Iterator[str]:
    for inner in error.context:
        values = inner.validator_value
        if inner.validator == "enum" and list(inner.relative_path) == [key]:
            yield from map(str, values if isinstance(values, list) else [])
        elif inner.context and not inner.relative_path:
            yield from _kinds(inner, key)


def _best(branches: list[list[SpecificationError]]) -> list[SpecificationError]:
    """
    Choose the alternative whose errors lie deepest, and of those the one with fewest.
    """
    return max(
        branches,
        key=lambda branch: (max(len(_location(e)) for e in branch), -len(branch)),
    )


def _location(error: SpecificationError) -> Location:
    return tuple(str(part) for part in error.absolute_path)


def _lines(error: SpecificationError) -> Iterator[tuple[Location, str]]:
    location = _location(error)
    if _lacks_place(error, location):
        return
    if error.validator == "additionalProperties":
        yield from _unknown_keys(error, location)
    elif error.validator in {"minProperties", "not"} and location[-1:] == _RESPONSES:
        yield location, _NO_RESPONSE.format(shown(error.instance))
    elif error.validator == "enum" and isinstance(error.validator_value, list):
        yield location, _not_one_of(error.validator_value, error.instance)
    else:
        yield location, violation(error.message)


def _lacks_place(error: SpecificationError, location: Location) -> bool:
    """
    Tell whether a parameter is of every kind for want of an `in`, which is said itself.
    """
    return (
        error.validator == "oneOf"
        and location[-2:-1] == ("parameters",)
        and "in" not in as_object(error.instance)
    )


def _not_one_of(known: list[JSON], got: JSON) -> str:
    choices = ", ".join(map(shown, known))
    meant = nearest(str(got), map(str, known))
    return f"must be {'one of ' * (len(known) > 1)}{choices}, got {shown(got)}{meant}"


def _unknown_keys(
    error: SpecificationError, location: Location
) -> Iterator[tuple[Location, str]]:
    """
    Say which keys are unknown; of a path, only its slash can be missing.
    """
    schema = as_object(error.schema)
    patterns = as_object(schema.get("patternProperties"))
    known = [*as_object(schema.get("properties"))]
    for pattern in patterns:
        if match := _NAMES.fullmatch(pattern):
            known += match.group(1).split("|")
    for key in as_object(error.instance):
        if key in known or any(re.search(pattern, key) for pattern in patterns):
            continue
        if location == ("paths",):
            yield (*location, key), f"a path must begin with '/', got {shown(key)}"
            continue
        extensions = EXTENSIONS if key.lower().startswith("x-") else ()
        meant = nearest(key, [*known, *extensions])
        yield (
            (*location, key),
            f"the specification knows no {shown(key)} here{meant}, rename or remove it",
        )
