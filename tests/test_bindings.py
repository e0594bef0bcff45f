"""
Programs that use the bindings package: the same output, from less that is loaded.
"""

import json
import os
import shutil
import subprocess
import sys
import tarfile
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from bindings.imports import imported_submodules
from bindings.layout import find_bindings
from bindings.node import is_known_kernel, node_variables
from tests.unprivileged import unprivileged

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

# What a synth does without once its documents are known to be valid.
SPARED = ("openapi_spec_validator", "ruamel.yaml", "asyncio", "unittest.mock")

PRINT_MODULES = f"""
import json
import runpy
import sys

try:
    runpy.run_path("main.py", run_name="__main__")
except SystemExit as end:
    assert end.code == 0
names = [n for n in sys.modules if n.startswith("cdktf_cdktf_provider_aws.")]
submodules = sorted({{name.split(".")[1] for name in names}})
print(json.dumps([submodules, [n for n in {SPARED} if n in sys.modules]]))
"""

# Gives arguments of wrong kinds, and prints what each is refused with, how many of
# jsii's programs lie in the temporary folder, and what a token's stack consists of.
ARGUMENTS = """
import json
import pathlib
import sys
import tempfile

import bindings

bindings.activate(submodules=["s3_bucket", "provider"])

import cdktf
import jsii
from cdktf_cdktf_provider_aws.s3_bucket import (
    S3Bucket,
    S3BucketCorsRule as Rule,
    S3BucketVersioning as Versioning,
    S3BucketWebsite as Website,
)

stack = cdktf.TerraformStack(cdktf.Testing.app(), "test")
bucket = S3Bucket(stack, "Bucket", bucket="name")


class Text(str):
    pass


def define(**arguments):
    S3Bucket(stack, f"Bucket{len(found)}", **arguments)


cases = {
    "int for str": lambda: define(bucket=1),
    "bool for str": lambda: define(bucket=True),
    "list for str": lambda: define(bucket=["a"]),
    "bytes for str": lambda: define(bucket=b"a"),
    "dict for str": lambda: define(bucket={}),
    "str of another class": lambda: define(bucket=Text("a")),
    "None for what may be absent": lambda: define(bucket=None),
    "str for bool": lambda: define(force_destroy="yes"),
    "int for bool": lambda: define(force_destroy=1),
    "None for id": lambda: S3Bucket(stack, None),
    "int for id": lambda: S3Bucket(stack, 1),
    "str for scope": lambda: S3Bucket("stack", "Other"),
    "None for scope": lambda: S3Bucket(None, "Other"),
    "no id": lambda: S3Bucket(stack),
    "unknown argument": lambda: define(buckets="a"),
    "str for list of structs": lambda: define(cors_rule="a"),
    "list with None": lambda: define(cors_rule=[None]),
    "list with wrong struct": lambda: define(cors_rule=[Website()]),
    "list with dict of wrong key": lambda: define(cors_rule=[{"allowed": []}]),
    "str for list": lambda: Rule(allowed_methods="GET", allowed_origins=["*"]),
    "tuple for list": lambda: Rule(allowed_methods=("GET",), allowed_origins=["*"]),
    "list with int": lambda: Rule(allowed_methods=["GET", 1], allowed_origins=["*"]),
    "None for list": lambda: Rule(allowed_methods=None, allowed_origins=["*"]),
    "two at once": lambda: Rule(allowed_methods=None, allowed_origins=1),
    "str for number": lambda: Rule(
        allowed_methods=[], allowed_origins=[], max_age_seconds="1"
    ),
    "bool for number": lambda: Rule(
        allowed_methods=[], allowed_origins=[], max_age_seconds=True
    ),
    "float for number": lambda: Rule(
        allowed_methods=[], allowed_origins=[], max_age_seconds=1.5
    ),
    "mapping with int": lambda: define(tags={"a": 1}),
    "mapping with key that is int": lambda: define(tags={1: "a"}),
    "list for mapping": lambda: define(tags=["a"]),
    "dict for struct": lambda: define(versioning={"enabled": True}),
    "dict with wrong key": lambda: define(versioning={"enable": True}),
    "dict with wrong value": lambda: define(versioning={"enabled": "x"}),
    "struct for struct": lambda: define(versioning=Versioning(enabled=False)),
    "other struct": lambda: define(versioning=Website()),
    "str for struct": lambda: define(versioning="enabled"),
    "construct for struct": lambda: define(versioning=bucket),
    "class for struct": lambda: define(versioning=Versioning),
    "str for lifecycle": lambda: define(lifecycle="a"),
    "str for iterator": lambda: define(for_each="a"),
    "str for count": lambda: define(count="a"),
    "str for dependency": lambda: define(depends_on=["a"]),
    "construct for dependency": lambda: define(depends_on=[bucket]),
    "int set for str": lambda: setattr(bucket, "bucket", 1),
    "None set for str": lambda: setattr(bucket, "bucket", None),
    "str set for str": lambda: setattr(bucket, "bucket", "b"),
    "list set for mapping": lambda: setattr(bucket, "tags", ["a"]),
    "str for struct of a method": lambda: bucket.put_versioning("a"),
    "dict for struct of a method": lambda: bucket.put_versioning({"enabled": True}),
    "wrong dict of a method": lambda: bucket.put_versioning({"enable": True}),
    "int for text of a method": lambda: bucket.add_override(1, "a"),
}
found = {}
for case, call in cases.items():
    try:
        call()
    except (TypeError, ValueError, AttributeError) as error:
        found[case] = f"{type(error).__name__}: {error}"
    except Exception as error:
        found[case] = f"{type(error).__name__}: {str(error).splitlines()[0]}"
    else:
        found[case] = "accepted"

copies = [
    path.name
    for folder in pathlib.Path(tempfile.gettempdir()).iterdir()
    for name in jsii._embedded.jsii.EMBEDDED_FILES.values()
    if (path := folder / name).exists()
]
lines = cdktf.Token.as_any({"a": 1}).creation_stack
print(json.dumps({
    "found": found,
    "copies": sorted(copies),
    "stack": sorted({type(line).__name__ for line in lines}),
    "output": json.loads(cdktf.Testing.synth(stack)),
}))
"""


