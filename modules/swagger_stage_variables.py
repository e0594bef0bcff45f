"""
The stage variables that a document uses, and those that the settings define.
"""

import re
from collections.abc import Collection

from modules.swagger_document import Findings, Object, nearest, walk

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

    API Gateway puts nothing where a variable has no value, and answers 500.
    """
    used: set[str] = set()
    for location, value in walk(document):
        if not isinstance(value, str):
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
                    f" none for {name!r}{nearest(name, defined)}, add it there",
                )
    for name in sorted(set(defined) - used):
        findings.warning(
            (),
            f"the stage variable {name!r} is used nowhere, remove it from"
            f" api.stage_variables or write ${{stageVariables.{name}}}",
        )
