"""
Placeholders: their spellings, and what takes their place.
"""

from dataclasses import replace

import pytest

from modules.errors import ConfigError
from modules.swagger import placeholders_in, substitute
from modules.swagger_document import Object
from tests.fixtures.swagger.documents import (
    OPTIONS,
    Parts,
    complete,
    document,
    integrated,
    integration,
    problems,
)

_KNOWN = (
    "${account_id}, ${nlb_dns_name}, ${region}, ${site_origin}, ${user_pool_arn},"
    " ${user_pool_id}, ${vpc_link_id} or ${stageVariables.name}"
)


@pytest.mark.parametrize(
    ("spelling", "canonical"),
    [
        ("REPLACE_ME_REGION", "${region}"),
        ("replace_me_region", "${region}"),
        ("REPLACE_ME_ACCOUNT_ID", "${account_id}"),
        ("Replace_Me_Cognito_User_Pool_Id", "${user_pool_id}"),
        ("REPLACE_ME_VPC_LINK_ID", "${vpc_link_id}"),
        ("REPLACE_ME_NLB_DNS", "${nlb_dns_name}"),
        ("${site_origin}", "${site_origin}"),
        ("${REGION}", "${region}"),
        ("a${Account_Id}b", "a${account_id}b"),
        ("${stageVariables.backend}", "${stageVariables.backend}"),
        ("a REPLACE_ME_REGION-${region}:b", "a ${region}-${region}:b"),
        ("$region $stageVariables.x {region}", "$region $stageVariables.x {region}"),
    ],
)
def test_placeholders_are_spelled_alike(spelling: str, canonical: str) -> None:
    """Older spellings become canonical ones; API Gateway's own stay."""
    info = {"title": "Things", "version": "1", "description": spelling}
    options = replace(OPTIONS, stage_variables=("backend",))

    body = complete(document(info=info), options).body

    assert {**info, "description": canonical} == body["info"]


@pytest.mark.parametrize(
    ("text", "got"),
    [
        ("${my_region}", "'${my_region}', did you mean '${region}'"),
        ("$${REGION}", "'$${REGION}', did you mean '${region}'"),
        ("${STAGEVARIABLES.x}", "'${STAGEVARIABLES.x}'"),
        ("${ region }", "'${ region }', did you mean '${region}'"),
        ("${", "'${'"),
        ("$${region}", "'$${region}', did you mean '${region}'"),
        ("${stageVariables.}", "'${stageVariables.}'"),
        ("${aws_lb.this.arn}", "'${aws_lb.this.arn}'"),
        ("REPLACE_ME", "'REPLACE_ME'"),
        ("REPLACE_ME_POOL", "'REPLACE_ME_POOL'"),
    ],
)
def test_fails_when_a_placeholder_is_unknown(text: str, got: str) -> None:
    """Whatever Terraform would take for an expression is an error."""
    info = {"title": "Things", "version": "1", "description": text}

    assert [
        f"api: #/info/description: a placeholder must be one of {_KNOWN}, got {got}"
    ] == problems(document(info=info))


def test_fails_when_a_key_holds_a_placeholder() -> None:
    """Keys are not substituted."""
    paths: Parts = {"/${region}": {}}

    assert (
        "api: #/paths/~1${region}: a key must not hold a placeholder, write it out"
        in problems(document(paths))
    )


def test_placeholders_are_replaced_everywhere() -> None:
    """Each use is replaced, and API Gateway's stage variables are not."""
    body: Object = {
        "a": ["${region}", {"b": "x${region}y${account_id}"}],
        "c": "${stageVariables.x}",
        "d": 1,
    }

    assert {
        "a": ["eu-west-1", {"b": "xeu-west-1y${TfToken[TOKEN.12]}"}],
        "c": "${stageVariables.x}",
        "d": 1,
    } == substitute(body, {"region": "eu-west-1", "account_id": "${TfToken[TOKEN.12]}"})


def test_replaced_text_is_not_looked_through() -> None:
    """A value that looks like a placeholder stays as it is."""
    values = {"region": "${account_id}", "account_id": "1"}

    assert {"a": "${account_id}"} == substitute({"a": "${region}"}, values)


def test_fails_when_a_placeholder_has_no_value() -> None:
    """Every placeholder without a value is named."""
    with pytest.raises(ConfigError) as caught:
        substitute({"a": "${region}${account_id}"}, {})

    assert caught.value.problems == (
        (
            "the API document uses ${account_id}, which has no value here, give one or"
            " remove it from the document"
        ),
        (
            "the API document uses ${region}, which has no value here, give one or"
            " remove"
            " it from the document"
        ),
    )


def test_a_body_names_its_placeholders() -> None:
    """The placeholders in use are known without replacing them."""
    stage = integration(connectionId="${stageVariables.link}")

    assert {"nlb_dns_name", "site_origin", "user_pool_arn"} == placeholders_in(
        complete(integrated(stage), replace(OPTIONS, stage_variables=("link",))).body
    )
