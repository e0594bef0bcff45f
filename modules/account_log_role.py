"""
Define the role with which API Gateway writes logs.
"""

from constructs import Construct

from modules import aws
from modules.expressions import jsonencode


class AccountLogRole(Construct):
    """
    Define the API Gateway log role of a whole account and region.

    **There is one setting for each account and region**: a second stack that manages it
    overwrites the first one's, and destroying either resets it for every API.
    https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-logging.html

    Attributes:
        resource: the setting, that what writes logs must depend on.

    Args:
        role_name: the role's name, unique in the account.
        partition: the partition of the managed policy's ARN, such as `aws`.
    """

    def __init__(
        self, scope: Construct, id_: str, *, role_name: str, partition: str
    ) -> None:
        super().__init__(scope, id_)
        role = aws.IamRole(
            self,
            "Role",
            name=role_name,
            assume_role_policy=jsonencode(
                self,
                {
                    "Version": "2012-10-17",
                    "Statement": [
                        {
                            "Effect": "Allow",
                            "Principal": {"Service": "apigateway.amazonaws.com"},
                            "Action": "sts:AssumeRole",
                        }
                    ],
                },
            ),
        )
        attachment = aws.IamRolePolicyAttachment(
            self,
            "Policy",
            role=role.name,
            policy_arn=f"arn:{partition}:iam::aws:policy/service-role/"
            "AmazonAPIGatewayPushToCloudWatchLogs",
        )
        self.resource = aws.ApiGatewayAccount(
            self,
            "Resource",
            cloudwatch_role_arn=role.arn,
            # API Gateway tries the role's permissions when it is set.
            depends_on=[attachment],
        )
