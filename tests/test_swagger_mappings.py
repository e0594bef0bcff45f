"""
Mappings: from a request to the backend, and from its answer to the caller.
"""

import pytest

from tests.fixtures.swagger.documents import (
    THING_ID,
    Parts,
    complete,
    document,
    integrated,
    integration,
    operation,
    problems,
)

_EXTENSION = "x-amazon-apigateway-integration"
_PLACE = f"api: #/paths/~1things/get/{_EXTENSION}"
_TARGET = "integration.request.header.a"
_SOURCES = (
    "a mapping must be from method.request., context., stageVariables. or a constant in"
    " single quotes, got "
)
_ANSWERS = (
    "a mapping must be from integration.response., context., stageVariables. or a"
    " constant in single quotes, got "
)


@pytest.mark.parametrize(
    ("source", "got"),
    [
        ("foo.bar", "'foo.bar', write \"'foo.bar'\" for a constant"),
        ("abc", "'abc', write \"'abc'\" for a constant"),
        (5, "5, write \"'5'\" for a constant"),
        ("'abc", '"\'abc"'),
        (None, "null"),
        ("method.request.cookie.a", "'method.request.cookie.a', write "),
    ],
)
def test_fails_when_a_mapping_has_no_source(source: object, got: str) -> None:
    """A mapping is from something that API Gateway knows."""
    definition = integration(requestParameters={_TARGET: source})

    (problem,) = problems(integrated(definition))

    assert problem.startswith(f"{_PLACE}/requestParameters/{_TARGET}: {_SOURCES}{got}")


@pytest.mark.parametrize(
    "source",
    [
        "'abc'",
        "''",
        "context.requestId",
        "method.request.body",
        "method.request.body.a",
    ],
)
def test_a_sound_source_is_kept(source: str) -> None:
    """Constants, context variables and the body may be mapped."""
    definition = integration(requestParameters={_TARGET: source})

    assert [] == problems(integrated(definition))


@pytest.mark.parametrize(
    ("members", "problem"),
    [
        (
            {"requestParameters": []},
            "requestParameters: requestParameters must be an object, got []",
        ),
        (
            {"requestTemplates": {"application/json": 5}},
            (
                "requestTemplates/application~1json: a mapping template must be text,"
                " got 5, quote it"
            ),
        ),
        (
            {"requestTemplates": "{}"},
            "requestTemplates: requestTemplates must be an object, got '{}'",
        ),
        ({"responses": 5}, "responses: responses must be an object, got 5"),
        (
            {"responses": {"default": 5}},
            "responses/default: default must be an object, got 5",
        ),
        (
            {"responses": {"default": {"statusCode": "200", "responseTemplates": 5}}},
            (
                "responses/default/responseTemplates: responseTemplates must be an"
                " object, got 5"
            ),
        ),
    ],
)
def test_fails_when_mappings_are_of_another_kind(members: Parts, problem: str) -> None:
    """Mappings and templates are texts by their names."""
    assert [f"{_PLACE}/{problem}"] == problems(integrated(integration(**members)))


@pytest.mark.parametrize(
    ("source", "got"),
    [("abc", "'abc', write \"'abc'\" for a constant"), (None, "null")],
)
def test_fails_when_an_answers_header_has_no_source(source: object, got: str) -> None:
    """A header is from the backend's answer, or a constant."""
    header = "method.response.header.X"
    response = {"statusCode": "200", "responseParameters": {header: source}}
    definition = integration(type="http", responses={"default": response})
    declared: Parts = {"X": {"type": "string"}}
    responses = {"200": {"description": "ok", "headers": declared}}

    assert [
        f"{_PLACE}/responses/default/responseParameters/{header}: {_ANSWERS}{got}"
    ] == problems(integrated(definition, responses=responses))


def _thing(definition: Parts) -> Parts:
    get = operation(parameters=[THING_ID], **{_EXTENSION: definition})
    return document({"/things/{thingId}": {"get": get}})


_MAPPED = "method.request.path.thingId"


@pytest.mark.parametrize(
    "definition",
    [
        integration(),
        integration(requestParameters={"integration.request.path.other": _MAPPED}),
        integration(requestParameters={"integration.request.path.thingId": _MAPPED}),
    ],
)
def test_a_dropped_path_parameter_is_said(definition: Parts) -> None:
    """What a caller writes into the path is not passed over in silence."""
    assert complete(_thing(definition)).warnings == (
        (
            f"api: #/paths/~1things~1{{thingId}}/get/{_EXTENSION}/uri: GET"
            " /things/{thingId} declares the path parameter 'thingId' and its uri does"
            " not use it, so the backend never sees it, put {thingId} into the uri and"
            " map it"
        ),
    )


@pytest.mark.parametrize(
    "definition",
    [
        integration(
            uri="http://${nlb_dns_name}/{id}",
            requestParameters={"integration.request.path.id": _MAPPED},
        ),
        integration(requestParameters={"integration.request.header.id": _MAPPED}),
        integration(type="http", requestTemplates={"a/b": "$input.params('thingId')"}),
        {"type": "mock"},
    ],
)
def test_a_used_path_parameter_needs_no_word(definition: Parts) -> None:
    """A parameter may reach the backend by another name or way."""
    assert complete(_thing(definition)).warnings == ()
