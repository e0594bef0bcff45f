"""
Read the environment files: which ones, with whose values, and every problem at once.
"""

import json
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from typing import Any, cast

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from modules.errors import ConfigError, file_label
from modules.settings import (
    LOCAL_ENVIRONMENT,
    Settings,
    broken_rules,
    private_files,
)
from modules.settings_reference import keys_of, known_names
from modules.settings_types import nearest_name

ENVIRONMENTS_DIRECTORY = Path(__file__).parent.parent / "environments"
SELECTION_VARIABLE = "GATEWAY_ENVIRONMENTS"
OVERRIDE_PREFIX = "GATEWAY__"

# pydantic's kinds of error, in the words of a TOML file.
RULES = {
    "bool_type": "must be true or false",
    "dict_type": "must be a table",
    "float_type": "must be a number",
    "int_type": "must be a whole number",
    "is_instance_of": "must be a path in quotes",
    "missing": "is required",
    "model_attributes_type": "must be a table",
    "model_type": "must be a table",
    "string_type": "must be text in quotes",
    "tuple_type": "must be a list in brackets",
    "union_tag_not_found": "is required",
}
STATE_FORMS = frozenset({"local", "s3", "cloud"})
BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Source:
    """
    What an environment is read from.

    Attributes:
        label: the file's name in messages.
        overridden: the variable that gave a key its value.
    """

    label: str
    overridden: Mapping[tuple[str, ...], str]

    def problem(self, keys: tuple[str, ...], sentence: str) -> str:
        """
        Return one line that names the input and what is wrong with it.
        """
        return f"{self._origin(keys)}: {_dotted(keys)}: {sentence}"

    def _origin(self, keys: tuple[str, ...]) -> str:
        for length in range(len(keys), 0, -1):
            if keys[:length] in self.overridden:
                return self.overridden[keys[:length]]
        inside = [
            variable
            for path, variable in self.overridden.items()
            if path[: len(keys)] == keys
        ]
        return " with ".join([self.label, *inside])


def load_settings(
    environ: Mapping[str, str], *, directory: Path = ENVIRONMENTS_DIRECTORY
) -> tuple[Settings, ...]:
    """
    Read and check the environments that are to be synthesised.

    `GATEWAY_ENVIRONMENTS` names some, separated by commas: names of files in
    *directory*, or paths of files that lie elsewhere. Without it all files in
    *directory* are read. `GATEWAY__TABLE__KEY=value` gives the environment `local`
    another value.

    Raises:
        ConfigError: with the problems of all files.
    """
    loaded, problems = read_environments(environ, directory=directory)
    if problems:
        raise ConfigError(problems)
    return loaded


def read_environments(
    environ: Mapping[str, str], *, directory: Path = ENVIRONMENTS_DIRECTORY
) -> tuple[tuple[Settings, ...], tuple[str, ...]]:
    """
    Return the environments that could be read, and the problems of all files.
    """
    try:
        files = _selected_files(environ.get(SELECTION_VARIABLE, ""), directory)
    except ConfigError as error:
        return (), error.problems
    overrides = _overrides(environ)
    problems = _misplaced_overrides(overrides, files)
    loaded: dict[str, Settings] = {}
    for file in files:
        try:
            own = overrides if file.stem == LOCAL_ENVIRONMENT else {}
            loaded[file_label(file)] = load_environment(file, overrides=own)
        except ConfigError as error:
            problems += error.problems
    problems += _broken_together(loaded)
    return tuple(loaded.values()), tuple(problems)


def load_environment(
    file: Path, *, overrides: Mapping[str, str] | None = None
) -> Settings:
    """
    Read and check one environment file.

    Args:
        file: the TOML file; its name is the environment's.
        overrides: variables named `GATEWAY__TABLE__KEY` and their values. Defaults to
            none.

    Raises:
        ConfigError: with all its problems.
    """
    content = _read_toml(file)
    overridden = {_keys_of_variable(variable): variable for variable in overrides or {}}
    source = _Source(label=file_label(file), overridden=overridden)
    problems = _apply(overrides or {}, content)
    if content.pop("name", None) is not None:
        sentence = "is the file's own name; rename the file instead"
        problems.append(source.problem(("name",), sentence))
    try:
        settings = Settings.model_validate(
            {"name": file.stem, **cast("dict[str, Any]", _with_tuples(content))},
            context={"directory": file.absolute().parent},
        )
    except ValidationError as error:
        raise ConfigError([*problems, *_problems(error, source)]) from error
    problems += [
        source.problem(tuple(key.split(".")), text)
        for key, text in broken_rules(settings)
    ]
    if problems:
        raise ConfigError(problems)
    return settings


