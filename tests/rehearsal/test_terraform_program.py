"""
The Terraform that is found, and what it is run with.
"""

from pathlib import Path

import pytest

from rehearsal.engine.children import Children
from rehearsal.engine.terraform import clean_environment, find_terraform
from rehearsal.errors import RehearsalError

INSTALL = "install it from https://developer.hashicorp.com/terraform/install"
NEEDED = "Terraform 1.11.0 or newer is needed"


def add_terraform(folder: Path, says: str) -> Path:
    folder.mkdir(exist_ok=True)
    program = folder / "terraform"
    program.write_text(f"#!/bin/sh\necho '{says}'\n")
    program.chmod(0o755)
    return program


def test_takes_the_terraform_on_path(tmp_path: Path) -> None:
    """The first on PATH counts when it is new enough."""
    program = add_terraform(tmp_path, "Terraform v1.11.0")

    found = find_terraform({"PATH": str(tmp_path)}, children=Children())

    assert (str(program), "1.11.0") == (found.command, found.version)


def test_takes_the_terraform_that_is_named(tmp_path: Path) -> None:
    """TERRAFORM_BINARY_NAME goes before PATH, a prerelease counts as its release."""
    add_terraform(tmp_path / "path", "Terraform v1.11.0")
    named = add_terraform(tmp_path / "own", "Terraform v1.15.0-beta1")
    environ = {"PATH": str(tmp_path / "path"), "TERRAFORM_BINARY_NAME": str(named)}

    assert "1.15.0" == find_terraform(environ, children=Children()).version


def test_falls_back_where_path_has_an_old_one(tmp_path: Path) -> None:
    """The project's own Terraform stands in."""
    add_terraform(tmp_path / "path", "Terraform v1.5.7")
    also = add_terraform(tmp_path / "own", "Terraform v1.15.5")

    found = find_terraform(
        {"PATH": str(tmp_path / "path")}, children=Children(), also=also
    )

    assert str(also) == found.command


@pytest.mark.parametrize(
    ("says", "got"),
    [
        ("Terraform v1.10.9", "1.10.9"),
        ("OpenTofu v1.12.0", "another program"),
        ("", "another program"),
    ],
)
def test_fails_when_terraform_does_not_fit(tmp_path: Path, says: str, got: str) -> None:
    """An old one, or another program of that name, is named."""
    program = add_terraform(tmp_path, says)

    with pytest.raises(RehearsalError) as raised:
        find_terraform({"PATH": str(tmp_path)}, children=Children())

    assert (f"{NEEDED}, found {program} {got}: {INSTALL}",) == raised.value.problems


@pytest.mark.parametrize(
    ("named", "problem"),
    [
        ({}, f"{NEEDED}, found none called terraform: {INSTALL}"),
        (
            {"TERRAFORM_BINARY_NAME": "/nowhere/tf"},
            (
                f"TERRAFORM_BINARY_NAME: {NEEDED}, found none called /nowhere/tf: "
                f"{INSTALL}"
            ),
        ),
    ],
)
def test_fails_when_there_is_no_terraform(
    tmp_path: Path, named: dict[str, str], problem: str
) -> None:
    """What was looked for is told, with the remedy."""
    with pytest.raises(RehearsalError) as raised:
        find_terraform({"PATH": str(tmp_path), **named}, children=Children())

    assert (problem,) == raised.value.problems


def test_takes_nothing_real_along(tmp_path: Path) -> None:
    """No credentials, settings of Terraform or proxies; variables of it are kept."""
    environ = {
        "PATH": "/bin",
        "HOME": "/home/a",
        "AWS_PROFILE": "prod",
        "AWS_SECRET_ACCESS_KEY": "x",
        "TF_CLI_ARGS": "-var=a=b",
        "TF_CLI_CONFIG_FILE": "/nowhere",
        "TF_WORKSPACE": "prod",
        "TF_VAR_name": "kept",
        "https_proxy": "http://proxy",
    }

    assert {
        "PATH": "/bin",
        "HOME": "/home/a",
        "TF_VAR_name": "kept",
        "AWS_CONFIG_FILE": "/dev/null",
        "AWS_SHARED_CREDENTIALS_FILE": "/dev/null",
        "AWS_EC2_METADATA_DISABLED": "true",
        "CHECKPOINT_DISABLE": "1",
        "HTTP_PROXY": "http://127.0.0.1:9",
        "HTTPS_PROXY": "http://127.0.0.1:9",
        "NO_PROXY": "127.0.0.1",
        "TF_CLI_CONFIG_FILE": f"{tmp_path}/terraformrc",
        "TF_IN_AUTOMATION": "1",
        "TMPDIR": str(tmp_path),
        "EXTRA": "x",
    } == clean_environment(environ, scratch=tmp_path, extra={"EXTRA": "x"})
    assert b"" == (tmp_path / "terraformrc").read_bytes()
