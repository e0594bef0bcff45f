"""
Find Terraform and run it without anything of the real world around it.
"""

import re
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from rehearsal.engine.children import Children, Completed
from rehearsal.errors import RehearsalError

MINIMUM = (1, 11, 0)
BINARY_VARIABLE = "TERRAFORM_BINARY_NAME"
INSTALL = "install it from https://developer.hashicorp.com/terraform/install"

_VERSION = re.compile(r"Terraform v(\d+)\.(\d+)\.(\d+)")

# Variables of a configuration are the only ones that a rehearsal takes over.
_KEPT_PREFIX = "TF_VAR_"
_DROPPED_PREFIXES = ("AWS_", "TF_")
_PROXIES = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY")
# A port that nothing listens on: what Terraform asks of the network fails at once.
_NOWHERE = "http://127.0.0.1:9"


@dataclass(frozen=True, slots=True, kw_only=True)
class Terraform:
    """
    A Terraform that is new enough.

    Args:
        command: its path.
        version: what it says of itself.
        children: the programs that run now.
    """

    command: str
    version: str
    children: Children

    def run(self, *arguments: str, cwd: Path, environ: Mapping[str, str]) -> Completed:
        """
        Run one of its commands to the end.
        """
        return self.children.run(
            [self.command, *arguments], cwd=cwd, environ=environ, gently=True
        )


def find_terraform(
    environ: Mapping[str, str], *, children: Children, also: Path | None = None
) -> Terraform:
    """
    Find the Terraform that `TERRAFORM_BINARY_NAME` names, else the one on PATH.

    Args:
        environ: the variables.
        children: the programs that run now.
        also: a command to fall back on, where PATH has none that fits. Defaults to
            none.

    Raises:
        RehearsalError: there is none, or it is too old.
    """
    named = environ.get(BINARY_VARIABLE)
    wanted = [named] if named else ["terraform", *([str(also)] if also else [])]
    problems: list[str] = []
    for name in wanted:
        found = shutil.which(name, path=environ.get("PATH"))
        if found is None:
            problems.append(_problem(named, f"found none called {name}"))
            continue
        version = _version_of(found, environ, children)
        if version is None or version < MINIMUM:
            said = "another program" if version is None else _dotted(version)
            problems.append(_problem(named, f"found {found} {said}"))
            continue
        return Terraform(command=found, version=_dotted(version), children=children)
    raise RehearsalError(problems[:1])


def clean_environment(
    environ: Mapping[str, str], *, scratch: Path, extra: Mapping[str, str]
) -> dict[str, str]:
    """
    Return the variables for Terraform: no credentials, settings or ways to a network.

    Args:
        environ: the caller's variables.
        scratch: the folder for temporary files.
        extra: variables to add.
    """
    kept = {
        name: value
        for name, value in environ.items()
        if name.startswith(_KEPT_PREFIX)
        or not (name.startswith(_DROPPED_PREFIXES) or name.upper() in _PROXIES)
    }
    return {
        **kept,
        # https://docs.aws.amazon.com/sdkref/latest/guide/file-location.html
        "AWS_CONFIG_FILE": "/dev/null",
        "AWS_SHARED_CREDENTIALS_FILE": "/dev/null",
        "AWS_EC2_METADATA_DISABLED": "true",
        "CHECKPOINT_DISABLE": "1",
        "HTTP_PROXY": _NOWHERE,
        "HTTPS_PROXY": _NOWHERE,
        "NO_PROXY": "127.0.0.1",
        "TF_CLI_CONFIG_FILE": str(_empty_file(scratch)),
        "TF_IN_AUTOMATION": "1",
        "TMPDIR": str(scratch),
        **extra,
    }


def _empty_file(scratch: Path) -> Path:
    # Terraform would read ~/.terraformrc, which may name another AWS provider.
    file = scratch / "terraformrc"
    file.touch()
    return file


def _version_of(
    command: str, environ: Mapping[str, str], children: Children
) -> tuple[int, int, int] | None:
    quiet = {k: v for k, v in environ.items() if not k.startswith("TF_")}
    try:
        said = children.run(
            [command, "version"],
            cwd=Path.cwd(),
            environ={**quiet, "CHECKPOINT_DISABLE": "1"},
        )
    except OSError:
        return None
    found = _VERSION.match(said.output)
    if found is None:
        return None
    major, minor, patch = found.groups()
    return int(major), int(minor), int(patch)


def _problem(named: str | None, got: str) -> str:
    where = f"{BINARY_VARIABLE}: " if named else ""
    return f"{where}Terraform {_dotted(MINIMUM)} or newer is needed, {got}: {INSTALL}"


def _dotted(version: Sequence[int]) -> str:
    return ".".join(map(str, version))
