"""
What the specification says, with the place that is meant.
"""

import time

import pytest

from tests.fixtures.swagger.documents import (
    THING_ID,
    Parts,
    at,
    complete,
    document,
    integration,
    openapi,
    operation,
    problems,
)

_GET = "api: #/paths/~1things/get"
_ANY = "x-amazon-apigateway-any-method"
_RULE = "must follow the specification, got"
_MISSING = f"{{}}: {_RULE} {{!r}} is a required property, mend the document"
_UNKNOWN = "the specification knows no {!r} here{}, rename or remove it"
_EMPTY = "an operation must describe a response, got {}, add one such as "
_BUILDS = [document, openapi]


def _built(build: object, paths: object = None, **members: object) -> Parts:
    return (
        document(paths, **members) if build is document else openapi(paths, **members)
    )


def _typed(build: object, kind: str = "string") -> Parts:
    return {"type": kind} if build is document else {"schema": {"type": kind}}


def _with_parameters(build: object, *parameters: object) -> list[str]:
    get = operation(parameters=list(parameters))
    return problems(_built(build, {"/things": {"get": get}}))


@pytest.mark.parametrize("build", _BUILDS)
def test_fails_when_a_parameter_has_no_type(build: object) -> None:
    """The parameter that is meant is named, by its place in the file."""
    sound = {"name": "a", "in": "query", **_typed(build)}
    key = "type" if build is document else "schema"

    assert [_MISSING.format(f"{_GET}/parameters/1", key)] == _with_parameters(
        build, sound, {"name": "b", "in": "query"}
    )


@pytest.mark.parametrize("build", _BUILDS)
def test_a_parameters_place_counts_those_that_are_taken_out(build: object) -> None:
    """Places are those of the file, whatever the import does not know."""
    place = "formData" if build is document else "cookie"
    form = {"name": "a", "in": place, **_typed(build)}
    key = "type" if build is document else "schema"

    assert [_MISSING.format(f"{_GET}/parameters/1", key)] == _with_parameters(
        build, form, {"name": "b", "in": "query"}
    )


def test_fails_when_what_is_taken_out_is_unsound() -> None:
    """What the import does not know follows the specification all the same."""
    assert [
        (
            f"{_GET}/parameters/0/type: must be one of 'string', 'number', 'boolean',"
            " 'integer', 'array', 'file', got 'strings', did you mean 'string'"
        )
    ] == _with_parameters(document, {"name": "a", "in": "formData", "type": "strings"})


@pytest.mark.parametrize("build", _BUILDS)
def test_fails_when_a_parameter_has_a_bad_type(build: object) -> None:
    """The types of a parameter are said, with the nearest one."""
    place = "type" if build is document else "schema/type"

    (problem,) = _with_parameters(
        build, {"name": "a", "in": "query", **_typed(build, "strings")}
    )

    assert problem.startswith(f"{_GET}/parameters/0/{place}: must be one of '")
    assert problem.endswith("got 'strings', did you mean 'string'")


@pytest.mark.parametrize(
    ("build", "places"),
    [
        (document, "body, formData, header, path, query"),
        (openapi, "cookie, header, path, query"),
    ],
)
def test_fails_when_a_parameter_is_in_a_bad_place(build: object, places: str) -> None:
    """All places of a parameter are said, and not those of one kind."""
    assert [
        (
            f"{_GET}/parameters/0/in: in must be one of {places}, got 'quer', did you"
            " mean 'query'"
        )
    ] == _with_parameters(build, {"name": "a", "in": "quer", **_typed(build)})


@pytest.mark.parametrize("build", _BUILDS)
@pytest.mark.parametrize("missing", ["in", "name"])
def test_fails_when_a_parameter_lacks_a_member(build: object, missing: str) -> None:
    """What every parameter has is missed alone, whatever kind it might be of."""
    parameter = {"name": "a", "in": "query", **_typed(build)}
    del parameter[missing]

    assert [
        (
            f"{_GET}/parameters/0: {_RULE} {missing!r} is a required property, mend the"
            " document"
        )
    ] == _with_parameters(build, parameter)


