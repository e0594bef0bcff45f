"""
Check a document against Swagger 2.0 or OpenAPI 3.0.
"""

from collections.abc import Callable, Iterator
from typing import Protocol, cast

from modules.accepted_documents import AcceptedDocuments
from modules.swagger_document import (
    ANY_METHOD,
    DeclaredOperation,
    Findings,
    Location,
    Object,
    as_object,
    is_swagger,
    member,
    operations,
    path_variables,
    resolve,
    shown,
    walk,
)
from modules.swagger_references import reference_problem
from modules.swagger_violations import SpecificationError, violation, violations

_PLACEHOLDER_VERSION = "1.0"
_ANY_SUFFIX = f"#{ANY_METHOD}"
_OWN_RULES = frozenset({"UnresolvableParameterError", "DuplicateOperationIDError"})


class _SchemaPath(Protocol):
    def __truediv__(self, key: str) -> "_SchemaPath": ...


class _Validator(Protocol):
    schema_validator: "_Validator"
    schema_path: "_SchemaPath"
    keyword_validators_registry: dict[str, Callable[..., Iterator[SpecificationError]]]

    def iter_errors(self, document: Object) -> Iterator[SpecificationError]: ...


def mend_version(document: Object, findings: Findings) -> None:
    """
    Mend what published documents of the workshop lack: version as text, `info.version`.
    """
    version = document.get("swagger")
    if isinstance(version, float | int) and not isinstance(version, bool):
        document["swagger"] = f"{float(version)}"
        findings.warning(
            ("swagger",),
            f"the version must be text, got the number {version}, it was put in quotes",
        )
    info = document.get("info")
    number = as_object(info).get("version")
    if isinstance(number, float | int) and not isinstance(number, bool):
        as_object(info)["version"] = f"{number}"
        findings.warning(
            ("info", "version"),
            f"the version must be text, got the number {number}, it was put in quotes",
        )
    if isinstance(info, dict) and "version" not in info:
        info["version"] = _PLACEHOLDER_VERSION
        findings.warning(
            ("info",),
            f'info must have a version, got none, "{_PLACEHOLDER_VERSION}" was put in',
        )


def check_version(document: Object, findings: Findings) -> bool:
    """
    Check that the document is of a version that API Gateway imports.

    Source: https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-import-api.html
    """
    swagger, openapi = document.get("swagger"), document.get("openapi")
    if "openapi" not in document and swagger == "2.0":
        return True
    if "swagger" not in document and str(openapi).startswith("3.0."):
        return True
    key = "openapi" if "openapi" in document else "swagger"
    got = shown(openapi if key == "openapi" else swagger)
    also = " with swagger" if key == "openapi" and "swagger" in document else ""
    findings.problem(
        (key,),
        f'the document must be "swagger": "2.0" or "openapi": "3.0.x", got {got}{also},'
        " convert it",
    )
    return False


def check_references(document: Object, findings: Findings) -> bool:
    """
    Check that every `$ref` leads to a place inside the document.

    Source: https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-known-issues.html
    """
    before = len(findings.problems)
    for location, value in walk(document):
        if not isinstance(value, dict) or not isinstance(ref := value.get("$ref"), str):
            continue
        if not ref.startswith("#/"):
            findings.problem(
                (*location, "$ref"),
                f"a $ref must begin with '#/', got {shown(ref)}, move its target into"
                " the document",
            )
        elif (target := resolve(document, value)) is None:
            findings.problem(
                (*location, "$ref"),
                f"a $ref must lead to a place in the document, got {shown(ref)}",
            )
        elif text := reference_problem(location, ref, target):
            findings.problem((*location, "$ref"), text)
    return len(findings.problems) == before


def check_path_parameters(document: Object, findings: Findings) -> None:
    """
    Check that each operation declares the variables of its path, and no others.
    """
    for operation in operations(document):
        variables = set(path_variables(operation.path))
        declared = operation.parameter_names(document, "path")
        for name in sorted(variables - declared):
            findings.problem(
                operation.location,
                f"{operation.title} must declare its path parameter {shown(name)},"
                " got none,"
                ' add it with "in": "path", "required": true',
            )
        for name in sorted(declared - variables):
            findings.problem(
                operation.location,
                f"{operation.title} declares a path parameter {shown(name)} that its"
                " path"
                " does not have, remove it or add it to the path",
            )


