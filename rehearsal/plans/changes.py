"""
Read what a plan changes, why, and in which order.

Source: https://developer.hashicorp.com/terraform/internals/json-format
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, cast

from rehearsal.errors import RehearsalError
from rehearsal.plans.ordering import Step, order_of

AttributePath = tuple[str | int, ...]
Kind = Literal[
    "added", "changed", "destroyed", "forgotten", "read", "replaced", "unchanged"
]

KINDS: Mapping[tuple[str, ...], Kind] = {
    ("create",): "added",
    ("create", "delete"): "replaced",
    ("create", "forget"): "replaced",
    ("delete",): "destroyed",
    ("delete", "create"): "replaced",
    ("forget",): "forgotten",
    ("no-op",): "unchanged",
    ("read",): "read",
    ("update",): "changed",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """
    What a plan does with one object.

    Args:
        address: the resource instance.
        type: its type.
        actions: what is done, in order.
        replace_paths: the attributes whose change can't be made to the old object.
        attributes: the arguments that get another value, or one known after apply.
        reason: Terraform's word for why, such as `delete_because_no_resource_config`.
            Defaults to none.
        previous_address: where the object was before it moved. Defaults to none.
        deposed: the key of an object that a failed replacement left. Defaults to none.
        imported: whether the object comes into the state by this plan. Defaults to no.
    """

    address: str
    type: str
    actions: tuple[str, ...]
    replace_paths: tuple[AttributePath, ...] = ()
    attributes: tuple[str, ...] = ()
    reason: str | None = None
    previous_address: str | None = None
    deposed: str | None = None
    imported: bool = False

    @property
    def kind(self) -> Kind:
        """
        The actions in one word.
        """
        return KINDS[self.actions]

    @property
    def created_first(self) -> bool:
        """
        Whether a replacement exists before the old object is destroyed.
        """
        return self.kind == "replaced" and self.actions[0] == "create"


@dataclass(frozen=True, slots=True, kw_only=True)
class OutputChange:
    """
    What a plan does with one output.

    Args:
        name: the output.
        actions: what is done.
        known_after_apply: whether its new value, or a part, is not known before.
    """

    name: str
    actions: tuple[str, ...]
    known_after_apply: bool

    @property
    def kind(self) -> Kind:
        """
        The actions in one word.
        """
        return KINDS[self.actions]


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """
    Everything that a plan does.

    Args:
        changes: the objects, also those that stay as they are, by address.
        outputs: the outputs, by name.
        order: the steps of the replacements and of what depends on them.
    """

    changes: tuple[Change, ...]
    outputs: tuple[OutputChange, ...]
    order: tuple[Step, ...]

    def of_kind(self, kind: Kind) -> tuple[Change, ...]:
        """
        Return the changes of one kind.
        """
        return tuple(change for change in self.changes if change.kind == kind)

    @property
    def is_empty(self) -> bool:
        """
        Whether the plan changes nothing, outputs included.
        """
        kinds = {change.kind for change in (*self.changes, *self.outputs)}
        moved = any(c.previous_address or c.imported for c in self.changes)
        return kinds <= {"unchanged"} and not moved


def parse_plan(text: str | bytes, *, where: str) -> Plan:
    """
    Read a plan that `terraform show -json` wrote.

    Args:
        text: its text.
        where: its name in messages.

    Raises:
        RehearsalError: it is something else.
    """
    problem = f"{where}: must be a plan as terraform show -json PLANFILE writes it"
    try:
        content: object = json.loads(text)
    except ValueError as error:
        raise RehearsalError([f"{problem}, got no JSON"]) from error
    if not isinstance(content, dict):
        raise RehearsalError([f"{problem}, got {type(content).__name__}"])
    plan = cast("Mapping[str, object]", content)
    version = str(plan.get("format_version"))
    # A state in JSON has a format_version too, but no such key.
    if "planned_values" not in plan or not version.startswith("1."):
        raise RehearsalError([f"{problem}, got format_version {version}"])
    try:
        return read_plan(plan)
    except (KeyError, TypeError, AttributeError) as error:
        raise RehearsalError([f"{problem}, got one without {error}"]) from error


def read_plan(plan: Mapping[str, object]) -> Plan:
    """
    Read a plan's JSON.
    """
    entries = cast("Sequence[Mapping[str, object]]", plan.get("resource_changes", ()))
    changes = sorted(map(_change, entries), key=lambda c: (c.address, c.deposed or ""))
    outputs = cast("Mapping[str, Mapping[str, object]]", plan.get("output_changes", {}))
    return Plan(
        changes=tuple(changes),
        outputs=tuple(_output(name, outputs[name]) for name in sorted(outputs)),
        order=order_of(
            {
                change.address: change.actions
                for change in changes
                if change.deposed is None and change.kind not in {"unchanged", "read"}
            },
            plan,
        ),
    )


def _change(entry: Mapping[str, object]) -> Change:
    change = cast("Mapping[str, object]", entry["change"])
    actions = _actions(change)
    paths = cast("Iterable[Sequence[str | int]]", change.get("replace_paths") or ())
    return Change(
        address=str(entry["address"]),
        type=str(entry["type"]),
        actions=actions,
        replace_paths=tuple(sorted((tuple(path) for path in paths), key=str)),
        attributes=tuple(_changed(change)) if change.get("before") else (),
        reason=_text(entry.get("action_reason")),
        previous_address=_text(entry.get("previous_address")),
        deposed=_text(entry.get("deposed")),
        imported=change.get("importing") is not None,
    )


def _output(name: str, change: Mapping[str, object]) -> OutputChange:
    return OutputChange(
        name=name,
        actions=_actions(change),
        known_after_apply=_has_true(change.get("after_unknown")),
    )


def _actions(change: Mapping[str, object]) -> tuple[str, ...]:
    actions = tuple(cast("Iterable[str]", change["actions"]))
    if actions not in KINDS:
        raise KeyError(f"known actions: {'/'.join(actions)}")
    return actions


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None


def _changed(change: Mapping[str, object]) -> Iterator[str]:
    before, after, unknown = (
        cast("Mapping[str, object]", value if isinstance(value, dict) else {})
        for value in map(change.get, ("before", "after", "after_unknown"))
    )
    for name in sorted({*before, *after, *unknown}):
        if _has_true(unknown.get(name)) or before.get(name) != after.get(name):
            yield name


def _has_true(unknown: object) -> bool:
    """
    Tell whether a value has a part that is marked.
    """
    if isinstance(unknown, dict):
        return any(map(_has_true, cast("Mapping[str, object]", unknown).values()))
    if isinstance(unknown, list):
        return any(map(_has_true, cast("list[object]", unknown)))
    return unknown is True