def _selected_files(selection: str, directory: Path) -> tuple[Path, ...]:
    known = sorted(directory.glob("*.toml"))
    words = [word.strip() for word in selection.split(",") if word.strip()]
    if not words and not known:
        label = file_label(directory)
        raise ConfigError([f"{label}: must hold at least one NAME.toml"])
    selected = [_named_file(word, directory) for word in words]
    listed = ", ".join(file.stem for file in known) or "none"
    problems = [
        f"{SELECTION_VARIABLE}: must name environments ({listed}) or paths of "
        f"environment files, got {word!r}"
        for word, file in dict(zip(words, selected, strict=True)).items()
        if not file.is_file()
    ]
    if problems:
        raise ConfigError(problems)
    return tuple({file.resolve(): file for file in selected or known}.values())


def _named_file(word: str, directory: Path) -> Path:
    is_path = "/" in word or word.endswith(".toml")
    return Path(word) if is_path else directory / f"{word}.toml"


def _overrides(environ: Mapping[str, str]) -> dict[str, str]:
    return {
        name: environ[name]
        for name in sorted(environ)
        if name.startswith(OVERRIDE_PREFIX)
    }


def _misplaced_overrides(
    overrides: Mapping[str, str], files: Sequence[Path]
) -> list[str]:
    if any(file.stem == LOCAL_ENVIRONMENT for file in files):
        return []
    names = ", ".join(file.stem for file in files)
    return [
        f"{variable}: must not be set: variables change the environment "
        f"{LOCAL_ENVIRONMENT} only, got it for {names}; edit the file instead"
        for variable in overrides
    ]


def _read_toml(file: Path) -> dict[str, Any]:
    label = file_label(file)
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise ConfigError([f"{label}: must be readable: {error.strerror}"]) from error
    except UnicodeDecodeError as error:
        sentence = f"{label}: must be text in UTF-8, got a bad byte at {error.start}"
        raise ConfigError([sentence]) from error
    except tomllib.TOMLDecodeError as error:
        raise ConfigError([f"{label}: must be TOML: {error}"]) from error


def _keys_of_variable(variable: str) -> tuple[str, ...]:
    return tuple(variable.removeprefix(OVERRIDE_PREFIX).lower().split("__"))


def _apply(overrides: Mapping[str, str], content: dict[str, Any]) -> list[str]:
    """
    Set the variables' values and return the problems of those that fit nowhere.
    """
    problems: list[str] = []
    for variable, value in overrides.items():
        *tables, key = _keys_of_variable(variable)
        place = content
        for table in tables:
            inner = place.setdefault(table, {})
            if not isinstance(inner, dict):
                problems.append(f"{variable}: must name a key: {table} is not a table")
                break
            place = cast("dict[str, Any]", inner)
        else:
            place[key] = _parse_value(value)
    return problems


def _parse_value(text: str) -> object:
    try:
        parsed = tomllib.loads(f"value = {text}")
    except tomllib.TOMLDecodeError:
        return text
    return parsed["value"] if len(parsed) == 1 else text


def _with_tuples(value: object) -> object:
    if isinstance(value, dict):
        members = cast("dict[str, object]", value)
        return {key: _with_tuples(member) for key, member in members.items()}
    if isinstance(value, list):
        return tuple(_with_tuples(item) for item in cast("list[object]", value))
    return value


def _problems(error: ValidationError, source: _Source) -> Iterator[str]:
    for details in error.errors():
        keys, form = _place(details)
        yield source.problem(keys, _sentence(details, keys, form))


