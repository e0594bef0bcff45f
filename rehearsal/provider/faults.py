"""
Keep what was applied, and let an apply fail where a test wants it to.
"""

import json
import os
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import Final, Literal, TypeAlias, cast, get_args

from rehearsal.errors import RehearsalError
from rehearsal.resource_types.values import text

How: TypeAlias = Literal["refuse", "half", "die_before", "die_after"]
Action: TypeAlias = Literal["create", "update", "delete"]

WORLD = "world.txt"
JOURNAL = "journal.jsonl"

# The status of a provider that dies on purpose.
DIED: Final = 70


@dataclass(frozen=True, slots=True)
class Fault:
    """
    Where and how an apply fails.

    Args:
        operation: the number of the create, update or delete, from 1.
        how: `refuse` changes nothing and answers an error; `half` changes and answers
            an error, so that Terraform taints what was created; `die_before` and
            `die_after` end the provider's process before or after the change.
    """

    operation: int
    how: How

    def __post_init__(self) -> None:
        """
        Refuse what is no operation or no way to fail.
        """
        problems: list[str] = []
        if self.operation < 1:
            problems.append(f"fault: operations count from 1, got {self.operation}")
        if self.how not in get_args(How):
            ways = ", ".join(get_args(How))
            problems.append(f"fault: how must be one of {ways}, got {self.how!r}")
        if problems:
            raise RehearsalError(problems)


@dataclass(frozen=True, slots=True)
class UniqueName:
    """
    How AWS refuses a second object of a name.

    Args:
        attribute: the argument that must be unique.
        operation: the operation that refuses, as errors name it.
        error: the error's code.
        message: the error's text, with the name in place of {}.
        scope: further arguments within which names are unique. Defaults to none.
        absent: the name that an absent argument stands for. Defaults to none: without a
            name of its own, AWS or the provider makes one up.
        unless: an argument that, if true, lets an object take another's name. Defaults
            to none.
    """

    attribute: str
    operation: str
    error: str
    message: str
    scope: tuple[str, ...] = ()
    absent: str = ""
    unless: str = ""

    def refusal(self, name: str) -> str:
        """
        Return the error as the provider prints it.
        """
        return (
            f"operation error {self.operation}, https response error StatusCode: 409, "
            f"{self.error}: {self.message.format(name)}"
        )


