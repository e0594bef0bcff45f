"""
Say in environment variables how jsii's Node process is to start.
"""

import functools
import hashlib
import json
import os
import sys
from collections.abc import Generator, Mapping, MutableMapping
from contextlib import contextmanager
from importlib.machinery import PathFinder
from pathlib import Path

# jsii fails where its package cache cannot be written, and can do without one.
NO_PACKAGE_CACHE = {"JSII_RUNTIME_PACKAGE_CACHE": "disabled"}

SCRIPTS = Path(__file__).parent / "node"
HOOKS = SCRIPTS / "hooks.js"
RUNTIME = SCRIPTS / "runtime.js"

# The version on which all this was tried, and the digest of its program.
KNOWN_VERSION = "1.142.0"
KNOWN_PROGRAM = "ae39a922c041b41d2fc0acc0164699f779b7afd48f50aad05b3f70d3b96a0841"


@functools.cache
def program() -> Path:
    """
    Return jsii's program, without importing jsii.
    """
    spec = PathFinder.find_spec("jsii")
    folders = spec.submodule_search_locations if spec else None
    return Path(*list(folders or ())[:1], "_embedded/jsii/lib__program.js")


@functools.cache
def is_known_program() -> bool:
    """
    Tell whether the installed program is the one on which this package was tried.
    """
    try:
        return hashlib.sha256(program().read_bytes()).hexdigest() == KNOWN_PROGRAM
    except OSError:
        return False


def is_known_kernel() -> bool:
    """
    Tell whether the installed jsii is the one on which this package was tried.
    """
    import jsii  # noqa: PLC0415

    return jsii.__version__ == KNOWN_VERSION and is_known_program()


@contextmanager
def node_variables(
    environ: MutableMapping[str, str],
    *,
    one_process: bool,
    code_cache: Path | None = None,
) -> Generator[None]:
    """
    Set for a while the variables that jsii and Node read when the process starts.

    Args:
        environ: the variables.
        one_process: whether the kernel runs in the process that jsii starts.
        code_cache: where that one process keeps what it has compiled. Defaults to
            keeping nothing.
    """
    added = _variables(environ, one_process=one_process, code_cache=code_cache)
    before = {name: environ.get(name) for name in added}
    environ.update(added)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                environ.pop(name, None)
            else:
                environ[name] = value


def _variables(
    environ: Mapping[str, str], *, one_process: bool, code_cache: Path | None
) -> dict[str, str]:
    options = environ.get("NODE_OPTIONS")
    variables = {} if _has_package_cache(environ) else NO_PACKAGE_CACHE
    if one_process and "JSII_RUNTIME" not in environ:
        added = "--preserve-symlinks"
        runtime = {
            "program": os.fspath(program()),
            "nodeOptions": options,
            "codeCache": code_cache and os.fspath(code_cache),
        }
        variables |= {
            "JSII_RUNTIME": os.fspath(RUNTIME),
            "BINDINGS_RUNTIME": json.dumps(runtime),
        }
    else:
        added = f"--require={json.dumps(os.fspath(HOOKS), ensure_ascii=False)}"
    return variables | {"NODE_OPTIONS": f"{options} {added}" if options else added}


def _has_package_cache(environ: Mapping[str, str]) -> bool:
    configured = ("JSII_RUNTIME_PACKAGE_CACHE", "JSII_RUNTIME_PACKAGE_CACHE_ROOT")
    if any(name in environ for name in configured):
        return True
    home = environ.get("HOME") or os.path.expanduser("~")  # noqa: PTH111
    caches = (
        "Library/Caches/com.amazonaws." if sys.platform == "darwin" else ".cache/aws/"
    )
    folder = Path(home, f"{caches}jsii/package-cache")
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError:
        return False
    return os.access(folder, os.W_OK | os.X_OK)
