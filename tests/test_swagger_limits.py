"""
What API Gateway imports, and what is mended so that it does.
"""

import pytest

from tests.fixtures.swagger.documents import (
    OPTIONS,
    THING_ID,
    Parts,
    at,
    complete,
    document,
    openapi,
    operation,
    problems,
)

_GET = "api: #/paths/~1things/get"
_SEGMENT_RULE = (
    "a path segment must be letters, digits and _ . , : - or one {variable}, got "
)


@pytest.mark.parametrize(
    ("path", "problem"),
    [
        ("/things/", f"~1things~1: {_SEGMENT_RULE}'', rename it"),
        ("/a b", f"~1a b: {_SEGMENT_RULE}'a b', rename it"),
        ("/ä", f"~1ä: {_SEGMENT_RULE}'ä', rename it"),
        ("/~me", f"~1~0me: {_SEGMENT_RULE}'~me', rename it"),
        ("/a{thingId}", f"~1a{{thingId}}: {_SEGMENT_RULE}'a{{thingId}}', rename it"),
        (
            "/{thingId+}/a",
            (
                "~1{thingId+}~1a: a greedy variable must be the last segment, got"
                " '/{thingId+}/a'"
            ),
        ),
    ],
)
def test_fails_when_a_path_can_not_be_imported(path: str, problem: str) -> None:
    """Path segments are what API Gateway's notes allow."""
    parameters = [THING_ID] if "thingId" in path else []
    paths = {path: {"get": operation(parameters=parameters)}}

    assert [f"api: #/paths/{problem}"] == problems(document(paths))


@pytest.mark.parametrize(
    "path", ["/", "/a-b_c.d,e:f", "/{thingId}", "/a/{thingId+}", "/x/{thingId}/y"]
)
def test_a_sound_path_is_kept(path: str) -> None:
    """Every character that API Gateway knows may stand in a path."""
    parameters = [THING_ID] if "thingId" in path else []

    assert [] == problems(document({path: {"get": operation(parameters=parameters)}}))


def test_fails_when_siblings_have_two_variables() -> None:
    """Below one path there is one variable with one name."""
    other = {**THING_ID, "name": "id"}
    paths = {
        "/things/{thingId}": {"get": operation(parameters=[THING_ID])},
        "/things/{id}/parts": {"get": operation(parameters=[other])},
    }

    assert [
        (
            "api: #/paths/~1things~1{id}~1parts: below '/things' a variable must"
            " have one"
            " name, got {id} here and {thingId} in '/things/{thingId}', use one of them"
        )
    ] == problems(document(paths))


@pytest.mark.parametrize(
    ("item", "problem"),
    [
        (
            {"$ref": "#/x-paths/a"},
            "$ref: API Gateway imports no $ref to a path, write it out",
        ),
        (
            {"x-amazon-apigateway-any-method": 1},
            "x-amazon-apigateway-any-method: must be an operation, got 1",
        ),
    ],
)
def test_fails_when_a_path_item_can_not_be_imported(item: Parts, problem: str) -> None:
    """A path holds its operations itself."""
    parts = document({"/things": item}, **{"x-paths": {"a": Parts()}})

    assert f"api: #/paths/~1things/{problem}" in problems(parts)


def test_fails_when_a_method_is_unknown_to_api_gateway() -> None:
    """OpenAPI has a method that API Gateway does not have."""
    paths = {"/things": {"trace": operation()}}

    assert [
        "api: #/paths/~1things/trace: API Gateway has no method TRACE, remove it"
    ] == problems(openapi(paths))


def test_fails_when_a_model_has_another_name() -> None:
    """Model names are letters and digits."""
    parts = document(definitions={"my_thing": {"type": "object"}})

    assert [
        (
            "api: #/definitions/my_thing: a model's name must be letters and digits,"
            " got"
            " 'my_thing', rename it to 'mything' with its references"
        )
    ] == problems(parts)


def test_fails_when_a_header_has_no_token_for_a_name() -> None:
    """A header's name can stand in the list that a preflight allows."""
    header = {"name": "X', *", "in": "header", "type": "string"}

    assert [
        (
            f"{_GET}/parameters: a header's name must be an HTTP token, got \"X', *\","
            " rename it"
        )
    ] == problems(document({"/things": {"get": operation(parameters=[header])}}))


