"""
The API document as its rules see it: JSON values, pointers, operations, findings.
"""

import re
from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import TypeAlias

from modules.errors import printable

JSON: TypeAlias = "str | int | float | bool | list[JSON] | dict[str, JSON] | None"
Object: TypeAlias = dict[str, JSON]
Location: TypeAlias = tuple[str, ...]

ANY_METHOD = "x-amazon-apigateway-any-method"
INTEGRATION = "x-amazon-apigateway-integration"
METHODS = ("get", "put", "post", "delete", "options", "head", "patch")
MAXIMUM_DEPTH = 100
OPERATION_KEYS = (*METHODS, ANY_METHOD)

_PATH_VARIABLE = re.compile(r"\{([^{}]*)\}")
_SHORTENED = 120


def pointer(location: Iterable[str]) -> str:
    """
    Render a location as a JSON pointer in URI fragment form, on one line.

    Source: https://www.rfc-editor.org/rfc/rfc6901#section-6
    """
    tokens = (part.replace("~", "~0").replace("/", "~1") for part in location)
    return "#" + "".join(f"/{printable(token)}" for token in tokens)


def shown(value: object) -> str:
    """
    Show a value in an error message: one line, shortened.
    """
    constants = {None: "null", True: "true", False: "false"}
    if value is None or isinstance(value, bool):
        return constants[value]
    return shortened(printable(repr(value)))


def shortened(text: str) -> str:
    """
    Cut a text that would fill a screen.
    """
    return text if len(text) <= _SHORTENED else f"{text[:_SHORTENED]}…"


def nearest(name: str, known: Iterable[str]) -> str:
    """
    Say which known name was likely meant, ready to follow the value got.

    Case is the likeliest slip, so that it counts for nothing here.
    """
    spellings = {candidate.casefold(): candidate for candidate in sorted(known)}
    close = get_close_matches(name.casefold(), spellings, n=1, cutoff=0.7)
    return f", did you mean {shown(spellings[close[0]])}" if close else ""


def nearest_or_none(name: str, known: Iterable[str]) -> str:
    """
    Say what to do with an unknown name: rename it to the one meant, or remove it.
    """
    meant = nearest(name, known)
    return f"{meant}, rename it" if meant else ", remove it"


def is_one_of(value: JSON, known: Container[str]) -> bool:
    """
    Tell whether a value is text and known.
    """
    return isinstance(value, str) and value in known


def as_object(value: JSON) -> Object:
    """
    Take a value for an object, or for an empty one when it is none.

    The rules look through documents that are not valid yet; what is of the wrong type
    is reported by the validation against the specification.
    """
    return value if isinstance(value, dict) else {}


def as_list(value: JSON) -> list[JSON]:
    """
    Take a value for an array, or for an empty one when it is none.
    """
    return value if isinstance(value, list) else []


def member(document: JSON, *keys: str) -> Object:
    """
    Follow keys to an object, an empty one where there is none.
    """
    for key in keys:
        document = as_object(document).get(key)
    return as_object(document)


def walk(value: JSON) -> Iterator[tuple[Location, JSON]]:
    """
    Yield every value with its location, in the document's order.
    """
    stack: list[tuple[Location, JSON]] = [((), value)]
    while stack:
        location, current = stack.pop()
        yield location, current
        if isinstance(current, dict):
            children = [((*location, key), child) for key, child in current.items()]
        elif isinstance(current, list):
            children = [((*location, str(i)), child) for i, child in enumerate(current)]
        else:
            continue
        stack.extend(reversed(children))


def resolve(document: Object, value: JSON) -> JSON:
    """
    Follow `$ref` inside the document; None when it leads nowhere or in a circle.
    """
    seen: set[str] = set()
    while isinstance(value, dict) and isinstance(ref := value.get("$ref"), str):
        if ref in seen or not ref.startswith("#/"):
            return None
        seen.add(ref)
        value = _at(document, ref)
    return value


