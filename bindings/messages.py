"""
Tell the person at the terminal why something is slower than it could be.
"""

import sys


def tell(sentence: str) -> None:
    """
    Write one line to stderr.
    """
    print(f"bindings: {sentence}", file=sys.stderr)  # noqa: T201
