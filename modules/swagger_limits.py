"""
What API Gateway imports: names, paths and extensions of a document.
"""

import re
from difflib import get_close_matches

from modules.swagger_document import (
    ANY_METHOD,
    INTEGRATION,
    OPERATION_KEYS,
    Findings,
    Location,
    Object,
    as_object,
    is_one_of,
    member,
    nearest,
    operations,
    schemes_location,
    shown,
    walk,
)
from modules.swagger_models import models_location
from modules.swagger_security import AUTH, AUTHORIZER, AUTHTYPE

BINARY_MEDIA_TYPES = "x-amazon-apigateway-binary-media-types"
_VALIDATOR = "x-amazon-apigateway-request-validator"
_VALIDATORS = "x-amazon-apigateway-request-validators"
_API_KEY_SOURCE = "x-amazon-apigateway-api-key-source"
_ENDPOINT = "x-amazon-apigateway-endpoint-configuration"

# Where each extension of a REST API belongs:
# https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-swagger-extensions.html
_PLACES = {
    ANY_METHOD: "path item",
    _API_KEY_SOURCE: "document",
    AUTH: "operation",
    AUTHORIZER: "security scheme",
    AUTHTYPE: "security scheme",
    BINARY_MEDIA_TYPES: "document",
    "x-amazon-apigateway-documentation": "document",
    "x-amazon-apigateway-endpoint-access-mode": "document",
    _ENDPOINT: "document",
    "x-amazon-apigateway-gateway-responses": "document",
    "x-amazon-apigateway-importexport-version": "document",
    INTEGRATION: "operation",
    "x-amazon-apigateway-minimum-compression-size": "document",
    "x-amazon-apigateway-policy": "document",
    _VALIDATOR: "document or operation",
    _VALIDATORS: "document",
    "x-amazon-apigateway-security-policy": "document",
    "x-amazon-apigateway-tag-value": "tag",
}
_PREFIX = "x-amazon-apigateway-"
_IGNORED = {
    "host": "the host",
    "basePath": "the base path",
    "schemes": "the schemes",
    "servers": "the servers",
}
_SEGMENT = re.compile(r"[A-Za-z0-9_.,:-]+|\{[A-Za-z0-9_.:-]+\+?\}")
_MODEL_NAME = re.compile(r"[A-Za-z0-9]+")
# https://www.rfc-editor.org/rfc/rfc9110#name-tokens
_HEADER_NAME = re.compile(r"[A-Za-z0-9!#$%&*+.^_`|~-]+")
_NOT_ALPHANUMERIC = re.compile(r"[^A-Za-z0-9]")
# Paths that API Gateway keeps for its own health check.
_RESERVED_PATHS = frozenset({"/ping", "/sping"})


def check_limits(document: Object, findings: Findings) -> None:
    """
    Check the document against what API Gateway documents of its import.

    Source: https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-known-issues.html
    """
    _check_paths(document, findings)
    _check_siblings(document, findings)
    _check_model_names(document, findings)
    _check_header_names(document, findings)
    _check_extensions(document, findings)
    _check_validators(document, findings)
    _check_binary_media_types(document, findings)
    for key, what in _IGNORED.items():
        if key in document:
            findings.warning(
                (key,), f"API Gateway's import ignores {what}, remove it from here"
            )


def _check_paths(document: Object, findings: Findings) -> None:
    for path, item in member(document, "paths").items():
        location = ("paths", path)
        if path.startswith("x-"):
            continue
        if not path.startswith("/"):
            findings.problem(location, f"a path must begin with '/', got {path!r}")
            continue
        segments = path[1:].split("/") if path != "/" else []
        for segment in segments:
            if not _SEGMENT.fullmatch(segment):
                findings.problem(
                    location,
                    "a path segment must be letters, digits and _ . , : - or one"
                    f" {{variable}}, got {segment!r}, rename it",
                )
        if any(segment.endswith("+}") for segment in segments[:-1]):
            findings.problem(
                location, f"a greedy variable must be the last segment, got {path!r}"
            )
        if path in _RESERVED_PATHS:
            findings.warning(
                location, "API Gateway answers this path itself with a custom domain"
            )
        _check_methods(location, as_object(item), findings)


def _check_methods(location: Location, item: Object, findings: Findings) -> None:
    if "$ref" in item:
        findings.problem(
            (*location, "$ref"), "API Gateway imports no $ref to a path, write it out"
        )
    if "trace" in item:
        findings.problem(
            (*location, "trace"), "API Gateway has no method TRACE, remove it"
        )
    for key in OPERATION_KEYS:
        if key in item and not isinstance(item[key], dict):
            findings.problem(
                (*location, key), f"must be an operation, got {shown(item[key])}"
            )


