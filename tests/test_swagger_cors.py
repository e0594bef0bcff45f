"""
CORS: preflights and API Gateway's own answers.
"""

import pytest

from tests.fixtures.swagger.documents import (
    RESPONSES,
    THING_ID,
    USER,
    Parts,
    at,
    complete,
    document,
    integrated,
    integration,
    openapi,
    operation,
    problems,
)

_EXTENSION = "x-amazon-apigateway-integration"
_RESPONSES = "x-amazon-apigateway-gateway-responses"
_ORIGIN = "gatewayresponse.header.Access-Control-Allow-Origin"
_ADDED = {_ORIGIN: "'${site_origin}'"}


def _preflight(methods: str, headers: str, header_type: Parts) -> Parts:
    names = ("Headers", "Methods", "Origin")
    declared = [*(f"Access-Control-Allow-{n}" for n in names), "Access-Control-Max-Age"]
    return {
        "summary": "Answer the browser's CORS preflight",
        "security": [],
        "responses": {
            "204": {
                "description": "The origin, methods and headers that are allowed",
                "headers": dict.fromkeys(declared, header_type),
            }
        },
        _EXTENSION: {
            "type": "mock",
            "passthroughBehavior": "when_no_match",
            "contentHandling": "CONVERT_TO_TEXT",
            "requestTemplates": {"application/json": '{"statusCode": 204}'},
            "responses": {
                "default": {
                    "statusCode": "204",
                    "responseParameters": {
                        f"method.response.header.{name}": f"'{value}'"
                        for name, value in zip(
                            declared,
                            (headers, methods, "${site_origin}", "600"),
                            strict=True,
                        )
                    },
                }
            },
        },
    }


def test_a_path_answers_its_preflight() -> None:
    """Every path without OPTIONS gets one that API Gateway answers by itself."""
    paths = {"/things": {"get": operation(), "post": operation(security=USER)}}

    body = complete(document(paths)).body

    assert _preflight(
        "GET,OPTIONS,POST", "Authorization,Content-Type", {"type": "string"}
    ) == at(body, "paths", "/things", "options")


def test_a_preflight_of_openapi_declares_its_parameters() -> None:
    """A preflight declares what its path does not, and allows declared headers."""
    string: Parts = {"schema": {"type": "string"}}
    thing_id = {"name": "thingId", "in": "path", "required": True, **string}
    header = {"name": "X-Trace", "in": "header", **string}
    lower = {"name": "content-type", "in": "header", **string}
    parameters = [thing_id, header, lower]
    secured = operation(security=USER, parameters=parameters)
    paths = {"/things/{thingId}": {"x-amazon-apigateway-any-method": secured}}

    body = complete(openapi(paths)).body

    assert {
        **_preflight(
            "DELETE,GET,HEAD,OPTIONS,PATCH,POST,PUT",
            "Authorization,Content-Type,X-Trace",
            string,
        ),
        "parameters": [thing_id],
    } == at(body, "paths", "/things/{thingId}", "options")


def test_a_parameter_of_the_path_is_not_declared_twice() -> None:
    """What the path declares holds for the preflight too."""
    item = {"parameters": [THING_ID], "get": operation()}

    body = complete(document({"/things/{thingId}": item})).body

    assert "parameters" not in at(body, "paths", "/things/{thingId}", "options")


def test_a_documents_own_preflight_is_kept() -> None:
    """A document that answers OPTIONS itself keeps its answer."""
    options = operation(**{_EXTENSION: {"type": "mock"}})

    body = complete(document({"/things": {"options": options}})).body

    assert options == at(body, "paths", "/things", "options")


def test_gateway_responses_are_readable_by_the_site() -> None:
    """API Gateway's own answers carry the site's origin."""
    assert {
        "DEFAULT_4XX": {"responseParameters": _ADDED},
        "DEFAULT_5XX": {"responseParameters": _ADDED},
        "UNAUTHORIZED": {"statusCode": "401", "responseParameters": _ADDED},
        "ACCESS_DENIED": {"statusCode": "403", "responseParameters": _ADDED},
    } == complete(document()).body[_RESPONSES]


