"""
Documents that need not be validated again: which those are, and where nothing is kept.
"""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from modules.accepted_documents import (
    ACCEPTED_DOCUMENTS,
    KEPT,
    AcceptedDocuments,
    accepted_documents,
)
from modules.swagger import complete_document
from tests.fixtures.swagger.documents import OPTIONS, document, operation
from tests.unprivileged import run_unprivileged

PROJECT = Path(__file__).parent.parent
DOCUMENT = document()

# Prints how often a document was validated that two programs in a row ask about.
ASK = """
import sys
from pathlib import Path
from modules.accepted_documents import AcceptedDocuments

calls = []
for _ in range(2):
    asked = AcceptedDocuments(Path(sys.argv[1]))
    assert asked.accepts({"swagger": "2.0"}, lambda: not calls.append(1))
print(len(calls))
"""


class Validations:
    """
    Count how often a document is validated.

    Args:
        accepted: what validating finds. Defaults to nothing wrong.
    """

    def __init__(self, *, accepted: bool = True) -> None:
        self.accepted = accepted
        self.count = 0

    def __call__(self) -> bool:
        self.count += 1
        return self.accepted


@pytest.fixture(name="folder")
def _folder(tmp_path: Path) -> Path:
    return tmp_path / "cache" / ACCEPTED_DOCUMENTS


def validations(
    folder: Path | None, *documents: Mapping[str, object], accepted: bool = True
) -> int:
    """
    Count the validations when one process after the other asks about a document.
    """
    validate = Validations(accepted=accepted)
    for asked in documents:
        assert accepted is AcceptedDocuments(folder).accepts(asked, validate)
    return validate.count


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_accepted_document_is_not_validated_again(folder: Path) -> None:
    """One validation serves all later processes."""
    assert 1 == validations(folder, DOCUMENT, DOCUMENT, document())


def test_keeps_an_empty_file_named_by_a_digest(folder: Path) -> None:
    """What is kept tells nothing of the document, and is the user's own."""
    validations(folder, DOCUMENT)
    (file,) = folder.iterdir()

    assert re.fullmatch(r"[0-9a-f]{64}", file.name)
    assert (0, 0o600) == (file.stat().st_size, file.stat().st_mode & 0o777)
    assert 0o700 == folder.stat().st_mode & 0o777
    assert 0o700 == folder.parent.stat().st_mode & 0o777


def test_refused_document_is_validated_each_time(folder: Path) -> None:
    """A document with problems has them again, and nothing is kept of it."""
    assert 3 == validations(folder, DOCUMENT, DOCUMENT, DOCUMENT, accepted=False)
    assert [] == names(folder)


def test_document_that_was_mended_is_validated(folder: Path) -> None:
    """That a document was refused once does not count once it is accepted."""
    validations(folder, DOCUMENT, accepted=False)

    assert 1 == validations(folder, DOCUMENT, DOCUMENT)


@pytest.mark.parametrize(
    "other",
    [
        document(info={"title": "Things", "version": "2"}),
        document({"/things": {"post": operation()}}),
        document(schemes=["https"]),
        document({"/things": {"get": operation(deprecated=1)}}),
        document({"/things": {"get": operation(deprecated=True)}}),
        document({"/things": {"get": operation(deprecated="True")}}),
    ],
)
def test_key_holds_the_document(other: Mapping[str, object], folder: Path) -> None:
    """Whatever differs in a document makes it another one."""
    validations(folder, DOCUMENT)

    assert 1 == validations(folder, other, other)
    assert 2 == len(names(folder))


def test_documents_that_differ_in_a_values_type_are_others(folder: Path) -> None:
    """To Python, one and true are equal; to the specification they are not."""
    assert 4 == validations(folder, {"a": 1}, {"a": True}, {"a": 1.0}, {"a": "1"})


def test_remembers_nothing_without_a_folder() -> None:
    """Who names no folder has each document validated."""
    assert 2 == validations(None, DOCUMENT, DOCUMENT)


def ask(folder: Path, *paths: Path) -> int:
    return int(
        subprocess.run(
            [sys.executable, "-c", ASK, folder],
            cwd=folder.parent,
            env={"PYTHONPATH": ":".join(map(str, (*paths, PROJECT)))},
            stdout=subprocess.PIPE,
            text=True,
            check=True,
        ).stdout
    )


@pytest.mark.parametrize(
    "package", ["openapi-spec-validator", "openapi-schema-validator", "jsonschema"]
)
def test_key_holds_the_validators_versions(package: str, tmp_path: Path) -> None:
    """Another version of the validator may find something."""
    folder = tmp_path / ACCEPTED_DOCUMENTS
    tmp_path.chmod(0o700)
    installed = tmp_path / "packages"
    metadata = installed / f"{package.replace('-', '_')}-99.dist-info/METADATA"
    metadata.parent.mkdir(parents=True)
    metadata.write_text(f"Metadata-Version: 2.1\nName: {package}\nVersion: 99\n")

    assert [1, 0, 1, 0] == [
        ask(folder),
        ask(folder),
        ask(folder, installed),
        ask(folder, installed),
    ]


