"""
Load the assemblies into the jsii kernel: the AWS one trimmed, and all before they are
needed.
"""

import functools
import os
import sys
import tempfile
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Any

import jsii
from jsii.errors import JSIIError

from bindings.cache import Cache, CacheError
from bindings.layout import (
    ASSEMBLY,
    PACKAGES,
    InstalledBindings,
    LayoutError,
    find_assembly,
)
from bindings.messages import tell
from bindings.node import node_variables
from bindings.slim import RELEASE_METHOD, RELEASE_TYPE, build_slim

# How long the thread that loads waits for its turn; by default that is 5 ms for each
# of its steps, while the other thread imports modules.
SWITCH_SECONDS = 0.0002


class _SlimAssembly:
    __jsii_type__ = RELEASE_TYPE


class AwsAssembly:
    """
    The AWS assembly in the kernel: slim, or as installed.

    Args:
        bindings: the installed bindings.
        cache: where slim assemblies are kept.
        slim: whether a slim assembly may be loaded.
    """

    def __init__(
        self, bindings: InstalledBindings, cache: Cache, *, slim: bool
    ) -> None:
        self._bindings = bindings
        self._cache = cache
        self._slim = slim
        self._needed: set[str] = set()
        self._loaded = False
        self._temporary = ExitStack()
        self._tarball: Future[Path] | None = None

    def needs(self, submodule: str) -> bool:
        """
        Tell whether a submodule is known to be needed.
        """
        return submodule in self._needed

    def need(self, submodule: str) -> None:
        """
        Add a submodule to what is needed, in the kernel too if that has loaded less.
        """
        self._needed.add(submodule)
        if self._loaded and self._slim:
            self._complete()

    def prepare(self) -> None:
        """
        Begin to build the slim assembly, unless it is cached, on a thread.
        """
        if self._slim:
            pool = ThreadPoolExecutor(1)
            self._tarball = pool.submit(self._slim_tarball)
            pool.shutdown(wait=False)

    def load(self) -> None:
        """
        Load the assembly, slim if what is needed of it is known.
        """
        if self._loaded:
            return
        if self._slim:
            self._slim = self._load_slim()
        if not self._slim:
            self._load_full()
        self._loaded = True

    def _load_slim(self) -> bool:
        try:
            prepared = self._tarball
            tarball = prepared.result() if prepared else self._slim_tarball()
            jsii.load(ASSEMBLY, self._bindings.assembly.version, os.fspath(tarball))
        except (LayoutError, OSError) as error:
            tell(f"{error}; the full assembly is loaded")
        except JSIIError as error:
            tell(f"the kernel refused the slim assembly: {error}")
        else:
            return True
        finally:
            self._temporary.close()
        return False

    def _complete(self) -> None:
        # Objects that exist stay as they are: Node has loaded their classes.
        kernel: Any = jsii.kernel
        kernel.sinvoke(_SlimAssembly, RELEASE_METHOD)
        self._load_full()
        self._slim = False

    def _load_full(self) -> None:
        assembly = self._bindings.assembly
        jsii.load(assembly.name, assembly.version, os.fspath(assembly.path))

    def _slim_tarball(self) -> Path:
        assembly = self._bindings.assembly
        submodules = self._bindings.assembly_submodules(self._needed)
        build = functools.cache(lambda: build_slim(assembly.path, submodules))
        try:
            return self._cache.get(assembly, submodules, build)
        except CacheError as error:
            tell(f"{self._cache.folder} {error}; nothing is kept for the next run")
        folder = self._temporary.enter_context(tempfile.TemporaryDirectory())
        tarball = Path(folder, assembly.path.name)
        tarball.write_bytes(build())
        return tarball


class KernelLoads:
    """
    The order in which the kernel loads assemblies, and when.

    Args:
        aws: the AWS assembly.
        one_process: whether the kernel runs in the process that jsii starts.
        code_cache: where that process keeps what it has compiled. Defaults to keeping
            nothing.
        hold_requests: called with what waits for the loads, it lets each request to the
            kernel wait, and returns what ends that. Defaults to waiting with the first
            load that is asked for.
    """

    def __init__(
        self,
        aws: AwsAssembly,
        *,
        one_process: bool,
        code_cache: Path | None = None,
        hold_requests: Callable[[Callable[[], None]], Callable[[], None]] | None = None,
    ) -> None:
        self._aws = aws
        self._node_variables = functools.partial(
            node_variables, os.environ, one_process=one_process, code_cache=code_cache
        )
        self._hold_requests = hold_requests
        self._thread: threading.Thread | None = None
        self._started = ExitStack()
        self._postponed: list[Callable[[], object]] = []
        loaded: Any = jsii.JSIIAssembly
        self._original: Callable[..., jsii.JSIIAssembly] = loaded.load

    def wrap(self) -> None:
        """
        Come before each load that the generated packages ask for.
        """
        setattr(jsii.JSIIAssembly, "load", staticmethod(self._load))  # noqa: B010

    def start(self) -> None:
        """
        Load all assemblies on a thread, while the program does something else.
        """
        # Only this thread changes the environment, which the other one reads.
        self._started.enter_context(self._node_variables())
        self._thread = threading.Thread(target=self._load_ahead)
        interval = sys.getswitchinterval()
        sys.setswitchinterval(SWITCH_SECONDS)
        self._started.callback(sys.setswitchinterval, interval)
        if self._hold_requests:
            self._started.callback(self._hold_requests(self.wait))
        self._thread.start()

    def wait(self) -> None:
        """
        Wait until all is loaded that was started.
        """
        if self._thread and self._thread is not threading.current_thread():
            self._thread.join()
            self._thread = None
            self._started.close()
            for load in self._postponed:
                load()

    def include(self, submodule: str) -> None:
        """
        See that the kernel has the types of a submodule that is about to be imported.
        """
        if self._aws.needs(submodule):
            return
        self.wait()
        self._aws.need(submodule)

    def _load(self, *args: Any, **options: Any) -> jsii.JSIIAssembly:  # noqa: ANN401
        load = functools.partial(self._load_now, *args, **options)
        if self._thread and self._hold_requests:
            self._postponed.append(load)
            return jsii.JSIIAssembly(*args)
        self.wait()
        return load()

    def _load_now(self, *args: Any, **options: Any) -> jsii.JSIIAssembly:  # noqa: ANN401
        with self._node_variables():
            if args[0] == ASSEMBLY:
                self._aws.load()
            # The kernel ignores what it has loaded already.
            return self._original(*args, **options)

    def _load_ahead(self) -> None:
        loads = [functools.partial(_load_installed, name) for name in PACKAGES[:-1]]
        self._aws.prepare()
        # What fails here fails again, and is raised, where the load is asked for.
        with suppress(Exception):
            for load in (*loads, self._aws.load):
                # A program that has found a mistake does not wait for the rest.
                if threading.main_thread().is_alive():
                    load()


def _load_installed(package: str) -> None:
    assembly = find_assembly(package)
    jsii.load(assembly.name, assembly.version, os.fspath(assembly.path))
