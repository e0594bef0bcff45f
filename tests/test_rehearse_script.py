"""
What `scripts/rehearse` promises, asked of the command itself.
"""

import hashlib
import json
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from rehearsal.command import FIRST_LINE
from tests.rehearsal.rehearsing import errors_of
from tests.repositories import git
from tests.terraform import terraform_environ

PROJECT = Path(__file__).parent.parent


@dataclass(frozen=True, slots=True)
class Clone:
    """
    The project in a repository of its own, and a folder for what programs leave.
    """

    folder: Path
    temporary: Path

    def git(self, *arguments: str) -> str:
        return git(self.folder, *arguments)

    def environ(self) -> dict[str, str]:
        return {**terraform_environ(), "TMPDIR": str(self.temporary)}

    def run(
        self, *arguments: str, cwd: Path | None = None
    ) -> subprocess.CompletedProcess[str]:
        done = subprocess.run(
            [str(self.folder / "scripts/rehearse"), *arguments],
            cwd=cwd or self.folder,
            env=self.environ(),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )
        assert [] == list(self.temporary.iterdir())
        return done

    def traces(self) -> dict[str, object]:
        """
        Return what a rehearsal leaves as it was.
        """
        files = [path for path in (self.folder / ".git").rglob("*") if path.is_file()]
        return {
            "git": {str(path): path.read_bytes() for path in files},
            "status": self.git("status", "--porcelain"),
            "worktrees": self.git("worktree", "list"),
            "entries": sorted(path.name for path in self.folder.iterdir()),
        }


