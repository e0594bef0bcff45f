"""
Small plans as Terraform writes them in JSON, for tests.
"""

import json
from collections.abc import Mapping, Sequence

from rehearsal.plans.changes import Plan, read_plan

CREATED_FIRST = ("create", "delete")
DESTROYED_FIRST = ("delete", "create")

Entry = dict[str, object]


def entry(
    address: str,
    *actions: str,
    change: Mapping[str, object] | None = None,
    **more: object,
) -> Entry:
    """
    Return one resource change.

    Args:
        address: the resource instance.
        actions: what is done.
        change: further keys of `change`. Defaults to none.
        more: further keys of the entry.
    """
    return {
        "address": address,
        "type": address.split(".")[-2],
        "change": {"actions": list(actions), **(change or {})},
        **more,
    }


def output(*actions: str, unknown: object = False) -> Entry:
    """
    Return one output change.
    """
    return {"actions": list(actions), "after_unknown": unknown}


def plan_json(
    *entries: Entry,
    outputs: Mapping[str, Entry] | None = None,
    needs: Mapping[str, Sequence[str]] | None = None,
    configuration: Mapping[str, object] | None = None,
) -> dict[str, object]:
    """
    Return a plan.

    Args:
        entries: the resource changes.
        outputs: the output changes. Defaults to none.
        needs: what each resource in the prior state depends on. Defaults to nothing.
        configuration: the root module. Defaults to an empty one.
    """
    resources = [
        {"address": address, "depends_on": list(needed)}
        for address, needed in (needs or {}).items()
    ]
    return {
        "format_version": "1.2",
        "planned_values": {},
        "resource_changes": list(entries),
        "output_changes": dict(outputs or {}),
        "prior_state": {"values": {"root_module": {"resources": resources}}},
        "configuration": {"root_module": dict(configuration or {})},
    }


def plan_of(*entries: Entry, outputs: Mapping[str, Entry] | None = None) -> Plan:
    """
    Return what a plan with these changes does.
    """
    return read_plan(json.loads(json.dumps(plan_json(*entries, outputs=outputs))))
