"""
What an integration may reach: the VPC link, or what the settings name.

A target other than the VPC link receives every caller's token.
"""

import re
from dataclasses import dataclass

from modules.swagger_document import (
    Findings,
    Location,
    Object,
    is_one_of,
    shown,
)

_MAXIMUM_PORT = 65_535
_STAGE_VARIABLE = re.compile(r"\$\{stageVariables\.[A-Za-z0-9_]+\}")
_PLACEHOLDER = re.compile(r"\$\{[A-Za-z0-9_.]+\}")
_URI = re.compile(
    r"https?://"
    r"(?P<host>(?:[A-Za-z0-9._-]|\$\{[A-Za-z0-9_.]+\})+)"
    r"(?::(?P<port>[0-9]{1,5}|\$\{stageVariables\.[A-Za-z0-9_]+\}))?"
    r"(?P<path>(?:/[^\s#\\?]*)?(?:\?[^\s#\\]*)?)"
)
# https://www.rfc-editor.org/rfc/rfc1123#section-2.1, and `_`, which private zones have.
_LABEL = re.compile(r"[A-Za-z0-9_]([A-Za-z0-9_-]*[A-Za-z0-9_])?")
_PATH = re.compile(r"([^{}]|\{[A-Za-z0-9_.:-]+\+?\})*")


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetRules:
    """
    Check where an integration sends its requests.

    Args:
        allowed_hosts: hosts, with the port when an integration names one, and ARNs
            that may be reached otherwise than over the VPC link.
        findings: where problems go.
    """

    allowed_hosts: frozenset[str]
    findings: Findings

    def check_http(self, location: Location, integration: Object) -> None:
        uri = integration.get("uri")
        match = _URI.fullmatch(uri) if isinstance(uri, str) else None
        if match is None or not _is_sound(match):
            self.findings.problem(
                (*location, "uri"),
                "an HTTP integration needs http:// or https://, a host that no request"
                " decides, a port up to 65535 if any, and a path whose braces hold"
                f" names, got {shown(uri)}",
            )
            return
        if self._uses_vpc_link(location, integration):
            return
        target = match["host"] + (f":{match['port']}" if match["port"] else "")
        if target.lower() not in self.allowed_hosts:
            self.findings.problem(
                (*location, "uri"),
                "an integration must use the VPC link or a host that the settings"
                f" allow, got {shown(target)}, add connectionType VPC_LINK and"
                " connectionId"
                " ${vpc_link_id}, or allow the host",
            )

    def check_aws(self, location: Location, integration: Object) -> None:
        uri = integration.get("uri")
        if not is_one_of(uri, self.allowed_hosts):
            self.findings.problem(
                (*location, "uri"),
                "an AWS integration must have an ARN that the settings allow,"
                f" got {shown(uri)}, allow it or use the VPC link",
            )

    def check_integration_target(self, location: Location, integration: Object) -> None:
        """
        Check the load balancer that a VPC link is told to use.

        Source: https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-swagger-extensions-integration.html
        """
        if "integrationTarget" not in integration:
            return
        target = integration["integrationTarget"]
        place = (*location, "integrationTarget")
        if integration.get("connectionType") != "VPC_LINK":
            self.findings.problem(
                place,
                "integrationTarget belongs to an integration over the VPC link,"
                f" got {shown(target)} without one, remove it",
            )
        elif not is_one_of(target, self.allowed_hosts):
            self.findings.problem(
                place,
                "the VPC link decides the target, another one must be allowed in the"
                f" settings, got {shown(target)}, remove it",
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
        return True


def _is_sound(uri: re.Match[str]) -> bool:
    port = uri["port"] or "1"
    labels = _PLACEHOLDER.sub("x", uri["host"]).split(".")
    return (
        all(map(_LABEL.fullmatch, labels))
        and (not port.isdecimal() or 0 < int(port) <= _MAXIMUM_PORT)
        and _PATH.fullmatch(_PLACEHOLDER.sub("", uri["path"])) is not None
    )
