"""
What a `$ref` may lead to: a schema to a schema, a parameter to a parameter.
"""

from modules.swagger_document import JSON, Location, as_object, shown

_MODELS = ("definitions", "schemas")
_CONTAINERS = {
    "definitions": "schema",
    "schemas": "schema",
    "parameters": "parameter",
    "responses": "response",
    "requestBodies": "request body",
    "headers": "header",
}
# What a value of each kind has, whatever else it has.
_MEMBERS = {
    "parameter": ("name", "in"),
    "response": ("description",),
    "request body": ("content",),
}


def reference_problem(location: Location, ref: str, target: JSON) -> str | None:
    """
    Say when a reference leads to another kind of value than its place needs.

    The kind of a value is that of the container it stands in; elsewhere, as below an
    extension, its members tell.
    """
    needed = _kind(location)
    if needed is None:
        return None
    tokens = tuple(
        token.replace("~1", "/").replace("~0", "~") for token in ref[2:].split("/")
    )
    found = _kind(tokens)
    if found is None:
        members = _MEMBERS.get(needed, ())
        sound = isinstance(target, dict) and all(
            isinstance(as_object(target).get(key), str | dict) for key in members
        )
        found = needed if sound else "another value"
    if found == needed:
        return None
    got = f"{shown(ref)}, which is {_with_article(found)}"
    return f"a $ref here must lead to {_with_article(needed)}, got {got}, refer to one"


def _with_article(noun: str) -> str:
    return noun if noun.startswith("an") else f"a {noun}"


def _kind(location: Location) -> str | None:
    """
    Tell what stands in a place of the document, by the names of its containers.
    """
    named = location[1:] if location[:1] == ("components",) else location
    match named:
        case (container, _) if container in _CONTAINERS:
            kind = _CONTAINERS[container]
        case ("paths", _, "parameters", _) | ("paths", _, _, "parameters", _):
            kind = "parameter"
        case ("paths", _, _, "responses", _):
            kind = "response"
        case ("paths", _, _, "requestBody"):
            kind = "request body"
        case (container, _, *_) if container in _MODELS:
            kind = "schema"
        case _:
            kind = "schema" if _is_in_schema(named) else None
    return kind


def _is_in_schema(location: Location) -> bool:
    """
    Tell whether a place is a schema or below one.
    """
    return "schema" in location[2:] and not location[0].startswith("x-")
