"""
The folder of slim assemblies: whose it is, what is used of it, what breaks it.
"""

import hashlib
import os
import re
import resource
import signal
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from bindings.cache import Cache, CacheError, cache_folder
from bindings.layout import Assembly

PROJECT = Path(__file__).parent.parent
SUBMODULES = (b"s3Bucket", b"provider")


class Builds:
    """
    Count how often something is built.

    Args:
        content: what is built.
    """

    def __init__(self, content: bytes = b"slim") -> None:
        self.content = content
        self.count = 0

    def __call__(self) -> bytes:
        self.count += 1
        return self.content


@pytest.fixture(name="assembly")
def _assembly(tmp_path: Path) -> Assembly:
    path = tmp_path / "installed.tgz"
    path.write_bytes(b"installed")
    return Assembly(name="@cdktf/provider-aws", version="21.22.1", path=path)


@pytest.fixture(name="cache")
def _cache(tmp_path: Path) -> Cache:
    return Cache(tmp_path / "deep/cache")


def names(cache: Cache) -> list[str]:
    return sorted(path.name for path in cache.folder.iterdir())


def test_keeps_what_was_built(cache: Cache, assembly: Assembly) -> None:
    """The second time nothing is built."""
    builds = Builds()
    first = cache.get(assembly, SUBMODULES, builds)
    second = cache.get(assembly, reversed(SUBMODULES), builds)

    assert first == second
    assert b"slim" == second.read_bytes()
    assert builds.count == 1


def test_folder_and_files_are_the_users_own(cache: Cache, assembly: Assembly) -> None:
    """Nobody else can write, or read, what will be run."""
    path = cache.get(assembly, SUBMODULES, Builds())

    assert cache.folder.stat().st_mode & 0o777 == 0o700
    assert path.stat().st_mode & 0o777 == 0o600


def test_name_carries_version_and_digest(cache: Cache, assembly: Assembly) -> None:
    """A file's name says what its content must be."""
    path = cache.get(assembly, SUBMODULES, Builds())
    digest = hashlib.sha256(b"slim").hexdigest()

    assert re.fullmatch(rf"21\.22\.1-[0-9a-f]{{16}}-{digest}\.tgz", path.name)


@pytest.mark.parametrize("change", ["version", "assembly", "submodules"])
def test_key_holds(change: str, cache: Cache, assembly: Assembly) -> None:
    """Another version, assembly or set of submodules is another file."""
    cache.get(assembly, SUBMODULES, Builds())
    other = assembly
    if change == "version":
        other = Assembly(name=assembly.name, version="22.0.0", path=assembly.path)
    elif change == "assembly":
        assembly.path.write_bytes(b"Installed")
    builds = Builds(b"other")
    cache.get(other, SUBMODULES[: 1 if change == "submodules" else 2], builds)

    assert builds.count == 1
    assert len(list(cache.entries())) == 2


@pytest.mark.parametrize("content", [b"", b"slim!", b"sli"])
def test_damaged_file_is_built_again(
    content: bytes, cache: Cache, assembly: Assembly
) -> None:
    """Content that its name does not promise is not used."""
    path = cache.get(assembly, SUBMODULES, Builds())
    path.write_bytes(content)
    assert [False] == [entry.sound for entry in cache.entries()]

    assert cache.get(assembly, SUBMODULES, Builds()).read_bytes() == b"slim"
    assert [True] == [entry.sound for entry in cache.entries()]


@pytest.mark.parametrize("content", ["", "[]", "{", '{"x": 1}'])
def test_damaged_memory_of_digests_is_ignored(
    content: str, cache: Cache, assembly: Assembly
) -> None:
    """The digest of the installed assembly is computed again."""
    builds = Builds()
    cache.get(assembly, SUBMODULES, builds)
    (cache.folder / "digests.json").write_text(content)
    cache.get(assembly, SUBMODULES, builds)

    assert builds.count == 1


def test_leftovers_of_a_killed_build_go(cache: Cache, assembly: Assembly) -> None:
    """The next build clears what an earlier one left."""
    cache.folder.mkdir(mode=0o700, parents=True)
    (cache.folder / "21.22.1-0-0.tgzabc.tmp").write_bytes(b"half")
    path = cache.get(assembly, SUBMODULES, Builds())

    assert sorted(["digests.json", "lock", path.name]) == names(cache)


