"""
Rehearse configurations: what all of them share, and the steps of each.
"""

import hashlib
import io
import re
from collections.abc import Callable, Collection, Generator, Mapping
from concurrent.futures import Future
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from rehearsal.engine.children import Children, Completed
from rehearsal.engine.configuration import Configuration
from rehearsal.engine.real_state import types_in
from rehearsal.engine.simulation import Simulation, initialise
from rehearsal.engine.state_backend import StateBackend, serve_states
from rehearsal.engine.terraform import Terraform, clean_environment, find_terraform
from rehearsal.engine.workspace import Workspace, adopt, check_configuration, copy
from rehearsal.errors import RehearsalError
from rehearsal.fixtures import Fixtures
from rehearsal.plans.changes import Plan, parse_plan
from rehearsal.progress import Progress
from rehearsal.provider.server import Fault, Server, install_plugin, start
from rehearsal.resource_types.bindings_schema import load
from rehearsal.resource_types.compared import schema_only

# The folder in which the backend is chosen, once for all rehearsals.
INITIALISED = "_init"

_SHORT = re.compile(r"[a-z0-9][a-z0-9-]{0,15}")
_COLOURS = re.compile(r"\x1b\[[0-9;]*m")
_READING = re.compile(r".*: (?:Still r|R)ead(?:ing\.\.\.| complete after ).*")


