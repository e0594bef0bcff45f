"""
Run one command and measure it: wall time, CPU time, memory of the process tree.
"""

import contextlib
import os
import select
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from modules.errors import ConfigError

SAMPLE_MILLISECONDS = 20
PROC = Path("/proc")
PAGE_BYTES = os.sysconf("SC_PAGE_SIZE")
SHOWN_LOG_LINES = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Measurement:
    """
    What one run took.

    Attributes:
        wall_seconds: from the start of the first process to its end.
        cpu_seconds: user and system time of all processes.
        tree_peak_bytes: the largest sum of the resident memory of all processes at one
            time. Pages that two processes share count twice.
        process_peak_bytes: the largest resident memory of a single process.
    """

    wall_seconds: float
    cpu_seconds: float
    tree_peak_bytes: int
    process_peak_bytes: int


def measure(
    command: Sequence[str],
    *,
    label: str,
    directory: Path,
    environ: Mapping[str, str],
    log: Path,
) -> Measurement:
    """
    Run a command to its end; nothing that it started outlives this call.

    Args:
        command: the program and its arguments.
        label: the run's name in messages.
        directory: the working directory.
        environ: all its environment variables.
        log: the file for its output.

    Raises:
        ConfigError: the command failed; the message ends with its last lines.
    """
    with log.open("wb") as output:
        started = time.perf_counter()
        process = subprocess.Popen(  # noqa: S603 -- the commands are our own
            command,
            cwd=directory,
            env=environ,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        try:
            tree_peak, process_peak = _watch(process.pid)
            ended = time.perf_counter()
            _, status, usage = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
        finally:
            _end_group(process)
    if process.returncode:
        raise ConfigError([_failure(label, process.returncode, log)])
    return Measurement(
        wall_seconds=ended - started,
        cpu_seconds=usage.ru_utime + usage.ru_stime,
        tree_peak_bytes=tree_peak,
        process_peak_bytes=process_peak,
    )


def resident_bytes(root: int, *, proc: Path = PROC) -> list[int]:
    """
    Return the resident memory of a process and of each of its descendants.

    A process that ends meanwhile is left out.
    Source: https://man7.org/linux/man-pages/man5/proc_pid_statm.5.html

    Args:
        root: the process's id.
        proc: where the kernel shows its processes. Defaults to `/proc`.
    """
    sizes: list[int] = []
    waiting = [root]
    while waiting:
        folder = f"{proc}/{waiting.pop()}"
        with contextlib.suppress(FileNotFoundError, ProcessLookupError):
            sizes.append(int(_read(f"{folder}/statm").split()[1]) * PAGE_BYTES)
            # Each thread lists the children that it started itself.
            for thread in os.listdir(f"{folder}/task"):  # noqa: PTH208 -- read often
                children = _read(f"{folder}/task/{thread}/children")
                waiting.extend(map(int, children.split()))
    return sizes


def _watch(pid: int) -> tuple[int, int]:
    """
    Return the peaks of a process tree and of one process in it, once the root ends.
    """
    tree_peak = process_peak = 0
    descriptor = os.pidfd_open(pid)
    try:
        end = select.poll()
        end.register(descriptor, select.POLLIN)
        while not end.poll(SAMPLE_MILLISECONDS):
            sizes = resident_bytes(pid)
            tree_peak = max(tree_peak, sum(sizes))
            process_peak = max(process_peak, *sizes, 0)
    finally:
        os.close(descriptor)
    return tree_peak, process_peak


def _end_group(process: subprocess.Popen[bytes]) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    if process.returncode is None:
        process.wait()


def _failure(label: str, status: int, log: Path) -> str:
    lines = log.read_text(encoding="utf-8", errors="replace").splitlines()
    last = " / ".join(line.strip() for line in lines[-SHOWN_LOG_LINES:] if line.strip())
    return f"{label}: must exit with status 0, got {status}: {last or 'no output'}"


def _read(file: str) -> bytes:
    with open(file, "rb", buffering=0) as stream:  # noqa: PTH123 -- read often
        return stream.read()
