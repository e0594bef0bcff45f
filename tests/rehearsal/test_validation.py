"""
What is wrong in a configuration, by a table of values and who refuses them.
"""

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, cast

import pytest

from rehearsal.resource_types.bindings_schema import SchemaSource, load
from rehearsal.resource_types.rules import TypeRules, rules_of
from rehearsal.resource_types.schema import Attribute, Body, NestedBlock, TypeSchema
from rehearsal.resource_types.values import Unknown
from rehearsal.validation.config_checks import Problem, check_config

CASES = cast(
    "list[dict[str, Any]]",
    json.loads((Path(__file__).parent / "validation_cases.json").read_bytes()),
)
REFUSED = [case for case in CASES if case["refused_at"]]
ACCEPTED = [case for case in CASES if not case["refused_at"]]


@pytest.fixture(name="source", scope="module")
def _source() -> SchemaSource:
    return load(os.environ)


def complete(body: Body, given: Mapping[str, Any]) -> dict[str, object]:
    """
    Write a configuration as Terraform sends it: every name there, nested blocks too.
    """
    attributes = {name: given.get(name) for name in body.attributes}
    blocks = {
        name: [
            complete(block.body, item)
            for item in cast("list[dict[str, Any]]", given.get(name) or [])
        ]
        for name, block in body.blocks.items()
    }
    return {**attributes, **blocks}


def unknown(value: object) -> object:
    """
    Make every value of a configuration unknown that is not a block.
    """
    if isinstance(value, list):
        items = cast("list[object]", value)
        if items and isinstance(items[0], dict):
            blocks = cast("list[dict[str, object]]", items)
            return [unknown_members(block) for block in blocks]
    return Unknown if value is not None and value != [] else None


def unknown_members(block: Mapping[str, object]) -> dict[str, object]:
    return {name: unknown(member) for name, member in block.items()}


def check(source: SchemaSource, name: str, given: Mapping[str, Any]) -> list[Problem]:
    schema = source.resource(name)
    assert schema is not None
    return check_config(schema, rules_of(name), complete(schema.body, given))


def name_of(case: Mapping[str, Any]) -> str:
    return f"{case['type']}-{case['refused_at']}"


@pytest.mark.parametrize("case", REFUSED, ids=name_of)
def test_fails_when_value_is_wrong(source: SchemaSource, case: dict[str, Any]) -> None:
    """What the provider or AWS refuses is refused, at its path, with type and value."""
    problems = check(source, case["type"], case["config"])
    paths = [".".join(map(str, problem.path)) for problem in problems]

    assert case["refused_at"] in paths
    assert all(problem.detail.startswith(f"{case['type']}: ") for problem in problems)


@pytest.mark.parametrize("case", ACCEPTED, ids=name_of)
def test_takes_right_values(source: SchemaSource, case: dict[str, Any]) -> None:
    """What the provider accepts is accepted."""
    assert [] == check(source, case["type"], case["config"])


@pytest.mark.parametrize("case", CASES, ids=name_of)
def test_unknown_values_are_never_wrong(
    source: SchemaSource, case: dict[str, Any]
) -> None:
    """Where all values are unknown, only what is there or missing can be wrong."""
    schema = source.resource(case["type"])
    assert schema is not None
    config = unknown_members(complete(schema.body, case["config"]))
    problems = check_config(schema, rules_of(case["type"]), config)
    missing = ("got none", "must be specified", "conflicts with", "beside")

    assert [] == [p for p in problems if not any(word in p.detail for word in missing)]
    assert case["refused_at"] or problems == []


def test_every_case_says_who_refuses() -> None:
    """A value is right or wrong because the provider or a page of AWS says so."""
    sources = {case["says"] for case in CASES}

    assert sources >= {"provider 5.100.0"}
    assert all(
        source == "provider 5.100.0" or source.startswith("https://docs.aws.amazon.com")
        for source in sources
    )


def test_message_has_type_attribute_value_and_what_is_allowed(
    source: SchemaSource,
) -> None:
    """A person sees at once what to write instead."""
    config = {"name": "x", "origin_access_control_origin_type": "s3"}
    config |= {"signing_behavior": "sometimes", "signing_protocol": "sigv4"}

    assert [
        Problem(
            path=("signing_behavior",),
            summary='expected signing_behavior to be one of ["never" "always" '
            '"no-override" "always-amz-auth"], got sometimes',
            detail="aws_cloudfront_origin_access_control: signing_behavior: got "
            "sometimes; allowed: never, always, no-override, always-amz-auth",
        )
    ] == check(source, "aws_cloudfront_origin_access_control", config)


def test_range_is_worded_as_the_provider_does(source: SchemaSource) -> None:
    """Numbers name the range."""
    summaries = [
        problem.summary
        for problem in check(source, "aws_kms_key", {"deletion_window_in_days": 6})
    ]

    assert [
        "expected deletion_window_in_days to be in the range (7 - 30), got 6"
    ] == summaries


def test_names_of_load_balancers_have_the_same_rules(source: SchemaSource) -> None:
    """`aws_lb` is `aws_alb`."""
    config = {"subnets": ["subnet-1"], "load_balancer_type": "classic"}

    assert [("load_balancer_type",)] == [
        problem.path for problem in check(source, "aws_lb", config)
    ]


