"""
Types of the AWS provider, and values of them, for tests.
"""

import os
from functools import cache

from rehearsal.provider.planning import Planner, Surroundings
from rehearsal.resource_types.bindings_schema import SchemaSource, load
from rehearsal.resource_types.rules import rules_of
from rehearsal.resource_types.schema import Body, TypeSchema
from rehearsal.resource_types.values import Block

AROUND = Surroundings(region="eu-west-1")


@cache
def source() -> SchemaSource:
    """
    Return the types of the installed bindings.
    """
    return load(os.environ)


def resource(name: str) -> TypeSchema:
    """
    Return a resource type, which there must be.
    """
    schema = source().resource(name)
    assert schema is not None
    return schema


@cache
def planner(name: str) -> Planner:
    """
    Return what plans a type's changes.
    """
    return Planner(resource(name), rules_of(name))


def block(body: Body, **values: object) -> Block:
    """
    Return a block in which only some things are set.
    """
    absent: Block = {name: None for name in body.attributes}  # noqa: C420
    for name, nested in body.blocks.items():
        absent[name] = None if nested.nesting == "single" else []
    return absent | values


def config(type_name: str, **values: object) -> Block:
    """
    Return the configuration of a resource in which only some things are set.
    """
    return block(resource(type_name).body, **values)


def nested(type_name: str, *path: str, **values: object) -> Block:
    """
    Return a nested block in which only some things are set.
    """
    body = resource(type_name).body
    for name in path:
        body = body.blocks[name].body
    return block(body, **values)
