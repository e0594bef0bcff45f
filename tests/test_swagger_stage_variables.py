"""
Stage variables: each has a value, and each value a use.
"""

from dataclasses import replace

import pytest

from tests.fixtures.swagger.documents import (
    OPTIONS,
    Parts,
    at,
    complete,
    document,
    integrated,
    integration,
    operation,
    problems,
)

_EXTENSION = "x-amazon-apigateway-integration"
_HEADER = "integration.request.header.a"
_PLACE = f"api: #/paths/~1things/get/{_EXTENSION}"


@pytest.mark.parametrize(
    ("members", "pointer"),
    [
        ({"connectionId": "${stageVariables.lnk}"}, "/connectionId"),
        (
            {
                "requestParameters": {
                    "integration.request.header.a": "stageVariables.lnk"
                }
            },
            f"/requestParameters/{_HEADER}",
        ),
    ],
)
def test_fails_when_a_stage_variable_has_no_value(members: Parts, pointer: str) -> None:
    """A variable that the settings don't define would be empty at AWS."""
    used = {"requestTemplates": {"a/b": "$stageVariables['link']"}}
    options = replace(OPTIONS, stage_variables=("link",))

    assert [
        (
            f"{_PLACE}{pointer}: a stage variable must have a value in"
            " api.stage_variables, got none for 'lnk', did you mean 'link', add it"
            " there"
        )
    ] == problems(integrated(integration(**used, **members)), options)


@pytest.mark.parametrize(
    "members",
    [
        {"connectionId": "${stageVariables.link}"},
        {"requestParameters": {_HEADER: "stageVariables.link"}},
        {"requestTemplates": {"a/b": "$stageVariables.link"}},
        {"requestTemplates": {"a/b": "$stageVariables['link']"}},
        {"requestTemplates": {"a/b": '$stageVariables.get("link")'}},
    ],
)
def test_a_stage_variable_may_be_used_in_every_way(members: Parts) -> None:
    """A variable with a value and a use needs no word."""
    options = replace(OPTIONS, stage_variables=("link",))

    assert complete(integrated(integration(**members)), options).warnings == ()


def test_a_stage_variable_without_a_use_is_said() -> None:
    """A value that nothing reads is likely a slip of the pen."""
    options = replace(OPTIONS, stage_variables=("link",))

    assert complete(document(), options).warnings == (
        (
            "api: api.stage_variables: the document uses 'link' nowhere, remove it"
            " from the settings or write ${stageVariables.link} in the document"
        ),
    )


def test_a_stage_variable_in_prose_is_text() -> None:
    """API Gateway replaces nothing in descriptions, which are neither use nor error."""
    prose = "goes to ${stageVariables.link}"
    info = {"title": "Things", "version": "1", "description": prose}
    get = operation(summary=prose, responses={"200": {"description": prose}})
    parts = document({"/things": {"get": get}}, info=info)

    assert () == complete(parts).warnings
    options = replace(OPTIONS, stage_variables=("link",))
    assert len(complete(parts, options).warnings) == 1
    assert prose == at(complete(parts).body, "info")["description"]


def test_fails_when_a_gateway_response_uses_an_undefined_variable() -> None:
    """Gateway responses read stage variables like integrations."""
    headers = {"gatewayresponse.header.X": "stageVariables.lnk"}
    responses = {"THROTTLED": {"responseParameters": headers}}
    parts = document(**{"x-amazon-apigateway-gateway-responses": responses})

    (problem,) = problems(parts)

    assert "a stage variable must have a value in api.stage_variables" in problem