@pytest.mark.parametrize("mode", [0o755, 0o770, 0o707])
def test_fails_when_others_can_look_in(
    mode: int, cache: Cache, assembly: Assembly
) -> None:
    """A folder that others can open could hold anything."""
    cache.folder.mkdir(parents=True)
    cache.folder.chmod(mode)

    with pytest.raises(
        CacheError, match=r"^is open to other users, run chmod 700 on it$"
    ):
        cache.get(assembly, SUBMODULES, Builds())


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a folder away")
def test_fails_when_the_folder_is_anothers(cache: Cache, assembly: Assembly) -> None:
    """What another user put there is not run."""
    cache.folder.mkdir(mode=0o700, parents=True)
    os.chown(cache.folder, 12345, 12345)

    with pytest.raises(CacheError, match=r"^belongs to another user$"):
        cache.get(assembly, SUBMODULES, Builds())


def test_fails_when_the_folder_is_a_link(
    cache: Cache, assembly: Assembly, tmp_path: Path
) -> None:
    """A link could lead anywhere later."""
    cache.folder.parent.mkdir()
    cache.folder.symlink_to(tmp_path)

    with pytest.raises(CacheError, match=r"^is not a folder$"):
        cache.get(assembly, SUBMODULES, Builds())


def test_fails_when_there_can_be_no_folder(assembly: Assembly) -> None:
    """A place that cannot be written is said by name."""
    cache = Cache(assembly.path / "cache")

    with pytest.raises(CacheError, match=r"^cannot be used: Not a directory$"):
        cache.get(assembly, SUBMODULES, Builds())


def test_what_a_build_raises_is_passed_on(cache: Cache, assembly: Assembly) -> None:
    """A build that fails leaves nothing, and the next one works."""

    def fail() -> bytes:
        raise KeyError("x")

    with pytest.raises(KeyError):
        cache.get(assembly, SUBMODULES, fail)

    assert b"slim" == cache.get(assembly, SUBMODULES, Builds()).read_bytes()


def test_threads_build_once(cache: Cache, assembly: Assembly) -> None:
    """Who comes second waits and takes what the first has built."""
    started = threading.Barrier(4)
    builds = Builds()

    def get(_: int) -> Path:
        started.wait()
        return cache.get(assembly, SUBMODULES, builds)

    with ThreadPoolExecutor(4) as pool:
        assert len(set(pool.map(get, range(4)))) == 1

    assert builds.count == 1


GET = """
import resource, sys, time
from pathlib import Path
from bindings.cache import Cache, CacheError
from bindings.layout import Assembly

def build():
    print("building", flush=True)
    time.sleep(float(sys.argv[3]))
    return b"x" * 100_000

if sys.argv[4:]:
    resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))
assembly = Assembly(name="a", version="1", path=Path(sys.argv[2]))
try:
    print(Cache(Path(sys.argv[1])).get(assembly, [b"s3Bucket"], build).name)
except CacheError as error:
    print(error)
"""


def get(
    cache: Cache, assembly: Assembly, seconds: str, *limit: str
) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", GET, cache.folder, assembly.path, seconds, *limit],
        cwd=PROJECT,
        stdout=subprocess.PIPE,
        text=True,
    )


def test_killed_build_leaves_the_cache_usable(cache: Cache, assembly: Assembly) -> None:
    """The lock of a dead process holds nobody up."""
    with get(cache, assembly, "60") as killed:
        assert killed.stdout
        killed.stdout.readline()
        killed.send_signal(signal.SIGKILL)
    with get(cache, assembly, "0") as second:
        output = second.communicate(timeout=20)[0].splitlines()

    assert "building" == output[0]
    assert [output[1]] == [entry.path.name for entry in cache.entries()]


def test_processes_build_once(cache: Cache, assembly: Assembly) -> None:
    """Of four processes that start at once one builds."""
    processes = [get(cache, assembly, "0.3") for _ in range(4)]
    outputs = [process.communicate(timeout=20)[0] for process in processes]

    assert "".join(outputs).count("building") == 1
    assert len({output.split()[-1] for output in outputs}) == 1


def test_full_disk_leaves_nothing(cache: Cache, assembly: Assembly) -> None:
    """A file that cannot be written whole does not appear."""
    assert resource.getrlimit(resource.RLIMIT_FSIZE)[0] == resource.RLIM_INFINITY
    with get(cache, assembly, "0", "limited") as limited:
        output = limited.communicate(timeout=20)[0].splitlines()

    assert ["building", "cannot be used: File too large"] == output
    assert ["digests.json", "lock"] == names(cache)


def test_clear(cache: Cache, assembly: Assembly) -> None:
    """Clearing deletes what was cached, and what was left."""
    assert cache.clear() == 0
    cache.get(assembly, SUBMODULES, Builds())
    (cache.folder / "x.tgz1.tmp").touch()
    (cache.folder / "code-v20.0.0-x64-0.bin").touch()

    assert cache.clear() == 1
    assert ["lock"] == names(cache)