@pytest.mark.parametrize("build", _BUILDS)
def test_fails_when_a_parameter_is_none(build: object) -> None:
    """A parameter is an object, and its reference a text."""
    assert [
        f"{_GET}/parameters/0: {_RULE} 5 is not of type 'object', mend the document",
        (
            f"{_GET}/parameters/1/$ref: {_RULE} 5 is not of type 'string', mend the"
            " document"
        ),
    ] == _with_parameters(build, 5, {"$ref": 5})


@pytest.mark.parametrize("build", _BUILDS)
def test_fails_when_a_path_parameter_is_optional(build: object) -> None:
    """A path parameter is always there."""
    parameter = {"name": "thingId", "in": "path", "required": False, **_typed(build)}
    paths = {"/things/{thingId}": {"get": operation(parameters=[parameter])}}

    assert [
        (
            "api: #/paths/~1things~1{thingId}/get/parameters/0/required: must be true,"
            " got false"
        )
    ] == problems(_built(build, paths))


@pytest.mark.parametrize("build", _BUILDS)
@pytest.mark.parametrize(
    ("kind", "place", "member"),
    [
        ({"type": "apikey", "in": "header", "name": "X"}, "type", "'apiKey'"),
        ({"type": "apiKey", "in": "headr", "name": "X"}, "in", "'header'"),
    ],
)
def test_fails_when_a_scheme_is_unsound(
    build: object, kind: Parts, place: str, member: str
) -> None:
    """A scheme is judged as one of the type that it says."""
    schemes: Parts = {
        "Pool": {"type": "apiKey", "in": "header", "name": "Authorization"}
    }
    schemes["Other"] = kind
    if build is document:
        parts, where = document(securityDefinitions=schemes), "securityDefinitions"
    else:
        parts = openapi(components={"securitySchemes": schemes})
        where = "components/securitySchemes"

    (problem,) = problems(parts)

    assert problem.startswith(f"api: #/{where}/Other/{place}: ")
    assert problem.endswith(f", did you mean {member}")


def test_fails_when_a_scheme_has_no_type() -> None:
    """What all kinds of schemes need is said, and nothing of one kind."""
    schemes = {"Other": {"in": "header", "name": "X"}}

    assert [_MISSING.format("api: #/securityDefinitions/Other", "type")] == problems(
        document(securityDefinitions=schemes)
    )


@pytest.mark.parametrize("build", _BUILDS)
@pytest.mark.parametrize(
    ("members", "place", "key", "meant"),
    [
        ({"Security": list[Parts]()}, "/get", "Security", "'security'"),
        ({"opreationId": "a"}, "/get", "opreationId", "'operationId'"),
        (
            {"X-Amazon-Apigateway-Integration": Parts()},
            "/get",
            "X-Amazon-Apigateway-Integration",
            "'x-amazon-apigateway-integration'",
        ),
    ],
)
def test_fails_when_a_key_is_unknown(
    build: object, members: Parts, place: str, key: str, meant: str
) -> None:
    """An unknown key is named by its place, with what was likely meant."""
    paths = {"/things": {"get": operation(**members)}}
    unknown = _UNKNOWN.format(key, f", did you mean {meant}")

    assert [f"api: #/paths/~1things{place}/{key}: {unknown}"] == problems(
        _built(build, paths)
    )


@pytest.mark.parametrize("build", _BUILDS)
def test_fails_when_a_member_or_a_method_is_unknown(build: object) -> None:
    """Documents and paths have known members, methods in small letters."""
    paths = {"/things": {"GET": operation(), "get": operation()}}

    assert {
        f"api: #/pathz: {_UNKNOWN.format('pathz', ', did you mean ' + repr('paths'))}",
        (
            "api: #/paths/~1things/GET:"
            f" {_UNKNOWN.format('GET', ', did you mean ' + repr('get'))}"
        ),
        f"api: #/zzz: {_UNKNOWN.format('zzz', '')}",
    } == set(problems(_built(build, paths, pathz=Parts(), zzz=1)))


