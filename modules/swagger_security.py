"""
Who may call: the security schemes of a document and the requirement of each operation.
"""

import copy
import json
import re
from collections.abc import Iterable, Iterator
from enum import StrEnum

from modules.swagger_document import (
    JSON,
    Findings,
    Location,
    Object,
    as_list,
    as_object,
    is_swagger,
    member,
    nearest,
    nearest_or_none,
    operations,
    schemes_location,
    shown,
)

AUTH = "x-amazon-apigateway-auth"
AUTHORIZER = "x-amazon-apigateway-authorizer"
AUTHTYPE = "x-amazon-apigateway-authtype"
DEFAULT_SCHEME = "UserPool"

_OWN_POOL = "${user_pool_arn}"
_OWN_POOL_ARN = re.compile(
    r"arn:aws(-cn|-us-gov)?:cognito-idp:\$\{region\}:\$\{account_id\}"
    r":userpool/\$\{user_pool_id\}"
)
_AUTHTYPE = "cognito_user_pools"
_SCHEME: Object = {"type": "apiKey", "name": "Authorization", "in": "header"}
_SCHEME_NAME = re.compile(r"[A-Za-z0-9._-]{1,100}")
_SHOWN_SCHEMES = 5
_CHOICES = '[] for public or [{{"{}": []}}] for signed-in users'
_MAXIMUM_TTL_SECONDS = 3600
_IDENTITY_SOURCE = "method.request.header.Authorization"
_AUTHORIZER_KEYS = frozenset(
    {
        "type",
        "providerARNs",
        "identitySource",
        "identityValidationExpression",
        "authorizerResultTtlInSeconds",
    }
)


class UndeclaredOperations(StrEnum):
    """
    Say what becomes of an operation about whose callers the document says nothing.
    """

    ERROR = "error"
    PUBLIC = "public"


def add_missing_scheme(document: Object, findings: Findings) -> None:
    """
    Define the scheme that operations name, in a document that defines none.

    Only where one name is used is it clear what is meant.
    """
    location = schemes_location(document)
    owner = document if is_swagger(document) else member(document, "components")
    names = set(_named_schemes(document))
    unclear = len(names) != 1 or not all(map(_SCHEME_NAME.fullmatch, names))
    if unclear or owner.get(location[-1], {}) != {}:
        return
    if not is_swagger(document) and document.setdefault("components", owner) != owner:
        return
    (name,) = names
    owner[location[-1]] = {name: dict(_SCHEME)}
    findings.warning(
        (*location, name),
        f"operations name {shown(name)} and the document defines no security scheme,"
        f" the user pool's was put in, write {_entry(location, [name])}",
    )


def _entry(location: Location, names: Iterable[str]) -> str:
    """
    Write schemes as they stand in the document.
    """
    text = ", ".join(f'"{name}": {json.dumps(_SCHEME)}' for name in names)
    for key in reversed(location):
        text = f'"{key}": {{{text}}}'
    return text


def _choices(own: frozenset[str], document: Object, named: Iterable[str] = ()) -> str:
    """
    Say what a requirement may be, and what that needs besides.
    """
    if own:
        return _CHOICES.format(min(own))
    missing = _undefined_names(document) or [DEFAULT_SCHEME]
    meant = [name for name in named if name in missing]
    choices = _CHOICES.format((meant or missing)[0])
    return f"{choices} with {_entry(schemes_location(document), missing)}"


def _undefined_names(document: Object) -> list[str]:
    """
    Name the schemes that requirements name and the document does not define.
    """
    defined = member(document, *schemes_location(document))
    names = dict.fromkeys(_named_schemes(document))
    return [
        name for name in names if name not in defined and _SCHEME_NAME.fullmatch(name)
    ][:_SHOWN_SCHEMES]


def _named_schemes(document: Object) -> Iterator[str]:
    for _, _, security in _requirements(document):
        for requirement in as_list(security):
            yield from as_object(requirement)


