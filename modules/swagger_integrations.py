"""
The integrations of a document: where each operation's requests go.
"""

from modules.swagger_document import (
    INTEGRATION,
    DeclaredOperation,
    Findings,
    Object,
    as_object,
    is_swagger,
    nearest,
    operations,
    path_variables,
    shown,
)
from modules.swagger_rules import PROPERTIES


def mend_integrations(document: Object, findings: Findings) -> None:
    """
    Mend what API Gateway passes over in integrations of published documents.

    A property that it does not know is taken out, unless it looks like a slip of the
    pen. A mock integration, as a preflight gets, reads no path parameter, so that one
    may be undeclared.
    """
    for operation in operations(document):
        integration = as_object(operation.definition.get(INTEGRATION))
        location = (*operation.location, INTEGRATION)
        for key in sorted(integration.keys() - PROPERTIES):
            if key != "$ref" and not nearest(key, PROPERTIES):
                del integration[key]
                findings.warning(
                    (*location, key),
                    f"API Gateway ignores {shown(key)} in an integration, it was"
                    " taken out",
                )
        preflight = operation.key == "options" and not integration
        if preflight or str(integration.get("type")).lower() == "mock":
            _declare_path_parameters(document, operation, findings)


def _declare_path_parameters(
    document: Object, operation: DeclaredOperation, findings: Findings
) -> None:
    declared = operation.parameter_names(document, "path")
    missing = [name for name in path_variables(operation.path) if name not in declared]
    parameters = operation.definition.setdefault("parameters", []) if missing else None
    if isinstance(parameters, list):
        parameters.extend(path_parameter(document, name) for name in missing)
        findings.warning(
            operation.location,
            f"{operation.title} declares no path parameter, {', '.join(missing)} was"
            " put in",
        )


def add_integrations(
    document: Object, *, service_url: str, timeout_milliseconds: int
) -> None:
    """
    Send each operation without an integration to the backend over the VPC link.

    OPTIONS is not among them: a backend that shall answer preflights gets an
    integration in the document.

    Query strings, headers and bodies pass an HTTP_PROXY integration by themselves;
    path parameters need a mapping:
    https://docs.aws.amazon.com/apigateway/latest/developerguide/setup-http-integrations.html
    """
    for operation in operations(document):
        names = path_variables(operation.path)
        integration: Object = {
            "type": "http_proxy",
            "httpMethod": operation.method,
            "uri": service_url + operation.path.replace("+}", "}"),
            "connectionType": "VPC_LINK",
            "connectionId": "${vpc_link_id}",
            "passthroughBehavior": "when_no_match",
            "timeoutInMillis": timeout_milliseconds,
        }
        if names:
            integration["requestParameters"] = {
                f"integration.request.path.{name}": f"method.request.path.{name}"
                for name in names
            }
        if operation.key != "options":
            operation.definition.setdefault(INTEGRATION, integration)


def path_parameter(document: Object, name: str) -> Object:
    """
    Declare a path parameter as the document's version writes it.
    """
    parameter: Object = {"name": name, "in": "path", "required": True}
    if is_swagger(document):
        return {**parameter, "type": "string"}
    return {**parameter, "schema": {"type": "string"}}
