"""
Read what a configuration directory uses, before Terraform sees it.
"""

import json
import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from rehearsal.engine.blocks import (
    Block,
    Expression,
    UnreadableError,
    read_json,
    read_native,
)
from rehearsal.errors import RehearsalError

AWS_SOURCE = "hashicorp/aws"
# The provider that is a part of Terraform: terraform_data, terraform_remote_state.
BUILTIN_SOURCE = "terraform.io/builtin/terraform"
PUBLIC_REGISTRY = "registry.terraform.io/"

_TYPED = ("resource", "data", "ephemeral")
_SOURCE = re.compile(r'"?\bsource"?\s*[=:]\s*"([^"]+)"')


@dataclass(frozen=True, slots=True, kw_only=True)
class Module:
    """
    One directory of a configuration.

    Args:
        directory: where it is.
        blocks: the blocks of its files.
    """

    directory: Path
    blocks: tuple[Block, ...]

    def find(self, kind: str) -> Iterator[Block]:
        """
        Yield the blocks of a kind.
        """
        return (block for block in self.blocks if block.kind == kind)

    @property
    def types(self) -> frozenset[str]:
        """
        The AWS provider's types that it names, of resources and of data sources.
        """
        return frozenset(
            block.labels[0]
            for kind in _TYPED
            for block in self.find(kind)
            if block.labels[0].startswith("aws_")
        )

    @property
    def remote_states(self) -> tuple[str, ...]:
        """
        The names of its `terraform_remote_state` data sources.
        """
        return tuple(
            dict.fromkeys(
                block.labels[1]
                for block in self.find("data")
                if block.labels[:1] == ("terraform_remote_state",)
            )
        )

    @property
    def provider_sources(self) -> dict[str, str]:
        """
        The source of each provider, by its name in this directory.
        """
        declared = dict(_declared_sources(self))
        named = [*_provider_names(self), *declared]
        return {name: declared.get(name, _default_source(name)) for name in named}


@dataclass(frozen=True, slots=True, kw_only=True)
class Configuration:
    """
    A configuration directory and the modules that it calls.

    Args:
        root: the directory in which Terraform runs.
        called: the modules in other directories.
        installed: whether some of them are in `.terraform/modules`.
    """

    root: Module
    called: tuple[Module, ...]
    installed: bool

    @property
    def modules(self) -> tuple[Module, ...]:
        """
        All directories, the root first.
        """
        return (self.root, *self.called)

    @property
    def types(self) -> frozenset[str]:
        """
        The AWS provider's types that it names.
        """
        return frozenset[str]().union(*(module.types for module in self.modules))

    @property
    def has_modules(self) -> bool:
        """
        Whether Terraform must look for modules before it can plan.
        """
        return any(True for module in self.modules for _ in module.find("module"))

    @property
    def has_aliases(self) -> bool:
        """
        Whether there is more than one configuration of the AWS provider.
        """
        blocks = [
            block
            for module in self.modules
            for block in module.find("provider")
            if _is_aws(module.provider_sources.get(block.labels[0], ""))
        ]
        return len(blocks) > 1 or any("alias" in block.attributes for block in blocks)

    @property
    def other_providers(self) -> tuple[str, ...]:
        """
        The sources of the providers that can't be simulated.
        """
        sources = {
            source
            for module in self.modules
            for source in module.provider_sources.values()
        }
        return tuple(
            sorted(s for s in sources if not _is_aws(s) and s != BUILTIN_SOURCE)
        )

    @property
    def provisioners(self) -> tuple[str, ...]:
        """
        The addresses, without their modules, of what runs commands when it is made.
        """
        return tuple(
            ".".join(block.labels)
            for module in self.modules
            for block in module.find("resource")
            if any(block.find("provisioner"))
        )


def load_configuration(directory: Path) -> Configuration:
    """
    Read a configuration directory, with the modules that lie beside or below it.

    Modules from elsewhere count when `terraform init` has put them into
    `.terraform/modules`.

    Raises:
        RehearsalError: there is no configuration, a file can't be read, or a module is
            not on this machine.
    """
    reader = _Reader(directory)
    root = reader.read(directory)
    if not root.blocks and not reader.problems:
        raise RehearsalError(
            [f"{directory}: must hold a Terraform configuration (*.tf or *.tf.json)"]
        )
    called = reader.read_called(root)
    if reader.problems:
        raise RehearsalError(dict.fromkeys(reader.problems))
    return Configuration(root=root, called=called, installed=reader.uses_installed)