def check_operation_ids(document: Object, findings: Findings) -> None:
    """
    Check that no two operations have one id.
    """
    first_by_id: dict[str, DeclaredOperation] = {}
    for operation in operations(document):
        name = operation.definition.get("operationId")
        if not isinstance(name, str):
            continue
        first = first_by_id.setdefault(name, operation)
        if first.location != operation.location:
            findings.problem(
                (*operation.location, "operationId"),
                f"an operation id must be unique, got {shown(name)} for {first.title}"
                " and"
                f" {operation.title}, rename one",
            )


def check_specification(
    document: Object, findings: Findings, accepted: AcceptedDocuments
) -> None:
    """
    Validate the document with openapi-spec-validator, unless it is known to be valid.

    Path parameters and operation ids are left to the rules above, which know API
    Gateway's greedy variables and name the operation.

    Args:
        document: the document before anything is taken out of it, so that places are
            those of its file.
        findings: where problems go.
        accepted: what the validator has found nothing wrong with before.
    """
    validated = _with_any_methods(document)

    def validate() -> bool:
        before = len(findings.problems)
        for location, text in _problems(validated):
            findings.problem(_original(location), text)
        return len(findings.problems) == before

    accepted.accepts(validated, validate)


def _problems(document: Object) -> Iterator[tuple[Location, str]]:
    # It takes a tenth of a second to import, and most runs need it not.
    from openapi_spec_validator import (  # noqa: PLC0415
        OpenAPIV2SpecValidator,
        OpenAPIV30SpecValidator,
    )

    kind = OpenAPIV2SpecValidator if is_swagger(document) else OpenAPIV30SpecValidator
    validator = cast("_Validator", kind(document))  # pyright: ignore[reportArgumentType]
    found = [
        problem
        for error in validator.schema_validator.iter_errors(document)
        for problem in violations(error)
    ]
    yield from found
    if not found:
        for location, message in _keyword_problems(validator, document):
            yield location, violation(message)


def _with_any_methods(document: Object) -> Object:
    """
    Write each ANY operation a second time, as one that the specification knows.

    To the specification it is an extension, where everything is allowed.
    """
    paths = document.get("paths")
    if not isinstance(paths, dict):
        return document
    copies: Object = {}
    for path in paths:
        item = member(paths, path)
        if path.startswith("/") and isinstance(
            definition := item.get(ANY_METHOD), dict
        ):
            shared = {key: item[key] for key in ("parameters",) if key in item}
            copies[f"{path}{_ANY_SUFFIX}"] = {"get": _described(definition), **shared}
    return {**document, "paths": {**paths, **copies}}


def _described(definition: Object) -> Object:
    """
    Let an ANY operation go without responses, as API Gateway's own exports have it.

    Source: https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-set-up-lambda-proxy-integration-on-proxy-resource.html
    """
    if definition.get("responses", {}) != {}:
        return definition
    return {**definition, "responses": {"default": {"description": ""}}}


def _original(location: Location) -> Location:
    match location:
        case ("paths", path, *rest) if path.endswith(_ANY_SUFFIX):
            key = [ANY_METHOD] if rest[:1] in ([], ["get"]) else rest[:1]
            return ("paths", path.removesuffix(_ANY_SUFFIX), *key, *rest[1:])
        case _:
            return location


def _keyword_problems(
    validator: _Validator, document: Object
) -> Iterator[tuple[Location, str]]:
    registry = validator.keyword_validators_registry
    root = validator.schema_path
    for path in member(document, "paths"):
        if path.startswith("/"):
            item = root / "paths" / path
            for message in _messages(registry["path"], path, item):
                yield ("paths", path), message
    for key in ("components", "tags"):
        if key in document:
            for message in _messages(registry[key], root / key):
                yield (key,), message


def _messages(
    check: Callable[..., Iterator[SpecificationError]], *arguments: object
) -> list[str]:
    """
    Run one keyword's check.

    Checks follow references without asking what they lead to, and fail in their own
    ways when it is something else.
    """
    try:
        return [
            error.message
            for error in check(*arguments)
            if type(error).__name__ not in _OWN_RULES
        ]
    except RecursionError:
        return ["a schema that combines with itself"]
    except (LookupError, TypeError, ValueError, AttributeError, AssertionError):
        return ["a $ref to a value of another kind"]
