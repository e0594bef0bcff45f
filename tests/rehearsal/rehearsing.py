"""
Rehearse configurations in one process, for tests that compare plans.
"""

import io
import json
import os
import tempfile
from collections.abc import Generator, Mapping
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from rehearsal.engine.children import Children
from rehearsal.engine.configuration import load_configuration
from rehearsal.engine.state_backend import serve_states
from rehearsal.engine.terraform import Terraform
from rehearsal.fixtures import parse_fixtures
from rehearsal.plans.changes import Plan
from rehearsal.progress import Progress
from rehearsal.session import Request, Session, prepare_terraform, rehearse
from tests.rehearsal.configurations import write_files
from tests.terraform import terraform_binary

Json = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Rehearsed:
    """
    A rehearsed plan.

    Args:
        plan: what it does.
        json: how Terraform wrote it.
    """

    plan: Plan
    json: Json


@dataclass(frozen=True, slots=True)
class Stage:
    """
    A place to rehearse configurations in.

    Args:
        folder: where configurations are written.
        session: what all rehearsals share.
    """

    folder: Path
    session: Session

    def plan(
        self,
        name: str,
        head: Mapping[str, str],
        *,
        base: Mapping[str, str] | None = None,
        state: Json | None = None,
        fixtures: Json | None = None,
        arguments: tuple[str, ...] = (),
    ) -> Rehearsed:
        """
        Plan a configuration.

        Args:
            name: what the rehearsal is called.
            head: the configuration's files.
            base: the files of one that is applied first. Defaults to none.
            state: a state to start from. Defaults to nothing.
            fixtures: what data sources answer. Defaults to the usual answers.
            arguments: further arguments of `terraform plan`. Defaults to none.
        """
        planned = load_configuration(write_files(self.folder / name / "head", head))
        before = (
            load_configuration(write_files(self.folder / name / "base", base))
            if base
            else None
        )
        report = rehearse(
            self.session,
            Request(
                name=name,
                about="a test",
                fixtures=parse_fixtures(fixtures or {}, where="fixtures"),
                head=lambda: planned,
                base=(lambda: before) if before else None,
                state=json.dumps(state).encode() if state else None,
                arguments=arguments,
            ),
        )
        assert report.changes is not None
        return Rehearsed(plan=report.changes, json=json.loads(report.plan))


@contextmanager
def open_stage(folder: Path) -> Generator[Stage]:
    """
    Give a place to rehearse in until the context ends.

    Args:
        folder: where configurations are written.
    """
    kept = {k: v for k, v in os.environ.items() if not k.startswith("TF_")}
    environ = {**kept, "TERRAFORM_BINARY_NAME": terraform_binary()}
    children = Children()
    terraform: Future[Terraform] = Future()
    with (
        # A longer path would be passed over: the provider's socket must fit into it.
        tempfile.TemporaryDirectory(prefix="r", dir="/tmp") as temporary,
        serve_states() as backend,
    ):
        scratch = Path(temporary)
        terraform.set_result(
            prepare_terraform(
                environ, children=children, backend=backend, scratch=scratch
            )
        )
        yield Stage(
            folder,
            Session(
                scratch=scratch,
                children=children,
                backend=backend,
                environ=environ,
                progress=Progress(io.StringIO()),
                terraform=terraform,
            ),
        )
