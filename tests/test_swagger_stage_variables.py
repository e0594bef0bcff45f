"""
Stage variables: each has a value, and each value a use.
"""

from dataclasses import replace

import pytest

from tests.fixtures.swagger.documents import (
    OPTIONS,
    Parts,
    complete,
    document,
    integrated,
    integration,
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
            "api: #: the stage variable 'link' is used nowhere, remove it from"
            " api.stage_variables or write ${stageVariables.link}"
        ),
    )
