"""
Run programs for whom the modes of files count: to root, all is readable and writable.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

PROJECT = Path(__file__).parent.parent
CAPABILITIES = "-dac_override,-dac_read_search"


def unprivileged() -> list[str]:
    """
    Return what to write before a command, nothing unless root runs the tests.

    The test is skipped where root cannot give up what lets it pass by modes.
    """
    if os.geteuid() != 0:
        return []
    options = [f"--bounding-set={CAPABILITIES}", f"--inh-caps={CAPABILITIES}"]
    command = [shutil.which("setpriv") or "", *options]
    if not command[0] or subprocess.run([*command, "true"], check=False).returncode:
        pytest.skip("root cannot give up its rights here")
    return command


def run_unprivileged(code: str, *arguments: str | Path) -> str:
    """
    Return what a Python program prints, run in the project.
    """
    command = [*unprivileged(), sys.executable, "-c", code, *arguments]
    return subprocess.run(
        command, cwd=PROJECT, capture_output=True, text=True, check=True
    ).stdout
