"""
Who may call: schemes and requirements.
"""

import json
from dataclasses import replace

import pytest

from modules.swagger import Operation, UndeclaredOperations
from modules.swagger_document import shown
from tests.fixtures.swagger.documents import (
    OPTIONS,
    SCHEME,
    USER,
    Parts,
    at,
    complete,
    document,
    openapi,
    operation,
    problems,
)

_PUBLIC = replace(OPTIONS, undeclared_operations=UndeclaredOperations.PUBLIC)
_AUTHORIZER = {"type": "cognito_user_pools", "providerARNs": ["${user_pool_arn}"]}
_COMPLETED = {
    **SCHEME,
    "x-amazon-apigateway-authtype": "cognito_user_pools",
    "x-amazon-apigateway-authorizer": _AUTHORIZER,
}
_GET = "api: #/paths/~1things/get"
_REMEDY = 'write [] for public or [{"Pool": []}] for signed-in users'


def _with_authorizer(**members: object) -> Parts:
    authorizer = {"type": "COGNITO_USER_POOLS", **members}
    return {**SCHEME, "x-amazon-apigateway-authorizer": authorizer}


def test_a_bare_scheme_becomes_the_authorizer() -> None:
    """An apiKey scheme in the header Authorization is the user pool's."""
    body = complete(document()).body

    assert _COMPLETED == at(body, "securityDefinitions", "Pool")


def test_a_bare_scheme_of_openapi_becomes_the_authorizer() -> None:
    """OpenAPI keeps its schemes in the components."""
    body = complete(openapi()).body

    assert _COMPLETED == at(body, "components", "securitySchemes", "Pool")


@pytest.mark.parametrize(
    "arn",
    [
        "${user_pool_arn}",
        "arn:aws:cognito-idp:${region}:${account_id}:userpool/${user_pool_id}",
        "arn:aws-cn:cognito-idp:${region}:${account_id}:userpool/${user_pool_id}",
        (
            "arn:aws-us-gov:cognito-idp:REPLACE_ME_REGION:REPLACE_ME_ACCOUNT_ID:"
            "userpool/REPLACE_ME_COGNITO_USER_POOL_ID"
        ),
    ],
)
def test_an_authorizer_of_the_own_pool_is_kept(arn: str) -> None:
    """Every spelling of the pool's ARN becomes one placeholder."""
    scheme = _with_authorizer(providerARNs=[arn])

    body = complete(document(securityDefinitions={"Pool": scheme})).body

    assert {"type": "COGNITO_USER_POOLS", "providerARNs": ["${user_pool_arn}"]} == at(
        body, "securityDefinitions", "Pool", "x-amazon-apigateway-authorizer"
    )


_PLACE = "api: #/securityDefinitions/Pool/x-amazon-apigateway-authorizer"
_FOREIGN = "arn:aws:cognito-idp:eu-west-1:111111111111:userpool/eu-west-1_other"


