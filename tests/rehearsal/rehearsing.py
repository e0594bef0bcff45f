"""
Rehearse configurations in one process, for tests that compare plans.
"""

import json
import subprocess
import tempfile
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from rehearsal.engine.configuration import load_configuration
from rehearsal.fixtures import parse_fixtures
from rehearsal.plans.changes import Plan
from rehearsal.session import Request, Session, open_session, rehearse
from tests.rehearsal.configurations import write_files
from tests.terraform import terraform_environ

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
    # A longer path would be passed over: the provider's socket must fit into it.
    with (
        tempfile.TemporaryDirectory(prefix="r", dir="/tmp") as temporary,
        open_session(terraform_environ(), scratch=Path(temporary)) as session,
    ):
        yield Stage(folder, session)


def errors_of(done: subprocess.CompletedProcess[str]) -> str:
    """
    Return stderr without the lines that a slow machine has, too.
    """
    return without_progress(done.stderr)


def without_progress(errors: str) -> str:
    """
    Return a text without the lines that say what takes long.
    """
    lines = errors.splitlines(keepends=True)
    return "".join(line for line in lines if not line.endswith(" ...\n"))
