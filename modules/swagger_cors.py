"""
CORS: the preflight of every path, and what no answer may allow.
"""

import re
from collections.abc import Iterable, Iterator

from modules.swagger_document import (
    ANY_METHOD,
    INTEGRATION,
    JSON,
    METHODS,
    DeclaredOperation,
    Findings,
    Location,
    Object,
    as_object,
    is_swagger,
    member,
    operations,
    path_variables,
    shown,
)
from modules.swagger_gateway_responses import GATEWAY_RESPONSES, SITE_ORIGIN
from modules.swagger_integrations import path_parameter

MAX_AGE_SECONDS = 600
_ALLOWED_HEADERS = ("Authorization", "Content-Type")
_PREFLIGHT_CODE = "204"
_SUCCESS = re.compile(r"2[0-9]{2}")


def check_cors(document: Object, findings: Findings) -> None:
    """
    Check that no answer lets every origin read with credentials.

    Browsers refuse `*` with credentials, and an echoed origin is `*` by another name:
    https://fetch.spec.whatwg.org/#cors-protocol-and-credentials
    """
    for location, mappings in _header_mappings(document):
        headers = {
            key.rpartition(".")[2].lower(): _unquoted(value)
            for key, value in mappings.items()
        }
        origin = headers.get("access-control-allow-origin", "")
        credentials = headers.get("access-control-allow-credentials", "")
        if credentials.lower() == "true" and _is_any_origin(origin):
            findings.problem(
                location,
                "any origin must not be allowed with credentials, got"
                f" {shown(origin)}, name the origin or drop the credentials",
            )


def _header_mappings(document: Object) -> Iterator[tuple[Location, Object]]:
    for kind in member(document, GATEWAY_RESPONSES):
        location = (GATEWAY_RESPONSES, kind, "responseParameters")
        yield location, member(document, *location)
    for operation in operations(document):
        responses = member(operation.definition, INTEGRATION, "responses")
        for key in responses:
            place = (*operation.location, INTEGRATION, "responses", key)
            yield (
                (*place, "responseParameters"),
                member(responses, key, "responseParameters"),
            )


def _unquoted(value: JSON) -> str:
    return str(value).strip().strip("'").strip()


def _is_any_origin(origin: str) -> bool:
    return origin == "*" or origin.lower().endswith(".header.origin")


def add_preflights(document: Object) -> None:
    """
    Answer OPTIONS on every path that does not do so itself.

    A preflight carries no token, so the operation is public; API Gateway answers it
    without asking the backend. A document's own OPTIONS without an integration keeps
    what it says and is answered likewise.
    """
    by_path: dict[str, list[DeclaredOperation]] = {}
    for operation in operations(document):
        by_path.setdefault(operation.path, []).append(operation)
    for path, value in member(document, "paths").items():
        item = as_object(value)
        if not path.startswith("/"):
            continue
        if "options" not in item:
            item["options"] = _preflight(document, item, path)
        preflight = member(item, "options")
        if INTEGRATION not in preflight:
            headers = _headers(document, by_path.get(path, []))
            _answer(document, preflight, headers)


def _headers(document: Object, declared: list[DeclaredOperation]) -> dict[str, str]:
    return {
        "Access-Control-Allow-Headers": _allowed_headers(document, declared),
        "Access-Control-Allow-Methods": _allowed_methods(declared),
        "Access-Control-Allow-Origin": SITE_ORIGIN,
        "Access-Control-Max-Age": f"'{MAX_AGE_SECONDS}'",
    }


def _preflight(document: Object, item: Object, path: str) -> Object:
    preflight: Object = {
        "summary": "Answer the browser's CORS preflight",
        "security": [],
        "responses": {
            _PREFLIGHT_CODE: {
                "description": "The origin, methods and headers that are allowed"
            }
        },
    }
    shared = DeclaredOperation(path=path, key="options", item=item, definition={})
    missing = [
        name
        for name in path_variables(path)
        if name not in shared.parameter_names(document, "path")
    ]
    if missing:
        preflight["parameters"] = [path_parameter(document, name) for name in missing]
    return preflight


def _answer(document: Object, preflight: Object, headers: dict[str, str]) -> None:
    """
    Let API Gateway answer a preflight with a response that the operation has.

    The conversion to text lets it do so when every media type is binary:
    https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-payload-encodings.html
    """
    responses = as_object(preflight["responses"])
    good = sorted(code for code in responses if _SUCCESS.fullmatch(code))
    code = good[0] if good and _PREFLIGHT_CODE not in good else _PREFLIGHT_CODE
    response = as_object(responses.setdefault(code, {"description": "No content"}))
    declared = as_object(response.setdefault("headers", {}))
    string: Object = {"type": "string"}
    header: Object = string if is_swagger(document) else {"schema": string}
    known = {name.lower(): name for name in declared}
    for name in headers:
        if name.lower() not in known:
            declared[name] = dict(header)
    preflight[INTEGRATION] = {
        "type": "mock",
        "passthroughBehavior": "when_no_match",
        "contentHandling": "CONVERT_TO_TEXT",
        "requestTemplates": {"application/json": f'{{"statusCode": {code}}}'},
        "responses": {
            "default": {
                "statusCode": code,
                "responseParameters": {
                    f"method.response.header.{known.get(name.lower(), name)}": value
                    for name, value in headers.items()
                },
            }
        },
    }


def _allowed_methods(declared: Iterable[DeclaredOperation]) -> str:
    keys = {"options", *(operation.key for operation in declared)}
    if ANY_METHOD in keys:
        keys = set(METHODS)
    return f"'{','.join(sorted(key.upper() for key in keys))}'"


def _allowed_headers(document: Object, declared: Iterable[DeclaredOperation]) -> str:
    names = {
        name.lower(): name
        for operation in declared
        for name in sorted(operation.parameter_names(document, "header"))
    }
    names.update({name.lower(): name for name in _ALLOWED_HEADERS})
    return f"'{','.join(sorted(names.values(), key=str.lower))}'"
