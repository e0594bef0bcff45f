"""
States that another release of the provider wrote.
"""

import pytest

from rehearsal.provider.fitting import fit, upgrade
from rehearsal.resource_types.rules import TypeRules
from rehearsal.resource_types.schema import (
    Attribute,
    Body,
    CtyType,
    NestedBlock,
    TypeSchema,
)
from rehearsal.resource_types.values import Block


def body_of(type_: CtyType) -> Body:
    return Body({"a": Attribute("a", type_, optional=True)}, {})


@pytest.mark.parametrize(
    ("type_", "old", "fitted"),
    [
        ("number", "5", 5),
        ("number", "0.5", 0.5),
        ("number", "", None),
        ("number", "many", None),
        ("number", [], None),
        ("bool", "true", True),
        ("bool", "0", False),
        ("bool", "", None),
        ("string", 5, "5"),
        ("string", True, "true"),
        ("string", ["a"], None),
        (["list", "string"], "a", ["a"]),
        (["set", "number"], ["1", "2"], [1, 2]),
        (["map", "string"], {"k": 1}, {"k": "1"}),
        (["map", "string"], "k", {}),
        (["object", {"x": "number"}], [{"x": "1", "y": 2}], {"x": 1}),
        (["object", {"x": "number"}], [], {"x": None}),
    ],
)
def test_fits_values_to_other_types(
    type_: CtyType, old: object, fitted: object
) -> None:
    """What can be read as the new type is; the rest is absent."""
    state: Block = {"a": old}

    assert fit(state, body_of(type_))
    assert {"a": fitted} == state


@pytest.mark.parametrize(
    ("type_", "value"),
    [
        ("string", "a"),
        ("number", 1),
        ("bool", False),
        ("dynamic", {"any": ["thing"]}),
        (["list", "string"], ["a"]),
        (["object", {"x": "string"}], {"x": "a"}),
    ],
)
def test_leaves_what_fits(type_: CtyType, value: object) -> None:
    """A state of the same release is not touched."""
    state: Block = {"a": value}

    assert not fit(state, body_of(type_))
    assert {"a": value} == state


def test_drops_and_adds_what_the_release_does() -> None:
    """Unknown attributes go, blocks get empty lists, in nested blocks too."""
    inner = Body({"x": Attribute("x", "number", optional=True)}, {})
    body = Body(
        {},
        {
            "added": NestedBlock("added", "set", inner),
            "once": NestedBlock("once", "single", inner),
            "several": NestedBlock("several", "list", inner),
        },
    )
    state: Block = {
        "gone": 1,
        "once": [{"x": "1"}],
        "several": {"x": "2", "gone": True},
    }

    assert fit(state, body)
    assert {"added": [], "once": {"x": 1}, "several": [{"x": 2}]} == state


def test_adds_what_a_refresh_would_find() -> None:
    """The region, and the default of an argument that the state doesn't know."""
    attributes = {
        "known": Attribute("known", "string", optional=True),
        "new": Attribute("new", "string", optional=True),
        "region": Attribute("region", "string", optional=True, computed=True),
    }
    schema = TypeSchema("aws_thing", "resource", 0, Body(attributes, {}))
    rules = TypeRules(default={"known": "b", "new": "c", "block.inner": "d"})
    state: Block = {"known": None}

    assert upgrade(state, schema, rules, "eu-west-1")
    assert {"known": None, "new": "c", "region": "eu-west-1"} == state
    assert not upgrade(state, schema, rules, "us-east-1")
    assert {"known": None, "new": "c", "region": "eu-west-1"} == state
