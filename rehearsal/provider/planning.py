"""
Plan the change of one resource as the provider would.

Terraform proposes a new state: what the configuration says, and the prior value of what
only the provider knows. The provider answers with the planned state, in which what will
be known after the apply is unknown, and with the paths whose change replaces the
resource:
https://github.com/hashicorp/terraform/blob/v1.11.4/docs/resource-instance-change-lifecycle.md

Most types are built on the provider's older framework, which doesn't tell null from an
empty value and keeps the prior one of the two:
https://github.com/hashicorp/terraform-plugin-sdk/blob/v2.38.1/helper/schema/schema.go
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import cast

from rehearsal.provider.customized import customize
from rehearsal.provider.documents import (
    equivalent,
    equivalent_containers,
    normalized,
    normalized_policy,
)
from rehearsal.provider.renewals import Renewal, renewals_of
from rehearsal.provider.suppressions import alike, kept_blocks
from rehearsal.resource_types.rules import TypeRules
from rehearsal.resource_types.schema import (
    Attribute,
    Body,
    CtyType,
    NestedBlock,
    TypeSchema,
    has_open_type,
)
from rehearsal.resource_types.values import (
    Block,
    Unknown,
    canonical,
    is_empty,
    is_known,
)

Steps = tuple[str | int, ...]
Same = Callable[[object, object], bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """
    What the provider's configuration adds to each plan.

    Args:
        region: the provider's region.
        default_tags: tags of every resource. Defaults to none.
        ignored_tags: keys of tags that the provider doesn't manage. Defaults to none.
        ignored_prefixes: their beginnings. Defaults to none.
    """

    region: str
    default_tags: Mapping[str, object] = field(default_factory=dict[str, object])
    ignored_tags: frozenset[str] = frozenset()
    ignored_prefixes: tuple[str, ...] = ()

    def all_tags(self, tags: object) -> object:
        """
        Return what `tags_all` will be, unknown with a tag that is.
        """
        if not is_known(tags) or not is_known(self.default_tags):
            return Unknown
        own = cast("dict[str, object]", tags or {})
        return {
            key: value
            for key, value in {**self.default_tags, **own}.items()
            if value is not None
            and key not in self.ignored_tags
            and not key.startswith(self.ignored_prefixes or ("\0",))
        }


@dataclass(frozen=True, slots=True)
class Plan:
    """
    What a plan says of one resource.

    Args:
        planned: the planned state.
        replace: the paths whose change replaces the resource. Defaults to none.
        changed: whether the planned state differs from the prior one. Defaults to True.
    """

    planned: Block
    replace: tuple[Steps, ...] = ()
    changed: bool = True


@dataclass(frozen=True, slots=True)
class PlannedAttribute:
    """
    What planning needs to know of an attribute.
    """

    name: str
    same: Same
    default: object
    computed: bool
    optional: bool
    force_new: bool
    write_only: bool
    written: Callable[[str], str] | None
    null_when_absent: bool

    @property
    def absent(self) -> object:
        """
        What is planned where the configuration says nothing.
        """
        if self.default is None:
            unknown = self.computed and not self.null_when_absent
            return Unknown if unknown else None
        return self.default


@dataclass(frozen=True, slots=True)
class PlannedBlock:
    """
    What planning needs to know of a nested block.
    """

    name: str
    body: "PlannedBody"
    is_set: bool
    is_single: bool
    computed: bool
    kept: bool
    force_new: bool


@dataclass(frozen=True, slots=True)
class PlannedBody:
    """
    What planning needs to know of a block.

    Args:
        attributes: all of them.
        filled: those whose absent value something else takes the place of.
        blocks: all of them.
    """

    attributes: tuple[PlannedAttribute, ...]
    filled: tuple[PlannedAttribute, ...]
    blocks: tuple[PlannedBlock, ...]

    @property
    def is_plain(self) -> bool:
        """
        Whether new blocks are planned exactly as proposed.
        """
        return not self.filled and all(
            block.body.is_plain and not block.computed for block in self.blocks
        )


class Planner:
    """
    Plan the changes of resources of one type.

    Args:
        schema: the type.
        rules: its rules.
    """

    def __init__(self, schema: TypeSchema, rules: TypeRules) -> None:
        id_ = schema.body.attributes.get("id")
        # In the older framework every resource has an id that could be configured.
        self._legacy = id_ is not None and id_.optional
        self._name = schema.name
        self._open = has_open_type(schema.body)
        self._rules = rules
        self._kept = kept_blocks(schema.name)
        self._alike = alike(schema.name)
        self._body = self._compile(schema.body, ())
        self._tagged = {"tags", "tags_all"} <= schema.body.attributes.keys()
        region = schema.body.attributes.get("region")
        self._regional = region is not None and region.optional and region.computed
        self._renewals = renewals_of(schema.name)
        self._top = frozenset(schema.body.attributes)

    def create(self, proposed: Block, around: Surroundings) -> Plan:
        """
        Plan a new resource.
        """
        planned = self._created(self._body, proposed)
        if self._regional and proposed["region"] is None:
            planned["region"] = around.region
        if self._tagged:
            total = self._total_tags(proposed["tags"], around)
            planned["tags_all"] = total or (
                Unknown if self._legacy else dict[str, str]()
            )
        customize(self._name, planned, None, proposed)
        return Plan(planned)

    def update(
        self, prior: Block, proposed: Block, config: Block, around: Surroundings
    ) -> Plan:
        """
        Plan the change of a resource.
        """
        if self._regional and config["region"] is None:
            proposed["region"] = around.region
        replace: list[Steps] = []
        planned = self._updated(self._body, prior, proposed, (), replace)
        if self._regional:
            self._plan_region(prior, planned, replace)
        if self._tagged:
            self._plan_tags(prior, planned, around)
        customized = customize(self._name, planned, prior, proposed)
        replace.extend((name,) for name in customized)
        if planned == prior:
            return Plan(prior, changed=False)
        self._renew(prior, planned, config)
        return Plan(planned, tuple(dict.fromkeys(replace)))

    def _plan_region(self, prior: Block, planned: Block, replace: list[Steps]) -> None:
        # A state of release 5 has no region; its resources stay where they are.
        if prior["region"] is not None and planned["region"] != prior["region"]:
            replace.append(("region",))

    def _plan_tags(self, prior: Block, planned: Block, around: Surroundings) -> None:
        total = self._total_tags(planned["tags"], around)
        changed = not _same_plain(prior["tags"], planned["tags"])
        if (total or changed) and total != prior["tags_all"]:
            planned["tags_all"] = total

    def _total_tags(self, tags: object, around: Surroundings) -> object:
        # The older framework leaves it open what becomes of a tag without a value.
        if self._legacy and _has_empty(tags):
            return Unknown
        return around.all_tags(tags)

    def _renew(self, prior: Block, planned: Block, config: Block) -> None:
        for renewal in self._renewals:
            if _applies(renewal, prior, planned, self._top):
                for name in renewal.computed:
                    if config.get(name) is None:
                        planned[name] = Unknown

    def _compile(self, body: Body, path: tuple[str, ...]) -> PlannedBody:
        attributes = tuple(
            self._attribute(a, (*path, a.name)) for a in body.attributes.values()
        )
        filled = tuple(
            a
            for a in attributes
            if a.computed or a.default is not None or a.write_only or a.written
        )
        blocks = tuple(self._block(b, (*path, b.name)) for b in body.blocks.values())
        return PlannedBody(attributes, filled, blocks)

    def _attribute(
        self, attribute: Attribute, path: tuple[str, ...]
    ) -> PlannedAttribute:
        dotted = ".".join(path)
        configurable = attribute.optional or attribute.required
        return PlannedAttribute(
            attribute.name,
            self._comparison(attribute.type, dotted),
            _as_type(self._rules.default.get(dotted), attribute.type)
            if attribute.optional
            else None,
            attribute.computed,
            attribute.optional,
            configurable and dotted in self._rules.force_new,
            attribute.write_only,
            self._writer(dotted),
            dotted in self._rules.planned_null,
        )

    def _block(self, block: NestedBlock, path: tuple[str, ...]) -> PlannedBlock:
        dotted = ".".join(path)
        computed = dotted in self._rules.computed and block.min_items == 0
        return PlannedBlock(
            block.name,
            self._compile(block.body, path),
            # The bindings describe some sets with an open type, which are lists here.
            block.nesting == "set" or (self._open and has_open_type(block.body)),
            block.nesting == "single",
            computed,
            computed or dotted in self._kept,
            dotted in self._rules.force_new,
        )

    def _writer(self, dotted: str) -> Callable[[str], str] | None:
        if dotted in self._rules.normalized_policy:
            return normalized_policy
        return normalized if dotted in self._rules.normalized_json else None

    def _comparison(self, type_: CtyType, dotted: str) -> Same:
        if dotted in self._alike:
            return partial(_same_alike, self._alike[dotted])
        if dotted == "container_definitions" and type_ == "string":
            return _same_containers
        if dotted in self._rules.json and type_ == "string":
            return _same_document
        if isinstance(type_, list) and type_[0] == "set":
            return _same_set
        return _same_plain if self._legacy else _same_exactly

    def _created(self, body: PlannedBody, proposed: Block) -> Block:
        planned = dict(proposed)
        for attribute in body.filled:
            value = proposed[attribute.name]
            if attribute.write_only:
                planned[attribute.name] = None
            elif value is None or (
                value in ("", []) and attribute.computed and self._legacy
            ):
                planned[attribute.name] = attribute.absent
            elif attribute.written and isinstance(value, str):
                planned[attribute.name] = attribute.written(value)
        for block in body.blocks:
            planned[block.name] = self._created_block(block, proposed[block.name])
        return planned

    def _created_block(self, block: PlannedBlock, value: object) -> object:
        if block.computed and (value is None or value == []):
            return Unknown
        if value is None or value is Unknown or value == [] or block.body.is_plain:
            return value
        if block.is_single:
            return self._created(block.body, cast("Block", value))
        return [
            element
            if element is Unknown
            else self._created(block.body, cast("Block", element))
            for element in cast("list[object]", value)
        ]

    def _updated(
        self,
        body: PlannedBody,
        prior: Block,
        proposed: Block,
        path: Steps,
        replace: list[Steps],
    ) -> Block:
        planned = dict(proposed)
        for attribute in body.attributes:
            name = attribute.name
            old, new = prior.get(name), proposed[name]
            if new is None and attribute.default is not None:
                new = attribute.default
            if (
                old == new
                or attribute.write_only
                or attribute.same(old, new)
                or (new == "" and attribute.computed and self._legacy)
            ):
                planned[name] = old
            else:
                planned[name] = (
                    attribute.written(new)
                    if attribute.written and isinstance(new, str)
                    else new
                )
                if attribute.force_new:
                    replace.append((*path, name))
        for block in body.blocks:
            old, new = prior.get(block.name), proposed[block.name]
            if old != new or block.body.filled:
                planned[block.name] = self._updated_block(
                    block, old, new, (*path, block.name), replace
                )
        return planned

    def _updated_block(
        self,
        block: PlannedBlock,
        old: object,
        new: object,
        path: Steps,
        replace: list[Steps],
    ) -> object:
        if new is Unknown or old is Unknown:
            if block.force_new:
                replace.append(path)
            return new
        if block.is_single:
            return self._updated_single(block, old, new, path, replace)
        before = cast("list[Block]", old or [])
        after = cast("list[Block]", new or [])
        if block.kept and not after:
            return old
        if block.is_set:
            return self._updated_set(block, before, after, path, replace)
        if block.force_new and len(before) != len(after):
            replace.append(path)
        return self._updated_list(block, before, after, path, replace)

    def _updated_single(
        self,
        block: PlannedBlock,
        old: object,
        new: object,
        path: Steps,
        replace: list[Steps],
    ) -> object:
        if new is None or old is None:
            if old is not new and block.force_new:
                replace.append(path)
            return new
        return self._updated(
            block.body, cast("Block", old), cast("Block", new), path, replace
        )

    def _updated_list(
        self,
        block: PlannedBlock,
        before: list[Block],
        after: list[Block],
        path: Steps,
        replace: list[Steps],
    ) -> object:
        planned: list[object] = []
        for index, element in enumerate(after):
            if element is Unknown:
                planned.append(element)
                continue
            added = index >= len(before)
            known = {} if added else before[index]
            changed = self._updated(block.body, known, element, (*path, index), replace)
            planned.append(self._created(block.body, element) if added else changed)
        for index in range(len(after), len(before) if self._legacy else 0):
            self._removed(block.body, before[index], (*path, index), replace)
        return planned

    def _updated_set(
        self,
        block: PlannedBlock,
        before: list[Block],
        after: list[Block],
        path: Steps,
        replace: list[Steps],
    ) -> object:
        if any(element is Unknown for element in after):
            if self._forces(block):
                replace.append(path)
            return after
        kept: list[Block] = []
        left = list(before)
        added: list[Block] = []
        for element in after:
            match = self._taken(block.body, left, element)
            if match is None:
                added.append(self._created(block.body, element))
            else:
                kept.append(match)
        if not added and not left:
            return before
        if self._forces(block):
            replace.append(path)
        return kept + added

    def _forces(self, block: PlannedBlock) -> bool:
        # Within a set, paths have no place of their own: the set as a whole changes.
        return (
            block.force_new
            or any(attribute.force_new for attribute in block.body.attributes)
            or any(self._forces(inner) for inner in block.body.blocks)
        )

    def _same_body(self, body: PlannedBody, old: Block, new: Block) -> bool:
        if old == new:
            return True
        for attribute in body.attributes:
            value = new.get(attribute.name)
            if value is None and attribute.default is not None:
                value = attribute.default
            if value is None and attribute.computed:
                continue
            if not attribute.same(old.get(attribute.name), value):
                return False
        return all(
            self._same_blocks(block, old.get(block.name), new.get(block.name))
            for block in body.blocks
        )

    def _same_blocks(self, block: PlannedBlock, old: object, new: object) -> bool:
        if old == new or (is_empty(new) and (is_empty(old) or block.kept)):
            return True
        if old is Unknown or new is Unknown or old is None or new is None:
            return False
        if block.is_single:
            return self._same_body(block.body, cast("Block", old), cast("Block", new))
        return self._same_elements(
            block, cast("list[Block]", old), cast("list[Block]", new)
        )

    def _same_elements(
        self, block: PlannedBlock, before: list[Block], after: list[Block]
    ) -> bool:
        if len(before) != len(after):
            return False
        if not block.is_set:
            return all(map(self._same_body, [block.body] * len(after), before, after))
        left = list(before)
        return all(self._taken(block.body, left, each) is not None for each in after)

    def _taken(
        self, body: PlannedBody, left: list[Block], wanted: Block
    ) -> Block | None:
        """
        Take an element like the wanted one out of those that are left.
        """
        match = next(
            (each for each in left if self._same_body(body, each, wanted)), None
        )
        if match is not None:
            left.remove(match)
        return match

    def _removed(
        self, body: PlannedBody, old: Block, path: Steps, replace: list[Steps]
    ) -> None:
        forcing = [a.name for a in body.attributes if a.force_new and not a.computed]
        forcing += [b.name for b in body.blocks if self._forces(b)]
        replace.extend((*path, name) for name in forcing if not is_empty(old.get(name)))


def _has_empty(tags: object) -> bool:
    return isinstance(tags, dict) and "" in cast("Block", tags).values()


def _as_type(default: object, type_: CtyType) -> object:
    # Some texts have numbers as defaults in the provider's source.
    if type_ != "string" or default is None or isinstance(default, str):
        return default
    return str(default).lower() if isinstance(default, bool) else str(default)


def _applies(
    renewal: Renewal, prior: Block, planned: Block, top: frozenset[str]
) -> bool:
    if renewal.only_if and planned.get(renewal.only_if) is not True:
        return False
    names = renewal.when or top
    return any(planned.get(name) != prior.get(name) for name in names)


def _same_alike(values: frozenset[object], old: object, new: object) -> bool:
    if old == new or (is_empty(old) and is_empty(new)):
        return True
    return {old or "", new or ""} <= values


def _same_exactly(old: object, new: object) -> bool:
    return old == new


def _same_plain(old: object, new: object) -> bool:
    return old == new or (is_empty(old) and is_empty(new))


def _same_set(old: object, new: object) -> bool:
    if old == new or (is_empty(old) and is_empty(new)):
        return True
    if not isinstance(old, list) or not isinstance(new, list):
        return False
    before, after = cast("list[object]", old), cast("list[object]", new)
    return len(before) == len(after) and sorted(map(canonical, before)) == sorted(
        map(canonical, after)
    )


def _same_containers(old: object, new: object) -> bool:
    if isinstance(old, str) and isinstance(new, str):
        return equivalent_containers(old, new)
    return is_empty(old) and is_empty(new)


def _same_document(old: object, new: object) -> bool:
    if isinstance(old, str) and isinstance(new, str):
        return equivalent(old, new)
    return is_empty(old) and is_empty(new)