@pytest.mark.parametrize("build", _BUILDS)
def test_fails_when_an_operation_has_no_response(build: object) -> None:
    """No response at all is one plain line."""
    paths = {"/things": {"get": operation(responses={})}}

    assert [
        f'{_GET}/responses: {_EMPTY.format("{}")}"200": {{"description": "…"}}'
    ] == problems(_built(build, paths))


@pytest.mark.parametrize("build", _BUILDS)
def test_fails_when_an_operation_for_any_method_is_unsound(build: object) -> None:
    """ANY is an operation, though the specification takes it for an extension."""
    unsound: Parts = {"Security": list[Parts](), "response": {}, "parameters": 5}
    place = f"api: #/paths/~1things/{_ANY}"
    paths = {"/things": {_ANY: {"security": list[Parts](), **unsound}}}

    assert {
        (
            f"{place}/Security:"
            f" {_UNKNOWN.format('Security', ', did you mean ' + repr('security'))}"
        ),
        (
            f"{place}/response:"
            f" {_UNKNOWN.format('response', ', did you mean ' + repr('responses'))}"
        ),
        f"{place}/parameters: {_RULE} 5 is not of type 'array', mend the document",
    } == set(problems(_built(build, paths)))


@pytest.mark.parametrize("build", _BUILDS)
@pytest.mark.parametrize("members", [Parts(), {"responses": Parts()}])
def test_any_may_go_without_responses(build: object, members: Parts) -> None:
    """API Gateway's own exports describe no response of ANY."""
    answers = integration(
        httpMethod="ANY", responses={"default": {"statusCode": "200"}}
    )
    extension = {"x-amazon-apigateway-integration": answers}
    definition: Parts = {"security": list[Parts](), **members, **extension}
    parts = _built(build, {"/things": {_ANY: definition}})

    assert members == {
        key: value
        for key, value in at(complete(parts).body, "paths", "/things", _ANY).items()
        if key == "responses"
    }


@pytest.mark.parametrize("build", _BUILDS)
def test_a_number_as_the_documents_version_is_mended(build: object) -> None:
    """YAML reads a version such as 1.0 as a number."""
    completed = complete(_built(build, info={"title": "Things", "version": 1.0}))

    assert at(completed.body, "info")["version"] == "1.0"
    assert completed.warnings == (
        (
            "api: #/info/version: the version must be text, got the number 1.0, it was"
            " put in quotes"
        ),
    )


def test_fails_when_an_operation_for_any_method_repeats_a_parameter() -> None:
    """What the schema can't say is checked of ANY too, with its path's parameters."""
    query = {"name": "a", "in": "query", "type": "string"}
    repeated = operation(parameters=[query, {**query, "description": "again"}])
    item = {_ANY: repeated, "get": operation(), "parameters": [THING_ID]}

    assert [
        (
            f"api: #/paths/~1things~1{{thingId}}/{_ANY}: {_RULE} Duplicate parameter"
            " 'a', mend the document"
        )
    ] == problems(document({"/things/{thingId}": item}))


def test_fails_once_when_a_paths_parameter_is_unsound() -> None:
    """A parameter that ANY shares with others is judged at its one place."""
    item = {_ANY: operation(), "get": operation(), "parameters": [{"in": "query"}]}

    found = problems(document({"/things": item}))

    place = "api: #/paths/~1things/parameters/0"
    assert all(line.startswith(f"{place}: {_RULE}") for line in found)
    assert len(set(found)) == len(found)


def test_a_large_document_is_completed_in_a_second() -> None:
    """Three hundred operations are no reason to wait."""
    paths: Parts = {
        f"/things{i}/{{thingId}}": {
            (_ANY if i % 2 else "get"): operation(parameters=[THING_ID])
        }
        for i in range(300)
    }
    parts = document(paths)
    seconds: list[float] = []
    for _ in range(2):
        started = time.process_time()
        complete(parts)
        seconds.append(time.process_time() - started)

    assert min(seconds) < 1
