"""
API Gateway's extensions: what they may say.
"""

import pytest

from modules.swagger_document import shown
from tests.fixtures.swagger.documents import (
    Parts,
    complete,
    document,
    operation,
    problems,
)

_PREFIX = "x-amazon-apigateway-"
_BINARY = f"{_PREFIX}binary-media-types"
_COMPRESSION = f"{_PREFIX}minimum-compression-size"
_ENDPOINT = f"{_PREFIX}endpoint-configuration"
_POLICY = f"{_PREFIX}policy"
_VALIDATORS = f"{_PREFIX}request-validators"
_LIST: list[Parts] = []
_ALLOWED: Parts = {"Version": "2012-10-17", "Statement": list[Parts]()}


@pytest.mark.parametrize(
    "entry",
    [
        'a/b", file("/etc/passwd"), "',
        "%{ if true }image/png%{ endif }",
        "a/b\nc",
        "/",
        "a/",
        "a/b/c",
        "ä/b",
        "image/png; charset=utf-8",
        5,
    ],
)
def test_fails_when_a_binary_media_type_is_none(entry: object) -> None:
    """What reaches Terraform as a media type is one."""
    assert [
        (
            f"api: #/{_BINARY}/1: a binary media type must be such as image/png or"
            f" */*, got {shown(entry)}"
        )
    ] == problems(document(**{_BINARY: ["image/png", entry]}))


def test_sound_binary_media_types_are_kept() -> None:
    """Stars and vendors' types are media types."""
    types = ["*/*", "image/png", "application/vnd.x+json"]

    assert types == complete(document(**{_BINARY: types})).body[_BINARY]


@pytest.mark.parametrize(
    ("member", "value", "problem"),
    [
        *[
            (
                _POLICY,
                value,
                (
                    ": a resource policy must be an object, or one as JSON text, got"
                    f" {shown(value)}"
                ),
            )
            for value in ("x", _LIST, None, "[]", 5)
        ],
        *[
            (
                _COMPRESSION,
                value,
                (
                    ": a size in bytes must be an integer from 0 to 10485760, got"
                    f" {shown(value)}"
                ),
            )
            for value in ("big", -1, 10_485_761, 1.5, True, None)
        ],
        (_VALIDATORS, [], f": {_VALIDATORS} must be an object, got []"),
        (_VALIDATORS, {"all": 5}, "/all: all must be an object, got 5"),
        (
            _VALIDATORS,
            {"all": {"validateBody": True}},
            (
                "/all/validateBody: a request validator has no 'validateBody', did you"
                " mean 'validateRequestBody', rename it"
            ),
        ),
        (
            _VALIDATORS,
            {"all": {"validateRequestParameters": "yes"}},
            (
                "/all/validateRequestParameters: validateRequestParameters must be true"
                " or false, got 'yes'"
            ),
        ),
    ],
)
def test_fails_when_a_member_is_unsound(
    member: str, value: object, problem: str
) -> None:
    """What API Gateway would refuse of the document's own settings is said here."""
    assert [f"api: #/{member}{problem}"] == problems(document(**{member: value}))


@pytest.mark.parametrize(
    ("member", "value"),
    [
        (_POLICY, _ALLOWED),
        (_POLICY, '{"Version": "2012-10-17", "Statement": []}'),
        (_COMPRESSION, 0),
        (_COMPRESSION, 10_485_760),
        (
            _VALIDATORS,
            {"all": {"validateRequestBody": True, "validateRequestParameters": False}},
        ),
    ],
)
def test_a_sound_member_is_kept(member: str, value: object) -> None:
    """What API Gateway takes stays without a word."""
    completed = complete(document(**{member: value}))

    assert completed.body[member] == value
    assert completed.warnings == ()


@pytest.mark.parametrize("value", [{"types": ["PRIVATE"]}, {}, 5])
def test_the_endpoint_is_taken_out(value: object) -> None:
    """The environment's settings decide the endpoint, and nobody else."""
    completed = complete(document(**{_ENDPOINT: value}))

    assert _ENDPOINT not in completed.body
    assert completed.warnings == (
        (
            f"api: #/{_ENDPOINT}: the environment's settings decide the endpoint, it"
            " was taken out"
        ),
    )


def test_fails_when_an_integration_is_misplaced() -> None:
    """An extension belongs where API Gateway reads it."""
    extension = f"{_PREFIX}integration"
    parts = document({"/things": {"get": operation()}}, **{extension: Parts()})

    assert [
        (
            f"api: #/{extension}: {extension} belongs to an operation, got it"
            " elsewhere, move it"
        )
    ] == problems(parts)