@pytest.mark.parametrize(
    ("scheme", "problem"),
    [
        (
            _with_authorizer(providerARNs=[_FOREIGN]),
            (
                "providerARNs must name this environment's pool alone, got"
                f" ['{_FOREIGN}'], write [\"${{user_pool_arn}}\"] or leave the"
                " authorizer"
                " out"
            ),
        ),
        (
            _with_authorizer(providerARNs=["${user_pool_arn}", "${user_pool_arn}"]),
            (
                "providerARNs must name this environment's pool alone, got"
                " ['${user_pool_arn}', '${user_pool_arn}'], write"
                ' ["${user_pool_arn}"]'
                " or leave the authorizer out"
            ),
        ),
        (
            _with_authorizer(providerARNs=[]),
            (
                "providerARNs must name this environment's pool alone, got [],"
                ' write ["${user_pool_arn}"] or leave the authorizer out'
            ),
        ),
        (
            _with_authorizer(type="token", authorizerUri="arn:aws:lambda"),
            (
                "an authorizer must be of type cognito_user_pools, got 'token',"
                " use the user pool's scheme"
            ),
        ),
        (
            {**_with_authorizer(), "name": "X-Token"},
            (
                "the user pool's scheme must be an apiKey in the header"
                " 'Authorization',"
                " got 'X-Token' in 'header'"
            ),
        ),
        (
            _with_authorizer(identitySource="method.request.header.X"),
            (
                "identitySource must be 'method.request.header.Authorization', got"
                " 'method.request.header.X'"
            ),
        ),
        (
            {**SCHEME, "x-amazon-apigateway-authorizer": None},
            "an authorizer must be an object, got null",
        ),
        (
            _with_authorizer(identityValidationExpression=5),
            (
                "identityValidationExpression must be a regular expression as text, got"
                " 5"
            ),
        ),
        *[
            (
                _with_authorizer(authorizerResultTtlInSeconds=seconds),
                (
                    "authorizerResultTtlInSeconds must be an integer from 0 to 3600,"
                    f" got {shown(seconds)}"
                ),
            )
            for seconds in (-1, 3601, "300", True, 1.5, None)
        ],
        (
            _with_authorizer(providerArns=[]),
            (
                "a user pool authorizer takes no 'providerArns', did you mean"
                " 'providerARNs', rename it"
            ),
        ),
    ],
)
def test_fails_when_an_authorizer_is_another(scheme: Parts, problem: str) -> None:
    """Another authorizer is an error even when no operation names it."""
    assert [f"{_PLACE}: {problem}"] == problems(
        document(securityDefinitions={"Pool": scheme})
    )


def test_fails_when_the_authtype_is_another() -> None:
    """A wrong authtype is named by its own place and value."""
    scheme = {**_with_authorizer(), "x-amazon-apigateway-authtype": "awsSigv4"}

    assert [
        (
            "api: #/securityDefinitions/Pool/x-amazon-apigateway-authtype: the user"
            " pool's scheme must be of cognito_user_pools, got 'awsSigv4', write"
            " cognito_user_pools"
        )
    ] == problems(document(securityDefinitions={"Pool": scheme}))


def test_fails_when_an_authorizer_has_no_type() -> None:
    """The type to add is said."""
    scheme = {**SCHEME, "x-amazon-apigateway-authorizer": Parts()}

    assert [
        (
            f"{_PLACE}: an authorizer must have a type, got none, add type"
            " cognito_user_pools"
        )
    ] == problems(document(securityDefinitions={"Pool": scheme}))


def test_a_sound_authorizer_is_kept() -> None:
    """An authorizer may say how tokens look and how long they are remembered."""
    members: Parts = {
        "identityValidationExpression": "^ey.*",
        "authorizerResultTtlInSeconds": 3600,
    }
    schemes = {"Pool": _with_authorizer(**members)}

    body = complete(document(securityDefinitions=schemes)).body

    assert {**members, **_AUTHORIZER, "type": "COGNITO_USER_POOLS"} == at(
        body, "securityDefinitions", "Pool", "x-amazon-apigateway-authorizer"
    )


_MYSFITS: list[Parts] = [{"MysfitsUserPool": []}]
_TWO: list[Parts] = [{"Pool": []}, {"Pol": []}]
_USER_POOL: list[Parts] = [{"UserPool": []}]
_SCHEME_TEXT = '{"type": "apiKey", "name": "Authorization", "in": "header"}'


def _without_schemes(build: object, **members: object) -> Parts:
    paths = {"/things": {"get": operation(**members)}}
    parts = document(paths) if build is document else openapi(paths)
    return {
        key: value
        for key, value in parts.items()
        if key not in {"securityDefinitions", "components"}
    }


@pytest.mark.parametrize(
    ("build", "place", "entry"),
    [
        (document, "securityDefinitions", '"securityDefinitions": {{{}}}'),
        (
            openapi,
            "components/securitySchemes",
            '"components": {{"securitySchemes": {{{}}}}}',
        ),
    ],
)
def test_a_missing_scheme_is_put_in(build: object, place: str, entry: str) -> None:
    """Where the document defines no scheme, the one that operations name is ours."""
    completed = complete(_without_schemes(build, security=_MYSFITS))

    written = entry.format(f'"MysfitsUserPool": {_SCHEME_TEXT}')
    assert {"MysfitsUserPool": _COMPLETED} == at(completed.body, *place.split("/"))
    assert completed.warnings == (
        (
            f"api: #/{place}/MysfitsUserPool: operations name 'MysfitsUserPool' and the"
            " document defines no security scheme, the user pool's was put in, write"
            f" {written}"
        ),
    )


