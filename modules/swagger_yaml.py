"""
Read YAML 1.2 into JSON values, without what YAML can do to a reader.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Protocol, cast

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

from modules.errors import ConfigError
from modules.swagger_document import JSON, MAXIMUM_DEPTH, Object, shown

MAXIMUM_VALUES = 200_000
_MERGE_KEY = "<<"
_STRING_TAGS = frozenset({"!", "tag:yaml.org,2002:str"})

# The core schema: https://yaml.org/spec/1.2.2/#103-core-schema
_NULL = frozenset({"", "~", "null", "Null", "NULL"})
_BOOLEANS = {
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
_INTEGER = re.compile(r"[-+]?[0-9]{1,18}")
_OCTAL = re.compile(r"0o[0-7]{1,20}")
_HEXADECIMAL = re.compile(r"0x[0-9a-fA-F]{1,15}")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]{1,300}(\.[0-9]*)?)([eE][-+]?[0-9]{1,2})?")
_NOT_FINITE = re.compile(r"[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)")
_LONG_INTEGER = re.compile(r"[-+]?[0-9]{19,}")


class _Mark(Protocol):
    line: int
    column: int


class _Event(Protocol):
    start_mark: _Mark
    anchor: str | None
    tag: object
    value: str
    style: str | None


@dataclass(slots=True)
class _Open:
    """
    Hold a collection that is still being read.
    """

    value: list[JSON] | Object
    anchor: str | None
    event: _Event
    first: int
    key: str | None = None
    merged: list[JSON] = field(default_factory=list["JSON"])


class _UnreadableError(Exception):
    """
    End the reading of a document that may not be read on.
    """


def parse_yaml(text: str, name: str) -> JSON:
    """
    Read one YAML document.

    Aliases and merge keys are followed up to a total number of values; tags, several
    documents, duplicate keys and numbers that JSON does not know are errors.

    Raises:
        ConfigError: if it is no such document, with file, line and column.
    """
    reader = _Reader(name)
    loader = YAML(typ="safe", pure=True)
    parse = cast("Callable[[str], Iterator[_Event]]", loader.parse)
    try:
        for event in parse(text):
            reader.read(event)
    except _UnreadableError:
        pass
    except MarkedYAMLError as err:
        mark = cast("_Mark | None", err.problem_mark)
        place = f":{mark.line + 1}:{mark.column + 1}" if mark else ""
        said = cast("str | None", err.problem) or cast("str | None", err.context)
        reason = " ".join(str(said).split())
        raise ConfigError([f"{name}{place}: must be YAML, got {reason!r}"]) from err
    except (YAMLError, ValueError) as err:
        reason = " ".join(str(err).split())
        raise ConfigError([f"{name}: must be YAML, got {reason!r}"]) from err
    if reader.problems:
        raise ConfigError(reader.problems)
    return reader.root


class _Reader:
    """
    Build values from parser events, so that nothing recurses and nothing explodes.
    """

    def __init__(self, name: str) -> None:
        self.name = name
        self.root: JSON = None
        self.problems: list[str] = []
        self._documents = 0
        self._values = 0
        self._open: list[_Open] = []
        self._anchors: dict[str, tuple[JSON, int]] = {}

    def read(self, event: _Event) -> None:
        if isinstance(event, DocumentStartEvent):
            self._documents += 1
            if self._documents > 1:
                self._stop(event, "a file must hold one YAML document, got several")
        elif isinstance(event, MappingStartEvent | SequenceStartEvent):
            self._start(event, {} if isinstance(event, MappingStartEvent) else [])
        elif isinstance(event, MappingEndEvent | SequenceEndEvent):
            self._end()
        elif isinstance(event, ScalarEvent):
            self._scalar(event)
        elif isinstance(event, AliasEvent):
            self._alias(event)

    def _start(self, event: _Event, value: list[JSON] | Object) -> None:
        if self._expects_key():
            self._stop(event, "a key must be a scalar, got a collection")
        if event.tag is not None:
            self._problem(
                event, f"tags are not allowed, got {str(event.tag)!r}, drop it"
            )
        if len(self._open) == MAXIMUM_DEPTH:
            self._stop(
                event, f"must be nested at most {MAXIMUM_DEPTH} deep, flatten it"
            )
        self._count(event, 1)
        self._open.append(_Open(value, event.anchor, event, self._values))

    def _end(self) -> None:
        done = self._open.pop()
        if isinstance(done.value, dict):
            done.value = self._merge(done, done.value)
        if done.anchor:
            self._anchors[done.anchor] = (done.value, self._values - done.first + 1)
        self._add(done.event, done.value)

    def _scalar(self, event: _Event) -> None:
        tag = None if event.tag is None else str(event.tag)
        if tag not in _STRING_TAGS and tag is not None:
            self._problem(event, f"tags are not allowed, got {tag!r}, drop it")
        self._count(event, 1)
        plain = event.style is None or event.style == ""
        if self._expects_key():
            self._key(event, event.value)
            return
        value = self._resolve(event) if plain and tag is None else event.value
        if event.anchor:
            self._anchors[event.anchor] = (value, 1)
        self._add(event, value)

    def _alias(self, event: _Event) -> None:
        anchor = str(event.anchor)
        if any(collection.anchor == anchor for collection in self._open):
            self._stop(event, f"an alias may not contain itself, got *{anchor}")
        if anchor not in self._anchors:
            self._stop(event, f"an alias needs its anchor before it, got *{anchor}")
        value, count = self._anchors[anchor]
        self._count(event, count)
        if self._expects_key():
            self._key(event, str(value))
        else:
            self._add(event, value)

    def _expects_key(self) -> bool:
        top = self._open[-1] if self._open else None
        return top is not None and isinstance(top.value, dict) and top.key is None

    def _key(self, event: _Event, key: str) -> None:
        top = self._open[-1]
        if isinstance(top.value, dict) and key in top.value:
            self._problem(event, f"a key must be unique, got {key!r} twice, remove one")
        top.key = key

    def _add(self, event: _Event, value: JSON) -> None:
        if not self._open:
            self.root = value
            return
        top = self._open[-1]
        if isinstance(top.value, list):
            top.value.append(value)
        elif top.key == _MERGE_KEY:
            top.merged = value if isinstance(value, list) else [value]
            if not all(isinstance(source, dict) for source in top.merged):
                self._problem(
                    event, "a merge key must name objects, write the keys out"
                )
        elif top.key is not None:
            top.value[top.key] = value
        top.key = None

    def _merge(self, done: _Open, own: Object) -> Object:
        merged: Object = {}
        for source in reversed(done.merged):
            merged.update(source if isinstance(source, dict) else {})
        return {**merged, **own}

    def _resolve(self, event: _Event) -> JSON:
        text = event.value
        if text in _NULL:
            return None
        if text in _BOOLEANS:
            return _BOOLEANS[text]
        if _INTEGER.fullmatch(text):
            return int(text)
        if _OCTAL.fullmatch(text) or _HEXADECIMAL.fullmatch(text):
            return int(text, 0)
        if _NOT_FINITE.fullmatch(text) or _LONG_INTEGER.fullmatch(text):
            self._problem(event, f"a number must fit JSON, got {shown(text)}, quote it")
        return float(text) if _FLOAT.fullmatch(text) else text

    def _count(self, event: _Event, values: int) -> None:
        self._values += values
        if self._values > MAXIMUM_VALUES:
            self._stop(
                event,
                f"a document may hold {MAXIMUM_VALUES} values with aliases followed,"
                " got more, write the aliases out",
            )

    def _problem(self, event: _Event, text: str) -> None:
        mark = event.start_mark
        self.problems.append(f"{self.name}:{mark.line + 1}:{mark.column + 1}: {text}")

    def _stop(self, event: _Event, text: str) -> None:
        self._problem(event, text)
        raise _UnreadableError
