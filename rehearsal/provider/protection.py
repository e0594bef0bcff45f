"""
Refuse deletions that AWS refuses.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from rehearsal.resource_types.values import Block, text


@dataclass(frozen=True, slots=True)
class Protection:
    """
    An argument that keeps AWS from deleting an object.

    Args:
        attribute: its name.
        value: the value that protects.
        refusal: the provider's error; {} is the object's id.
    """

    attribute: str
    value: object
    refusal: str


# What AWS answers is in the operations' lists of errors, such as
# https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_DeleteUserPool.html
PROTECTIONS: Mapping[str, Protection] = {
    "aws_cognito_user_pool": Protection(
        "deletion_protection",
        "ACTIVE",
        "deleting Cognito User Pool ({}): operation error Cognito Identity Provider: "
        "DeleteUserPool, https response error StatusCode: 400, "
        "InvalidParameterException: The user pool cannot be deleted because deletion "
        "protection is activated. Deletion protection must be inactivated first.",
    ),
    "aws_dynamodb_table": Protection(
        "deletion_protection_enabled",
        value=True,
        refusal="deleting DynamoDB Table ({}): operation error DynamoDB: DeleteTable, "
        "https response error StatusCode: 400, ValidationException: Resource cannot be "
        "deleted as it is currently protected against deletion. Disable deletion "
        "protection first.",
    ),
    "aws_lb": Protection(
        "enable_deletion_protection",
        value=True,
        refusal="deleting ELBv2 Load Balancer ({}): operation error Elastic Load "
        "Balancing v2: DeleteLoadBalancer, https response error StatusCode: 400, "
        "OperationNotPermitted: Load balancer cannot be deleted because deletion "
        "protection is enabled",
    ),
    "aws_db_instance": Protection(
        "deletion_protection",
        value=True,
        refusal="deleting RDS DB Instance ({}): operation error RDS: DeleteDBInstance, "
        "https response error StatusCode: 400, InvalidParameterCombination: Cannot "
        "delete protected DB Instance, please disable deletion protection and try "
        "again.",
    ),
    "aws_rds_cluster": Protection(
        "deletion_protection",
        value=True,
        refusal="deleting RDS Cluster ({}): operation error RDS: DeleteDBCluster, "
        "https response error StatusCode: 400, InvalidParameterCombination: Cannot "
        "delete protected Cluster, please disable deletion protection and try again.",
    ),
}


def refusal_of_deletion(type_name: str, state: Block) -> str:
    """
    Return how AWS refuses to delete an object, or nothing.
    """
    protection = PROTECTIONS.get(type_name)
    if protection and state.get(protection.attribute) == protection.value:
        return protection.refusal.format(text(state, "id"))
    return ""
