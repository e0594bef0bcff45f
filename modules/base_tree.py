"""
Write out the project as it was at a commit, beside the repository.
"""

import json
import os
import shutil
import tomllib
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from modules.errors import ConfigError, file_label
from rehearsal.engine.children import Children, Completed

LOCK_FILE = "Pipfile.lock"


@dataclass(frozen=True, slots=True, kw_only=True)
class Repository:
    """
    The repository that the project is in, which is only read.

    No worktree is registered: the files come out of a temporary index, so that nothing
    of a run that is killed is left in `.git`.

    Args:
        project: the project's root.
        children: the programs that run.
        environ: the caller's variables.
        scratch: the folder for the index.
    """

    project: Path
    children: Children
    environ: Mapping[str, str]
    scratch: Path

    def top(self) -> Path:
        """
        Return the repository's own root.

        Raises:
            ConfigError: the project is in none.
        """
        found = self._git("rev-parse", "--show-toplevel")
        if found.status:
            problem = (
                f"--base: needs a Git repository around {self.project}, "
                f"got {found.errors.strip()}"
            )
            raise ConfigError([problem])
        return Path(found.output.removesuffix("\n"))

    def commit_of(self, ref: str) -> str:
        """
        Return the commit that a name means.

        Raises:
            ConfigError: it means none.
        """
        name = f"{ref}^{{commit}}"
        found = self._git("rev-parse", "--verify", "--quiet", "--end-of-options", name)
        if found.status:
            problem = (
                f"--base: must name a commit of {self.project}, got {ref!r}: "
                "git log lists them, and a shallow clone has few"
            )
            raise ConfigError([problem])
        return found.output.strip()

    def write_out(self, commit: str, target: Path) -> None:
        """
        Write the files of a commit into a folder.
        """
        target.mkdir(parents=True)
        self._must("read-tree", commit, extra=self._index)
        prefix = f"--prefix={target}/"
        self._must("checkout-index", "--all", "--quiet", prefix, extra=self._index)

    def is_same_around(self, folder: Path, commit: str) -> Path | None:
        """
        Return the nearest tracked folder around an untracked one, when its files are
        now what they were at the commit, which has been written out.

        `git diff` may write to the index that it reads, so that is not the project's.
        """
        parent = folder
        while not self._has_files(parent, commit):
            parent = parent.parent
        here = ("--", str(parent))
        same = self._git("diff", "--quiet", commit, *here, extra=self._index)
        others = ("ls-files", "--others", "--exclude-standard")
        new = self._git(*others, *here, extra=self._index)
        return parent if same.status == 0 and not new.output else None

    @property
    def _index(self) -> dict[str, str]:
        return {"GIT_INDEX_FILE": str(self.scratch / "_index")}

    def _has_files(self, folder: Path, commit: str) -> bool:
        if folder == self.top():
            return True
        relative = os.path.relpath(folder, self.top())
        listed = self._git(
            "ls-tree", "--full-tree", "--name-only", commit, "--", f"{relative}/"
        )
        return bool(listed.output)

    def _must(self, *arguments: str, extra: Mapping[str, str]) -> None:
        done = self._git(*arguments, extra=extra)
        if done.status:
            raise ConfigError([f"--base: git {arguments[0]}: {done.errors.strip()}"])

    def _git(
        self, *arguments: str, extra: Mapping[str, str] | None = None
    ) -> Completed:
        variables = {
            name: value
            for name, value in self.environ.items()
            if not name.startswith("GIT_")
        }
        git = shutil.which("git", path=self.environ.get("PATH"))
        if git is None:
            raise ConfigError(["--base: needs git on PATH, found none"])
        # A plumbing command in a folder below the top sees that folder only.
        top = [] if arguments[0] == "rev-parse" else ["-C", str(self.top())]
        return self.children.run(
            [git, *top, *arguments],
            cwd=self.project,
            # Git may otherwise write what it learns of files' times.
            environ={**variables, "GIT_OPTIONAL_LOCKS": "0", **(extra or {})},
        )


def needs_other_packages(head: Path, base: Path) -> bool:
    """
    Tell whether two projects are run with different Python packages.
    """
    return _default_packages(head) != _default_packages(base)


def add_site(
    file: Path,
    *,
    repository: Repository,
    commit: str,
    base_top: Path,
    site: Path | None,
) -> None:
    """
    Give the base the site that Git does not have, such as a build's output.

    Args:
        file: the environment's file in the base.
        repository: the project's repository.
        commit: the base.
        base_top: the folder that stands for the repository's root.
        site: the folder with the base's site. Defaults to the head's, when what Git has
            around it is the same.

    Raises:
        ConfigError: the site of the base is not known.
    """
    directory = _site_directory(file)
    if directory is None or directory.is_dir():
        return
    if not directory.is_relative_to(base_top):
        return
    here = repository.top() / directory.relative_to(base_top)
    source = site
    if source is None and here.is_dir() and repository.is_same_around(here, commit):
        source = here
    if source is None or not source.is_dir():
        problem = (
            f"{file.stem}: website.directory: must be known as it was at the base: "
            f"Git does not have {file_label(here)}, and what is around it has "
            "changed; build the base's site and name it with --base-site DIR"
        )
        raise ConfigError([problem])
    shutil.copytree(source, directory)


def _site_directory(file: Path) -> Path | None:
    with suppress(OSError, ValueError, KeyError, TypeError):
        table = tomllib.loads(file.read_text(encoding="utf-8"))
        directory = table["website"]["directory"]
        return Path(os.path.normpath(file.parent / directory))
    # The synth says what is wrong with the file.
    return None


def _default_packages(project: Path) -> Mapping[str, object]:
    with suppress(OSError, ValueError, KeyError):
        lock = json.loads((project / LOCK_FILE).read_bytes())
        return cast("dict[str, object]", lock["default"])
    return {}
