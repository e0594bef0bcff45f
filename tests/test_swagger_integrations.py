"""
Integrations: where requests go.
"""

from dataclasses import replace

import pytest

from modules.swagger_document import shown
from tests.fixtures.swagger.documents import (
    OPTIONS,
    RESPONSES,
    THING_ID,
    USER,
    Parts,
    at,
    complete,
    document,
    integrated,
    integration,
    openapi,
    operation,
    problems,
)

_EXTENSION = "x-amazon-apigateway-integration"
_PLACE = f"api: #/paths/~1things/get/{_EXTENSION}"
_ROLE = "arn:aws:iam::111111111111:role/caller"
_LAMBDA = "arn:aws:apigateway:${region}:lambda:path/2015-03-31/functions/f/invocations"


def _internet(uri: str) -> Parts:
    return {"type": "http_proxy", "httpMethod": "GET", "uri": uri}


def test_an_operation_gets_an_integration() -> None:
    """An operation without one is sent to the backend over the VPC link."""
    body = complete(document()).body

    assert {
        "type": "http_proxy",
        "httpMethod": "GET",
        "uri": "http://${nlb_dns_name}:8080/base/things",
        "connectionType": "VPC_LINK",
        "connectionId": "${vpc_link_id}",
        "passthroughBehavior": "when_no_match",
        "timeoutInMillis": 29000,
    } == at(body, "paths", "/things", "get", _EXTENSION)


@pytest.mark.parametrize("build", [document, openapi])
def test_path_parameters_are_mapped(build: object) -> None:
    """Path parameters reach the backend, a greedy one without its plus sign."""
    schema = {"type": "string"} if build is document else {"schema": {"type": "string"}}
    parameters = [
        {"name": name, "in": "path", "required": True, **schema}
        for name in ("thingId", "proxy")
    ]
    any_method = operation(parameters=parameters)
    path = "/things/{thingId}/{proxy+}"
    paths = {path: {"x-amazon-apigateway-any-method": any_method}}
    parts = document(paths) if build is document else openapi(paths)

    body = complete(parts, replace(OPTIONS, timeout_milliseconds=5000)).body

    assert {
        "type": "http_proxy",
        "httpMethod": "ANY",
        "uri": "http://${nlb_dns_name}:8080/base/things/{thingId}/{proxy}",
        "connectionType": "VPC_LINK",
        "connectionId": "${vpc_link_id}",
        "passthroughBehavior": "when_no_match",
        "timeoutInMillis": 5000,
        "requestParameters": {
            "integration.request.path.thingId": "method.request.path.thingId",
            "integration.request.path.proxy": "method.request.path.proxy",
        },
    } == at(body, "paths", path, "x-amazon-apigateway-any-method", _EXTENSION)


@pytest.mark.parametrize(
    "definition",
    [
        integration(),
        integration(type="HTTP", httpMethod="any", timeoutInMillis=50),
        integration(connectionId="${stageVariables.link}"),
        integration(uri="https://${stageVariables.host}:${stageVariables.port}/x?y=z"),
        integration(uri="http://REPLACE_ME_NLB_DNS", connectionId="${vpc_link_id}"),
        integration(tlsConfig={"insecureSkipVerification": False}),
        {"type": "mock"},
        _internet("https://api.example.com/things"),
        _internet("https://API.example.com"),
        _internet("https://api.example.com:8443/things"),
        {"type": "aws_proxy", "httpMethod": "POST", "uri": _LAMBDA},
        {"type": "AWS", "httpMethod": "POST", "uri": _LAMBDA, "credentials": _ROLE},
        integration(
            requestParameters={
                "integration.request.header.x-caller": "context.authorizer.claims.sub",
                "integration.request.querystring.a": "'b'",
            }
        ),
    ],
)
def test_a_sound_integration_is_kept(definition: Parts) -> None:
    """What the document says stays, but for the spelling of its placeholders."""
    allowed = replace(
        OPTIONS,
        allowed_hosts=("api.EXAMPLE.com", "api.example.com:8443", _LAMBDA),
        allowed_credentials=(_ROLE,),
        stage_variables=("link", "host", "port"),
    )
    kept = {
        key: value.replace("REPLACE_ME_NLB_DNS", "${nlb_dns_name}")
        if isinstance(value, str)
        else value
        for key, value in definition.items()
    }

    body = complete(integrated(definition), allowed).body

    assert kept == at(body, "paths", "/things", "get", _EXTENSION)


