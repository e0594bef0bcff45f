"""
References: each leads to a value of the kind that its place needs.
"""

import pytest

from tests.fixtures.swagger.documents import (
    RESPONSES,
    Parts,
    complete,
    document,
    openapi,
    operation,
    problems,
)

_GET = "api: #/paths/~1things/get"
_QUERY: Parts = {"name": "a", "in": "query", "type": "string"}
_SHARED: Parts = {
    "definitions": {"S": {"type": "object"}},
    "parameters": {"P": _QUERY},
    "responses": {"R": {"description": "ok"}},
    "x-own": {"P": _QUERY, "R": {"description": "ok"}, "N": 5},
}


def _refer(target: str) -> Parts:
    return {"$ref": f"#/{target}"}


def _with_get(**members: object) -> Parts:
    return document({"/things": {"get": operation(**members)}}, **_SHARED)


def _said(needed: str, target: str, found: str) -> str:
    return (
        f"$ref: a $ref here must lead to {needed}, got '#/{target}', which is {found},"
        " refer to one"
    )


@pytest.mark.parametrize(
    ("target", "found"),
    [
        ("definitions/S", "a schema"),
        ("parameters/P", "a parameter"),
        ("x-own/P", "another value"),
        ("x-own/N", "another value"),
    ],
)
def test_fails_when_a_response_refers_to_another_kind(target: str, found: str) -> None:
    """A response is a response, one clear line where it is none."""
    assert [f"{_GET}/responses/200/{_said('a response', target, found)}"] == problems(
        _with_get(responses={"200": _refer(target)})
    )


@pytest.mark.parametrize(
    ("target", "found"),
    [
        ("definitions/S", "a schema"),
        ("responses/R", "a response"),
        ("x-own/R", "another value"),
    ],
)
def test_fails_when_a_parameter_refers_to_another_kind(target: str, found: str) -> None:
    """A parameter is a parameter, and no inner error of the validator is shown."""
    assert [f"{_GET}/parameters/0/{_said('a parameter', target, found)}"] == problems(
        _with_get(parameters=[_refer(target)])
    )


@pytest.mark.parametrize(
    ("target", "found"),
    [("parameters/P", "a parameter"), ("responses/R", "a response")],
)
def test_fails_when_a_schema_refers_to_another_kind(target: str, found: str) -> None:
    """A schema is a schema, at every depth."""
    schema = {"type": "array", "items": _refer(target)}
    responses = {"200": {"description": "ok", "schema": schema}}

    assert [
        f"{_GET}/responses/200/schema/items/{_said('a schema', target, found)}"
    ] == problems(_with_get(responses=responses))


def test_fails_when_a_response_of_openapi_refers_to_a_schema() -> None:
    """The components of OpenAPI have the same kinds."""
    paths = {
        "/things": {"get": operation(responses={"200": _refer("components/schemas/S")})}
    }
    components = {"schemas": {"S": {"type": "object"}}}

    assert [
        f"{_GET}/responses/200/"
        + _said("a response", "components/schemas/S", "a schema")
    ] == problems(openapi(paths, components=components))


@pytest.mark.parametrize(
    "members",
    [
        {"parameters": [_refer("parameters/P")]},
        {"parameters": [_refer("x-own/P")]},
        {"responses": {"200": _refer("responses/R")}},
        {"responses": {"200": _refer("x-own/R")}},
        {"responses": {**RESPONSES, "404": _refer("paths/~1things/get/responses/200")}},
    ],
)
def test_a_reference_to_the_same_kind_is_followed(members: Parts) -> None:
    """What has the kind that is needed may stand anywhere in the document."""
    assert [] == problems(_with_get(**members))


def test_a_reference_into_a_schema_is_one_to_a_schema() -> None:
    """Parts of schemas are schemas."""
    schema = _refer("definitions/T/properties/a")
    models: Parts = {"T": {"type": "object", "properties": {"a": {"type": "object"}}}}
    responses = {"200": {"description": "ok", "schema": schema}}
    paths = {"/things": {"get": operation(responses=responses)}}

    assert complete(document(paths, definitions=models)).warnings == ()
