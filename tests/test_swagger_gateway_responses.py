"""
API Gateway's own answers.
"""

from dataclasses import replace

import pytest

from modules.swagger_document import shown
from tests.fixtures.swagger.documents import (
    OPTIONS,
    Parts,
    at,
    complete,
    document,
    problems,
)

_RESPONSES = "x-amazon-apigateway-gateway-responses"
_PREFIX = "gatewayresponse.header."
_ORIGIN = f"{_PREFIX}Access-Control-Allow-Origin"
_ADDED = {_ORIGIN: "'${site_origin}'"}


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
            "THROTTLED: a gateway response must be an object, got null",
        ),
        *[
            (
                {"UNAUTHORIZED": {"statusCode": code}},
                (
                    "UNAUTHORIZED/statusCode: an error must keep a status from 400 to"
                    f" 599, got {shown(code)}, name such a status"
                ),
            )
            for code in ("200", 200, "399", 600, "abc", None, True)
        ],
        (
            {"DEFAULT_4XX": {"statuscode": "400"}},
            (
                "DEFAULT_4XX/statuscode: a gateway response has no 'statuscode', did"
                " you mean 'statusCode', rename it"
            ),
        ),
        (
            {"DEFAULT_4XX": {"responseTemplates": 5}},
            (
                "DEFAULT_4XX/responseTemplates: responseTemplates must be an object,"
                " got 5"
            ),
        ),
        (
            {"DEFAULT_4XX": {"responseTemplates": {"a/b": {}}}},
            (
                "DEFAULT_4XX/responseTemplates/a~1b: a mapping template must be text,"
                " got {}, quote it"
            ),
        ),
        (
            {"DEFAULT_4XX": {"responseParameters": []}},
            (
                "DEFAULT_4XX/responseParameters: responseParameters must be an object,"
                " got []"
            ),
        ),
        (
            {"DEFAULT_4XX": {"responseParameters": {"method.X": "'a'"}}},
            (
                "DEFAULT_4XX/responseParameters/method.X: a parameter must be to"
                " gatewayresponse.header, .querystring or .path, got 'method.X', write"
                ' "gatewayresponse.header.X"'
            ),
        ),
        *[
            (
                {"DEFAULT_4XX": {"responseParameters": {f"{_PREFIX}X": value}}},
                (
                    f"DEFAULT_4XX/responseParameters/{_PREFIX}X: a parameter must be"
                    " from method.request., context., stageVariables. or a constant in"
                    f" single quotes, got {shown(value)}"
                ),
            )
            for value in ("abc", "'abc", 5, "method.request.body", None)
        ],
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


@pytest.mark.parametrize("value", [[], None, "DEFAULT_4XX"])
def test_fails_when_gateway_responses_are_no_object(value: object) -> None:
    """Gateway responses stand by their types."""
    assert [
        f"api: #/{_RESPONSES}: {_RESPONSES} must be an object, got {shown(value)}"
    ] == (problems(document(**{_RESPONSES: value})))


def test_sound_gateway_responses_are_kept() -> None:
    """A response may say what AWS's examples say."""
    response = {
        "statusCode": "456",
        "responseParameters": {
            **_ADDED,
            f"{_PREFIX}a": "'constant'",
            f"{_PREFIX}b": "method.request.header.api-key",
            "gatewayresponse.path.c": "method.request.path.petId",
            "gatewayresponse.querystring.d": "method.request.multivaluequerystring.q",
            f"{_PREFIX}e": "context.requestId",
            f"{_PREFIX}f": "stageVariables.v",
        },
        "responseTemplates": {"application/json": "{}"},
    }
    options = replace(OPTIONS, stage_variables=("v",))

    body = complete(document(**{_RESPONSES: {"THROTTLED": response}}), options).body

    assert response == at(body, _RESPONSES, "THROTTLED")


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
