"""
The command line that rehearsals have in common: options, signals, and what is written.
"""

import argparse
import json
import os
import shutil
import signal
import sys
import tempfile
import tomllib
from collections.abc import Callable, Generator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import NoReturn, Self, TextIO, TypeVar

from rehearsal.engine.children import Children, StoppedError
from rehearsal.engine.real_state import read_state
from rehearsal.engine.state_backend import serve_states
from rehearsal.errors import RehearsalError
from rehearsal.plans.changes import Plan, parse_plan
from rehearsal.plans.summary import render_schema_only, render_summary
from rehearsal.plans.verify import differences_of
from rehearsal.progress import Progress
from rehearsal.session import (
    Report,
    Request,
    Session,
    TerraformError,
    prepare_terraform,
    rehearse,
    validate,
)

FIRST_LINE = (
    "This is a rehearsal, not a plan of a real account: Terraform's own engine against "
    "a simulated AWS provider."
)
# Two rehearsals keep two cores busy.
AT_ONCE = 2
# Steps that others wait for: Terraform's start and both synths.
AHEAD = 4
STOPPED = 130
# The provider's socket lies in the scratch folder, and its path must be short.
LONGEST_PLACE = 48
STDOUT = "-"

Result = TypeVar("Result")


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """
    What the options that all rehearsals have say.

    Args:
        state: a copy of a real state to start from.
        fixtures: a TOML file with fixtures.
        account: the simulated account's id.
        region: its region.
        json: where the plan's JSON goes; `-` is stdout.
        verify: a real plan to compare with.
        validate: whether to validate only.
        keep: whether the scratch folder stays.
    """

    state: Path | None
    fixtures: Path | None
    account: str | None
    region: str | None
    json: str | None
    verify: Path | None
    validate: bool
    keep: bool

    def read_state(self) -> bytes | None:
        """
        Return the state to start from.

        Raises:
            RehearsalError: it is not one that a rehearsal can start from.
        """
        return read_state(self.state) if self.state else None

    def read_fixtures(self) -> dict[str, object]:
        """
        Return the fixtures that the options give.

        Raises:
            RehearsalError: the file is not readable, or not TOML.
        """
        table = _read_toml(self.fixtures) if self.fixtures else {}
        given = {"account_id": self.account, "region": self.region}
        return {**table, **{k: v for k, v in given.items() if v is not None}}


class Parser(argparse.ArgumentParser):
    """
    Say wrong usage in one line, and where to read on.
    """

    def error(self, message: str) -> NoReturn:
        sys.stderr.write(f"error: {message}\ntry: {self.prog} --help\n")
        raise SystemExit(2)


def add_options(parser: argparse.ArgumentParser) -> None:
    """
    Add the options that all rehearsals have.
    """
    parser.add_argument("--state", type=Path, metavar="FILE")
    parser.add_argument("--fixtures", type=Path, metavar="FILE")
    parser.add_argument("--account", metavar="ID")
    parser.add_argument("--region", metavar="REGION")
    parser.add_argument("--json", metavar="FILE")
    parser.add_argument("--verify", type=Path, metavar="PLAN")
    parser.add_argument("--validate", action="store_true")
    parser.add_argument("--keep", action="store_true")


def read_options(
    parsed: argparse.Namespace, *, parser: argparse.ArgumentParser, several: bool
) -> Options:
    """
    Return the options, or end with status 2 when they do not go together.

    Args:
        parsed: what the parser read.
        parser: the parser.
        several: whether more than one configuration is rehearsed.
    """
    if parsed.base is not None and parsed.state is not None:
        parser.error("--base and --state are two bases: give one of them")
    if several and (parsed.state or parsed.verify):
        name = "--state" if parsed.state else "--verify"
        parser.error(f"{name} is of one configuration, got several")
    for name in ("base", "state", "json", "verify"):
        if parsed.validate and getattr(parsed, name) is not None:
            parser.error(f"--{name} needs a plan, which --validate does not make")
    names = Options.__dataclass_fields__
    return Options(**{name: getattr(parsed, name) for name in names})


