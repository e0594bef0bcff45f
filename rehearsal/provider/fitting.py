"""
Fit what another release of the provider wrote into a state to the schema of this one.

Releases rename and drop attributes, and change their types: a number was a text, the
one object of a list an object of its own. The provider's own upgrades do the same:
https://developer.hashicorp.com/terraform/plugin/sdkv2/resources/state-migration
"""

from collections.abc import Mapping
from typing import cast

from rehearsal.resource_types.rules import TypeRules
from rehearsal.resource_types.schema import Body, CtyType, NestedBlock, TypeSchema
from rehearsal.resource_types.values import Block

BOOLS = {"true": True, "1": True, "false": False, "0": False}


def upgrade(state: Block, schema: TypeSchema, rules: TypeRules, region: str) -> bool:
    """
    Fit a resource's state to its schema, and tell whether anything had to change.

    A real plan reads each resource first, and so finds the region and the values of
    arguments that the state's release didn't know. They are the defaults, unless
    somebody changed the resource by hand.
    """
    attributes = schema.body.attributes
    added = {
        name: default
        for name, default in rules.default.items()
        if name not in state and name in attributes
    }
    place = attributes.get("region")
    if place and place.optional and place.computed and state.get("region") is None:
        added["region"] = region
    state.update(added)
    return fit(state, schema.body) or bool(added)


def fit(state: Block, body: Body) -> bool:
    """
    Fit a state to a body, in place, and tell whether anything had to change.
    """
    unknown = state.keys() - body.attributes.keys() - body.blocks.keys()
    for name in unknown:
        del state[name]
    changed = bool(unknown)
    for name, attribute in body.attributes.items():
        value = state.get(name)
        if value is None or (attribute.type == "string" and isinstance(value, str)):
            continue
        fitted = _fitted(value, attribute.type)
        if fitted is not value and fitted != value:
            state[name] = fitted
            changed = True
    for name, block in body.blocks.items():
        changed = _fit_block(state, name, block) or changed
    return changed


def _fit_block(state: Block, name: str, block: NestedBlock) -> bool:
    value = state.get(name)
    if block.nesting == "single":
        fitted = _first(value)
        elements = [] if fitted is None else [fitted]
    else:
        fitted = elements = _listed(value)
    changed = fitted != value
    state[name] = fitted
    for element in elements:
        changed = fit(cast("Block", element), block.body) or changed
    return changed


def _fitted(value: object, type_: CtyType) -> object:
    if value is None or type_ == "dynamic":
        return value
    if isinstance(type_, str):
        return _primitive(value, type_)
    inner = cast("CtyType", type_[1])
    match type_[0]:
        case "map":
            members = _members(value)
            return {key: _fitted(member, inner) for key, member in members.items()}
        case "object":
            members = _members(_first(value))
            types = cast("Mapping[str, CtyType]", type_[1])
            return {
                name: _fitted(members.get(name), each) for name, each in types.items()
            }
        case _:
            return [_fitted(element, inner) for element in _listed(value)]


def _primitive(value: object, type_: str) -> object:
    if isinstance(value, dict | list):
        return None
    if type_ == "string":
        written = str(value)
        return written.lower() if isinstance(value, bool) else written
    if not isinstance(value, str):
        return value
    if type_ == "bool":
        return BOOLS.get(value)
    try:
        return float(value) if "." in value else int(value)
    except ValueError:
        return None


def _members(value: object) -> Mapping[str, object]:
    return cast("Mapping[str, object]", value) if isinstance(value, dict) else {}


def _listed(value: object) -> list[object]:
    if value is None:
        return []
    return cast("list[object]", value) if isinstance(value, list) else [value]


def _first(value: object) -> object:
    if isinstance(value, list):
        elements = cast("list[object]", value)
        return elements[0] if elements else None
    return value
