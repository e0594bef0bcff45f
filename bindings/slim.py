"""
Trim the jsii assembly of the AWS bindings to some of its submodules.

What is kept is as installed, but for what the kernel does not read: documentation,
source positions and source maps.
"""

import gzip
import io
import json
import re
import tarfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from bindings.layout import ASSEMBLY, LayoutError

# A type of the assembly, which is JSON indented by two spaces.
TYPE = re.compile(rb'\n    "(@cdktf/provider-aws\.([^".]+)\.[^"]+)": (?=\{\n)')
TYPE_END = b"\n    }"
TYPES_START = b'\n  "types": {'
TYPES_END = b"\n  }"
REFERENCE = re.compile(rb'"@cdktf/provider-aws\.([^".]+)\.')
POSITION = re.compile(rb'"filename": "src/([\w-]+)/')
REQUIRE = re.compile(rb"""require\(["'](\.[^"']*)["']\)""")

EAGER_INDEX = "lib/index.js"
LAZY_INDEX = "lib/lazy-index.js"
EXPORTS = re.compile(
    rb"^(?:Object\.defineProperty\(exports, '|exports\.)(\w+)(?:'| = require)",
    re.MULTILINE,
)

EXPORT = re.compile(rb"Object\.defineProperty\(exports, .*require\('\./([\w-]+)'\)")
SOURCE_MAP = re.compile(rb"\n//# sourceMappingURL=data:[^\n]*")

UNREAD = frozenset({"docs", "locationInModule", "readme", "submodules"})

# The class through which Python asks the slim package to make room for the full one.
RELEASE_TYPE = f"{ASSEMBLY}.SlimAssembly"
RELEASE_METHOD = "release"
RELEASE: dict[str, Any] = {
    "assembly": ASSEMBLY,
    "fqn": RELEASE_TYPE,
    "kind": "class",
    "methods": [{"name": RELEASE_METHOD, "static": True}],
    "name": "SlimAssembly",
}
RELEASE_SCRIPT = b"""
exports.SlimAssembly = class {
  // The kernel loads an assembly again only if its folder is gone.
  static release() {
    const all = Object.getOwnPropertyDescriptors(require('./lazy-index'));
    for (const [name, descriptor] of Object.entries(all)) {
      if (!(name in exports)) Object.defineProperty(exports, name, descriptor);
    }
    const folder = require('path').dirname(__dirname);
    require('fs').renameSync(folder, `${folder}-slim`);
  }
};
"""

# Larger pieces are slower: tarfile copies what is left of each.
PIECE = 1 << 14


@dataclass(slots=True)
class _Kept:
    directories: frozenset[str]
    files: dict[str, bytes | bytearray]


def build_slim(tarball: Path, submodules: frozenset[bytes]) -> bytes:
    """
    Return a tarball with these submodules of an assembly, the same bytes each time.

    Raises `LayoutError` for a tarball that is not laid out as this package knows it.

    Args:
        tarball: the assembly as installed.
        submodules: the assembly's names of what to keep.
    """
    try:
        kept = _read(tarball, submodules)
        _check_files(kept)
    except (tarfile.TarError, EOFError, OSError, KeyError, ValueError) as error:
        raise LayoutError(f"{tarball.name} could not be read: {error}") from error
    return _write(kept)


def _read(tarball: Path, submodules: frozenset[bytes]) -> _Kept:
    kept = None
    with tarfile.open(tarball, "r|gz", bufsize=PIECE) as archive:
        for member in archive:
            name = member.name.removeprefix("package/")
            if name == ".jsii":
                kept = _trim(_content(archive, member), submodules)
            elif kept is None:
                raise LayoutError(f"{tarball.name} does not begin with .jsii")
            elif _is_kept(name, kept.directories):
                kept.files[name] = SOURCE_MAP.sub(b"", _content(archive, member))
            # The rest of the archive, a third of it, is declarations for TypeScript.
            if name == "package.json":
                break
    if kept is None:
        raise LayoutError(f"{tarball.name} is empty")
    return kept


