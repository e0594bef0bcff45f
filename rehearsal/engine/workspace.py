"""
Copy a configuration directory to where a rehearsal may write.
"""

import json
import os
import shutil
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from rehearsal.engine.configuration import Configuration, Module
from rehearsal.errors import RehearsalError

# Terraform reads override files last, in the order of their names:
# https://developer.hashicorp.com/terraform/language/files/override
OVERRIDE = "rehearsal_override.tf.json"
OVERRIDE_SUFFIXES = ("_override.tf", "_override.tf.json")

# What a copy goes without: caches, locks and states of the real configuration.
LEFT_OUT = frozenset({".git", ".terraform", ".terraform.lock.hcl"})
STATE_SUFFIXES = (".tfstate", ".tfstate.backup", ".tfstate.lock.info", ".tfplan")

# The name under which a state stands for every remote state without its own.
ANY_NAME = "*"


@dataclass(frozen=True, slots=True, kw_only=True)
class Workspace:
    """
    A copy of a configuration in which Terraform runs.

    Args:
        root: the folder in which Terraform runs.
        configuration: what the configuration uses.
    """

    root: Path
    configuration: Configuration


def check_configuration(
    configuration: Configuration, *, applied: bool
) -> tuple[str, ...]:
    """
    Return why a configuration can't be rehearsed.

    Args:
        configuration: what it uses.
        applied: whether it is to be applied, and not only planned.
    """
    where = configuration.root.directory
    problems: list[str] = []
    if others := configuration.other_providers:
        problems.append(
            f"{where}: must use no provider but hashicorp/aws, got {', '.join(others)}"
        )
    if applied and (commands := configuration.provisioners):
        problems.append(
            f"{where}: must have no provisioner to be applied, got one in "
            f"{', '.join(commands)}: a rehearsal runs no command of a configuration"
        )
    return tuple(problems)


def adopt(
    configuration: Configuration, *, scratch: Path, states: Mapping[str, object]
) -> Workspace:
    """
    Make a workspace of a configuration that already lies in a scratch folder.

    Args:
        configuration: what was read there.
        scratch: where states are written.
        states: what each `terraform_remote_state` holds, by its name, or by `*`.

    Raises:
        RehearsalError: a remote state has nothing to stand for it.
    """
    written = _write_states(configuration, scratch, states)
    for module in configuration.modules:
        _write_override(module, module.directory, configuration, written)
    return Workspace(root=configuration.root.directory, configuration=configuration)


def copy(
    configuration: Configuration, *, scratch: Path, states: Mapping[str, object]
) -> Workspace:
    """
    Make a workspace of a configuration anywhere, which stays as it is.

    Folders are made anew and files are links, at the same places relative to each
    other; what lies around the configuration in its repository is linked too, so that
    paths such as `../shared/policy.json` lead to it.

    Args:
        configuration: what was read from the directory.
        scratch: the folder for the copy.
        states: what each `terraform_remote_state` holds, by its name, or by `*`.

    Raises:
        RehearsalError: a remote state has nothing to stand for it.
    """
    written = _write_states(configuration, scratch, states)
    mirror = _Mirror(configuration, scratch / "tree")
    for module in configuration.modules:
        place = mirror.add(module.directory)
        _write_override(module, place, configuration, written)
    root = mirror.add(configuration.root.directory)
    if configuration.installed:
        _copy_installed(configuration.root.directory, root)
    return Workspace(root=root, configuration=configuration)


class _Mirror:
    """
    Rebuild the folders of a configuration below another one.
    """

    def __init__(self, configuration: Configuration, target: Path) -> None:
        self._target = target
        outside = [
            module.directory.absolute()
            for module in configuration.modules
            if ".terraform" not in module.directory.parts
        ]
        self._top = _repository_of(Path(os.path.commonpath(outside)))
        self._made: set[Path] = set()

    def add(self, directory: Path) -> Path:
        directory = directory.absolute()
        if not directory.is_relative_to(self._top):
            raise RehearsalError([f"{directory}: must lie in {self._top}"])
        for parent in reversed(directory.relative_to(self._top).parents):
            self._link_entries(self._top / parent)
        self._copy_tree(directory)
        return self._place_of(directory)

    def _place_of(self, directory: Path) -> Path:
        return self._target / directory.relative_to(self._top)

    def _link_entries(self, directory: Path) -> None:
        if directory in self._made:
            return
        place = self._make(directory)
        for entry in _kept(directory):
            if not (place / entry.name).is_symlink():
                (place / entry.name).symlink_to(Path(entry.path))

    def _copy_tree(self, directory: Path) -> None:
        place = self._make(directory)
        for entry in _kept(directory):
            if entry.is_dir(follow_symlinks=False):
                self._copy_tree(Path(entry.path))
            elif not (place / entry.name).is_symlink():
                (place / entry.name).symlink_to(Path(entry.path))

    def _make(self, directory: Path) -> Path:
        """
        Make a folder, in place of the link that another one may have left.
        """
        place = self._place_of(directory)
        if place.is_symlink():
            place.unlink()
        place.mkdir(parents=True, exist_ok=True)
        self._made.add(directory)
        return place


