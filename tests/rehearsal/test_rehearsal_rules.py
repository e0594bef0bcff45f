"""
The provider's rules.
"""

import json
from typing import cast

from rehearsal.provider.renewals import RENEWALS, renewals_of
from rehearsal.resource_types.compared import compared_types, schema_only
from rehearsal.resource_types.rules import COMPLETIONS, CORRECTIONS, names, rules_of
from rehearsal.resource_types.schema import Attribute, NestedBlock, walk
from tests.rehearsal.provider_types import resource, source

# Names that the provider's source gives to types which the bindings don't have.
STRAY_TYPES = 12
# Paths of computed parts, which the bindings describe as one attribute of objects.
STRAY_SHARE = 0.05


def paths_of(type_name: str) -> dict[str, Attribute | NestedBlock]:
    """
    Return everything in a type by its dotted path.
    """
    return {".".join(path): part for path, part in walk(resource(type_name).body)}


def test_the_rules_are_about_types_of_the_bindings() -> None:
    """
    Nearly every type with rules is one that the bindings have.
    """
    assert len(names() - source().resource_names) <= STRAY_TYPES


def test_the_rules_are_about_attributes_of_the_bindings() -> None:
    """
    Nearly every path that forces replacement is one that the bindings have.
    """
    total = strays = 0
    for name in names() & source().resource_names:
        known = paths_of(name)
        forced = rules_of(name).force_new
        total += len(forced)
        strays += len(forced - known.keys())
    assert total > 5000
    assert strays / total < STRAY_SHARE


def test_defaults_have_the_types_of_their_attributes() -> None:
    """
    A default can stand where its attribute does; a text may have any as a text.
    """
    kinds = {"string": (str, int, float), "bool": (bool,), "number": (int, float, str)}
    wrong = [
        (name, path)
        for name in names() & source().resource_names
        for path, value in rules_of(name).default.items()
        if isinstance(part := paths_of(name).get(path), Attribute)
        and isinstance(part.type, str)
        and not isinstance(value, kinds[part.type])
    ]
    assert [] == wrong


def test_reads_a_types_rules() -> None:
    """
    Every kind of rule has its own form.
    """
    rules = rules_of("aws_api_gateway_vpc_link")
    assert frozenset({"target_arns"}) == rules.force_new
    assert {"target_arns": 1} == rules.max_items
    function = rules_of("aws_lambda_function")
    assert ("IntBetween", 1, 900) == function.range["timeout"]
    assert 3 == function.default["timeout"]
    assert ("filename", "image_uri") == function.conflicts_with["s3_object_version"]
    assert "Runtime" == function.enum["runtime"]


def test_corrections_add_to_the_rules() -> None:
    """
    What the source builds with functions comes from the corrections.
    """
    assert {"fifo_queue", "name", "name_prefix"} <= rules_of("aws_sqs_queue").force_new
    assert "OFF" == rules_of("aws_cognito_user_pool").default["mfa_configuration"]


def test_a_pool_is_never_replaced_by_a_rename() -> None:
    """
    Since release 6, the name of a user pool can change in place.
    """
    assert "name" not in rules_of("aws_cognito_user_pool").force_new


def test_unknown_types_have_no_rules() -> None:
    """
    A type without rules has none, which is no error.
    """
    assert frozenset() == rules_of("aws_nothing").force_new


def test_corrections_are_about_attributes_of_the_bindings() -> None:
    """
    No correction is of a type or an attribute that there isn't.
    """
    contents = (json.loads(file.read_bytes()) for file in (CORRECTIONS, COMPLETIONS))
    tables = [
        cast("dict[str, dict[str, dict[str, list[str]]]]", content)["types"]
        for content in contents
    ]
    strays = [
        (name, path)
        for corrected in tables
        for name, kinds in corrected.items()
        for paths in kinds.values()
        for path in paths
        if path.removeprefix("-") not in paths_of(name)
    ]
    assert [] == strays


def test_renewals_are_about_computed_attributes() -> None:
    """
    Only what the provider computes can become unknown again.
    """
    strays = [
        (name, attribute)
        for name in source().resource_names
        for renewal in renewals_of(name)
        for attribute in renewal.computed
        if not getattr(paths_of(name)[attribute], "computed", False)
    ]
    assert [] == strays


def test_renewals_come_with_known_arguments() -> None:
    """
    What renews a value is an argument of the same type.
    """
    strays = [
        (name, argument)
        for name, renewals in RENEWALS.items()
        for renewal in renewals
        for argument in renewal.when
        if argument not in paths_of(name)
    ]
    assert [] == strays


def test_types_are_compared_or_schema_only() -> None:
    """
    Only types of the bindings are called compared; all others are schema only.
    """
    assert compared_types() <= source().resource_names
    assert {"aws_nothing"} == schema_only({"aws_nothing", "aws_s3_object"})
