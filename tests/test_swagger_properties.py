"""
What holds for every document.
"""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openapi_spec_validator import validate

from modules.errors import ConfigError
from modules.swagger import UndeclaredOperations, complete_document, placeholders_in
from modules.swagger import substitute as substituted
from modules.swagger_document import JSON, operations
from tests.fixtures.swagger.documents import (
    OPTIONS,
    SCHEME,
    Parts,
    complete,
    integration,
)

_SETTINGS = settings(deadline=None, max_examples=60, derandomize=True, database=None)
_NAMES = st.from_regex(r"[a-z]{1,6}", fullmatch=True)
_METHODS = st.sampled_from(
    [
        *("get", "put", "post", "delete", "head", "patch", "options"),
        "x-amazon-apigateway-any-method",
    ]
)
_SECURITY = st.one_of(
    st.just([]),
    st.lists(_NAMES, max_size=2, unique=True).map(lambda scopes: [{"Pool": scopes}]),
)
_PRIMITIVES = st.sampled_from(["string", "integer", "number", "boolean"])


def _schema(draw: st.DrawFn) -> Parts:
    names = draw(st.lists(_NAMES, max_size=3, unique=True))
    examples: list[Parts] = [{}, {"description": "d"}, {"example": "e"}]
    properties: Parts = {
        name: {"type": draw(_PRIMITIVES), **draw(st.sampled_from(examples))}
        for name in names
    }
    return {"type": "object", "properties": properties}


def _parameter(name: str, place: str, *, swagger: bool) -> Parts:
    required: Parts = {"required": True} if place == "path" else {}
    kind: Parts = {"type": "string"} if swagger else {"schema": {"type": "string"}}
    return {"name": name, "in": place, **required, **kind}


def _operation(draw: st.DrawFn, path: str, *, swagger: bool, declared: bool) -> Parts:
    variables = [part[1:-1] for part in path.split("/") if part.startswith("{")]
    parameters = [_parameter(name, "path", swagger=swagger) for name in variables]
    for place in ("query", "header"):
        names = draw(st.lists(_NAMES, max_size=2, unique=True))
        parameters += [_parameter(name, place, swagger=swagger) for name in names]
    ref = "#/definitions/Thing" if swagger else "#/components/schemas/Thing"
    body: Parts = {"schema": {"$ref": ref}}
    content = body if swagger else {"content": {"application/json": body}}
    codes = draw(st.lists(st.sampled_from(["200", "404", "default"]), min_size=1))
    responses = {code: {"description": "d", **content} for code in codes}
    found: Parts = {"parameters": parameters, "responses": responses}
    if declared or draw(st.booleans()):
        found["security"] = draw(_SECURITY)
    if draw(st.booleans()):
        mapped = {
            f"integration.request.path.{name}": f"method.request.path.{name}"
            for name in variables
        }
        uri = f"http://${{nlb_dns_name}}{path}"
        found["x-amazon-apigateway-integration"] = integration(
            uri=uri, requestParameters=mapped
        )
    return found


@st.composite
def documents(draw: st.DrawFn) -> Parts:
    """
    Draw a valid document, Swagger 2.0 or OpenAPI 3.0, that names all its callers.
    """
    swagger = draw(st.booleans())
    declared = not draw(st.booleans())
    segments = st.one_of(_NAMES, st.just("{id}"), st.just("{id}").map(str))
    paths: Parts = {}
    for parts in draw(
        st.lists(st.lists(segments, max_size=3, unique=True), min_size=1, max_size=4)
    ):
        path = "/" + "/".join(parts)
        methods = draw(st.lists(_METHODS, min_size=1, max_size=3, unique=True))
        paths[path] = {
            method: _operation(draw, path, swagger=swagger, declared=declared)
            for method in methods
        }
    info = {"title": draw(_NAMES), "version": "1"}
    base: Parts = {"info": info, "paths": paths}
    if not declared:
        base["security"] = draw(_SECURITY)
    schemes, models = {"Pool": SCHEME}, {"Thing": _schema(draw)}
    if swagger:
        own: Parts = {"securityDefinitions": schemes, "definitions": models}
        return {"swagger": "2.0", **base, **own}
    components = {"securitySchemes": schemes, "schemas": models}
    return {"openapi": "3.0.3", **base, "components": components}


@_SETTINGS
@given(documents())
def test_a_valid_document_stays_valid(parts: Parts) -> None:
    """What is completed still follows its specification."""
    validate(complete(parts).body)


@_SETTINGS
@given(documents())
def test_no_operation_loses_its_requirement(parts: Parts) -> None:
    """Each operation keeps its own requirement, or has the document's."""
    before = json.loads(json.dumps(parts))

    after = {
        (found.path, found.key): found.definition["security"]
        for found in operations(complete(parts).body)
    }

    expected = {
        (found.path, found.key): found.definition.get(
            "security", before.get("security")
        )
        for found in operations(before)
    }
    added: dict[tuple[str, str], JSON] = {
        key: [] for key in after if key not in expected
    }
    assert {**expected, **added} == after
    assert all(key == "options" for _, key in added)


