import os
import subprocess
import sys
from pathlib import Path

import pytest

PROJECT = Path(__file__).parent.parent

# Tells which processes of Node's there are when jsii is imported, and in the end.
PROGRAM = """
import os, sys
import bindings

def nodes():
    found = []
    for process in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{process}/stat") as file:
                name, rest = file.read().rsplit(")", 1)
        except OSError:
            continue
        state, parent = rest.split()[:2]
        if int(parent) == os.getpid() and state != "Z" and name.endswith("(node"):
            found.append(int(process))
    return found

class Watch:
    def find_spec(self, name, path, target=None):
        if name == "jsii":
            print(*nodes(), flush=True)
            if "change" in sys.argv:
                os.environ["CHANGED"] = "1"

sys.meta_path.insert(0, Watch())
bindings.activate(submodules=["s3_bucket"], ahead=True)
if "mistake" in sys.argv:
    sys.exit(3)

import cdktf
stack = cdktf.TerraformStack(cdktf.Testing.app(), "test")
cdktf.TerraformOutput(stack, "Out", value="x")
assert '"value": "x"' in cdktf.Testing.synth(stack)
print(*nodes())
"""

pytestmark = pytest.mark.skipif(
    not Path("/proc/self/stat").is_file(), reason="processes are counted in /proc"
)


def run(*arguments: str, **environ: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", PROGRAM, *arguments],
        cwd=PROJECT,
        env={
            **os.environ,
            "JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION": "20",
            **environ,
        },
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def test_jsii_gets_the_process_that_runs() -> None:
    """
    Node is started once, before jsii is imported.
    """
    result = run()
    before, after = result.stdout.splitlines()

    assert (0, "") == (result.returncode, result.stderr)
    assert before == after
    assert 1 == len(after.split())


def test_another_environment_gets_another_process() -> None:
    """
    A program may still change what Node sees; the process that runs already ends.
    """
    result = run("change")
    before, after = result.stdout.splitlines()

    assert (0, "") == (result.returncode, result.stderr)
    assert before != after
    assert 1 == len(after.split())


def test_a_program_that_needs_no_kernel_leaves_none() -> None:
    """
    Whoever finds a mistake in its input ends, and Node with it.
    """
    result = run("mistake")

    assert (3, "") == (result.returncode, result.stderr)
    assert not Path("/proc", result.stdout.strip()).exists()


@pytest.mark.parametrize("level", ["lazy", "slim"])
def test_public_means_leave_the_start_to_jsii(level: str) -> None:
    """
    Only at the guarded level does Node start before jsii asks for it.
    """
    result = run(GATEWAY_BINDINGS=level)
    before, after = result.stdout.splitlines()

    assert (0, "", "") == (result.returncode, result.stderr, before)
    assert 1 == len(after.split())


def test_fails_as_jsii_does_without_node() -> None:
    """
    A Node that is not there is jsii's own error.
    """
    result = run(JSII_NODE="no-such-node")

    assert 1 == result.returncode
    assert "No such file or directory: 'no-such-node'" in result.stderr
