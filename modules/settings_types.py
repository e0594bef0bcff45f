"""
Types that the sections of an environment file are made of.
"""

import difflib
import os
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Annotated, cast

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    ValidationInfo,
    field_validator,
)

from modules.regions import REGION_PATTERN


class Section(BaseModel):
    """
    A table of an environment file: strict types, no unknown keys, never changed.
    """

    model_config = ConfigDict(
        allow_inf_nan=False,
        extra="forbid",
        frozen=True,
        strict=True,
    )

    @field_validator("*")
    @classmethod
    def _has_no_template(cls, value: object) -> object:
        if any("${" in text or "%{" in text for text in _texts_in(value)):
            msg = "must not contain ${ or %{: Terraform would read a template"
            raise ValueError(msg)
        return value


def _texts_in(value: object) -> Iterator[str]:
    """
    Yield a text, a path, or the texts of a list or a table.
    """
    if isinstance(value, str | Path):
        yield str(value)
    elif isinstance(value, tuple | Mapping):
        members = cast("Mapping[object, object] | tuple[object, ...]", value)
        yield from (text for text in members if isinstance(text, str))
        if isinstance(members, Mapping):
            yield from (text for text in members.values() if isinstance(text, str))


def nearest_name(name: str, known: Sequence[str]) -> str | None:
    """
    Return the known name that a misspelt one most likely means.
    """
    return next(iter(difflib.get_close_matches(name, known, n=1, cutoff=0.5)), None)


def matching(pattern: str, rule: str) -> AfterValidator:
    """
    Return a validator that refuses text which is not *rule*, a pattern in words.

    Character classes mean ASCII, as they do in AWS's own patterns.
    """
    compiled = re.compile(pattern, re.ASCII)

    def check(text: str) -> str:
        if not compiled.fullmatch(text):
            msg = f"must be {rule}"
            raise ValueError(msg)
        return text

    return AfterValidator(check)


def _from_environment_file(value: object, context: ValidationInfo) -> object:
    if not isinstance(value, str):
        return value
    if not value.isprintable() or not value:
        msg = "must be a path relative to the environment file"
        raise ValueError(msg)
    given = cast("Mapping[str, Path]", context.context or {})
    directory = given.get("directory", Path())
    return Path(os.path.normpath(directory / value))


EnvironmentPath = Annotated[Path, BeforeValidator(_from_environment_file)]
Region = Annotated[
    str, matching(REGION_PATTERN.pattern, "an AWS region such as eu-west-1")
]
AccountId = Annotated[str, matching(r"\d{12}", "an AWS account id of 12 digits")]
# https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html
BucketName = Annotated[
    str,
    matching(
        r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]",
        "a bucket's name of 3 to 63 lower-case letters, digits, dots and hyphens",
    ),
]
StateKey = Annotated[
    str, matching(r"[^/\s][^\s]*", "a state's object key such as network/prod.tfstate")
]
OutputName = Annotated[
    str, matching(r"[A-Za-z_][A-Za-z0-9_-]*", "the name of a Terraform output")
]
# https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_LoadBalancer.html
NlbArn = Annotated[
    str,
    matching(
        r"arn:[a-z-]+:elasticloadbalancing:[a-z0-9-]+:\d{12}:loadbalancer/net/[^/]+/\w+",
        "the ARN of a network load balancer "
        "(arn:aws:elasticloadbalancing:REGION:ACCOUNT:loadbalancer/net/NAME/ID)",
    ),
]
RoleArn = Annotated[
    str,
    matching(r"arn:[a-z-]+:iam::\d{12}:role/.+", "the ARN of an IAM role"),
]
CertificateArn = Annotated[
    str,
    matching(
        r"arn:[a-z-]+:acm:[a-z0-9-]+:\d{12}:certificate/[A-Za-z0-9-]+",
        "the ARN of an ACM certificate (arn:aws:acm:REGION:ACCOUNT:certificate/ID)",
    ),
]
DomainName = Annotated[
    str,
    matching(
        r"(?=.{4,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}",
        "a host name in lower case such as www.example.com",
    ),
]
Host = Annotated[
    str, matching(r"[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?", "a host name")
]
# Plain HTTP would carry tokens in the clear anywhere but on this machine.
# A placeholder stands in the first label: no CSP source has a wildcard further right.
_LABELS = r"(?:[a-z0-9_-]|\{[a-z_]+\})+(?:\.[a-z0-9_-]+)*"
_ORIGIN = (
    rf"(?:https://{_LABELS}"
    r"|http://(?:127\.0\.0\.1|\[::1\]|localhost|"
    rf"{_LABELS}\.localhost))(?::\d{{1,5}})?"
)
Origin = Annotated[
    str,
    matching(
        _ORIGIN,
        "an origin without a path: https://HOST[:PORT], or http:// on "
        "127.0.0.1, [::1] or localhost",
    ),
]
EndpointUrl = Annotated[
    str,
    matching(
        _ORIGIN + r"(?:/(?:[A-Za-z0-9._~-]|\{[a-z_]+\})+)*",
        "an URL without a slash at its end: https://HOST[:PORT][/PATH], or http:// on "
        "127.0.0.1, [::1] or localhost",
    ),
]
HttpsOrigin = Annotated[
    str,
    matching(
        r"https://(?:\*\.)?[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?(?::\d{1,5})?",
        "an origin such as https://images.example.com, without a path",
    ),
]
# https://docs.aws.amazon.com/tag-editor/latest/userguide/best-practices-and-strats.html
TagKey = Annotated[
    str,
    matching(
        r"(?![Aa][Ww][Ss]:).{1,128}",
        "a tag's key of 1 to 128 characters that does not begin with aws:",
    ),
]
TagValue = Annotated[str, matching(r".{0,256}", "a tag's value of 256 characters")]
