"""
Rehearsed plans are those of a real provider, for many types and kinds of changes.

Each file `planned_changes/GROUP.tf` is a configuration with the variable `n`: with 0 it
is the base, with 1 the change. A folder has both, as `base` and `head`. `GROUP.json` is
what the real provider planned: to create the base, and to change it.
"""

import json
from collections.abc import Generator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

import pytest

from tests.rehearsal.rehearsing import Json, Stage, open_stage

FOLDER = Path(__file__).parent.parent / "fixtures/planned_changes"
GROUPS = sorted(path.stem for path in FOLDER.glob("*.json"))

PROVIDER = 'provider "aws" {\n  region = "eu-west-1"\n}\n'

Facts = dict[str, object]


@dataclass(frozen=True, slots=True)
class Recorded:
    """
    What a real provider planned for a group.

    Args:
        create: what it planned from nothing, by address.
        change: what it planned for the change.
        differences: where a rehearsal says something else, and why.
        not_in_provider: arguments by type that the recorded release didn't have.
    """

    create: Mapping[str, Facts]
    change: Mapping[str, Facts]
    differences: Mapping[str, str]
    not_in_provider: Mapping[str, list[str]]


def read_recorded(group: str) -> Recorded:
    content = json.loads((FOLDER / f"{group}.json").read_bytes())
    return Recorded(
        content["create"],
        content["change"],
        content["differences"],
        content["not_in_provider"],
    )


def files_of(group: str, side: int) -> dict[str, str]:
    folder = FOLDER / group / ("base", "head")[side]
    if folder.is_dir():
        return {
            str(file.relative_to(folder)): file.read_text(encoding="utf-8")
            for file in folder.rglob("*.tf")
        }
    # One run of Terraform for all single files is much faster than one for each.
    return {
        **{file.name: file.read_text(encoding="utf-8") for file in FOLDER.glob("*.tf")},
        "provider.tf": PROVIDER,
        "n.tf": f'variable "n" {{\n  default = {side}\n}}\n',
    }


def facts_of(plan: Json, recorded: Recorded) -> dict[str, Facts]:
    """
    Return what a plan does with each object of a group, in the form of the records.
    """
    entries = cast("list[dict[str, Any]]", plan["resource_changes"])
    return {
        entry["address"]: _facts(entry, recorded)
        for entry in entries
        if entry["address"] in {*recorded.create, *recorded.change}
    }


def _facts(entry: Mapping[str, Any], recorded: Recorded) -> Facts:
    change = entry["change"]
    facts: Facts = {"actions": change["actions"]}
    if change.get("replace_paths"):
        facts["replace_paths"] = sorted(change["replace_paths"], key=str)
    if "previous_address" in entry:
        facts["previous_address"] = entry["previous_address"]
    if change["actions"] not in (["no-op"], ["delete"]):
        newer = recorded.not_in_provider.get(entry["type"], [])
        marks = cast("dict[str, object]", change.get("after_unknown") or {})
        facts["unknown"] = sorted(
            name
            for name, unknown in marks.items()
            if name not in newer and _has_unknown(unknown)
        )
    return facts


def _has_unknown(marks: object) -> bool:
    if isinstance(marks, dict):
        return any(map(_has_unknown, cast("dict[str, object]", marks).values()))
    if isinstance(marks, list):
        return any(map(_has_unknown, cast("list[object]", marks)))
    return marks is True


def differences_of(
    kind: str, rehearsed: Mapping[str, Facts], real: Mapping[str, Facts]
) -> dict[str, tuple[Facts | None, Facts | None]]:
    return {
        f"{kind} {address}": (real.get(address), rehearsed.get(address))
        for address in sorted({*rehearsed, *real})
        if rehearsed.get(address) != real.get(address)
    }


@dataclass(frozen=True, slots=True)
class Rehearsals:
    """
    The rehearsed plans of groups, each made once.
    """

    stage: Stage
    plans: dict[str, Json] = field(default_factory=dict[str, Json])

    def plan(self, group: str, *, changed: bool) -> Json:
        name = group if (FOLDER / group).is_dir() else "files"
        key = f"{name}-1" if changed else f"{name}-0"
        if key not in self.plans:
            base = files_of(group, 0)
            rehearsed = (
                self.stage.plan(key, files_of(group, 1), base=base)
                if changed
                else self.stage.plan(key, base)
            )
            self.plans[key] = rehearsed.json
        return self.plans[key]


@pytest.fixture(scope="module", name="rehearsals")
def _rehearsals(tmp_path_factory: pytest.TempPathFactory) -> Generator[Rehearsals]:
    with open_stage(tmp_path_factory.mktemp("planned")) as stage:
        yield Rehearsals(stage)


@pytest.mark.terraform
@pytest.mark.parametrize("group", GROUPS)
def test_plans_creations_as_the_real_provider(
    rehearsals: Rehearsals, group: str
) -> None:
    """What is known before the apply is the same, with known differences only."""
    recorded = read_recorded(group)
    rehearsed = facts_of(rehearsals.plan(group, changed=False), recorded)

    found = differences_of("create", rehearsed, recorded.create)

    expected = {key for key in recorded.differences if key.startswith("create ")}
    assert expected == found.keys(), found


@pytest.mark.terraform
@pytest.mark.parametrize("group", GROUPS)
def test_plans_changes_as_the_real_provider(rehearsals: Rehearsals, group: str) -> None:
    """Actions, replacement paths and what gets unknown are the same."""
    recorded = read_recorded(group)
    rehearsed = facts_of(rehearsals.plan(group, changed=True), recorded)

    found = differences_of("change", rehearsed, recorded.change)

    expected = {key for key in recorded.differences if key.startswith("change ")}
    assert expected == found.keys(), found


@pytest.mark.terraform
def test_records_every_resource(rehearsals: Rehearsals) -> None:
    """No object of the plans is without a record."""
    recorded = {
        change: {a for group in GROUPS for a in getattr(read_recorded(group), change)}
        for change in ("create", "change")
    }
    planned = {
        change: {
            cast("str", entry["address"])
            for group in GROUPS
            for entry in cast(
                "list[Mapping[str, object]]",
                rehearsals.plan(group, changed=change == "change")["resource_changes"],
            )
        }
        for change in ("create", "change")
    }

    assert recorded == planned