def _place(details: ErrorDetails) -> tuple[tuple[str, ...], str]:
    """
    Return the keys of an error, and the form of the state that it is in.

    pydantic puts a state's form and a mark for a table's own keys among them.
    """
    keys: list[str] = []
    form = ""
    for part in map(str, details["loc"]):
        if keys and keys[-1] == "state" and not form and part in STATE_FORMS:
            form = part
        elif part != "[key]":
            keys.append(part)
    if details["type"].startswith("union_tag"):
        keys.append("backend")
    return tuple(keys), form


def _sentence(details: ErrorDetails, keys: tuple[str, ...], form: str) -> str:
    kind = details["type"]
    if kind == "extra_forbidden":
        return _unknown_key(keys, form)
    if kind == "union_tag_invalid":
        context = details.get("ctx", {})
        return f"must be one of {context['expected_tags']}, got {context['tag']!r}"
    rule = RULES.get(kind) or _plain(details["msg"])
    value: object = details["input"]
    # A list that the file leaves out is no value got.
    is_left_out = kind == "value_error" and value == ()
    if isinstance(value, dict) or is_left_out:
        return rule
    return f"{rule}, got {_toml(value)}"


def _unknown_key(keys: tuple[str, ...], form: str) -> str:
    table, name = ".".join(keys[:-1]), keys[-1]
    if form and name in known_names(table):
        return f"is not a key of a state with backend {form!r}"
    nearest = nearest_name(name, known_names(table, form))
    elsewhere = {key.table for key in keys_of() if key.name == name}
    if nearest is None and len(elsewhere) == 1:
        other = elsewhere.pop()
        nearest = f"{other}.{name}" if other else f"{name} at the top of the file"
    return "is not a known key" + (f"; did you mean {nearest}?" if nearest else "")


def _plain(message: str) -> str:
    if message.startswith("Value error, "):
        return message.removeprefix("Value error, ")
    return f"must {message.rpartition(' should ')[2]}"


def _toml(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, tuple):
        return f"[{', '.join(map(_toml, cast('tuple[object, ...]', value)))}]"
    if isinstance(value, dict):
        return "a table"
    return repr(value) if isinstance(value, str) else str(value)


def _dotted(keys: tuple[str, ...]) -> str:
    return ".".join(key if BARE_KEY.fullmatch(key) else json.dumps(key) for key in keys)


def _broken_together(loaded: Mapping[str, Settings]) -> list[str]:
    conflicts = [
        f"{first} and {second}: {sentence}"
        for first, second in combinations(loaded, 2)
        for sentence in _conflicts(loaded[first], loaded[second])
    ]
    sites: dict[Path, list[str]] = {}
    for label, settings in loaded.items():
        sites.setdefault(settings.website.directory, []).append(label)
    return conflicts + [
        f"{label}: website.directory: must not hold {what} of {other}: all that is in "
        "it is published, so give the site its own folder"
        for other in loaded
        for what, path in _files_of(other, loaded[other])
        for directory, labels in sites.items()
        if path.is_relative_to(directory)
        for label in labels
        if label != other
    ]


def _files_of(label: str, settings: Settings) -> Iterator[tuple[str, Path]]:
    yield "the file", Path(label).absolute()
    for key, path in private_files(settings).items():
        yield f"what {key} names", path


def _conflicts(first: Settings, second: Settings) -> Iterator[str]:
    if first.name == second.name:
        yield (
            f"must have different file names, got {first.name!r} for both: a stack's "
            "id is its environment's name; rename one"
        )
    if first.state.location == second.state.location:
        yield (
            f"state: must not be shared, got {first.state.location} for both; "
            "give each environment its own"
        )
    if first.region != second.region or not _may_share_account(first, second):
        return
    if first.name_prefix == second.name_prefix:
        yield (
            f"name_prefix: must differ in one account and region, "
            f"got {first.name_prefix!r} for both in {first.region}; "
            "give each environment its own"
        )
    if first.api.account_log_role == second.api.account_log_role == "managed":
        yield (
            "api.account_log_role: must be 'managed' at most once in one account and "
            f"region, got it for both in {first.region}; make one 'external'"
        )


def _may_share_account(first: Settings, second: Settings) -> bool:
    one, other = first.allowed_account_ids, second.allowed_account_ids
    return not one or not other or bool(set(one) & set(other))