class Work:
    """
    Do steps beside each other.

    Args:
        executor: the threads that do them.
    """

    def __init__(self, executor: ThreadPoolExecutor) -> None:
        self._executor = executor

    def begin(self, step: Callable[[], Result]) -> Callable[[], Result]:
        """
        Begin a step, and return what waits for its end and returns its result.
        """
        return self._executor.submit(step).result


Prepare = Callable[[Session, Work], Sequence[Request]]


def run(
    prepare: Prepare,
    *,
    options: Options,
    environ: Mapping[str, str],
    stdout: TextIO,
    stderr: TextIO,
    also: Path | None = None,
) -> int:
    """
    Rehearse, write what came of it, and return the exit status.

    Args:
        prepare: a function that returns what to rehearse.
        options: what all rehearsals share.
        environ: the caller's variables.
        stdout: where plans and summaries go.
        stderr: where progress and errors go.
        also: a Terraform to fall back on. Defaults to none.
    """
    writer = _Writer(options, stdout, stderr)
    children = Children()
    with _signals_raise(), _scratch(options, stderr) as scratch, _Pools() as pools:
        try:
            with serve_states() as backend:
                terraform = pools.ahead.submit(
                    prepare_terraform,
                    environ,
                    children=children,
                    backend=backend,
                    scratch=scratch,
                    also=also,
                )
                session = Session(
                    scratch=scratch,
                    children=children,
                    backend=backend,
                    environ=environ,
                    progress=Progress(stderr),
                    terraform=terraform,
                    colour=writer.colour,
                )
                try:
                    return _run(prepare, session, writer, pools)
                except BrokenPipeError:
                    # The reader (`head`) has seen enough; Python flushes once more.
                    os.dup2(os.open(os.devnull, os.O_WRONLY), stdout.fileno())
                    return 1
                except (KeyboardInterrupt, StoppedError):
                    stderr.write("stopping, once Terraform has ended ...\n")
                    return _stop(children, pools)
        finally:
            children.interrupt()


def _run(prepare: Prepare, session: Session, writer: "_Writer", pools: "_Pools") -> int:
    do = validate if writer.options.validate else rehearse
    try:
        real = writer.read_real_plan()
        requests = prepare(session, Work(pools.ahead))
    except RehearsalError as error:
        return writer.write_problems(error.problems)
    writer.begin()
    pending = [(each, pools.rehearsals.submit(do, session, each)) for each in requests]
    statuses = [writer.write(request, future, real) for request, future in pending]
    return max(*statuses, writer.end(), 0)


def _stop(children: Children, pools: "_Pools") -> int:
    """
    Let Terraform finish what it must not leave half done, unless it is asked again.
    """
    children.interrupt()
    try:
        pools.wait()
    except KeyboardInterrupt:
        children.kill()
    return STOPPED