@pytest.mark.parametrize(
    ("config", "summaries"),
    [
        ({"region": "eu-west-1", "allowed_account_ids": ["123456789012"]}, []),
        ({"region": "ireland"}, ["invalid AWS Region: ireland"]),
        ({"region": "ireland", "skip_region_validation": True}, []),
        (
            {"allowed_account_ids": ["12"]},
            ["invalid value for allowed_account_ids (must be 12 digits), got 12"],
        ),
        (
            {
                "allowed_account_ids": ["123456789012"],
                "forbidden_account_ids": ["123456789013"],
            },
            ["Conflicting configuration arguments"] * 2,
        ),
        (
            {"default_tags": [{"tags": {"aws:x": "y"}}]},
            ["invalid tag aws:x"],
        ),
    ],
)
def test_provider_configuration_is_checked(
    source: SchemaSource, config: dict[str, Any], summaries: list[str]
) -> None:
    """Region, accounts and default tags have the form that AWS gives them."""
    schema = source.provider()
    problems = check_config(schema, TypeRules(), complete(schema.body, config))

    assert summaries == [problem.summary for problem in problems]


def test_rules_of_resources_are_not_for_data_sources(source: SchemaSource) -> None:
    """A data source of a resource's name has its own attributes."""
    schema = source.data("aws_s3_bucket")
    assert schema is not None

    assert [] == check_config(schema, TypeRules(), {"bucket": "Old_Bucket"})


def own_type(body: Body) -> TypeSchema:
    return TypeSchema("aws_own", "resource", 0, body)


def test_computed_attribute_cannot_be_set() -> None:
    """What only the provider decides is no argument."""
    body = Body({"arn": Attribute("arn", "string", computed=True)}, {})
    problems = check_config(own_type(body), TypeRules(), {"arn": "x"})

    assert ["Value for unconfigurable attribute"] == [p.summary for p in problems]


def test_sensitive_value_is_not_shown() -> None:
    """No message carries a secret."""
    body = Body(
        {"password": Attribute("password", "string", optional=True, sensitive=True)}, {}
    )
    rules = TypeRules(range={"password": ("StringLenBetween", 8, 20)})

    assert [
        Problem(
            ("password",),
            "invalid value for password",
            "aws_own: password: got (sensitive value); allowed: 8 to 20 characters",
        )
    ] == check_config(own_type(body), rules, {"password": "secret"})


def test_path_ends_at_a_set() -> None:
    """Terraform cannot name an element of a set."""
    inner = Body({"size": Attribute("size", "number", optional=True)}, {})
    body = Body({}, {"disk": NestedBlock("disk", "set", inner)})
    rules = TypeRules(range={"disk.size": ("IntAtLeast", 1)})
    problems = check_config(own_type(body), rules, {"disk": [{"size": 0}]})

    assert [("disk",)] == [problem.path for problem in problems]


@pytest.mark.parametrize(
    ("count", "summaries"),
    [
        (0, ["Missing required block"]),
        (1, ["Not enough list items"]),
        (2, []),
        (3, ["Too many list items"]),
    ],
)
def test_blocks_are_counted(count: int, summaries: list[str]) -> None:
    """Required, fewest and most."""
    body = Body({}, {"rule": NestedBlock("rule", "list", Body({}, {}))})
    rules = TypeRules(
        required=frozenset({"rule"}), min_items={"rule": 2}, max_items={"rule": 2}
    )
    problems = check_config(
        own_type(body), rules, {"rule": [dict[str, object]()] * count}
    )

    assert summaries == [problem.summary for problem in problems]


RELATED = {name: Attribute(name, "string", optional=True) for name in ("a", "b", "c")}


@pytest.mark.parametrize(
    ("rules", "config", "details"),
    [
        (
            TypeRules(conflicts_with={"a": ("b",)}),
            {"a": "", "b": "x"},
            ['"a": conflicts with b'],
        ),
        (TypeRules(conflicts_with={"a": ("b",)}), {"a": "", "b": Unknown}, []),
        (
            TypeRules(exactly_one_of={"a": ("a",), "b": ("a",)}),
            {},
            [
                '"a": one of `a,b` must be specified',
                '"b": one of `a,b` must be specified',
            ],
        ),
        (TypeRules(exactly_one_of={"a": ("a",), "b": ("a",)}), {"b": "x"}, []),
        (TypeRules(exactly_one_of={"a": ("a",), "b": ("a",)}), {"b": Unknown}, []),
        (
            TypeRules(exactly_one_of={"a": ("a", "b")}),
            {"a": "x", "b": "y"},
            ['"a": only one of `a,b` can be specified, but `a,b` were specified'],
        ),
        (
            TypeRules(at_least_one_of={"a": ("a", "b")}),
            {"c": "x"},
            ['"a": one of `a,b` must be specified'],
        ),
        (TypeRules(at_least_one_of={"a": ("a", "b")}), {"a": "x", "b": "y"}, []),
        (
            TypeRules(required_with={"a": ("b",)}),
            {"a": "x"},
            ['"a": all of `a,b` must be specified'],
        ),
        (TypeRules(required_with={"a": ("b",)}), {"b": "x"}, []),
        (TypeRules(required_with={"a": ("gone",)}), {"a": "x"}, []),
    ],
)
def test_relations_are_kept(
    rules: TypeRules, config: dict[str, object], details: list[str]
) -> None:
    """Attributes that exclude or need one another."""
    problems = check_config(own_type(Body(RELATED, {})), rules, config)

    assert [f"aws_own: {detail}" for detail in details] == [p.detail for p in problems]
