"""
Tell what runs, how long it took, and how much is left.
"""

import sys
import time
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field


@dataclass(slots=True, kw_only=True)
class Progress:
    """
    Write one line for each step to stderr.

    Args:
        seconds: the estimate for all steps.
        steps: how many steps there are.
    """

    seconds: float
    steps: int
    _started: int = field(default=0, init=False)
    _passed: float = field(default=0, init=False)
    _estimated: float = field(default=0, init=False)

    @contextmanager
    def step(self, what: str, *, estimated: float) -> Generator[None]:
        """
        Show that a step runs; when it has ended, how long it took.

        Args:
            what: the step's name.
            estimated: how many of the estimate's seconds it stands for.
        """
        self._started += 1
        number = f"[{self._started:{len(str(self.steps))}}/{self.steps}]"
        print(f"{number} {what:32}", end="", file=sys.stderr, flush=True)  # noqa: T201
        started = time.monotonic()
        try:
            yield
        except BaseException:
            print(file=sys.stderr)  # noqa: T201
            raise
        took = time.monotonic() - started
        self._passed += took
        self._estimated += estimated
        left = (self.seconds - self._estimated) * self._passed / self._estimated
        print(f"{took:7.2f} s  {spoken_time(left)} left", file=sys.stderr)  # noqa: T201


def spoken_time(seconds: float) -> str:
    """
    Say a span of time as an estimate: seconds up to a minute, then minutes.
    """
    if seconds < 60:  # noqa: PLR2004 -- a minute
        return f"about {max(seconds, 0):.0f} s"
    return f"about {seconds / 60:.0f} min"
