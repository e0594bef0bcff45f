"""
Run the provider in a process of its own, which only this run can reach.

The process listens on a unix socket in a folder that is closed to others, opens no
network connection, and ends when the process that started it does. As a program, this
module is that process.
"""

import json
import os
import shlex
import signal
import subprocess
import sys
import threading
from collections.abc import Collection, Mapping
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self, cast

from rehearsal.errors import RehearsalError
from rehearsal.fixtures import Fixtures, parse_fixtures
from rehearsal.provider.answers import check_answers
from rehearsal.provider.faults import (
    DIED,
    Fault,
    How,
    Operation,
    read_journal,
)
from rehearsal.resource_types.bindings_schema import SchemaSource, load
from rehearsal.resource_types.compared import schema_only

if TYPE_CHECKING:
    from rehearsal.provider.provider import Provider

__all__ = ["Fault", "Server", "start"]

ADDRESS = "registry.terraform.io/hashicorp/aws"
VERSION = "6.25.0"
PROTOCOL = 6

SOCKET = "provider.sock"
SETTINGS = "provider.json"
LOG = "provider.log"
PLUGINS = "plugins"
PLUGIN = f"terraform-provider-aws_v{VERSION}"

# A unix socket's path must fit into 108 bytes, less on other systems.
# https://man7.org/linux/man-pages/man7/unix.7.html
LONGEST_SOCKET = 100

READY = b"ready\n"
ENDING_SECONDS = 5
PARENT_SECONDS = 0.5

# Variables that the process needs to find Python and the cache of schemas; none of AWS.
KEPT_VARIABLES = (
    "GATEWAY_BINDINGS_CACHE",
    "HOME",
    "LANG",
    "LD_LIBRARY_PATH",
    "PATH",
    "TMPDIR",
    "VIRTUAL_ENV",
    "XDG_CACHE_HOME",
)


class Server:
    """
    A running provider.

    Attributes:
        environment: the variables that lead Terraform to it.
        types_schema_only: those of its resource types whose changes nobody compared.

    Args:
        process: the process.
        scratch: its folder.
        environment: the variables that lead Terraform to it.
        types_schema_only: those of its resource types whose changes nobody compared.
    """

    def __init__(
        self,
        process: subprocess.Popen[bytes],
        scratch: Path,
        environment: Mapping[str, str],
        types_schema_only: frozenset[str],
    ) -> None:
        self._process = process
        self._scratch = scratch
        self.environment = environment
        self.types_schema_only = types_schema_only

    @property
    def pid(self) -> int:
        """
        The number of the process.
        """
        return self._process.pid

    def journal(self) -> tuple[Operation, ...]:
        """
        Return what was applied, in order.
        """
        return tuple(read_journal(self._scratch))

    def crash(self) -> str:
        """
        Say in a line how the process ended, nothing while it runs.
        """
        status = self._process.poll()
        if status is None:
            return ""
        if status == DIED:
            return "the simulated provider died where a fault made it"
        said = _last_line(self._scratch / LOG)
        return f"the simulated provider ended with status {status}: {said}"

    def close(self) -> None:
        """
        End the process.
        """
        if self._process.stdin:
            # The process ends when its standard input does.
            with suppress(OSError):
                self._process.stdin.close()
        try:
            self._process.wait(ENDING_SECONDS)
        except subprocess.TimeoutExpired:
            with suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
        for stream in (self._process.stdout, self._process.stderr):
            if stream:
                stream.close()
        for name in (SOCKET, SETTINGS):
            (self._scratch / name).unlink(missing_ok=True)

    def __enter__(self) -> Self:
        """
        Use the running provider.
        """
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """
        End the process.
        """
        self.close()


def start(
    *,
    types: Collection[str] | None,
    fixtures: Fixtures,
    scratch: Path,
    fault: Fault | None = None,
    environ: Mapping[str, str],
) -> Server:
    """
    Start the provider and wait until it answers.

    Args:
        types: the names of the types in the configurations; None for all.
        fixtures: what exists around them.
        scratch: a folder of this run's own.
        fault: where an apply fails. Defaults to nowhere.
        environ: the environment's variables.

    Raises:
        RehearsalError: fixtures that no data source can answer, a cache that cannot be
            used, or a process that ends instead of answering.
    """
    source = load(environ)
    _write_settings(
        source, types=types, fixtures=fixtures, scratch=scratch, fault=fault
    )
    socket = scratch / SOCKET
    if len(os.fsencode(socket)) > LONGEST_SOCKET:
        raise RehearsalError(
            [f"the folder {scratch} has too long a name for a socket, choose another"]
        )
    with (scratch / LOG).open("wb") as log:
        process = _spawn(scratch, environ, log.fileno())
    names = source.resource_names if types is None else types
    unsure = schema_only(source.resource_names & frozenset(names))
    server = Server(process, scratch, _reattach(process.pid, socket), unsure)
    _wait(process, server)
    return server