# What AWS says is in each operation's list of errors, such as
# https://docs.aws.amazon.com/AmazonS3/latest/API/API_CreateBucket.html
UNIQUE: Mapping[str, UniqueName] = {
    "aws_s3_bucket": UniqueName(
        "bucket",
        "S3: CreateBucket",
        "BucketAlreadyOwnedByYou",
        "Your previous request to create the named bucket succeeded and you already "
        "own it.",
    ),
    "aws_cloudwatch_log_group": UniqueName(
        "name",
        "CloudWatch Logs: CreateLogGroup",
        "ResourceAlreadyExistsException",
        "The specified log group already exists",
    ),
    "aws_iam_role": UniqueName(
        "name",
        "IAM: CreateRole",
        "EntityAlreadyExists",
        "Role with name {} already exists.",
    ),
    "aws_iam_policy": UniqueName(
        "name",
        "IAM: CreatePolicy",
        "EntityAlreadyExists",
        "A policy called {} already exists. Duplicate names are not allowed.",
    ),
    "aws_iam_user": UniqueName(
        "name",
        "IAM: CreateUser",
        "EntityAlreadyExists",
        "User with name {} already exists.",
    ),
    "aws_iam_instance_profile": UniqueName(
        "name",
        "IAM: CreateInstanceProfile",
        "EntityAlreadyExists",
        "Instance Profile {} already exists.",
    ),
    "aws_dynamodb_table": UniqueName(
        "name",
        "DynamoDB: CreateTable",
        "ResourceInUseException",
        "Table already exists: {}",
    ),
    "aws_lambda_function": UniqueName(
        "function_name",
        "Lambda: CreateFunction",
        "ResourceConflictException",
        "Function already exist: {}",
    ),
    "aws_lambda_permission": UniqueName(
        "statement_id",
        "Lambda: AddPermission",
        "ResourceConflictException",
        "The statement id ({}) provided already exists. Please provide a new statement "
        "id, or remove the existing statement.",
        scope=("function_name",),
    ),
    "aws_cognito_user_pool_domain": UniqueName(
        "domain",
        "Cognito Identity Provider: CreateUserPoolDomain",
        "InvalidParameterException",
        "Domain already associated with another user pool.",
    ),
    "aws_cognito_resource_server": UniqueName(
        "identifier",
        "Cognito Identity Provider: CreateResourceServer",
        "InvalidParameterException",
        "{} already exists in user pool.",
        scope=("user_pool_id",),
    ),
    "aws_cognito_user_group": UniqueName(
        "name",
        "Cognito Identity Provider: CreateGroup",
        "GroupExistsException",
        "A group with the name already exists.",
        scope=("user_pool_id",),
    ),
    "aws_cloudfront_origin_access_control": UniqueName(
        "name",
        "CloudFront: CreateOriginAccessControl",
        "OriginAccessControlAlreadyExists",
        "An origin access control with the same name already exists.",
    ),
    "aws_cloudfront_response_headers_policy": UniqueName(
        "name",
        "CloudFront: CreateResponseHeadersPolicy",
        "ResponseHeadersPolicyAlreadyExists",
        "The response headers policy with the same name already exists.",
    ),
    "aws_cloudfront_cache_policy": UniqueName(
        "name",
        "CloudFront: CreateCachePolicy",
        "CachePolicyAlreadyExists",
        "The cache policy with the same name already exists.",
    ),
    "aws_cloudfront_function": UniqueName(
        "name",
        "CloudFront: CreateFunction",
        "FunctionAlreadyExists",
        "The function with the same name already exists.",
    ),
    "aws_api_gateway_domain_name": UniqueName(
        "domain_name",
        "API Gateway: CreateDomainName",
        "BadRequestException",
        "The domain name you provided already exists.",
    ),
    "aws_api_gateway_stage": UniqueName(
        "stage_name",
        "API Gateway: CreateStage",
        "ConflictException",
        "Stage already exists",
        scope=("rest_api_id",),
    ),
    "aws_api_gateway_base_path_mapping": UniqueName(
        "base_path",
        "API Gateway: CreateBasePathMapping",
        "ConflictException",
        "Base path already exists for this domain name",
        scope=("domain_name",),
        absent="(none)",
    ),
    "aws_route53_record": UniqueName(
        "name",
        "Route 53: ChangeResourceRecordSets",
        "InvalidChangeBatch",
        "[Tried to create resource record set [name='{}'] but it already exists]",
        scope=("zone_id", "type", "set_identifier"),
        unless="allow_overwrite",
    ),
    "aws_ecr_repository": UniqueName(
        "name",
        "ECR: CreateRepository",
        "RepositoryAlreadyExistsException",
        "The repository with name '{}' already exists in the registry.",
    ),
    "aws_secretsmanager_secret": UniqueName(
        "name",
        "Secrets Manager: CreateSecret",
        "ResourceExistsException",
        "The operation failed because the secret {} already exists.",
    ),
    "aws_ssm_parameter": UniqueName(
        "name",
        "SSM: PutParameter",
        "ParameterAlreadyExists",
        "The parameter already exists. To overwrite this value, set the overwrite "
        "option in the request to true.",
    ),
    "aws_kms_alias": UniqueName(
        "name",
        "KMS: CreateAlias",
        "AlreadyExistsException",
        "An alias with the name {} already exists",
    ),
    "aws_lb": UniqueName(
        "name",
        "Elastic Load Balancing v2: CreateLoadBalancer",
        "DuplicateLoadBalancerName",
        "A load balancer with the same name '{}' exists, but with different settings",
    ),
}


