"""
The account's API Gateway log role.
"""

from modules.account_log_role import AccountLogRole
from tests.synth import decoded, new_stack, only, synth


def test_default() -> None:
    """API Gateway alone may take the role, and is told of it once it may write."""
    stack = new_stack()
    AccountLogRole(stack, "Logs", role_name="writer", partition="aws-cn")
    config = synth(stack)
    role = only(config, "aws_iam_role")
    (role_name,) = config["resource"]["aws_iam_role"]
    (policy_name,) = config["resource"]["aws_iam_role_policy_attachment"]

    assert role["name"] == "writer"
    assert decoded(role["assume_role_policy"]) == {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Principal": {"Service": "apigateway.amazonaws.com"},
                "Action": "sts:AssumeRole",
            }
        ],
    }
    assert only(config, "aws_iam_role_policy_attachment") == {
        "role": f"${{aws_iam_role.{role_name}.name}}",
        "policy_arn": "arn:aws-cn:iam::aws:policy/service-role/"
        "AmazonAPIGatewayPushToCloudWatchLogs",
    }
    assert only(config, "aws_api_gateway_account") == {
        "cloudwatch_role_arn": f"${{aws_iam_role.{role_name}.arn}}",
        "depends_on": [f"aws_iam_role_policy_attachment.{policy_name}"],
    }
