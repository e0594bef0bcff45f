"""
Compare a rehearsed plan with a real one of the same change.
"""

from collections.abc import Iterator, Mapping
from typing import TypeVar

from rehearsal.plans.changes import AttributePath, Change, OutputChange, Plan

REAL = "the real plan"
OURS = "the rehearsal"

Item = TypeVar("Item")


def differences_of(rehearsed: Plan, real: Plan) -> tuple[str, ...]:
    """
    Return a line for each difference in what two plans do.

    Compared are the addresses, with those that stay as they are; the actions and their
    order; the attributes that force a replacement; moves and imports; and for outputs
    the actions and whether they are known before apply. Values are not: a simulated
    account gives others.
    """
    return (
        *_of_changes(_by_object(rehearsed), _by_object(real)),
        *_of_outputs(
            {output.name: output for output in rehearsed.outputs},
            {output.name: output for output in real.outputs},
        ),
    )


def render_path(path: AttributePath) -> str:
    """
    Write an attribute's path as in an expression.
    """
    text = "".join(
        f"[{part}]" if isinstance(part, int) else f".{part}" for part in path
    )
    return text.removeprefix(".")


def _by_object(plan: Plan) -> dict[str, Change]:
    return {
        change.address
        + (f" (deposed object {change.deposed})" if change.deposed else ""): change
        for change in plan.changes
    }


def _of_changes(
    rehearsed: Mapping[str, Change], real: Mapping[str, Change]
) -> Iterator[str]:
    for name, ours, theirs in _paired(rehearsed, real):
        if ours is None or theirs is None:
            has = ours or theirs
            is_ours = ours is not None
            yield _only_in_one(name, has.kind if has else "", is_ours=is_ours)
            continue
        for what, mine, other in (
            ("actions", ours.actions, theirs.actions),
            (
                "replaced because of",
                tuple(sorted(map(render_path, ours.replace_paths))),
                tuple(sorted(map(render_path, theirs.replace_paths))),
            ),
            (
                "moved from",
                _listed(ours.previous_address),
                _listed(theirs.previous_address),
            ),
            ("imported", _listed(ours.imported), _listed(theirs.imported)),
        ):
            if mine != other:
                yield _differs(name, what, mine, other)


def _of_outputs(
    rehearsed: Mapping[str, OutputChange], real: Mapping[str, OutputChange]
) -> Iterator[str]:
    for key, ours, theirs in _paired(rehearsed, real):
        name = f"output.{key}"
        if ours is None or theirs is None:
            has = ours or theirs
            is_ours = ours is not None
            yield _only_in_one(name, has.kind if has else "", is_ours=is_ours)
            continue
        if ours.actions != theirs.actions:
            yield _differs(name, "actions", ours.actions, theirs.actions)
        elif ours.known_after_apply != theirs.known_after_apply:
            words = {True: ("after apply",), False: ("before apply",)}
            mine, other = (words[o.known_after_apply] for o in (ours, theirs))
            yield _differs(name, "known", mine, other)


def _paired(
    first: Mapping[str, Item], second: Mapping[str, Item]
) -> Iterator[tuple[str, Item | None, Item | None]]:
    for name in sorted({*first, *second}):
        yield name, first.get(name), second.get(name)


def _only_in_one(name: str, kind: str, *, is_ours: bool) -> str:
    has, lacks = (OURS, REAL) if is_ours else (REAL, OURS)
    return f"{name}: {kind} in {has}, absent from {lacks}"


def _differs(
    name: str, what: str, ours: tuple[str, ...], theirs: tuple[str, ...]
) -> str:
    mine, other = (", ".join(words) or "nothing" for words in (ours, theirs))
    return f"{name}: {what}: {mine} in {OURS}, {other} in {REAL}"


def _listed(value: str | bool | None) -> tuple[str, ...]:  # noqa: FBT001
    return (str(value).lower() if value is True else str(value),) if value else ()
