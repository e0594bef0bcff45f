"""
The order of replacements that a plan leads to.
"""

from collections.abc import Mapping, Sequence

import pytest

from rehearsal.plans.ordering import order_of
from tests.rehearsal.plans import CREATED_FIRST, DESTROYED_FIRST, plan_json


def steps_of(
    changes: Mapping[str, Sequence[str]],
    *,
    needs: Mapping[str, Sequence[str]] | None = None,
    configuration: Mapping[str, object] | None = None,
) -> list[str]:
    plan = plan_json(needs=needs, configuration=configuration)
    return [f"{s.action} {s.address}" for s in order_of(changes, plan)]


def refers(address: str, *references: str) -> dict[str, object]:
    return {
        "address": address,
        "expressions": {"x": [{"y": {"references": list(references)}}]},
    }


NEEDS = {"a.link": [], "b.api": ["a.link"], "c.stage": ["b.api", "a.link"]}


def test_an_object_made_first_goes_last() -> None:
    """What depends on it is moved to the new one before the old one goes."""
    changes = {"a.link": CREATED_FIRST, "b.api": ("update",), "c.stage": ("update",)}

    assert [
        "create a.link",
        "update b.api",
        "update c.stage",
        "destroy a.link",
    ] == steps_of(changes, needs=NEEDS)


def test_dependents_made_first_go_before_what_they_need() -> None:
    """New ones come in the order of dependency, old ones go in the reverse order."""
    changes = {"a.link": CREATED_FIRST, "b.api": CREATED_FIRST}

    assert [
        "create a.link",
        "create b.api",
        "destroy b.api",
        "destroy a.link",
    ] == steps_of(changes, needs=NEEDS)


def test_an_object_destroyed_first_goes_before_its_successor() -> None:
    """Its dependents go even before it."""
    changes = {"a.link": DESTROYED_FIRST, "b.api": DESTROYED_FIRST}

    assert [
        "destroy b.api",
        "destroy a.link",
        "create a.link",
        "create b.api",
    ] == steps_of(changes, needs=NEEDS)


def test_leaves_out_what_is_not_connected() -> None:
    """Only replacements and their surroundings have an order that matters."""
    changes = {"a.link": DESTROYED_FIRST, "z.other": ("create",)}

    assert ["destroy a.link", "create a.link"] == steps_of(changes, needs=NEEDS)


def test_there_is_no_order_without_a_replacement() -> None:
    """Terraform's own text says all about additions and updates."""
    assert [] == steps_of({"a.link": ("update",), "b.api": ("create",)}, needs=NEEDS)


@pytest.mark.parametrize("address", ['b.api["x[1]"]', "b.api[0]"])
def test_instances_depend_as_their_resource_does(address: str) -> None:
    """A state names resources in dependencies, not instances."""
    changes = {"a.link[0]": CREATED_FIRST, address: ("update",)}

    assert ["create a.link[0]", f"update {address}", "destroy a.link[0]"] == steps_of(
        changes, needs={"a.link[0]": [], address: ["a.link"]}
    )


def test_follows_references_through_modules_and_data_sources() -> None:
    """Arguments and outputs of modules lead to the resources behind them."""
    configuration = {
        "resources": [
            refers("a.link"),
            refers("d.user", "module.m.out"),
            refers("data.aws_lb.nlb", "a.link.id", "a.link"),
        ],
        "module_calls": {
            "m": {
                "expressions": {"arn": {"references": ["data.aws_lb.nlb.arn"]}},
                "module": {
                    "resources": [refers("b.api", "var.arn")],
                    "outputs": {"out": {"expression": {"references": ["b.api.id"]}}},
                },
            }
        },
    }
    changes = {
        "a.link": CREATED_FIRST,
        "d.user": ("create",),
        "module.m.b.api": ("create",),
    }

    assert [
        "create a.link",
        "destroy a.link",
        "create module.m.b.api",
        "create d.user",
    ] == steps_of(changes, configuration=configuration)


def test_a_reference_to_a_local_is_what_the_state_knows() -> None:
    """A plan does not say what a local refers to."""
    configuration = {"resources": [refers("b.api", "local.body"), refers("z.link")]}
    changes = {"z.link": CREATED_FIRST, "b.api": ("update",)}
    needs = {"z.link": [], "b.api": ["z.link"]}

    assert ["create z.link", "update b.api", "destroy z.link"] == steps_of(
        changes, needs=needs, configuration=configuration
    )


def test_what_contradicts_itself_has_no_order() -> None:
    """Terraform makes no plan in which a dependent alone is made first."""
    changes = {"a.link": DESTROYED_FIRST, "b.api": CREATED_FIRST}

    assert [] == steps_of(changes, needs=NEEDS)
