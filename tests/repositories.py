"""
Git repositories that tests make.
"""

import subprocess
from pathlib import Path

IDENTITY = ("-c", "user.name=a", "-c", "user.email=a@example.com")


def git(folder: Path, *arguments: str) -> str:
    """
    Run Git in a folder, under a made-up name, and return what it says.
    """
    command = ["git", *IDENTITY, *arguments]
    done = subprocess.run(
        command,
        cwd=folder,
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout
