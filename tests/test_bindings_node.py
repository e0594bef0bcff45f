"""
What runs in Node before the kernel: kept code of V8, and stack traces written late.
"""

import hashlib
import json
import os
import re
import shutil
import subprocess
import tarfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from bindings.layout import find_assembly
from bindings.node import SCRIPTS
from tests.unprivileged import unprivileged

NODE = shutil.which("node") or "node"
STACK_TRACE = "lib/tokens/private/stack-trace.js"

# Its arguments: a folder for code, and the module to load.
LOAD = f"""
const {{ useCodeCache }} = require({json.dumps(str(SCRIPTS / "code_cache.js"))});
const [, folder, entry] = process.argv;
useCodeCache(folder);
console.log(JSON.stringify(require(entry)));
"""

MODULES = {
    "main.js": (
        "const { twice } = require('./twice');\n"
        "module.exports = [__filename, __dirname, typeof require.resolve('./twice'),\n"
        "  require.main === process.mainModule, Object.keys(require.cache).length,\n"
        "  twice(21), require('./value.json').a, this === exports];\n"
    ),
    "twice.js": "'use strict';\nexports.twice = (number) => 2 * number;\n",
    "value.json": '{"a": "b"}',
}

# What may be done with a stack, in place of S.
USES = [
    "S.join('|')",
    "S.map((line) => line)",
    "S.map((line, index) => index)",
    "S.length",
    "S.slice(1)",
    "S.slice(-2)",
    "S[0]",
    "S[S.length - 1]",
    "S[S.length] === undefined",
    "S.at(-1)",
    "[...S]",
    "Array.from(S)",
    "Array.from(S.entries())",
    "S.filter(Boolean)",
    "S.concat(['more'])",
    "['more'].concat(S)",
    "S.indexOf(S[1])",
    "S.includes(S[2])",
    "S.reduce((all, line) => all + line, '')",
    "S.some((line) => line === S[1])",
    "(() => { const all = []; S.forEach((line) => all.push(line)); return all; })()",
    "(() => { const all = []; for (const line of S) all.push(line); return all; })()",
    "(() => { const all = []; for (const key in S) all.push(key); return all; })()",
    "(([first, ...rest]) => [first, rest])(S)",
    "Object.keys(S)",
    "Object.entries(S)",
    "0 in S",
    "'join' in S",
    "'x' in S",
    "Array.isArray(S)",
    "S instanceof Array",
    "typeof S",
    "String(S)",
    "{ stack: S }",
    "structuredClone([...S])",
    "require('util').inspect([...S])",
    "S.push('more') && S.slice()",
    "S.reverse()",
    "S.splice(0, 1).concat(S)",
    "(S.length = 1) && S",
]

# Its arguments: the hooks, cdktf's module, and uses. Prints what each use gives of the
# stack that cdktf writes down at once, and of the one that is written late.
COMPARE = """
const [, hooks, file, uses] = process.argv;
const eager = require(file).captureStackTrace;
delete require.cache[file];
require(hooks);
const late = require(file).captureStackTrace;
if (late === eager) throw new Error('the hook left cdktf as it was');

const limit = Error.stackTraceLimit;
const deep = (count, capture) => (count ? deep(count - 1, capture) : capture());
const below = () => [eager, late].map((capture) => capture(below));
const stacks = () => [eager, late].map((capture) => deep(20, capture));
const found = JSON.parse(uses).map((use) => {
  const read = new Function('S', 'require', `return (${use});`);
  return stacks().map((stack) => read(stack, require));
});
console.log(JSON.stringify([...found, below(), [limit, Error.stackTraceLimit]]));
"""

# Prints how often a stack was formatted: when captured, when read, when read again.
COUNT = """
const [, hooks, file] = process.argv;
require(hooks);
const capture = require(file).captureStackTrace;
let formatted = 0;
Error.prepareStackTrace = (error, frames) => {
  formatted += 1;
  return ['Error', ...frames.map((frame) => `    at ${frame}`)].join('\\n');
};
const stack = capture();
const counts = [formatted];
stack.length;
counts.push(formatted);
stack.map((line) => line).join();
counts.push(formatted);
console.log(JSON.stringify(counts));
"""


