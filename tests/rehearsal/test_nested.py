"""
The nested blocks that the bindings leave open.
"""

import pytest

from rehearsal.resource_types.nested import complete
from rehearsal.resource_types.schema import (
    Attribute,
    Body,
    NestedBlock,
    TypeSchema,
    has_open_type,
)


def type_with(name: str, rule: Body) -> TypeSchema:
    body = Body({}, {"rule": NestedBlock("rule", "set", rule)})
    return TypeSchema(name, "resource", 0, body)


OPEN = Body({"statement": Attribute("statement", "dynamic", required=True)}, {})


@pytest.mark.parametrize("name", ["aws_wafv2_rule_group", "aws_wafv2_web_acl"])
def test_completes_statements_of_rules(name: str) -> None:
    """Statements are blocks, nested as deep as the provider takes them."""
    rule = complete(type_with(name, OPEN)).body.blocks["rule"]

    assert "set" == rule.nesting
    assert {} == rule.body.attributes
    statement = rule.body.blocks["statement"]
    assert ("list", 1, 1) == (
        statement.nesting,
        statement.min_items,
        statement.max_items,
    )
    rate = statement.body.blocks["rate_based_statement"].body
    assert Attribute("limit", "number", required=True) == rate.attributes["limit"]
    inner = rate.blocks["scope_down_statement"].body.blocks["not_statement"]
    assert "geo_match_statement" in inner.body.blocks["statement"].body.blocks


def test_makes_lists_of_sets_that_stay_open() -> None:
    """Terraform refuses a set of blocks in which a value's type is open."""
    schema = complete(type_with("aws_thing", OPEN))

    assert {"rule": NestedBlock("rule", "list", OPEN)} == schema.body.blocks
    assert has_open_type(schema.body)


def test_leaves_closed_types() -> None:
    """A type without open values stays as the bindings have it."""
    closed = Body({"name": Attribute("name", ["list", "string"])}, {})
    schema = type_with("aws_thing", closed)

    assert schema == complete(schema)
    assert not has_open_type(schema.body)