class World:
    """
    Remember in a file which unique names exist, and which ids there ever were.

    Args:
        folder: where the file is.
    """

    def __init__(self, folder: Path) -> None:
        self._path = folder / WORLD
        self._names: set[str] = set()
        self._ids: set[str] = set()
        self._lock = Lock()
        changes = {
            "+": self._names.add,
            "-": self._names.discard,
            "#": self._ids.add,
        }
        with suppress(FileNotFoundError):
            for line in self._path.read_text(encoding="utf-8").splitlines():
                changes[line[0]](json.loads(line[1:]))

    def refusal(self, type_name: str, region: str, state: Mapping[str, object]) -> str:
        """
        Return how AWS refuses to create an object whose name exists, or nothing.
        """
        if _key(type_name, region, state) not in self._names:
            return ""
        unique = UNIQUE[type_name]
        if unique.unless and state.get(unique.unless) is True:
            return ""
        return unique.refusal(text(state, unique.attribute))

    def knows(self, type_name: str, state: Mapping[str, object]) -> bool:
        """
        Tell whether there ever was an object of this id.
        """
        return f"{type_name}|{text(state, 'id')}" in self._ids

    def identify(self, type_name: str, state: Mapping[str, object]) -> None:
        """
        Remember an object's id for good.
        """
        key = f"{type_name}|{text(state, 'id')}"
        with self._lock:
            if key not in self._ids:
                self._ids.add(key)
                self._write("#", key)

    def add(self, type_name: str, region: str, state: Mapping[str, object]) -> None:
        """
        Remember an object.
        """
        key = _key(type_name, region, state)
        with self._lock:
            if key and key not in self._names:
                self._names.add(key)
                self._write("+", key)

    def remove(self, type_name: str, region: str, state: Mapping[str, object]) -> None:
        """
        Forget an object.
        """
        key = _key(type_name, region, state)
        with self._lock:
            if key in self._names:
                self._names.discard(key)
                self._write("-", key)

    def _write(self, sign: str, key: str) -> None:
        with self._path.open("a", encoding="utf-8") as file:
            file.write(f"{sign}{json.dumps(key)}\n")


# Their names are unique in the account or the world, whatever the region.
EVERYWHERE = ("aws_s3_bucket", "aws_iam_", "aws_cloudfront_", "aws_route53_")


def _key(type_name: str, region: str, state: Mapping[str, object]) -> str:
    unique = UNIQUE.get(type_name)
    name = (text(state, unique.attribute) or unique.absent) if unique else ""
    if unique is None or not name:
        return ""
    place = "" if type_name.startswith(EVERYWHERE) else region
    scope = "|".join(text(state, attribute) for attribute in unique.scope)
    return f"{type_name}|{place}|{scope}|{name}"


@dataclass(frozen=True, slots=True)
class Operation:
    """
    An applied operation.

    Args:
        number: its place in the order of all, from 1.
        type: the resource type.
        action: what was done.
        before: the state before, None for a create.
        after: the state after, None for a delete.
    """

    number: int
    type: str
    action: Action
    before: Mapping[str, object] | None
    after: Mapping[str, object] | None


class Journal:
    """
    Write down each applied operation, one JSON line each.

    Args:
        folder: where the file is.
    """

    def __init__(self, folder: Path) -> None:
        self._path = folder / JOURNAL
        self._lock = Lock()
        self._number = sum(1 for _ in read_journal(folder))

    def next_number(self) -> int:
        """
        Count an operation that Terraform asks for, done or not.
        """
        with self._lock:
            self._number += 1
            return self._number

    def write(self, operation: Operation) -> None:
        """
        Add an operation that was done.
        """
        line = json.dumps(
            {
                "n": operation.number,
                "type": operation.type,
                "action": operation.action,
                "before": operation.before,
                "after": operation.after,
            },
            default=str,
        )
        with self._lock, self._path.open("a", encoding="utf-8") as file:
            file.write(line + "\n")


def read_journal(folder: Path) -> Iterator[Operation]:
    """
    List the applied operations in order.
    """
    try:
        content = (folder / JOURNAL).read_text(encoding="utf-8")
    except FileNotFoundError:
        return
    for line in content.splitlines():
        entry = cast("dict[str, object]", json.loads(line))
        yield Operation(
            cast("int", entry["n"]),
            str(entry["type"]),
            cast("Action", entry["action"]),
            cast("Mapping[str, object] | None", entry["before"]),
            cast("Mapping[str, object] | None", entry["after"]),
        )


def die() -> None:
    """
    End the provider's process at once, as a crash does.
    """
    os._exit(DIED)
