"""
CORS: preflights, and what no answer may allow.
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


@pytest.mark.parametrize(
    ("codes", "answered"),
    [
        (("204", "404"), "204"),
        (("404", "201", "200"), "200"),
        (("200", "204"), "204"),
        (("404",), "204"),
    ],
)
def test_a_documents_own_preflight_is_answered(
    codes: tuple[str, ...], answered: str
) -> None:
    """OPTIONS without an integration never reaches the backend and keeps its words."""
    string: Parts = {"type": "string"}
    own: Parts = {
        code: {"description": f"mine {code}", "headers": {"X-Own": string}}
        for code in codes
    }
    options = operation(responses=own, summary="mine")
    names = ("Headers", "Methods", "Origin")
    declared = [*(f"Access-Control-Allow-{n}" for n in names), "Access-Control-Max-Age"]
    values = ("Authorization,Content-Type", "OPTIONS", "${site_origin}", "600")

    body = complete(document({"/things": {"options": options}})).body

    headers = dict.fromkeys(declared, string)
    response: Parts = {"description": "No content", "headers": headers}
    if answered in codes:
        mine = f"mine {answered}"
        response = {"description": mine, "headers": {"X-Own": string, **headers}}
    assert {
        "security": [],
        "summary": "mine",
        "responses": {**own, answered: response},
        _EXTENSION: {
            "type": "mock",
            "passthroughBehavior": "when_no_match",
            "contentHandling": "CONVERT_TO_TEXT",
            "requestTemplates": {"application/json": f'{{"statusCode": {answered}}}'},
            "responses": {
                "default": {
                    "statusCode": answered,
                    "responseParameters": {
                        f"method.response.header.{name}": f"'{value}'"
                        for name, value in zip(declared, values, strict=True)
                    },
                }
            },
        },
    } == at(body, "paths", "/things", "options")


def test_a_preflights_declared_header_is_used() -> None:
    """A header that the document declares in its own case is not declared twice."""
    name = "access-control-allow-origin"
    headers = {name: {"type": "string", "description": "mine"}}
    responses = {"200": {"description": "ok", "headers": headers}}
    paths = {"/things": {"options": operation(responses=responses)}}

    options = at(complete(document(paths)).body, "paths", "/things", "options")

    declared = at(options, "responses", "200", "headers")
    assert headers[name] == declared[name]
    assert "Access-Control-Allow-Origin" not in declared
    answer = at(options, _EXTENSION, "responses", "default", "responseParameters")
    assert answer[f"method.response.header.{name}"] == "'${site_origin}'"


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
