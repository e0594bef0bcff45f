"""
Decide how the AWS bindings are loaded, once for a process.
"""

import atexit
import gc
import os
import sys
from collections.abc import Iterable, Mapping
from contextlib import suppress
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

from bindings.imports import (
    SubmoduleFinder,
    imported_submodules,
    install_finder,
)
from bindings.layout import PACKAGE, InstalledBindings, LayoutError, find_bindings
from bindings.messages import tell

if TYPE_CHECKING:
    from bindings.ahead import EarlyNode

LEVEL_VARIABLE = "GATEWAY_BINDINGS"

# Python's default of 700 looks at every object again and again while classes are made.
COLLECTED_FIRST = 400_000


class Level(StrEnum):
    """
    How far from stock loading to go; each level includes those before it.
    """

    STOCK = "stock"
    LAZY = "lazy"
    SLIM = "slim"
    GUARDED = "guarded"

    def includes(self, other: "Level") -> bool:
        """
        Tell whether this level does what another does.
        """
        levels = list(Level)
        return levels.index(self) >= levels.index(other)


class Activation:
    """
    What a process has been told about the bindings it will import.

    Args:
        bindings: the installed bindings.
        level: how far to go.
        environ: the variables that name the cache folder.
        slim: whether it is known what will be imported.
        ahead: whether Node may start before it is needed.
    """

    def __init__(
        self,
        bindings: InstalledBindings,
        level: Level,
        environ: Mapping[str, str],
        *,
        slim: bool,
        ahead: bool,
    ) -> None:
        from bindings.cache import Cache, cache_folder  # noqa: PLC0415
        from bindings.node import is_known_kernel, is_known_program  # noqa: PLC0415

        folder = cache_folder(environ)
        trimmed = slim and level.includes(Level.SLIM) and is_known_program()
        code_cache = _own_folder(folder) if trimmed else None
        guarded = level.includes(Level.GUARDED)
        early = None
        if ahead and trimmed and guarded:
            early = _start_node(environ, code_cache)

        # Importing these imports jsii, while Node starts.
        from bindings.guarded import HintedLoader, hold_requests, spare  # noqa: PLC0415
        from bindings.kernel import AwsAssembly, KernelLoads  # noqa: PLC0415
        from bindings.recognised_mocks import import_typeguard  # noqa: PLC0415

        import_typeguard()
        known = is_known_kernel()
        if not known:
            tell("this version of jsii is not known; the full assembly is loaded")
        guarded = guarded and known
        if guarded:
            spare(early)
        self._aws = AwsAssembly(bindings, Cache(folder), slim=trimmed and known)
        self._loads = KernelLoads(
            self._aws,
            one_process=known,
            code_cache=code_cache,
            hold_requests=hold_requests if guarded else None,
        )
        self._loads.wrap()
        loader = HintedLoader if guarded else None
        install_finder(SubmoduleFinder(bindings, self._loads.include, loader))

    def need(self, submodules: Iterable[str], *, ahead: bool) -> None:
        """
        Add submodules that will be imported, and start loading them if told so.
        """
        for submodule in submodules:
            self._loads.include(submodule)
        # A kernel that runs already has loaded what can be loaded ahead.
        if ahead and "constructs" not in sys.modules:
            self._loads.start()


def _own_folder(folder: Path) -> Path | None:
    from bindings.cache import CacheError, own_folder  # noqa: PLC0415

    # What is wrong with the folder is told where the slim assembly is kept.
    with suppress(CacheError):
        return own_folder(folder)
    return None


def _start_node(
    environ: Mapping[str, str], code_cache: Path | None
) -> "EarlyNode | None":
    from bindings.ahead import EarlyNode  # noqa: PLC0415

    # Who chose a program, or has jsii, starts Node another way.
    if "JSII_RUNTIME" in environ or "jsii" in sys.modules or environ is not os.environ:
        return None
    return EarlyNode(code_cache)


# What the first call decided: an activation, or to load as installed.
_decided: list[Activation | None] = []


def activate(
    *,
    scan: str | Path | None = None,
    submodules: Iterable[str] = (),
    ahead: bool = False,
    environ: Mapping[str, str] = os.environ,
) -> None:
    """
    Load of the AWS bindings only what is used, from now on and in this process.

    Call it before cdktf is imported. What is named here is known before the assembly is
    loaded, which can then be trimmed to it. If another submodule is imported later, the
    assembly is loaded as installed. A second call adds to the first.

    Args:
        scan: a Python file; what it imports of the bindings is named. Defaults to none.
        submodules: more names, such as `s3_bucket`. Defaults to none. With neither, the
            assembly is loaded as installed, its code on first use.
        ahead: whether to load the assemblies at once, on a thread. Defaults to loading
            them when cdktf is imported.
        environ: the variables that are read. Defaults to the process's own.
    """
    named = {*submodules, *(imported_submodules(Path(scan)) if scan else ())}
    if not _decided:
        _decided.append(_new_activation(environ, slim=bool(named), ahead=ahead))
    for activation in filter(None, _decided):
        activation.need(named, ahead=ahead)


def _new_activation(
    environ: Mapping[str, str], *, slim: bool, ahead: bool
) -> Activation | None:
    value = environ.get(LEVEL_VARIABLE, "") or Level.GUARDED
    if value not in list(Level):
        tell(
            f"{LEVEL_VARIABLE} must be one of {', '.join(Level)}, got {value!r}; "
            "loading as installed"
        )
        return None
    level = Level(value)
    if level is Level.STOCK or PACKAGE in sys.modules:
        return None
    if os.name != "posix":
        tell("only POSIX systems are known; loading as installed")
        return None
    try:
        bindings = find_bindings()
    except LayoutError as error:
        tell(f"{error}; loading as installed")
        return None
    _collect_less()
    return Activation(bindings, level, environ, slim=slim, ahead=ahead)


def _collect_less() -> None:
    first, *others = gc.get_threshold()
    if 0 < first < COLLECTED_FIRST:
        gc.set_threshold(COLLECTED_FIRST, *others)
    # Python would look at every object once more before it ends.
    atexit.register(gc.freeze)
