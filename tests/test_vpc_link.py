"""
The VPC link.
"""

from modules.vpc_link import VpcLink
from tests.synth import new_stack, only, synth


def test_is_replaced_by_a_new_one_first() -> None:
    """A link is defined with its one target, and a new one is made before it goes."""
    stack = new_stack()
    VpcLink(stack, "VpcLink", name="Link", target_arn="arn:nlb")

    assert {
        "name": "Link",
        "target_arns": ["arn:nlb"],
        "lifecycle": {"create_before_destroy": True},
    } == only(synth(stack), "aws_api_gateway_vpc_link")
