"""
Start Node before jsii is imported, which takes Python as long as Node takes to start.

jsii starts the process itself, with a call that is answered here with the process that
runs already, if it was started just so. Private, like `bindings.guarded`.
"""

import atexit
import os
import platform
import subprocess
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from types import ModuleType
from typing import Any, cast

from bindings.node import node_variables

ENDING_SECONDS = 5


class EarlyNode:
    """
    A Node process with jsii's program, until jsii asks for one.

    Args:
        code_cache: where it keeps what it has compiled. Defaults to keeping nothing.
    """

    def __init__(self, code_cache: Path | None = None) -> None:
        with node_variables(os.environ, one_process=True, code_cache=code_cache):
            self._environ = {
                **os.environ,
                "JSII_AGENT": f"Python/{platform.python_version()}",
            }
        self._command = [
            self._environ.get("JSII_NODE", "node"),
            "--max-old-space-size=4069",
            self._environ["JSII_RUNTIME"],
        ]
        self._process: subprocess.Popen[bytes] | None = None
        # Where there is no Node, jsii says so.
        with suppress(OSError):
            self._process = subprocess.Popen(  # noqa: S603
                self._command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                env=self._environ,
            )
            atexit.register(self.end)

    def give_to(self, module: ModuleType) -> None:
        """
        Let a module that starts the process get this one.
        """
        names: dict[str, Any] = vars(module)
        stand_in = ModuleType(subprocess.__name__)
        vars(stand_in).update(vars(subprocess), Popen=self._popen)
        names["subprocess"] = stand_in

    def end(self) -> None:
        """
        End the process, unless somebody has it.
        """
        process, self._process = self._process, None
        if process is not None:
            for pipe in (process.stdin, process.stdout, process.stderr):
                if pipe:
                    pipe.close()
            try:
                process.wait(ENDING_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()

    def _popen(
        self,
        command: Sequence[str],
        **options: Any,  # noqa: ANN401
    ) -> "subprocess.Popen[bytes]":
        process = self._process
        environ = cast("Mapping[str, str] | None", options.get("env"))
        if process and command == self._command and environ == self._environ:
            self._process = None
            return process
        self.end()
        return cast(
            "subprocess.Popen[bytes]",
            subprocess.Popen(command, **options),  # noqa: S603
        )
