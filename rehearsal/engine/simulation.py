"""
Run Terraform's commands against a simulated account.
"""

import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from rehearsal.engine.children import Completed
from rehearsal.engine.state_backend import StateBackend
from rehearsal.engine.terraform import Terraform
from rehearsal.engine.workspace import Workspace

DATA = ".terraform"
BACKEND_RECORD = f"{DATA}/terraform.tfstate"

# A rehearsal has no other users to lock out, and nobody to ask.
_ALWAYS = ("-input=false", "-lock=false")
# The simulated account has changed nothing since the state was written.
_WITHOUT_REFRESH = (*_ALWAYS, "-refresh=false")


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """
    What `terraform plan` said.

    Args:
        completed: its exit status and texts.
        plan: the plan as `terraform show -json` writes it; empty when it failed.
    """

    completed: Completed
    plan: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Simulation:
    """
    One state, and the simulated account that it is the state of.

    Args:
        name: the state's name.
        terraform: what runs.
        backend: what keeps the state.
        initialised: a folder in which `terraform init` has chosen that backend.
        environ: the variables that lead Terraform to the account.
        scratch: the folder for plan files.
        plugins: a folder from which Terraform takes the provider and starts it itself.
            Defaults to a provider that runs.
        colour: whether texts have a terminal's colours. Defaults to no.
    """

    name: str
    terraform: Terraform
    backend: StateBackend
    initialised: Path
    environ: Mapping[str, str]
    scratch: Path
    plugins: Path | None = None
    colour: bool = False

    def read_state(self) -> bytes | None:
        """
        Return the state as Terraform wrote it last, or none.
        """
        return self.backend.get(self.name)

    def write_state(self, state: bytes | None) -> None:
        """
        Start from a state, or from nothing.
        """
        self.backend.put(self.name, state)

    def prepare(self, workspace: Workspace) -> Completed | None:
        """
        Do what `terraform init` would do in a workspace.

        Terraform finds the backend chosen. Where the configuration's own was not
        replaced, it finds another one than that, and refuses every command.

        Returns:
            what Terraform said when modules or the provider could not be used, else
            none.
        """
        (workspace.root / DATA).mkdir(exist_ok=True)
        shutil.copy(self.initialised / BACKEND_RECORD, workspace.root / DATA)
        if self.plugins is not None:
            options = ("-input=false", f"-plugin-dir={self.plugins}")
            completed = self._run("init", *options, workspace=workspace)
        elif workspace.configuration.has_modules:
            completed = self._run("get", workspace=workspace)
        else:
            return None
        return completed if completed.status else None

    def validate(self, workspace: Workspace) -> Completed:
        """
        Check a configuration without its variables' values.
        """
        return self._run("validate", workspace=workspace)

    def plan(self, workspace: Workspace, *arguments: str) -> Planned:
        """
        Plan a configuration against the state.

        Args:
            workspace: the configuration.
            arguments: further arguments, such as `-destroy` or `-var=name=value`.
        """
        file = self.scratch / f"{self.name}.tfplan"
        out = (f"-out={file}", *_WITHOUT_REFRESH, *arguments)
        completed = self._run("plan", *out, workspace=workspace)
        if completed.status:
            return Planned(completed=completed, plan="")
        shown = self._run("show", "-json", str(file), workspace=workspace)
        if shown.status:
            return Planned(completed=shown, plan="")
        return Planned(completed=completed, plan=shown.output)

    def apply(self, workspace: Workspace, *arguments: str) -> Completed:
        """
        Apply a configuration, and keep the state that follows.

        Args:
            workspace: the configuration.
            arguments: further arguments, such as `-destroy` or `-var=name=value`.
        """
        always = ("-auto-approve", *_WITHOUT_REFRESH)
        return self._run("apply", *always, *arguments, workspace=workspace)

    def _run(self, command: str, *arguments: str, workspace: Workspace) -> Completed:
        plain = command != "show" and not self.colour
        options = ["-no-color"] if plain else []
        return self.terraform.run(
            command,
            *options,
            *arguments,
            cwd=workspace.root,
            environ=self.environ,
        )


def initialise(
    terraform: Terraform, *, environ: Mapping[str, str], scratch: Path
) -> Completed:
    """
    Choose the backend of rehearsals, once for all workspaces.

    The folder holds the backend and nothing else, so that no command of a rehearsal
    ever meets a configuration whose own backend counts.
    """
    scratch.mkdir(parents=True)
    configuration = '{"terraform": {"backend": {"http": {}}}}'
    (scratch / "backend.tf.json").write_text(configuration, encoding="utf-8")
    return terraform.run(
        "init", "-no-color", "-input=false", cwd=scratch, environ=environ
    )
