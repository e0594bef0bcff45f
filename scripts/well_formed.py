"""
Check that text files are whole: encoding, line ends, and JSON, YAML and TOML syntax.

usage: well_formed.py FILE...

Documents under tests/fixtures and what web/vendor copies from elsewhere are left out:
the former are wrong on purpose, the latter is not ours to format.
"""
# ruff: noqa: INP001 -- a command beside the others, not part of a package

import json
import sys
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path

from ruamel.yaml import YAML, YAMLError

EXCLUDED = ("tests/fixtures/", "web/vendor/")
GENERATED = ("Pipfile.lock", "package-lock.json")


def unique_keys(pairs: list[tuple[str, object]]) -> dict[str, object]:
    """
    Make the object of its members, which `json` would let overwrite each other.

    Raises:
        ValueError: a key occurs twice.
    """
    keys = [key for key, _ in pairs]
    twice = sorted({key for key in keys if keys.count(key) > 1})
    if twice:
        message = f"duplicate key {twice[0]!r}"
        raise ValueError(message)
    return dict(pairs)


def parse_json(text: str) -> object:
    return json.loads(text, object_pairs_hook=unique_keys)


def parse_yaml(text: str) -> object:
    documents = YAML(typ="safe", pure=True).load_all(text)  # pyright: ignore[reportUnknownMemberType]
    return list(documents)


PARSERS: dict[str, Callable[[str], object]] = {
    ".json": parse_json,
    ".lock": parse_json,
    ".toml": tomllib.loads,
    ".yaml": parse_yaml,
    ".yml": parse_yaml,
}


def check_syntax(path: Path, text: str) -> Iterator[str]:
    parse = PARSERS.get(".toml" if path.name == "Pipfile" else path.suffix)
    if parse is None:
        return
    try:
        parse(text)
    except (ValueError, YAMLError) as err:
        yield f"{path}: {' '.join(str(err).split())}"


def check_lines(path: Path, text: str) -> Iterator[str]:
    for number, line in enumerate(text.split("\n"), start=1):
        if line != line.rstrip():
            yield f"{path}:{number}: the line ends in white space"
        if line.startswith(("<<<<<<< ", ">>>>>>> ")):
            yield f"{path}:{number}: the line is the mark of a merge conflict"
    if text and (not text.endswith("\n") or text.endswith("\n\n")):
        yield f"{path}: the file must end in exactly one newline"


def check_file(path: Path) -> Iterator[str]:
    content = path.read_bytes()
    if b"\0" in content:
        return
    try:
        text = content.decode()
    except UnicodeDecodeError as err:
        yield f"{path}: the file must be UTF-8: {err.reason} at byte {err.start}"
        return
    if path.name not in GENERATED:
        yield from check_lines(path, text)
    yield from check_syntax(path, text)


def main(arguments: list[str]) -> int:
    names = [name for name in arguments if not name.startswith(EXCLUDED)]
    problems = [problem for name in names for problem in check_file(Path(name))]
    sys.stderr.writelines(f"{problem}\n" for problem in problems)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
