"""
The differences between a rehearsed plan and a real one.
"""

from collections.abc import Mapping

import pytest

from rehearsal.plans.verify import differences_of, render_path
from tests.rehearsal.plans import Entry, entry, output, plan_of


def test_equal_plans_have_no_difference() -> None:
    """Values may differ: a simulated account gives others."""
    ours = entry("aws_vpc.v", "update", change={"before": {"a": 1}, "after": {"a": 2}})
    theirs = entry(
        "aws_vpc.v", "update", change={"before": {"a": 8}, "after": {"a": 9}}
    )
    outputs = {"o": output("update", unknown=True)}

    assert () == differences_of(
        plan_of(ours, outputs=outputs), plan_of(theirs, outputs=outputs)
    )


def _replaced(*paths: object) -> Entry:
    return entry("a.b", "delete", "create", change={"replace_paths": list(paths)})


@pytest.mark.parametrize(
    ("ours", "theirs", "difference"),
    [
        (
            (entry("a.b", "create"),),
            (),
            "a.b: added in the rehearsal, absent from the real plan",
        ),
        (
            (),
            (entry("a.b", "no-op"),),
            "a.b: unchanged in the real plan, absent from the rehearsal",
        ),
        (
            (entry("a.b", "update"),),
            (entry("a.b", "no-op"),),
            "a.b: actions: update in the rehearsal, no-op in the real plan",
        ),
        (
            (entry("a.b", "create", "delete"),),
            (entry("a.b", "delete", "create"),),
            (
                "a.b: actions: create, delete in the rehearsal, "
                "delete, create in the real plan"
            ),
        ),
        (
            (_replaced(["name"], ["x", 0, "y"]),),
            (_replaced(["name"]),),
            (
                "a.b: replaced because of: name, x[0].y in the rehearsal, "
                "name in the real plan"
            ),
        ),
        (
            (_replaced(),),
            (_replaced(["name"]),),
            "a.b: replaced because of: nothing in the rehearsal, name in the real plan",
        ),
        (
            (entry("a.b", "no-op", previous_address="a.c"),),
            (entry("a.b", "no-op"),),
            "a.b: moved from: a.c in the rehearsal, nothing in the real plan",
        ),
        (
            (entry("a.b", "no-op"),),
            (entry("a.b", "no-op", change={"importing": {"id": "1"}}),),
            "a.b: imported: nothing in the rehearsal, true in the real plan",
        ),
        (
            (entry("a.b", "no-op"),),
            (entry("a.b", "no-op"), entry("a.b", "delete", deposed="0a")),
            (
                "a.b (deposed object 0a): destroyed in the real plan, "
                "absent from the rehearsal"
            ),
        ),
    ],
)
def test_tells_how_objects_differ(
    ours: tuple[Entry, ...], theirs: tuple[Entry, ...], difference: str
) -> None:
    """One line for each difference, with what both plans say."""
    assert (difference,) == differences_of(plan_of(*ours), plan_of(*theirs))


@pytest.mark.parametrize(
    ("ours", "theirs", "difference"),
    [
        (
            {"o": output("create")},
            {},
            "output.o: added in the rehearsal, absent from the real plan",
        ),
        (
            {"o": output("update")},
            {"o": output("no-op")},
            "output.o: actions: update in the rehearsal, no-op in the real plan",
        ),
        (
            {"o": output("update", unknown=True)},
            {"o": output("update")},
            (
                "output.o: known: after apply in the rehearsal, "
                "before apply in the real plan"
            ),
        ),
    ],
)
def test_tells_how_outputs_differ(
    ours: Mapping[str, Entry], theirs: Mapping[str, Entry], difference: str
) -> None:
    """An output's value may differ, but not when it is known."""
    assert (difference,) == differences_of(
        plan_of(outputs=ours), plan_of(outputs=theirs)
    )


def test_tells_every_difference_in_the_order_of_addresses() -> None:
    """Nothing ends the comparison early."""
    ours = plan_of(entry("a.b", "create"), entry("a.d", "update"))
    theirs = plan_of(entry("a.c", "create"), entry("a.d", "delete"))

    assert ["a.b", "a.c", "a.d"] == [
        line.partition(":")[0] for line in differences_of(ours, theirs)
    ]


def test_writes_a_path_as_an_expression() -> None:
    """Indices stand in brackets."""
    assert "a[0].b" == render_path(("a", 0, "b"))
