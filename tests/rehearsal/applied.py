"""
Environments of this project in simulated accounts, under Terraform's own engine.
"""

import json
import os
import re
import shutil
import tomllib
from collections.abc import Generator, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from itertools import count
from pathlib import Path
from typing import Any, Self, cast

from modules.environments import load_environment
from modules.gateway import read_gateway
from modules.rehearsal_environments import LOAD_BALANCER, network_outputs
from rehearsal.engine.children import Completed
from rehearsal.engine.configuration import load_configuration
from rehearsal.engine.simulation import Simulation
from rehearsal.engine.workspace import Workspace, adopt
from rehearsal.fixtures import Fixtures, parse_fixtures
from rehearsal.plans.changes import Plan, parse_plan
from rehearsal.provider.faults import JOURNAL, WORLD, Fault, Operation
from rehearsal.provider.server import Server
from rehearsal.session import Session
from tests.rehearsal.rehearsing import open_stage
from tests.stacks import FILES, SITE, new_gateway_stack
from tests.synth import Config, synth
from tests.terraform import plain

# Keys of environment files whose values are paths as seen from the file.
PATHS = ("api.document", "network.state.path", "state.path", "website.directory")
NO_ACCOUNT_GUARD = "123456789012"
# For the environment dev, whose account and region they name.
OWN_NAMES: Mapping[str, object] = {
    "domain.site": "www.example.com",
    "domain.site_certificate_arn": "arn:aws:acm:us-east-1:111111111111:"
    "certificate/aaaaaaaa-0000-4000-8000-000000000000",
    "domain.api": "api.example.com",
    "domain.api_certificate_arn": "arn:aws:acm:eu-west-1:111111111111:"
    "certificate/aaaaaaaa-0000-4000-8000-000000000000",
    "domain.hosted_zone_id": "Z0123456789",
}