def own_schemes(document: Object, findings: Findings) -> frozenset[str]:
    """
    Name the schemes that are the user pool's authorizer, and check the others.

    API Gateway takes an apiKey scheme in the header `Authorization` for an authorizer:
    https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-swagger-extensions-authorizer.html
    """
    location = schemes_location(document)
    own: set[str] = set()
    for name, value in member(document, *location).items():
        scheme = as_object(value)
        if AUTHORIZER in scheme:
            problems = list(_authorizer_problems(scheme))
            for key, text in problems:
                findings.problem((*location, name, key), text)
            own.add(name)
        elif _is_authorization_header(scheme) and _has_own_authtype(scheme):
            own.add(name)
    return frozenset(own)


def _is_authorization_header(scheme: Object) -> bool:
    expected = ("apiKey", "header", "Authorization")
    return expected == (scheme.get("type"), scheme.get("in"), scheme.get("name"))


def _has_own_authtype(scheme: Object) -> bool:
    return str(scheme.get(AUTHTYPE, _AUTHTYPE)).lower() == _AUTHTYPE


def _authorizer_problems(scheme: Object) -> Iterator[tuple[str, str]]:
    if not isinstance(authorizer := scheme[AUTHORIZER], dict):
        yield (
            AUTHORIZER,
            f"an authorizer must be an object, got {shown(authorizer)}",
        )
        return
    if not _has_own_authtype(scheme):
        yield (
            AUTHTYPE,
            (
                f"the user pool's scheme must be of {_AUTHTYPE}, got"
                f" {shown(scheme[AUTHTYPE])}, write {_AUTHTYPE}"
            ),
        )
    if "type" not in authorizer:
        yield (
            AUTHORIZER,
            f"an authorizer must have a type, got none, add type {_AUTHTYPE}",
        )
    elif str(authorizer["type"]).lower() != _AUTHTYPE:
        yield (
            AUTHORIZER,
            (
                f"an authorizer must be of type {_AUTHTYPE}, got"
                f" {shown(authorizer['type'])}, use the user pool's scheme"
            ),
        )
        return
    for text in _member_problems(scheme, authorizer):
        yield AUTHORIZER, text


def _member_problems(scheme: Object, authorizer: Object) -> Iterator[str]:
    if not _is_authorization_header(scheme):
        yield (
            "the user pool's scheme must be an apiKey in the header 'Authorization',"
            f" got {shown(scheme.get('name'))} in {shown(scheme.get('in'))}"
        )
    arns = authorizer.get("providerARNs", [_OWN_POOL])
    if not (isinstance(arns, list) and len(arns) == 1 and _is_own_pool(arns[0])):
        yield (
            f"providerARNs must name this environment's pool alone, got {shown(arns)},"
            f' write ["{_OWN_POOL}"] or leave the authorizer out'
        )
    for key in sorted(authorizer.keys() - _AUTHORIZER_KEYS):
        yield (
            f"a user pool authorizer takes no {shown(key)}"
            f"{nearest_or_none(key, _AUTHORIZER_KEYS)}"
        )
    source = authorizer.get("identitySource", _IDENTITY_SOURCE)
    if source != _IDENTITY_SOURCE:
        yield f"identitySource must be {_IDENTITY_SOURCE!r}, got {shown(source)}"
    yield from _value_problems(authorizer)


def _value_problems(authorizer: Object) -> Iterator[str]:
    expression = authorizer.get("identityValidationExpression", "")
    if not isinstance(expression, str):
        yield (
            "identityValidationExpression must be a regular expression as text, got"
            f" {shown(expression)}"
        )
    seconds = authorizer.get("authorizerResultTtlInSeconds", 0)
    if (
        isinstance(seconds, bool)
        or not isinstance(seconds, int)
        or not 0 <= seconds <= _MAXIMUM_TTL_SECONDS
    ):
        yield (
            "authorizerResultTtlInSeconds must be an integer from 0 to"
            f" {_MAXIMUM_TTL_SECONDS}, got {shown(seconds)}"
        )


def _is_own_pool(arn: JSON) -> bool:
    return isinstance(arn, str) and (
        arn == _OWN_POOL or _OWN_POOL_ARN.fullmatch(arn) is not None
    )


def check_requirements(
    document: Object, own: frozenset[str], findings: Findings
) -> None:
    """
    Check that each requirement is exactly one: the user pool's, or `[]` for public.
    """
    for location, title, value in _requirements(document):
        text = _requirement_problem(value, own, document)
        if text:
            findings.problem(location, f"{title} must have one requirement, {text}")
    for operation in operations(document):
        if AUTH in operation.definition:
            _check_auth(operation.location, operation.definition, findings)