def test_fails_when_two_schemes_are_missing() -> None:
    """With two names it is not clear which is meant, and a whole entry is said."""
    parts = _without_schemes(document, security=_TWO)

    assert [
        (
            f"{_GET}/security: GET /things must have one requirement, got 2"
            ' alternatives, write [] for public or [{"Pool": []}] for signed-in users'
            f' with "securityDefinitions": {{"Pool": {_SCHEME_TEXT}, "Pol":'
            f" {_SCHEME_TEXT}}}"
        )
    ] == problems(parts)


@pytest.mark.parametrize("build", [document, openapi])
def test_fails_when_a_document_has_no_scheme_of_ours(build: object) -> None:
    """What the remedy says makes the document whole."""
    parts = _without_schemes(build)
    parts["paths"] = {"/things": {"get": {"responses": {"200": {"description": "ok"}}}}}
    entry = f'"UserPool": {_SCHEME_TEXT}'
    key = "securityDefinitions" if build is document else "securitySchemes"
    entry = f'"{key}": {{{entry}}}'
    if build is openapi:
        entry = f'"components": {{{entry}}}'

    assert [
        (
            f"{_GET}: GET /things must say who may call it, got no security, write"
            ' "security": [] for public or [{"UserPool": []}] for signed-in users with'
            f" {entry}"
        )
    ] == problems(parts)

    secured = operation(security=_USER_POOL)
    mended = {**parts, "paths": {"/things": {"get": secured}}}
    assert complete({**mended, **json.loads(f"{{{entry}}}")}).warnings == ()


def test_fails_when_a_scheme_is_missing_beside_others() -> None:
    """Where the document defines schemes, another one is not made up."""
    parts = _without_schemes(document, security=USER)
    schemes: Parts = {"Basic": {"type": "basic"}}

    assert [
        (
            f"{_GET}/security: GET /things must have one requirement, got an undefined"
            " scheme 'Pool', write [] for public or [{\"Pool\": []}] for signed-in"
            f' users with "securityDefinitions": {{"Pool": {_SCHEME_TEXT}}}'
        )
    ] == problems({**parts, "securityDefinitions": schemes})


def test_unused_schemes_are_removed() -> None:
    """A scheme that no operation names leaves no trace but a warning."""
    schemes: Parts = {"Pool": SCHEME, "Basic": {"type": "basic"}}

    completed = complete(document(securityDefinitions=schemes))

    assert {"Pool": _COMPLETED} == completed.body["securityDefinitions"]
    assert completed.warnings == (
        (
            "api: #/securityDefinitions/Basic: the security scheme 'Basic' is used"
            " by no"
            " operation and was removed"
        ),
    )


def test_the_documents_requirement_is_copied_onto_operations() -> None:
    """API Gateway ignores a document's security, so each operation has its own."""
    paths = {"/things": {"get": {"responses": {"200": {"description": "ok"}}}}}

    body = complete(document(paths, security=USER)).body

    assert USER == at(body, "paths", "/things", "get")["security"]
    assert USER == body["security"]


def test_an_operations_own_requirement_is_kept() -> None:
    """What an operation says wins over what the document says."""
    body = complete(document(security=USER)).body

    assert at(body, "paths", "/things", "get")["security"] == []


def test_a_copy_onto_a_preflight_is_said() -> None:
    """A document's own OPTIONS takes the document's requirement, with a warning."""
    paths = {"/things": {"options": {"responses": {"200": {"description": "ok"}}}}}

    assert complete(document(paths, security=USER)).warnings == (
        (
            "api: #/paths/~1things/options: the document's security is copied onto"
            " OPTIONS,"
            ' and a browser\'s preflight carries no token, write "security": []'
        ),
    )


