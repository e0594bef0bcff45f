"""
Terraform expressions around references, as cdktf leaves them alone.
"""

import re
from functools import cache
from typing import cast

import cdktf
from constructs import Construct

from modules.terraform_json import TOKEN_PATTERN, render_jsonencode


def jsonencode(scope: Construct, value: object) -> str:
    """
    Return `${jsonencode(…)}` of a JSON value whose strings may hold references.
    """
    return plain_references(scope, render_jsonencode(value))


def sha1_of_json(scope: Construct, value: object) -> str:
    """
    Return `${sha1(jsonencode(…))}` of a JSON value whose strings may hold references.
    """
    inner = jsonencode(scope, value).removeprefix("${").removesuffix("}")
    return f"${{sha1({inner})}}"


def plain_references(scope: Construct, text: str) -> str:
    """
    Return the text with each token in it written out, as in `${aws_lb.nlb.arn}`.

    cdktf decides by counting braces whether a token inside an expression gets its own
    `${…}`, and is wrong wherever a literal holds a brace (docs/gotchas.md).

    Args:
        scope: the construct that the text belongs to.
        text: an expression or a template; its tokens stand where a template is read.
    """
    tokens = sorted(set(re.findall(TOKEN_PATTERN, text)))
    written = dict(zip(tokens, _written_out(scope, tokens), strict=True))
    return re.sub(TOKEN_PATTERN, lambda match: written[match.group()], text)


def address_of(element: cdktf.TerraformDataSource | cdktf.TerraformRemoteState) -> str:
    """
    Return the address of a data source, as it is written inside an expression.
    """
    is_state = isinstance(element, cdktf.TerraformRemoteState)
    kind = "terraform_remote_state" if is_state else element.terraform_resource_type
    return f"data.{kind}.{element.friendly_unique_id}"


def _written_out(scope: Construct, tokens: list[str]) -> list[str]:
    if not tokens:
        return []
    return [
        str(text)
        for text in cdktf.Tokenization.resolve(
            tokens, scope=scope, preparing=False, resolver=_resolver()
        )
    ]


@cache
def _resolver() -> cdktf.ITokenResolver:
    # The class and the protocol of one package name an argument differently.
    resolver = cdktf.DefaultTokenResolver(cdktf.StringConcat())
    return cast("cdktf.ITokenResolver", resolver)
