"""
Programs that use the bindings package: the same output, from less that is loaded.
"""

import json
import os
import subprocess
import sys
import tarfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from bindings.imports import imported_submodules
from bindings.layout import find_bindings
from bindings.node import is_known_kernel, node_variables

PROJECT = Path(__file__).parent.parent
AWS = PROJECT / "modules/aws.py"
LEVELS = ["lazy", "slim", "guarded"]

# Defines a bucket, then a queue, whose submodule is not named beforehand.
PROGRAM = """
import json
import os
import sys

import bindings

before = dict(os.environ)
bindings.activate(submodules=["s3_bucket", "provider"], ahead="ahead" in sys.argv)

import cdktf
from cdktf_cdktf_provider_aws.provider import AwsProvider
from cdktf_cdktf_provider_aws.s3_bucket import S3Bucket

stack = cdktf.TerraformStack(cdktf.Testing.app(), "test")
AwsProvider(stack, "Aws", region="eu-west-1")
bucket = S3Bucket(stack, "Bucket", bucket="name", versioning={"enabled": True})
try:
    S3Bucket(stack, "Wrong", bucket=1)
except TypeError as error:
    print(error)
assert before == dict(os.environ)

if "more" in sys.argv:
    from cdktf_cdktf_provider_aws.sqs_queue import SqsQueue
    SqsQueue(stack, "Queue", name=bucket.arn)
    S3Bucket(stack, "Second", bucket=bucket.versioning.fqn)
print(cdktf.Testing.synth(stack))
"""

PRINT_MODULES = """
import json
import runpy
import sys

try:
    runpy.run_path("main.py", run_name="__main__")
except SystemExit as end:
    assert end.code == 0
names = [n for n in sys.modules if n.startswith("cdktf_cdktf_provider_aws.")]
print(json.dumps(sorted({name.split(".")[1] for name in names})))
"""


def run(
    *arguments: str | Path, **environ: str | Path | None
) -> subprocess.CompletedProcess[str]:
    """
    Run Python in the project with its own environment, changed.
    """
    variables = {**os.environ, "JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION": "20"}
    for name, value in environ.items():
        variables[name] = "" if value is None else str(value)
        if value is None:
            del variables[name]
    result = subprocess.run(
        [sys.executable, *arguments],
        cwd=PROJECT,
        env=variables,
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 0, result.stderr
    return result


def contents(folder: Path) -> dict[str, bytes]:
    files = (path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): path.read_bytes() for path in files}


@pytest.fixture(name="cache", scope="module")
def _cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("bindings") / "cache"


