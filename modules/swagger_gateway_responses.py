"""
API Gateway's own answers: checked, and readable by the site.
"""

import re

from modules.swagger_document import (
    JSON,
    Findings,
    Location,
    Object,
    as_object,
    member,
    nearest,
    nearest_or_none,
    shown,
)
from modules.swagger_mappings import (
    check_templates,
    is_gateway_source,
    object_or_problem,
)

GATEWAY_RESPONSES = "x-amazon-apigateway-gateway-responses"
SITE_ORIGIN = "'${site_origin}'"
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
# https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-swagger-extensions-gateway-responses.gatewayResponse.html
_PROPERTIES = ("responseParameters", "responseTemplates", "statusCode")
_TARGET = re.compile(r"gatewayresponse\.(header|querystring|path)\.\S+")
_ERROR_CODE = re.compile(r"[45][0-9]{2}")


def check_gateway_responses(document: Object, findings: Findings) -> None:
    """
    Check the gateway responses of the document against what API Gateway knows.
    """
    responses = object_or_problem(document, GATEWAY_RESPONSES, (), findings)
    for kind, value in responses.items():
        location = (GATEWAY_RESPONSES, kind)
        if kind not in _TYPES:
            findings.problem(
                location,
                f"a gateway response must be of a known type, got"
                f" {shown(kind)}{nearest(kind, _TYPES)}",
            )
        elif not isinstance(value, dict):
            findings.problem(
                location, f"a gateway response must be an object, got {shown(value)}"
            )
        else:
            _check_response(location, value, findings)
        if kind == "REQUEST_TOO_LARGE":
            findings.warning(
                location,
                "API Gateway does not customize REQUEST_TOO_LARGE yet, remove it",
            )


def _check_response(location: Location, response: Object, findings: Findings) -> None:
    for key in sorted(response.keys() - set(_PROPERTIES)):
        findings.problem(
            (*location, key),
            "a gateway response has no"
            f" {shown(key)}{nearest_or_none(key, _PROPERTIES)}",
        )
    code = response.get("statusCode", "400")
    if not _is_error_code(code):
        findings.problem(
            (*location, "statusCode"),
            "an error must keep a status from 400 to 599, got"
            f" {shown(code)}, name such a status",
        )
    check_templates(response, "responseTemplates", location, findings)
    parameters = object_or_problem(response, "responseParameters", location, findings)
    for target, source in parameters.items():
        _check_parameter((*location, "responseParameters"), target, source, findings)


def _is_error_code(code: JSON) -> bool:
    return isinstance(code, str | int) and _ERROR_CODE.fullmatch(str(code)) is not None


def _check_parameter(
    location: Location, target: str, source: JSON, findings: Findings
) -> None:
    """
    Check one header of a gateway response.

    Source: https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-swagger-extensions-gateway-responses.responseParameters.html
    """
    if not _TARGET.fullmatch(target):
        findings.problem(
            (*location, target),
            "a parameter must be to gatewayresponse.header, .querystring or .path, got"
            f" {shown(target)}, write"
            f' "gatewayresponse.header.{target.rpartition(".")[2]}"',
        )
    if not is_gateway_source(source):
        findings.problem(
            (*location, target),
            "a parameter must be from method.request., context., stageVariables. or a"
            f" constant in single quotes, got {shown(source)}",
        )


def add_gateway_responses(document: Object) -> None:
    """
    Let the site read API Gateway's own answers, above all "sign in again".
    """
    responses = as_object(document.setdefault(GATEWAY_RESPONSES, {}))
    for kind in _ADDED_TYPES:
        response = as_object(responses.setdefault(kind, {}))
        if kind in _STATUS_CODES:
            response.setdefault("statusCode", _STATUS_CODES[kind])
    for kind in responses:
        response = member(responses, kind)
        parameters = as_object(response.setdefault("responseParameters", {}))
        if _ALLOW_ORIGIN.lower() not in {key.lower() for key in parameters}:
            parameters[_ALLOW_ORIGIN] = SITE_ORIGIN
