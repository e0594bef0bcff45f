"""
Read an API document from a JSON or YAML file, strictly.
"""

import json
import math
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import NoReturn, cast

from modules.errors import ConfigError
from modules.swagger_document import (
    JSON,
    MAXIMUM_DEPTH,
    Location,
    Object,
    pointer,
    shown,
    walk,
)

# The definition that API Gateway imports may have 6 MB:
# https://docs.aws.amazon.com/apigateway/latest/api/API_PutRestApi.html
MAXIMUM_BYTES = 6 * 1024 * 1024
_MAXIMUM_INTEGER_DIGITS = 18


_STRING_OR_TRAILING_COMMA = re.compile(r'"(?:\\.|[^"\\])*"|,(?=\s*[}\]])', re.DOTALL)


class ReadDocument(dict[str, JSON]):
    """
    Hold a document as it was read, with what was mended to read it.

    Args:
        members: the document's members.
        warnings: one line for each mend. Defaults to none.
    """

    def __init__(self, members: Object, warnings: tuple[str, ...] = ()) -> None:
        super().__init__(members)
        self.warnings = warnings


def load_document(path: Path, *, name: str | None = None) -> ReadDocument:
    """
    Read the document in *path*, JSON or YAML by its suffix.

    JSON is read as RFC 8259 has it and YAML as version 1.2 has it: duplicate keys,
    tags, several documents, NaN, endless or exploding aliases are errors. Keys become
    strings, so that a response code may be written `200:`; dates stay strings. Commas
    before a closing bracket, which API Gateway itself accepts in JSON and which
    published documents of the workshop have, are mended with a warning.

    Args:
        path: the file.
        name: what problems and warnings call the file. Defaults to its path.

    Raises:
        ConfigError: if the file can't be read, with every problem that was found.
    """
    name = name or str(path)
    text = _read_text(path, name)
    if not text.strip():
        raise ConfigError([f"{name}: must hold an API document, got an empty file"])
    suffix = path.suffix.lower()
    warnings: tuple[str, ...] = ()
    if suffix == ".json":
        value, warnings = _parse_json(text, name)
    elif suffix in {".yaml", ".yml"}:
        # JSON, which most documents are, does without the YAML parser.
        from modules.swagger_yaml import parse_yaml  # noqa: PLC0415

        value = parse_yaml(text, name)
    else:
        raise ConfigError(
            [f"{name}: must end in .json, .yaml or .yml, got {suffix!r}, rename it"]
        )
    return ReadDocument(checked_document(value, name), warnings)


def checked_document(value: object, name: str) -> Object:
    """
    Copy a document of plain values, and check that JSON and Terraform can carry it.

    Raises:
        ConfigError: if it is no object, too deep, or holds characters that can't
            be written to a file.
    """
    copied = _copied(value, name, ())
    if not isinstance(copied, dict):
        raise ConfigError(
            [f"{name}: #: an API document must be an object, got {shown(copied)}"]
        )
    problems = list(_character_problems(copied, name))
    if problems:
        raise ConfigError(problems)
    return copied


def _read_text(path: Path, name: str) -> str:
    try:
        size = path.stat().st_size
        content = path.read_bytes() if size <= MAXIMUM_BYTES else b""
    except OSError as err:
        reason = err.strerror or type(err).__name__
        raise ConfigError(
            [f"{name}: must be a file that can be read, got {reason!r}"]
        ) from err
    if size > MAXIMUM_BYTES:
        raise ConfigError(
            [f"{name}: must have at most {MAXIMUM_BYTES} bytes, got {size}, split it"]
        )
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as err:
        raise ConfigError(
            [f"{name}: must be UTF-8, got byte {err.start} that is not, re-encode it"]
        ) from err


def _parse_json(text: str, name: str) -> tuple[JSON, tuple[str, ...]]:
    """
    Parse JSON; only a text that is none is searched for trailing commas.
    """
    try:
        return _parse_strict_json(text, name), ()
    except ConfigError:
        mended, warnings = _without_trailing_commas(text, name)
        if not warnings:
            raise
    return _parse_strict_json(mended, name), warnings