@pytest.fixture(name="stock_output", scope="module")
def _stock_output(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("output")
    run("main.py", GATEWAY_BINDINGS="stock", CDKTF_OUTDIR=folder)
    return folder


@pytest.fixture(name="expected", scope="module")
def _expected(cache: Path) -> str:
    return run(
        "-c",
        PROGRAM,
        "more",
        GATEWAY_BINDINGS="lazy",
        GATEWAY_BINDINGS_CACHE=cache,
    ).stdout


@pytest.fixture(name="expected_named", scope="module")
def _expected_named(cache: Path) -> str:
    return run(
        "-c", PROGRAM, GATEWAY_BINDINGS="lazy", GATEWAY_BINDINGS_CACHE=cache
    ).stdout


@pytest.fixture(name="full_disk")
def _full_disk(tmp_path: Path) -> Iterator[Path]:
    """
    Return the one folder of a disk that holds 64 KiB.
    """
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=64k,mode=700", "tmpfs", str(disk)]
    if os.geteuid() != 0 or subprocess.run(mount, check=False).returncode != 0:
        pytest.skip("no file system can be mounted here")
    yield disk
    subprocess.run(["umount", disk], check=True)  # noqa: S607


@pytest.mark.parametrize("level", LEVELS)
def test_output_is_that_of_stock_loading(
    level: str,
    cache: Path,
    stock_output: Path,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    """Every environment is the same to the byte, at each level."""
    # Paths of states are relative to the folder: it lies as deep as the other one.
    folder = tmp_path_factory.mktemp("output")
    result = run(
        "main.py",
        GATEWAY_BINDINGS=level,
        GATEWAY_BINDINGS_CACHE=cache,
        CDKTF_OUTDIR=folder,
    )

    assert ["dev", "local", "prod"] == sorted(
        path.name for path in (stock_output / "stacks").iterdir()
    )
    assert contents(stock_output) == contents(folder)
    assert "" == result.stderr


def test_synth_loads_no_more_than_it_needs(cache: Path, tmp_path: Path) -> None:
    """Python modules and types in the assembly are those of `modules/aws.py`."""
    result = run(
        "-c", PRINT_MODULES, GATEWAY_BINDINGS_CACHE=cache, CDKTF_OUTDIR=tmp_path
    )
    needed = imported_submodules(AWS)

    assert sorted({*needed, "_jsii"}) == json.loads(result.stdout)
    types = min((types_in(path) for path in cache.glob("*.tgz")), key=len)
    types.remove("@cdktf/provider-aws.SlimAssembly")
    assert {name.decode() for name in find_bindings().assembly_submodules(needed)} == {
        name.split(".")[1] for name in types
    }


def types_in(tarball: Path) -> list[str]:
    with tarfile.open(tarball) as archive:
        reader = archive.extractfile("package/.jsii")
        assert reader
        return list(json.load(reader)["types"])


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("ahead", ["", "ahead"])
def test_submodule_outside_the_set_is_no_error(
    level: str, ahead: str, cache: Path, expected: str
) -> None:
    """A submodule that nobody named is imported late, and old objects stay valid."""
    result = run(
        "-c",
        PROGRAM,
        "more",
        ahead,
        GATEWAY_BINDINGS=level,
        GATEWAY_BINDINGS_CACHE=cache,
    )

    assert expected == result.stdout
    assert "" == result.stderr
    assert (
        "type of argument bucket must be one of (str, NoneType); got int instead"
        in result.stdout
    )


@pytest.mark.parametrize(
    "environ",
    [
        {"HOME": None},
        {"HOME": "/dev/null"},
        {"JSII_RUNTIME_PACKAGE_CACHE": "disabled"},
        {"NODE_OPTIONS": "--max-semi-space-size=16"},
        {"TMPDIR": "{tmp_path}/with space"},
    ],
    ids=lambda environ: next(iter(environ)),
)
def test_works_in_other_surroundings(
    environ: dict[str, str | None], cache: Path, expected_named: str, tmp_path: Path
) -> None:
    """No home, a home without room, no package cache, own Node options."""
    (tmp_path / "with space").mkdir()
    formatted = {
        name: value and value.format(tmp_path=tmp_path)
        for name, value in environ.items()
    }
    result = run("-c", PROGRAM, GATEWAY_BINDINGS_CACHE=cache, **formatted)

    assert expected_named == result.stdout
    assert "" == result.stderr


def test_needs_no_cache(expected_named: str, tmp_path: Path) -> None:
    """Where nothing can be kept, one line says so and the output is the same."""
    file = tmp_path / "file"
    file.touch()
    result = run("-c", PROGRAM, GATEWAY_BINDINGS_CACHE=file / "cache")

    assert expected_named == result.stdout
    assert (
        f"bindings: {file}/cache cannot be used: Not a directory; "
        "nothing is kept for the next run\n"
    ) == result.stderr


def test_works_on_a_full_disk(expected_named: str, full_disk: Path) -> None:
    """A disk without room for the slim assembly is one line on stderr."""
    folder = full_disk / "cache"
    result = run("-c", PROGRAM, GATEWAY_BINDINGS_CACHE=folder)

    assert expected_named == result.stdout
    assert (
        f"bindings: {folder} cannot be used: No space left on device; "
        "nothing is kept for the next run\n"
    ) == result.stderr
    assert not list(folder.glob("*.t*"))


def test_processes_share_the_first_build(expected_named: str, tmp_path: Path) -> None:
    """Four programs that start at once on an empty cache all succeed."""
    folder = tmp_path / "cache"

    def synth() -> subprocess.CompletedProcess[str]:
        return run("-c", PROGRAM, GATEWAY_BINDINGS_CACHE=folder)

    with ThreadPoolExecutor(4) as pool:
        futures = [pool.submit(synth) for _ in range(4)]
        results = [future.result() for future in futures]

    assert [expected_named] * 4 == [result.stdout for result in results]
    assert 1 == len(list(folder.glob("*.tgz*")))


def test_code_that_was_changed_in_the_cache_is_not_run(
    expected_named: str, tmp_path: Path
) -> None:
    """A file whose content is not what its name promises is built again."""
    folder = tmp_path / "cache"
    marker = tmp_path / "marker"
    run("-c", PROGRAM, GATEWAY_BINDINGS_CACHE=folder)
    (tarball,) = folder.glob("*.tgz")
    original = tarball.read_bytes()
    add_to_index(tarball, f"require('fs').writeFileSync('{marker}', '');", tmp_path)
    result = run("-c", PROGRAM, GATEWAY_BINDINGS_CACHE=folder)

    assert expected_named == result.stdout
    assert original == tarball.read_bytes()
    assert not marker.exists()


def add_to_index(tarball: Path, script: str, folder: Path) -> None:
    with tarfile.open(tarball) as archive:
        archive.extractall(folder / "changed", filter="data")
    with (folder / "changed/package/lib/index.js").open("a") as index:
        index.write(script)
    with tarfile.open(tarball, "w:gz") as archive:
        archive.add(folder / "changed/package", "package")


def test_stock_loads_as_installed() -> None:
    """One variable switches all of it off."""
    code = (
        "import sys, bindings; before = list(sys.meta_path); "
        "bindings.activate(submodules=['s3_bucket'], ahead=True); "
        "assert before == sys.meta_path; assert 'jsii' not in sys.modules"
    )

    assert "" == run("-c", code, GATEWAY_BINDINGS="stock").stderr


def test_unknown_level_loads_as_installed() -> None:
    """A mistake in the variable is one line, and nothing breaks."""
    code = (
        "import sys, bindings; bindings.activate(); bindings.activate(); "
        "assert 'jsii' not in sys.modules"
    )

    assert (
        "bindings: GATEWAY_BINDINGS must be one of stock, lazy, slim, guarded, "
        "got 'fast'; loading as installed\n"
    ) == run("-c", code, GATEWAY_BINDINGS="fast").stderr


def test_unknown_layout_loads_as_installed(tmp_path: Path) -> None:
    """Bindings of a later version that load in another way are left alone."""
    package = tmp_path / "cdktf_cdktf_provider_aws"
    (package / "_jsii").mkdir(parents=True)
    (package / "__init__.py").write_text("loaded = True\n")
    (package / "_jsii/__init__.py").write_text("import jsii\n")
    code = (
        "import bindings; bindings.activate(submodules=['s3_bucket']); "
        "import cdktf_cdktf_provider_aws as package; assert package.loaded"
    )

    assert (
        "bindings: cdktf_cdktf_provider_aws._jsii does not load an assembly; "
        "loading as installed\n"
    ) == run("-c", code, PYTHONPATH=tmp_path).stderr


def test_installed_kernel_is_known() -> None:
    """The guarded means are those of the locked version of jsii."""
    assert is_known_kernel()


@pytest.mark.parametrize(
    ("environ", "one_process", "names"),
    [
        ({}, True, {"JSII_RUNTIME", "BINDINGS_RUNTIME", "NODE_OPTIONS"}),
        ({}, False, {"NODE_OPTIONS"}),
        ({"JSII_RUNTIME": "own.js"}, True, {"JSII_RUNTIME", "NODE_OPTIONS"}),
    ],
)
def test_variables_are_set_for_a_while(
    environ: dict[str, str], *, one_process: bool, names: set[str], tmp_path: Path
) -> None:
    """What starts the kernel sees them, and nothing that is started later."""
    variables = {**environ, "HOME": str(tmp_path)}
    before = dict(variables)
    with node_variables(variables, one_process=one_process):
        during = dict(variables)

    assert before == variables
    assert {*names, "HOME"} == set(during)
    assert environ.get("JSII_RUNTIME", during.get("JSII_RUNTIME")) == (
        during.get("JSII_RUNTIME")
    )


def test_own_node_options_are_kept(tmp_path: Path) -> None:
    """Options that are there already stand before the added ones."""
    variables = {"HOME": str(tmp_path), "NODE_OPTIONS": "--no-warnings"}
    with node_variables(variables, one_process=False):
        options = variables["NODE_OPTIONS"]

    assert options.startswith("--no-warnings --require=")


def test_kernel_of_two_processes_gets_the_hooks(
    cache: Path, expected_named: str
) -> None:
    """With a runtime of the user's own, hooks are loaded by Node's option."""
    code = PROGRAM.replace(
        "import bindings\n",
        "import bindings, pathlib, tempfile, jsii\n"
        "folder = pathlib.Path(tempfile.mkdtemp())\n"
        "embedded = pathlib.Path(jsii.__file__).parent / '_embedded/jsii'\n"
        "for file in embedded.glob('*__*.js'):\n"
        "    target = folder / file.name.replace('__', '/')\n"
        "    target.parent.mkdir(exist_ok=True)\n"
        "    target.write_bytes(file.read_bytes())\n"
        "os.environ['JSII_RUNTIME'] = str(folder / 'bin/jsii-runtime.js')\n",
    )
    result = run("-c", code, GATEWAY_BINDINGS_CACHE=cache)

    assert expected_named == result.stdout
