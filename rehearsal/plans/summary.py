"""
Write for people what a plan changes.
"""

from collections.abc import Iterable, Iterator, Sequence

from rehearsal.plans.changes import Change, Kind, Plan
from rehearsal.plans.ordering import Step
from rehearsal.plans.verify import render_path

# The kinds of changes in the order of a summary, and what Terraform calls them.
TITLES: dict[Kind, str] = {
    "added": "to add",
    "changed": "to change",
    "replaced": "to replace",
    "destroyed": "to destroy",
    "forgotten": "to forget",
}

# https://developer.hashicorp.com/terraform/internals/json-format#change-representation
REASONS = {
    "replace_because_tainted": "it is tainted",
    "replace_by_request": "it was asked for",
    "replace_by_triggers": "replace_triggered_by says so",
    "delete_because_no_resource_config": "it is not in the configuration",
    "delete_because_no_module": "its module is not in the configuration",
    "delete_because_wrong_repetition": "count or for_each came or went",
    "delete_because_count_index": "its index is not below count",
    "delete_because_each_key": "its key is not in for_each",
    "delete_because_no_move_target": "nothing is where it was moved to",
}
MADE = {True: "made before the old one goes", False: "made after the old one went"}


def render_summary(name: str, plan: Plan, *, schema_only: Iterable[str]) -> str:
    """
    Return a plan in words: what is done to which object, why, and in which order.

    Args:
        name: what is planned.
        plan: the plan.
        schema_only: the types whose changes nobody compared with a real provider's.
    """
    lines = [f"{name}: {_headline(plan)}"]
    for kind, title in TITLES.items():
        rows = [_row(change) for change in plan.of_kind(kind)]
        lines += _section(title, rows)
    lines += _section("outputs", list(_outputs(plan)))
    lines += _section("order of the replacements", _steps(plan.order))
    lines += _schema_only(schema_only)
    return "\n".join(lines) + "\n"


def render_schema_only(types: Iterable[str]) -> str:
    """
    Return the types whose changes nobody compared in words, nothing where none is.
    """
    lines = _schema_only(types)
    return "\n".join(lines).lstrip("\n") + "\n" if lines else ""


def _schema_only(types: Iterable[str]) -> list[str]:
    return _section(
        "schema only (no change of these types was compared with a real provider)",
        [(type_,) for type_ in sorted(types)],
    )


def _headline(plan: Plan) -> str:
    if plan.is_empty:
        return "no changes"
    counts = [
        f"{len(plan.of_kind(kind))} {title}"
        for kind, title in TITLES.items()
        if kind != "forgotten" or plan.of_kind(kind)
    ]
    return ", ".join(counts)


def _section(title: str, rows: Sequence[tuple[str, ...]]) -> list[str]:
    if not rows:
        return []
    width = max(len(row[0]) for row in rows)
    lines = [
        "    " + "  ".join((row[0].ljust(width), *row[1:])).rstrip() for row in rows
    ]
    return ["", f"  {title}", *lines]


def _row(change: Change) -> tuple[str, ...]:
    return (printable(change.address), "; ".join(_remarks(change)))


def _remarks(change: Change) -> Iterator[str]:
    if change.deposed:
        yield f"the object {change.deposed} that a failed replacement left"
    if change.previous_address:
        yield f"was {printable(change.previous_address)}"
    if change.imported:
        yield "imported"
    if change.kind == "changed":
        yield ", ".join(change.attributes)
    if change.kind == "replaced":
        yield f"{MADE[change.created_first]}, {_why(change)}"
    elif change.reason in REASONS:
        yield REASONS[change.reason]


def _why(change: Change) -> str:
    paths = ", ".join(map(render_path, change.replace_paths))
    because = f"because of {paths}" if paths else "for no reason that the plan names"
    if change.reason in {None, "replace_because_cannot_update"}:
        return because
    reason = f"since {REASONS.get(str(change.reason), change.reason)}"
    return f"{reason}, {because}" if paths else reason


def _outputs(plan: Plan) -> Iterator[tuple[str, ...]]:
    for output in plan.outputs:
        if output.kind != "unchanged":
            known = ", known after apply" if output.known_after_apply else ""
            yield (output.name, f"{output.kind}{known}")


def _steps(order: Sequence[Step]) -> list[tuple[str, ...]]:
    width = len(str(len(order)))
    return [
        (f"{number:{width}}. {step.action:7}", printable(step.address))
        for number, step in enumerate(order, start=1)
    ]


def printable(text: str) -> str:
    """
    Escape what a terminal would act upon.
    """
    return "".join(c if c.isprintable() else ascii(c)[1:-1] for c in text)
