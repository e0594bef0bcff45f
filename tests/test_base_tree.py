"""
The project as it was at a commit, written out beside its repository.
"""

import json
import os
from pathlib import Path

import pytest

from modules.base_tree import Repository, add_site, needs_other_packages
from modules.errors import ConfigError
from rehearsal.engine.children import Children
from tests.repositories import git


@pytest.fixture(name="project")
def _project(tmp_path: Path) -> Path:
    """
    A project in a folder of a repository, with one commit; its site is a build's.
    """
    top = tmp_path / "repository"
    project = top / "gateway"
    write(project / "environments/dev.toml", '[website]\ndirectory = "../web/dist"\n')
    write(project / "web/src/page.html", "page")
    write(project / "web/dist/index.html", "built")
    write(top / ".gitignore", "dist/\n")
    git(top, "init", "--quiet", "--initial-branch=main")
    commit(top)
    return project


def write(file: Path, text: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")


def commit(folder: Path) -> None:
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message=a")


def repository(project: Path, tmp_path: Path) -> Repository:
    scratch = tmp_path / "scratch"
    scratch.mkdir(exist_ok=True)
    return Repository(
        project=project, children=Children(), environ=os.environ, scratch=scratch
    )


def traces(top: Path) -> dict[str, object]:
    """
    Return all that a look at an old commit must not change.
    """
    files = sorted(path for path in (top / ".git").rglob("*") if path.is_file())
    return {
        "files": {str(path): path.read_bytes() for path in files},
        "worktrees": git(top, "--no-optional-locks", "worktree", "list"),
        "times": [path.stat().st_mtime_ns for path in files],
    }


def test_writes_out_a_commit_and_leaves_no_trace(project: Path, tmp_path: Path) -> None:
    """All files of the commit are there, and the repository is as it was."""
    (project / "web/src/page.html").write_text("changed")
    # A time that Git's index does not know, which it would note by itself.
    os.utime(project / "environments/dev.toml", (1, 1))
    before = traces(project.parent)
    here = repository(project, tmp_path)

    here.write_out(here.commit_of("HEAD"), tmp_path / "base")
    here.is_same_around(project / "environments", here.commit_of("HEAD"))

    assert before == traces(project.parent)
    assert {
        ".gitignore": "dist/\n",
        "gateway/environments/dev.toml": '[website]\ndirectory = "../web/dist"\n',
        "gateway/web/src/page.html": "page",
    } == {
        str(path.relative_to(tmp_path / "base")): path.read_text()
        for path in (tmp_path / "base").rglob("*")
        if path.is_file()
    }


def test_knows_the_repository_of_a_project_in_a_folder_of_it(
    project: Path, tmp_path: Path
) -> None:
    """A project need not be the repository's root."""
    assert project.parent == repository(project, tmp_path).top()


@pytest.mark.parametrize("ref", ["none", "HEAD~9", "--help", ""])
def test_fails_when_there_is_no_such_commit(
    project: Path, tmp_path: Path, ref: str
) -> None:
    """A wrong name is one line, whatever it looks like."""
    with pytest.raises(ConfigError) as raised:
        repository(project, tmp_path).commit_of(ref)

    assert (
        (
            f"--base: must name a commit of {project}, got {ref!r}: git log lists "
            "them, and a shallow clone has few"
        ),
    ) == raised.value.problems


def test_fails_when_there_is_no_repository(tmp_path: Path) -> None:
    """A project that was unpacked from an archive has no base."""
    with pytest.raises(ConfigError) as raised:
        repository(tmp_path, tmp_path).top()

    (problem,) = raised.value.problems
    assert problem.startswith(
        f"--base: needs a Git repository around {tmp_path}, got fatal: not a git"
    )


def _with_site(project: Path, tmp_path: Path, site: Path | None = None) -> Path:
    here = repository(project, tmp_path)
    commit_id = here.commit_of("HEAD")
    base = tmp_path / "base"
    here.write_out(commit_id, base)
    add_site(
        base / "gateway/environments/dev.toml",
        repository=here,
        commit=commit_id,
        base_top=base,
        site=site,
    )
    return base / "gateway/web/dist/index.html"


def test_takes_a_built_site_when_its_sources_are_the_same(
    project: Path, tmp_path: Path
) -> None:
    """What lies around the site decides; a change elsewhere does not matter."""
    write(project / "environments/other.toml", "")

    assert "built" == _with_site(project, tmp_path).read_text()


@pytest.mark.parametrize("file", ["web/src/page.html", "web/src/new.html"])
def test_fails_when_the_sources_of_a_built_site_changed(
    project: Path, tmp_path: Path, file: str
) -> None:
    """A site of today's sources is not passed off as the base's."""
    write(project / file, "changed")

    with pytest.raises(ConfigError) as raised:
        _with_site(project, tmp_path)

    assert (
        (
            "dev: website.directory: must be known as it was at the base: Git does not "
            f"have {project}/web/dist, and what is around it has changed; build the "
            "base's site and name it with --base-site DIR"
        ),
    ) == raised.value.problems


def test_takes_the_site_that_is_named(project: Path, tmp_path: Path) -> None:
    """A site that was built from the base stands in."""
    write(project / "web/src/page.html", "changed")
    write(tmp_path / "old/index.html", "old")

    assert "old" == _with_site(project, tmp_path, tmp_path / "old").read_text()


def test_leaves_a_site_that_git_has(project: Path, tmp_path: Path) -> None:
    """A tracked site is the base's own."""
    write(project.parent / ".gitignore", "")
    commit(project.parent)
    write(project / "web/dist/index.html", "changed")

    assert "built" == _with_site(project, tmp_path).read_text()


def _locked(folder: Path, *, default: str, develop: str = "1") -> Path:
    lock = {"default": {"cdktf": default}, "develop": {"pytest": develop}}
    write(folder / "Pipfile.lock", json.dumps(lock))
    return folder


def test_needs_other_packages_when_those_that_it_runs_with_differ(
    tmp_path: Path,
) -> None:
    """Packages for development play no part in a synth."""
    head = _locked(tmp_path / "head", default="2")
    same = _locked(tmp_path / "same", default="2", develop="2")
    other = _locked(tmp_path / "other", default="1")

    assert not needs_other_packages(head, same)
    assert needs_other_packages(head, other)