def _check_siblings(document: Object, findings: Findings) -> None:
    """
    Check that each path has at most one variable below it.

    Source: https://github.com/amazon-archives/aws-apigateway-importer/issues/202
    """
    variables: dict[str, tuple[str, str]] = {}
    for path in member(document, "paths"):
        parent = ""
        for segment in path.split("/")[1:]:
            if segment.startswith("{"):
                first, where = variables.setdefault(parent, (segment, path))
                if first != segment:
                    findings.problem(
                        ("paths", path),
                        f"below {parent or '/'!r} a variable must have one name, got"
                        f" {segment} here and {first} in {where!r}, use one of them",
                    )
            parent = f"{parent}/{segment}"


def _check_model_names(document: Object, findings: Findings) -> None:
    location = models_location(document)
    for name in member(document, *location):
        if not _MODEL_NAME.fullmatch(name):
            findings.problem(
                (*location, name),
                f"a model's name must be letters and digits, got {name!r}, rename it to"
                f" {_NOT_ALPHANUMERIC.sub('', name) or 'Model'!r} with its references",
            )


def _check_header_names(document: Object, findings: Findings) -> None:
    for operation in operations(document):
        for name in sorted(operation.parameter_names(document, "header")):
            if not _HEADER_NAME.fullmatch(name):
                findings.problem(
                    (*operation.location, "parameters"),
                    f"a header's name must be an HTTP token, got {name!r}, rename it",
                )


def _check_extensions(document: Object, findings: Findings) -> None:
    schemes = schemes_location(document)
    for location, value in walk(document):
        if not isinstance(value, dict) or _inside_extension(location):
            continue
        for key in value:
            if key.startswith("x-"):
                _check_extension((*location, key), schemes, findings)
    if member(document, _ENDPOINT):
        findings.warning(
            (_ENDPOINT,), "the environment's settings decide the endpoint, remove it"
        )
    source = document.get(_API_KEY_SOURCE, "HEADER")
    if source != "HEADER":
        findings.problem(
            (_API_KEY_SOURCE,), f"API keys must come by HEADER, got {shown(source)}"
        )


def _inside_extension(location: Location) -> bool:
    return any(part.startswith("x-") and part != ANY_METHOD for part in location)


def _check_extension(location: Location, schemes: Location, findings: Findings) -> None:
    key = location[-1]
    if key not in _PLACES:
        meant = _nearest_extension(key)
        if key.startswith(_PREFIX) or meant:
            findings.problem(
                location,
                "an extension must be one of API Gateway's for REST APIs, got"
                f" {key!r}{meant}",
            )
        return
    place = _place(location[:-1], schemes)
    if place not in _PLACES[key].split(" or "):
        findings.problem(
            location, f"{key} belongs to a {_PLACES[key]}, got it elsewhere, move it"
        )


def _nearest_extension(key: str) -> str:
    """
    Compare what follows the common prefix, which alone would make all names alike.
    """
    if not key.startswith(_PREFIX):
        return nearest(key, _PLACES)
    names = {name.removeprefix(_PREFIX): name for name in _PLACES}
    close = get_close_matches(key.removeprefix(_PREFIX), names, n=1, cutoff=0.7)
    return f", did you mean {names[close[0]]!r}" if close else ""


def _place(location: Location, schemes: Location) -> str:
    if not location:
        return "document"
    if location[:-1] == schemes:
        return "security scheme"
    if location[0] == "tags":
        return "tag"
    match location:
        case ("paths", _):
            return "path item"
        case ("paths", _, key) if key in OPERATION_KEYS:
            return "operation"
        case _:
            return "elsewhere"


def _check_validators(document: Object, findings: Findings) -> None:
    known = member(document, _VALIDATORS)
    places: list[tuple[Location, Object]] = [((), document)]
    places += [(found.location, found.definition) for found in operations(document)]
    for location, owner in places:
        name = owner.get(_VALIDATOR)
        if name is not None and not is_one_of(name, known):
            findings.problem(
                (*location, _VALIDATOR),
                f"a request validator must be one of {_VALIDATORS}, got {shown(name)}"
                f"{nearest(str(name), known)}",
            )


def _check_binary_media_types(document: Object, findings: Findings) -> None:
    types = document.get(BINARY_MEDIA_TYPES, [])
    if not isinstance(types, list) or not all(
        isinstance(entry, str) and "/" in entry for entry in types
    ):
        findings.problem(
            (BINARY_MEDIA_TYPES,),
            f'binary media types must be a list such as ["image/png"], got'
            f" {shown(types)}",
        )