_ADDRESS = re.compile(r"with ([a-z0-9_]+\.[A-Za-z0-9_~.-]+)[, ]")
_DONE = re.compile(
    r"^(\S+?)(?: \(deposed object \w+\))?: "
    r"(Creation|Modifications|Destruction) complete",
    re.MULTILINE,
)
_ACTIONS = {"Creation": "create", "Modifications": "update", "Destruction": "destroy"}
_NUMBERS = count(1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Revision:
    """
    An environment at one moment, and the account that it is applied to.

    Args:
        config: its Terraform configuration.
        fixtures: what exists around it.
        folder: the folder that workspaces of it are made from.
    """

    config: Config
    fixtures: Fixtures
    folder: Path

    @property
    def types(self) -> frozenset[str]:
        """
        The types that it names.
        """
        return load_configuration(self.folder).types

    def address(self, kind: str, part: str = "") -> str:
        """
        Return the address of the one resource of a type with a text in its name.
        """
        (name,) = (n for n in self.config["resource"][kind] if part in n)
        return f"{kind}.{name}"


@dataclass(frozen=True, slots=True)
class Revisions:
    """
    Make revisions of environments.

    Args:
        folder: where environment files and configurations are written.
    """

    folder: Path

    def make(
        self,
        base: str,
        changes: Mapping[str, object] | None = None,
        *,
        load_balancer: str = LOAD_BALANCER,
        outputs: Mapping[str, object] | None = None,
        nlb: Mapping[str, object] | None = None,
        account: str | None = None,
    ) -> Revision:
        """
        Return a shipped environment with some keys changed.

        Args:
            base: the environment's name.
            changes: values by dotted key; None leaves out a key or a table. Defaults
                to none.
            load_balancer: the NAME/ID of the one in the network state.
            outputs: other outputs of the network state; None leaves one out. Defaults
                to none.
            nlb: what AWS says of the load balancer. Defaults to what is usual.
            account: the account. Defaults to the one that the environment allows.
        """
        folder = self.folder / str(next(_NUMBERS))
        settings = load_environment(write_variant(folder, base, changes or {}))
        allowed = settings.allowed_account_ids or (NO_ACCOUNT_GUARD,)
        place = {"account_id": account or allowed[0], "region": settings.region}
        given = {
            name: value.replace(LOAD_BALANCER, load_balancer).replace(
                LOAD_BALANCER.replace("/", "-"), load_balancer.replace("/", "-")
            )
            for name, value in network_outputs(settings, place).items()
        }
        states = {"*": {"outputs": {**given, **(outputs or {})}}}
        answers = {"aws_lb": {"*": nlb}} if nlb else {}
        return self.keep(
            synth(new_gateway_stack(read_gateway(settings))),
            parse_fixtures(
                {**place, "states": states, "data_sources": answers}, where="fixtures"
            ),
        )

    def keep(self, config: Config, fixtures: Fixtures) -> Revision:
        """
        Return a revision with a configuration.
        """
        folder = self.folder / f"stack-{next(_NUMBERS)}"
        folder.mkdir(parents=True)
        # Terraform quotes the line of a problem: let it be a short one.
        text = json.dumps(config, indent=2)
        folder.joinpath("cdk.tf.json").write_text(text, encoding="utf-8")
        return Revision(config=config, fixtures=fixtures, folder=folder)


def write_variant(folder: Path, base: str, changes: Mapping[str, object]) -> Path:
    """
    Write an environment file like another one, over the small site.
    """
    source = FILES[base]
    keys = dict(_dotted(tomllib.loads(source.read_text(encoding="utf-8"))))
    for key in PATHS:
        if key in keys:
            keys[key] = os.path.normpath(source.parent / str(keys[key]))
    keys["website.directory"] = str(SITE)
    keys.pop("website.index_document", None)
    for key, value in changes.items():
        for known in [k for k in keys if f"{k}.".startswith(f"{key}.")]:
            del keys[known]
        if value is not None:
            keys[key] = value
    folder.mkdir(parents=True)
    file = folder / source.name
    # What is plain in JSON is the same in TOML.
    lines = [f"{key} = {json.dumps(value)}\n" for key, value in keys.items()]
    file.write_text("".join(lines), encoding="utf-8")
    return file


def _dotted(
    table: Mapping[str, object], before: str = ""
) -> Iterator[tuple[str, object]]:
    for key, value in table.items():
        if isinstance(value, dict):
            yield from _dotted(cast("dict[str, object]", value), f"{before}{key}.")
        else:
            yield f"{before}{key}", value


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """
    What Terraform said in the end.

    Args:
        status: its exit status.
        output: what it wrote to stdout, as one line.
        errors: what it wrote to stderr, as one line.
        addresses: the resources that the errors are about.
        steps: what it did, in order: addresses and actions.
    """

    status: int
    output: str
    errors: str
    addresses: tuple[str, ...]
    steps: tuple[tuple[str, str], ...]


class Account:
    """
    A simulated account and the state of what is applied to it.

    Args:
        session: what all rehearsals share.
        revision: the first revision, whose account it is.
        types: further types. Defaults to none.
    """

    def __init__(
        self, session: Session, revision: Revision, *, types: frozenset[str]
    ) -> None:
        self._session = session
        self._fixtures = revision.fixtures
        self._types = types | revision.types
        self._name = f"a{next(_NUMBERS)}"
        self._folder = session.folder(self._name)
        self._running = ExitStack()
        self._workspaces: dict[Path, Workspace] = {}
        self._simulation: Simulation | None = None
        self._server: Server | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._running.close()
        self._session.backend.put(self._name, None)
        shutil.rmtree(self._folder)

    def start(self, fault: Fault | None = None) -> None:
        """
        Start the provider anew, with a fault or none.
        """
        self._running.close()
        self._simulation, self._server = self._running.enter_context(
            self._session.simulate(
                self._name, types=self._types, fixtures=self._fixtures, fault=fault
            )
        )

    def become(self, other: "Account") -> None:
        """
        Take over what exists in another account, and its state.
        """
        for name in (WORLD, JOURNAL):
            if (other._folder / name).exists():  # noqa: SLF001
                shutil.copy(other._folder / name, self._folder)  # noqa: SLF001
        states = self._session.backend
        states.put(self._name, states.get(other._name))  # noqa: SLF001

    @property
    def simulation(self) -> Simulation:
        """
        What runs Terraform here.
        """
        if self._simulation is None:
            self.start()
        return cast("Simulation", self._simulation)

    def journal(self) -> tuple[Operation, ...]:
        """
        Return what was done here, in order.
        """
        return cast("Server", self._server).journal()

    def state(self) -> Mapping[str, Any]:
        """
        Return the state as Terraform wrote it.
        """
        return json.loads(self.simulation.read_state() or b'{"resources": []}')

    def validate(self, revision: Revision) -> Said:
        """
        Validate a revision.
        """
        workspace = self.workspace(revision)
        return _said(self.simulation.validate(workspace))

    def apply(self, revision: Revision, *arguments: str) -> Said:
        """
        Apply a revision.
        """
        workspace = self.workspace(revision)
        return _said(self.simulation.apply(workspace, *arguments))

    def try_plan(self, revision: Revision, *arguments: str) -> Said:
        """
        Plan a revision, for what Terraform says.
        """
        workspace = self.workspace(revision)
        return _said(self.simulation.plan(workspace, *arguments).completed)

    def plan(self, revision: Revision, *arguments: str) -> Plan:
        """
        Plan a revision that Terraform takes.
        """
        planned = self.simulation.plan(self.workspace(revision), *arguments)
        assert (0, "") == (planned.completed.status, planned.completed.errors)
        return parse_plan(planned.plan, where="plan")

    def is_settled(self, revision: Revision) -> bool:
        """
        Tell whether a plan is empty, its outputs included.
        """
        options = ("-detailed-exitcode", "-input=false", "-lock=false", "-no-color")
        said = self.run(revision, "plan", *options, "-refresh=false")
        assert said.status in {0, 2}, said.errors
        return said.status == 0

    def run(self, revision: Revision, *command: str) -> Said:
        """
        Run another command of Terraform.
        """
        simulation = self.simulation
        completed = simulation.terraform.run(
            *command,
            cwd=self.workspace(revision).root,
            environ=simulation.environ,
        )
        return _said(completed)

    def workspace(self, revision: Revision) -> Workspace:
        """
        Return the folder in which Terraform runs for a revision.
        """
        if revision.folder not in self._workspaces:
            side = self._folder / f"w{len(self._workspaces)}"
            shutil.copytree(revision.folder, side)
            self._workspaces[revision.folder] = adopt(
                load_configuration(side), scratch=side, states=revision.fixtures.states
            )
            assert self.simulation.prepare(self._workspaces[revision.folder]) is None
        return self._workspaces[revision.folder]


def _said(completed: Completed) -> Said:
    return Said(
        status=completed.status,
        output=plain(completed.output),
        errors=plain(completed.errors),
        addresses=tuple(dict.fromkeys(_ADDRESS.findall(plain(completed.errors)))),
        steps=tuple(
            (found[1], _ACTIONS[found[2]]) for found in _DONE.finditer(completed.output)
        ),
    )


@dataclass(frozen=True, slots=True)
class Accounts:
    """
    Simulated accounts.

    Args:
        session: what they share.
        revisions: what makes revisions for them.
    """

    session: Session
    revisions: Revisions

    def open(self, *revisions: Revision) -> Account:
        """
        Return an account with nothing in it.

        Args:
            revisions: what will be applied; the first one says which account it is.
        """
        types = frozenset[str]().union(*(r.types for r in revisions[1:]))
        return Account(self.session, revisions[0], types=types)


@contextmanager
def open_accounts(folder: Path) -> Generator[Accounts]:
    """
    Give simulated accounts until the context ends.

    Args:
        folder: where environment files and configurations are written.
    """
    with open_stage(folder) as stage:
        # Go's collector takes a fifth of a command that is over in no time; a second
        # thread of it takes more than it gives.
        environ = {**stage.session.environ, "GOGC": "off", "GOMAXPROCS": "1"}
        session = replace(stage.session, environ=environ)
        yield Accounts(session, Revisions(folder))
