"""
What the provider answers to Terraform's calls.
"""

import json
from pathlib import Path

import pytest
from tf.gen import tfplugin_pb2 as pb  # pyright: ignore[reportMissingTypeStubs]

from rehearsal.fixtures import Fixtures
from rehearsal.provider.faults import Fault, How, read_journal
from rehearsal.provider.provider import Provider
from rehearsal.resource_types.values import (
    NULL,
    Block,
    Unknown,
    decode,
    decode_block,
    encode,
)
from tests.rehearsal.provider_types import block, config, source

POOL = "aws_cognito_user_pool"


def provider(folder: Path, fault: Fault | None = None) -> Provider:
    """
    Return a provider that knows a few types.
    """
    return Provider(
        source(),
        types={"aws_s3_bucket", "aws_nothing", POOL},
        fixtures=Fixtures(region="eu-west-1"),
        scratch=folder,
        fault=fault,
    )


def wire(value: object) -> pb.DynamicValue:
    """
    Return a value as it travels.
    """
    return pb.DynamicValue(msgpack=encode(value))


def apply(
    answering: Provider, type_name: str, prior: Block | None, planned: Block | None
) -> pb.ApplyResourceChange.Response:
    """
    Apply a change.
    """
    return answering.apply_resource_change(
        pb.ApplyResourceChange.Request(
            type_name=type_name, prior_state=wire(prior), planned_state=wire(planned)
        )
    )


def state_of(answer: pb.ApplyResourceChange.Response) -> Block:
    """
    Return the state that an apply leads to.
    """
    return decode_block(answer.new_state.msgpack) or {}


def test_only_the_wanted_types_are_described(tmp_path: Path) -> None:
    """
    Terraform gets the schemas of the types that the configuration names.
    """
    answer = provider(tmp_path).get_provider_schema(pb.GetProviderSchema.Request())
    assert {"aws_s3_bucket", POOL} == set(answer.resource_schemas)
    assert {"aws_s3_bucket", POOL} == set(answer.data_source_schemas)
    assert {"arn_build", "arn_parse", "trim_iam_role_path", "user_agent"} == set(
        answer.functions
    )


def configure(folder: Path, **settings: object) -> list[str]:
    """
    Configure the provider, and return its errors.
    """
    given = block(source().provider().body, **settings)
    answer = provider(folder).configure_provider(
        pb.ConfigureProvider.Request(config=wire(given))
    )
    return [diagnostic.summary for diagnostic in answer.diagnostics]


@pytest.mark.parametrize(
    ("settings", "refused"),
    [
        ({"allowed_account_ids": ["123456789012"]}, False),
        ({"allowed_account_ids": ["210987654321"]}, True),
        ({"forbidden_account_ids": ["123456789012"]}, True),
        ({"forbidden_account_ids": ["210987654321"]}, False),
        ({"allowed_account_ids": Unknown}, False),
        ({}, False),
    ],
)
def test_the_account_is_guarded(
    tmp_path: Path, settings: Block, *, refused: bool
) -> None:
    """
    The provider refuses an account that its configuration doesn't allow.
    """
    expected = ["AWS account ID not allowed: 123456789012"] if refused else []
    assert expected == configure(tmp_path, **settings)


def test_the_providers_region_and_tags_are_used(tmp_path: Path) -> None:
    """
    Region and default tags of the configuration come into each plan.
    """
    answering = provider(tmp_path)
    settings = block(
        source().provider().body,
        region="eu-central-1",
        default_tags=[{"tags": {"team": "web"}}],
    )
    answering.configure_provider(pb.ConfigureProvider.Request(config=wire(settings)))
    bucket = config("aws_s3_bucket", bucket="b")
    answer = answering.plan_resource_change(
        pb.PlanResourceChange.Request(
            type_name="aws_s3_bucket",
            prior_state=wire(None),
            proposed_new_state=wire(bucket),
            config=wire(bucket),
        )
    )
    planned = decode_block(answer.planned_state.msgpack) or {}
    assert ("eu-central-1", {"team": "web"}) == (planned["region"], planned["tags_all"])
    assert answer.legacy_type_system


def test_an_equal_state_is_answered_as_it_came(tmp_path: Path) -> None:
    """
    Where nothing changes, the prior state's bytes come back.
    """
    answering = provider(tmp_path)
    bucket = config("aws_s3_bucket", bucket="b", region=Unknown)
    state = state_of(apply(answering, "aws_s3_bucket", None, bucket))
    state |= {"region": "eu-west-1", "force_destroy": False}
    answer = answering.plan_resource_change(
        pb.PlanResourceChange.Request(
            type_name="aws_s3_bucket",
            prior_state=wire(state),
            proposed_new_state=wire(state),
            config=wire(config("aws_s3_bucket", bucket="b")),
        )
    )
    assert wire(state) == answer.planned_state


def test_states_of_other_releases_fit(tmp_path: Path) -> None:
    """
    What the schema doesn't have is dropped, blocks that are new are empty.
    """
    state: Block = {
        "bucket": "b",
        "gone": 1,
        "versioning": [{"enabled": True, "mfa_delete": False, "gone": 1}],
    }
    answer = provider(tmp_path).upgrade_resource_state(
        pb.UpgradeResourceState.Request(
            type_name="aws_s3_bucket",
            raw_state=pb.RawState(json=json.dumps(state).encode()),
        )
    )
    upgraded = json.loads(answer.upgraded_state.json)
    assert "b" == upgraded["bucket"]
    assert "gone" not in upgraded
    assert [{"enabled": True, "mfa_delete": False}] == upgraded["versioning"]
    assert [] == upgraded["cors_rule"]


