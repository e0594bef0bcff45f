"""
Tell whether two JSON documents mean the same.

The provider keeps the prior text of a document when the new one is equivalent:
https://github.com/hashicorp/terraform-provider-aws/blob/v6.25.0/internal/verify/diff.go
https://github.com/hashicorp/awspolicyequivalence
"""

import json
import re
from typing import cast

from rehearsal.resource_types.values import canonical

ACCOUNT_ROOT = re.compile(r"arn:[^:]+:iam::(\d{12}):root")

HTML = str.maketrans({"<": r"\u003c", ">": r"\u003e", "&": r"\u0026"})

# What a policy document may write as one text or as a list of texts, in any order.
STATEMENT_LISTS = frozenset(
    {"Action", "NotAction", "Resource", "NotResource", "Principal", "NotPrincipal"}
)


# What the order of does not count in a container's definition.
UNORDERED_MEMBERS = frozenset({"environment", "environmentFiles", "secrets"})
USUAL_PORT = {"protocol": "tcp", "hostPort": 0}


def equivalent(one: str, other: str) -> bool:
    """
    Tell whether two texts hold equivalent JSON documents.
    """
    if one == other:
        return True
    try:
        first, second = json.loads(one), json.loads(other)
    except ValueError:
        return False
    if first == second:
        return True
    if _is_policy(first) and _is_policy(second):
        return _policy(first) == _policy(second)
    return False


def equivalent_containers(one: str, other: str) -> bool:
    """
    Tell whether two texts hold equivalent definitions of a task's containers.

    https://github.com/hashicorp/terraform-provider-aws/blob/v6.25.0/internal/service/ecs/task_definition_equivalency.go
    """
    if one == other:
        return True
    try:
        first, second = (_containers(json.loads(text)) for text in (one, other))
    except (ValueError, TypeError, AttributeError):
        return False
    return first == second


def _containers(definitions: object) -> list[str]:
    containers = cast("list[dict[str, object]]", definitions)
    return sorted(canonical(_container(container)) for container in containers)


def _container(container: dict[str, object]) -> dict[str, object]:
    reduced: dict[str, object] = {"essential": True}
    for name, value in container.items():
        if value in (None, [], {}):
            continue
        if name in UNORDERED_MEMBERS:
            reduced[name] = sorted(
                canonical(item) for item in cast("list[object]", value)
            )
        elif name == "portMappings":
            ports = cast("list[dict[str, object]]", value)
            reduced[name] = [
                {k: v for k, v in port.items() if USUAL_PORT.get(k) != v}
                for port in ports
            ]
        else:
            reduced[name] = value
    return reduced


def normalized(document: str) -> str:
    """
    Write a JSON document as Go does: sorted keys, no spaces, safe within HTML.
    """
    try:
        return _written(json.loads(document))
    except ValueError:
        return document


def normalized_policy(document: str) -> str:
    """
    Write a policy as Go does, its version and id first.
    """
    try:
        value = json.loads(document)
    except ValueError:
        return document
    if not isinstance(value, dict):
        return document
    policy = cast("dict[str, object]", value)
    first = [key for key in ("Version", "Id") if key in policy]
    rest = sorted(policy.keys() - set(first))
    members = (f'"{key}":{_written(policy[key])}' for key in (*first, *rest))
    return "{" + ",".join(members) + "}"


def _written(value: object) -> str:
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return text.translate(HTML)


def _is_policy(document: object) -> bool:
    return isinstance(document, dict) and "Statement" in document


def _policy(document: object) -> object:
    policy = dict(cast("dict[str, object]", document))
    statements = policy["Statement"]
    if not isinstance(statements, list):
        statements = [statements]
    texts = [canonical(_statement(s)) for s in cast("list[object]", statements)]
    return {**policy, "Statement": sorted(texts)}


def _statement(statement: object) -> object:
    if not isinstance(statement, dict):
        return statement
    members = cast("dict[str, object]", statement)
    return {
        name: _unordered(value)
        if name in STATEMENT_LISTS
        else _conditions(value)
        if name == "Condition"
        else value
        for name, value in members.items()
    }


def _conditions(value: object) -> object:
    if not isinstance(value, dict):
        return value
    operators = cast("dict[str, object]", value)
    return {name: _unordered(keys) for name, keys in operators.items()}


def _unordered(value: object) -> object:
    if isinstance(value, dict):
        members = cast("dict[str, object]", value)
        return {name: _unordered(inner) for name, inner in members.items()}
    items = cast("list[object]", value) if isinstance(value, list) else [value]
    return sorted(_principal(item) for item in items)


def _principal(item: object) -> str:
    found = ACCOUNT_ROOT.fullmatch(item) if isinstance(item, str) else None
    return found[1] if found else str(item)
