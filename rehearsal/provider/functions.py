"""
Compute the provider's functions.

https://registry.terraform.io/providers/hashicorp/aws/6.25.0/docs/functions/arn_parse
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import cast

from rehearsal.resource_types.schema import CtyType

ARN_SECTIONS = 6
ARN_FIELDS = ("partition", "service", "region", "account_id", "resource")
ROLE = re.compile(r"role/(?:.+/)?([^/]+)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Function:
    """
    A function of the provider.

    Args:
        parameters: their names and types, in order.
        result: the result's type.
        summary: what it does, in a line.
        call: computes it; raises `ValueError` for arguments that it refuses.
    """

    parameters: Mapping[str, CtyType]
    result: CtyType
    summary: str
    call: Callable[[list[object]], object]


def parse_arn(arn: str) -> dict[str, str]:
    """
    Return the parts of an ARN.

    Raises:
        ValueError: the text is no ARN.
    """
    sections = arn.split(":", ARN_SECTIONS - 1)
    if sections[0] != "arn":
        raise ValueError("arn: invalid prefix")
    if len(sections) != ARN_SECTIONS:
        raise ValueError("arn: not enough sections")
    return dict(zip(ARN_FIELDS, sections[1:], strict=True))


def _arn_parse(arguments: list[object]) -> object:
    return parse_arn(str(arguments[0]))


def _arn_build(arguments: list[object]) -> object:
    return ":".join(["arn", *map(str, arguments)])


def _trim_iam_role_path(arguments: list[object]) -> object:
    parts = parse_arn(str(arguments[0]))
    found = ROLE.fullmatch(parts["resource"])
    if parts["service"] != "iam" or found is None:
        raise ValueError(f"ARN {arguments[0]} is not an IAM role ARN")
    role = {**parts, "resource": f"role/{found[1]}"}
    return ":".join(["arn", *role.values()])


def _user_agent(arguments: list[object]) -> object:
    product, version, comment = (cast("str | None", a) or "" for a in arguments)
    name = f"{product}/{version}" if version else product
    return f"{name} ({comment})" if comment else name


FUNCTIONS: Mapping[str, Function] = {
    "arn_build": Function(
        parameters=dict.fromkeys(ARN_FIELDS, "string"),
        result="string",
        summary="Builds an ARN from its constituent parts",
        call=_arn_build,
    ),
    "arn_parse": Function(
        parameters={"arn": "string"},
        result=["object", dict.fromkeys(ARN_FIELDS, "string")],
        summary="Parses an ARN into its constituent parts",
        call=_arn_parse,
    ),
    "trim_iam_role_path": Function(
        parameters={"arn": "string"},
        result="string",
        summary="Trims the path prefix from an IAM role ARN",
        call=_trim_iam_role_path,
    ),
    "user_agent": Function(
        parameters={
            "product_name": "string",
            "product_version": "string",
            "comment": "string",
        },
        result="string",
        summary="Formats a User-Agent product",
        call=_user_agent,
    ),
}