@pytest.fixture(name="clone")
def _clone(tmp_path: Path) -> Iterator[Clone]:
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(
        command,
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=True,
    )
    folder = tmp_path / "clone"
    for name in listed.stdout.splitlines():
        if (PROJECT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(PROJECT / name, folder / name)
    for name in (".venv", ".tools"):
        if (PROJECT / name).exists():
            (folder / name).symlink_to(PROJECT / name)
    with tempfile.TemporaryDirectory(prefix="r", dir="/tmp") as temporary:
        clone = Clone(folder, Path(temporary))
        (folder / ".gitignore").write_text("__pycache__/\n.venv\n.tools\n")
        clone.git("init", "--quiet", "--initial-branch=main")
        clone.git("add", "--all")
        clone.git("commit", "--quiet", "--message=a")
        yield clone


def change(file: Path, before: str, after: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert before in text
    file.write_text(text.replace(before, after), encoding="utf-8")


@pytest.mark.terraform
def test_plans_what_the_working_tree_changes(clone: Clone) -> None:
    """Each environment has its plan; nothing else of the project changes."""
    file = clone.folder / "environments/prod.toml"
    change(file, "xray_tracing = true", 'xray_tracing = true\nstage_name = "live"')
    before = clone.traces()

    done = clone.run("prod", "dev", "--base", "HEAD", "--json", "plans.json")

    assert 0 == done.returncode, errors_of(done)
    assert FIRST_LINE == done.stdout.splitlines()[0]
    assert "\nprod: planned on top of HEAD\n" in done.stdout
    assert "aws_api_gateway_stage.RestApi_Stage" in done.stdout
    assert "because of stage_name" in done.stdout
    assert "\n  order of the replacements\n" in done.stdout
    assert "\ndev: no changes\n" in done.stdout
    plans = json.loads((clone.folder / "plans.json").read_text())
    assert ["prod", "dev"] == list(plans)
    assert {"aws_api_gateway_method_settings", "aws_api_gateway_stage"} == {
        change["type"]
        for change in plans["prod"]["resource_changes"]
        if len(change["change"]["actions"]) > 1
    }
    (clone.folder / "plans.json").unlink()
    assert before == clone.traces()


@pytest.mark.terraform
def test_plans_an_environment_that_the_base_does_not_have(clone: Clone) -> None:
    """What is new starts from nothing."""
    environments = clone.folder / "environments"
    shutil.copy(environments / "dev.toml", environments / "test.toml")
    change(environments / "test.toml", "dev", "test")

    done = clone.run("test", "--base", "HEAD")

    assert 0 == done.returncode, errors_of(done)
    assert " to add, 0 to change, 0 to replace, 0 to destroy\n" in done.stdout


@pytest.mark.terraform
@pytest.mark.parametrize(
    ("fixtures", "arguments", "said"),
    [
        (
            '[states."*".outputs]\n',
            (),
            "The output nlb_arn of the S3 state s3://example-terraform-states/network/",
        ),
        (
            '[data_sources.aws_lb."*"]\ninternal = false\n',
            (),
            "must be internal: an internet-facing",
        ),
        ("", ("--account", "999999999999"), "999999999999"),
    ],
)
def test_tells_what_the_real_engine_refuses(
    clone: Clone, fixtures: str, arguments: tuple[str, ...], said: str
) -> None:
    """The contract of the network and the account guard are Terraform's to keep."""
    (clone.folder / "fixtures.toml").write_text(fixtures)

    done = clone.run("dev", "--fixtures", "fixtures.toml", *arguments)

    assert 1 == done.returncode
    assert errors_of(done).startswith("error: dev: planning: Terraform says:\n")
    assert said in " ".join(errors_of(done).replace("│", " ").split())


@pytest.mark.terraform
def test_tells_every_problem_of_the_environments(clone: Clone) -> None:
    """As a synth does: one line each."""
    change(clone.folder / "environments/dev.toml", "8080", "99999")
    change(clone.folder / "environments/prod.toml", '"eu-west-1"', '"mars"')

    done = clone.run("dev", "prod")

    lines = errors_of(done).splitlines()
    assert 1 == done.returncode
    assert "" == done.stdout
    assert [
        "error: environments/dev.toml: service.port",
        "error: environments/prod.toml: region",
    ] == [line[: line.index(":", line.index(".toml: ") + 7)] for line in lines][:2]


@pytest.mark.terraform
def test_tells_which_side_has_a_problem(clone: Clone) -> None:
    """A base that can't be synthesised is named, once for all environments."""
    dev = clone.folder / "environments/dev.toml"
    change(dev, "8080", "99999")
    clone.git("commit", "--quiet", "--all", "--message=b")
    change(dev, "99999", "8080")

    done = clone.run("dev", "prod", "--base", "HEAD")

    assert 1 == done.returncode
    assert (
        "error: HEAD: environments/dev.toml: service.port: must be less than or equal "
        "to 65535, got 99999\n"
    ) == errors_of(done)


@pytest.mark.terraform
def test_takes_files_and_folders_as_the_caller_sees_them(
    clone: Clone, tmp_path: Path
) -> None:
    """Paths are relative to where the caller is."""
    shutil.copytree(clone.folder / "tests/fixtures/orders", tmp_path / "orders")

    done = clone.run("./orders/orders.toml", "--validate", cwd=tmp_path)

    assert (0, "") == (done.returncode, errors_of(done))
    assert (
        "\norders: validated\n\nSuccess! The configuration is valid.\n" in done.stdout
    )


@pytest.mark.terraform
@pytest.mark.parametrize("wait", [0.4, 1.0])
def test_leaves_nothing_when_it_is_stopped(clone: Clone, wait: float) -> None:
    """Ctrl-C in a synth ends it, with its Node and its scratch folder."""
    before = clone.traces()
    process = subprocess.Popen(
        [str(clone.folder / "scripts/rehearse"), "prod", "--base", "HEAD"],
        cwd=clone.folder,
        env=clone.environ(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    deadline = time.monotonic() + 30
    while not list(clone.temporary.iterdir()) and time.monotonic() < deadline:
        time.sleep(0.02)
    time.sleep(wait)

    process.send_signal(signal.SIGINT)
    process.communicate(timeout=60)

    assert 130 == process.returncode
    assert [] == list(clone.temporary.iterdir())
    assert before == clone.traces()


@pytest.mark.terraform
@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        ((), "the following arguments are required: ENVIRONMENT"),
        (("dev", "--nope"), "unrecognized arguments: --nope"),
        (("dev,prod",), "an environment's name or path holds no comma, got dev,prod"),
        (
            ("dev", "prod", "--state", "x"),
            "--state is of one configuration, got several",
        ),
        (
            ("dev", "--base-site", "x"),
            "--base-site is the site of a base: --base is missing",
        ),
    ],
)
def test_fails_when_misused(
    clone: Clone, arguments: tuple[str, ...], problem: str
) -> None:
    """Wrong usage is one line, where to read on, and exit status 2."""
    done = clone.run(*arguments)

    assert (2, "") == (done.returncode, done.stdout)
    assert f"error: {problem}\ntry: scripts/rehearse --help\n" == errors_of(done)


@pytest.mark.terraform
@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        (
            ("nowhere",),
            (
                "GATEWAY_ENVIRONMENTS: must name environments (dev, local, prod) or "
                "paths of environment files, got 'nowhere'"
            ),
        ),
        (
            ("dev", "--base", "nowhere"),
            (
                "--base: must name a commit of HERE, got 'nowhere': git log lists "
                "them, and a shallow clone has few"
            ),
        ),
    ],
)
def test_fails_when_a_name_is_unknown(
    clone: Clone, arguments: tuple[str, ...], problem: str
) -> None:
    """What is known is told."""
    done = clone.run(*arguments)

    assert 1 == done.returncode
    assert f"error: {problem}\n" == errors_of(done).replace(str(clone.folder), "HERE")


