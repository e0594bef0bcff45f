"""
The checks of single values.
"""

import pytest

from rehearsal.validation.api_document import ApiDocument
from rehearsal.validation.arns import Arn, fault_of_form
from rehearsal.validation.checks import Between, Check, JsonText, Length, Matches


@pytest.mark.parametrize(
    ("check", "value", "summary"),
    [
        (
            Length(2, 3),
            "abcd",
            "expected length of x to be in the range (2 - 3), got abcd",
        ),
        (Length(2, 3), "a", "expected length of x to be in the range (2 - 3), got a"),
        (Between(least=5), 3, "expected x to be at least (5), got 3"),
        (Between(most=5), 7, "expected x to be at most (5), got 7"),
        (Between(1, 5), 0.5, "expected x to be in the range (1 - 5), got 0.5"),
        (Between(1, 5), "9", "expected x to be in the range (1 - 5), got 9"),
        (Matches("a+", "must be a"), "ab", "invalid value for x (must be a), got ab"),
        (
            JsonText("policy"),
            "nope",
            '"x" contains an invalid JSON policy: not a JSON object',
        ),
        (
            JsonText("policy"),
            '{"a":1,"a":2}',
            '"x" contains duplicate JSON keys: duplicate key "a"',
        ),
        (
            JsonText("policy"),
            "",
            '"x" is an empty string, which is not a valid JSON value',
        ),
        (
            JsonText("json"),
            "{",
            (
                '"x" contains an invalid JSON: Expecting property name enclosed in '
                "double quotes at line 1, column 2"
            ),
        ),
        (JsonText("json"), "NaN", None),
        (ApiDocument(), "a: b\n", '"x" has neither swagger nor openapi, got a: b\n'),
        (
            ApiDocument(),
            '{"a": 1}',
            '"x" has neither swagger nor openapi, got {"a": 1}',
        ),
        (
            Arn(("iam",), "role/.+", "an IAM role"),
            "arn:aws:s3:::x",
            '"x" (arn:aws:s3:::x) must be the ARN of an IAM role, not of service s3',
        ),
        (
            Arn(("iam",), "role/.+", "a role"),
            "arn:aws:iam::123456789012:user/x",
            (
                '"x" (arn:aws:iam::123456789012:user/x) must be the ARN of a role, '
                "not of user/x"
            ),
        ),
    ],
)
def test_wrong_value_is_explained(
    check: Check, value: object, summary: str | None
) -> None:
    """Sentences are the provider's own."""
    assert not check.allows(value)
    assert summary is None or summary == check.explain("x", value)


@pytest.mark.parametrize(
    ("check", "value"),
    [
        (Length(1, 3), "äöü"),
        (Length(2, 3), "ä"),
        (Between(1, 5), ""),
        (Between(1, 5), "5"),
        (JsonText("json"), ""),
        (JsonText("json"), "[]"),
        (JsonText("json_or_yaml"), "a: b"),
        (JsonText("policy"), ' {"a": 1}'),
        (ApiDocument(), "openapi: 3.0.1\n"),
        (ApiDocument(), '{"swagger": "2.0"}'),
        (Arn(), ""),
    ],
)
def test_right_value_is_allowed(check: Check, value: object) -> None:
    """In doubt a value is allowed."""
    assert check.allows(value)


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("arn", "arn: invalid prefix"),
        ("arn:aws:s3", "arn: not enough sections"),
        ("arn::s3:::x", "missing partition value"),
        ("arn:aws:s3:::", "missing resource value"),
        (
            "arn:foo:s3:::x",
            (
                "invalid partition value (expecting to match regular expression: "
                "^(aws(-[a-z]+)*)$)"
            ),
        ),
        ("arn:aws:s3:::x", None),
        ("arn:aws-us-gov:iam::aws:policy/x", None),
        ("arn:aws:lambda:eusc-de-east-1:123456789012:function:x:1", None),
    ],
)
def test_form_of_arns_is_the_providers(text: str, fault: str | None) -> None:
    """Partition, region and account have their forms; service and region may miss."""
    assert fault == fault_of_form(text)
