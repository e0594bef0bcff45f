"""
The program as people run it.
"""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from main import build_app
from modules.gateway import load_gateways

PROJECT = Path(__file__).parent.parent


def run_main(environ: dict[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "main.py"],
        cwd=PROJECT,
        env=environ,
        capture_output=True,
        text=True,
        check=False,
    )


def test_build_app(tmp_path: Path) -> None:
    """Each environment is a stack with its own name."""
    gateways = load_gateways({"GATEWAY_ENVIRONMENTS": "local, dev"})
    build_app(gateways, outdir=str(tmp_path)).synth()
    manifest = json.loads((tmp_path / "manifest.json").read_text())

    assert sorted(manifest["stacks"]) == ["dev", "local"]


def test_state_paths_follow_the_output_folder(tmp_path: Path) -> None:
    """A state path leads from the stack's folder to the file, wherever that is."""
    gateways = load_gateways({"GATEWAY_ENVIRONMENTS": "local"})
    build_app(gateways, outdir=str(tmp_path)).synth()
    stack = tmp_path / "stacks/local"
    config = json.loads((stack / "cdk.tf.json").read_text())
    own = config["terraform"]["backend"]["local"]["path"]

    assert (stack / own).resolve() == PROJECT / ".gateway/local.tfstate"


def test_who_may_call_is_noted(tmp_path: Path) -> None:
    """The configuration says who may call what, for people and tools."""
    gateways = load_gateways({"GATEWAY_ENVIRONMENTS": "local"})
    build_app(gateways, outdir=str(tmp_path)).synth()
    config = json.loads((tmp_path / "stacks/local/cdk.tf.json").read_text())

    assert [
        (operation["method"], operation["path"])
        for operation in config["//"]["gateway"]["operations"]
        if operation["access"] == "user"
    ] == [("POST", "/mysfits/{mysfitId}/like"), ("POST", "/mysfits/{mysfitId}/adopt")]


def test_all_mistakes_are_told_at_once_before_anything_is_loaded() -> None:
    """A mistake is one line on stderr and status 1, without a traceback."""
    result = run_main(
        {
            "GATEWAY_ENVIRONMENTS": "local",
            "GATEWAY__SERVICE__PROT": "1",
            "GATEWAY__REGION": "moon",
        }
    )

    assert result.returncode == 1
    assert result.stdout == ""
    assert result.stderr.splitlines() == [
        (
            "error: GATEWAY__REGION: region: must be an AWS region such as eu-west-1, "
            "got 'moon'"
        ),
        (
            "error: GATEWAY__SERVICE__PROT: service.prot: is not a known key; "
            "did you mean port?"
        ),
    ]


def test_imports_nothing_of_aws_to_tell_a_mistake() -> None:
    """Reading and checking load no bindings."""
    code = (
        "import sys, main; from modules.gateway import load_gateways; "
        "load_gateways({}); "
        "sys.exit(any(name.startswith(('cdktf', 'jsii')) for name in sys.modules))"
    )

    assert (
        subprocess.run(
            [sys.executable, "-c", code], cwd=PROJECT, check=False
        ).returncode
        == 0
    )


def test_bindings_have_one_import_point() -> None:
    """Only `modules/aws.py` imports the AWS bindings."""
    sources = [PROJECT / "main.py", *(PROJECT / "modules").glob("*.py")]

    assert ["aws.py"] == [
        source.name
        for source in sources
        if "cdktf_cdktf_provider_aws" in source.read_text(encoding="utf-8")
    ]


@pytest.mark.parametrize("source", sorted((PROJECT / "modules").glob("*.py")), ids=str)
def test_constructs_read_no_environment(source: Path) -> None:
    """No module reads the process's environment: values are handed in."""
    text, *_ = source.read_text(encoding="utf-8").split('if __name__ == "__main__":')

    assert "os.environ" not in text
