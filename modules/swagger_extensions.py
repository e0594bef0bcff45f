"""
API Gateway's extensions of a document: where each belongs, and what it may say.
"""

import json
import re
from difflib import get_close_matches

from modules.swagger_document import (
    ANY_METHOD,
    INTEGRATION,
    JSON,
    OPERATION_KEYS,
    Findings,
    Location,
    Object,
    is_one_of,
    nearest,
    nearest_or_none,
    operations,
    schemes_location,
    shown,
    walk,
)
from modules.swagger_gateway_responses import GATEWAY_RESPONSES
from modules.swagger_mappings import object_or_problem
from modules.swagger_security import AUTH, AUTHORIZER, AUTHTYPE

BINARY_MEDIA_TYPES = "x-amazon-apigateway-binary-media-types"
_VALIDATOR = "x-amazon-apigateway-request-validator"
_VALIDATORS = "x-amazon-apigateway-request-validators"
_API_KEY_SOURCE = "x-amazon-apigateway-api-key-source"
_ENDPOINT = "x-amazon-apigateway-endpoint-configuration"
_COMPRESSION = "x-amazon-apigateway-minimum-compression-size"
_POLICY = "x-amazon-apigateway-policy"

# Where each extension of a REST API belongs:
# https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-swagger-extensions.html
EXTENSIONS = {
    ANY_METHOD: "path item",
    _API_KEY_SOURCE: "document",
    AUTH: "operation",
    AUTHORIZER: "security scheme",
    AUTHTYPE: "security scheme",
    BINARY_MEDIA_TYPES: "document",
    "x-amazon-apigateway-documentation": "document",
    "x-amazon-apigateway-endpoint-access-mode": "document",
    _ENDPOINT: "document",
    GATEWAY_RESPONSES: "document",
    "x-amazon-apigateway-importexport-version": "document",
    INTEGRATION: "operation",
    _COMPRESSION: "document",
    _POLICY: "document",
    _VALIDATOR: "document or operation",
    _VALIDATORS: "document",
    "x-amazon-apigateway-security-policy": "document",
    "x-amazon-apigateway-tag-value": "tag",
}
_PREFIX = "x-amazon-apigateway-"
_MEDIA_TYPE = re.compile(r"[\w.+*-]+/[\w.+*-]+", re.ASCII)
# https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-openapi-minimum-compression-size.html
_MAXIMUM_COMPRESSION = 10_485_760
# https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-swagger-extensions-request-validators.requestValidator.html
_VALIDATOR_KEYS = ("validateRequestBody", "validateRequestParameters")


def check_extensions(document: Object, findings: Findings) -> None:
    """
    Check the extensions of the document; what the settings decide is taken out.
    """
    _check_places(document, findings)
    _check_validators(document, findings)
    _check_binary_media_types(document, findings)
    _check_policy(document, findings)
    _check_compression(document, findings)
    source = document.get(_API_KEY_SOURCE, "HEADER")
    if source != "HEADER":
        findings.problem(
            (_API_KEY_SOURCE,), f"API keys must come by HEADER, got {shown(source)}"
        )
    if _ENDPOINT in document:
        del document[_ENDPOINT]
        findings.warning(
            (_ENDPOINT,),
            "the environment's settings decide the endpoint, it was taken out",
        )


def _check_places(document: Object, findings: Findings) -> None:
    schemes = schemes_location(document)
    for location, value in walk(document):
        if not isinstance(value, dict) or _inside_extension(location):
            continue
        for key in value:
            if key.startswith("x-"):
                _check_extension((*location, key), schemes, findings)


def _inside_extension(location: Location) -> bool:
    return any(part.startswith("x-") and part != ANY_METHOD for part in location)


def _check_extension(location: Location, schemes: Location, findings: Findings) -> None:
    key = location[-1]
    if key not in EXTENSIONS:
        meant = _nearest_extension(key)
        if key.startswith(_PREFIX) or meant:
            findings.problem(
                location,
                "an extension must be one of API Gateway's for REST APIs, got"
                f" {shown(key)}{meant}",
            )
        return
    place = _place(location[:-1], schemes)
    if place not in EXTENSIONS[key].split(" or "):
        findings.problem(
            location,
            f"{key} belongs to {_with_article(EXTENSIONS[key])}, got it elsewhere, move"
            " it",
        )


def _nearest_extension(key: str) -> str:
    """
    Compare what follows the common prefix, which alone would make all names alike.
    """
    if not key.startswith(_PREFIX):
        return nearest(key, EXTENSIONS)
    names = {name.removeprefix(_PREFIX): name for name in EXTENSIONS}
    close = get_close_matches(key.removeprefix(_PREFIX), names, n=1, cutoff=0.7)
    return f", did you mean {shown(names[close[0]])}" if close else ""


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


def _with_article(noun: str) -> str:
    return f"{'an' if noun[0] in 'aeio' else 'a'} {noun}"


def _check_validators(document: Object, findings: Findings) -> None:
    known = object_or_problem(document, _VALIDATORS, (), findings)
    for name in known:
        _check_validator(known, name, findings)
    places: list[tuple[Location, Object]] = [((), document)]
    places += [(found.location, found.definition) for found in operations(document)]
    for location, owner in places:
        name = owner.get(_VALIDATOR)
        if _VALIDATOR in owner and not is_one_of(name, known):
            findings.problem(
                (*location, _VALIDATOR),
                f"a request validator must be one of {_VALIDATORS}, got {shown(name)}"
                f"{nearest(str(name), known)}",
            )


def _check_validator(validators: Object, name: str, findings: Findings) -> None:
    place = (_VALIDATORS, name)
    for key, value in object_or_problem(
        validators, name, (_VALIDATORS,), findings
    ).items():
        if key not in _VALIDATOR_KEYS:
            findings.problem(
                (*place, key),
                f"a request validator has no {shown(key)}"
                f"{nearest_or_none(key, _VALIDATOR_KEYS)}",
            )
        elif not isinstance(value, bool):
            findings.problem(
                (*place, key), f"{key} must be true or false, got {shown(value)}"
            )


def _check_binary_media_types(document: Object, findings: Findings) -> None:
    types = document.get(BINARY_MEDIA_TYPES, [])
    if not isinstance(types, list):
        findings.problem(
            (BINARY_MEDIA_TYPES,),
            f'binary media types must be a list such as ["image/png"], got'
            f" {shown(types)}",
        )
        return
    for i, entry in enumerate(types):
        if not isinstance(entry, str) or not _MEDIA_TYPE.fullmatch(entry):
            findings.problem(
                (BINARY_MEDIA_TYPES, str(i)),
                f"a binary media type must be such as image/png or */*, got"
                f" {shown(entry)}",
            )


def _check_policy(document: Object, findings: Findings) -> None:
    policy = document.get(_POLICY, {})
    if not isinstance(_parsed(policy), dict):
        findings.problem(
            (_POLICY,),
            "a resource policy must be an object, or one as JSON text, got"
            f" {shown(policy)}",
        )


def _parsed(policy: JSON) -> object:
    try:
        return json.loads(policy) if isinstance(policy, str) else policy
    except (ValueError, RecursionError):
        return None


def _check_compression(document: Object, findings: Findings) -> None:
    size = document.get(_COMPRESSION, 0)
    if (
        isinstance(size, bool)
        or not isinstance(size, int)
        or not 0 <= size <= _MAXIMUM_COMPRESSION
    ):
        findings.problem(
            (_COMPRESSION,),
            f"a size in bytes must be an integer from 0 to {_MAXIMUM_COMPRESSION},"
            f" got {shown(size)}",
        )
