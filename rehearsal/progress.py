"""
Say on stderr what takes long.
"""

import threading
from collections.abc import Generator
from contextlib import contextmanager
from typing import TextIO

# What is done sooner needs no line, in seconds.
QUIET = 2.0


class Progress:
    """
    Name a step once it has taken over two seconds.

    Args:
        stream: where lines go.
    """

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._guard = threading.Lock()

    def say(self, line: str) -> None:
        """
        Write a line now.
        """
        with self._guard:
            self._stream.write(f"{line}\n")
            self._stream.flush()

    @contextmanager
    def step(self, what: str) -> Generator[None]:
        """
        Write a line if what is done in the context is not done soon.
        """
        timer = threading.Timer(QUIET, self.say, [f"{what} ..."])
        timer.daemon = True
        timer.start()
        try:
            yield
        finally:
            timer.cancel()
