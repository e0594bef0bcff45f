"""
Every key of an environment file, read from the settings' own types and docstrings.
"""

import ast
import inspect
import re
import sys
import types
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from itertools import groupby, pairwise
from pathlib import Path
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic.fields import FieldInfo

from modules.settings import Settings
from modules.settings_types import Section

INTRODUCTION = """\
# Settings

The keys of an environment file, `environments/NAME.toml`; paths are relative to that
file, and a key that is not listed here is an error.
"""
REGENERATE = "python -m modules.settings_reference > docs/settings.md"

KINDS: dict[object, str] = {
    bool: "`true` or `false`",
    int: "whole number",
    float: "number",
    str: "text",
    Path: "path",
    tuple: "list",
    dict: "table of text",
}
# What a description says last: its default, or when there is none.
_LAST_SENTENCE = re.compile(r"^(.*?) ?(?:Defaults to (.*)|(Required .*))\.$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """
    One table of an environment file, or one form of it.

    Attributes:
        name: its dotted name, empty for the top of the file.
        form: the `backend` that a state of this form has; empty for other tables.
        required: whether the file must have it.
        meaning: what it is.
        section: the type that its keys are read from.
    """

    name: str
    form: str
    required: bool
    meaning: str
    section: type[Section]


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """
    One key of an environment file.

    Attributes:
        table: the dotted name of its table, empty at the top of the file.
        form: the `backend` of the state that has it; empty in other tables.
        name: the key itself.
        kind: what its value may be.
        default: the default in words, or when the key is required.
        meaning: what it is.
    """

    table: str
    form: str
    name: str
    kind: str
    default: str
    meaning: str


def tables_of() -> Iterator[Table]:
    """
    Yield the tables, each after the one that holds it; a state once for each form.
    """
    top = Table(name="", form="", required=True, meaning="", section=Settings)
    yield top
    yield from _tables_in(top)


def keys_of() -> Iterator[Key]:
    """
    Yield the keys, table by table.
    """
    for table in tables_of():
        for name, field in table.section.model_fields.items():
            is_table = any(_sections_in(field.annotation))
            if not is_table and (table.name or name != "name"):
                yield _key(table, name, field)


def known_names(table: str, form: str = "") -> list[str]:
    """
    Return the names that may stand in a table: its keys and its own tables.

    Args:
        table: the table's dotted name, empty for the top of the file.
        form: the `backend` of a state whose keys are meant. Defaults to all forms.
    """
    own = {
        key.name
        for key in keys_of()
        if key.table == table and (not form or key.form == form)
    }
    inside = {inner.name.rpartition(".") for inner in tables_of() if inner.name}
    return sorted(own | {name for holder, _, name in inside if holder == table})


def render_reference() -> str:
    """
    Return the page: one Markdown table for each table of the file.
    """
    keys = list(keys_of())
    lines = [INTRODUCTION.rstrip()]
    for name, forms in groupby(tables_of(), key=lambda table: table.name):
        for position, table in enumerate(forms):
            lines += _heading(table) if position == 0 else []
            lines += _form(table)
            lines += ["", "| key | value | default | meaning |", "| --- " * 4 + "|"]
            lines += [
                f"| `{key.name}` | {key.kind} | {key.default} | {key.meaning} |"
                for key in keys
                if (key.table, key.form) == (name, table.form) and key.name != "backend"
            ]
    return "\n".join(lines) + "\n"


def _tables_in(holder: Table) -> Iterator[Table]:
    meanings = _descriptions(holder.section)
    for name, field in holder.section.model_fields.items():
        for section in _sections_in(field.annotation):
            table = Table(
                name=f"{holder.name}.{name}".lstrip("."),
                form=_form_of(section),
                required=field.is_required(),
                meaning=_one_line(meanings.get(name) or section.__doc__ or ""),
                section=section,
            )
            yield table
            yield from _tables_in(table)


def _key(table: Table, name: str, field: FieldInfo) -> Key:
    description = _one_line(_descriptions(table.section).get(name, ""))
    match = _LAST_SENTENCE.match(description)
    meaning, default, condition = match.groups() if match else (description, None, None)
    return Key(
        table=table.name,
        form=table.form,
        name=name,
        kind=_kind(field),
        default=default
        or (condition or "**required**").replace("Required", "required"),
        meaning=meaning,
    )


@cache
def _descriptions(section: type[Section]) -> Mapping[str, str]:
    """
    Return the docstrings under a section's keys.

    pydantic reads them too, if told so, whenever the settings are imported.
    """
    found: dict[str, str] = {}
    for owner in reversed(section.__mro__):
        if issubclass(owner, Section):
            (definition,) = ast.parse(inspect.getsource(owner)).body
            statements: list[ast.stmt] = getattr(definition, "body", [])
            for key, text in pairwise(statements):
                match key, text:
                    case (
                        ast.AnnAssign(target=ast.Name(id=name)),
                        ast.Expr(value=ast.Constant(value=str(description))),
                    ):
                        found[name] = description
                    case _:
                        pass
    return found


def _heading(table: Table) -> list[str]:
    if not table.name:
        return ["", "## Top of the file"]
    optional = table.required or "Required" in table.meaning
    suffix = "" if optional else " The table is optional."
    return ["", f"## `[{table.name}]`", "", f"{table.meaning}{suffix}"]


def _form(table: Table) -> list[str]:
    return ["", f'With `backend = "{table.form}"`:'] if table.form else []


def _form_of(section: type[Section]) -> str:
    backend = section.model_fields.get("backend")
    return str(get_args(backend.annotation)[0]) if backend else ""


def _kind(field: FieldInfo) -> str:
    annotation = _without_none(field.annotation)
    if get_origin(annotation) is Literal:
        return _alternatives(get_args(annotation))
    if isinstance(annotation, type) and issubclass(annotation, StrEnum):
        return _alternatives(tuple(annotation))
    if get_origin(annotation) is dict and _holds_tables(get_args(annotation)[1]):
        return "table of tables"
    kind = KINDS[get_origin(annotation) or annotation]
    return kind + _range(field)


def _holds_tables(value: Any) -> bool:  # noqa: ANN401
    return get_origin(value) is dict or any(_sections_in(value))


def _alternatives(values: tuple[object, ...]) -> str:
    *others, last = (f"`{value}`" for value in values)
    return f"{', '.join(others)} or {last}" if others else last


def _range(field: FieldInfo) -> str:
    """
    Return the bounds of a number or of a text's length, in words.
    """
    found: dict[str, Any] = {
        name: getattr(constraint, name)
        for constraint in _constraints(field)
        for name in ("gt", "ge", "le")
        if getattr(constraint, name, None) is not None
    }
    if "le" in found:
        return f", {found['ge']} to {found['le']}"
    return f", more than {found['gt']:g}" if "gt" in found else ""


def _constraints(field: FieldInfo) -> Iterator[object]:
    yield from field.metadata
    for part in get_args(field.annotation):
        if get_origin(part) is Annotated:
            for constraint in get_args(part)[1:]:
                yield from getattr(constraint, "metadata", (constraint,))


def _without_none(annotation: Any) -> Any:  # noqa: ANN401
    if get_origin(annotation) in {Union, types.UnionType}:
        parts = [part for part in get_args(annotation) if part is not types.NoneType]
        annotation = parts[0]
    if get_origin(annotation) is Annotated:
        annotation = get_args(annotation)[0]
    return annotation


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _sections_in(annotation: Any) -> Iterator[type[Section]]:  # noqa: ANN401
    if isinstance(annotation, type) and issubclass(annotation, Section):
        yield annotation
    elif get_origin(annotation) in {Union, types.UnionType, Annotated}:
        for part in get_args(annotation):
            yield from _sections_in(part)


if __name__ == "__main__":
    sys.stdout.write(render_reference())
