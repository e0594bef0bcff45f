"""
The stage variables that a document uses, and those that the settings define.
"""

import re
from collections.abc import Collection

from modules.swagger_document import (
    INTEGRATION,
    Findings,
    Location,
    Object,
    nearest,
    schemes_location,
    shown,
    walk,
)
from modules.swagger_gateway_responses import GATEWAY_RESPONSES
from modules.swagger_security import AUTHORIZER

_REFERENCE = re.compile(r"\$\{stageVariables\.([A-Za-z0-9_]+)\}")
_SOURCE = re.compile(r"stageVariables\.([A-Za-z0-9_]+)")
# As templates write them:
# https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-mapping-template-reference.html
_USE = re.compile(r"stageVariables(?:\.get\(['\"]|\[['\"]|\.)([A-Za-z0-9_]+)")


def check_stage_variables(
    document: Object, defined: Collection[str], findings: Findings
) -> None:
    """
    Check that each stage variable has a value, and say which value has no use.

    API Gateway puts nothing where a variable has no value, and answers 500. In
    descriptions it replaces nothing.
    """
    used: set[str] = set()
    schemes = schemes_location(document)
    for location, value in walk(document):
        if not isinstance(value, str) or not _is_read(location, schemes):
            continue
        used.update(_USE.findall(value))
        source = _SOURCE.fullmatch(value)
        needed: list[str] = [*_REFERENCE.findall(value)]
        needed += [source.group(1)] if source else []
        for name in needed:
            if name not in defined:
                findings.problem(
                    location,
                    "a stage variable must have a value in api.stage_variables, got"
                    f" none for {shown(name)}{nearest(name, defined)}, add it there",
                )
    for name in sorted(set(defined) - used):
        findings.setting_warning(
            "api.stage_variables",
            f"the document uses {shown(name)} nowhere, remove it from the settings or"
            f" write ${{stageVariables.{name}}} in the document",
        )


def _is_read(location: Location, schemes: Location) -> bool:
    """
    Tell whether API Gateway looks for stage variables in a place.
    """
    match location:
        case ("paths", _, _, key, *_) if key == INTEGRATION:
            return True
        case (key, *_) if key == GATEWAY_RESPONSES:
            return True
        case _:
            after = location[len(schemes) + 1 :]
            return location[: len(schemes)] == schemes and after[:1] == (AUTHORIZER,)
