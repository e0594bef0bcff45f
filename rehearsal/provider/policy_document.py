"""
Write the policy that a data source `aws_iam_policy_document` describes.

https://registry.terraform.io/providers/hashicorp/aws/6.25.0/docs/data-sources/iam_policy_document
"""

import json
from collections.abc import Mapping, Sequence
from typing import cast

from rehearsal.provider.documents import HTML
from rehearsal.resource_types.values import text

Document = dict[str, object]
Statement = dict[str, object]

DEFAULT_VERSION = "2012-10-17"


def render_policy(config: Mapping[str, object]) -> tuple[str, str]:
    """
    Return the policy as indented and as minified JSON.

    Raises:
        ValueError: a source or override document is not JSON.
    """
    document: Document = {}
    for source in _texts(config.get("source_policy_documents")):
        document = _merge(document, _parse(source, "source_policy_documents"))
    own: Document = {"Version": text(config, "version") or DEFAULT_VERSION}
    if policy_id := text(config, "policy_id"):
        own["Id"] = policy_id
    own["Statement"] = [_statement(s) for s in _blocks(config.get("statement"))]
    document = _merge(document, own)
    for override in _texts(config.get("override_policy_documents")):
        document = _merge(document, _parse(override, "override_policy_documents"))
    ordered = _ordered(document)
    minified = json.dumps(ordered, separators=(",", ":"), ensure_ascii=False)
    indented = json.dumps(ordered, indent=2, ensure_ascii=False)
    return indented.translate(HTML), minified.translate(HTML)


def _ordered(document: Document) -> Document:
    keys = ("Version", "Id", "Statement")
    return {key: document[key] for key in keys if document.get(key)}


def _merge(document: Document, other: Document) -> Document:
    merged = dict(document)
    for key in ("Version", "Id"):
        if other.get(key):
            merged[key] = other[key]
    statements = list(_statements(document))
    for statement in _statements(other):
        sid = statement.get("Sid")
        same = [i for i, s in enumerate(statements) if sid and s.get("Sid") == sid]
        if same:
            statements[same[0]] = statement
        else:
            statements.append(statement)
    merged["Statement"] = statements
    return merged


def _parse(source: str, argument: str) -> Document:
    if not source.strip():
        return {}
    try:
        document = json.loads(source)
    except ValueError as error:
        raise ValueError(f"{argument} contains an invalid JSON: {error}") from error
    return cast("Document", document)


def _statements(document: Document) -> list[Statement]:
    found = document.get("Statement")
    if isinstance(found, dict):
        return [cast("Statement", found)]
    return cast("list[Statement]", found or [])


def _statement(block: Mapping[str, object]) -> Statement:
    statement: Statement = {}
    if sid := text(block, "sid"):
        statement["Sid"] = sid
    statement["Effect"] = text(block, "effect") or "Allow"
    for key, argument in (
        ("Action", "actions"),
        ("NotAction", "not_actions"),
        ("Resource", "resources"),
        ("NotResource", "not_resources"),
    ):
        if values := _texts(block.get(argument)):
            statement[key] = _one_or_all(values)
    for key, argument in (
        ("Principal", "principals"),
        ("NotPrincipal", "not_principals"),
    ):
        if principals := _blocks(block.get(argument)):
            statement[key] = _principals(principals)
    if conditions := _blocks(block.get("condition")):
        statement["Condition"] = _conditions(conditions)
    return statement


def _principals(blocks: Sequence[Mapping[str, object]]) -> object:
    found: dict[str, list[str]] = {}
    for block in blocks:
        kind = text(block, "type")
        found.setdefault(kind, []).extend(_texts(block.get("identifiers")))
    if found == {"*": ["*"]}:
        return "*"
    return {kind: _one_or_all(names) for kind, names in sorted(found.items())}


def _conditions(blocks: Sequence[Mapping[str, object]]) -> object:
    found: dict[str, dict[str, list[str]]] = {}
    for block in blocks:
        variables = found.setdefault(text(block, "test"), {})
        values = _texts(block.get("values"), keep_order=True)
        variables.setdefault(text(block, "variable"), []).extend(values)
    return {
        test: {key: _one_or_all(v, reverse=False) for key, v in sorted(keys.items())}
        for test, keys in sorted(found.items())
    }


def _one_or_all(values: Sequence[str], *, reverse: bool = True) -> str | list[str]:
    if len(values) == 1:
        return values[0]
    return sorted(values, reverse=True) if reverse else list(values)


def _texts(value: object, *, keep_order: bool = False) -> list[str]:
    if not isinstance(value, list):
        return []
    texts = [str(item) for item in cast("list[object]", value)]
    return texts if keep_order else list(dict.fromkeys(texts))


def _blocks(value: object) -> list[Mapping[str, object]]:
    return cast("list[Mapping[str, object]]", value or [])