@pytest.mark.parametrize(
    ("extension", "problem"),
    [
        (
            {"x-amazon-apigateway-integraton": {}},
            (
                "x-amazon-apigateway-integraton: an extension must be one of API"
                " Gateway's"
                " for REST APIs, got 'x-amazon-apigateway-integraton', did you mean"
                " 'x-amazon-apigateway-integration'"
            ),
        ),
        (
            {"x-amazon-apigateway-cors": {}},
            (
                "x-amazon-apigateway-cors: an extension must be one of API Gateway's"
                " for"
                " REST APIs, got 'x-amazon-apigateway-cors'"
            ),
        ),
        (
            {"x-amazon-apigateway-gateway-responses": {}},
            (
                "x-amazon-apigateway-gateway-responses:"
                " x-amazon-apigateway-gateway-responses belongs to a document, got it"
                " elsewhere, move it"
            ),
        ),
        (
            {"x-amazon-apigateway-request-validator": "al"},
            (
                "x-amazon-apigateway-request-validator: a request validator must be"
                " one of"
                " x-amazon-apigateway-request-validators, got 'al', did you mean 'all'"
            ),
        ),
    ],
)
def test_fails_when_an_extension_is_unsound(extension: Parts, problem: str) -> None:
    """A slip of the pen in an extension is not passed over."""
    validators = {"x-amazon-apigateway-request-validators": {"all": Parts()}}
    paths = {"/things": {"get": operation(**extension)}}

    assert [f"{_GET}/{problem}"] == problems(document(paths, **validators))


def test_extensions_of_tags_and_paths_are_known() -> None:
    """A tag may have a value, and the paths notes of their own."""
    tags = [{"name": "a", "x-amazon-apigateway-tag-value": "b"}]
    note = {"schema": {"example": 1}}
    paths = {"/things": {"get": operation()}, "x-note": note}

    completed = complete(document(paths, tags=tags))

    assert note == at(completed.body, "paths")["x-note"]
    assert completed.warnings == ()


def test_fails_when_a_path_is_relative() -> None:
    """A path begins with a slash."""
    paths = {"things": {"get": operation()}, "/": {"get": operation()}}

    assert ["api: #/paths/things: a path must begin with '/', got 'things'"] == (
        problems(document(paths))
    )


def test_extensions_of_others_are_kept() -> None:
    """Extensions that are not API Gateway's are nobody's business here."""
    paths = {"/things": {"get": operation(**{"x-internal": True})}}

    assert at(complete(document(paths)).body, "paths", "/things", "get")["x-internal"]


@pytest.mark.parametrize(
    ("member", "value", "problem"),
    [
        (
            "x-amazon-apigateway-api-key-source",
            "AUTHORIZER",
            "API keys must come by HEADER, got 'AUTHORIZER'",
        ),
        (
            "x-amazon-apigateway-binary-media-types",
            "image/png",
            (
                'binary media types must be a list such as ["image/png"], got'
                " 'image/png'"
            ),
        ),
    ],
)
def test_fails_when_a_setting_of_the_document_is_unsound(
    member: str, value: object, problem: str
) -> None:
    """Settings in the document are checked like the others."""
    assert [f"api: #/{member}: {problem}"] == problems(document(**{member: value}))


def test_ignored_members_are_said() -> None:
    """What the import ignores stays, with a warning each."""
    paths = {"/ping": {"get": operation()}}
    members: Parts = {"host": "a.example", "basePath": "/v1", "schemes": ["https"]}

    assert complete(document(paths, **members)).warnings == (
        (
            "api: #/paths/~1ping: API Gateway answers this path itself with a custom"
            " domain"
        ),
        "api: #/host: API Gateway's import ignores the host, remove it from here",
        (
            "api: #/basePath: API Gateway's import ignores the base path, remove it"
            " from"
            " here"
        ),
        "api: #/schemes: API Gateway's import ignores the schemes, remove it from here",
    )


def test_servers_are_ignored_everywhere() -> None:
    """A path's and an operation's servers do as little as the document's."""
    servers = {"servers": [{"url": "https://other.example"}]}
    paths = {"/things": {**servers, "get": operation(**servers)}}

    assert complete(openapi(paths)).warnings == (
        (
            "api: #/paths/~1things/servers: API Gateway's import ignores the servers,"
            " remove it from here (and in 1 more places)"
        ),
    )


