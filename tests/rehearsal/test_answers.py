"""
What data sources and functions answer.
"""

import json

import pytest

from rehearsal.fixtures import Fixtures
from rehearsal.provider.answers import Answers, check_answers
from rehearsal.provider.functions import FUNCTIONS
from rehearsal.provider.invented import Place
from rehearsal.resource_types.schema import TypeSchema
from rehearsal.resource_types.values import Block, is_known
from tests.rehearsal.provider_types import block, source

PLACE = Place("123456789012", "eu-west-1")
NLB = "arn:aws:elasticloadbalancing:eu-west-2:210987654321:loadbalancer/net/web/0a1b"


def data(name: str) -> TypeSchema:
    """
    Return a data source type, which there must be.
    """
    schema = source().data(name)
    assert schema is not None
    return schema


def read(
    type_name: str, fixtures: Fixtures | None = None, /, **arguments: object
) -> Block:
    """
    Return what a data source answers.
    """
    schema = data(type_name)
    answers = Answers(schema, fixtures or Fixtures())
    return answers.read(block(schema.body, **arguments), PLACE)


def test_the_caller_is_of_the_account() -> None:
    """
    Account guards and ARNs agree with the fixtures' account.
    """
    assert {
        "account_id": "123456789012",
        "arn": "arn:aws:iam::123456789012:user/rehearsal",
        "id": "123456789012",
        "user_id": "AIDAREHEARSALEXAMPLE1",
    } == read("aws_caller_identity")


def test_knows_region_partition_and_zones() -> None:
    """
    What belongs to a region follows from its name.
    """
    assert "eu-west-1" == read("aws_region")["name"]
    assert ("aws", "com.amazonaws") == (
        read("aws_partition")["partition"],
        read("aws_partition")["reverse_dns_prefix"],
    )
    zones = read("aws_availability_zones")
    assert ["eu-west-1a", "eu-west-1b", "eu-west-1c"] == zones["names"]
    assert ["euw1-az1", "euw1-az2", "euw1-az3"] == zones["zone_ids"]


def test_a_load_balancer_is_what_its_arn_says() -> None:
    """
    Name, region and account are the ARN's; it is internal and admits private links.
    """
    answer = read("aws_lb", arn=NLB)
    assert {
        "arn": NLB,
        "arn_suffix": "net/web/0a1b",
        "dns_name": "web-0a1b.elb.eu-west-2.amazonaws.com",
        "enforce_security_group_inbound_rules_on_private_link_traffic": "off",
        "internal": True,
        "load_balancer_type": "network",
        "name": "web",
    } == {
        name: answer[name]
        for name in (
            "arn",
            "arn_suffix",
            "dns_name",
            "enforce_security_group_inbound_rules_on_private_link_traffic",
            "internal",
            "load_balancer_type",
            "name",
        )
    }


def test_fails_when_a_load_balancer_has_no_arn_of_one() -> None:
    """
    AWS refuses the ARN of something else.
    """
    with pytest.raises(ValueError, match="'arn:aws:s3:::b' is not a valid load balanc"):
        read("aws_lb", arn="arn:aws:s3:::b")


def test_fixtures_say_what_is_answered() -> None:
    """
    An answer for the very argument comes before one for all.
    """
    fixtures = Fixtures(
        data_sources={"aws_lb": {NLB: {"internal": False}, "*": {"name": "other"}}}
    )
    assert not read("aws_lb", fixtures, arn=NLB)["internal"]
    assert "other" == read("aws_lb", fixtures, name="x")["name"]


def test_fails_when_fixtures_fit_no_data_source() -> None:
    """
    Types, attributes and values are checked before anything runs.
    """
    fixtures = Fixtures(
        data_sources={
            "aws_nothing": {"*": {}},
            "aws_lb": {"*": {"internal": "no", "intern": True, "tags": {"a": 1}}},
        }
    )
    assert [
        "fixtures.data_sources.aws_nothing is no data source type of the AWS provider",
        "fixtures.data_sources.aws_lb.*.internal must be true or false, got 'no'",
        "fixtures.data_sources.aws_lb.*.intern is no attribute of aws_lb",
        "fixtures.data_sources.aws_lb.*.tags must be a table, got {'a': 1}",
    ] == list(check_answers(source(), fixtures))


def test_every_data_source_answers() -> None:
    """
    No type of the provider is left with an unknown value.
    """
    assert [] == [
        name for name in sorted(source().data_names) if not is_known(read(name))
    ]


