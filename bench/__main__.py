"""
The command that scripts/bench starts.
"""
# ruff: noqa: T201 -- a command prints

import argparse
import fcntl
import json
import shutil
import signal
import sys
import tempfile
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import NoReturn

from bench.machine import describe_machine
from bench.measurement import PROC, Measurement
from bench.medians import findings, medians_of
from bench.progress import Progress, spoken_time
from bench.runs import PROJECT, Bench
from bench.table import render_table
from bench.variants import Variant, select_variants
from modules.errors import ConfigError

FOLDER = PROJECT / ".bench"
DEFAULT_ROUNDS = 3


def read_arguments(arguments: Sequence[str]) -> argparse.Namespace:
    """
    Read the command line; scripts/bench shows the help.

    Raises:
        SystemExit: with status 2 and a message on stderr.
    """
    parser = argparse.ArgumentParser(
        prog="scripts/bench", usage="scripts/bench --help", add_help=False
    )
    parser.add_argument("--rounds", type=positive_number, default=DEFAULT_ROUNDS)
    parser.add_argument("--only", type=names, action="extend", default=[])
    parser.add_argument("--json", type=Path)
    options = parser.parse_args(arguments)
    try:
        options.variants = select_variants(options.only)
    except ConfigError as error:
        parser.error("; ".join(error.problems))
    return options


def positive_number(text: str) -> int:
    if not text.isdecimal() or int(text) == 0:
        message = f"must be a whole number of at least 1, got {text!r}"
        raise argparse.ArgumentTypeError(message)
    return int(text)


def names(text: str) -> list[str]:
    return [name for name in text.replace(",", " ").split() if name]


@contextmanager
def run_folder(folder: Path) -> Generator[Path]:
    """
    Give a run a folder that ends with it; a second run at the same time is refused.

    Raises:
        ConfigError: another run holds the lock.
    """
    folder.mkdir(exist_ok=True)
    with (folder / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as err:
            raise ConfigError(
                [f"{folder}: another run is measuring; wait for its end"]
            ) from err
        for left in folder.glob("run-*"):
            shutil.rmtree(left, ignore_errors=True)
        with tempfile.TemporaryDirectory(prefix="run-", dir=folder) as run:
            yield Path(run)


def bench(options: argparse.Namespace) -> None:
    """
    Measure what the options select and print the table.

    Raises:
        ConfigError: with what a person can fix.
    """
    if not PROC.joinpath("self/statm").exists():
        raise ConfigError(["the bench reads memory from /proc: run it on Linux"])
    variants: tuple[Variant, ...] = options.variants
    machine = describe_machine(datetime.now(UTC).date())
    print("\n".join(machine), file=sys.stderr)
    with run_folder(FOLDER) as folder:
        bench = Bench(folder=folder, peers=FOLDER, variants=variants)
        seconds = bench.estimated_seconds(options.rounds)
        print(f"this takes {spoken_time(seconds)}", file=sys.stderr)
        progress = Progress(seconds=seconds, steps=bench.steps(options.rounds))
        bench.prepare(progress)
        runs = bench.measure(options.rounds, progress)
    medians = {name: medians_of(measured) for name, measured in runs.items()}
    if options.json:
        write_json(options.json, machine, runs)
    sentences = [f"- {sentence}" for sentence in findings(medians)]
    table = render_table(variants, medians)
    print("\n".join([*machine, "", *table, *([""] if sentences else []), *sentences]))


def write_json(
    file: Path, machine: Sequence[str], runs: Mapping[str, Sequence[Measurement]]
) -> None:
    """
    Write every run's numbers in the order in which they were made.
    """
    rounds = list(zip(*runs.values(), strict=True))
    content = {
        "machine": machine,
        "runs": [
            {"round": number, "variant": name, **asdict(run)}
            for number, measured in enumerate(rounds, start=1)
            for name, run in zip(runs, measured, strict=True)
        ],
    }
    file.write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")


def stop(signal_number: int, _frame: object) -> NoReturn:
    raise SystemExit(128 + signal_number)


def main() -> int:
    signal.signal(signal.SIGTERM, stop)
    options = read_arguments(sys.argv[1:])
    try:
        bench(options)
    except ConfigError as error:
        for problem in error.problems:
            print(f"error: {problem}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("stopped", file=sys.stderr)
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
