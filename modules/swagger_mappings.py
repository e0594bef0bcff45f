"""
What goes from a request to the backend, and from its answer to the caller.

The sources of parameter mappings, and where each may be used:
https://docs.aws.amazon.com/apigateway/latest/developerguide/rest-api-parameter-mapping-sources.html
"""

import re
from dataclasses import dataclass

from modules.swagger_document import (
    JSON,
    DeclaredOperation,
    Findings,
    Location,
    Object,
    as_object,
    nearest,
    path_variables,
    resolve,
    shown,
)

# https://docs.aws.amazon.com/apigateway/latest/developerguide/request-response-data-mappings.html
_TARGET = re.compile(
    r"integration\.request\.(path|querystring|header|multivaluequerystring"
    r"|multivalueheader)\.(?P<name>.+)"
)
_PARAMETER = re.compile(
    r"method\.request\.(?P<place>path|querystring|header|multivaluequerystring"
    r"|multivalueheader)\.(?P<name>.+)"
)
_CONSTANT = r"'.*'|context\.[A-Za-z0-9._$-]+|stageVariables\.[A-Za-z0-9_]+"
_OTHER_SOURCE = re.compile(rf"{_CONSTANT}|method\.request\.body(\..+)?")
_ANSWER_SOURCE = re.compile(
    rf"{_CONSTANT}|integration\.response\.((multivalue)?header\..+|body(\..+)?)"
)
_GATEWAY_SOURCE = re.compile(rf"{_CONSTANT}|{_PARAMETER.pattern}")
_PLACES = {
    "path": "path",
    "querystring": "query",
    "multivaluequerystring": "query",
    "header": "header",
    "multivalueheader": "header",
}
_RESPONSE_HEADER = "method.response.header."
_PATH_TARGET = "integration.request.path."
_MAXIMUM_HINT = 80


def is_gateway_source(value: JSON) -> bool:
    """
    Tell whether a header of a gateway response may have this value.
    """
    return isinstance(value, str) and _GATEWAY_SOURCE.fullmatch(value) is not None


def object_or_problem(
    owner: Object, key: str, location: Location, findings: Findings
) -> Object:
    """
    Take an optional object from its owner, and report anything else.
    """
    value = owner.get(key, {})
    if not isinstance(value, dict):
        findings.problem(
            (*location, key), f"{key} must be an object, got {shown(value)}"
        )
    return as_object(value)


def check_templates(
    owner: Object, key: str, location: Location, findings: Findings
) -> None:
    """
    Check that mapping templates are texts by media type.
    """
    for media_type, template in object_or_problem(
        owner, key, location, findings
    ).items():
        if not isinstance(template, str):
            findings.problem(
                (*location, key, media_type),
                f"a mapping template must be text, got {shown(template)}, quote it",
            )


def _quoted(value: JSON) -> str:
    if not isinstance(value, int | float | str):
        return ""
    text = str(value).lower() if isinstance(value, bool) else str(value)
    if "'" in text or not text.isprintable() or len(text) > _MAXIMUM_HINT:
        return ""
    return f""", write "'{text}'" for a constant"""