def test_what_is_imported_exists(tmp_path: Path) -> None:
    """
    An import of any id succeeds, and is not replaced by what it isn't known to be.
    """
    answering = provider(tmp_path)
    answer = answering.import_resource_state(
        pb.ImportResourceState.Request(type_name="aws_s3_bucket", id="web")
    )
    (imported,) = answer.imported_resources
    state = decode_block(imported.state.msgpack) or {}
    assert ("web", "web", "arn:aws:s3:::web") == (
        state["id"],
        state["bucket"],
        state["arn"],
    )
    changed = state | {"object_lock_enabled": True}
    plan = answering.plan_resource_change(
        pb.PlanResourceChange.Request(
            type_name="aws_s3_bucket",
            prior_state=wire(state),
            proposed_new_state=wire(changed),
            config=wire(config("aws_s3_bucket", bucket="web")),
            prior_private=imported.private,
        )
    )
    assert [] == list(plan.requires_replace)


def test_what_is_imported_has_the_defaults(tmp_path: Path) -> None:
    """
    A role's ARN has the path that a role without one gets.
    """
    answer = provider(tmp_path).import_resource_state(
        pb.ImportResourceState.Request(type_name="aws_iam_role", id="logs")
    )
    (imported,) = answer.imported_resources
    state = decode_block(imported.state.msgpack) or {}
    assert "/" == state["path"]
    assert str(state["arn"]).endswith(":role/logs")


def test_fails_when_a_resource_becomes_another_type(tmp_path: Path) -> None:
    """
    Only the real provider can translate a state.
    """
    answer = provider(tmp_path).move_resource_state(
        pb.MoveResourceState.Request(source_type_name="a", target_type_name="b")
    )
    assert [
        (
            "A rehearsal can't move a resource to another type",
            "Moving a to b needs the real provider, which translates the state.",
        )
    ] == [(d.summary, d.detail) for d in answer.diagnostics]


def test_operations_are_journalled(tmp_path: Path) -> None:
    """
    What was created, changed and deleted is written down in order.
    """
    answering = provider(tmp_path)
    state = state_of(apply(answering, POOL, None, config(POOL, name="p", id=Unknown)))
    apply(answering, POOL, state, state | {"name": "q"})
    answer = apply(answering, POOL, state, None)
    assert NULL == answer.new_state.msgpack
    assert [(1, "create"), (2, "update"), (3, "delete")] == [
        (operation.number, operation.action) for operation in read_journal(tmp_path)
    ]


def test_ids_are_never_given_twice(tmp_path: Path) -> None:
    """
    A provider that starts again doesn't invent what the one before it did.
    """
    pool = config(POOL, name="p", id=Unknown)
    ids = {
        state_of(apply(provider(tmp_path), POOL, None, pool))["id"] for _ in range(3)
    }
    assert 3 == len(ids)


def test_ids_that_follow_from_arguments_come_back(tmp_path: Path) -> None:
    """
    A bucket that is created again has the id that it had.
    """
    answering = provider(tmp_path)
    arguments = config("aws_s3_bucket", bucket="b", id=Unknown)
    state = state_of(apply(answering, "aws_s3_bucket", None, arguments))
    apply(answering, "aws_s3_bucket", state, None)
    again = state_of(apply(answering, "aws_s3_bucket", None, arguments))
    assert ("b", "b") == (state["id"], again["id"])


def test_fails_when_a_name_exists(tmp_path: Path) -> None:
    """
    A second bucket of a name is refused as AWS does.
    """
    answering = provider(tmp_path)
    apply(answering, "aws_s3_bucket", None, config("aws_s3_bucket", bucket="b"))
    answer = apply(
        answering, "aws_s3_bucket", None, config("aws_s3_bucket", bucket="b")
    )
    (refusal,) = answer.diagnostics
    assert refusal.summary.startswith(
        "creating aws_s3_bucket: operation error S3: CreateBucket"
    )
    assert decode(answer.new_state.msgpack) is None
    assert 1 == len(list(read_journal(tmp_path)))


def test_fails_when_a_protected_pool_is_deleted(tmp_path: Path) -> None:
    """
    AWS keeps a pool whose deletion protection is active.
    """
    answering = provider(tmp_path)
    pool = config(POOL, name="p", id="eu-west-1_x", deletion_protection="ACTIVE")
    (refusal,) = apply(answering, POOL, pool, None).diagnostics
    assert "deleting Cognito User Pool (eu-west-1_x)" in refusal.summary
    inactive = pool | {"deletion_protection": "INACTIVE"}
    assert [] == list(apply(answering, POOL, inactive, None).diagnostics)


@pytest.mark.parametrize(("how", "kept"), [("refuse", []), ("half", ["create"])])
def test_a_fault_fails_one_operation(tmp_path: Path, how: How, kept: list[str]) -> None:
    """
    Only the operation that the fault names fails, whole or half-way.
    """
    answering = provider(tmp_path, Fault(1, how))
    pool = config(POOL, name="p", id=Unknown)
    failed = apply(answering, POOL, None, pool)
    assert 1 == len(failed.diagnostics)
    assert bool(kept) == bool(state_of(failed))
    assert kept == [operation.action for operation in read_journal(tmp_path)]
    assert [] == list(apply(answering, POOL, None, pool).diagnostics)