def test_explains_itself(tmp_path: Path) -> None:
    """--help needs nothing installed and installs nothing."""
    shutil.copytree(PROJECT / "scripts", tmp_path / "scripts")

    done = subprocess.run(
        [str(tmp_path / "scripts/rehearse"), "--help"],
        capture_output=True,
        text=True,
        check=False,
    )

    assert (0, "") == (done.returncode, errors_of(done))
    assert done.stdout.startswith("usage: scripts/rehearse")
    assert ["scripts"] == [path.name for path in tmp_path.iterdir()]


def _install(folder: Path, environ: Mapping[str, str]) -> str:
    script = "source scripts/toolchain.bash && use_packages_of_base old .tools/base"
    command = ["bash", "-c", script]
    done = subprocess.run(
        command,
        cwd=folder,
        env=environ,
        capture_output=True,
        text=True,
        check=True,
    )
    return errors_of(done)


def test_installs_the_packages_of_a_base_once(tmp_path: Path) -> None:
    """Another Pipfile.lock gets an environment of its own, which stays."""
    shutil.copytree(PROJECT / "scripts", tmp_path / "scripts")
    requirement = next(
        line.partition("=")[2]
        for line in (tmp_path / "scripts/toolchain.bash").read_text().splitlines()
        if line.startswith("PIPENV_REQUIREMENT=")
    )
    tools = tmp_path / ".tools"
    (tools / "bin").mkdir(parents=True)
    (tools / "installed-pipenv").write_text(f"{requirement}\n")
    (tools / "bin/python").write_text(
        '#!/usr/bin/env bash\necho "$* $PIPENV_PIPFILE" >>calls\n'
        "[[ $2 != virtualenv ]] || "
        '{ mkdir -p "$4/bin"; cp /bin/true "$4/bin/python"; }\n'
    )
    (tools / "bin/python").chmod(0o755)
    (tmp_path / "old").mkdir()
    for name in ("Pipfile", "Pipfile.lock"):
        (tmp_path / "old" / name).write_text(name)

    first = _install(tmp_path, os.environ)
    again = _install(tmp_path, os.environ)

    assert "installing the base's Python packages (about 0.5 GB)" in first
    assert "" == again
    assert [
        "-m virtualenv --quiet .tools/base/.venv ",
        f"-m pipenv sync {tmp_path}/.tools/base/Pipfile",
    ] == (tmp_path / "calls").read_text().splitlines()
    digest = hashlib.sha256(b"Pipfile.lock").hexdigest()
    copied = (tools / "base/Pipfile.lock").read_bytes()
    assert digest == hashlib.sha256(copied).hexdigest()
