"""
Read an API document, check it, and complete it for API Gateway.

A document says what a front-end developer knows: paths, parameters, responses, and who
may call. What API Gateway needs besides is added here, what the document already has is
kept, and whatever the import would refuse is said before anything is deployed.
"""

import copy
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from modules.accepted_documents import AcceptedDocuments
from modules.errors import ConfigError
from modules.swagger_cors import add_preflights, check_cors
from modules.swagger_document import (
    Findings,
    Object,
    as_list,
    as_object,
    member,
    operations,
    schemes_location,
)
from modules.swagger_extensions import BINARY_MEDIA_TYPES, check_extensions
from modules.swagger_gateway_responses import (
    add_gateway_responses,
    check_gateway_responses,
)
from modules.swagger_integrations import add_integrations, mend_integrations
from modules.swagger_limits import check_limits
from modules.swagger_models import check_combinations, mend_for_import
from modules.swagger_placeholders import (
    canonical_document,
    canonical_text,
    placeholders_in,
    substitute,
)
from modules.swagger_reader import ReadDocument, checked_document, load_document
from modules.swagger_rules import IntegrationRules
from modules.swagger_security import (
    UndeclaredOperations,
    add_missing_scheme,
    check_requirements,
    complete_authorizers,
    declare_requirements,
    drop_unused_schemes,
    own_schemes,
)
from modules.swagger_specification import (
    check_operation_ids,
    check_path_parameters,
    check_references,
    check_specification,
    check_version,
    mend_version,
)
from modules.swagger_stage_variables import check_stage_variables

__all__ = [
    "CompletedDocument",
    "Completion",
    "Operation",
    "UndeclaredOperations",
    "complete_document",
    "load_document",
    "placeholders_in",
    "substitute",
]

DEFAULT_TIMEOUT_MILLISECONDS = 29_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Completion:
    """
    Say how a document is completed.

    Args:
        service_url: scheme, host, port and base path of the backend, without a
            trailing slash; may hold placeholders.
        undeclared_operations: what becomes of operations that don't say who may call
            them. Defaults to an error.
        allowed_hosts: hosts, or ARNs of AWS integrations, that may be reached otherwise
            than over the VPC link. Defaults to none.
        allowed_credentials: ARNs of the IAM roles that integrations may use. Defaults
            to none.
        timeout_milliseconds: how long API Gateway waits for the backend. Defaults to
            29000, the most that needs no raised quota.
        binary_media_types: media types that are not text, besides the document's own.
            Defaults to none.
        stage_variables: the names of the stage variables that have a value. Defaults
            to none.
    """

    service_url: str
    undeclared_operations: UndeclaredOperations = UndeclaredOperations.ERROR
    allowed_hosts: tuple[str, ...] = ()
    allowed_credentials: tuple[str, ...] = ()
    timeout_milliseconds: int = DEFAULT_TIMEOUT_MILLISECONDS
    binary_media_types: tuple[str, ...] = ()
    stage_variables: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """
    Summarize one operation of a completed document.

    Args:
        method: the method, `ANY` for all of them.
        path: the path below the stage.
        requirement: who may call it, everyone or the pool's users.
        scopes: the scopes an access token needs; with none, an ID token is needed.
    """

    method: str
    path: str
    requirement: Literal["public", "user"]
    scopes: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CompletedDocument:
    """
    Hold a document that API Gateway imports without warnings.

    Args:
        body: the document; its placeholders are `${name}`.
        warnings: what was mended, and what API Gateway ignores, one line each.
        operations: every operation, in the document's order.
        binary_media_types: the media types that are not text.
    """

    body: Object
    warnings: tuple[str, ...]
    operations: tuple[Operation, ...]
    binary_media_types: tuple[str, ...]


def complete_document(
    document: Mapping[str, object],
    *,
    name: str,
    options: Completion,
    accepted: AcceptedDocuments | None = None,
) -> CompletedDocument:
    """
    Check *document* and add what API Gateway needs to import it.

    Completing a completed document changes nothing.

    Args:
        document: the document as it was read; it is not changed.
        name: what problems and warnings call the document.
        options: how to complete it.
        accepted: the documents that need not be validated against the specification
            again. Defaults to validating each.

    Raises:
        ConfigError: if the document can't be imported, with all problems at once.
    """
    findings = Findings(name)
    read_warnings = document.warnings if isinstance(document, ReadDocument) else ()
    body = canonical_document(checked_document(document, name), findings)
    _check(body, options, findings, accepted or AcceptedDocuments())
    if findings.problems:
        raise ConfigError(findings.problems)
    complete_authorizers(body, own_schemes(body, findings))
    add_integrations(
        body,
        service_url=options.service_url,
        timeout_milliseconds=options.timeout_milliseconds,
    )
    add_preflights(body)
    add_gateway_responses(body)
    media_types = _add_binary_media_types(body, options.binary_media_types)
    return CompletedDocument(
        body=body,
        warnings=(*read_warnings, *findings.warnings()),
        operations=_summaries(body),
        binary_media_types=media_types,
    )


def _check(
    body: Object, options: Completion, findings: Findings, accepted: AcceptedDocuments
) -> None:
    """
    Mend and check, as far as what was found so far allows.
    """
    mend_version(body, findings)
    known_version = check_version(body, findings)
    sound_references = check_references(body, findings)
    if not known_version:
        return
    add_missing_scheme(body, findings)
    written = copy.deepcopy(body)
    check_stage_variables(written, options.stage_variables, findings)
    own = own_schemes(body, findings)
    check_requirements(body, own, findings)
    declare_requirements(body, options.undeclared_operations, findings)
    drop_unused_schemes(body, own, findings)
    mend_for_import(body, findings)
    mend_integrations(body, findings)
    check_limits(body, findings)
    check_extensions(body, findings)
    check_combinations(body, findings)
    check_path_parameters(body, findings)
    check_operation_ids(body, findings)
    check_gateway_responses(body, findings)
    check_cors(body, findings)
    IntegrationRules(
        document=body,
        allowed_hosts=frozenset(
            _canonical_host(host) for host in options.allowed_hosts
        ),
        allowed_credentials=frozenset(map(canonical_text, options.allowed_credentials)),
        findings=findings,
    ).check()
    if sound_references:
        check_specification(written, findings, accepted)


def _canonical_host(host: str) -> str:
    text = canonical_text(host)
    return text if text.startswith("arn:") else text.lower()


def _add_binary_media_types(body: Object, wanted: tuple[str, ...]) -> tuple[str, ...]:
    declared = [str(entry) for entry in as_list(body.get(BINARY_MEDIA_TYPES))]
    media_types = tuple(dict.fromkeys((*declared, *wanted)))
    if media_types:
        body[BINARY_MEDIA_TYPES] = list(media_types)
    return media_types


def _summaries(body: Object) -> tuple[Operation, ...]:
    schemes = member(body, *schemes_location(body))
    found: list[Operation] = []
    for operation in operations(body):
        requirements = as_list(operation.definition["security"])
        scopes = [
            str(scope)
            for requirement in requirements
            for name, needed in as_object(requirement).items()
            if name in schemes
            for scope in as_list(needed)
        ]
        found.append(
            Operation(
                method=operation.method,
                path=operation.path,
                requirement="user" if requirements else "public",
                scopes=tuple(scopes),
            )
        )
    return tuple(found)
