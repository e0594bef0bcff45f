"""
Completing whole documents.
"""

import copy
import json
from dataclasses import replace
from pathlib import Path

import pytest

from modules.swagger import (
    Completion,
    Operation,
    UndeclaredOperations,
    complete_document,
    load_document,
    placeholders_in,
)
from tests.fixtures.swagger.documents import (
    OPTIONS,
    SCHEME,
    SERVICE_URL,
    THING_ID,
    Parts,
    at,
    complete,
    document,
    openapi,
    operation,
    problems,
)

_ROOT = Path(__file__).parents[1]
_MYSFITS = _ROOT / "swagger" / "mysfits.json"
_WORKSHOP = _ROOT / "tests" / "fixtures" / "swagger" / "workshop.json"
_GET = "api: #/paths/~1things/get"


def test_options_have_defaults() -> None:
    """Only the backend must be named."""
    assert Completion(
        service_url="http://a",
        undeclared_operations=UndeclaredOperations.ERROR,
        allowed_hosts=(),
        allowed_credentials=(),
        timeout_milliseconds=29_000,
        binary_media_types=(),
        stage_variables=(),
    ) == Completion(service_url="http://a")


def test_the_mysfits_are_described_without_api_gateway() -> None:
    """The description in the repository is what a front-end developer writes."""
    text = _MYSFITS.read_text(encoding="utf-8")

    assert "x-amazon" not in text
    assert "${" not in text
    assert "options" not in text


def test_the_mysfits_are_served() -> None:
    """The API is exactly what its clients know, and nothing needs mending."""
    completed = complete_document(
        load_document(_MYSFITS), name="mysfits", options=OPTIONS
    )

    served = [
        (found.method, found.path, found.requirement)
        for found in completed.operations
        if found.method != "OPTIONS"
    ]
    assert served == [
        ("GET", "/", "public"),
        ("GET", "/mysfits", "public"),
        ("GET", "/mysfits/{mysfitId}", "public"),
        ("POST", "/mysfits/{mysfitId}/like", "user"),
        ("POST", "/mysfits/{mysfitId}/adopt", "user"),
    ]
    assert completed.warnings == ()
    assert {
        "nlb_dns_name",
        "site_origin",
        "user_pool_arn",
        "vpc_link_id",
    } == placeholders_in(completed.body)


def test_a_document_of_the_workshop_is_completed() -> None:
    """A published document imports as it is, and what was mended is said."""
    options = replace(OPTIONS, undeclared_operations=UndeclaredOperations.PUBLIC)

    completed = complete_document(
        load_document(_WORKSHOP), name="workshop", options=options
    )

    assert (
        Operation(
            method="POST",
            path="/beasts/{beastId}/feed",
            requirement="user",
            scopes=(),
        )
        in completed.operations
    )
    integration = at(
        completed.body,
        "paths",
        "/beasts/{beastId}",
        "get",
        "x-amazon-apigateway-integration",
    )
    assert integration["uri"] == "http://${nlb_dns_name}/beasts/{beastId}"
    assert integration["connectionId"] == "${vpc_link_id}"
    said = "\n".join(completed.warnings)
    assert "a comma before a closing bracket is not JSON" in said
    assert "#/swagger: the version must be text, got the number 2.0" in said
    assert "#/info: info must have a version, got none" in said
    assert "API Gateway ignores 'security' in an integration" in said
    assert "API Gateway ignores response mappings of a proxy integration" in said
    assert "OPTIONS /beasts/{beastId} declares no path parameter" in said
    assert "GET /beasts says nothing about its callers and becomes public" in said
    assert len(completed.warnings) == 14


def test_a_document_of_the_workshop_fails_when_open_operations_are_errors() -> None:
    """By default an operation that says nothing about its callers is an error."""
    found = problems(dict(load_document(_WORKSHOP)))

    assert len(found) == 7
    assert all("must say who may call it, got no security" in line for line in found)


@pytest.mark.parametrize("parts", [document(), openapi()])
def test_completing_twice_changes_nothing(parts: Parts) -> None:
    """A completed document is complete."""
    once = complete(parts).body

    assert once == complete(dict(once)).body


def test_the_document_is_not_changed() -> None:
    """Completion works on a copy."""
    parts = document()
    before = copy.deepcopy(parts)

    complete(parts)

    assert before == parts


def test_yaml_and_json_are_the_same(tmp_path: Path) -> None:
    """A document means the same in both notations."""
    as_json = tmp_path / "api.json"
    as_json.write_text(json.dumps(document()), encoding="utf-8")
    as_yaml = tmp_path / "api.yaml"
    as_yaml.write_text(
        """
        swagger: 2.0
        info: {title: Things, version: '1'}
        securityDefinitions:
          Pool: {type: apiKey, name: Authorization, in: header}
        paths:
          /things:
            get:
              security: []
              responses:
                200: {description: ok}
        """,
        encoding="utf-8",
    )

    assert (
        complete(dict(load_document(as_json))).body
        == complete(dict(load_document(as_yaml))).body
    )