class _Reader:
    """
    Read modules, each once, and collect every problem.
    """

    def __init__(self, root: Path) -> None:
        self.problems: list[str] = []
        self.uses_installed = False
        self._root = root
        self._installed = _installed_modules(root)

    def read(self, directory: Path) -> Module:
        blocks: list[Block] = []
        for file in _files_of(directory):
            text = self._text_of(file)
            read = read_json if file.name.endswith(".json") else read_native
            try:
                blocks += read(text)
            except UnreadableError as error:
                self.problems.append(
                    f"{file}: line {error.line}: must be Terraform's language; "
                    f"terraform fmt says what is wrong"
                )
        return Module(directory=directory, blocks=tuple(blocks))

    def read_called(self, root: Module) -> tuple[Module, ...]:
        seen: dict[Path, Module] = {}
        waiting = [(root, "")]
        while waiting:
            module, key = waiting.pop()
            for name, place in self._calls_of(module, key):
                if place not in seen and place != self._root:
                    seen[place] = self.read(place)
                    waiting.append((seen[place], name))
        return tuple(seen.values())

    def _calls_of(self, module: Module, key: str) -> Iterator[tuple[str, Path]]:
        for block in module.find("module"):
            name = ".".join(filter(None, (key, block.labels[0])))
            source = block.text("source") or ""
            if source.startswith(("./", "../")):
                place = Path(os.path.normpath(module.directory / source))
                if place.is_dir():
                    yield name, place
                else:
                    self.problems.append(
                        f"{module.directory}: module.{name}: there is no folder "
                        f"{source}"
                    )
            elif name in self._installed:
                self.uses_installed = True
                yield name, self._installed[name]
            else:
                self.problems.append(
                    f"{module.directory}: module.{name}: must be on this machine, got "
                    f"source {source!r}: run terraform init -backend=false in "
                    f"{self._root} first"
                )

    def _text_of(self, file: Path) -> str:
        try:
            return file.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            reason = error.strerror if isinstance(error, OSError) else "not UTF-8"
            self.problems.append(f"{file}: must be readable: {reason}")
            return ""


def _files_of(directory: Path) -> list[Path]:
    # https://developer.hashicorp.com/terraform/language/files
    try:
        return sorted(
            file
            for file in directory.iterdir()
            if file.name.endswith((".tf", ".tf.json"))
            and not file.name.startswith(".")
            and file.is_file()
        )
    except OSError as error:
        raise RehearsalError(
            [f"{directory}: must be a folder: {error.strerror}"]
        ) from error


def _installed_modules(root: Path) -> dict[str, Path]:
    """
    Return the folders into which `terraform init` has put modules from elsewhere.
    """
    try:
        listing = json.loads((root / ".terraform/modules/modules.json").read_bytes())
        entries = cast("list[dict[str, str]]", listing["Modules"])
        return {e["Key"]: Path(os.path.normpath(root / e["Dir"])) for e in entries}
    except (OSError, ValueError, KeyError, TypeError):
        return {}


def _provider_names(module: Module) -> Iterator[str]:
    for kind in _TYPED:
        for block in module.find(kind):
            yield block.word("provider") or block.labels[0].partition("_")[0]
    for block in module.find("provider"):
        yield block.labels[0]


def _declared_sources(module: Module) -> Iterator[tuple[str, str]]:
    for terraform in module.find("terraform"):
        for required in terraform.find("required_providers"):
            for name, value in required.attributes.items():
                yield name, _source_of(name, value)


def _source_of(name: str, value: object) -> str:
    if isinstance(value, Expression):
        found = _SOURCE.search(value.source)
        return _full_source(found.group(1)) if found else _default_source(name)
    members: Mapping[str, object] = (
        cast("dict[str, object]", value) if isinstance(value, dict) else {}
    )
    source = members.get("source")
    return _full_source(source) if isinstance(source, str) else _default_source(name)


def _full_source(source: str) -> str:
    source = source.lower().removeprefix(PUBLIC_REGISTRY)
    return source if "/" in source else f"hashicorp/{source}"


def _default_source(name: str) -> str:
    return BUILTIN_SOURCE if name == "terraform" else f"hashicorp/{name}"


def _is_aws(source: str) -> bool:
    return source == AWS_SOURCE