def run_node(code: str, *arguments: str | Path, before: tuple[str, ...] = ()) -> str:
    """
    Return what a program for Node prints.
    """
    result = subprocess.run(
        [*before, NODE, "-e", code, "--", *arguments],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (0, "") == (result.returncode, result.stderr)
    return result.stdout


@pytest.fixture(name="modules")
def _modules(tmp_path: Path) -> Path:
    folder = tmp_path / "modules"
    folder.mkdir()
    for name, content in MODULES.items():
        (folder / name).write_text(content)
    return folder


@pytest.fixture(name="folder")
def _folder(tmp_path: Path) -> Path:
    folder = tmp_path / "cache"
    folder.mkdir(mode=0o700)
    return folder


def load(folder: Path, entry: Path, *before: str) -> object:
    """
    Return what a module exports that Node loads with the code in a folder.
    """
    return json.loads(run_node(LOAD, folder, entry, before=before))


def states(folder: Path) -> dict[str, tuple[int, int]]:
    """
    Return what a file that is written again does not keep.
    """
    files = {path.name: path.stat() for path in folder.iterdir()}
    return {name: (file.st_ino, file.st_mtime_ns) for name, file in files.items()}


def only_file(folder: Path) -> Path:
    (file,) = folder.iterdir()
    return file


def is_sound(file: Path) -> bool:
    return file.stem.endswith(f"-{hashlib.sha256(file.read_bytes()).hexdigest()}")


def exported(modules: Path) -> list[object]:
    return [str(modules / "main.js"), str(modules), "string", True, 3, 42, "b", True]


def test_modules_are_loaded_as_ever(folder: Path, modules: Path) -> None:
    """A module sees what Node gives it, with and without kept code."""
    plain = "console.log(JSON.stringify(require(process.argv[1])))"
    stock = json.loads(run_node(plain, modules / "main.js"))
    # The script that keeps code is one module more.
    stock[4] += 1

    assert stock == exported(modules)
    assert exported(modules) == load(folder, modules / "main.js")
    assert exported(modules) == load(folder, modules / "main.js")


def test_keeps_code_in_one_file(folder: Path, modules: Path) -> None:
    """The file is the user's own, and its name has Node's version and a digest."""
    load(folder, modules / "main.js")
    file = only_file(folder)
    version = run_node("console.log(process.version, process.arch)").split()

    assert re.fullmatch(
        rf"code-{re.escape('-'.join(version))}-[0-9a-f]{{64}}\.bin", file.name
    )
    assert is_sound(file)
    assert 0o600 == file.stat().st_mode & 0o777


def test_second_run_compiles_nothing(folder: Path, modules: Path) -> None:
    """Where all code is kept already, the file is left as it is."""
    load(folder, modules / "main.js")
    before = states(folder)

    assert exported(modules) == load(folder, modules / "main.js")
    assert before == states(folder)


def test_code_is_known_by_the_source(folder: Path, modules: Path) -> None:
    """A module that changes is compiled anew, even where it keeps its length."""
    load(folder, modules / "main.js")
    (modules / "twice.js").write_text(MODULES["twice.js"].replace("2 *", "3 *"))

    assert [63, "b"] == as_list(load(folder, modules / "main.js"))[5:7]
    assert is_sound(only_file(folder))


def test_same_source_elsewhere_is_the_same_code(
    folder: Path, modules: Path, tmp_path: Path
) -> None:
    """jsii unpacks packages to another folder each time; code has no path in it."""
    load(folder, modules / "main.js")
    before = states(folder)
    other = shutil.copytree(modules, tmp_path / "other")

    assert exported(other) == load(folder, other / "main.js")
    assert before == states(folder)


def test_keeps_the_code_of_earlier_programs(folder: Path, modules: Path) -> None:
    """A program that loads more adds to what is kept."""
    load(folder, modules / "main.js")
    first = only_file(folder)
    (modules / "more.js").write_text("module.exports = 'more';")

    assert "more" == load(folder, modules / "more.js")
    second = only_file(folder)
    assert first.name != second.name
    assert exported(modules) == load(folder, modules / "main.js")
    assert second == only_file(folder)


def test_error_names_the_module_and_its_line(folder: Path, modules: Path) -> None:
    """With kept code too, a stack leads to the place in the source."""
    (modules / "stack.js").write_text("\n\nmodule.exports = new Error('x').stack;")
    place = f"{modules / 'stack.js'}:3:18"

    assert place in str(load(folder, modules / "stack.js"))
    assert place in str(load(folder, modules / "stack.js"))


def as_list(value: object) -> list[object]:
    assert isinstance(value, list)
    return [*value]  # pyright: ignore[reportUnknownVariableType]


@pytest.mark.parametrize(
    ("kept", "added"),
    [
        (slice(0), b""),
        (slice(0, -1), b""),
        (slice(None), b"\0"),
        (slice(0, -9), b"012345678"),
        (slice(0), b"[]\n"),
        (slice(0), b"{"),
    ],
)
def test_damaged_file_is_replaced(
    kept: slice, added: bytes, folder: Path, modules: Path
) -> None:
    """Content that the file's name does not promise is not used."""
    load(folder, modules / "main.js")
    file = only_file(folder)
    sound = file.read_bytes()
    file.write_bytes(sound[kept] + added)

    assert exported(modules) == load(folder, modules / "main.js")
    assert is_sound(only_file(folder))
    assert len(sound) == len(only_file(folder).read_bytes())


@pytest.mark.parametrize("content", [b"", b"[]", b"{\n", b"[1]\n", b"[[1]]\n"])
def test_file_without_code_is_no_error(
    content: bytes, folder: Path, modules: Path
) -> None:
    """A file with the right name and nothing of use in it is replaced."""
    put(folder, modules, content)

    assert exported(modules) == load(folder, modules / "main.js")
    (file,) = (path for path in folder.iterdir() if path.stat().st_size > len(content))
    assert is_sound(file)


def put(folder: Path, modules: Path, content: bytes) -> Path:
    """
    Put content into the folder by the name that it must have.
    """
    known = folder.parent / "known"
    known.mkdir(mode=0o700)
    load(known, modules / "main.js")
    prefix = only_file(known).name[: -len(".bin") - 64]
    file = folder / f"{prefix}{hashlib.sha256(content).hexdigest()}.bin"
    file.write_bytes(content)
    return file


@pytest.fixture(name="planted")
def _planted(folder: Path, modules: Path, tmp_path: Path) -> Path:
    """
    Return a file that gives harmful code for a harmless module, `plain.js`.
    """
    marker = json.dumps(str(tmp_path / "marker"))
    harmful = f"module.exports = 1; require('fs').writeFileSync({marker}, '');"
    plain = f"{'module.exports = 1;':{len(harmful)}}"
    (modules / "harmful.js").write_text(harmful)
    (modules / "plain.js").write_text(plain)
    load(folder, modules / "harmful.js")
    kept = only_file(folder).read_bytes()
    only_file(folder).unlink()
    (tmp_path / "marker").unlink()
    old, new = (
        hashlib.sha256(text.encode()).hexdigest().encode() for text in (harmful, plain)
    )
    return put(folder, modules, kept.replace(old, new))


def test_code_is_run_for_the_source_that_is_named(
    planted: Path, modules: Path, tmp_path: Path
) -> None:
    """What lies in the user's own folder by its right name is trusted."""
    assert 1 == load(planted.parent, modules / "plain.js")
    assert (tmp_path / "marker").exists()


@pytest.mark.parametrize("name", ["0" * 64, "", "{digest}0"])
def test_code_by_another_name_is_not_run(
    name: str, planted: Path, modules: Path, tmp_path: Path
) -> None:
    """A file must have its content's digest in its name, and is deleted otherwise."""
    digest = planted.stem[-64:]
    wrong = planted.name.replace(digest, name.format(digest=digest))
    folder = planted.rename(planted.with_name(wrong)).parent

    assert 1 == load(folder, modules / "plain.js")
    assert not (tmp_path / "marker").exists()
    assert wrong != only_file(folder).name
    assert is_sound(only_file(folder))


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a file away")
def test_anothers_code_is_not_run(planted: Path, modules: Path, tmp_path: Path) -> None:
    """A file must belong to the user, whatever its name."""
    os.chown(planted, 12345, 12345)

    assert 1 == load(planted.parent, modules / "plain.js")
    assert not (tmp_path / "marker").exists()
    assert planted.name != only_file(planted.parent).name


def test_code_behind_a_link_is_not_run(
    planted: Path, modules: Path, tmp_path: Path
) -> None:
    """A link could lead to what somebody else can change."""
    target = planted.rename(tmp_path / "elsewhere")
    planted.symlink_to(target)

    assert 1 == load(planted.parent, modules / "plain.js")
    assert not (tmp_path / "marker").exists()
    assert target.exists()
    assert is_sound(only_file(planted.parent))


@pytest.mark.parametrize("version", ["v0.0.0", "v99.0.0"])
def test_code_of_another_node_is_left_alone(
    version: str, planted: Path, modules: Path, tmp_path: Path
) -> None:
    """Each version of Node has its own file, and neither reads nor deletes others."""
    current = planted.name.split("-")[1]
    other = planted.rename(planted.with_name(planted.name.replace(current, version)))
    content = other.read_bytes()

    assert 1 == load(other.parent, modules / "plain.js")
    assert not (tmp_path / "marker").exists()
    assert content == other.read_bytes()
    assert 2 == len(list(other.parent.iterdir()))


@pytest.mark.parametrize("mode", [0o500, 0o400, 0o300, 0o000])
def test_works_where_the_folder_cannot_be_used(
    mode: int, folder: Path, modules: Path
) -> None:
    """A folder that cannot be read or written is no error."""
    folder.chmod(mode)
    found = load(folder, modules / "main.js", *unprivileged())
    folder.chmod(0o700)

    assert exported(modules) == found
    assert [] == list(folder.iterdir())


def test_uses_what_a_read_only_folder_holds(folder: Path, modules: Path) -> None:
    """Code that is kept counts though no more can be, and stays."""
    load(folder, modules / "main.js")
    before = states(folder)
    (modules / "more.js").write_text("module.exports = 'more';")
    folder.chmod(0o500)
    found = [
        load(folder, modules / name, *unprivileged()) for name in ("main.js", "more.js")
    ]
    folder.chmod(0o700)

    assert [exported(modules), "more"] == found
    assert before == states(folder)


def test_works_without_a_folder(folder: Path, modules: Path) -> None:
    """A folder that has gone is not made again."""
    folder.rmdir()

    assert exported(modules) == load(folder, modules / "main.js")
    assert not folder.exists()


def test_file_that_cannot_be_written_whole_does_not_appear(
    folder: Path, modules: Path
) -> None:
    """Where there is no room, what was kept stays and nothing else is left."""
    load(folder, modules / "main.js")
    before = states(folder)
    (modules / "large.js").write_text(f"module.exports = '{'x' * 100_000}'.length;")
    # The shell ignores the signal that would end Node, as a full disk sends none.
    limited = ("bash", "-c", 'trap "" XFSZ; ulimit -f 16; exec "$@"', "bash")

    assert 100_000 == load(folder, modules / "large.js", *limited)
    assert before == states(folder)
    assert 100_000 == load(folder, modules / "large.js")
    assert before != states(folder)


def test_processes_share_a_folder(folder: Path, modules: Path) -> None:
    """Programs that start at once all succeed, and leave only sound files."""
    for number in range(4):
        (modules / f"own{number}.js").write_text(
            f"module.exports = [{number}, require('./main')[5]];"
        )

    def load_own(number: int) -> object:
        return load(folder, modules / f"own{number % 4}.js")

    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(load_own, range(8)))

    assert [[number % 4, 42] for number in range(8)] == found
    assert [True] * len(states(folder)) == [is_sound(path) for path in folder.iterdir()]
    (modules / "last.js").write_text("module.exports = 'last';")
    assert "last" == load(folder, modules / "last.js")
    assert is_sound(only_file(folder))