def test_binary_media_types_are_joined() -> None:
    """The document's media types come first, each once."""
    own = {"x-amazon-apigateway-binary-media-types": ["image/png", "a/b"]}
    options = replace(OPTIONS, binary_media_types=("a/b", "c/d"))

    completed = complete(document(**own), options)

    assert completed.binary_media_types == ("image/png", "a/b", "c/d")
    assert ["image/png", "a/b", "c/d"] == completed.body[
        "x-amazon-apigateway-binary-media-types"
    ]


def test_without_binary_media_types_the_extension_is_absent() -> None:
    """Nothing is said about media types when there are none."""
    completed = complete(document())

    assert completed.binary_media_types == ()
    assert "x-amazon-apigateway-binary-media-types" not in completed.body


_VERSION_RULE = 'the document must be "swagger": "2.0" or "openapi": "3.0.x", got '


@pytest.mark.parametrize(
    ("version", "problem"),
    [
        ({}, f"#/swagger: {_VERSION_RULE}null, convert it"),
        ({"swagger": "1.2"}, f"#/swagger: {_VERSION_RULE}'1.2', convert it"),
        ({"swagger": 1.2}, f"#/swagger: {_VERSION_RULE}'1.2', convert it"),
        ({"openapi": "3.1.0"}, f"#/openapi: {_VERSION_RULE}'3.1.0', convert it"),
        ({"openapi": 3}, f"#/openapi: {_VERSION_RULE}3, convert it"),
        (
            {"swagger": "2.0", "openapi": "3.0.0"},
            f"#/openapi: {_VERSION_RULE}'3.0.0' with swagger, convert it",
        ),
    ],
)
def test_fails_when_the_version_is_another(version: Parts, problem: str) -> None:
    """API Gateway imports Swagger 2.0 and OpenAPI 3.0."""
    parts = {key: value for key, value in document().items() if key != "swagger"}

    assert [f"api: {problem}"] == problems({**parts, **version})


@pytest.mark.parametrize(
    ("ref", "problem"),
    [
        (
            "models.json#/Thing",
            (
                "a $ref must begin with '#/', got 'models.json#/Thing', move its target"
                " into the document"
            ),
        ),
        (
            "https://a.example/b",
            (
                "a $ref must begin with '#/', got 'https://a.example/b', move its"
                " target"
                " into the document"
            ),
        ),
        (
            "#/definitions/None",
            "a $ref must lead to a place in the document, got '#/definitions/None'",
        ),
        (
            "#/definitions/Circle",
            "a $ref must lead to a place in the document, got '#/definitions/Circle'",
        ),
    ],
)
def test_fails_when_a_reference_leads_nowhere(ref: str, problem: str) -> None:
    """References stay inside the document."""
    definitions: Parts = {"Thing": {"properties": {"a": {"$ref": ref}}}}
    if ref.endswith("Circle"):
        definitions["Circle"] = {"$ref": ref}

    assert f"api: #/definitions/Thing/properties/a/$ref: {problem}" in problems(
        document(definitions=definitions)
    )


def test_fails_when_a_path_parameter_is_not_declared() -> None:
    """The variables of a path and the declared parameters are the same."""
    other = {**THING_ID, "name": "otherId"}
    paths = {"/things/{thingId}": {"get": operation(parameters=[other])}}
    place = "api: #/paths/~1things~1{thingId}/get: GET /things/{thingId}"

    assert [
        (
            f"{place} must declare its path parameter 'thingId', got none, add it with"
            ' "in": "path", "required": true'
        ),
        (
            f"{place} declares a path parameter 'otherId' that its path does not have,"
            " remove it or add it to the path"
        ),
    ] == problems(document(paths))


def test_fails_when_operation_ids_are_not_unique() -> None:
    """An operation id names one operation."""
    named = operation(operationId="getThings")
    paths = {"/things": {"get": named, "x-amazon-apigateway-any-method": named}}

    assert [
        (
            "api: #/paths/~1things/x-amazon-apigateway-any-method/operationId: an"
            " operation"
            " id must be unique, got 'getThings' for GET /things and ANY /things,"
            " rename"
            " one"
        )
    ] == problems(document(paths))


