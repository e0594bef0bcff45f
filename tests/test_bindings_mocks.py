"""
What typeguard knows as a mock when it was imported without `unittest.mock`.
"""

import subprocess
import sys
from pathlib import Path

import pytest

PROJECT = Path(__file__).parent.parent
ACTIVATE = "import bindings; bindings.activate(submodules=['s3_bucket'])\n"
PRINT_REFUSAL = """
import typeguard
try:
    typeguard.check_type("argname", {value}, str)
except TypeError as error:
    print(error)
"""


def output(code: str) -> list[str]:
    """
    Return the lines that a program prints.
    """
    return subprocess.run(
        [sys.executable, "-c", code],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.splitlines()


def test_typeguard_is_imported_without_mocks() -> None:
    """Neither mocks nor asyncio are there before somebody wants them."""
    code = (
        "import sys\n"
        "print(*(n for n in ('typeguard', 'unittest.mock', 'asyncio')"
        " if n in sys.modules))"
    )

    assert ["typeguard"] == output(f"{ACTIVATE}{code}")


@pytest.mark.parametrize("kind", ["Mock()", "MagicMock()", "AsyncMock()"])
@pytest.mark.parametrize("first", ["", "import unittest.mock\n"])
def test_mocks_pass_every_check(kind: str, first: str) -> None:
    """Tests of others may give mocks for arguments, as they may without us."""
    check = PRINT_REFUSAL.format(value=f"unittest.mock.{kind}")
    code = f"{first}{ACTIVATE}import unittest.mock\n{check}"

    assert [] == output(code)


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        ("1", "int"),
        ("None", "NoneType"),
        ("type('Mock', (), {})()", "__main__.Mock"),
        ("unittest.mock.NonCallableMock()", "unittest.mock.NonCallableMock"),
        ("unittest.mock.sentinel.x", "unittest.mock._SentinelObject"),
    ],
)
@pytest.mark.parametrize("second", ["", "import unittest.mock\n"])
def test_everything_else_is_refused(value: str, kind: str, second: str) -> None:
    """A value that only looks like a mock is checked, before and after mocks come."""
    later = "import unittest.mock\n" if value.startswith("unittest") else second
    code = f"{ACTIVATE}{later}{PRINT_REFUSAL.format(value=value)}"

    assert [f"type of argname must be str; got {kind} instead"] == output(code)


def test_mocks_that_were_imported_before_are_the_real_ones() -> None:
    """typeguard knows the class itself where that is loaded already."""
    code = "import typeguard; print(typeguard.Mock is unittest.mock.Mock)"

    assert ["True"] == output(f"import unittest.mock\n{ACTIVATE}{code}")


@pytest.mark.parametrize("first", ["", "import unittest\n"])
def test_mocks_that_are_imported_later_are_the_real_ones(first: str) -> None:
    """Nothing of the stand-in is left in Python's modules."""
    code = (
        "import sys, unittest.mock; from unittest import mock\n"
        "print(mock is sys.modules['unittest.mock'] is unittest.mock)\n"
        "print(mock.__spec__.name, mock.Mock.__module__, callable(mock.patch))\n"
        "with mock.patch('sys.argv', ['patched']): print(sys.argv[0])"
    )

    assert [
        "True",
        "unittest.mock unittest.mock True",
        "patched",
    ] == output(f"{first}{ACTIVATE}{code}")