_URI_RULE = (
    "/uri: an HTTP integration needs http:// or https://, a host that no request"
    " decides, a port up to 65535 if any, and a path whose braces hold names, got "
)
_HOST_RULE = (
    "/uri: an integration must use the VPC link or a host that the settings allow, got"
    " {}, add connectionType VPC_LINK and connectionId ${{vpc_link_id}}, or allow the"
    " host"
)
_LINK_RULE = (
    "/connectionId: a private integration needs connectionType VPC_LINK and"
    " connectionId ${vpc_link_id} or a stage variable, got "
)


@pytest.mark.parametrize(
    ("definition", "problem"),
    [
        ("x", ": an integration must be an object of its own, got 'x'"),
        (
            {"$ref": "#/definitions/X"},
            (
                ": an integration must be an object of its own, got"
                " {'$ref': '#/definitions/X'}"
            ),
        ),
        (
            integration(type="aws_prxy"),
            (
                "/type: type must be one of aws, aws_proxy, http, http_proxy, mock, got"
                " 'aws_prxy', did you mean 'aws_proxy'"
            ),
        ),
        (
            integration(type=None),
            (
                "/type: type must be one of aws, aws_proxy, http, http_proxy, mock, got"
                " null"
            ),
        ),
        (
            integration(httpMethod="FETCH"),
            (
                "/httpMethod: httpMethod must be one of ANY, DELETE, GET, HEAD,"
                " OPTIONS,"
                " PATCH, POST, PUT, got 'FETCH'"
            ),
        ),
        (
            integration(conectionId="x"),
            (
                "/conectionId: an integration of a REST API has no 'conectionId',"
                " did you"
                " mean 'connectionId', rename it"
            ),
        ),
        (
            integration(passthroughBehavior="always"),
            (
                "/passthroughBehavior: passthroughBehavior must be one of"
                " when_no_match,"
                " when_no_templates, never, got 'always'"
            ),
        ),
        (
            integration(contentHandling="BINARY"),
            (
                "/contentHandling: contentHandling must be one of CONVERT_TO_TEXT,"
                " CONVERT_TO_BINARY, got 'BINARY'"
            ),
        ),
        (
            integration(credentials=_ROLE),
            (
                "/credentials: credentials must be allowed by name in the settings, got"
                f" '{_ROLE}', remove it or allow it"
            ),
        ),
        (
            integration(tlsConfig={"insecureSkipVerification": True}),
            (
                "/tlsConfig/insecureSkipVerification: certificates are always"
                " verified, got"
                " true, remove it and give the backend a certificate for its host name"
            ),
        ),
        (
            integration(tlsConfig="x"),
            "/tlsConfig: tlsConfig must be an object, got 'x'",
        ),
        (
            integration(tlsConfig={"InsecureSkipVerification": True}),
            (
                "/tlsConfig/InsecureSkipVerification: tlsConfig of a REST API has no"
                " 'InsecureSkipVerification', did you mean 'insecureSkipVerification',"
                " rename it"
            ),
        ),
        (
            integration(timeoutInMillis=49),
            "/timeoutInMillis: timeoutInMillis must be an integer from 50, got 49",
        ),
        (
            integration(timeoutInMillis="900"),
            "/timeoutInMillis: timeoutInMillis must be an integer from 50, got '900'",
        ),
        (integration(uri="ftp://a"), f"{_URI_RULE}'ftp://a'"),
        (integration(uri=None), f"{_URI_RULE}null"),
        (_internet("http://u@evil.example"), f"{_URI_RULE}'http://u@evil.example'"),
        (
            _internet("http://evil.example\\@api.example.com/"),
            f"{_URI_RULE}'http://evil.example\\\\@api.example.com/'",
        ),
        (
            _internet("http://api.example.com.evil.example/"),
            _HOST_RULE.format("'api.example.com.evil.example'"),
        ),
        (
            _internet("http://api.example.com:81/"),
            _HOST_RULE.format("'api.example.com:81'"),
        ),
        (
            _internet("http://${nlb_dns_name}/"),
            _HOST_RULE.format("'${nlb_dns_name}'"),
        ),
        (
            _internet("http://${stageVariables.host}/"),
            _HOST_RULE.format("'${stageVariables.host}'"),
        ),
        (
            integration(connectionId="abcdef"),
            f"{_LINK_RULE}'VPC_LINK' and 'abcdef'",
        ),
        (
            {**_internet("http://a/"), "connectionType": "VPC_LINK"},
            f"{_LINK_RULE}'VPC_LINK' and null",
        ),
        (
            {**_internet("http://a/"), "connectionId": "${vpc_link_id}"},
            f"{_LINK_RULE}'INTERNET' and '${{vpc_link_id}}'",
        ),
        (
            integration(integrationTarget="arn:aws:elasticloadbalancing:x"),
            (
                "/integrationTarget: the VPC link decides the target, another one"
                " must be"
                " allowed in the settings, got 'arn:aws:elasticloadbalancing:x',"
                " remove it"
            ),
        ),
        (
            {**_internet("https://api.example.com/"), "integrationTarget": "arn:x"},
            (
                "/integrationTarget: integrationTarget belongs to an integration over"
                " the VPC link, got 'arn:x' without one, remove it"
            ),
        ),
        (
            {"type": "mock", "integrationTarget": "arn:x"},
            (
                "/integrationTarget: integrationTarget belongs to an integration over"
                " the VPC link, got 'arn:x' without one, remove it"
            ),
        ),
        (
            integration(type="aws_proxy", uri="arn:aws:lambda:x"),
            (
                "/uri: an AWS integration must have an ARN that the settings allow, got"
                " 'arn:aws:lambda:x', allow it or use the VPC link"
            ),
        ),
        (
            integration(requestParameters={"path.x": "'y'"}),
            (
                "/requestParameters/path.x: a mapping must be to"
                " integration.request.path,"
                " .querystring or .header, got 'path.x'"
            ),
        ),
        (
            integration(
                requestParameters={
                    "integration.request.header.a": "method.request.header.b"
                }
            ),
            (
                "/requestParameters/integration.request.header.a: a mapping must be"
                " from a"
                " header parameter of GET /things, got 'b', declare it"
            ),
        ),
        (
            integration(uri="http://${nlb_dns_name}/{thingId}"),
            (
                "/requestParameters: the uri's {thingId} must be mapped, got no"
                " mapping,"
                ' add "integration.request.path.thingId": "method.request.path.thingId"'
            ),
        ),
        (
            integration(responses={"default": {"statusCode": "404"}}),
            (
                "/responses/default/statusCode: statusCode must be one of the"
                " responses of"
                " GET /things, got '404', declare it"
            ),
        ),
        (
            integration(
                responses={
                    "default": {
                        "statusCode": "200",
                        "responseParameters": {"method.response.header.X": "'y'"},
                    }
                }
            ),
            (
                "/responses/default/responseParameters/method.response.header.X: a"
                " mapping"
                " must be to method.response.header. and a header of response 200, got"
                " 'method.response.header.X', declare it"
            ),
        ),
    ],
)
def test_fails_when_an_integration_is_unsound(definition: object, problem: str) -> None:
    """An integration reaches what it may and says what API Gateway needs."""
    models: Parts = {"definitions": {"X": {"type": "object"}}}
    parts = {**integrated(definition), **models}
    allowed = replace(
        OPTIONS, allowed_hosts=("api.example.com",), stage_variables=("host",)
    )

    assert [f"{_PLACE}{problem}"] == problems(parts, allowed)


