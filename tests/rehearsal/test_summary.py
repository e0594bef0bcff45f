"""
A plan in words.
"""

from rehearsal.plans.changes import read_plan
from rehearsal.plans.summary import render_summary
from tests.rehearsal.plans import entry, output, plan_json, plan_of


def test_tells_what_is_done_why_and_in_which_order() -> None:
    """Each kind of change has its part, the replacements have their order."""
    plan = plan_json(
        entry("aws_vpc.new", "create"),
        entry(
            "aws_api.api",
            "update",
            change={"before": {"body": 1, "tags": 1}, "after": {"body": 2, "tags": 2}},
        ),
        entry(
            "aws_link.link",
            "create",
            "delete",
            change={"replace_paths": [["target_arns"]]},
            action_reason="replace_because_cannot_update",
        ),
        entry(
            "aws_old.old", "delete", action_reason="delete_because_no_resource_config"
        ),
        entry("aws_same.same", "no-op"),
        outputs={
            "id": output("update", unknown=True),
            "same": output("no-op"),
            "url": output("create"),
        },
        needs={"aws_api.api": ["aws_link.link"], "aws_link.link": []},
        configuration={
            "resources": [
                {
                    "address": "aws_api.api",
                    "expressions": {"body": {"references": ["aws_link.link.id"]}},
                }
            ]
        },
    )

    assert (
        "prod: 1 to add, 1 to change, 1 to replace, 1 to destroy\n"
        "\n"
        "  to add\n"
        "    aws_vpc.new\n"
        "\n"
        "  to change\n"
        "    aws_api.api  body, tags\n"
        "\n"
        "  to replace\n"
        "    aws_link.link  made before the old one goes, because of target_arns\n"
        "\n"
        "  to destroy\n"
        "    aws_old.old  it is not in the configuration\n"
        "\n"
        "  outputs\n"
        "    id   changed, known after apply\n"
        "    url  added\n"
        "\n"
        "  order of the replacements\n"
        "    1. create   aws_link.link\n"
        "    2. update   aws_api.api\n"
        "    3. destroy  aws_link.link\n"
        "\n"
        "  schema only (no change of these types was compared with a real provider)\n"
        "    aws_old\n"
        "    aws_vpc\n"
    ) == render_summary("prod", read_plan(plan), schema_only=["aws_vpc", "aws_old"])


def test_tells_that_nothing_changes() -> None:
    """An empty plan is one line."""
    plan = plan_of(entry("aws_vpc.v", "no-op"))

    assert "prod: no changes\n" == render_summary("prod", plan, schema_only=())


def test_tells_other_reasons() -> None:
    """Taints, moves, imports and leftovers are told at the object."""
    plan = plan_of(
        entry("a.a", "delete", "create", action_reason="replace_because_tainted"),
        entry("a.b", "delete", deposed="0a1b"),
        entry("a.c", "update", previous_address="a.d", change={"importing": {}}),
        entry("a.e", "forget"),
    )
    text = render_summary("x", plan, schema_only=())

    assert "0 to add, 1 to change, 1 to replace, 1 to destroy, 1 to forget" in text
    assert "a.a  made after the old one went, since it is tainted" in text
    assert "a.b  the object 0a1b that a failed replacement left" in text
    assert "a.c  was a.d; imported" in text


def test_escapes_what_a_terminal_would_act_upon() -> None:
    """A key of for_each is anybody's text."""
    plan = plan_of(entry('a.b["\x1b[2J"]', "create"))

    assert '    a.b["\\x1b[2J"]\n' in render_summary("x", plan, schema_only=())
