"""
Check the policies of roles and buckets.

Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements.html
"""

import json
from collections.abc import Iterator, Mapping
from typing import Final, cast

from rehearsal.validation.problems import Config, Problem

# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
LONGEST_MANAGED_POLICY: Final = 6144
# https://docs.aws.amazon.com/AmazonS3/latest/userguide/example-bucket-policies.html
LONGEST_BUCKET_POLICY: Final = 20 * 1024

PRINCIPALS: Final = frozenset({"principal", "notprincipal"})
ACTIONS: Final = frozenset({"action", "notaction"})
RESOURCES: Final = frozenset({"resource", "notresource"})


def check_trust_policy(config: Config) -> Iterator[Problem]:
    """
    Want a principal and no resource in each statement.

    Source: https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateRole.html
    """
    name = "assume_role_policy"
    text = config.get(name)
    if isinstance(text, str) and text.startswith("{") and '"Statement"' not in text:
        yield _malformed(name, f"{name} must have a Statement")
    for index, statement in _statements(config.get(name)):
        where = f"{name}: Statement {index}"
        if not statement.keys() & PRINCIPALS:
            yield _malformed(name, f"{where} must have a Principal")
        if found := statement.keys() & RESOURCES:
            yield _malformed(name, f"{where} must not have a {max(found).capitalize()}")
        yield from _check_statement(name, where, statement)


def check_bucket_policy(config: Config) -> Iterator[Problem]:
    """
    Want a principal and a resource in each statement, and 20 KB at most.

    Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-policy-language-overview.html
    """
    name = "policy"
    for index, statement in _statements(config.get(name)):
        where = f"{name}: Statement {index}"
        if not statement.keys() & PRINCIPALS:
            yield _malformed(name, f"{where} must have a Principal")
        if not statement.keys() & RESOURCES:
            yield _malformed(name, f"{where} must have a Resource")
        yield from _check_statement(name, where, statement)
    text = config.get(name)
    if isinstance(text, str) and _size(text) > LONGEST_BUCKET_POLICY:
        yield _malformed(name, f"{name} must have at most 20 KB")


def check_managed_policy(config: Config) -> Iterator[Problem]:
    """
    Want no principal in a statement, and at most 6,144 characters without white space.

    Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
    """
    name = "policy"
    for index, statement in _statements(config.get(name)):
        where = f"{name}: Statement {index}"
        if found := statement.keys() & PRINCIPALS:
            yield _malformed(name, f"{where} must not have a {max(found).capitalize()}")
        if not statement.keys() & RESOURCES:
            yield _malformed(name, f"{where} must have a Resource")
        yield from _check_statement(name, where, statement)
    text = config.get(name)
    if isinstance(text, str) and _size(text) > LONGEST_MANAGED_POLICY:
        rule = f"{name} must have at most {LONGEST_MANAGED_POLICY} characters"
        yield _malformed(name, f"{rule} without white space; got {_size(text)}")


def _check_statement(
    name: str, where: str, statement: Mapping[str, object]
) -> Iterator[Problem]:
    effect = statement.get("effect")
    if effect not in {"Allow", "Deny"}:
        yield _malformed(name, f"{where} must have an Effect of Allow or Deny")
    if not statement.keys() & ACTIONS:
        yield _malformed(name, f"{where} must have an Action")


def _malformed(name: str, detail: str) -> Problem:
    return Problem((name,), f'"{name}" is a malformed policy document', detail)


def _statements(text: object) -> Iterator[tuple[int, Mapping[str, object]]]:
    """
    List the statements of a policy, their elements in lower case.
    """
    if not isinstance(text, str):
        return
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return
    if not isinstance(found, dict):
        return
    value = cast("dict[str, object]", found).get("Statement")
    items = cast("list[object]", value) if isinstance(value, list) else [value]
    for index, item in enumerate(items):
        if isinstance(item, dict):
            members = cast("dict[str, object]", item)
            yield index, {key.lower(): member for key, member in members.items()}


def _size(text: str) -> int:
    return len("".join(text.split()))