@pytest.mark.parametrize(
    "uri",
    [
        "http://${nlb_dns_name}:0/",
        "http://${nlb_dns_name}:65536/",
        "http://-/",
        "http://.../",
        "http://a..b/",
        "http://a-.b/",
        "http://${nlb_dns_name}/{",
        "http://${nlb_dns_name}/a}b",
        "http://${nlb_dns_name}/{a{b}}",
        "http://${nlb_dns_name}/{}",
        "http://${nlb_dns_name}/${region",
    ],
)
def test_fails_when_a_uri_is_malformed(uri: str) -> None:
    """Ports, host names and braces are those that API Gateway takes."""
    found = problems(integrated(integration(uri=uri)))

    assert f"{_PLACE}{_URI_RULE}{shown(uri)}" in found


@pytest.mark.parametrize(
    "uri",
    [
        "http://${nlb_dns_name}:65535/",
        "http://my_service.internal/a?b={c}",
        "http://a-1.${region}.example/x/${stageVariables.v}/y",
    ],
)
def test_a_sound_uri_is_kept(uri: str) -> None:
    """Placeholders may stand in the host over the VPC link, variables in the path."""
    options = replace(OPTIONS, stage_variables=("v",))
    mapped = {"integration.request.path.c": "'d'"}
    used = {"requestTemplates": {"a/b": "$stageVariables.v"}}
    definition = integration(uri=uri, requestParameters=mapped, **used)

    assert [] == problems(integrated(definition), options)