def _kept(directory: Path) -> list[os.DirEntry[str]]:
    with os.scandir(directory) as entries:
        return [
            entry
            for entry in entries
            if entry.name not in LEFT_OUT and not entry.name.endswith(STATE_SUFFIXES)
        ]


def _repository_of(directory: Path) -> Path:
    """
    Return the repository that a directory is in, else the folder that holds it.
    """
    for folder in (directory, *directory.parents):
        if (folder / ".git").exists():
            return folder
    return directory.parent


def _copy_installed(source: Path, root: Path) -> None:
    modules = source / ".terraform/modules"
    shutil.copytree(
        modules, root / ".terraform/modules", symlinks=True, dirs_exist_ok=True
    )


def _write_override(
    module: Module,
    place: Path,
    configuration: Configuration,
    states: Mapping[str, Path],
) -> None:
    content: dict[str, object] = {}
    terraform: dict[str, object] = {}
    if module is configuration.root:
        terraform["backend"] = {"http": {}}
    aws = [
        name
        for name, source in module.provider_sources.items()
        if source == "hashicorp/aws"
    ]
    if configuration.has_aliases and not _has_configuration_aliases(module):
        # The simulated provider has one version, whatever the constraint says.
        terraform["required_providers"] = {
            name: {"source": "hashicorp/aws"} for name in aws
        }
    if terraform:
        content["terraform"] = terraform
    if module.remote_states:
        content["data"] = {
            "terraform_remote_state": {
                name: {
                    "backend": "local",
                    "workspace": None,
                    "config": {"path": str(states[name])},
                }
                for name in module.remote_states
            }
        }
    if content:
        file = place / _override_name(place)
        file.write_text(json.dumps(content, indent=2), encoding="utf-8")


def _has_configuration_aliases(module: Module) -> bool:
    return any(
        "configuration_aliases" in str(value)
        for terraform in module.find("terraform")
        for required in terraform.find("required_providers")
        for value in required.attributes.values()
    )


def _override_name(place: Path) -> str:
    """
    Return a name that comes after all other override files.
    """
    others = [
        entry.name
        for entry in place.iterdir()
        if entry.name.endswith(OVERRIDE_SUFFIXES)
    ]
    last = max(others, default="")
    name = f"zz_{OVERRIDE}"
    while name <= last:
        name = f"z{name}" if last[:1] <= "z" else f"{last[0]}{name}"
    return name


def _write_states(
    configuration: Configuration, scratch: Path, states: Mapping[str, object]
) -> dict[str, Path]:
    names = {name for module in configuration.modules for name in module.remote_states}
    missing = sorted(n for n in names if n not in states and ANY_NAME not in states)
    if missing:
        raise RehearsalError(
            f"{configuration.root.directory}: data.terraform_remote_state.{name}: "
            f"must have outputs to stand for it: give them in [states.{name}.outputs] "
            "of the fixtures"
            for name in missing
        )
    folder = scratch / "states"
    folder.mkdir(parents=True, exist_ok=True)
    written: dict[str, Path] = {}
    for name in sorted(names):
        written[name] = folder.absolute() / f"{name}.tfstate"
        content = render_state(states.get(name, states.get(ANY_NAME)))
        written[name].write_text(content, encoding="utf-8")
    return written


def render_state(state: object) -> str:
    """
    Return a Terraform state file that has nothing but outputs.

    Args:
        state: a table with `outputs`, values by name. As in a real state, an output
            that is null is left out.
    """
    table = cast("Mapping[str, Mapping[str, object]]", state)
    outputs = {
        name: {"value": value, "type": type_of(value)}
        for name, value in table.get("outputs", {}).items()
        if value is not None
    }
    return json.dumps(
        {
            "version": 4,
            "terraform_version": "1.11.0",
            "serial": 1,
            "lineage": "00000000-0000-4000-8000-000000000000",
            "outputs": outputs,
            "resources": [],
            "check_results": None,
        },
        # TOML has dates, Terraform has none.
        default=str,
    )


def type_of(value: object) -> object:
    """
    Return a value's type as states write it: a word, or a word with what is in it.
    """
    if isinstance(value, bool):
        return "bool"
    if isinstance(value, str):
        return "string"
    if isinstance(value, int | float):
        return "number"
    if isinstance(value, Mapping):
        members = cast("Mapping[str, object]", value)
        return ["object", {name: type_of(member) for name, member in members.items()}]
    if isinstance(value, list | tuple):
        return ["tuple", [type_of(item) for item in cast("Iterable[object]", value)]]
    return "dynamic" if value is None else "string"
