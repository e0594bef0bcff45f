"""
What API Gateway serves at each moment, by the journal of what was applied.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, cast

from rehearsal.provider.faults import Operation

NEEDS_USER = (
    ("/mysfits/{mysfitId}/like", "post"),
    ("/mysfits/{mysfitId}/adopt", "post"),
)

Values = Mapping[str, Any]


@dataclass(slots=True)
class Gateway:
    """
    API Gateway: APIs, their deployments, the stages that serve these, VPC links.

    A deployment is a copy of the API as it is when the deployment is made:
    https://docs.aws.amazon.com/apigateway/latest/developerguide/how-to-deploy-api.html
    """

    bodies: dict[str, Values] = field(default_factory=dict[str, Values])
    deployments: dict[str, Values] = field(default_factory=dict[str, Values])
    stages: dict[str, str] = field(default_factory=dict[str, str])
    gone: set[str] = field(default_factory=set[str])

    def follow(self, operation: Operation) -> None:
        """
        Take over an operation.
        """
        gone = operation.action == "delete"
        state = cast("Values", operation.before if gone else operation.after)
        match operation.type:
            case "aws_api_gateway_rest_api":
                self.bodies[state["id"]] = json.loads(state["body"])
            case "aws_api_gateway_deployment" if operation.action == "create":
                self.deployments[state["id"]] = self.bodies[state["rest_api_id"]]
            case "aws_api_gateway_deployment" if gone:
                self.deployments.pop(state["id"], None)
            case "aws_api_gateway_stage" if gone:
                del self.stages[state["id"]]
            case "aws_api_gateway_stage":
                self.stages[state["id"]] = state["deployment_id"]
            case "aws_api_gateway_vpc_link" if gone:
                self.gone.add(state["id"])
            case "aws_cognito_user_pool" if gone:
                self.gone.add(state["arn"])
            case _:
                pass

    def faults(self) -> Iterator[str]:
        """
        Yield what a stage serves that it must not.
        """
        for stage, deployment in self.stages.items():
            body = self.deployments.get(deployment)
            if body is None:
                yield f"{stage} serves a deployment that is gone"
                continue
            for path, method in NEEDS_USER:
                if path in body["paths"] and not self._is_closed(body, path, method):
                    yield f"{stage} serves {method} {path} to everybody"
            for link in links_of(body) & self.gone:
                yield f"{stage} calls the link {link}, which is gone"

    def _is_closed(self, body: Values, path: str, method: str) -> bool:
        """
        Tell whether an operation asks for a user of a pool that exists.
        """
        schemes = body["securityDefinitions"]
        security = body["paths"][path][method]["security"]
        names = [name for requirement in security for name in requirement]
        return bool(names) and all(self._asks(schemes[name]) for name in names)

    def _asks(self, scheme: Values) -> bool:
        pools = set(scheme["x-amazon-apigateway-authorizer"]["providerARNs"])
        kind = scheme["x-amazon-apigateway-authtype"]
        return kind == "cognito_user_pools" and bool(pools) and not pools & self.gone


def links_of(body: Values) -> set[str]:
    """
    Return the VPC links that a document's integrations call.
    """
    integrations = [
        operation["x-amazon-apigateway-integration"]
        for operations in body["paths"].values()
        for operation in operations.values()
        if "x-amazon-apigateway-integration" in operation
    ]
    return {part["connectionId"] for part in integrations if "connectionId" in part}


def faults_of(journal: Iterable[Operation]) -> list[str]:
    """
    Return what was ever served that must not have been, with the operation before it.
    """
    gateway = Gateway()
    found: list[str] = []
    for operation in journal:
        gateway.follow(operation)
        found += [
            f"{operation.number} {operation.action} {operation.type}: {fault}"
            for fault in gateway.faults()
        ]
    return found


def users_lost(journal: Iterable[Operation]) -> list[str]:
    """
    Return the pools that were deleted although somebody could have signed up there.
    """
    used: set[str] = set()
    lost: list[str] = []
    for operation in journal:
        if operation.type == "aws_cognito_user_pool_client" and operation.after:
            used.add(str(operation.after["user_pool_id"]))
        if operation.type == "aws_cognito_user_pool" and operation.after is None:
            pool = str(cast("Values", operation.before)["id"])
            lost += [f"the pool {pool} was deleted"] if pool in used else []
    return lost