def test_fails_when_there_is_no_path() -> None:
    """API Gateway deploys no API without a method."""
    assert [
        (
            "api: #/paths: a deployment needs a method, got no path, describe one such"
            ' as "/things": {"get": …}'
        )
    ] == problems(document({}))


@pytest.mark.parametrize(("count", "said"), [(149, 0), (150, 1)])
def test_many_resources_are_said(count: int, said: int) -> None:
    """Each segment of a path is a resource, and so is the root."""
    paths = {f"/a{i}/b": {"get": operation()} for i in range(count)}
    paths["/"] = {"get": operation()}

    assert (
        (
            "api: #/paths: more than 300 resources need a raised quota of the API, got"
            " 301, ask AWS for it"
        ),
    )[:said] == complete(document(paths)).warnings


def test_unsupported_keywords_are_taken_out_of_models() -> None:
    """Models are JSON Schema draft 4; a property may still be called `example`."""
    model: Parts = {
        "type": "object",
        "example": {"a": 1},
        "x-internal": True,
        "xml": {"name": "thing"},
        "properties": {
            "example": {"type": "string", "example": "a", "default": "b"},
            "size": {"type": "number", "format": "int64", "exclusiveMinimum": True},
            "parts": {"type": "array", "items": {"type": "string", "readOnly": True}},
            "count": {"type": "integer", "format": "int32", "minimum": 0},
        },
        "additionalProperties": {"type": "string", "example": "c"},
    }

    completed = complete(document(definitions={"Thing": model}))

    assert {
        "type": "object",
        "properties": {
            "example": {"type": "string"},
            "size": {"type": "number"},
            "parts": {"type": "array", "items": {"type": "string"}},
            "count": {"type": "integer", "format": "int32", "minimum": 0},
        },
        "additionalProperties": {"type": "string"},
    } == at(completed.body, "definitions", "Thing")
    thing = "api: #/definitions/Thing"
    assert set(completed.warnings) == {
        (
            f"{thing}/example: API Gateway's models know no 'example', it was taken out"
            " (and in 2 more places)"
        ),
        f"{thing}/xml: API Gateway's models know no 'xml', it was taken out",
        (
            f"{thing}/x-internal: API Gateway's models know no 'x-internal', it was"
            " taken"
            " out"
        ),
        (
            f"{thing}/properties/example/default: API Gateway's models know no"
            " 'default',"
            " it was taken out"
        ),
        (
            f"{thing}/properties/size/exclusiveMinimum: API Gateway's models know no"
            " 'exclusiveMinimum', it was taken out, so that its minimum itself is"
            " accepted"
        ),
        (
            f"{thing}/properties/size/format: API Gateway's models know no number of"
            " format"
            " 'int64', the format was taken out"
        ),
        (
            f"{thing}/properties/parts/items/readOnly: API Gateway's models know no"
            " 'readOnly', it was taken out"
        ),
    }


def test_unsupported_keywords_are_taken_out_of_bodies() -> None:
    """Schemas of bodies become models too, those of other parameters do not."""
    schema: Parts = {"type": "object", "nullable": True}
    query = {"name": "q", "in": "query", "schema": {"type": "string", "default": "a"}}
    get = operation(
        parameters=[query],
        requestBody={"content": {"application/json": {"schema": schema}}},
        responses={
            "200": {
                "description": "ok",
                "content": {"application/json": {"schema": schema}},
            }
        },
    )

    completed = complete(openapi({"/things": {"post": get}}))

    mended = at(completed.body, "paths", "/things", "post")
    content = {"content": {"application/json": {"schema": {"type": "object"}}}}
    assert content == mended["requestBody"]
    assert {"200": {"description": "ok", **content}} == mended["responses"]
    assert [query] == mended["parameters"]
    assert completed.warnings == (
        (
            "api: #/paths/~1things/post/responses/200/content/application~1json/schema"
            "/nullable: API Gateway's models know no 'nullable', it was taken out,"
            " so that"
            " null is refused where requests are validated (and in 1 more places)"
        ),
    )


