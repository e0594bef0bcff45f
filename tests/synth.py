"""
Synthesise a stack in memory and find its parts.
"""

import json
import re
from typing import Any

import cdktf

Config = dict[str, Any]


def new_stack() -> cdktf.TerraformStack:
    """
    Return an empty stack.
    """
    return cdktf.TerraformStack(cdktf.Testing.app(), "test")


def synth(stack: cdktf.TerraformStack) -> Config:
    """
    Return the stack's Terraform configuration.
    """
    return json.loads(cdktf.Testing.synth(stack))


def only(config: Config, kind: str) -> Config:
    """
    Return the one resource or data source of a type.
    """
    parts = config.get("resource", {}).get(kind) or config["data"][kind]
    assert len(parts) == 1, f"expected one {kind}, got {sorted(parts)}"
    return next(iter(parts.values()))


def address(config: Config, kind: str) -> str:
    """
    Return the address of the one resource or data source of a type.
    """
    if kind in config.get("resource", {}):
        (name,) = config["resource"][kind]
        return f"{kind}.{name}"
    (name,) = config["data"][kind]
    return f"data.{kind}.{name}"


def decoded(expression: str) -> Any:  # noqa: ANN401
    """
    Return the JSON value inside `${jsonencode(…)}`, references as they are written.
    """
    inner = expression.removeprefix("${jsonencode(").removesuffix(")}")
    parts = re.split(r'("(?:[^"\\]|\\.)*")', inner)
    parts[::2] = [part.replace(" = ", ": ") for part in parts[::2]]
    return json.loads("".join(parts))
