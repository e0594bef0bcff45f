"""
Problems and warnings: one line each, printable, and of a readable length.
"""

import pytest

from modules.swagger_document import printable
from tests.fixtures.swagger.documents import (
    Parts,
    document,
    integrated,
    integration,
    operation,
    problems,
)

_EXTENSION = "x-amazon-apigateway-integration"
_PLACE = f"api: #/paths/~1things/get/{_EXTENSION}"
_GATEWAY = "x-amazon-apigateway-gateway-responses"
_LONG = "x" * 5000
_LINE = 1000


def _mapped(source: object) -> Parts:
    return integrated(
        integration(requestParameters={"integration.request.header.a": source})
    )


def _answered(code: object) -> Parts:
    return integrated(integration(responses={"default": {"statusCode": code}}))


@pytest.mark.parametrize(
    "parts",
    [
        *[_mapped(source) for source in ("a\nb", "a\u2028b", "a\x1b[31m", _LONG)],
        *[_answered(code) for code in ({"a": _LONG}, _LONG, "a\nb", [_LONG])],
        document(**{_GATEWAY: {"UNAUTHORIZED": {"statusCode": {"a": _LONG}}}}),
        integrated(integration(type=_LONG)),
        integrated(integration(uri=f"http://{_LONG}{{/")),
        document(
            {"/things": {"get": operation(security=[{_LONG: list[str]()}])}},
        ),
        document({"/things": {"get": operation(summary="${" + _LONG + "}")}}),
    ],
)
def test_a_problem_is_one_readable_line(parts: Parts) -> None:
    """Whatever the document holds, a problem is a printable line of some words."""
    found = problems(parts)

    assert found
    assert [printable(line) for line in found] == found
    assert [] == [line for line in found if len(line) > _LINE]


@pytest.mark.parametrize("uri", [{"a": "{x}"}, ["{x}"], 5, None])
def test_a_uri_that_is_no_text_is_one_problem(uri: object) -> None:
    """What is no text has no variables to map."""
    (problem,) = problems(integrated(integration(uri=uri)))

    assert problem.startswith(f"{_PLACE}/uri: an HTTP integration needs ")


@pytest.mark.parametrize(
    ("spelling", "remedy"),
    [
        ("${context.requestId}", "$context.requestId"),
        ("${input.body}", "$input.body"),
        ("${stageVariables['x']}", "$stageVariables['x']"),
    ],
)
def test_fails_when_a_template_writes_braces(spelling: str, remedy: str) -> None:
    """A template's reference has no braces, which Terraform would read."""
    template = {"requestTemplates": {"application/json": f"{{{spelling}}}"}}

    (problem,) = problems(integrated(integration(**template)))

    assert problem.startswith(f"{_PLACE}/requestTemplates/application~1json: ")
    assert problem.endswith(f", write {remedy}")