@dataclass(frozen=True, slots=True, kw_only=True)
class MappingRules:
    """
    Check the mappings of integrations against the parameters of their operations.

    Args:
        document: the document, with canonical placeholders.
        findings: where problems and warnings go.
    """

    document: Object
    findings: Findings

    def check_request(
        self, location: Location, operation: DeclaredOperation, integration: Object
    ) -> None:
        mappings = object_or_problem(
            integration, "requestParameters", location, self.findings
        )
        place = (*location, "requestParameters")
        for target, source in mappings.items():
            if not _TARGET.fullmatch(target):
                self.findings.problem(
                    (*place, target),
                    "a mapping must be to integration.request.path, .querystring or"
                    f" .header, got {shown(target)}",
                )
            self._check_source((*place, target), operation, source)
        for name in _variables(integration):
            if f"{_PATH_TARGET}{name}" not in mappings:
                self.findings.problem(
                    place,
                    f"the uri's {{{name}}} must be mapped, got no mapping, add"
                    f' "{_PATH_TARGET}{name}": "method.request.path.{name}"',
                )
        check_templates(integration, "requestTemplates", location, self.findings)

    def _check_source(
        self, location: Location, operation: DeclaredOperation, source: JSON
    ) -> None:
        match = _PARAMETER.fullmatch(source) if isinstance(source, str) else None
        if match is None:
            if not isinstance(source, str) or not _OTHER_SOURCE.fullmatch(source):
                self.findings.problem(
                    location,
                    "a mapping must be from method.request., context.,"
                    " stageVariables. or a constant in single quotes, got"
                    f" {shown(source)}{_quoted(source)}",
                )
            return
        place = _PLACES[match["place"]]
        declared = operation.parameter_names(self.document, place)
        if match["name"] not in declared:
            self.findings.problem(
                location,
                f"a mapping must be from a {place} parameter of {operation.title},"
                f" got {shown(match['name'])}{nearest(match['name'], declared)},"
                " declare it",
            )

    def warn_of_dropped_parameters(
        self, location: Location, operation: DeclaredOperation, integration: Object
    ) -> None:
        """
        Say which path parameters end at API Gateway.
        """
        variables = _variables(integration)
        used = {
            str(source)
            for target, source in as_object(
                integration.get("requestParameters")
            ).items()
            if not target.startswith(_PATH_TARGET)
            or target.removeprefix(_PATH_TARGET) in variables
        }
        templates = str(as_object(integration.get("requestTemplates")))
        for name in path_variables(operation.path):
            if f"method.request.path.{name}" not in used and name not in templates:
                self.findings.warning(
                    (*location, "uri"),
                    f"{operation.title} declares the path parameter {shown(name)} and"
                    " its"
                    " uri does not use it, so the backend never sees it, put"
                    f" {{{name}}} into the uri and map it",
                )

    def check_responses(
        self,
        location: Location,
        operation: DeclaredOperation,
        integration: Object,
        kind: str,
    ) -> None:
        declared = as_object(operation.definition.get("responses"))
        found = object_or_problem(integration, "responses", location, self.findings)
        for key in found:
            place = (*location, "responses", key)
            response = object_or_problem(found, key, place[:-1], self.findings)
            value = response.get("statusCode")
            code = str(value) if isinstance(value, str | int) else ""
            known = code in declared or (kind.endswith("_proxy") and not declared)
            if isinstance(found[key], dict) and not known:
                self.findings.problem(
                    (*place, "statusCode"),
                    f"statusCode must be one of the responses of {operation.title},"
                    f" got {shown(value)}, declare it",
                )
            check_templates(response, "responseTemplates", place, self.findings)
            target = as_object(resolve(self.document, declared.get(code)))
            if code in declared:
                self._check_headers(place, response, code, target)
            if kind.endswith("_proxy"):
                self._warn_of_inert_headers(place, response)

    def _check_headers(
        self, location: Location, response: Object, code: str, declared: Object
    ) -> None:
        headers = as_object(declared.get("headers"))
        for target, source in object_or_problem(
            response, "responseParameters", location, self.findings
        ).items():
            place = (*location, "responseParameters", target)
            name = target.removeprefix(_RESPONSE_HEADER)
            if name == target or name not in headers:
                self.findings.problem(
                    place,
                    f"a mapping must be to {_RESPONSE_HEADER} and a header of response"
                    f" {code}, got {shown(target)}{nearest(name, headers)}, declare it",
                )
            if not isinstance(source, str) or not _ANSWER_SOURCE.fullmatch(source):
                self.findings.problem(
                    place,
                    "a mapping must be from integration.response., context.,"
                    " stageVariables. or a constant in single quotes, got"
                    f" {shown(source)}{_quoted(source)}",
                )

    def _warn_of_inert_headers(self, location: Location, response: Object) -> None:
        """
        Say that a proxy integration passes the backend's own headers through.

        Source: https://docs.aws.amazon.com/apigateway/latest/developerguide/how-to-cors.html
        """
        targets = as_object(response.get("responseParameters"))
        if any("access-control-" in target.lower() for target in targets):
            self.findings.warning(
                (*location, "responseParameters"),
                "API Gateway ignores response mappings of a proxy integration, the"
                " backend must send its CORS headers itself",
            )


def _variables(integration: Object) -> tuple[str, ...]:
    uri = integration.get("uri")
    text = uri if isinstance(uri, str) else ""
    return path_variables(re.sub(r"\$\{[^}]*\}", "", text))
