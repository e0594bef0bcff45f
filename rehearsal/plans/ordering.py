"""
Say in which order Terraform makes the changes around a replacement.

Source: https://github.com/hashicorp/terraform/blob/main/docs/destroying.md
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter
from typing import Literal, cast

StepAction = Literal["create", "update", "destroy", "forget"]

_STEPS: Mapping[str, StepAction] = {
    "create": "create",
    "delete": "destroy",
    "forget": "forget",
    "update": "update",
}
_GONE = frozenset({"destroy", "forget"})
_INDEX = re.compile(r'\[(?:\d+|"(?:[^"\\]|\\.)*")\]')

Tree = Mapping[str, object]
Dependencies = Mapping[str, frozenset[str]]


@dataclass(frozen=True, slots=True, order=True)
class Step:
    """
    One thing that is done to one object.

    Args:
        address: the resource instance.
        action: what is done.
    """

    address: str
    action: StepAction


def order_of(changes: Mapping[str, Sequence[str]], plan: Tree) -> tuple[Step, ...]:
    """
    Return the steps of all replacements and of what they are connected with, in an
    order that Terraform may take.

    Args:
        changes: the actions of each changed resource instance, by address.
        plan: the plan's JSON, for what depends on what.
    """
    replaced = {_resource(a) for a, actions in changes.items() if len(actions) > 1}
    if not replaced:
        return ()
    before = _closed(_dependencies_in_state(plan))
    now = _closed(_dependencies_in_configuration(plan, before))
    near = {
        address: changes[address]
        for address in sorted(changes)
        if _is_near(_resource(address), replaced, (before, now))
    }
    graph: dict[Step, set[Step]] = {
        Step(address, _STEPS[action]): set()
        for address, actions in near.items()
        for action in actions
    }
    for later, earlier in _edges(near, before, now):
        graph[later].add(earlier)
    return _sorted(graph)


def _is_near(
    resource: str, replaced: set[str], graphs: tuple[Dependencies, Dependencies]
) -> bool:
    return resource in replaced or any(
        graph.get(resource, frozenset()) & replaced
        or any(resource in graph.get(other, ()) for other in replaced)
        for graph in graphs
    )


def _edges(
    changes: Mapping[str, Sequence[str]], before: Dependencies, now: Dependencies
) -> Iterator[tuple[Step, Step]]:
    """
    Yield pairs of a step and one that comes before it.
    """
    for address, actions in changes.items():
        first, *others = (Step(address, _STEPS[action]) for action in actions)
        for other in others:
            yield other, first
        for needed, needed_actions in changes.items():
            if needed == address:
                continue
            was = _resource(needed) in before.get(_resource(address), ())
            is_now = _resource(needed) in now.get(_resource(address), ())
            yield from _edges_between(
                address, actions, needed, needed_actions, (was, is_now)
            )


def _edges_between(
    address: str,
    actions: Sequence[str],
    needed: str,
    needed_actions: Sequence[str],
    relation: tuple[bool, bool],
) -> Iterator[tuple[Step, Step]]:
    was, is_now = relation
    made, gone = _made_and_gone(address, actions)
    needed_made, needed_gone = _made_and_gone(needed, needed_actions)
    if is_now and made and needed_made:
        yield made, needed_made
    if was and gone and needed_gone:
        yield needed_gone, gone
    if was and made and needed_gone and needed_actions[0] == "create":
        yield needed_gone, made
    elif was and made and needed_gone:
        yield made, needed_gone


def _made_and_gone(
    address: str, actions: Sequence[str]
) -> tuple[Step | None, Step | None]:
    steps = [Step(address, _STEPS[action]) for action in actions]
    made = next((step for step in steps if step.action not in _GONE), None)
    gone = next((step for step in steps if step.action in _GONE), None)
    return made, gone


def _sorted(graph: Mapping[Step, set[Step]]) -> tuple[Step, ...]:
    sorter = TopologicalSorter(graph)
    try:
        sorter.prepare()
    except CycleError:
        # What the state and the configuration say together need not be one graph.
        return ()
    ordered: list[Step] = []
    while sorter.is_active():
        ready = sorted(sorter.get_ready())
        ordered += ready
        sorter.done(*ready)
    return tuple(ordered)


def _resource(address: str) -> str:
    """
    Return the address of a resource without the keys of instances.
    """
    return _INDEX.sub("", address)


def _closed(direct: Mapping[str, Iterable[str]]) -> Dependencies:
    """
    Return what each resource depends on through others, too.
    """
    closed: dict[str, frozenset[str]] = {}
    for name in direct:
        reached: set[str] = set()
        waiting = [name]
        while waiting:
            for needed in direct.get(waiting.pop(), ()):
                if needed not in reached:
                    reached.add(needed)
                    waiting.append(needed)
        closed[name] = frozenset(reached - {name})
    return closed


def _dependencies_in_state(plan: Tree) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    state = cast("Tree", plan.get("prior_state") or {})
    root = cast("Tree", cast("Tree", state.get("values") or {}).get("root_module"))
    waiting = [root] if root else []
    while waiting:
        module = waiting.pop()
        waiting += cast("Sequence[Tree]", module.get("child_modules", ()))
        for resource in cast("Sequence[Tree]", module.get("resources", ())):
            needed = cast("Sequence[str]", resource.get("depends_on", ()))
            name = _resource(str(resource["address"]))
            found.setdefault(name, set()).update(map(_resource, needed))
    return found


def _dependencies_in_configuration(
    plan: Tree, before: Dependencies
) -> dict[str, set[str]]:
    """
    Return what the configuration refers to.

    A plan does not say what locals refer to: what the state knows of a resource that
    refers to one stands for that.
    """
    configuration = cast("Tree", plan.get("configuration") or {})
    found = _References(cast("Tree", configuration.get("root_module") or {})).found
    return {
        name: needed | (before.get(name, frozenset()) if through_local else set())
        for name, (needed, through_local) in found.items()
    }


class _References:
    """
    Follow references through a configuration's modules.
    """

    def __init__(self, root: Tree) -> None:
        self.found: dict[str, tuple[set[str], bool]] = {}
        self._modules: dict[str, tuple[Tree, Tree]] = {}
        self._add(root, prefix="", call={})
        for prefix, (module, _) in self._modules.items():
            for resource in cast("Sequence[Tree]", module.get("resources", ())):
                names = [
                    *_references_in(resource.get("expressions")),
                    *_references_in(resource.get("count_expression")),
                    *_references_in(resource.get("for_each_expression")),
                    *cast("Sequence[str]", resource.get("depends_on", ())),
                ]
                needed = {r for name in names for r in self._resolve(name, prefix)}
                through_local = any("local." in name for name in needed)
                resources = {name for name in needed if "local." not in name}
                address = f"{prefix}{resource['address']}"
                self.found[address] = (resources, through_local)

    def _add(self, module: Tree, *, prefix: str, call: Tree) -> None:
        self._modules[prefix] = (module, call)
        calls = cast("Mapping[str, Tree]", module.get("module_calls", {}))
        for name, inner in calls.items():
            content = cast("Tree", inner.get("module", {}))
            self._add(content, prefix=f"{prefix}module.{name}.", call=inner)

    def _resolve(self, name: str, prefix: str) -> Iterator[str]:
        """
        Yield the resources and locals that a reference in a module leads to.
        """
        parts = _INDEX.sub("", name).split(".")
        module, call = self._modules.get(prefix, ({}, {}))
        if parts[0] == "var" and prefix:
            outer = prefix.removesuffix(".").rpartition("module.")[0]
            arguments = cast("Tree", call.get("expressions", {}))
            for inner in _references_in(arguments.get(parts[1])):
                yield from self._resolve(inner, outer)
        elif parts[0] == "module" and len(parts) > 2:  # noqa: PLR2004
            yield from self._resolve_output(parts, f"{prefix}module.{parts[1]}.")
        elif parts[0] == "module":
            # depends_on of a whole module: everything that it defines.
            inner = f"{prefix}module.{parts[1]}."
            content = self._modules.get(inner, ({}, {}))[0]
            for resource in cast("Sequence[Tree]", content.get("resources", ())):
                yield f"{inner}{resource['address']}"
        elif parts[0] == "local":
            yield f"{prefix}local.{parts[-1]}"
        elif parts[0] not in {"var", "each", "count", "path", "self", "terraform"}:
            length = 3 if parts[0] == "data" else 2
            yield prefix + ".".join(parts[:length])
        del module

    def _resolve_output(self, parts: Sequence[str], prefix: str) -> Iterator[str]:
        module = self._modules.get(prefix, ({}, {}))[0]
        outputs = cast("Mapping[str, Tree]", module.get("outputs", {}))
        output = outputs.get(parts[2], {})
        for inner in _references_in(output.get("expression")):
            yield from self._resolve(inner, prefix)


def _references_in(expression: object) -> Iterator[str]:
    """
    Yield the references of an expression, of blocks and of lists of them.
    """
    if isinstance(expression, list):
        for item in cast("list[object]", expression):
            yield from _references_in(item)
    elif isinstance(expression, dict):
        members = cast("Mapping[str, object]", expression)
        references = members.get("references")
        if isinstance(references, list):
            yield from (
                name
                for name in cast("list[object]", references)
                if isinstance(name, str)
            )
        for name, member in members.items():
            if name != "references":
                yield from _references_in(member)
