"""
Install the other ways to write the app, each into a folder of its own.
"""

import hashlib
import shutil
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from bench.measurement import measure

PROJECT = Path(__file__).parent.parent
EQUAL_APPS = Path(__file__).parent / "equal_apps"
INSTALLED_MARK = ".installed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Peer:
    """
    One app that defines what our dev stack defines.

    Attributes:
        name: its folder in bench/equal_apps.
        install_seconds: how long its installation takes on two cores.
        sources: the files that are copied beside its packages.
        commands: what installs the packages, run in the peer's folder.
        program: what runs the app, run anywhere; `{folder}` is the peer's folder.
    """

    name: str
    install_seconds: int
    sources: tuple[Path, ...]
    commands: tuple[tuple[str, ...], ...]
    program: tuple[str, ...]

    def source(self, name: str) -> Path:
        """
        Return the file of the app that has this name.
        """
        return EQUAL_APPS / self.name / name

    def command(self, folder: Path, inputs: Path, output: Path) -> tuple[str, ...]:
        """
        Return the command that synthesises the app of a peer installed in *folder*.
        """
        program = [part.format(folder=folder) for part in self.program]
        return (*program, str(inputs), str(output))


CDKTF_JAVASCRIPT = Peer(
    name="cdktf_javascript",
    install_seconds=30,
    sources=(
        *(
            EQUAL_APPS / "cdktf_javascript" / name
            for name in ("main.js", "package.json", "package-lock.json")
        ),
        PROJECT / ".npmrc",
    ),
    commands=(("npm", "ci", "--no-progress"),),
    program=("node", "{folder}/main.js"),
)
AWS_CDK_PYTHON = Peer(
    name="aws_cdk_python",
    install_seconds=60,
    sources=tuple(
        EQUAL_APPS / "aws_cdk_python" / name for name in ("app.py", "requirements.txt")
    ),
    commands=(
        (sys.executable, "-m", "venv", "venv"),
        (
            *("venv/bin/python", "-m", "pip", "install", "--no-deps", "--quiet"),
            *("--disable-pip-version-check", "--requirement", "requirements.txt"),
        ),
    ),
    program=("{folder}/venv/bin/python", "{folder}/app.py"),
)


def is_installed(peer: Peer, folder: Path) -> bool:
    mark = folder / INSTALLED_MARK
    return mark.is_file() and mark.read_text(encoding="ascii") == _digest(peer)


def install(peer: Peer, folder: Path, *, environ: Mapping[str, str]) -> None:
    """
    Put the app and its packages into *folder*; what lay there before is removed.

    Args:
        peer: the app.
        folder: where it goes.
        environ: all environment variables of the installers.

    Raises:
        ConfigError: an installer failed.
    """
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for source in peer.sources:
        shutil.copy(source, folder)
    for command in peer.commands:
        measure(
            command,
            label=" ".join(command),
            directory=folder,
            environ=environ,
            log=folder / "install.log",
        )
    (folder / INSTALLED_MARK).write_text(_digest(peer), encoding="ascii")


def _digest(peer: Peer) -> str:
    """
    Return a hash of all that an installation is made from.
    """
    digest = hashlib.sha256(repr((peer.commands, sys.version)).encode())
    for source in peer.sources:
        digest.update(source.read_bytes())
    return digest.hexdigest()