def install_plugin(
    *,
    types: Collection[str] | None,
    fixtures: Fixtures,
    scratch: Path,
    fault: Fault | None = None,
    environ: Mapping[str, str],
) -> Path:
    """
    Write a folder from which `terraform init -plugin-dir` takes the provider.

    Terraform then starts a process for each configuration of the provider, which a
    configuration with aliases needs: processes that were there before can't tell the
    configurations apart.

    Args:
        types: the names of the types in the configurations; None for all.
        fixtures: what exists around them.
        scratch: a folder of this run's own.
        fault: where an apply fails. Defaults to nowhere.
        environ: the environment's variables.

    Raises:
        RehearsalError: as `start` does.
    """
    _write_settings(
        load(environ), types=types, fixtures=fixtures, scratch=scratch, fault=fault
    )
    folder = scratch / PLUGINS
    machine = os.uname()
    arch = {"x86_64": "amd64", "aarch64": "arm64"}.get(machine.machine, machine.machine)
    place = folder / ADDRESS / VERSION / f"{machine.sysname.lower()}_{arch}"
    place.mkdir(parents=True, exist_ok=True)
    plugin = place / PLUGIN
    code = (
        f"import sys; sys.path.insert(0, {str(_root())!r}); "
        "from rehearsal.provider.server import serve_plugin; "
        f"serve_plugin({str(scratch)!r}, {_kept(environ)!r})"
    )
    command = shlex.join([sys.executable, "-I", "-c", code])
    script = f"#!/bin/sh\nexec {command}\n"
    plugin.write_text(script, encoding="utf-8")
    plugin.chmod(0o700)
    return folder


def _root() -> Path:
    return Path(__file__).parent.parent.parent


def _kept(environ: Mapping[str, str]) -> dict[str, str]:
    return {name: environ[name] for name in KEPT_VARIABLES if name in environ}


def _write_settings(
    source: SchemaSource,
    *,
    types: Collection[str] | None,
    fixtures: Fixtures,
    scratch: Path,
    fault: Fault | None,
) -> None:
    if problems := list(check_answers(source, fixtures)):
        raise RehearsalError(problems)
    scratch.mkdir(mode=0o700, parents=True, exist_ok=True)
    scratch.chmod(0o700)
    settings = {
        "types": None if types is None else sorted(types),
        "fixtures": fixtures.as_table(),
        "fault": asdict(fault) if fault else None,
    }
    path = scratch / SETTINGS
    path.touch(mode=0o600)
    path.write_text(json.dumps(settings, default=str), encoding="utf-8")


def _spawn(
    scratch: Path, environ: Mapping[str, str], log: int
) -> subprocess.Popen[bytes]:
    # -I: neither the working directory nor variables lead to other code than ours.
    code = (
        f"import sys; sys.path.insert(0, {str(_root())!r}); "
        "from rehearsal.provider.server import main; main(sys.argv[1])"
    )
    return subprocess.Popen(  # noqa: S603
        [sys.executable, "-I", "-c", code, str(scratch)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=log,
        env=_kept(environ),
        cwd="/",
        start_new_session=True,
    )


def _wait(process: subprocess.Popen[bytes], server: Server) -> None:
    if process.stdout is None:
        return
    try:
        ready = process.stdout.readline()
    except BaseException:
        server.close()
        raise
    if ready != READY:
        process.wait()
        problem = server.crash()
        server.close()
        raise RehearsalError([problem])


def _reattach(pid: int, socket: Path) -> dict[str, str]:
    reattach = {
        ADDRESS: {
            "Protocol": "grpc",
            "ProtocolVersion": PROTOCOL,
            "Pid": pid,
            "Test": True,
            "Addr": {"Network": "unix", "String": str(socket)},
        }
    }
    return {"TF_REATTACH_PROVIDERS": json.dumps(reattach)}


def _last_line(path: Path) -> str:
    with suppress(OSError):
        lines = path.read_text(encoding="utf-8", errors="replace").split("\n")
        return next(
            (line for line in reversed(lines) if line.strip()), "it said nothing"
        )
    return "it said nothing"


def _provider(scratch: Path, environ: Mapping[str, str]) -> "Provider":
    # The process that starts this one needs no gRPC.
    from rehearsal.provider.provider import Provider  # noqa: PLC0415

    settings = cast("dict[str, object]", json.loads((scratch / SETTINGS).read_bytes()))
    fault = cast("dict[str, object] | None", settings["fault"])
    return Provider(
        load(environ),
        types=cast("list[str] | None", settings["types"]),
        fixtures=parse_fixtures(
            cast("dict[str, object]", settings["fixtures"]), "fixtures"
        ),
        scratch=scratch,
        fault=Fault(cast("int", fault["operation"]), cast("How", fault["how"]))
        if fault
        else None,
    )


def main(folder: str) -> None:
    """
    Serve until standard input ends.
    """
    from rehearsal.provider.service import serve  # noqa: PLC0415

    # A terminal's Ctrl-C goes to Terraform; the run decides when this process ends.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    scratch = Path(folder)
    os.umask(0o077)
    try:
        provider = _provider(scratch, os.environ)
    except RehearsalError as problem:
        sys.stderr.write("; ".join(problem.problems) + "\n")
        raise SystemExit(1) from None
    serving = serve(provider, scratch / SOCKET, shutdown=lambda: None)
    sys.stdout.buffer.write(READY)
    sys.stdout.flush()
    sys.stdin.buffer.read()
    serving.stop(0)
    # Threads of calls that nobody reads any more would be waited for.
    os._exit(0)


def serve_plugin(folder: str, environ: Mapping[str, str]) -> None:
    """
    Serve the Terraform that started this process, until it ends it.
    """
    from rehearsal.provider.service import make_credentials, serve  # noqa: PLC0415

    scratch = Path(folder)
    os.umask(0o077)
    ended = threading.Event()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    socket = scratch / f"plugin-{os.getpid()}.sock"
    credentials, certificate = make_credentials()
    serving = serve(
        _provider(scratch, environ),
        socket,
        shutdown=ended.set,
        credentials=credentials,
    )
    line = f"1|{PROTOCOL}|unix|{socket}|grpc|{certificate}\n"
    sys.stdout.write(line)
    sys.stdout.flush()
    parent = os.getppid()
    while not ended.wait(PARENT_SECONDS) and os.getppid() == parent:
        continue
    serving.stop(0)
    socket.unlink(missing_ok=True)
    os._exit(0)