def test_fails_when_a_request_decides_the_host() -> None:
    """A path parameter in the host would let a caller choose who gets the token."""
    definition = integration(
        uri="http://{thingId}.example.com/",
        requestParameters={
            "integration.request.path.thingId": "method.request.path.thingId"
        },
    )
    get = operation(parameters=[THING_ID], **{_EXTENSION: definition})

    assert [
        (
            f"api: #/paths/~1things~1{{thingId}}/get/{_EXTENSION}{_URI_RULE}"
            "'http://{thingId}.example.com/'"
        )
    ] == problems(document({"/things/{thingId}": {"get": get}}))


def test_a_parameter_by_reference_is_declared() -> None:
    """A mapping may be from a parameter that the document defines once."""
    definition = integration(
        requestParameters={
            "integration.request.querystring.q": "method.request.querystring.q"
        }
    )
    parts = integrated(definition, parameters=[{"$ref": "#/parameters/Q"}])
    shared = {"Q": {"name": "q", "in": "query", "type": "string"}}

    assert [] == problems({**parts, "parameters": shared})


def test_unknown_properties_are_taken_out() -> None:
    """Published documents have `security` in an integration, where it does nothing."""
    completed = complete(integrated(integration(security=USER)))

    assert integration() == at(completed.body, "paths", "/things", "get", _EXTENSION)
    assert completed.warnings == (
        (
            f"{_PLACE}/security: API Gateway ignores 'security' in an integration, it"
            " was"
            " taken out"
        ),
    )


def test_inert_response_mappings_are_kept_and_said() -> None:
    """A proxy integration passes the backend's CORS headers through, and no others."""
    name = "Access-Control-Allow-Origin"
    responses = {"200": {"description": "ok", "headers": {name: {"type": "string"}}}}
    mapped = {
        "default": {
            "statusCode": "200",
            "responseParameters": {f"method.response.header.{name}": "'*'"},
        }
    }
    definition = integration(responses=mapped)

    completed = complete(integrated(definition, responses=responses))

    assert definition == at(completed.body, "paths", "/things", "get", _EXTENSION)
    assert completed.warnings == (
        (
            f"{_PLACE}/responses/default/responseParameters: API Gateway ignores"
            " response"
            " mappings of a proxy integration, the backend must send its CORS headers"
            " itself"
        ),
    )


def test_a_long_timeout_is_said() -> None:
    """More than the usual quota is a warning."""
    assert complete(integrated(integration(timeoutInMillis=30_000))).warnings == (
        (
            f"{_PLACE}/timeoutInMillis: more than 29000 ms need a raised quota of the"
            " account, lower the timeout or ask AWS for it"
        ),
    )


def test_a_mock_may_leave_its_path_parameters_out() -> None:
    """A mock reads no path parameter; the declaration is put in."""
    options: Parts = {
        "security": [],
        "responses": RESPONSES,
        _EXTENSION: {"type": "mock"},
    }
    get = operation(parameters=[THING_ID])
    path = "/things/{thingId}"

    completed = complete(document({path: {"get": get, "options": options}}))

    assert [THING_ID] == at(completed.body, "paths", path, "options")["parameters"]
    assert completed.warnings == (
        (
            "api: #/paths/~1things~1{thingId}/options: OPTIONS /things/{thingId}"
            " declares"
            " no path parameter, thingId was put in"
        ),
    )