def _content(archive: tarfile.TarFile, member: tarfile.TarInfo) -> bytearray:
    content = bytearray(member.size)
    reader = archive.extractfile(member)
    if reader is None:
        raise LayoutError(f"{member.name} is not a file")
    # Read at once, the largest member would be in memory twice.
    for start in range(0, member.size, 1 << 20):
        piece = reader.read(1 << 20)
        content[start : start + len(piece)] = piece
    return content


def _is_kept(name: str, directories: frozenset[str]) -> bool:
    if name in {"LICENSE", "package.json", EAGER_INDEX, LAZY_INDEX}:
        return True
    parts = name.split("/")
    return parts[0] == "lib" and parts[1] in directories and name.endswith(".js")


def _trim(text: bytearray, submodules: frozenset[bytes]) -> _Kept:
    types: dict[str, Any] = {RELEASE_TYPE: RELEASE}
    directories: set[str] = set()
    missing = set(submodules)
    for name, submodule, definition in _types(text, submodules):
        missing.discard(submodule)
        strangers = set(REFERENCE.findall(definition)) - submodules
        if strangers:
            raise LayoutError(f"{name} refers to {sorted(strangers)}")
        directories |= {d.decode() for d in POSITION.findall(definition)}
        types[name] = _without_unread(json.loads(definition))
    if missing:
        raise LayoutError(f"no types of {sorted(missing)}")
    assembly = _without_unread(_frame(text)) | {"types": types}
    jsii = json.dumps(assembly, separators=(",", ":"))
    return _Kept(frozenset(directories), {".jsii": jsii.encode()})


def _types(
    text: bytearray, submodules: frozenset[bytes]
) -> Iterator[tuple[str, bytes, bytearray]]:
    for match in TYPE.finditer(text):
        submodule = bytes(match[2])
        if submodule in submodules:
            end = text.index(TYPE_END, match.end()) + len(TYPE_END)
            yield match[1].decode(), submodule, text[match.end() : end]


def _frame(text: bytearray) -> dict[str, Any]:
    start = text.index(TYPES_START) + len(TYPES_START)
    return json.loads(text[:start] + text[text.rindex(TYPES_END) :])


def _without_unread(value: Any) -> Any:  # noqa: ANN401
    if isinstance(value, dict):
        members = cast("dict[str, Any]", value).items()
        return {k: _without_unread(v) for k, v in members if k not in UNREAD}
    if isinstance(value, list):
        return [_without_unread(item) for item in cast("list[Any]", value)]
    return value


def _check_files(kept: _Kept) -> None:
    """
    Check that both indexes name the same submodules, and that each file that a kept one
    requires is kept.
    """
    lazy, eager = kept.files[LAZY_INDEX], kept.files.pop(EAGER_INDEX)
    names = EXPORTS.findall(lazy)
    if not names or sorted(names) != sorted(EXPORTS.findall(eager)):
        raise LayoutError(f"{EAGER_INDEX} and {LAZY_INDEX} differ in what they export")
    for name, content in kept.files.items():
        if name == LAZY_INDEX or not name.endswith(".js"):
            continue
        for required in REQUIRE.findall(content):
            path = f"{Path(name).parent}/{required.decode().removeprefix('./')}"
            if not {path, f"{path}.js", f"{path}/index.js"} & kept.files.keys():
                raise LayoutError(f"{name} requires {required.decode()}")
    needed = {f"lib/{directory}/index.js" for directory in kept.directories}
    missing = needed - kept.files.keys()
    if missing:
        raise LayoutError(f"there is no {min(missing)}")


def _write(kept: _Kept) -> bytes:
    exports = (
        line
        for line in kept.files[LAZY_INDEX].splitlines(keepends=True)
        if (match := EXPORT.match(line)) and match[1].decode() in kept.directories
    )
    index = b"".join((b'"use strict";\n', *exports, RELEASE_SCRIPT))
    files = kept.files | {EAGER_INDEX: index}
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w", format=tarfile.USTAR_FORMAT) as archive:
        for name, content in sorted(files.items()):
            member = tarfile.TarInfo(f"package/{name}")
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
    return gzip.compress(packed.getvalue(), compresslevel=6, mtime=0)
