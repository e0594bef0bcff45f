"""
What a region's name says about partitions and host names.
"""

import pytest

from modules.regions import REGION_PATTERN, dns_suffix_of, partition_of


@pytest.mark.parametrize(
    ("region", "partition", "dns_suffix"),
    [
        ("us-east-1", "aws", "amazonaws.com"),
        ("ap-southeast-2", "aws", "amazonaws.com"),
        ("us-gov-west-1", "aws-us-gov", "amazonaws.com"),
        ("cn-north-1", "aws-cn", "amazonaws.com.cn"),
    ],
)
def test_tells_partition_and_domain(
    region: str, partition: str, dns_suffix: str
) -> None:
    """China and GovCloud have partitions of their own, and China a domain too."""
    assert partition == partition_of(region)
    assert dns_suffix == dns_suffix_of(region)


@pytest.mark.parametrize(
    "text", ["", "eu-west", "eu-west-1a", "EU-WEST-1", "eu_west_1", "eu-west-1\n"]
)
def test_pattern_refuses_what_is_no_region(text: str) -> None:
    """Zones, capitals and fragments are not regions."""
    assert REGION_PATTERN.fullmatch(text) is None


@pytest.mark.parametrize("text", ["eu-west-1", "us-gov-east-1", "ap-southeast-2"])
def test_pattern_accepts_regions(text: str) -> None:
    """A region has an area, one or more directions and a digit."""
    assert REGION_PATTERN.fullmatch(text) is not None