def test_a_documents_own_gateway_responses_are_kept() -> None:
    """What a gateway response says stays, and only the origin is added."""
    own = "gatewayresponse.header.access-control-allow-origin"
    challenge = {"gatewayresponse.header.WWW-Authenticate": "'Bearer'"}
    responses: Parts = {
        "UNAUTHORIZED": {"statusCode": 418, "responseParameters": challenge},
        "THROTTLED": {"responseTemplates": {"application/json": "{}"}},
        "DEFAULT_4XX": {"responseParameters": {own: "'https://a.example'"}},
    }

    body = complete(document(**{_RESPONSES: responses})).body

    assert {
        "UNAUTHORIZED": {
            "statusCode": 418,
            "responseParameters": {**challenge, **_ADDED},
        },
        "THROTTLED": {
            "responseTemplates": {"application/json": "{}"},
            "responseParameters": _ADDED,
        },
        "DEFAULT_4XX": {"responseParameters": {own: "'https://a.example'"}},
        "DEFAULT_5XX": {"responseParameters": _ADDED},
        "ACCESS_DENIED": {"statusCode": "403", "responseParameters": _ADDED},
    } == body[_RESPONSES]


@pytest.mark.parametrize(
    ("responses", "problem"),
    [
        (
            {"UNAUTHORISED": {}},
            (
                "UNAUTHORISED: a gateway response must be of a known type, got"
                " 'UNAUTHORISED', did you mean 'UNAUTHORIZED'"
            ),
        ),
        (
            {"THROTTLED": None},
            "THROTTLED: a gateway response must be an object, got None",
        ),
        (
            {
                "THROTTLED": {
                    "responseParameters": {
                        _ORIGIN: "'*'",
                        "gatewayresponse.header.Access-Control-Allow-Credentials": (
                            "'true'"
                        ),
                    }
                }
            },
            (
                "THROTTLED/responseParameters: any origin must not be allowed with"
                " credentials, got '*', name the origin or drop the credentials"
            ),
        ),
        (
            {
                "THROTTLED": {
                    "responseParameters": {
                        _ORIGIN: "method.request.header.Origin",
                        "gatewayresponse.header.Access-Control-Allow-Credentials": (
                            "'true'"
                        ),
                    }
                }
            },
            (
                "THROTTLED/responseParameters: any origin must not be allowed with"
                " credentials, got 'method.request.header.Origin', name the origin"
                " or drop"
                " the credentials"
            ),
        ),
    ],
)
def test_fails_when_a_gateway_response_is_unsound(
    responses: Parts, problem: str
) -> None:
    """Gateway responses are of API Gateway's types and don't open everything."""
    assert [f"api: #/{_RESPONSES}/{problem}"] == problems(
        document(**{_RESPONSES: responses})
    )


def test_a_gateway_response_without_effect_is_said() -> None:
    """API Gateway does not customize one of its answers."""
    assert complete(
        document(**{_RESPONSES: {"REQUEST_TOO_LARGE": Parts()}})
    ).warnings == (
        (
            f"api: #/{_RESPONSES}/REQUEST_TOO_LARGE: API Gateway does not customize"
            " REQUEST_TOO_LARGE yet, remove it"
        ),
    )


def test_fails_when_a_preflight_allows_any_origin_with_credentials() -> None:
    """A document's own CORS headers don't open everything either."""
    names = ("Access-Control-Allow-Origin", "Access-Control-Allow-Credentials")
    headers = {name: {"type": "string"} for name in names}
    mapped = {
        f"method.response.header.{name}": value
        for name, value in zip(names, ("'*'", "'true'"), strict=True)
    }
    response = {"statusCode": "200", "responseParameters": mapped}
    definition = integration(type="http", responses={"default": response})
    responses = {"200": {"description": "ok", "headers": headers}}

    assert [
        (
            "api:"
            f" #/paths/~1things/get/{_EXTENSION}/responses/default/responseParameters:"
            " any origin must not be allowed with credentials, got '*', name the"
            " origin or"
            " drop the credentials"
        )
    ] == problems(integrated(definition, responses=responses))


def test_the_star_without_credentials_is_kept() -> None:
    """A document may let every origin read what needs no credentials."""
    headers = {"Access-Control-Allow-Origin": {"type": "string"}}
    mapped = {"method.response.header.Access-Control-Allow-Origin": "'*'"}
    response = {"statusCode": "200", "responseParameters": mapped}
    definition = {"type": "mock", "responses": {"200": response}}
    responses = {"200": {**at(RESPONSES, "200"), "headers": headers}}

    assert complete(integrated(definition, responses=responses)).warnings == ()
