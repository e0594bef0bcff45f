"""
Define the VPC link.
"""

import cdktf
from constructs import Construct

from modules import aws


class VpcLink(Construct):
    """
    Define a link from API Gateway to a network load balancer.

    Another target replaces the link. The new one is made first, because API Gateway
    deletes no link that a deployment still calls; whatever calls it must therefore
    depend on this construct.
    https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-private-integration.html

    Attributes:
        resource: what depends on the link must name.
        vpc_link_id: the link's id.

    Args:
        name: the link's name.
        target_arn: the network load balancer's ARN.
    """

    def __init__(
        self, scope: Construct, id_: str, *, name: str, target_arn: str
    ) -> None:
        super().__init__(scope, id_)
        link = aws.ApiGatewayVpcLink(
            self,
            "Resource",
            name=name,
            target_arns=[target_arn],
            lifecycle=cdktf.TerraformResourceLifecycle(create_before_destroy=True),
        )
        self.resource = link
        self.vpc_link_id = link.id