def _at(document: Object, ref: str) -> JSON:
    value: JSON = document
    for token in ref[2:].split("/"):
        key = token.replace("~1", "/").replace("~0", "~")
        if isinstance(value, list):
            value = value[int(key)] if key in map(str, range(len(value))) else None
        else:
            value = as_object(value).get(key)
    return value


def is_swagger(document: Object) -> bool:
    """
    Tell Swagger 2.0 from OpenAPI 3.0.
    """
    return "swagger" in document


def schemes_location(document: Object) -> Location:
    """
    Locate the security schemes.
    """
    if is_swagger(document):
        return ("securityDefinitions",)
    return ("components", "securitySchemes")


def path_variables(path: str) -> tuple[str, ...]:
    """
    List the variables of a path, a greedy one without its plus sign.
    """
    found: list[str] = _PATH_VARIABLE.findall(path)
    return tuple(name.removesuffix("+") for name in found)


@dataclass(slots=True)
class Findings:
    """
    Collect what is wrong with a document and what was mended in it.

    Warnings of one text are said once, with the number of their places.

    Args:
        name: the document's name, as a person knows it.
        problems: the lines found so far. Defaults to none.
        mends: the places of each warning, by its text. Defaults to none.
    """

    name: str
    problems: list[str] = field(default_factory=list[str])
    mends: dict[str, list[Location]] = field(default_factory=dict[str, list[Location]])
    settings: list[str] = field(default_factory=list[str], init=False)
    said: set[str] = field(default_factory=set[str], init=False)

    def problem(self, location: Iterable[str], text: str) -> None:
        line = f"{self.name}: {pointer(location)}: {printable(text)}"
        if line not in self.said:
            self.said.add(line)
            self.problems.append(line)

    def warning(self, location: Location, text: str) -> None:
        self.mends.setdefault(printable(text), []).append(location)

    def setting_warning(self, setting: str, text: str) -> None:
        self.settings.append(f"{self.name}: {setting}: {text}")

    def warnings(self) -> tuple[str, ...]:
        found = (
            f"{self.name}: {pointer(places[0])}: {text}"
            + (f" (and in {len(places) - 1} more places)" if len(places) > 1 else "")
            for text, places in self.mends.items()
        )
        return (*self.settings, *found)


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclaredOperation:
    """
    Name one operation of the document and where it stands.

    Args:
        path: the path, such as `/mysfits/{mysfitId}`.
        key: the key in the path item, such as `get`.
        item: the path item.
        definition: the operation itself.
    """

    path: str
    key: str
    item: Object
    definition: Object

    @property
    def method(self) -> str:
        return "ANY" if self.key == ANY_METHOD else self.key.upper()

    @property
    def location(self) -> Location:
        return ("paths", self.path, self.key)

    @property
    def title(self) -> str:
        return shortened(printable(f"{self.method} {self.path}"))

    def parameters(self, document: Object) -> list[Object]:
        """
        List the operation's parameters, its own before those of its path.

        References are followed.
        """
        own = as_list(self.definition.get("parameters"))
        shared = as_list(self.item.get("parameters"))
        found: dict[tuple[str, str], Object] = {}
        for entry in (*own, *shared):
            parameter = as_object(resolve(document, entry))
            key = (str(parameter.get("in")), str(parameter.get("name")))
            found.setdefault(key, parameter)
        return list(found.values())

    def parameter_names(self, document: Object, place: str) -> frozenset[str]:
        """
        Name the parameters in one place: `path`, `query`, `header`.
        """
        return frozenset(
            str(parameter.get("name"))
            for parameter in self.parameters(document)
            if parameter.get("in") == place
        )


def operations(document: Object) -> Iterator[DeclaredOperation]:
    """
    Yield every operation, in the document's order.
    """
    for path, entry in member(document, "paths").items():
        item = {} if path.startswith("x-") else as_object(entry)
        for key, definition in item.items():
            if key in OPERATION_KEYS and isinstance(definition, dict):
                yield DeclaredOperation(
                    path=path, key=key, item=item, definition=definition
                )
