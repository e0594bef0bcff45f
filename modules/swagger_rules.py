"""
The rules for integrations: what each operation may reach, and how it is written.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

from modules.swagger_document import (
    INTEGRATION,
    DeclaredOperation,
    Findings,
    Location,
    Object,
    as_object,
    is_one_of,
    nearest,
    operations,
    path_variables,
    resolve,
    shown,
)

# https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-swagger-extensions-integration.html
PROPERTIES = frozenset(
    {
        "cacheKeyParameters",
        "cacheNamespace",
        "connectionId",
        "connectionType",
        "contentHandling",
        "credentials",
        "httpMethod",
        "integrationTarget",
        "passthroughBehavior",
        "payloadFormatVersion",
        "requestParameters",
        "requestTemplates",
        "responseTransferMode",
        "responses",
        "timeoutInMillis",
        "tlsConfig",
        "type",
        "uri",
    }
)
_TYPES = ("aws", "aws_proxy", "http", "http_proxy", "mock")
_HTTP_METHODS = ("ANY", "DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT")
_PASSTHROUGH = ("when_no_match", "when_no_templates", "never")
_CONTENT_HANDLING = ("CONVERT_TO_TEXT", "CONVERT_TO_BINARY")
_MINIMUM_MILLISECONDS = 50
_MAXIMUM_MILLISECONDS = 29_000

_STAGE_VARIABLE = re.compile(r"\$\{stageVariables\.[A-Za-z0-9_]+\}")
_URI = re.compile(
    r"https?://"
    r"(?P<host>(?:[A-Za-z0-9._-]|\$\{[A-Za-z0-9_.]+\})+)"
    r"(?P<port>:(?:[0-9]{1,5}|\$\{stageVariables\.[A-Za-z0-9_]+\}))?"
    r"(?P<path>(?:/[^\s#\\?]*)?(?:\?[^\s#\\]*)?)"
)
# https://docs.aws.amazon.com/apigateway/latest/developerguide/request-response-data-mappings.html
_MAPPING_TARGET = re.compile(
    r"integration\.request\.(path|querystring|header|multivaluequerystring"
    r"|multivalueheader)\.(?P<name>.+)"
)
_MAPPING_SOURCE = re.compile(
    r"method\.request\.(?P<place>path|querystring|header|multivaluequerystring"
    r"|multivalueheader)\.(?P<name>.+)"
)
_PLACES = {
    "path": "path",
    "querystring": "query",
    "multivaluequerystring": "query",
    "header": "header",
    "multivalueheader": "header",
}
_RESPONSE_HEADER = "method.response.header."


@dataclass(frozen=True, slots=True, kw_only=True)
class IntegrationRules:
    """
    Check that integrations reach what they may, and say what API Gateway needs.

    A target other than the VPC link receives every caller's token.

    Args:
        document: the document, with canonical placeholders.
        allowed_hosts: hosts, with the port when an integration names one, and ARNs
            that may be reached otherwise than over the VPC link.
        allowed_credentials: the ARNs of the IAM roles that an integration may use.
        findings: where problems and warnings go.
    """

    document: Object
    allowed_hosts: frozenset[str]
    allowed_credentials: frozenset[str]
    findings: Findings

    def check(self) -> None:
        for operation in operations(self.document):
            if INTEGRATION in operation.definition:
                self._check_integration(operation)

    def _check_integration(self, operation: DeclaredOperation) -> None:
        location = (*operation.location, INTEGRATION)
        value = operation.definition[INTEGRATION]
        if not isinstance(value, dict) or "$ref" in value:
            self.findings.problem(
                location,
                f"an integration must be an object of its own, got {shown(value)}",
            )
            return
        kind = self._check_choice(location, value, "type", _TYPES, str.lower)
        self._check_properties(location, value)
        if kind in {"http", "http_proxy"}:
            self._check_http_target(location, value)
        elif kind in {"aws", "aws_proxy"}:
            self._check_aws_target(location, value)
        if kind in _TYPES and kind != "mock":
            self._check_choice(location, value, "httpMethod", _HTTP_METHODS, str.upper)
        self._check_request_mappings(location, operation, value)
        self._check_responses(location, operation, value, kind)

    def _check_choice(
        self,
        location: Location,
        integration: Object,
        key: str,
        choices: tuple[str, ...],
        spelled: Callable[[str], str],
    ) -> str:
        value = integration.get(key)
        chosen = spelled(str(value))
        if not isinstance(value, str) or chosen not in choices:
            self.findings.problem(
                (*location, key),
                f"{key} must be one of {', '.join(choices)}, got {shown(value)}"
                f"{nearest(chosen, choices)}",
            )
        return chosen

    def _check_properties(self, location: Location, integration: Object) -> None:
        for key in sorted(integration.keys() - PROPERTIES):
            self.findings.problem(
                (*location, key),
                f"an integration of a REST API has no {key!r}"
                f"{nearest(key, PROPERTIES)}, remove it",
            )
        if "passthroughBehavior" in integration:
            self._check_choice(
                location, integration, "passthroughBehavior", _PASSTHROUGH, str.lower
            )
        if "contentHandling" in integration:
            self._check_choice(
                location, integration, "contentHandling", _CONTENT_HANDLING, str.upper
            )
        self._check_credentials(location, integration)
        self._check_tls(location, integration)
        self._check_timeout(location, integration)

    def _check_credentials(self, location: Location, integration: Object) -> None:
        credentials = integration.get("credentials")
        if credentials is not None and not is_one_of(
            credentials, self.allowed_credentials
        ):
            self.findings.problem(
                (*location, "credentials"),
                "credentials must be allowed by name in the settings,"
                f" got {shown(credentials)}, remove it or allow it",
            )

    def _check_tls(self, location: Location, integration: Object) -> None:
        tls = as_object(integration.get("tlsConfig"))
        skipped = tls.get("insecureSkipVerification", False)
        if skipped is not False:
            self.findings.problem(
                (*location, "tlsConfig", "insecureSkipVerification"),
                f"certificates are always verified, got {shown(skipped)}, remove it and"
                " give the backend a certificate for its host name",
            )

    def _check_timeout(self, location: Location, integration: Object) -> None:
        timeout = integration.get("timeoutInMillis", _MAXIMUM_MILLISECONDS)
        place = (*location, "timeoutInMillis")
        if (
            isinstance(timeout, bool)
            or not isinstance(timeout, int)
            or timeout < _MINIMUM_MILLISECONDS
        ):
            self.findings.problem(
                place,
                f"timeoutInMillis must be an integer from {_MINIMUM_MILLISECONDS},"
                f" got {shown(timeout)}",
            )
        elif timeout > _MAXIMUM_MILLISECONDS:
            self.findings.warning(
                place,
                f"more than {_MAXIMUM_MILLISECONDS} ms need a raised quota of the"
                " account, lower the timeout or ask AWS for it",
            )

    def _check_http_target(self, location: Location, integration: Object) -> None:
        uri = integration.get("uri")
        match = _URI.fullmatch(uri) if isinstance(uri, str) else None
        if match is None:
            self.findings.problem(
                (*location, "uri"),
                "an HTTP integration needs http:// or https://, a host that no request"
                f" decides, and a path, got {shown(uri)}",
            )
            return
        if self._uses_vpc_link(location, integration):
            return
        target = match["host"] + (match["port"] or "")
        if target.lower() not in self.allowed_hosts:
            self.findings.problem(
                (*location, "uri"),
                "an integration must use the VPC link or a host that the settings"
                f" allow, got {target!r}, add connectionType VPC_LINK and connectionId"
                " ${vpc_link_id}, or allow the host",
            )

    def _uses_vpc_link(self, location: Location, integration: Object) -> bool:
        """
        Tell whether the VPC link is used; a link that is half named is a problem.

        Over the link the host only fills the Host header and the TLS handshake:
        https://docs.aws.amazon.com/apigateway/latest/developerguide/getting-started-with-private-integration.html
        """
        kind = integration.get("connectionType", "INTERNET")
        link = integration.get("connectionId")
        if kind == "INTERNET" and link is None:
            return False
        known = isinstance(link, str) and (
            link == "${vpc_link_id}" or _STAGE_VARIABLE.fullmatch(link) is not None
        )
        if kind != "VPC_LINK" or not known:
            self.findings.problem(
                (*location, "connectionId"),
                "a private integration needs connectionType VPC_LINK and connectionId"
                " ${vpc_link_id} or a stage variable,"
                f" got {shown(kind)} and {shown(link)}",
            )
        target = integration.get("integrationTarget")
        if target is not None and not is_one_of(target, self.allowed_hosts):
            self.findings.problem(
                (*location, "integrationTarget"),
                "the VPC link decides the target, another one must be allowed in the"
                f" settings, got {shown(target)}, remove it",
            )
        return True

    def _check_aws_target(self, location: Location, integration: Object) -> None:
        uri = integration.get("uri")
        if not is_one_of(uri, self.allowed_hosts):
            self.findings.problem(
                (*location, "uri"),
                "an AWS integration must have an ARN that the settings allow,"
                f" got {shown(uri)}, allow it or use the VPC link",
            )

    def _check_request_mappings(
        self, location: Location, operation: DeclaredOperation, integration: Object
    ) -> None:
        mappings = as_object(integration.get("requestParameters"))
        place = (*location, "requestParameters")
        for target, source in mappings.items():
            if not _MAPPING_TARGET.fullmatch(target):
                self.findings.problem(
                    (*place, target),
                    "a mapping must be to integration.request.path, .querystring or"
                    f" .header, got {target!r}",
                )
            self._check_mapping_source((*place, target), operation, str(source))
        uri = re.sub(r"\$\{[^}]*\}", "", str(integration.get("uri", "")))
        for name in path_variables(uri):
            if f"integration.request.path.{name}" not in mappings:
                self.findings.problem(
                    place,
                    f"the uri's {{{name}}} must be mapped, got no mapping, add"
                    f' "integration.request.path.{name}": "method.request.path.{name}"',
                )

    def _check_mapping_source(
        self, location: Location, operation: DeclaredOperation, source: str
    ) -> None:
        match = _MAPPING_SOURCE.fullmatch(source)
        if match is None:
            return
        place = _PLACES[match["place"]]
        declared = operation.parameter_names(self.document, place)
        if match["name"] not in declared:
            self.findings.problem(
                location,
                f"a mapping must be from a {place} parameter of {operation.title},"
                f" got {match['name']!r}{nearest(match['name'], declared)}, declare it",
            )

    def _check_responses(
        self,
        location: Location,
        operation: DeclaredOperation,
        integration: Object,
        kind: str,
    ) -> None:
        responses = as_object(operation.definition.get("responses"))
        for key, value in as_object(integration.get("responses")).items():
            response = as_object(value)
            place = (*location, "responses", key)
            code = str(response.get("statusCode"))
            if code not in responses:
                self.findings.problem(
                    (*place, "statusCode"),
                    f"statusCode must be one of the responses of {operation.title},"
                    f" got {code!r}, declare it",
                )
                continue
            declared = as_object(resolve(self.document, responses[code]))
            headers = as_object(declared.get("headers"))
            self._check_response_headers(place, response, code, headers)
            if kind.endswith("_proxy"):
                self._warn_of_inert_headers(place, response)

    def _check_response_headers(
        self, location: Location, response: Object, code: str, headers: Object
    ) -> None:
        for target in as_object(response.get("responseParameters")):
            name = target.removeprefix(_RESPONSE_HEADER)
            if name == target or name not in headers:
                self.findings.problem(
                    (*location, "responseParameters", target),
                    f"a mapping must be to {_RESPONSE_HEADER} and a header of response"
                    f" {code}, got {target!r}{nearest(name, headers)}, declare it",
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