def test_undeclared_operations_become_public_when_allowed() -> None:
    """With the setting, an operation that says nothing is public, and this is said."""
    paths = {"/things": {"get": {"responses": {"200": {"description": "ok"}}}}}

    completed = complete(document(paths), _PUBLIC)

    assert at(completed.body, "paths", "/things", "get")["security"] == []
    assert completed.warnings == (
        (
            f"{_GET}: GET /things says nothing about its callers and becomes public,"
            ' write "security": []'
        ),
    )


def test_fails_when_an_operation_says_nothing() -> None:
    """Who may call is never implied."""
    responses = {"responses": {"200": {"description": "ok"}}}
    any_method = {"x-amazon-apigateway-any-method": responses}
    paths = {"/things": {"get": responses}, "/others": any_method}

    assert [
        (
            f"{_GET}: GET /things must say who may call it, got no security, write"
            ' "security": [] for public or [{"Pool": []}] for signed-in users'
        ),
        (
            "api: #/paths/~1others/x-amazon-apigateway-any-method: ANY /others must"
            " say who"
            ' may call it, got no security, write "security": [] for public or'
            ' [{"Pool": []}] for signed-in users'
        ),
    ] == problems(document(paths))


_UNSOUND: list[tuple[list[Parts], str]] = [
    ([{"Pool": []}, {"Pool": ["a"]}], "2 alternatives"),
    ([{"Pool": []}, {}], "an empty requirement among 2"),
    ([{}], "an empty requirement among 1"),
    (
        [{"Pool": [], "Other": []}],
        "{'Pool': [], 'Other': []}, which is not one scheme",
    ),
    ([{"Other": []}], "another scheme 'Other'"),
    ([{"Pol": []}], "an undefined scheme 'Pol', did you mean 'Pool'"),
    ([{"Pool": [""]}], "the scopes [''], which are no list of names"),
]


@pytest.mark.parametrize(("security", "got"), _UNSOUND)
def test_fails_when_a_requirement_is_not_one(security: object, got: str) -> None:
    """Anything but the pool's one requirement or none is an error."""
    schemes: Parts = {"Pool": SCHEME, "Other": {"type": "basic"}}
    paths = {"/things": {"get": operation(security=security)}}

    assert [
        f"{_GET}/security: GET /things must have one requirement, got {got}, {_REMEDY}"
    ] == problems(document(paths, securityDefinitions=schemes))


def test_fails_once_when_the_documents_requirement_is_not_one() -> None:
    """A document's own security is judged once, not for each operation."""
    paths = {"/things": {"get": {"responses": {"200": {"description": "ok"}}}}}

    assert [
        (
            "api: #/security: the document must have one requirement, got an empty"
            f" requirement among 1, {_REMEDY}"
        )
    ] == problems(document(paths, security=[Parts()]))


_NOBODY: list[Parts] = []


@pytest.mark.parametrize(
    ("auth", "security"), [("NONE", USER), ("AWS_IAM", USER), ("aws_iam", _NOBODY)]
)
def test_fails_when_an_extension_says_who_may_call(auth: str, security: object) -> None:
    """An extension can't open or change what the requirement says."""
    extension = {"x-amazon-apigateway-auth": {"type": auth}}
    paths = {"/things": {"get": operation(security=security, **extension)}}

    assert [
        (
            f'{_GET}/x-amazon-apigateway-auth: the callers are said by "security"'
            " alone,"
            f" got {auth!r}, remove it"
        )
    ] == problems(document(paths))


def test_operations_are_summarized() -> None:
    """Each operation says who may call it, and with which scopes."""
    secured = operation(security=[{"Pool": ["things/read", "things/write"]}])
    paths = {"/things": {"get": operation(), "x-amazon-apigateway-any-method": secured}}

    assert complete(document(paths)).operations == (
        Operation(method="GET", path="/things", requirement="public", scopes=()),
        Operation(
            method="ANY",
            path="/things",
            requirement="user",
            scopes=("things/read", "things/write"),
        ),
        Operation(method="OPTIONS", path="/things", requirement="public", scopes=()),
    )
