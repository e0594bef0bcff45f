"""
AWS partitions: what a region's name says about ARNs and host names.
"""

import re

REGION_PATTERN = re.compile(r"[a-z]{2}(?:-[a-z]+)+-[0-9]")


def partition_of(region: str) -> str:
    """
    Return the partition that ARNs of the region name, such as `aws`.

    Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html
    """
    if region.startswith("cn-"):
        return "aws-cn"
    return "aws-us-gov" if region.startswith("us-gov-") else "aws"


def dns_suffix_of(region: str) -> str:
    """
    Return the domain under which the region's service endpoints lie.

    Source: https://docs.aws.amazon.com/general/latest/gr/rande.html
    """
    china = partition_of(region) == "aws-cn"
    return "amazonaws.com.cn" if china else "amazonaws.com"
