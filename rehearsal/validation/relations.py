"""
Check the attributes of a type that exclude or need one another.

Paths in the rules are dotted. As in the provider, one that leads through a list of
blocks means the first of them:
https://github.com/hashicorp/terraform-plugin-sdk/blob/v2.38.1/helper/schema/schema.go
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias, cast

from rehearsal.resource_types.rules import TypeRules
from rehearsal.resource_types.schema import Body
from rehearsal.resource_types.values import Unknown
from rehearsal.validation.problems import Config, Path, Problem

Kind: TypeAlias = Literal[
    "conflicts_with", "exactly_one_of", "at_least_one_of", "required_with"
]
Steps: TypeAlias = "tuple[str, ...]"
State: TypeAlias = Literal["absent", "set", "unknown"]

CONFLICT = "Conflicting configuration arguments"
COMBINATION = "Invalid combination of arguments"
MISSING = "Missing required argument"

INDEX = re.compile(r"\.\d+(?=\.|$)")


@dataclass(frozen=True, slots=True)
class Member:
    """
    An attribute or block that a relation is about.

    Args:
        steps: the names that lead to it.
        block: whether it is a block, whose empty list says nothing.
    """

    steps: Steps
    block: bool

    @property
    def dotted(self) -> str:
        """
        The names as the rules write them.
        """
        return ".".join(self.steps)


@dataclass(frozen=True, slots=True)
class Relation:
    """
    What an attribute asks of others.

    Args:
        kind: what it asks.
        member: the attribute.
        others: the others, and itself unless it excludes them.
    """

    kind: Kind
    member: Member
    others: tuple[Member, ...]


def relations_of(rules: TypeRules, body: Body) -> tuple[Relation, ...]:
    """
    Read the relations of a type, without members that its schema does not have.
    """
    return (
        *_read("exactly_one_of", rules.exactly_one_of, body),
        *_read("at_least_one_of", rules.at_least_one_of, body),
        *_read("required_with", rules.required_with, body),
        *_read("conflicts_with", rules.conflicts_with, body),
    )


def check_relations(relations: Iterable[Relation], config: Config) -> Iterator[Problem]:
    """
    List the broken relations of a configuration.
    """
    for relation in relations:
        for path, state in _places(config, relation.member.steps, relation.member):
            if found := _broken(relation, config, state):
                yield Problem(path, *found)


def _read(
    kind: Kind, lists: Mapping[str, Sequence[str]], body: Body
) -> Iterator[Relation]:
    for name, listed in lists.items():
        member = _member(body, tuple(name.split(".")))
        if member is None:
            continue
        found = {_resolve(item, member.steps, body) for item in listed}
        if kind in {"exactly_one_of", "at_least_one_of"}:
            found |= _twins(lists, name, body)
        found = (found | {member}) if kind != "conflicts_with" else (found - {member})
        others = sorted((o for o in found if o is not None), key=lambda o: o.dotted)
        if len(others) > (kind != "conflicts_with"):
            yield Relation(kind, member, tuple(others))


def _twins(
    lists: Mapping[str, Sequence[str]], name: str, body: Body
) -> set[Member | None]:
    """
    Find the members of a group that name the same group.

    The rules list a member only where the provider's source writes it as text.
    """
    prefix = name.rpartition(".")[0]
    return {
        _member(body, tuple(twin.split(".")))
        for twin, listed in lists.items()
        if sorted(listed) == sorted(lists[name]) and twin.rpartition(".")[0] == prefix
    }


def _resolve(item: str, steps: Steps, body: Body) -> Member | None:
    found = tuple(INDEX.sub("", item).split("."))
    return _member(body, found) or _member(body, (*steps[:-1], *found))


def _member(body: Body, steps: Steps) -> Member | None:
    for step in steps[:-1]:
        block = body.blocks.get(step)
        if block is None:
            return None
        body = block.body
    if steps[-1] in body.blocks:
        return Member(steps, block=True)
    return Member(steps, block=False) if steps[-1] in body.attributes else None


def _places(
    config: Config, steps: Steps, member: Member
) -> Iterator[tuple[Path, State]]:
    """
    List where an attribute stands: in each block that encloses it.
    """
    value = config.get(steps[0])
    if len(steps) == 1:
        yield steps, _state_of(value, member)
    elif isinstance(value, Mapping):
        for path, state in _places(cast("Config", value), steps[1:], member):
            yield (steps[0], *path), state
    elif isinstance(value, list | tuple):
        for index, block in enumerate(cast("Sequence[object]", value)):
            if isinstance(block, Mapping):
                inner = _places(cast("Config", block), steps[1:], member)
                for path, state in inner:
                    yield (steps[0], index, *path), state


def _find(config: Config, member: Member) -> State:
    for step in member.steps[:-1]:
        value = config.get(step)
        if isinstance(value, list | tuple):
            items = cast("Sequence[object]", value)
            value = items[0] if items else None
        if value is Unknown:
            return "unknown"
        if not isinstance(value, Mapping):
            return "absent"
        config = cast("Config", value)
    return _state_of(config.get(member.steps[-1]), member)


def _state_of(value: object, member: Member) -> State:
    if value is Unknown:
        return "unknown"
    return "absent" if value is None or (member.block and not value) else "set"


def _broken(relation: Relation, config: Config, state: State) -> tuple[str, str] | None:
    """
    Return summary and detail for a relation that does not hold.
    """
    states = [(other.dotted, _find(config, other)) for other in relation.others]
    given = ",".join(name for name, found in states if found == "set")
    unknown = any(found == "unknown" for _, found in states)
    missing = any(found == "absent" for _, found in states)
    name = f'"{relation.member.dotted}":'
    every = ",".join(other.dotted for other in relation.others)
    if relation.kind == "conflicts_with":
        broken = state == "set" and given
        wording = (
            "Conflicting configuration arguments",
            f"{name} conflicts with {given}",
        )
    elif relation.kind == "required_with":
        broken = state != "absent" and missing and not unknown
        wording = MISSING, f"{name} all of `{every}` must be specified"
    elif "," in given:
        broken = relation.kind == "exactly_one_of"
        only = f"{name} only one of `{every}` can be specified"
        wording = COMBINATION, f"{only}, but `{given}` were specified"
    else:
        broken = not given and not unknown
        summary = COMBINATION if relation.kind == "exactly_one_of" else MISSING
        wording = summary, f"{name} one of `{every}` must be specified"
    return wording if broken else None