@_SETTINGS
@given(documents())
def test_completion_is_idempotent(parts: Parts) -> None:
    """Completing a completed document changes nothing and mends nothing."""
    once = complete(parts)

    twice = complete(dict(once.body))

    assert once.body == twice.body
    assert once.operations == twice.operations
    assert twice.warnings == ()


@_SETTINGS
@given(documents())
def test_what_the_document_has_is_kept(parts: Parts) -> None:
    """Operations keep their integrations, and paths their operations."""
    before = json.loads(json.dumps(parts))
    body = complete(parts).body

    kept = {(found.path, found.key): found.definition for found in operations(body)}

    for found in operations(before):
        extension = "x-amazon-apigateway-integration"
        own = found.definition.get(extension)
        completed = kept[found.path, found.key]
        assert own in (None, completed[extension])
        assert found.definition["parameters"] == completed["parameters"]


@_SETTINGS
@given(documents())
def test_every_placeholder_is_replaced(parts: Parts) -> None:
    """With a value for each, no placeholder is left."""
    body = complete(parts).body
    values = dict.fromkeys(placeholders_in(body), "x")

    assert "${" not in json.dumps(substituted(body, values))


_JSON: st.SearchStrategy[JSON] = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 5) | st.text(max_size=4),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["get", "options", "security", "$ref", "type", "in", "200"])
            | st.text(max_size=3),
            inner,
            max_size=3,
        )
    ),
    max_leaves=8,
)
_PLACES = st.sampled_from(
    [
        ("info",),
        ("paths",),
        ("paths", "/"),
        ("paths", "/", "get"),
        ("paths", "/", "get", "responses"),
        ("paths", "/", "get", "parameters"),
        ("paths", "/", "get", "security"),
        ("paths", "/", "get", "x-amazon-apigateway-integration"),
        ("paths", "/", "get", "x-amazon-apigateway-integration", "responses"),
        ("paths", "/", "x-amazon-apigateway-any-method"),
        ("definitions",),
        ("definitions", "Thing"),
        ("responses",),
        ("parameters",),
        ("security",),
        ("securityDefinitions",),
        ("securityDefinitions", "Pool"),
        ("securityDefinitions", "Pool", "x-amazon-apigateway-authorizer"),
        ("components",),
        ("tags",),
        ("x-amazon-apigateway-gateway-responses",),
        ("x-amazon-apigateway-gateway-responses", "THROTTLED"),
        ("x-amazon-apigateway-gateway-responses", "THROTTLED", "responseParameters"),
        ("x-amazon-apigateway-policy",),
        ("x-amazon-apigateway-minimum-compression-size",),
        ("x-amazon-apigateway-endpoint-configuration",),
        ("x-amazon-apigateway-request-validators", "all"),
        ("paths", "/", "options"),
        ("paths", "/", "options", "responses"),
        ("paths", "/", "options", "responses", "200"),
        ("paths", "/", "get", "x-amazon-apigateway-integration", "requestParameters"),
        ("paths", "/", "get", "x-amazon-apigateway-integration", "tlsConfig"),
        ("x-amazon-apigateway-request-validators",),
        ("x-amazon-apigateway-binary-media-types",),
    ]
)


def _put(target: JSON, place: tuple[str, ...], value: JSON) -> None:
    for key in place[:-1]:
        assert isinstance(target, dict)
        target = target.setdefault(key, {})
    assert isinstance(target, dict)
    target[place[-1]] = value


@pytest.mark.parametrize("version", [{"swagger": "2.0"}, {"openapi": "3.0.3"}])
@settings(parent=_SETTINGS, max_examples=300)
@given(place=_PLACES, value=_JSON)
def test_a_broken_document_is_a_problem_and_no_crash(
    version: Parts, place: tuple[str, ...], value: JSON
) -> None:
    """Whatever stands anywhere, a document is completed or its problems are said."""
    parts: dict[str, JSON] = json.loads(
        json.dumps(
            {
                **version,
                "info": {"title": "a", "version": "1"},
                "paths": {"/": {"get": {"responses": {"200": {"description": "ok"}}}}},
            }
        )
    )
    _put(parts, place, value)
    undeclared = UndeclaredOperations.PUBLIC
    options = type(OPTIONS)(service_url="http://a", undeclared_operations=undeclared)

    def completed(document: Parts) -> Parts | None:
        try:
            return dict(complete_document(document, name="api", options=options).body)
        except ConfigError:
            return None

    body = completed(dict(parts))

    assert body is None or body == completed(body)
