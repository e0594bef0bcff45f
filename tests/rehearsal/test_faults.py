"""
What exists, what was done, and where an apply fails.
"""

from pathlib import Path
from typing import cast

import pytest

from rehearsal.errors import RehearsalError
from rehearsal.provider.faults import (
    Fault,
    How,
    Journal,
    Operation,
    World,
    read_journal,
)


def test_a_name_exists_once(tmp_path: Path) -> None:
    """
    AWS refuses a second bucket of a name, until the first is gone.
    """
    world = World(tmp_path)
    bucket = {"bucket": "web"}
    assert "" == world.refusal("aws_s3_bucket", "eu-west-1", bucket)
    world.add("aws_s3_bucket", "eu-west-1", bucket)
    assert (
        "operation error S3: CreateBucket, https response error StatusCode: 409, "
        "BucketAlreadyOwnedByYou: Your previous request to create the named bucket "
        "succeeded and you already own it."
    ) == world.refusal("aws_s3_bucket", "us-east-1", bucket)
    world.remove("aws_s3_bucket", "eu-west-1", bucket)
    assert "" == world.refusal("aws_s3_bucket", "eu-west-1", bucket)


def test_names_are_regional_where_aws_says_so(tmp_path: Path) -> None:
    """
    The same log group exists in each region.
    """
    world = World(tmp_path)
    group = {"name": "/x"}
    world.add("aws_cloudwatch_log_group", "eu-west-1", group)
    assert "" == world.refusal("aws_cloudwatch_log_group", "us-east-1", group)
    assert "ResourceAlreadyExistsException" in world.refusal(
        "aws_cloudwatch_log_group", "eu-west-1", group
    )


def test_names_are_unique_within_their_scope(tmp_path: Path) -> None:
    """
    Two APIs have a stage of the same name each.
    """
    world = World(tmp_path)
    stage = {"stage_name": "prod", "rest_api_id": "a"}
    world.add("aws_api_gateway_stage", "eu-west-1", stage)
    other = stage | {"rest_api_id": "b"}
    assert "" == world.refusal("aws_api_gateway_stage", "eu-west-1", other)
    assert "Stage already exists" in world.refusal(
        "aws_api_gateway_stage", "eu-west-1", stage
    )


def test_an_absent_name_may_be_one(tmp_path: Path) -> None:
    """
    A domain name has one mapping without a path.
    """
    world = World(tmp_path)
    mapping = {"domain_name": "api.example.com", "base_path": None}
    world.add("aws_api_gateway_base_path_mapping", "eu-west-1", mapping)
    other = mapping | {"base_path": "v1"}
    assert "" == world.refusal("aws_api_gateway_base_path_mapping", "eu-west-1", other)
    assert "Base path already exists" in world.refusal(
        "aws_api_gateway_base_path_mapping", "eu-west-1", mapping
    )


def test_a_record_may_take_the_place_of_another(tmp_path: Path) -> None:
    """
    Route 53 refuses a second record of a name and type, unless it may overwrite.
    """
    world = World(tmp_path)
    record = {"zone_id": "Z1", "name": "a.example.com", "type": "A"}
    world.add("aws_route53_record", "eu-west-1", record)
    other = record | {"type": "AAAA"}
    overwriting = record | {"allow_overwrite": True}
    assert "" == world.refusal("aws_route53_record", "eu-west-1", other)
    assert "" == world.refusal("aws_route53_record", "eu-west-1", overwriting)
    assert "InvalidChangeBatch" in world.refusal(
        "aws_route53_record", "us-east-1", record
    )


def test_types_without_unique_names_are_never_refused(tmp_path: Path) -> None:
    """
    Two user pools may have one name.
    """
    world = World(tmp_path)
    world.add("aws_cognito_user_pool", "eu-west-1", {"name": "p"})
    assert "" == world.refusal("aws_cognito_user_pool", "eu-west-1", {"name": "p"})


def test_the_world_outlives_the_process(tmp_path: Path) -> None:
    """
    A provider that starts again knows what exists.
    """
    first = World(tmp_path)
    for name in ("a", "b"):
        first.add("aws_iam_role", "eu-west-1", {"name": name})
    first.remove("aws_iam_role", "eu-west-1", {"name": "a"})
    again = World(tmp_path)
    assert "" == again.refusal("aws_iam_role", "eu-west-1", {"name": "a"})
    assert "Role with name b already exists." in again.refusal(
        "aws_iam_role", "eu-west-1", {"name": "b"}
    )


def test_the_journal_keeps_the_order(tmp_path: Path) -> None:
    """
    Operations come out as they went in, over several processes.
    """
    assert [] == list(read_journal(tmp_path))
    created = Operation(1, "aws_s3_bucket", "create", None, {"id": "x"})
    deleted = Operation(2, "aws_s3_bucket", "delete", {"id": "x"}, None)
    for operation in (created, deleted):
        journal = Journal(tmp_path)
        assert operation.number == journal.next_number()
        journal.write(operation)
    assert [created, deleted] == list(read_journal(tmp_path))


def test_fails_when_a_fault_makes_no_sense() -> None:
    """
    Operations count from 1, and there are four ways to fail.
    """
    with pytest.raises(RehearsalError) as raised:
        Fault(0, cast("How", "explode"))
    assert (
        "fault: operations count from 1, got 0",
        "fault: how must be one of refuse, half, die_before, die_after, got 'explode'",
    ) == raised.value.problems
