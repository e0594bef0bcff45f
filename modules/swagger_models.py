"""
Mend what API Gateway's import does not know of schemas, parameters and responses.

The sources of the rules:
https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-known-issues.html
https://github.com/awslabs/aws-api-gateway-developer-portal/issues/571
https://github.com/amazon-archives/aws-apigateway-importer
"""

import copy
import re
from collections.abc import Iterator

from modules.swagger_document import (
    JSON,
    Findings,
    Location,
    Object,
    as_list,
    as_object,
    is_swagger,
    member,
    operations,
    resolve,
    shown,
    walk,
)

# Keywords of OpenAPI that are outside JSON Schema draft 4, or that AWS's notes exclude.
_UNSUPPORTED_KEYWORDS = (
    "default",
    "deprecated",
    "discriminator",
    "example",
    "exclusiveMinimum",
    "externalDocs",
    "nullable",
    "readOnly",
    "writeOnly",
    "xml",
)
_LOOSENING_KEYWORDS = {
    "exclusiveMinimum": ", so that its minimum itself is accepted",
    "nullable": ", so that null is refused where requests are validated",
}
_PRIMITIVE_TYPES = ("string", "number", "integer", "boolean", "file")
_NUMBER_FORMATS = ("int32", "int64", "decimal")
_UNSUPPORTED_PLACES = ("cookie", "formData")
_STATUS_CODE = re.compile(r"[1-5][0-9]{2}")
_COMBINATIONS = ("allOf", "anyOf", "oneOf")
_NAMED_SUBSCHEMAS = ("properties", "patternProperties", "definitions")
_SINGLE_SUBSCHEMAS = ("items", "additionalProperties", "not")


def models_location(document: Object) -> Location:
    """
    Locate the named schemas, which API Gateway calls models.
    """
    if is_swagger(document):
        return ("definitions",)
    return ("components", "schemas")


def mend_for_import(document: Object, findings: Findings) -> None:
    """
    Take out of the document what its import would stumble over, with a warning each.

    What callers and the backend say to each other does not change by it.
    """
    _inline_responses(document, findings)
    _drop_response_ranges(document, findings)
    _drop_parameters(document, findings)
    _drop_primitive_response_schemas(document, findings)
    for location, schema in list(_schemas(document)):
        for place, nested in _with_subschemas(location, schema):
            _mend_schema(place, nested, findings)


def check_combinations(document: Object, findings: Findings) -> None:
    """
    Check that no combination of schemas refers to another one.

    The rule is for OpenAPI 3.0 alone.
    """
    if is_swagger(document):
        return
    for location, schema in _schemas(document):
        for place, nested in _with_subschemas(location, schema):
            for keyword in _COMBINATIONS:
                for i, part in enumerate(as_list(nested.get(keyword))):
                    if "$ref" in as_object(part):
                        findings.problem(
                            (*place, keyword, str(i)),
                            f"API Gateway imports no $ref inside {keyword},"
                            " write the schema out here",
                        )


def _inline_responses(document: Object, findings: Findings) -> None:
    for operation in operations(document):
        responses = as_object(operation.definition.get("responses"))
        for code, response in responses.items():
            target = resolve(document, response)
            if "$ref" in as_object(response) and isinstance(target, dict):
                responses[code] = copy.deepcopy(target)
                findings.warning(
                    (*operation.location, "responses", code),
                    "API Gateway imports no reference to a response, it was written out"
                    " here",
                )


def _drop_response_ranges(document: Object, findings: Findings) -> None:
    for operation in operations(document):
        responses = as_object(operation.definition.get("responses"))
        unsupported = [
            code
            for code in responses
            if not _STATUS_CODE.fullmatch(code) and not code.startswith("x-")
        ]
        for code in unsupported:
            response = responses.pop(code)
            if not any(_STATUS_CODE.fullmatch(known) for known in responses):
                responses["200"] = response
            findings.warning(
                (*operation.location, "responses", code),
                f"API Gateway imports responses by status code alone, {code!r} was"
                " taken out, name the codes",
            )


