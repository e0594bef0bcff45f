"""
What a person can fix.
"""

from collections.abc import Iterable
from pathlib import Path


class ConfigError(ValueError):
    """
    Report every problem of an input that a person can fix, all at once.

    `main` prints one line per problem and exits with status 1; anything else that is
    raised is a bug and keeps its traceback.

    Attributes:
        problems: one line each: the input's name, the rule, the value got, the remedy.

    Args:
        problems: the lines, in the order in which a person would mend them.
    """

    def __init__(self, problems: Iterable[str]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(self.problems))


def printable(text: str) -> str:
    """
    Escape what a terminal would act upon.
    """
    return "".join(
        character if character.isprintable() else ascii(character)[1:-1]
        for character in text
    )


def file_label(path: Path) -> str:
    """
    Name a file for a message: as seen from the working directory, where it lies below.

    Characters that would break the line, such as a newline, are written as escapes.
    """
    absolute = path.absolute()
    if absolute.is_relative_to(Path.cwd()):
        absolute = absolute.relative_to(Path.cwd())
    return printable(absolute.as_posix())
