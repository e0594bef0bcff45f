"""
What exists around a rehearsed configuration.
"""

import pytest

from rehearsal.errors import RehearsalError
from rehearsal.fixtures import (
    Fixtures,
    dns_suffix_of,
    parse_fixtures,
    partition_of,
)


def problems_of(table: dict[str, object]) -> tuple[str, ...]:
    """
    Return what is wrong with a table.
    """
    with pytest.raises(RehearsalError) as raised:
        parse_fixtures(table, "rehearsal")
    return raised.value.problems


def test_an_empty_table_gives_the_defaults() -> None:
    """
    Nothing has to be said.
    """
    assert Fixtures() == parse_fixtures({}, "rehearsal")
    assert {
        "account_id": "123456789012",
        "region": "us-east-1",
        "data_sources": {},
        "states": {},
    } == Fixtures().as_table()


def test_reads_all_keys() -> None:
    """
    What a table says comes out again.
    """
    table: dict[str, object] = {
        "account_id": "210987654321",
        "region": "us-gov-west-1",
        "data_sources": {"aws_lb": {"*": {"internal": False}}},
        "states": {"network": {"outputs": {"nlb_arn": "arn"}}},
    }
    assert table == parse_fixtures(table, "rehearsal").as_table()


def test_fails_with_all_problems_at_once() -> None:
    """
    Each problem names its place, the rule and the value.
    """
    assert (
        (
            "rehearsal: unknown key 'acount', the keys are account_id, region, "
            "data_sources, states"
        ),
        "rehearsal.account_id: must be 12 digits, got '12'",
        "rehearsal.region: must be the name of a region, got 7",
        "rehearsal.data_sources.aws_lb: must be a table, got 'x'",
        "rehearsal.data_sources.aws_region.here: must be a table, got a list",
        "rehearsal.states.network: unknown key 'output', the only key is outputs",
        "rehearsal.states.network.outputs: must be a table, got True",
    ) == problems_of(
        {
            "acount": "x",
            "account_id": "12",
            "region": 7,
            "data_sources": {"aws_lb": "x", "aws_region": {"here": []}},
            "states": {"network": {"outputs": True, "output": {}}},
        }
    )


@pytest.mark.parametrize(
    ("region", "partition", "suffix"),
    [
        ("eu-west-1", "aws", "amazonaws.com"),
        ("cn-north-1", "aws-cn", "amazonaws.com.cn"),
        ("us-gov-east-1", "aws-us-gov", "amazonaws.com"),
        ("us-isob-east-1", "aws-iso-b", "sc2s.sgov.gov"),
        ("eusc-de-east-1", "aws-eusc", "amazonaws.eu"),
    ],
)
def test_a_region_has_its_partition(region: str, partition: str, suffix: str) -> None:
    """
    ARNs and hosts of other partitions differ.
    """
    assert (partition, suffix) == (partition_of(region), dns_suffix_of(region))