def test_references_to_responses_are_written_out() -> None:
    """API Gateway does not follow references to responses."""
    missing: Parts = {"description": "missing"}
    get = operation(responses={"404": {"$ref": "#/responses/Missing"}})

    completed = complete(
        document({"/things": {"get": get}}, responses={"Missing": missing})
    )

    assert {"404": missing} == at(completed.body, "paths", "/things", "get")[
        "responses"
    ]
    assert completed.warnings == (
        (
            f"{_GET}/responses/404: API Gateway imports no reference to a response,"
            " it was"
            " written out here"
        ),
    )


@pytest.mark.parametrize(
    ("responses", "mended", "code"),
    [
        ({"200": "a", "default": "b"}, {"200": "a"}, "default"),
        ({"default": "b"}, {"200": "b"}, "default"),
        ({"200": "a", "4XX": "b"}, {"200": "a"}, "4XX"),
    ],
)
def test_responses_without_a_code_are_taken_out(
    responses: dict[str, str], mended: dict[str, str], code: str
) -> None:
    """API Gateway knows responses by their status codes."""
    described = {key: {"description": value} for key, value in responses.items()}
    get = operation(responses=described)

    completed = complete(openapi({"/things": {"get": get}}))

    assert {key: {"description": value} for key, value in mended.items()} == at(
        completed.body, "paths", "/things", "get"
    )["responses"]
    assert completed.warnings == (
        (
            f"{_GET}/responses/{code}: API Gateway imports responses by status code"
            " alone,"
            f" {code!r} was taken out, name the codes"
        ),
    )


def test_primitive_response_schemas_are_taken_out() -> None:
    """A method's response must be a model or an object."""
    ok = {"description": "ok", "schema": {"type": "string"}}

    completed = complete(
        document({"/things": {"get": operation(responses={"200": ok})}})
    )

    assert {"200": {"description": "ok"}} == at(
        completed.body, "paths", "/things", "get"
    )["responses"]
    assert completed.warnings == (
        (
            f"{_GET}/responses/200/schema: API Gateway imports no response schema of a"
            " primitive type, it was taken out, name it and refer to it"
        ),
    )


@pytest.mark.parametrize(
    ("build", "parameter"),
    [
        (document, {"name": "file", "in": "formData", "type": "string"}),
        (openapi, {"name": "file", "in": "cookie", "schema": {"type": "string"}}),
    ],
)
def test_unsupported_parameters_are_taken_out(build: object, parameter: Parts) -> None:
    """Cookies and form fields reach the backend without being declared."""
    paths = {"/things": {"post": operation(parameters=[parameter])}}

    completed = complete(document(paths) if build is document else openapi(paths))

    assert [] == at(completed.body, "paths", "/things", "post")["parameters"]
    assert completed.warnings == (
        (
            f"api: #/paths/~1things/post/parameters/0: API Gateway imports no"
            f" {parameter['in']} parameters, it was taken out and still reaches the"
            " backend"
        ),
    )


def test_fails_when_a_schema_combines_references() -> None:
    """In OpenAPI 3.0 a combination writes its schemas out."""
    combined = {"allOf": [{"$ref": "#/components/schemas/Part"}, {"type": "object"}]}
    schemas = {"Part": {"type": "object"}, "Thing": combined}

    assert [
        (
            "api: #/components/schemas/Thing/allOf/0: API Gateway imports no $ref"
            " inside"
            " allOf, write the schema out here"
        )
    ] == problems(openapi(components={"schemas": schemas}))


def test_a_schema_of_swagger_may_combine_references() -> None:
    """The rule is for OpenAPI 3.0 alone."""
    combined = {"allOf": [{"$ref": "#/definitions/Part"}, {"type": "object"}]}
    definitions = {"Part": {"type": "object"}, "Thing": combined}

    assert [] == problems(document(definitions=definitions), OPTIONS)


@pytest.mark.parametrize(
    "item", [Parts(), {"parameters": list[Parts]()}, {"description": "x"}]
)
def test_fails_when_no_path_has_a_method(item: Parts) -> None:
    """The preflights that are put in are nothing to deploy."""
    (first, *_) = problems(document({"/a": item}))

    assert first == (
        "api: #/paths: a deployment needs a method, got none on its paths, describe one"
        ' such as "/things": {"get": …}'
    )