@pytest.mark.parametrize("rules", ["swagger_specification.py", "swagger_violations.py"])
def test_key_holds_our_own_rules(rules: str, tmp_path: Path) -> None:
    """What was accepted by other rules is validated again."""
    folder = tmp_path / ACCEPTED_DOCUMENTS
    tmp_path.chmod(0o700)
    shutil.copytree(PROJECT / "modules", tmp_path / "own/modules")
    before = [ask(folder), ask(folder), ask(folder, tmp_path / "own")]
    with (tmp_path / "own/modules" / rules).open("a") as file:
        file.write("# changed\n")

    assert [1, 0, 0] == before
    assert [1, 0] == [ask(folder, tmp_path / "own"), ask(folder)]


@pytest.mark.parametrize("mode", [0o755, 0o770, 0o707])
@pytest.mark.parametrize("place", ["own", "parent"])
def test_keeps_nothing_where_others_can_look_in(
    mode: int, place: str, folder: Path
) -> None:
    """In a folder that others can open anybody could accept a document."""
    validations(folder, {"a": 1})
    kept = names(folder)
    (folder if place == "own" else folder.parent).chmod(mode)

    assert 2 == validations(folder, DOCUMENT, DOCUMENT)
    assert 1 == validations(folder, {"a": 1})
    assert kept == names(folder)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a folder away")
@pytest.mark.parametrize("place", ["own", "parent"])
def test_keeps_nothing_in_anothers_folder(place: str, folder: Path) -> None:
    """What another user accepted is validated."""
    validations(folder, {"a": 1})
    kept = names(folder)
    os.chown(folder if place == "own" else folder.parent, 12345, 12345)

    assert 2 == validations(folder, DOCUMENT, DOCUMENT)
    assert 1 == validations(folder, {"a": 1})
    assert kept == names(folder)


@pytest.mark.parametrize("place", ["own", "parent"])
def test_keeps_nothing_behind_a_link(place: str, folder: Path, tmp_path: Path) -> None:
    """A link could lead anywhere later."""
    link = folder if place == "own" else folder.parent
    target = tmp_path / "target"
    (target / ACCEPTED_DOCUMENTS).mkdir(mode=0o700, parents=True)
    target.chmod(0o700)
    link.parent.mkdir(mode=0o700, exist_ok=True)
    link.symlink_to(target)

    assert 2 == validations(folder, DOCUMENT, DOCUMENT)
    assert [ACCEPTED_DOCUMENTS] == names(target)
    assert [] == names(target / ACCEPTED_DOCUMENTS)


def test_keeps_nothing_where_there_can_be_no_folder(folder: Path) -> None:
    """A file in the folder's place is no error."""
    folder.parent.parent.mkdir(exist_ok=True)
    folder.parent.touch()

    assert 2 == validations(folder, DOCUMENT, DOCUMENT)


@pytest.mark.parametrize("mode", [0o500, 0o400, 0o300, 0o000])
def test_validates_where_the_folder_cannot_be_used(mode: int, folder: Path) -> None:
    """A folder that its own user cannot read or write is no error."""
    folder.mkdir(mode=0o700, parents=True)
    folder.parent.chmod(0o700)
    folder.chmod(mode)
    count = run_unprivileged(ASK, folder)
    folder.chmod(0o700)

    writable = mode == 0o300
    assert f"{1 if writable else 2}\n" == count
    assert int(writable) == len(names(folder))


def test_looks_up_in_a_folder_that_is_read_only(folder: Path) -> None:
    """What is kept counts though no more can be."""
    run_unprivileged(ASK, folder)
    folder.chmod(0o500)
    count = run_unprivileged(ASK, folder)
    folder.chmod(0o700)

    assert "0\n" == count


def test_forgets_the_oldest(folder: Path) -> None:
    """The folder has an upper limit, and who was accepted last stays."""
    folder.mkdir(mode=0o700, parents=True)
    folder.parent.chmod(0o700)
    for age in range(KEPT + 3):
        file = folder / f"{age:03}"
        file.touch()
        os.utime(file, ns=(10**18 - age, 10**18 - age))
    validations(folder, DOCUMENT)

    assert KEPT == len(names(folder))
    assert [f"{age:03}" for age in range(KEPT - 1)] == [
        name for name in names(folder) if len(name) == 3
    ]
    assert 0 == validations(folder, DOCUMENT)


def test_folder_lies_in_the_bindings_cache(tmp_path: Path) -> None:
    """One variable names the place of all that is cached."""
    environ = {"GATEWAY_BINDINGS_CACHE": str(tmp_path / "cache")}
    accepted_documents(environ).accepts(DOCUMENT, Validations())

    assert [ACCEPTED_DOCUMENTS] == names(tmp_path / "cache")
    assert 1 == len(names(tmp_path / "cache" / ACCEPTED_DOCUMENTS))


def test_completing_is_the_same_with_a_document_that_was_accepted(
    folder: Path,
) -> None:
    """That the validator is not asked changes nothing of what is completed."""
    completed = [
        complete_document(
            DOCUMENT,
            name="api",
            options=OPTIONS,
            accepted=AcceptedDocuments(folder) if remembers else None,
        )
        for remembers in (False, True, True)
    ]

    assert [completed[0]] * 3 == completed
    assert 1 == len(names(folder))