def statement(**arguments: object) -> Block:
    """
    Return a statement of a policy document.
    """
    body = data("aws_iam_policy_document").body.blocks["statement"].body
    return block(body, **arguments)


def test_a_policy_document_is_computed() -> None:
    """
    The document is the one that the real provider writes.
    """
    document = read(
        "aws_iam_policy_document",
        statement=[
            statement(
                sid="Read",
                actions=["s3:GetObject", "s3:ListBucket"],
                resources=["arn:aws:s3:::b/*"],
                principals=[
                    {"type": "Service", "identifiers": ["cloudfront.amazonaws.com"]}
                ],
                condition=[
                    {
                        "test": "StringEquals",
                        "variable": "AWS:SourceArn",
                        "values": ["arn"],
                    }
                ],
            ),
            statement(
                effect="Deny",
                not_actions=["s3:GetObject"],
                resources=["*"],
                principals=[{"type": "*", "identifiers": ["*"]}],
            ),
        ],
    )
    expected = {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Sid": "Read",
                "Effect": "Allow",
                "Action": ["s3:ListBucket", "s3:GetObject"],
                "Resource": "arn:aws:s3:::b/*",
                "Principal": {"Service": "cloudfront.amazonaws.com"},
                "Condition": {"StringEquals": {"AWS:SourceArn": "arn"}},
            },
            {
                "Effect": "Deny",
                "NotAction": "s3:GetObject",
                "Resource": "*",
                "Principal": "*",
            },
        ],
    }
    assert json.dumps(expected, indent=2) == document["json"]
    assert json.dumps(expected, separators=(",", ":")) == document["minified_json"]


def test_policy_documents_are_merged_by_sid() -> None:
    """
    Sources come first, overrides last, and replace statements of the same sid.
    """
    one = {"Sid": "A", "Effect": "Allow", "Action": "a:B", "Resource": "*"}
    document = read(
        "aws_iam_policy_document",
        source_policy_documents=[json.dumps({"Statement": one})],
        override_policy_documents=[
            json.dumps({"Statement": [one | {"Effect": "Deny"}]})
        ],
    )
    merged = {"Version": "2012-10-17", "Statement": [one | {"Effect": "Deny"}]}
    assert json.dumps(merged, indent=2) == document["json"]


def test_signs_of_html_are_escaped() -> None:
    """
    The real provider writes them as Go does.
    """
    document = read(
        "aws_iam_policy_document",
        statement=[statement(actions=["a:<b>"], resources=["*"])],
    )
    assert r"a:\u003cb\u003e" in str(document["minified_json"])


def test_a_policy_document_without_statements_has_none() -> None:
    """
    An empty list of statements would be another policy.
    """
    document = read("aws_iam_policy_document")
    assert '{"Version":"2012-10-17"}' == document["minified_json"]


def test_fails_when_a_merged_document_is_no_json() -> None:
    """
    The real provider refuses it too.
    """
    with pytest.raises(ValueError, match="source_policy_documents contains an invalid"):
        read("aws_iam_policy_document", source_policy_documents=["{"])


@pytest.mark.parametrize(
    ("name", "arguments", "expected"),
    [
        (
            "arn_parse",
            ["arn:aws:iam::123456789012:role/a/b"],
            {
                "partition": "aws",
                "service": "iam",
                "region": "",
                "account_id": "123456789012",
                "resource": "role/a/b",
            },
        ),
        ("arn_build", ["aws", "s3", "", "", "b"], "arn:aws:s3:::b"),
        (
            "trim_iam_role_path",
            ["arn:aws:iam::123456789012:role/a/b"],
            "arn:aws:iam::123456789012:role/b",
        ),
        ("user_agent", ["p", "1", "c"], "p/1 (c)"),
        ("user_agent", ["p", None, None], "p"),
    ],
)
def test_functions_compute(
    name: str, arguments: list[object], expected: object
) -> None:
    """
    The provider's functions are computed, not invented.
    """
    assert expected == FUNCTIONS[name].call(arguments)


@pytest.mark.parametrize(
    ("name", "argument", "message"),
    [
        ("arn_parse", "x", "arn: invalid prefix"),
        ("arn_parse", "arn:aws", "arn: not enough sections"),
        ("trim_iam_role_path", "arn:aws:s3:::b", "is not an IAM role ARN"),
    ],
)
def test_fails_when_a_function_gets_no_arn(
    name: str, argument: str, message: str
) -> None:
    """
    A wrong argument is an error of the function.
    """
    with pytest.raises(ValueError, match=message):
        FUNCTIONS[name].call([argument])
