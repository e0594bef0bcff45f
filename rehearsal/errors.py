"""
What a person can fix.
"""

from collections.abc import Iterable


class RehearsalError(ValueError):
    """
    Report every problem that stops a rehearsal, all at once.

    Attributes:
        problems: one line each: what it is about, the rule, the value got, the remedy.

    Args:
        problems: the lines, in the order in which a person would mend them.
    """

    def __init__(self, problems: Iterable[str]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(self.problems))
