"""
What API Gateway imports: paths, and names of models and headers.
"""

import re

from modules.swagger_document import (
    OPERATION_KEYS,
    Findings,
    Location,
    Object,
    as_object,
    member,
    operations,
    shown,
)
from modules.swagger_models import models_location

_IGNORED = {
    "host": "the host",
    "basePath": "the base path",
    "schemes": "the schemes",
    "servers": "the servers",
}
# https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-execution-service-limits-table.html
_MAXIMUM_RESOURCES = 300
_SEGMENT = re.compile(r"[A-Za-z0-9_.,:-]+|\{[A-Za-z0-9_.:-]+\+?\}")
_MODEL_NAME = re.compile(r"[A-Za-z0-9]+")
# https://www.rfc-editor.org/rfc/rfc9110#name-tokens
_HEADER_NAME = re.compile(r"[A-Za-z0-9!#$%&*+.^_`|~-]+")
_NOT_ALPHANUMERIC = re.compile(r"[^A-Za-z0-9]")
# Paths that API Gateway keeps for its own health check.
_RESERVED_PATHS = frozenset({"/ping", "/sping"})


def check_limits(document: Object, findings: Findings) -> None:
    """
    Check the document against what API Gateway documents of its import.

    Source: https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-known-issues.html
    """
    _check_paths(document, findings)
    _check_siblings(document, findings)
    _check_model_names(document, findings)
    _check_header_names(document, findings)
    _warn_of_ignored(document, findings)
    _warn_of_many_resources(document, findings)


def _warn_of_ignored(document: Object, findings: Findings) -> None:
    for key, what in _IGNORED.items():
        if key in document:
            findings.warning(
                (key,), f"API Gateway's import ignores {what}, remove it from here"
            )
    for path, value in member(document, "paths").items():
        item = as_object(value)
        for key in ("", *OPERATION_KEYS):
            owner = member(item, key) if key else item
            if "servers" in owner and not path.startswith("x-"):
                location = ("paths", path, key) if key else ("paths", path)
                findings.warning(
                    (*location, "servers"),
                    f"API Gateway's import ignores {_IGNORED['servers']}, remove it"
                    " from here",
                )


def _warn_of_many_resources(document: Object, findings: Findings) -> None:
    """
    Say when the paths need more resources than an API may have.

    Each segment is a resource, shared by the paths that go through it.
    """
    resources = {"/"}
    for path in member(document, "paths"):
        if path.startswith("/"):
            parts = path.strip("/").split("/")
            resources.update("/".join(parts[: i + 1]) for i in range(len(parts)))
    resources.discard("")
    if len(resources) > _MAXIMUM_RESOURCES:
        findings.warning(
            ("paths",),
            f"more than {_MAXIMUM_RESOURCES} resources need a raised quota of the API,"
            f" got {len(resources)}, ask AWS for it",
        )


def _check_paths(document: Object, findings: Findings) -> None:
    _check_any_method(document, findings)
    for path, item in member(document, "paths").items():
        location = ("paths", path)
        if path.startswith("x-"):
            continue
        if not path.startswith("/"):
            findings.problem(location, f"a path must begin with '/', got {shown(path)}")
            continue
        segments = path[1:].split("/") if path != "/" else []
        for segment in segments:
            if not _SEGMENT.fullmatch(segment):
                findings.problem(
                    location,
                    "a path segment must be letters, digits and _ . , : - or one"
                    f" {{variable}}, got {shown(segment)}, rename it",
                )
        if any(segment.endswith("+}") for segment in segments[:-1]):
            findings.problem(
                location,
                f"a greedy variable must be the last segment, got {shown(path)}",
            )
        if path in _RESERVED_PATHS:
            findings.warning(
                location, "API Gateway answers this path itself with a custom domain"
            )
        _check_methods(location, as_object(item), findings)


def _check_any_method(document: Object, findings: Findings) -> None:
    """
    Check that there is an operation besides the preflights that are put in.
    """
    paths = document.get("paths", {})
    items = [
        as_object(item)
        for path, item in member(document, "paths").items()
        if path.startswith("/")
    ]
    if isinstance(paths, dict) and not any(
        item.keys() & {*OPERATION_KEYS, "$ref", "trace"} for item in items
    ):
        got = "none on its paths" if items else "no path"
        findings.problem(
            ("paths",),
            f"a deployment needs a method, got {got}, describe one such as"
            ' "/things": {"get": …}',
        )


def _check_methods(location: Location, item: Object, findings: Findings) -> None:
    if "$ref" in item:
        findings.problem(
            (*location, "$ref"), "API Gateway imports no $ref to a path, write it out"
        )
    if "trace" in item:
        findings.problem(
            (*location, "trace"), "API Gateway has no method TRACE, remove it"
        )
    for key in OPERATION_KEYS:
        if key in item and not isinstance(item[key], dict):
            findings.problem(
                (*location, key), f"must be an operation, got {shown(item[key])}"
            )


def _check_siblings(document: Object, findings: Findings) -> None:
    """
    Check that each path has at most one variable below it.

    Source: https://github.com/amazon-archives/aws-apigateway-importer/issues/202
    """
    variables: dict[str, tuple[str, str]] = {}
    for path in member(document, "paths"):
        parent = ""
        for segment in path.split("/")[1:]:
            if segment.startswith("{"):
                first, where = variables.setdefault(parent, (segment, path))
                if first != segment:
                    findings.problem(
                        ("paths", path),
                        f"below {shown(parent or '/')} a variable must have one name,"
                        " got"
                        f" {segment} here and {first} in {shown(where)}, use one of"
                        " them",
                    )
            parent = f"{parent}/{segment}"


def _check_model_names(document: Object, findings: Findings) -> None:
    location = models_location(document)
    for name in member(document, *location):
        if not _MODEL_NAME.fullmatch(name):
            findings.problem(
                (*location, name),
                f"a model's name must be letters and digits, got {shown(name)},"
                " rename it to"
                f" {shown(_NOT_ALPHANUMERIC.sub('', name) or 'Model')} with its"
                " references",
            )


def _check_header_names(document: Object, findings: Findings) -> None:
    for operation in operations(document):
        for name in sorted(operation.parameter_names(document, "header")):
            if not _HEADER_NAME.fullmatch(name):
                findings.problem(
                    (*operation.location, "parameters"),
                    f"a header's name must be an HTTP token, got {shown(name)},"
                    " rename it",
                )
