"""
The programs that a rehearsal runs, and their end.
"""

import os
import sys
import threading
import time
from pathlib import Path

import pytest

from rehearsal.engine.children import Children, Completed, StoppedError

SLEEP = "import time; print('up', flush=True); time.sleep(60)"


def python(children: Children, script: str, cwd: Path) -> Completed:
    return children.run([sys.executable, "-c", script], cwd=cwd, environ=os.environ)


def test_returns_what_a_program_says(tmp_path: Path) -> None:
    """Both streams and the status, from the folder that was asked for."""
    script = "import os, sys; print(os.getcwd()); sys.exit('bad')"

    assert Completed(status=1, output=f"{tmp_path}\n", errors="bad\n") == python(
        Children(), script, tmp_path
    )


def test_a_program_has_a_process_group_and_no_input(tmp_path: Path) -> None:
    """A terminal's Ctrl-C does not reach it, and it waits for nobody."""
    script = "import os, sys; print(os.getpid() == os.getpgrp(), sys.stdin.read())"

    assert "True \n" == python(Children(), script, tmp_path).output


@pytest.mark.parametrize("end", ["interrupt", "kill"])
def test_ends_what_runs_and_starts_nothing_more(tmp_path: Path, end: str) -> None:
    """Who waits for a program learns that the run is over."""
    children = Children()
    raised: list[bool] = []

    def wait() -> None:
        with pytest.raises(StoppedError):
            python(children, SLEEP, tmp_path)
        raised.append(True)

    thread = threading.Thread(target=wait)
    thread.start()
    time.sleep(0.3)
    getattr(children, end)()
    thread.join(timeout=10)

    assert [True] == raised
    with pytest.raises(StoppedError):
        python(children, "open('begun', 'w')", tmp_path)
    assert [] == list(tmp_path.iterdir())