def _requirements(document: Object) -> Iterator[tuple[Location, str, JSON]]:
    if "security" in document:
        yield ("security",), "the document", document["security"]
    for operation in operations(document):
        if "security" in operation.definition:
            location = (*operation.location, "security")
            yield location, operation.title, operation.definition["security"]


def _requirement_problem(
    security: JSON, own: frozenset[str], document: Object
) -> str | None:
    got = _unsound_requirement(security, own, document)
    if got is None:
        return None
    names = [name for entry in as_list(security) for name in as_object(entry)]
    return f"got {got}, write {_choices(own, document, names)}"


def _unsound_requirement(
    security: JSON, own: frozenset[str], document: Object
) -> str | None:
    if not isinstance(security, list):
        return shown(security)
    if {} in security:
        return f"an empty requirement among {len(security)}"
    if len(security) > 1:
        return f"{len(security)} alternatives"
    for requirement in security:
        names = list(as_object(requirement))
        if len(names) != 1:
            return f"{shown(requirement)}, which is not one scheme"
        return _unsound_scheme(names[0], as_object(requirement), own, document)
    return None


def _unsound_scheme(
    name: str, requirement: Object, own: frozenset[str], document: Object
) -> str | None:
    if name not in own:
        defined = member(document, *schemes_location(document))
        what = "another scheme" if name in defined else "an undefined scheme"
        return f"{what} {shown(name)}{nearest(name, own)}"
    scopes = requirement[name]
    if not isinstance(scopes, list) or not all(
        isinstance(scope, str) and scope for scope in scopes
    ):
        return f"the scopes {shown(scopes)}, which are no list of names"
    return None


def _check_auth(location: Location, definition: Object, findings: Findings) -> None:
    kind = as_object(definition[AUTH]).get("type")
    public = definition.get("security") == []
    if str(kind).lower() != "none" or not public:
        findings.problem(
            (*location, AUTH),
            f'the callers are said by "security" alone, got {shown(kind)}, remove it',
        )


def declare_requirements(
    document: Object, undeclared: UndeclaredOperations, findings: Findings
) -> None:
    """
    Give each operation a requirement of its own.

    API Gateway's import does not look at the requirement of the document:
    https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-known-issues.html
    """
    for operation in operations(document):
        definition = operation.definition
        if "security" in definition:
            continue
        if "security" in document:
            definition["security"] = copy.deepcopy(document["security"])
        elif undeclared is UndeclaredOperations.PUBLIC:
            definition["security"] = []
            findings.warning(
                operation.location,
                f"{operation.title} says nothing about its callers and becomes public,"
                ' write "security": []',
            )
        else:
            own = own_schemes(document, Findings(""))
            findings.problem(
                operation.location,
                f"{operation.title} must say who may call it, got no security,"
                f' write "security": {_choices(own, document)}',
            )
        if operation.method == "OPTIONS" and definition.get("security"):
            findings.warning(
                operation.location,
                "the document's security is copied onto OPTIONS, and a browser's"
                ' preflight carries no token, write "security": []',
            )


def drop_unused_schemes(
    document: Object, own: frozenset[str], findings: Findings
) -> None:
    """
    Remove the schemes that are not the user pool's and that no operation names.

    API Gateway knows apiKey schemes alone:
    https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-known-issues.html
    """
    used = set(_named_schemes(document))
    location = schemes_location(document)
    schemes = member(document, *location)
    for name in [name for name in schemes if name not in own | used]:
        del schemes[name]
        findings.warning(
            (*location, name),
            f"the security scheme {shown(name)} is used by no operation and was"
            " removed",
        )
    if not schemes and is_swagger(document):
        document.pop("securityDefinitions", None)


def complete_authorizers(document: Object, own: frozenset[str]) -> None:
    """
    Make each of the user pool's schemes an authorizer.
    """
    schemes = member(document, *schemes_location(document))
    for name in own:
        scheme = as_object(schemes[name])
        scheme.setdefault(AUTHTYPE, _AUTHTYPE)
        authorizer = as_object(scheme.setdefault(AUTHORIZER, {"type": _AUTHTYPE}))
        authorizer["providerARNs"] = [_OWN_POOL]