def _drop_parameters(document: Object, findings: Findings) -> None:
    owners: list[tuple[Location, Object]] = [
        (("paths", path), as_object(item))
        for path, item in member(document, "paths").items()
    ]
    owners += [(found.location, found.definition) for found in operations(document)]
    for location, owner in owners:
        kept: list[JSON] = []
        for i, entry in enumerate(as_list(owner.get("parameters"))):
            place = as_object(resolve(document, entry)).get("in")
            if place not in _UNSUPPORTED_PLACES:
                kept.append(entry)
                continue
            findings.warning(
                (*location, "parameters", str(i)),
                f"API Gateway imports no {place} parameters, it was taken out and still"
                " reaches the backend",
            )
        if "parameters" in owner and isinstance(owner["parameters"], list):
            owner["parameters"] = kept


def _drop_primitive_response_schemas(document: Object, findings: Findings) -> None:
    for operation in operations(document):
        responses = as_object(operation.definition.get("responses"))
        for code, response in responses.items():
            place = (*operation.location, "responses", code)
            owners: list[tuple[Location, Object]] = [(place, as_object(response))]
            for media_type, content in member(response, "content").items():
                owners.append(((*place, "content", media_type), as_object(content)))
            for location, owner in owners:
                if member(owner, "schema").get("type") in _PRIMITIVE_TYPES:
                    del owner["schema"]
                    findings.warning(
                        (*location, "schema"),
                        "API Gateway imports no response schema of a primitive type, it"
                        " was taken out, name it and refer to it",
                    )


def _schemas(document: Object) -> Iterator[tuple[Location, Object]]:
    """
    Yield the schemas that become models: named ones, and those of bodies.
    """
    models = models_location(document)
    for name, schema in member(document, *models).items():
        yield (*models, name), as_object(schema)
    for location, owner in walk({**document, models[0]: None}):
        if any(part.startswith("x-") for part in location):
            continue
        schema = as_object(owner).get("schema")
        # A parameter's own schema is ignored by the import, unless it is the body's.
        if isinstance(schema, dict) and as_object(owner).get("in", "body") == "body":
            yield (*location, "schema"), schema
    for name in ("requestBodies", "responses"):
        for location, owner in walk(member(document, "components", name)):
            schema = as_object(owner).get("schema")
            if isinstance(schema, dict):
                yield ("components", name, *location, "schema"), schema


def _with_subschemas(
    location: Location, schema: Object
) -> Iterator[tuple[Location, Object]]:
    stack = [(location, schema)]
    while stack:
        place, current = stack.pop()
        yield place, current
        for keyword in _NAMED_SUBSCHEMAS:
            stack.extend(
                ((*place, keyword, name), as_object(child))
                for name, child in as_object(current.get(keyword)).items()
            )
        stack.extend(
            ((*place, keyword), as_object(current[keyword]))
            for keyword in _SINGLE_SUBSCHEMAS
            if keyword in current
        )
        for keyword in _COMBINATIONS:
            stack.extend(
                ((*place, keyword, str(i)), as_object(child))
                for i, child in enumerate(as_list(current.get(keyword)))
            )


def _mend_schema(location: Location, schema: Object, findings: Findings) -> None:
    extensions = [key for key in schema if key.startswith("x-")]
    for keyword in (*_UNSUPPORTED_KEYWORDS, *extensions):
        if keyword in schema:
            del schema[keyword]
            findings.warning(
                (*location, keyword),
                f"API Gateway's models know no {shown(keyword)}, it was taken out"
                f"{_LOOSENING_KEYWORDS.get(keyword, '')}",
            )
    number_format = schema.get("format")
    if schema.get("type") == "number" and number_format in _NUMBER_FORMATS:
        del schema["format"]
        findings.warning(
            (*location, "format"),
            f"API Gateway's models know no number of format {shown(number_format)}, the"
            " format was taken out",
        )
