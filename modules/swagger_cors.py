"""
CORS: the preflight of every path, and the headers on API Gateway's own answers.
"""

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
    nearest,
    operations,
    path_variables,
    shown,
)
from modules.swagger_integrations import path_parameter

GATEWAY_RESPONSES = "x-amazon-apigateway-gateway-responses"
MAX_AGE_SECONDS = 600
_ORIGIN = "'${site_origin}'"
_ALLOWED_HEADERS = ("Authorization", "Content-Type")
_ALLOW_ORIGIN = "gatewayresponse.header.Access-Control-Allow-Origin"
# https://docs.aws.amazon.com/apigateway/latest/developerguide/supported-gateway-response-types.html
_STATUS_CODES = {"UNAUTHORIZED": "401", "ACCESS_DENIED": "403"}
_ADDED_TYPES = ("DEFAULT_4XX", "DEFAULT_5XX", *_STATUS_CODES)
_TYPES = frozenset(
    {
        "ACCESS_DENIED",
        "API_CONFIGURATION_ERROR",
        "AUTHORIZER_CONFIGURATION_ERROR",
        "AUTHORIZER_FAILURE",
        "BAD_REQUEST_BODY",
        "BAD_REQUEST_PARAMETERS",
        "DEFAULT_4XX",
        "DEFAULT_5XX",
        "EXPIRED_TOKEN",
        "INTEGRATION_FAILURE",
        "INTEGRATION_TIMEOUT",
        "INVALID_API_KEY",
        "INVALID_SIGNATURE",
        "MISSING_AUTHENTICATION_TOKEN",
        "QUOTA_EXCEEDED",
        "REQUEST_TOO_LARGE",
        "RESOURCE_NOT_FOUND",
        "THROTTLED",
        "UNAUTHORIZED",
        "UNSUPPORTED_MEDIA_TYPE",
        "WAF_FILTERED",
    }
)


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


def check_gateway_responses(document: Object, findings: Findings) -> None:
    """
    Check the gateway responses of the document against API Gateway's types.
    """
    for kind, value in member(document, GATEWAY_RESPONSES).items():
        if kind not in _TYPES:
            findings.problem(
                (GATEWAY_RESPONSES, kind),
                f"a gateway response must be of a known type, got"
                f" {kind!r}{nearest(kind, _TYPES)}",
            )
        elif not isinstance(value, dict):
            findings.problem(
                (GATEWAY_RESPONSES, kind),
                f"a gateway response must be an object, got {shown(value)}",
            )
        elif kind == "REQUEST_TOO_LARGE":
            findings.warning(
                (GATEWAY_RESPONSES, kind),
                "API Gateway does not customize REQUEST_TOO_LARGE yet, remove it",
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
    without asking the backend. The conversion to text lets it do so when every media
    type is binary:
    https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-payload-encodings.html
    """
    by_path: dict[str, list[DeclaredOperation]] = {}
    for operation in operations(document):
        by_path.setdefault(operation.path, []).append(operation)
    for path, value in member(document, "paths").items():
        item = as_object(value)
        if path.startswith("/") and "options" not in item:
            item["options"] = _preflight(document, item, path, by_path.get(path, []))


def _preflight(
    document: Object, item: Object, path: str, declared: list[DeclaredOperation]
) -> Object:
    headers = {
        "Access-Control-Allow-Headers": _allowed_headers(document, declared),
        "Access-Control-Allow-Methods": _allowed_methods(declared),
        "Access-Control-Allow-Origin": _ORIGIN,
        "Access-Control-Max-Age": f"'{MAX_AGE_SECONDS}'",
    }
    string: Object = {"type": "string"}
    header: Object = string if is_swagger(document) else {"schema": string}
    preflight: Object = {
        "summary": "Answer the browser's CORS preflight",
        "security": [],
        "responses": {
            "204": {
                "description": "The origin, methods and headers that are allowed",
                "headers": {name: dict(header) for name in headers},
            }
        },
        INTEGRATION: {
            "type": "mock",
            "passthroughBehavior": "when_no_match",
            "contentHandling": "CONVERT_TO_TEXT",
            "requestTemplates": {"application/json": '{"statusCode": 204}'},
            "responses": {
                "default": {
                    "statusCode": "204",
                    "responseParameters": {
                        f"method.response.header.{name}": value
                        for name, value in headers.items()
                    },
                }
            },
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


def add_gateway_responses(document: Object) -> None:
    """
    Let the site read API Gateway's own answers, above all "sign in again".
    """
    responses = as_object(document.setdefault(GATEWAY_RESPONSES, {}))
    for kind in _ADDED_TYPES:
        response = as_object(responses.setdefault(kind, {}))
        if kind in _STATUS_CODES:
            response.setdefault("statusCode", _STATUS_CODES[kind])
    for value in responses.values():
        parameters = as_object(as_object(value).setdefault("responseParameters", {}))
        if _ALLOW_ORIGIN.lower() not in {key.lower() for key in parameters}:
            parameters[_ALLOW_ORIGIN] = _ORIGIN