def run(
    *arguments: str | Path, **environ: str | Path | None
) -> subprocess.CompletedProcess[str]:
    """
    Run Python in the project with its own environment, changed.
    """
    return run_by((), *arguments, **environ)


def run_by(
    command: Sequence[str], /, *arguments: str | Path, **environ: str | Path | None
) -> subprocess.CompletedProcess[str]:
    """
    Run Python as `run` does, by a command that stands before it.
    """
    variables = {**os.environ, "JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION": "20"}
    for name, value in environ.items():
        variables[name] = "" if value is None else str(value)
        if value is None:
            del variables[name]
    result = subprocess.run(
        [*command, sys.executable, *arguments],
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

    def synth() -> Path:
        # Paths of states are relative to the folder: it lies as deep as the other one.
        folder = tmp_path_factory.mktemp("output")
        result = run(
            "main.py",
            GATEWAY_BINDINGS=level,
            GATEWAY_BINDINGS_CACHE=cache,
            CDKTF_OUTDIR=folder,
        )
        assert "" == result.stderr
        return folder

    expected = contents(stock_output)
    assert ["dev", "local", "prod"] == sorted(
        path.name for path in (stock_output / "stacks").iterdir()
    )
    assert expected == contents(synth())
    code = kept_code(cache)
    assert expected == contents(synth())
    # The second time nothing was compiled.
    assert code == kept_code(cache)
    assert (level != "lazy") == bool(code)


def kept_code(cache: Path) -> dict[str, tuple[int, int, int]]:
    """
    Return the inode, time and mode of each file with code.
    """
    files = {path.name: path.stat() for path in cache.glob("code-*")}
    return {
        name: (file.st_ino, file.st_mtime_ns, file.st_mode & 0o777)
        for name, file in files.items()
    }


def test_synth_loads_no_more_than_it_needs(cache: Path, tmp_path: Path) -> None:
    """Python modules and types in the assembly are those of `modules/aws.py`."""
    submodules, _ = loaded_modules(cache, tmp_path)
    needed = imported_submodules(AWS)

    assert sorted({*needed, "_jsii"}) == submodules
    types = min((types_in(path) for path in cache.glob("*.tgz")), key=len)
    types.remove("@cdktf/provider-aws.SlimAssembly")
    assert {name.decode() for name in find_bindings().assembly_submodules(needed)} == {
        name.split(".")[1] for name in types
    }


def loaded_modules(cache: Path, output: Path) -> tuple[list[str], list[str]]:
    """
    Return the submodules that a synth loads, and what it loads of `SPARED`.
    """
    result = run("-c", PRINT_MODULES, GATEWAY_BINDINGS_CACHE=cache, CDKTF_OUTDIR=output)
    submodules, others = json.loads(result.stdout)
    return submodules, others


def test_synth_of_known_documents_loads_no_validator(
    cache: Path, tmp_path: Path
) -> None:
    """Only the first synth of a document loads what validates it."""
    shutil.rmtree(cache / "accepted-documents", ignore_errors=True)
    first, second = (loaded_modules(cache, tmp_path)[1] for _ in range(2))

    assert "openapi_spec_validator" in first
    assert [] == second


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
    assert {"digests.json", "lock"} >= {path.name for path in folder.iterdir()}


def test_works_on_a_cache_that_is_read_only(
    cache: Path, expected_named: str, tmp_path: Path
) -> None:
    """What is cached is used though nothing more can be."""
    run("-c", PROGRAM, GATEWAY_BINDINGS_CACHE=cache)
    folder = shutil.copytree(cache, tmp_path / "cache")
    kept = contents(folder)
    folder.chmod(0o500)
    result = run_by(unprivileged(), "-c", PROGRAM, GATEWAY_BINDINGS_CACHE=folder)
    folder.chmod(0o700)

    assert expected_named == result.stdout
    assert "" == result.stderr
    assert kept == contents(folder)


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


def checked_arguments(level: str, cache: Path, folder: Path) -> dict[str, Any]:
    """
    Return what the program prints that gives arguments of wrong kinds.
    """
    return json.loads(
        run(
            "-c",
            ARGUMENTS,
            GATEWAY_BINDINGS=level,
            GATEWAY_BINDINGS_CACHE=cache,
            TMPDIR=folder,
        ).stdout
    )


@pytest.fixture(name="stock_arguments", scope="module")
def _stock_arguments(
    cache: Path, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, Any]:
    return checked_arguments("stock", cache, tmp_path_factory.mktemp("temporary"))


@pytest.fixture(name="guarded_arguments", scope="module")
def _guarded_arguments(
    cache: Path, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, Any]:
    return checked_arguments("guarded", cache, tmp_path_factory.mktemp("temporary"))


def test_arguments_are_checked_as_in_stock_loading(
    stock_arguments: dict[str, Any], guarded_arguments: dict[str, Any]
) -> None:
    """Wrong arguments are refused in the same words, and others are taken."""
    found = guarded_arguments["found"]
    refusals = [text for text in found.values() if text != "accepted"]

    assert stock_arguments["found"] == found
    assert stock_arguments["output"] == guarded_arguments["output"]
    assert 30 == sum(text.startswith("TypeError: ") for text in refusals)
    assert 6 < len(found) - len(refusals)


def test_token_tells_where_it_was_made(
    stock_arguments: dict[str, Any], guarded_arguments: dict[str, Any]
) -> None:
    """A stack that is written late reaches Python as text."""
    assert ["str"] == stock_arguments["stack"]
    assert ["str"] == guarded_arguments["stack"]


def test_jsii_copies_no_program(
    stock_arguments: dict[str, Any], guarded_arguments: dict[str, Any]
) -> None:
    """Of its own program, jsii makes no temporary copies that nobody starts."""
    assert "jsii-runtime.js" in stock_arguments["copies"]
    assert [] == guarded_arguments["copies"]
