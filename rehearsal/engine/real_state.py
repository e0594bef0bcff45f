"""
Read a copy of a real state as the base of a rehearsal.
"""

import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import cast

from rehearsal.errors import RehearsalError

VERSION = 4
_PROVIDER = re.compile(r'provider\["([^"]+)"\]')
_KNOWN = frozenset(
    {"registry.terraform.io/hashicorp/aws", "terraform.io/builtin/terraform"}
)


def read_state(file: Path) -> bytes:
    """
    Return a state's text, once it is sure that a rehearsal can start from it.

    Raises:
        RehearsalError: it is no state, is of another version, or has resources of
            other providers.
    """
    try:
        content = file.read_bytes()
        parsed: object = json.loads(content)
    except OSError as error:
        raise RehearsalError([f"{file}: must be readable: {error.strerror}"]) from error
    except ValueError as error:
        raise RehearsalError([_problem(file, "no JSON")]) from error
    if not isinstance(parsed, dict):
        raise RehearsalError([_problem(file, type(parsed).__name__)])
    state = cast("Mapping[str, object]", parsed)
    if state.get("version") != VERSION or "resources" not in state:
        raise RehearsalError([_problem(file, f"version {state.get('version')}")])
    if others := _other_providers(state):
        problem = (
            f"{file}: must have resources of registry.terraform.io/hashicorp/aws only, "
            f"got {', '.join(others)}"
        )
        raise RehearsalError([problem])
    return content


def types_in(state: bytes) -> frozenset[str]:
    """
    Return the types of a state's resources.
    """
    return frozenset(str(resource["type"]) for resource in _resources(_parsed(state)))


def _parsed(state: bytes) -> Mapping[str, object]:
    return cast("Mapping[str, object]", json.loads(state))


def _problem(file: Path, got: str) -> str:
    return (
        f"{file}: must be a state of version {VERSION}, got {got}: "
        "terraform state pull writes one"
    )


def _other_providers(state: Mapping[str, object]) -> list[str]:
    found = {
        match.group(1)
        for resource in _resources(state)
        for match in _PROVIDER.finditer(str(resource.get("provider")))
    }
    return sorted(found - _KNOWN)


def _resources(state: Mapping[str, object]) -> Sequence[Mapping[str, object]]:
    return cast("Sequence[Mapping[str, object]]", state.get("resources") or ())
