"""
Check a configuration as the provider does, and as AWS would.

What Terraform checks by the schema itself, such as types and required attributes, is
not repeated here. A value that is not yet known is never wrong.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias, cast

from rehearsal.resource_types.rules import SAME_TYPES, TypeRules
from rehearsal.resource_types.schema import (
    Attribute,
    Body,
    CtyType,
    Nesting,
    TypeSchema,
)
from rehearsal.resource_types.values import Unknown
from rehearsal.validation.arns import Arn
from rehearsal.validation.checks import Between, Check, JsonText, Length, OneOf
from rehearsal.validation.combinations import COMBINATIONS, Combination
from rehearsal.validation.enumerations import enumerations_of
from rehearsal.validation.observed import kept_rules, observed_of
from rehearsal.validation.patterns import PATTERNS
from rehearsal.validation.problems import SENSITIVE, Config, Path, Problem, shown
from rehearsal.validation.relations import Relation, check_relations, relations_of
from rehearsal.validation.tags import TAGS

__all__ = ["Problem", "check_config"]

Shape: TypeAlias = Literal["scalar", "list", "set", "map"]


@dataclass(frozen=True, slots=True)
class Leaf:
    """
    An attribute with checks of its values.

    Args:
        name: Terraform's name.
        shape: whether the checks are for the value or its elements.
        checks: the checks.
        sensitive: whether messages hide the value.
    """

    name: str
    shape: Shape
    checks: tuple[Check, ...]
    sensitive: bool


@dataclass(frozen=True, slots=True)
class Count:
    """
    How many elements or blocks there may be.

    Args:
        name: Terraform's name.
        least: the fewest, if any.
        most: the most, 0 for no limit.
        required: whether there must be some.
    """

    name: str
    least: int
    most: int
    required: bool


@dataclass(frozen=True, slots=True)
class Part:
    """
    What is checked in a body.

    Args:
        leaves: attributes with checks.
        counts: lists with limits.
        fixed: attributes that only the provider sets.
        children: nested blocks in which something is checked.
    """

    leaves: tuple[Leaf, ...]
    counts: tuple[Count, ...]
    fixed: tuple[str, ...]
    children: "tuple[tuple[str, Nesting, Part], ...]"


@dataclass(frozen=True, slots=True)
class Checks:
    """
    What is checked in a type.

    Args:
        part: its body.
        relations: attributes that exclude or need one another.
        combinations: what AWS refuses together.
    """

    part: Part
    relations: tuple[Relation, ...]
    combinations: tuple[Combination, ...]


_COMPILED: dict[tuple[str, str], tuple[TypeSchema, TypeRules, Checks]] = {}


def check_config(
    schema: TypeSchema, rules: TypeRules, config: Mapping[str, object]
) -> list[Problem]:
    """
    List what is wrong in the configuration of a resource, data source or provider.

    Args:
        schema: its type.
        rules: the provider's rules of the type.
        config: the configuration as Terraform sends it.
    """
    checks = _checks_of(schema, rules)
    found = [
        Problem(_clip(schema.body, problem.path), problem.summary, problem.detail)
        for problem in _check_part(schema, checks.part, config, ())
    ]
    found += _finish(schema, check_relations(checks.relations, config))
    for combination in checks.combinations:
        found += _finish(schema, combination(config))
    return found


def _checks_of(schema: TypeSchema, rules: TypeRules) -> Checks:
    key = schema.kind, schema.name
    compiled = _COMPILED.get(key)
    if compiled and compiled[0] is schema and compiled[1] is rules:
        return compiled[2]
    checks = _compile(schema, rules)
    _COMPILED[key] = schema, rules, checks
    return checks


def _compile(schema: TypeSchema, rules: TypeRules) -> Checks:
    if schema.kind == "resource":
        rules = kept_rules(schema.name, rules)
        checks = _value_checks(schema.name, rules)
        relations = relations_of(rules, schema.body)
    else:
        checks = {p: list(c) for p, c in PATTERNS.get(_table_name(schema), {}).items()}
        relations = ()
    part = _compile_body(schema.body, (), checks, rules)
    combinations = COMBINATIONS.get(_table_name(schema), ())
    if "tags" in schema.body.attributes and schema.kind == "resource":
        combinations = (*combinations, TAGS)
    return Checks(part, relations, combinations)


def _table_name(schema: TypeSchema) -> str:
    return schema.name if schema.kind == "resource" else f"{schema.kind}.{schema.name}"


def _value_checks(type_name: str, rules: TypeRules) -> dict[str, list[Check]]:
    """
    Collect the checks of a type's values by dotted path.
    """
    name = SAME_TYPES.get(type_name, type_name)
    seen = observed_of(name)
    own = PATTERNS.get(type_name, {})
    found: dict[str, list[Check]] = {path: list(checks) for path, checks in own.items()}
    for path, values in enumerations_of(name).items():
        if path in rules.enum and not _has(OneOf, own.get(path, ())):
            fold, empty = path in seen.fold, path in seen.empty
            found.setdefault(path, []).append(OneOf(values, fold=fold, empty=empty))
    for path, bounds in rules.range.items():
        limited = _has((Length, Between, OneOf), own.get(path, ()))
        if not limited and (check := _range_check(bounds)):
            found.setdefault(path, []).append(check)
    for path in rules.json | seen.json.keys():
        kind = seen.json.get(path, "json")
        found.setdefault(path, []).append(JsonText(kind))
    for path in seen.arn:
        if not _has(Arn, found.get(path, ())):
            found.setdefault(path, []).append(Arn())
    return found


def _has(
    kind: type[object] | tuple[type[object], ...], checks: Iterable[Check]
) -> bool:
    return any(isinstance(check, kind) for check in checks)


def _range_check(bounds: Sequence[str | int]) -> Check | None:
    kind, *limits = bounds
    numbers = cast("list[int]", limits)
    if kind == "StringLenBetween":
        return Length(*numbers)
    if kind == "IntBetween":
        return Between(*numbers)
    if kind == "IntAtLeast":
        return Between(least=numbers[0])
    return Between(most=numbers[0]) if kind == "IntAtMost" else None


def _compile_body(
    body: Body,
    path: tuple[str, ...],
    checks: Mapping[str, list[Check]],
    rules: TypeRules,
) -> Part:
    leaves: list[Leaf] = []
    counts: list[Count] = []
    children: list[tuple[str, Nesting, Part]] = []
    for name, attribute in body.attributes.items():
        dotted = ".".join((*path, name))
        shape = _shape(attribute.type)
        if (found := checks.get(dotted)) and shape:
            sensitive = attribute.sensitive
            leaves.append(Leaf(name, shape, tuple(found), sensitive))
        if shape in {"list", "set"} and (count := _count(name, dotted, rules)):
            counts.append(count)
        if part := _compile_object(attribute, (*path, name), checks, rules):
            nesting = "set" if attribute.type[0] == "set" else "list"
            children.append((name, nesting, part))
    for name, block in body.blocks.items():
        dotted = ".".join((*path, name))
        required = dotted in rules.required and not block.min_items
        if count := _count(name, dotted, rules, required=required):
            counts.append(count)
        part = _compile_body(block.body, (*path, name), checks, rules)
        if part != EMPTY:
            children.append((name, block.nesting, part))
    return Part(tuple(leaves), tuple(counts), _fixed(body), tuple(children))


EMPTY = Part((), (), (), ())


def _fixed(body: Body) -> tuple[str, ...]:
    return tuple(
        name
        for name, attribute in body.attributes.items()
        if attribute.computed and not (attribute.optional or attribute.required)
    )


def _count(
    name: str, dotted: str, rules: TypeRules, *, required: bool = False
) -> Count | None:
    least, most = rules.min_items.get(dotted, 0), rules.max_items.get(dotted, 0)
    if least > 1 or most or required:
        return Count(name, least, most, required)
    return Count(name, least, most, required) if least else None


def _compile_object(
    attribute: Attribute,
    path: tuple[str, ...],
    checks: Mapping[str, list[Check]],
    rules: TypeRules,
) -> Part | None:
    """
    Compile an attribute whose elements are objects, as some blocks are written.
    """
    kind = attribute.type
    if isinstance(kind, str) or kind[0] not in {"list", "set"}:
        return None
    element = cast("CtyType", kind[1])
    if isinstance(element, str) or element[0] != "object":
        return None
    members = cast("dict[str, CtyType]", element[1])
    body = Body(
        {
            name: Attribute(name, type_, optional=True)
            for name, type_ in members.items()
        },
        {},
    )
    part = _compile_body(body, path, checks, rules)
    return part if part != EMPTY else None


def _shape(kind: CtyType) -> Shape | None:
    if isinstance(kind, str):
        return "scalar" if kind != "dynamic" else None
    if kind[0] in {"list", "set", "map"} and isinstance(kind[1], str):
        return cast("Shape", kind[0])
    return None


def _check_part(
    schema: TypeSchema, part: Part, config: Config, path: Path
) -> Iterator[Problem]:
    for leaf in part.leaves:
        value = config.get(leaf.name)
        if value is None or value is Unknown:
            continue
        yield from _check_leaf(schema, leaf, value, (*path, leaf.name))
    for count in part.counts:
        yield from _check_count(schema, count, config.get(count.name), path)
    for name in part.fixed:
        value = config.get(name)
        if value is not None and value is not Unknown:
            yield _unconfigurable(schema, (*path, name))
    for name, nesting, child in part.children:
        for index, block in _blocks(config.get(name)):
            where = (*path, name)
            if index is not None and nesting == "list":
                where = (*where, index)
            yield from _check_part(schema, child, block, where)


def _blocks(value: object) -> Iterator[tuple[int | None, Config]]:
    if isinstance(value, Mapping):
        yield None, cast("Config", value)
    elif isinstance(value, list):
        for index, block in enumerate(cast("list[object]", value)):
            if isinstance(block, Mapping):
                yield index, cast("Config", block)


def _check_leaf(
    schema: TypeSchema, leaf: Leaf, value: object, path: Path
) -> Iterator[Problem]:
    if leaf.shape == "scalar":
        yield from _check_value(schema, leaf, value, path)
    elif leaf.shape == "list":
        for index, item in enumerate(cast("Sequence[object]", value)):
            yield from _check_value(schema, leaf, item, (*path, index))
    elif leaf.shape == "set":
        for item in cast("Sequence[object]", value):
            yield from _check_value(schema, leaf, item, path)


def _check_value(
    schema: TypeSchema, leaf: Leaf, value: object, path: Path
) -> Iterator[Problem]:
    if value is None or value is Unknown:
        return
    for check in leaf.checks:
        if check.allows(value):
            continue
        got = SENSITIVE if leaf.sensitive else value
        name = _dotted(path)
        summary = check.explain(name, value)
        if leaf.sensitive:
            summary = f"invalid value for {name}"
        yield Problem(
            path,
            summary,
            f"{schema.name}: {name}: got {shown(got)}; allowed: {check.allowed}",
        )


def _check_count(
    schema: TypeSchema, count: Count, value: object, path: Path
) -> Iterator[Problem]:
    if value is Unknown:
        return
    items = (
        len(cast("Sequence[object]", value))
        if isinstance(value, list | tuple | set | frozenset)
        else int(value is not None)
    )
    where = (*path, count.name)
    name = f"{schema.name}: attribute {_dotted(where)}"
    if count.required and not items:
        summary = "Missing required block"
        yield Problem(where, summary, f"{name} must be there at least once")
    elif count.most and items > count.most:
        yield Problem(
            where,
            "Too many list items",
            f"{name} supports {count.most} item maximum, but config has {items} "
            "declared",
        )
    elif 0 < items < count.least:
        yield Problem(
            where,
            "Not enough list items",
            f"{name} requires {count.least} item minimum, but config has only {items} "
            "declared",
        )


def _unconfigurable(schema: TypeSchema, path: Path) -> Problem:
    return Problem(
        path,
        "Value for unconfigurable attribute",
        f"{schema.name}: can't configure a value for {_dotted(path)}: its value will "
        "be decided automatically based on the result of applying this configuration",
    )


def _dotted(path: Path) -> str:
    return ".".join(map(str, path))


def _finish(schema: TypeSchema, problems: Iterator[Problem]) -> list[Problem]:
    """
    Name the type, and end paths where a set or map begins.
    """
    return [
        Problem(
            _clip(schema.body, problem.path),
            problem.summary,
            f"{schema.name}: {problem.detail}",
            problem.severity,
        )
        for problem in problems
    ]


def _clip(body: Body, path: Path) -> Path:
    kept: list[str | int] = []
    for step in path:
        if isinstance(step, int):
            kept.append(step)
            continue
        kept.append(step)
        if attribute := body.attributes.get(step):
            if attribute.type[0] != "list":
                return tuple(kept)
        elif block := body.blocks.get(step):
            if block.nesting == "set":
                return tuple(kept)
            body = block.body
    return tuple(kept)
