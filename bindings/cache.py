"""
Keep slim assemblies in a folder of the user's own.

What is kept is code that will run. The folder must belong to the user and be closed to
others; a file carries the digest of its content in its name, which is checked before
each use. Files appear by an atomic rename, so that a build that is killed leaves none.
"""

import fcntl
import hashlib
import json
import os
import shutil
import stat
import tempfile
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from bindings.layout import Assembly

FOLDER_VARIABLE = "GATEWAY_BINDINGS_CACHE"
FOLDER_NAME = "cdktf-bindings"

# Part of each key: an assembly that is trimmed in another way is another file.
FORMAT = 1

SUFFIX = ".tgz"
DIGESTS = "digests.json"
LOCK = "lock"
CODE = "code-*.bin*"

# What programs keep beside the slim assemblies, each in a folder of its own.
ACCEPTED_DOCUMENTS = "accepted-documents"
SCHEMAS = "schemas"


class CacheError(Exception):
    """
    Say why the cache folder is of no use.
    """


@dataclass(frozen=True, slots=True)
class Entry:
    """
    A slim assembly in the cache.

    Args:
        path: the tarball.
        size: its length in bytes.
        sound: whether its content has the digest in its name.
    """

    path: Path
    size: int
    sound: bool


def cache_folder(environ: Mapping[str, str]) -> Path:
    """
    Return the folder that the environment names.
    """
    if named := environ.get(FOLDER_VARIABLE):
        return Path(named).absolute()
    if root := environ.get("XDG_CACHE_HOME"):
        return Path(root, FOLDER_NAME)
    home = environ.get("HOME") or os.path.expanduser("~")  # noqa: PTH111
    return Path(home, ".cache", FOLDER_NAME)


def own_folder(folder: Path) -> Path:
    """
    Return a folder that is the user's own and closed to others, made if need be.

    Raises `CacheError` when it is not, or cannot be made.
    """
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        status = folder.lstat()
    except OSError as error:
        raise CacheError(_reason(error)) from error
    if not stat.S_ISDIR(status.st_mode):
        raise CacheError("is not a folder")
    if status.st_uid != os.geteuid():
        raise CacheError("belongs to another user")
    if stat.S_IMODE(status.st_mode) & 0o077:
        raise CacheError("is open to other users, run chmod 700 on it")
    return folder


@dataclass(frozen=True, slots=True)
class Cache:
    """
    A folder with slim assemblies.

    Args:
        folder: where they are.
    """

    folder: Path

    def get(
        self,
        assembly: Assembly,
        submodules: Iterable[bytes],
        build: Callable[[], bytes],
    ) -> Path:
        """
        Return the tarball of a slim assembly, built unless it is there and sound.

        Raises `CacheError` when the folder is not the user's own, or cannot be written.
        What `build` raises is passed on.
        """
        self._open()
        key = self._key(assembly, submodules)
        if found := self._find(key):
            return found
        with self._locked():
            # Another process may have built it while this one waited.
            return self._find(key) or self._put(key, build())

    def entries(self) -> Iterator[Entry]:
        """
        List what is cached, each digest checked.
        """
        for path in sorted(self.folder.glob(f"*{SUFFIX}")):
            content = path.read_bytes()
            yield Entry(path, len(content), _carries_digest(path, content))

    def others(self) -> Iterator[Path]:
        """
        List what else is cached: compiled code, and what programs keep here.
        """
        yield from sorted(self.folder.glob(CODE))
        for name in (ACCEPTED_DOCUMENTS, SCHEMAS):
            files = (self.folder / name).rglob("*")
            yield from sorted(path for path in files if path.is_file())

    def clear(self) -> int:
        """
        Delete what is cached and return how many slim assemblies that were.

        A folder that somebody chose may hold other things, which stay.

        Raises `CacheError` when the folder is not the user's own.
        """
        if not self.folder.is_dir():
            return 0
        self._open()
        with self._locked():
            assemblies = list(self.folder.glob(f"*{SUFFIX}"))
            code = self.folder.glob(CODE)
            files = (*assemblies, *self._leftovers(), *code, self.folder / DIGESTS)
            for path in files:
                path.unlink(missing_ok=True)
            for name in (ACCEPTED_DOCUMENTS, SCHEMAS):
                shutil.rmtree(self.folder / name, ignore_errors=True)
        return len(assemblies)

    def _open(self) -> None:
        own_folder(self.folder)

    def _key(self, assembly: Assembly, submodules: Iterable[bytes]) -> str:
        parts = (str(FORMAT), assembly.version, self._digest_of(assembly.path))
        text = "\n".join((*parts, *sorted(name.decode() for name in submodules)))
        return f"{assembly.version}-{_digest(text.encode())[:16]}"

    def _digest_of(self, tarball: Path) -> str:
        """
        Return a tarball's digest, computed again only when the file has changed.
        """
        status = tarball.stat()
        stamp = [status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino]
        known = self._known_digests()
        entry = known.get(str(tarball))
        if isinstance(entry, list):
            *known_stamp, digest = cast("list[object]", entry)
            if known_stamp == stamp:
                return str(digest)
        with tarball.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        known = known | {str(tarball): [*stamp, digest]}
        # What is not remembered is computed again.
        with suppress(CacheError):
            self._write(self.folder / DIGESTS, json.dumps(known).encode())
        return digest

    def _known_digests(self) -> dict[str, object]:
        with suppress(OSError, ValueError):
            known = json.loads((self.folder / DIGESTS).read_bytes())
            if isinstance(known, dict):
                return cast("dict[str, object]", known)
        return {}

    def _find(self, key: str) -> Path | None:
        for path in self.folder.glob(f"{key}-*{SUFFIX}"):
            with suppress(OSError):
                if path.lstat().st_uid == os.geteuid() and _carries_digest(
                    path, path.read_bytes()
                ):
                    return path
        return None

    def _put(self, key: str, content: bytes) -> Path:
        damaged = list(self.folder.glob(f"{key}-*{SUFFIX}"))
        for path in (*damaged, *self._leftovers()):
            path.unlink(missing_ok=True)
        path = self.folder / f"{key}-{_digest(content)}{SUFFIX}"
        self._write(path, content)
        return path

    def _write(self, path: Path, content: bytes) -> None:
        temporary = None
        try:
            handle, temporary = tempfile.mkstemp(".tmp", path.name, self.folder)
            with os.fdopen(handle, "wb") as file:
                file.write(content)
            os.replace(temporary, path)  # noqa: PTH105
        except OSError as error:
            if temporary:
                with suppress(OSError):
                    os.unlink(temporary)  # noqa: PTH108
            raise CacheError(_reason(error)) from error

    def _leftovers(self) -> Iterator[Path]:
        # Whoever holds the lock is the only one who builds.
        return self.folder.glob(f"*{SUFFIX}*.tmp")

    @contextmanager
    def _locked(self) -> Generator[None]:
        # The system releases the lock of a process that dies.
        try:
            handle = os.open(self.folder / LOCK, os.O_CREAT | os.O_RDWR, 0o600)
        except OSError as error:
            raise CacheError(_reason(error)) from error
        try:
            with suppress(OSError):
                fcntl.flock(handle, fcntl.LOCK_EX)
            yield
        finally:
            os.close(handle)


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _carries_digest(path: Path, content: bytes) -> bool:
    return path.name.endswith(f"-{_digest(content)}{SUFFIX}")


def _reason(error: OSError) -> str:
    return f"cannot be used: {error.strerror or error}"
