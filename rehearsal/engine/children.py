"""
Run the programs of a rehearsal, so that none outlives it.
"""

import os
import signal
import subprocess
import threading
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path


class StoppedError(Exception):
    """
    Say that a program was not started, or was told to end, since the run is over.
    """


@dataclass(frozen=True, slots=True, kw_only=True)
class Completed:
    """
    What a program said until it ended.

    Args:
        status: its exit status.
        output: what it wrote to stdout.
        errors: what it wrote to stderr.
    """

    status: int
    output: str
    errors: str


class Children:
    """
    The programs that run now, each in a process group of its own.

    A terminal's Ctrl-C reaches only the caller, which decides what it means.
    """

    def __init__(self) -> None:
        # Each with whether it must end by itself.
        self._running: dict[subprocess.Popen[str], bool] = {}
        self._guard = threading.Lock()
        self._stopped = False

    def run(
        self,
        command: Sequence[str],
        *,
        cwd: Path,
        environ: Mapping[str, str],
        told: bool = False,
        gently: bool = False,
    ) -> Completed:
        """
        Run a program to its end.

        Args:
            command: the program and its arguments.
            cwd: the folder in which it runs.
            environ: its variables.
            told: whether what it writes to stderr is for the caller's terminal.
                Defaults to collecting it.
            gently: whether an interrupt only asks it to end by itself. Defaults to
                ending it at once, with what it started.

        Raises:
            StoppedError: the run is over.
            OSError: the program can't be started.
        """
        with self._guard:
            if self._stopped:
                raise StoppedError
            process = subprocess.Popen(  # noqa: S603 (the callers' own programs)
                command,
                cwd=cwd,
                env=environ,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=None if told else subprocess.PIPE,
                text=True,
                encoding="utf-8",
                errors="replace",
                start_new_session=True,
            )
            self._running[process] = gently
        try:
            output, errors = process.communicate()
        finally:
            with self._guard:
                self._running.pop(process)
        if self._stopped:
            raise StoppedError
        return Completed(status=process.returncode, output=output, errors=errors or "")

    def interrupt(self) -> None:
        """
        Let programs finish what they must not leave half done, and start none.
        """
        for process, gently in self._stop():
            if gently:
                process.send_signal(signal.SIGINT)
            else:
                _end(process, signal.SIGTERM)

    def kill(self) -> None:
        """
        End every program and what it started.
        """
        for process, _ in self._stop():
            _end(process, signal.SIGKILL)

    def _stop(self) -> list[tuple[subprocess.Popen[str], bool]]:
        with self._guard:
            self._stopped = True
            return list(self._running.items())


def _end(process: subprocess.Popen[str], number: signal.Signals) -> None:
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, number)