@pytest.fixture(name="stack_trace", scope="module")
def _stack_trace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """
    Return cdktf's own module in a folder of its name.
    """
    folder = tmp_path_factory.mktemp("node_modules") / "cdktf"
    file = folder / STACK_TRACE
    file.parent.mkdir(parents=True)
    with tarfile.open(find_assembly("cdktf").path) as archive:
        reader = archive.extractfile(f"package/{STACK_TRACE}")
        assert reader
        file.write_bytes(reader.read())
    return file


@pytest.fixture(name="compared", scope="module")
def _compared(stack_trace: Path) -> dict[str, list[object]]:
    hooks = SCRIPTS / "hooks.js"
    output = run_node(COMPARE, hooks, stack_trace, json.dumps(USES))
    return dict(zip([*USES, "below", "limit"], json.loads(output), strict=True))


@pytest.mark.parametrize("use", [*USES, "below", "limit"])
def test_late_stack_is_what_cdktf_writes(
    use: str, compared: dict[str, list[object]]
) -> None:
    """Whatever is done with a stack gives the same as an array of lines."""
    eager, late = compared[use]

    assert eager is not None
    assert eager == late


def test_stack_is_whole(compared: dict[str, list[object]]) -> None:
    """All frames are there, more than Node keeps by default."""
    lines = as_list(compared["[...S]"][1])

    assert 20 < len(lines)
    assert [True] * 20 == [str(line).startswith("deep (") for line in lines[:20]]


def test_stack_is_written_when_it_is_read(stack_trace: Path) -> None:
    """Most tokens' stacks nobody reads, so they are not formatted before."""
    output = run_node(COUNT, SCRIPTS / "hooks.js", stack_trace)

    assert [0, 1, 1] == json.loads(output)


def test_other_modules_of_that_name_are_left_alone(
    stack_trace: Path, tmp_path: Path
) -> None:
    """Only cdktf's module is changed."""
    other = tmp_path / "constructs" / STACK_TRACE
    other.parent.mkdir(parents=True)
    shutil.copy(stack_trace, other)
    code = (
        "require(process.argv[1]); const f = require(process.argv[2]);"
        "console.log(f.captureStackTrace.name)"
    )

    assert "captureStackTrace\n" == run_node(code, SCRIPTS / "hooks.js", other)
    assert "lateStackTrace\n" == run_node(code, SCRIPTS / "hooks.js", stack_trace)