def test_clear_takes_known_folders_and_nothing_else(
    cache: Cache, assembly: Assembly, tmp_path: Path
) -> None:
    """What programs keep there goes; what is others' or lies elsewhere stays."""
    cache.get(assembly, SUBMODULES, Builds())
    (cache.folder / "accepted-documents/deep").mkdir(parents=True)
    (cache.folder / "accepted-documents/deep/1").touch()
    (cache.folder / "schemas").mkdir()
    (cache.folder / "schemas/2").touch()
    (cache.folder / "photos").mkdir()
    (cache.folder / "letter.txt").touch()
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere/file").touch()
    (cache.folder / "accepted-documents/link").symlink_to(tmp_path / "elsewhere")

    assert cache.clear() == 1
    assert ["letter.txt", "lock", "photos"] == names(cache)
    assert (tmp_path / "elsewhere/file").is_file()


@pytest.mark.parametrize(
    ("environ", "folder"),
    [
        ({"GATEWAY_BINDINGS_CACHE": "/a", "XDG_CACHE_HOME": "/b"}, "/a"),
        ({"XDG_CACHE_HOME": "/b", "HOME": "/c"}, "/b/cdktf-bindings"),
        ({"HOME": "/c"}, "/c/.cache/cdktf-bindings"),
        ({"GATEWAY_BINDINGS_CACHE": "", "HOME": "/c"}, "/c/.cache/cdktf-bindings"),
    ],
)
def test_folder_is_named_by_the_environment(
    environ: dict[str, str], folder: str
) -> None:
    """One variable chooses the folder; else it is where caches are."""
    assert Path(folder) == cache_folder(environ)


def run_command(*arguments: str, folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "bindings", *arguments],
        cwd=PROJECT,
        env={"GATEWAY_BINDINGS_CACHE": str(folder)},
        capture_output=True,
        text=True,
        check=False,
    )


def test_command_shows_and_clears(cache: Cache, assembly: Assembly) -> None:
    """People see what is cached, its size and whether it is sound."""
    sound = cache.get(assembly, SUBMODULES, Builds(b"x" * 3000))
    damaged = cache.get(assembly, SUBMODULES[:1], Builds(b"y" * 2000))
    damaged.write_bytes(b"z" * 1024)
    shown = run_command(folder=cache.folder).stdout.splitlines()

    assert sorted(
        [
            f"       3 KiB  {sound.name}",
            f"       1 KiB  {damaged.name}  damaged, is built again when needed",
        ]
    ) == sorted(shown[:2])
    assert [f"       4 KiB  in {cache.folder}"] == shown[2:]
    assert f"cleared 2 from {cache.folder}\n" == (
        run_command("clear", folder=cache.folder).stdout
    )
    assert f"       0 KiB  in {cache.folder}\n" == (
        run_command(folder=cache.folder).stdout
    )


def test_command_shows_what_else_is_kept(cache: Cache, assembly: Assembly) -> None:
    """Code and accepted documents are one line, and count in the sum."""
    tarball = cache.get(assembly, SUBMODULES, Builds(b"x" * 3072))
    (cache.folder / "code-v20.0.0-x64-0.bin").write_bytes(b"y" * 2048)
    (cache.folder / "accepted-documents").mkdir()
    (cache.folder / "accepted-documents/0").touch()

    assert [
        f"       3 KiB  {tarball.name}",
        "       2 KiB  in 2 other files",
        f"       5 KiB  in {cache.folder}",
    ] == run_command(folder=cache.folder).stdout.splitlines()
    assert f"cleared 1 from {cache.folder}\n" == (
        run_command("clear", folder=cache.folder).stdout
    )
    assert [f"       0 KiB  in {cache.folder}"] == (
        run_command(folder=cache.folder).stdout.splitlines()
    )


def test_command_says_why_it_fails(cache: Cache) -> None:
    """A folder of others is not cleared."""
    cache.folder.mkdir(parents=True)
    cache.folder.chmod(0o755)
    result = run_command("clear", folder=cache.folder)

    assert 1 == result.returncode
    assert (
        f"error: {cache.folder} is open to other users, run chmod 700 on it\n"
        == result.stderr
    )


def test_command_has_help(tmp_path: Path) -> None:
    """The help names the commands and both variables."""
    text = run_command("--help", folder=tmp_path).stdout

    for part in ("show", "clear", "GATEWAY_BINDINGS_CACHE", "GATEWAY_BINDINGS "):
        assert part in text