@pytest.mark.parametrize(
    ("parts", "place", "got"),
    [
        (document(paths=0), "#/paths", "0 is not of type 'object'"),
        (document(info={"title": "a", "version": True}), "#/info/version", "True is"),
        (
            document({"/things": {"get": operation(responses={"200": {}})}}),
            "#/paths/~1things/get/responses/200",
            "'description' is a required property",
        ),
        (
            openapi({"/things": {"get": operation(responses={"200": {}})}}),
            "#/paths/~1things/get/responses/200",
            "'description' is a required property",
        ),
        (
            document(
                {
                    "/things": {
                        "get": operation(
                            parameters=[
                                {"name": "a", "in": "query", "type": "integer"},
                                {"name": "a", "in": "query", "type": "string"},
                            ]
                        )
                    }
                }
            ),
            "#/paths/~1things",
            "Duplicate parameter 'a'",
        ),
    ],
)
def test_fails_when_the_specification_is_not_followed(
    parts: Parts, place: str, got: str
) -> None:
    """What openapi-spec-validator finds is said in one line, with its place."""
    (problem,) = problems(parts)

    assert problem.startswith(f"api: {place}: must follow the specification, got {got}")
    assert problem.endswith(", mend the document")
    assert "\n" not in problem


def test_fails_when_a_schema_combines_with_itself() -> None:
    """A schema that is part of itself is an error, not a crash."""
    circle = {"allOf": [{"$ref": "#/definitions/Circle"}]}
    response = {"description": "ok", "schema": {"$ref": "#/definitions/Circle"}}
    get = operation(responses={"200": response})

    assert [
        (
            "api: #/paths/~1things: must follow the specification, got a schema that"
            " combines with itself, mend the document"
        )
    ] == problems(document({"/things": {"get": get}}, definitions={"Circle": circle}))


def test_a_reference_may_lead_into_an_array() -> None:
    """A pointer counts the items of an array."""
    paths = {"/things": {"get": operation(parameters=[{"$ref": "#/x-shared/0"}])}}
    shared = [{"name": "q", "in": "query", "type": "string"}]

    assert [] == problems(document(paths, **{"x-shared": shared}))
    assert [
        (
            "api: #/paths/~1things/get/parameters/0/$ref: a $ref must lead to a place"
            " in the document, got '#/x-shared/0'"
        )
    ] == problems(document(paths, **{"x-shared": list[Parts]()}))


def test_fails_when_a_reference_leads_to_another_kind() -> None:
    """A parameter's reference must lead to a parameter."""
    get = operation(parameters=[{"$ref": "#/definitions/Thing"}])

    assert [
        (
            "api: #/paths/~1things/get/parameters/0/$ref: a $ref here must lead to a"
            " parameter, got '#/definitions/Thing', which is a schema, refer to one"
        )
    ] == problems(
        document({"/things": {"get": get}}, definitions={"Thing": {"type": "object"}})
    )


def test_a_schema_may_contain_itself() -> None:
    """A tree is described by a schema whose property refers to it."""
    tree = {
        "type": "object",
        "properties": {"child": {"$ref": "#/definitions/Tree"}},
    }
    response = {"description": "ok", "schema": {"$ref": "#/definitions/Tree"}}
    get = operation(responses={"200": response})

    assert [] == problems(
        document({"/things": {"get": get}}, definitions={"Tree": tree})
    )


def test_all_problems_are_said_at_once() -> None:
    """A person mends a document in one go."""
    get = {"responses": {"200": {"description": "${my_region}"}}}
    schemes = {"Pool": SCHEME, "Basic": {"type": "basic"}}
    basic: list[Parts] = [{"Basic": []}]
    post = operation(security=basic, operationId=1)
    paths = {"/things": {"get": get, "post": post}, "/a b": {}}

    found = problems(document(paths, securityDefinitions=schemes))

    assert [line.partition(": ")[2].partition(":")[0] for line in found] == [
        "#/paths/~1things/get/responses/200/description",
        "#/paths/~1things/post/security",
        "#/paths/~1things/get",
        "#/paths/~1a b",
        "#/paths/~1things/post/operationId",
    ]


def test_components_and_tags_are_validated() -> None:
    """What stands beside the paths is checked too, and long errors are shortened."""
    broken = {"type": "object", "required": ["b" * 300], "allOf": [{"type": "object"}]}
    parts = openapi(
        components={"schemas": {"Thing": broken}},
        tags=[{"name": "a"}, {"name": "a", "description": "b"}],
    )

    schema, tag = problems(parts)

    assert tag == (
        "api: #/tags: must follow the specification, got Duplicate tag name 'a', mend"
        " the document"
    )
    assert schema.startswith(
        "api: #/components: must follow the specification, got Required list has not"
    )
    assert len(schema) < 300


def test_fails_when_a_document_made_by_code_is_too_deep() -> None:
    """What is completed need not come from a file, and is checked all the same."""
    deep: Parts = {}
    for _ in range(200):
        deep = {"a": deep}

    assert [
        "api: #/x-deep/a/a/a/…: must be nested at most 100 deep, flatten it"
    ] == problems(document(**{"x-deep": deep}))


def test_the_service_may_be_any_url() -> None:
    """The backend's address is put before the path as it is."""
    body = complete(document(), replace(OPTIONS, service_url="https://a.example")).body

    integration = at(body, "paths", "/things", "get", "x-amazon-apigateway-integration")
    assert integration["uri"] == "https://a.example/things"
    assert SERVICE_URL not in json.dumps(body)
