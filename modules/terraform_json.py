"""
JSON values as Terraform expressions.
"""

import json
import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import cast

# How cdktf writes a reference into a string until it resolves it.
TOKEN_PATTERN = re.compile(r"(\$\{TfToken\[[^\]]+\]\})")
# The escapes of HCL's quoted strings; JSON's \b and \f are not among them.
ESCAPES = {
    **{code: f"\\u{code:04x}" for code in range(0x20)},
    ord("\n"): "\\n",
    ord("\r"): "\\r",
    ord("\t"): "\\t",
    ord('"'): '\\"',
    ord("\\"): "\\\\",
}


def render_jsonencode(value: object) -> str:
    """
    Return `${jsonencode(…)}` around the value written as a Terraform expression.

    `Fn.jsonencode` of cdktf 0.21 leaves quotes, backslashes and `%{` inside strings as
    they are and drops nulls (docs/gotchas.md); here every literal is escaped, and
    tokens stay references.

    Args:
        value: a JSON value; its strings may hold cdktf tokens.

    Raises:
        TypeError: the value holds something that JSON has no form for, such as a set or
            a key that is no text.
        ValueError: the value holds a number that JSON has no form for, such as NaN.

    Source of the escapes:
        https://developer.hashicorp.com/terraform/language/expressions/strings
    """
    return f"${{jsonencode({_expression(value)})}}"


def template_literal(text: str) -> str:
    """
    Escape text for a place where Terraform reads a template.
    """
    return text.replace("${", "$${").replace("%{", "%%{")


def _expression(value: object) -> str:
    if isinstance(value, str):
        return _quoted(value)
    if isinstance(value, Mapping):
        members = cast("Mapping[object, object]", value).items()
        return (
            "{" + ", ".join(f"{_key(k)} = {_expression(v)}" for k, v in members) + "}"
        )
    if isinstance(value, Sequence) and not isinstance(value, bytes | bytearray):
        items = cast("Sequence[object]", value)
        return "[" + ", ".join(map(_expression, items)) + "]"
    return json.dumps(value, allow_nan=False)


def _key(key: object) -> str:
    if not isinstance(key, str):
        msg = f"keys must be text, got {key!r}"
        raise TypeError(msg)
    return _quoted(key)


# One app holds the same document and policies many times, and most of their texts.
@lru_cache(maxsize=8192)
def _quoted(text: str) -> str:
    parts = TOKEN_PATTERN.split(text)
    parts[::2] = [template_literal(part.translate(ESCAPES)) for part in parts[::2]]
    # A dollar sign before a reference would make Terraform read it as text.
    parts[:-1:2] = [re.sub(r"\$$", r"\\u0024", part) for part in parts[:-1:2]]
    return '"' + "".join(parts) + '"'
