"""
The placeholders of an API document: their spellings, and what takes their place.
"""

import re
from collections.abc import Mapping
from typing import cast

from modules.errors import ConfigError
from modules.swagger_document import (
    JSON,
    Findings,
    Location,
    Object,
    as_object,
    nearest,
    shown,
    walk,
)

PLACEHOLDERS = frozenset(
    {
        "region",
        "account_id",
        "user_pool_id",
        "user_pool_arn",
        "vpc_link_id",
        "nlb_dns_name",
        "site_origin",
    }
)
_OLDER_SPELLINGS = {
    "REPLACE_ME_REGION": "region",
    "REPLACE_ME_ACCOUNT_ID": "account_id",
    "REPLACE_ME_COGNITO_USER_POOL_ID": "user_pool_id",
    "REPLACE_ME_VPC_LINK_ID": "vpc_link_id",
    "REPLACE_ME_NLB_DNS": "nlb_dns_name",
}
_SPELLING = re.compile(r"\$*\$\{[^}]*\}?|REPLACE_ME\w*", re.IGNORECASE | re.ASCII)
_STAGE_VARIABLE = re.compile(r"\$\{stageVariables\.[A-Za-z0-9_]+\}")
# https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-mapping-template-reference.html
_VELOCITY = re.compile(
    r"\$\{((?:context|input|util|stageVariables)(?:[.\[][^{}]{1,80}))\}"
)
_NAMED = r"\$\{(" + "|".join(sorted(PLACEHOLDERS)) + r")\}"
_CANONICAL = re.compile(_NAMED)
_ANY_CASE = re.compile(_NAMED, re.IGNORECASE | re.ASCII)


def canonical_document(document: Object, findings: Findings) -> Object:
    """
    Spell every placeholder as `${name}`, whatever its case and age.

    `${stageVariables.name}` belongs to API Gateway and stays as it is. Any other `${`
    is a problem: Terraform would take it for an expression.
    """
    for location, _ in walk(document):
        if location and _SPELLING.search(location[-1]):
            findings.problem(
                location, "a key must not hold a placeholder, write it out"
            )
    return as_object(_canonical(document, (), findings))


def _canonical(value: JSON, location: Location, findings: Findings) -> JSON:
    if isinstance(value, dict):
        return {
            key: _canonical(child, (*location, key), findings)
            for key, child in value.items()
        }
    if isinstance(value, list):
        return [
            _canonical(child, (*location, str(i)), findings)
            for i, child in enumerate(value)
        ]
    if isinstance(value, str):
        return _SPELLING.sub(
            lambda match: _canonical_spelling(match.group(), location, findings), value
        )
    return value


def canonical_text(text: str) -> str:
    """
    Spell the placeholders of a setting as `${name}`; unknown ones stay as they are.
    """
    findings = Findings("")
    return _SPELLING.sub(
        lambda match: _canonical_spelling(match.group(), (), findings), text
    )


def _canonical_spelling(spelling: str, location: Location, findings: Findings) -> str:
    older = _OLDER_SPELLINGS.get(spelling.upper())
    if older is not None:
        return f"${{{older}}}"
    if _ANY_CASE.fullmatch(spelling):
        return spelling.lower()
    if _STAGE_VARIABLE.fullmatch(spelling):
        return spelling
    template = _VELOCITY.fullmatch(spelling)
    if template:
        findings.problem(
            location,
            "a template's reference must have no braces, got"
            f" {shown(spelling)}, write ${template.group(1)}",
        )
        return spelling
    known = [f"${{{name}}}" for name in sorted(PLACEHOLDERS)]
    findings.problem(
        location,
        f"a placeholder must be one of {', '.join(known)} or ${{stageVariables.name}},"
        f" got {shown(spelling)}{nearest(spelling, known)}",
    )
    return spelling


def placeholders_in(body: JSON) -> frozenset[str]:
    """
    Name the placeholders that a completed body uses.
    """
    return frozenset(
        name
        for _, value in walk(body)
        if isinstance(value, str)
        for name in cast("list[str]", _CANONICAL.findall(value))
    )


def substitute(body: Object, values: Mapping[str, str]) -> Object:
    """
    Replace every placeholder of a completed body.

    A value is put in as it is and never looked through again, so that it may be a
    Terraform token.

    Args:
        body: the completed body; it is not changed.
        values: the text for each placeholder, by its name.

    Raises:
        ConfigError: if the body uses a placeholder that has no value.
    """
    try:
        return as_object(_substituted(body, values))
    except KeyError:
        missing = sorted(placeholders_in(body) - values.keys())
        raise ConfigError(
            f"the API document uses ${{{name}}}, which has no value here,"
            " give one or remove it from the document"
            for name in missing
        ) from None


def _substituted(value: JSON, values: Mapping[str, str]) -> JSON:
    if isinstance(value, str):
        # Most texts hold none, and a document is substituted for each environment.
        if "${" not in value:
            return value
        return _CANONICAL.sub(lambda match: values[match.group(1)], value)
    if isinstance(value, dict):
        return {key: _substituted(child, values) for key, child in value.items()}
    if isinstance(value, list):
        return [_substituted(child, values) for child in value]
    return value