def _without_trailing_commas(text: str, name: str) -> tuple[str, tuple[str, ...]]:
    places: list[int] = []

    def replacement(match: re.Match[str]) -> str:
        before = match.start() - 1
        while before >= 0 and text[before].isspace():
            before -= 1
        if match.group() != "," or before < 0 or text[before] in "[{,:":
            return match.group()
        places.append(match.start())
        return " "

    mended = _STRING_OR_TRAILING_COMMA.sub(replacement, text)
    if not places:
        return text, ()
    line = text.count("\n", 0, places[0]) + 1
    more = f" (and in {len(places) - 1} more places)" if len(places) > 1 else ""
    warning = (
        f"{name}:{line}: a comma before a closing bracket is not JSON, it was ignored,"
        f" remove it{more}"
    )
    return mended, (warning,)


def _parse_strict_json(text: str, name: str) -> JSON:
    duplicates: list[tuple[Object, str]] = []

    def collect(pairs: list[tuple[str, JSON]]) -> Object:
        found: Object = {}
        for key, value in pairs:
            if key in found:
                duplicates.append((found, key))
            found[key] = value
        return found

    try:
        value: JSON = json.loads(
            text,
            object_pairs_hook=collect,
            parse_constant=_reject_constant,
            parse_int=_parse_int,
            parse_float=_parse_float,
        )
    except json.JSONDecodeError as err:
        raise ConfigError(
            [f"{name}:{err.lineno}:{err.colno}: must be JSON, got {err.msg!r}"]
        ) from err
    except ValueError as err:
        raise ConfigError([f"{name}: must be JSON, {err}"]) from err
    except RecursionError as err:
        _raise_too_deep(name, (), err)
    problems = [
        f"{name}: {pointer((*location, key))}: a key must be unique, got it twice,"
        " remove one"
        for location, found in walk(value)
        for owner, key in duplicates
        if owner is found
    ]
    if problems:
        raise ConfigError(problems)
    return value


def _reject_constant(constant: str) -> NoReturn:
    raise ValueError(f"a number must be finite, got {constant}")


def _parse_int(digits: str) -> int:
    if len(digits.lstrip("-")) > _MAXIMUM_INTEGER_DIGITS:
        raise ValueError(
            f"an integer may have {_MAXIMUM_INTEGER_DIGITS} digits, got {len(digits)}"
        )
    return int(digits)


def _parse_float(digits: str) -> float:
    number = float(digits)
    if not math.isfinite(number):
        raise ValueError(f"a number must be finite, got {shown(digits)}")
    return number


def _copied(value: object, name: str, location: Location) -> JSON:
    if len(location) > MAXIMUM_DEPTH:
        _raise_too_deep(name, location, None)
    if value is None or isinstance(value, str | bool | int):
        return value
    if isinstance(value, float) and math.isfinite(value):
        return value
    if isinstance(value, Mapping):
        members = cast("Mapping[object, object]", value)
        return {
            str(key): _copied(child, name, (*location, str(key)))
            for key, child in members.items()
        }
    if isinstance(value, Sequence) and not isinstance(value, bytes):
        items = cast("Sequence[object]", value)
        return [
            _copied(child, name, (*location, str(i))) for i, child in enumerate(items)
        ]
    raise ConfigError(
        [f"{name}: {pointer(location)}: must be a JSON value, got {value!r}"]
    )


def _raise_too_deep(name: str, location: Location, err: Exception | None) -> NoReturn:
    place = f" {pointer(location[:4])}/…:" if location else ""
    raise ConfigError(
        [f"{name}:{place} must be nested at most {MAXIMUM_DEPTH} deep, flatten it"]
    ) from err


def _character_problems(document: Object, name: str) -> Iterator[str]:
    for location, value in walk(document):
        place = f"{name}: {pointer(location)}"
        if location and not location[-1].isprintable():
            yield f"{place}: a key must be printable, got {location[-1]!a}"
        if isinstance(value, str) and any(
            char == "\0" or "\ud800" <= char <= "\udfff" for char in value
        ):
            yield f"{place}: must be text without NUL and lone surrogates"
