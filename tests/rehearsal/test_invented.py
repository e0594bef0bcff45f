"""
The values that AWS would choose.
"""

import re

import pytest

from rehearsal.provider.invented import Inventor, Place
from rehearsal.resource_types.values import Block, Unknown, is_known
from tests.rehearsal.provider_types import AROUND, config, planner, resource, source

PLACE = Place("123456789012", "eu-west-1")


def create(type_name: str, /, repeated: int = 0, **values: object) -> Block:
    """
    Return the state of a new resource.
    """
    planned = planner(type_name).create(config(type_name, **values), AROUND).planned
    inventor = Inventor(resource(type_name))
    return inventor.fill(planned, PLACE, repeated=repeated)


@pytest.mark.parametrize(
    ("type_name", "values", "attribute", "form"),
    [
        ("aws_cognito_user_pool", {"name": "p"}, "id", r"eu-west-1_[0-9A-Za-z]{9}"),
        (
            "aws_cognito_user_pool",
            {"name": "p"},
            "arn",
            r"arn:aws:cognito-idp:eu-west-1:123456789012:userpool/eu-west-1_\w{9}",
        ),
        ("aws_cognito_user_pool_client", {"name": "c"}, "id", r"[0-9a-z]{26}"),
        ("aws_api_gateway_rest_api", {"name": "a"}, "id", r"[0-9a-z]{10}"),
        (
            "aws_api_gateway_rest_api",
            {"name": "a"},
            "execution_arn",
            r"arn:aws:execute-api:eu-west-1:123456789012:[0-9a-z]{10}",
        ),
        (
            "aws_api_gateway_stage",
            {"rest_api_id": "abc", "stage_name": "prod"},
            "invoke_url",
            r"https://abc\.execute-api\.eu-west-1\.amazonaws\.com/prod",
        ),
        ("aws_s3_bucket", {"bucket": "b"}, "id", "b"),
        ("aws_s3_bucket", {"bucket": "b"}, "hosted_zone_id", "Z1BKCTXD74EZPE"),
        (
            "aws_s3_bucket",
            {"bucket": "b"},
            "bucket_regional_domain_name",
            r"b\.s3\.eu-west-1\.amazonaws\.com",
        ),
        ("aws_iam_role", {"name": "r"}, "id", "r"),
        ("aws_iam_role", {"name": "r"}, "arn", "arn:aws:iam::123456789012:role/r"),
        (
            "aws_iam_role",
            {"name_prefix": "p-"},
            "name",
            r"p-[0-9]{26}",
        ),
        (
            "aws_cloudfront_distribution",
            {},
            "domain_name",
            r"d[0-9a-z]{13}\.cloudfront\.net",
        ),
        ("aws_cloudfront_distribution", {}, "hosted_zone_id", "Z2FDTNDATAQYW2"),
        (
            "aws_lambda_function",
            {"function_name": "f"},
            "invoke_arn",
            (
                "arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions/"
                "arn:aws:lambda:eu-west-1:123456789012:function:f/invocations"
            ),
        ),
        ("aws_instance", {}, "id", r"i-[0-9a-f]{17}"),
        ("aws_kms_key", {}, "key_id", r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"),
    ],
)
def test_values_have_the_form_of_aws(
    type_name: str, values: Block, attribute: str, form: str
) -> None:
    """
    What other resources make of a value works as with a real one.
    """
    value = create(type_name, 0, **values)[attribute]
    assert re.fullmatch(form, str(value))


def test_the_same_arguments_give_the_same_values() -> None:
    """
    Two rehearsals of one configuration lead to one state.
    """
    once, again = (create("aws_cognito_user_pool", name="p") for _ in range(2))
    assert once == again


def test_equal_resources_are_not_the_same() -> None:
    """
    Of two resources with the same arguments each has its own id.
    """
    first, second = (create("aws_eip", repeated=n) for n in range(2))
    assert first["id"] != second["id"]


def test_a_resource_has_its_own_region() -> None:
    """
    An argument `region` decides, and with it the partition.
    """
    queue = create("aws_sqs_queue", name="q", region="cn-north-1")
    assert "arn:aws-cn:sqs:cn-north-1:123456789012:q" == queue["arn"]
    assert "https://sqs.cn-north-1.amazonaws.com.cn/123456789012/q" == queue["url"]


def test_revisions_count() -> None:
    """
    A number that AWS counts is one more after an update.
    """
    first = create("aws_launch_template", name="t")
    planned = first | {"latest_version": Unknown}
    inventor = Inventor(resource("aws_launch_template"))
    assert (1, 2) == (
        first["latest_version"],
        inventor.fill(planned, PLACE, prior=first)["latest_version"],
    )


def test_every_type_has_values() -> None:
    """
    No type of the provider is left with an unknown value.
    """
    unknown: list[str] = []
    for name in sorted(source().resource_names):
        schema = resource(name)
        state = Inventor(schema).blank({}, PLACE)
        if not is_known(state) or state.keys() != {
            *schema.body.attributes,
            *schema.body.blocks,
        }:
            unknown.append(name)
    assert [] == unknown
