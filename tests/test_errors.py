"""
What a person can fix, and how files are named in it.
"""

from pathlib import Path

from modules.errors import ConfigError, file_label


def test_keeps_every_problem_in_order() -> None:
    """All problems are told, one line each, in the order in which they were given."""
    error = ConfigError(line for line in ("b: second letter", "a: first letter"))

    assert ("b: second letter", "a: first letter") == error.problems
    assert "b: second letter\na: first letter" == str(error)


def test_is_told_apart_from_bugs_by_its_class() -> None:
    """A mistake of a person is a value error that no other code raises."""
    assert issubclass(ConfigError, ValueError)


def test_names_a_file_below_the_working_directory_by_its_relative_path() -> None:
    """A file of the project is named as a person would type it."""
    file = Path.cwd() / "environments" / "dev.toml"

    assert "environments/dev.toml" == file_label(file)


def test_names_a_file_elsewhere_by_its_whole_path(tmp_path: Path) -> None:
    """A file outside of the working directory keeps its whole path."""
    assert (tmp_path / "dev.toml").as_posix() == file_label(tmp_path / "dev.toml")


def test_writes_line_breaks_in_a_name_as_escapes() -> None:
    """A file's name never breaks the line of its problem."""
    assert "a\\nb\\t\\udcff.txt" == file_label(Path("a\nb\t\udcff.txt"))
