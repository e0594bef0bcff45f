"""
Check a DynamoDB table's keys and capacities.

Source: https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_CreateTable.html
"""

from collections.abc import Iterator
from typing import Final

from rehearsal.resource_types.values import Unknown
from rehearsal.validation.problems import (
    Config,
    Problem,
    blocks_of,
    has_unknown,
    known_number,
)

INDEXES: Final = ("global_secondary_index", "local_secondary_index")
CAPACITIES: Final = ("read_capacity", "write_capacity")
SUMMARY: Final = "Invalid combination of arguments"


def check_table(config: Config) -> Iterator[Problem]:
    """
    List what DynamoDB refuses.
    """
    yield from _check_attributes(config)
    yield from _check_capacities(config)
    yield from _check_ttl(config)
    yield from _check_projections(config)


def _check_attributes(config: Config) -> Iterator[Problem]:
    """
    Want each key among the attributes, and no other attribute.

    Source: https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_AttributeDefinition.html
    """
    if any(has_unknown(config.get(name)) for name in ("attribute", *INDEXES)):
        return
    names = [block.get("name") for block in blocks_of(config, "attribute")]
    keys = [config.get("hash_key"), config.get("range_key")]
    for name in INDEXES:
        for index in blocks_of(config, name):
            if "key_schema" in index:
                keys += [
                    key.get("attribute_name") for key in blocks_of(index, "key_schema")
                ]
            keys += [index.get("hash_key"), index.get("range_key")]
    if Unknown in names or Unknown in keys or config.get("hash_key") is None:
        return
    wanted = {key for key in keys if isinstance(key, str) and key}
    for name in sorted(wanted - {name for name in names if isinstance(name, str)}):
        detail = f"attribute must define {name}, which is a key; got no such attribute"
        yield Problem(("attribute",), SUMMARY, detail)
    for name in sorted({name for name in names if isinstance(name, str)} - wanted):
        detail = f"attribute must define keys only; got {name}, which no key uses"
        yield Problem(("attribute",), SUMMARY, detail)


def _check_capacities(config: Config) -> Iterator[Problem]:
    """
    Want capacities for PROVISIONED tables; the provider sends none of the others.

    Source: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/capacity-mode.html
    """
    mode = config.get("billing_mode")
    restored = ("restore_source_name", "restore_source_table_arn", "import_table")
    if any(config.get(name) for name in restored):
        return
    for name in CAPACITIES:
        value = config.get(name)
        number = known_number(value)
        if mode in {None, "PROVISIONED"} and (value is None or number == 0):
            detail = f"{name} must be 1 or more for billing_mode PROVISIONED; got none"
            yield Problem((name,), SUMMARY, detail)
        if mode == "PAY_PER_REQUEST" and number:
            detail = f"{name} is not used for PAY_PER_REQUEST; got {number:g}"
            yield Problem((name,), "Argument is not used", detail, "warning")


def _check_ttl(config: Config) -> Iterator[Problem]:
    """
    Want the attribute of a time to live that is on.

    Source: https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TimeToLiveSpecification.html
    """
    for index, ttl in enumerate(blocks_of(config, "ttl")):
        if ttl.get("enabled") is True and not ttl.get("attribute_name"):
            detail = "ttl.attribute_name must be given with ttl.enabled; got none"
            yield Problem(("ttl", index, "attribute_name"), SUMMARY, detail)


def _check_projections(config: Config) -> Iterator[Problem]:
    """
    Want other attributes for INCLUDE only.

    Source: https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_Projection.html
    """
    for name in INDEXES:
        for number, index in enumerate(blocks_of(config, name)):
            kind, others = index.get("projection_type"), index.get("non_key_attributes")
            if kind in {"ALL", "KEYS_ONLY"} and others and others is not Unknown:
                detail = f"{name}.non_key_attributes must be given for INCLUDE only"
                yield Problem((name, number), SUMMARY, f"{detail}; got {kind}")
