"""
What a plan's JSON says is changed, and why.
"""

import json

import pytest

from rehearsal.errors import RehearsalError
from rehearsal.plans.changes import Change, OutputChange, parse_plan
from tests.rehearsal.plans import entry, output, plan_json, plan_of


def test_reads_a_replacement_with_its_reasons() -> None:
    """Paths are those of attributes, with the indices in them."""
    plan = plan_of(
        entry(
            "module.a.aws_vpc.v[0]",
            "create",
            "delete",
            change={
                "before": {"cidr": "a", "id": "1", "name": "x"},
                "after": {"cidr": "b", "name": "x"},
                "after_unknown": {"id": True},
                "replace_paths": [["b", 0, "c"], ["a"]],
            },
            action_reason="replace_because_cannot_update",
        )
    )

    assert (
        Change(
            address="module.a.aws_vpc.v[0]",
            type="aws_vpc",
            actions=("create", "delete"),
            replace_paths=(("a",), ("b", 0, "c")),
            attributes=("cidr", "id"),
            reason="replace_because_cannot_update",
        ),
    ) == plan.changes
    assert "replaced" == plan.changes[0].kind
    assert plan.changes[0].created_first


@pytest.mark.parametrize(
    ("actions", "kind"),
    [
        (("create",), "added"),
        (("update",), "changed"),
        (("delete",), "destroyed"),
        (("no-op",), "unchanged"),
        (("read",), "read"),
        (("forget",), "forgotten"),
        (("delete", "create"), "replaced"),
        (("create", "delete"), "replaced"),
        (("create", "forget"), "replaced"),
    ],
)
def test_names_actions_in_one_word(actions: tuple[str, ...], kind: str) -> None:
    """Both orders of a replacement are one."""
    (change,) = plan_of(entry("aws_vpc.v", *actions)).changes

    assert kind == change.kind


def test_reads_moves_imports_and_leftovers() -> None:
    """What is not in the actions is read too."""
    plan = plan_of(
        entry("aws_vpc.a", "no-op", previous_address="aws_vpc.old"),
        entry("aws_vpc.b", "update", change={"importing": {"id": "vpc-1"}}),
        entry("aws_vpc.b", "delete", deposed="0a1b"),
    )

    assert [
        ("aws_vpc.old", False, None),
        (None, True, None),
        (None, False, "0a1b"),
    ] == [(c.previous_address, c.imported, c.deposed) for c in plan.changes]


def test_reads_outputs() -> None:
    """A value of which a part is unknown is known after apply."""
    plan = plan_of(
        outputs={
            "b": output("update", unknown={"x": [False, True]}),
            "a": output("create", unknown=False),
        }
    )

    assert (
        OutputChange(name="a", actions=("create",), known_after_apply=False),
        OutputChange(name="b", actions=("update",), known_after_apply=True),
    ) == plan.outputs


def test_a_plan_of_nothing_is_empty() -> None:
    """Unchanged objects and outputs are no change; a move is one."""
    unchanged = entry("aws_vpc.v", "no-op")
    moved = entry("aws_vpc.v", "no-op", previous_address="aws_vpc.w")

    assert plan_of(unchanged, outputs={"a": output("no-op")}).is_empty
    assert not plan_of(unchanged, outputs={"a": output("update")}).is_empty
    assert not plan_of(moved).is_empty
    assert not plan_of(entry("aws_vpc.v", "delete")).is_empty


@pytest.mark.parametrize(
    ("text", "got"),
    [
        ("Terraform used the selected providers", "no JSON"),
        ("[]", "list"),
        ('{"version": 4}', "format_version None"),
        ('{"format_version": "1.0", "values": {}}', "format_version 1.0"),
        ('{"format_version": "2.0", "planned_values": {}}', "format_version 2.0"),
        (
            json.dumps({**plan_json(), "resource_changes": [{"address": "a"}]}),
            "one without 'change'",
        ),
        (
            json.dumps(plan_json(entry("a.b", "invent"))),
            "one without 'known actions: invent'",
        ),
    ],
)
def test_fails_when_it_is_no_plan(text: str, got: str) -> None:
    """Texts, states and future formats are told apart from plans."""
    with pytest.raises(RehearsalError) as raised:
        parse_plan(text, where="plan.json")

    assert (
        (
            "plan.json: must be a plan as terraform show -json PLANFILE writes it, "
            f"got {got}"
        ),
    ) == raised.value.problems