class _Pools:
    """
    The threads: of steps that are begun ahead, and of whole rehearsals.
    """

    def __init__(self) -> None:
        self.ahead = ThreadPoolExecutor(AHEAD)
        self.rehearsals = ThreadPoolExecutor(AT_ONCE)

    def wait(self) -> None:
        """
        Wait for what has begun, and begin nothing more.
        """
        for pool in (self.rehearsals, self.ahead):
            pool.shutdown(wait=True, cancel_futures=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.wait()


class _Writer:
    """
    Write what comes of rehearsals, in the order in which they were asked for.
    """

    def __init__(self, options: Options, stdout: TextIO, stderr: TextIO) -> None:
        self.options = options
        self._stdout = stdout
        self._stderr = stderr
        self._text = stderr if options.json == STDOUT else stdout
        self._plans: dict[str, str] = {}
        self._told: set[str] = set()
        self.colour = self._text.isatty() and "NO_COLOR" not in os.environ

    def read_real_plan(self) -> Plan | None:
        """
        Return the plan to compare with.
        """
        file = self.options.verify
        if file is None:
            return None
        try:
            return parse_plan(file.read_bytes(), where=str(file))
        except OSError as error:
            problem = f"{file}: must be readable: {error.strerror}"
            raise RehearsalError([problem]) from error

    def begin(self) -> None:
        """
        Write that nothing of this is real.
        """
        self._text.write(f"{FIRST_LINE}\n")
        self._text.flush()

    def write(
        self, request: Request, future: "Future[Report]", real: Plan | None
    ) -> int:
        """
        Write what came of a request, and return its exit status.
        """
        try:
            report = future.result()
        except RehearsalError as error:
            return self.write_problems(error.problems)
        except TerraformError as error:
            self._text.flush()
            self._stderr.write(f"error: {error.what}: Terraform says:\n")
            self._stderr.write(error.completed.errors or error.completed.output)
            self._stderr.flush()
            return 1
        about = request.about if report.changes else "validated"
        self._text.write(f"\n{request.name}: {about}\n\n{report.text}\n")
        if report.changes is None:
            self._text.write(render_schema_only(report.schema_only))
            return 0
        self._plans[report.name] = report.plan
        self._text.write(
            render_summary(report.name, report.changes, schema_only=report.schema_only)
        )
        status = self._write_differences(report.changes, real) if real else 0
        self._text.flush()
        return status

    def write_problems(self, problems: Sequence[str]) -> int:
        """
        Write one line for each problem; one that several rehearsals have, once.
        """
        self._text.flush()
        new = [problem for problem in problems if problem not in self._told]
        self._told.update(new)
        self._stderr.writelines(f"error: {problem}\n" for problem in new)
        self._stderr.flush()
        return 1

    def end(self) -> int:
        """
        Write the plans as JSON: the only one as it is, several by their names.
        """
        if self.options.json is None or not self._plans:
            return 0
        plans = list(self._plans.values())
        content = plans[0]
        if len(plans) > 1:
            pairs = (f"{json.dumps(k)}: {v.strip()}" for k, v in self._plans.items())
            content = f"{{{', '.join(pairs)}}}\n"
        if self.options.json == STDOUT:
            self._stdout.write(content)
            self._stdout.flush()
            return 0
        try:
            Path(self.options.json).write_text(content, encoding="utf-8")
        except OSError as error:
            problem = f"{self.options.json}: must be writable: {error.strerror}"
            return self.write_problems([problem])
        return 0

    def _write_differences(self, rehearsed: Plan, real: Plan) -> int:
        differences = differences_of(rehearsed, real)
        title = f"differences from {self.options.verify}: {len(differences) or 'none'}"
        self._text.write(f"\n  {title}\n")
        self._text.writelines(f"    {difference}\n" for difference in differences)
        return 1 if differences else 0


@contextmanager
def _scratch(options: Options, stderr: TextIO) -> Generator[Path]:
    """
    Make a folder that nobody else can read, and remove it in the end.
    """
    usual = os.fsencode(tempfile.gettempdir())
    place = None if len(usual) <= LONGEST_PLACE else "/tmp"  # noqa: S108 (mkdtemp's own)
    folder = Path(tempfile.mkdtemp(prefix="rehearsal-", dir=place)).resolve()
    try:
        yield folder
    finally:
        if options.keep:
            stderr.write(f"kept: {folder}\n")
        else:
            shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _signals_raise() -> Generator[None]:
    """
    Let an end from outside take the way of Ctrl-C, and nothing break into the end.
    """

    def stop(_number: int, _frame: FrameType | None) -> NoReturn:
        raise KeyboardInterrupt

    numbers = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    before = {number: signal.signal(number, stop) for number in numbers}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _read_toml(file: Path) -> dict[str, object]:
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise RehearsalError([f"{file}: must be readable: {error.strerror}"]) from error
    except ValueError as error:
        raise RehearsalError([f"{file}: must be TOML: {error}"]) from error
