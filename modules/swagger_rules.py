"""
The rules for integrations: what each operation may reach, and how it is written.
"""

from collections.abc import Callable
from dataclasses import dataclass

from modules.swagger_document import (
    INTEGRATION,
    DeclaredOperation,
    Findings,
    Location,
    Object,
    is_one_of,
    nearest,
    nearest_or_none,
    operations,
    shown,
)
from modules.swagger_mappings import MappingRules, object_or_problem
from modules.swagger_targets import TargetRules

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

_TLS_PROPERTY = "insecureSkipVerification"


@dataclass(frozen=True, slots=True, kw_only=True)
class IntegrationRules:
    """
    Check that integrations reach what they may, and say what API Gateway needs.

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
        """
        Check the integrations of all operations.
        """
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
        self._check_target(location, value, kind)
        mappings = MappingRules(document=self.document, findings=self.findings)
        mappings.check_request(location, operation, value)
        mappings.check_responses(location, operation, value, kind)
        if kind in {"http", "http_proxy"}:
            mappings.warn_of_dropped_parameters(location, operation, value)

    def _check_target(self, location: Location, integration: Object, kind: str) -> None:
        targets = TargetRules(allowed_hosts=self.allowed_hosts, findings=self.findings)
        if kind in {"http", "http_proxy"}:
            targets.check_http(location, integration)
        elif kind in {"aws", "aws_proxy"}:
            targets.check_aws(location, integration)
        targets.check_integration_target(location, integration)
        if kind in _TYPES and kind != "mock":
            self._check_choice(
                location, integration, "httpMethod", _HTTP_METHODS, str.upper
            )

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
                f"an integration of a REST API has no {shown(key)}"
                f"{nearest_or_none(key, PROPERTIES)}",
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
        """
        Check that certificates are verified.

        Source: https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-extensions-integration-tls-config.html
        """
        tls = object_or_problem(integration, "tlsConfig", location, self.findings)
        place = (*location, "tlsConfig")
        for key in sorted(tls.keys() - {_TLS_PROPERTY}):
            self.findings.problem(
                (*place, key),
                f"tlsConfig of a REST API has no {shown(key)}"
                f"{nearest_or_none(key, [_TLS_PROPERTY])}",
            )
        skipped = tls.get(_TLS_PROPERTY, False)
        if skipped is not False:
            self.findings.problem(
                (*place, _TLS_PROPERTY),
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
