"""
Differences that the provider passes over.
"""

import json
from typing import cast

import pytest

from rehearsal.provider.suppressions import ALIKE, KEPT, alike, kept_blocks
from rehearsal.resource_types.schema import NestedBlock, walk
from tests.rehearsal.provider_types import source


def blocks_of(type_name: str) -> set[str]:
    schema = source().resource(type_name)
    assert schema is not None
    parts = walk(schema.body)
    return {".".join(path) for path, part in parts if isinstance(part, NestedBlock)}


def test_kept_blocks_are_blocks_of_the_bindings() -> None:
    """Nothing is kept that there isn't."""
    kept = cast("dict[str, list[str]]", json.loads(KEPT.read_bytes()))

    assert {} == {
        name: strays
        for name, paths in kept.items()
        if (strays := set(paths) - blocks_of(name))
    }


def test_alike_attributes_are_attributes_of_the_bindings() -> None:
    """Nothing is alike that there isn't."""
    for name, paths in ALIKE.items():
        schema = source().resource(name)
        assert schema is not None
        assert paths.keys() <= schema.body.attributes.keys()


@pytest.mark.parametrize(
    ("type_name", "kept"),
    [
        ("aws_cognito_user_pool", True),
        ("aws_s3_bucket_website_configuration", False),
    ],
)
def test_knows_the_blocks_that_stay(type_name: str, *, kept: bool) -> None:
    """A pool's email configuration stays when the configuration drops it."""
    assert kept == ("email_configuration" in kept_blocks(type_name))


def test_knows_values_that_mean_the_same() -> None:
    """An absent table class is the standard one."""
    assert {"table_class": frozenset({"", "STANDARD"})} == alike("aws_dynamodb_table")
    assert {} == alike("aws_s3_bucket")