class TerraformError(Exception):
    """
    Carry Terraform's own words about a configuration that it refuses.

    Attributes:
        what: what Terraform was to do.
        completed: what it said.

    Args:
        what: what Terraform was to do.
        completed: what it said.
    """

    def __init__(self, what: str, completed: Completed) -> None:
        self.what = what
        self.completed = completed
        super().__init__(f"{what}: Terraform failed with status {completed.status}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """
    A configuration to rehearse.

    Args:
        name: what it is called.
        fixtures: what the simulated account and the remote states hold.
        about: what it is planned against, in a few words.
        head: a function that returns the configuration; it may wait.
        base: a function that returns the configuration that is applied first, or none
            where nothing was there. Defaults to none.
        state: a state to start from. Defaults to nothing.
        expected_types: the types that the configurations will name, as far as that is
            known before they are read. Defaults to not known.
        generated: whether the configurations lie in the scratch folder already, and
            need not be copied. Defaults to no.
        arguments: arguments for Terraform's commands, such as `-var-file=FILE`.
            Defaults to none.
    """

    name: str
    about: str
    fixtures: Fixtures
    head: Callable[[], Configuration]
    base: Callable[[], Configuration | None] | None = None
    state: bytes | None = None
    expected_types: Collection[str] = ()
    generated: bool = False
    arguments: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """
    What became of a request.

    Args:
        name: what was rehearsed.
        text: Terraform's own text.
        schema_only: the types in the plan whose changes nobody compared with a real
            provider's. Defaults to none.
        plan: the plan as Terraform writes it; empty after a validation.
        changes: what the plan changes; none after a validation.
    """

    name: str
    text: str
    schema_only: tuple[str, ...] = ()
    plan: str = ""
    changes: Plan | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """
    What rehearsals share.

    Args:
        scratch: the folder that everything is written to.
        children: the programs that run.
        backend: what keeps the states.
        environ: the caller's variables.
        progress: where long steps are told.
        terraform: Terraform, once it has chosen the backend.
        colour: whether Terraform's texts are coloured. Defaults to no.
    """

    scratch: Path
    children: Children
    backend: StateBackend
    environ: Mapping[str, str]
    progress: Progress
    terraform: "Future[Terraform]"
    colour: bool = False

    def folder(self, name: str) -> Path:
        """
        Return the scratch folder of one rehearsal.

        No rehearsal has one whose name begins with an underscore.
        """
        folder = self.scratch / slot_of(name)
        folder.mkdir(exist_ok=True, parents=True)
        return folder

    @contextmanager
    def simulate(
        self,
        name: str,
        *,
        types: Collection[str],
        fixtures: Fixtures,
        fault: Fault | None = None,
    ) -> Generator[tuple[Simulation, Server]]:
        """
        Run a simulated account until the context ends.

        Raises:
            RehearsalError: the provider can't be started.
        """
        with start(
            types=types,
            fixtures=fixtures,
            scratch=self.folder(name),
            fault=fault,
            environ=self.environ,
        ) as server:
            yield self._simulation(name, server.environment, plugins=None), server

    def simulate_plugins(
        self, name: str, *, types: Collection[str], fixtures: Fixtures
    ) -> Simulation:
        """
        Let Terraform start the provider itself, once for each of its configurations.

        Processes that are there before can't tell the configurations apart.

        Raises:
            RehearsalError: the provider can't be installed.
        """
        plugins = install_plugin(
            types=types,
            fixtures=fixtures,
            scratch=self.folder(name),
            environ=self.environ,
        )
        return self._simulation(name, {}, plugins=plugins)

    def _simulation(
        self, name: str, leading: Mapping[str, str], *, plugins: Path | None
    ) -> Simulation:
        slot = slot_of(name)
        return Simulation(
            name=slot,
            terraform=self.terraform.result(),
            backend=self.backend,
            initialised=self.scratch / INITIALISED,
            environ=clean_environment(
                self.environ,
                scratch=self.scratch,
                extra={**self.backend.environment(slot), **leading},
            ),
            scratch=self.folder(name),
            plugins=plugins,
            colour=self.colour,
        )


@contextmanager
def open_session(
    environ: Mapping[str, str], *, scratch: Path, also: Path | None = None
) -> Generator[Session]:
    """
    Share what rehearsals need, for programs that run them step by step.

    Args:
        environ: the caller's variables.
        scratch: an empty folder with a short path, which only the caller can read.
        also: a Terraform to fall back on. Defaults to none.

    Raises:
        RehearsalError: there is no Terraform, or it is too old.
    """
    children = Children()
    terraform: Future[Terraform] = Future()
    with serve_states() as backend:
        terraform.set_result(
            prepare_terraform(
                environ, children=children, backend=backend, scratch=scratch, also=also
            )
        )
        try:
            yield Session(
                scratch=scratch,
                children=children,
                backend=backend,
                environ=environ,
                progress=Progress(io.StringIO()),
                terraform=terraform,
            )
        finally:
            children.kill()


def slot_of(name: str) -> str:
    """
    Return a short name for files, addresses and sockets.
    """
    if _SHORT.fullmatch(name):
        return name
    return hashlib.sha256(name.encode(errors="replace")).hexdigest()[:8]


def prepare_terraform(
    environ: Mapping[str, str],
    *,
    children: Children,
    backend: StateBackend,
    scratch: Path,
    also: Path | None = None,
) -> Terraform:
    """
    Find Terraform and let it choose the backend of all rehearsals.

    Args:
        environ: the caller's variables.
        children: the programs that run.
        backend: what keeps the states.
        scratch: the folder that everything is written to.
        also: a command to fall back on. Defaults to none.

    Raises:
        RehearsalError: there is none, or it is too old.
        TerraformError: it does not even initialise an empty folder.
    """
    terraform = find_terraform(environ, children=children, also=also)
    completed = initialise(
        terraform,
        environ=clean_environment(
            environ, scratch=scratch, extra=backend.environment("unused")
        ),
        scratch=scratch / INITIALISED,
    )
    if completed.status:
        raise TerraformError("terraform init", completed)
    return terraform


def rehearse(session: Session, request: Request) -> Report:
    """
    Plan a configuration, on top of its base or of a state.

    Raises:
        RehearsalError: something that a person can mend stops it.
        TerraformError: Terraform refuses one of the configurations.
    """
    with ExitStack() as stack:
        stage = _Stage(session, request, stack)
        base = request.base() if request.base else None
        before = [base] if base else []
        if not request.expected_types:
            before.append(request.head())
        stage.expect(types_in(request.state or b"{}"), *before)
        if base:
            stage.apply_base(base)
        elif request.state:
            stage.start_from(request.state)
        return stage.plan(request.head())


def validate(session: Session, request: Request) -> Report:
    """
    Validate a configuration.

    Raises:
        RehearsalError: something that a person can mend stops it.
        TerraformError: Terraform refuses the configuration.
    """
    with ExitStack() as stack:
        return _Stage(session, request, stack).validate(request.head())


class _Stage:
    """
    The steps of one rehearsal, in the account that they share.
    """

    def __init__(self, session: Session, request: Request, stack: ExitStack) -> None:
        self._session = session
        self._request = request
        self._stack = stack
        self._types: frozenset[str] = frozenset()
        self._has_aliases = False
        self._simulation: Simulation | None = None
        self._server: Server | None = None
        if request.expected_types:
            self.expect(request.expected_types)

    def expect(
        self, types: Collection[str], *configurations: Configuration
    ) -> Simulation:
        """
        Return the account, one that serves these types and configurations too.
        """
        wanted = self._types.union(types, *(c.types for c in configurations))
        aliases = self._has_aliases or any(c.has_aliases for c in configurations)
        if self._simulation and (wanted, aliases) == (self._types, self._has_aliases):
            return self._simulation
        self._types, self._has_aliases = wanted, aliases
        self._stack.close()
        with self._session.progress.step("starting the simulated provider"):
            self._simulation = self._start()
        return self._simulation

    def _start(self) -> Simulation:
        name, fixtures = self._request.name, self._request.fixtures
        if self._has_aliases:
            self._server = None
            return self._session.simulate_plugins(
                name, types=self._types, fixtures=fixtures
            )
        simulation, self._server = self._stack.enter_context(
            self._session.simulate(name, types=self._types, fixtures=fixtures)
        )
        return simulation

    def start_from(self, state: bytes) -> None:
        """
        Take a state as the one that was there before.
        """
        self.expect(()).write_state(state)

    def apply_base(self, configuration: Configuration) -> None:
        """
        Apply a configuration, so that the state is what it leads to.
        """
        what = f"{self._request.name}: the base"
        workspace = self._workspace(configuration, "base", applied=True)
        simulation = self._prepared(workspace, what)
        with self._session.progress.step(f"{what}: applying"):
            completed = simulation.apply(workspace, *self._request.arguments)
        self._must(completed, f"{what}: applying")

    def plan(self, configuration: Configuration) -> Report:
        """
        Plan a configuration.
        """
        name = self._request.name
        workspace = self._workspace(configuration, "head", applied=False)
        simulation = self._prepared(workspace, name)
        with self._session.progress.step(f"{name}: planning"):
            planned = simulation.plan(workspace, *self._request.arguments)
        self._must(planned.completed, f"{name}: planning")
        changes = parse_plan(planned.plan, where=name)
        return Report(
            name=name,
            text=plain_plan(planned.completed.output),
            schema_only=self._unsure({change.type for change in changes.changes}),
            plan=planned.plan,
            changes=changes,
        )

    def validate(self, configuration: Configuration) -> Report:
        """
        Validate a configuration.
        """
        name = self._request.name
        workspace = self._workspace(configuration, "head", applied=False)
        simulation = self._prepared(workspace, name)
        with self._session.progress.step(f"{name}: validating"):
            completed = simulation.validate(workspace)
        self._must(completed, f"{name}: validating")
        return Report(
            name=name,
            text=completed.output.strip() + "\n",
            schema_only=self._unsure(configuration.types),
        )

    def _unsure(self, types: Collection[str]) -> tuple[str, ...]:
        # A data source changes nothing.
        resources = load(self._session.environ).resource_names
        return tuple(sorted(schema_only(resources.intersection(types))))

    def _workspace(
        self, configuration: Configuration, side: str, *, applied: bool
    ) -> Workspace:
        if problems := check_configuration(configuration, applied=applied):
            raise RehearsalError(problems)
        make = adopt if self._request.generated else copy
        return make(
            configuration,
            scratch=self._session.folder(self._request.name) / side,
            states=self._request.fixtures.states,
        )

    def _prepared(self, workspace: Workspace, what: str) -> Simulation:
        simulation = self.expect((), workspace.configuration)
        failed = simulation.prepare(workspace)
        if failed:
            self._must(failed, f"{what}: finding its modules and its provider")
        return simulation

    def _must(self, completed: Completed, what: str) -> None:
        if not completed.status:
            return
        if self._server and (crash := self._server.crash()):
            raise RehearsalError([f"{what}: {crash}"])
        raise TerraformError(what, completed)


def plain_plan(text: str) -> str:
    """
    Return Terraform's text without what it read, and without how to apply the plan.
    """
    kept: list[str] = []
    for line in text.splitlines():
        bare = _COLOURS.sub("", line)
        if bare.startswith("Saved the plan to: "):
            break
        if not _READING.fullmatch(bare):
            kept.append(line)
    while kept and not _COLOURS.sub("", kept[-1]).strip("─ "):
        kept.pop()
    return "\n".join(kept).strip("\n") + "\n"
