"""
The reference of the settings: what it knows, and that the page is up to date.
"""

from enum import StrEnum
from pathlib import Path

import pytest

from modules.settings_reference import (
    REGENERATE,
    Key,
    keys_of,
    known_names,
    render_reference,
    tables_of,
)

PAGE = Path(__file__).parent.parent / "docs" / "settings.md"


def _one(table: str, name: str, form: str = "") -> Key:
    (key,) = [
        key
        for key in keys_of()
        if (key.table, key.form, key.name) == (table, form, name)
    ]
    return key


def test_the_page_is_up_to_date() -> None:
    """The page says what the settings are now."""
    message = f"docs/settings.md is out of date: {REGENERATE}"

    assert render_reference() == PAGE.read_text(encoding="utf-8"), message


def test_the_page_has_one_table_for_each_form_of_each_table() -> None:
    """Every table of the file has its heading once, and its keys in a table."""
    lines = render_reference().splitlines()
    headings = [line for line in lines if line.startswith("## ")]
    names = dict.fromkeys(table.name for table in tables_of() if table.name)

    assert ["## Top of the file", *(f"## `[{name}]`" for name in names)] == headings
    assert len(list(tables_of())) == lines.count("| key | value | default | meaning |")


def test_every_key_is_in_the_page_once_for_each_form() -> None:
    """No key is lost; a form's own name stands above its keys."""
    rows = [line for line in render_reference().splitlines() if line.startswith("| `")]
    names = [key.name for key in keys_of() if not key.form or key.name != "backend"]

    assert [f"| `{name}` " for name in names] == [
        row[: row.index("|", 1)] for row in rows
    ]


@pytest.mark.parametrize(
    "key", list(keys_of()), ids=lambda key: f"{key.table}.{key.name}"
)
def test_every_key_says_what_it_means(key: Key) -> None:
    """Each key has a sentence, and its default or when it is required."""
    assert key.meaning.endswith(".")
    assert "Defaults to" not in key.meaning
    assert "" != key.default
    assert "|" not in f"{key.meaning}{key.default}{key.kind}"


def test_every_default_is_the_real_one() -> None:
    """Where a default is a value, the page names that value."""
    wrong: list[str] = []
    for table in tables_of():
        for name, field in table.section.model_fields.items():
            default = field.get_default()
            if isinstance(default, bool):
                default = str(default).lower()
            elif isinstance(default, float):
                default = f"{default:g}"
            elif not default or not isinstance(default, str | StrEnum | int):
                continue
            told = _one(table.name, name, table.form).default
            if str(default) not in told and name != "hostname":
                wrong.append(f"{table.name}.{name}: {told} is {default}")

    assert [] == wrong


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        (
            _one("", "allowed_account_ids"),
            Key(
                table="",
                form="",
                name="allowed_account_ids",
                kind="list",
                default="required in every environment but `local`",
                meaning="The account guard: Terraform refuses any other account.",
            ),
        ),
        (
            _one("network.state", "bucket", "s3"),
            Key(
                table="network.state",
                form="s3",
                name="bucket",
                kind="text",
                default="**required**",
                meaning="The bucket's name.",
            ),
        ),
        (
            _one("service", "port"),
            Key(
                table="service",
                form="",
                name="port",
                kind="whole number, 1 to 65535",
                default="80 for `http` and 443 for `https`",
                meaning="The listener's port.",
            ),
        ),
    ],
)
def test_reads_a_key_from_its_type_and_docstring(key: Key, expected: Key) -> None:
    """A key's row is made of its type, its bounds and the sentences about it."""
    assert expected == key


@pytest.mark.parametrize(
    ("table", "name", "kind"),
    [
        ("protection", "prevent_destroy", "`true` or `false`"),
        ("api", "document", "path"),
        ("api", "stage_variables", "table of text"),
        ("api", "undeclared_operations", "`error` or `public`"),
        ("api", "throttling_rate_limit", "number, more than 0"),
        ("api", "throttling_burst_limit", "whole number, more than 0"),
        ("user_pool", "refresh_grace_seconds", "whole number, 0 to 60"),
        (
            "website",
            "price_class",
            "`PriceClass_100`, `PriceClass_200` or `PriceClass_All`",
        ),
    ],
)
def test_says_what_a_value_may_be(table: str, name: str, kind: str) -> None:
    """Types, alternatives and bounds are told in the words of a TOML file."""
    assert kind == _one(table, name).kind


@pytest.mark.parametrize(
    ("table", "form", "names"),
    [
        ("protection", "", ["deletion_protection", "prevent_destroy"]),
        ("state", "local", ["backend", "path"]),
        ("state", "s3", ["backend", "bucket", "key", "region", "role_arn"]),
        ("state", "", ["backend", "bucket", "key", "path", "region", "role_arn"]),
        (
            "network.state",
            "cloud",
            ["backend", "hostname", "organization", "workspace"],
        ),
        ("nowhere", "", []),
    ],
)
def test_knows_the_names_of_a_table(table: str, form: str, names: list[str]) -> None:
    """A state's names are those of its form."""
    assert names == known_names(table, form)


def test_knows_keys_and_tables_of_the_top_and_of_a_table() -> None:
    """A table's own tables count among its names; a file's name is no key."""
    assert {"region", "service", "state", "tags"} <= set(known_names(""))
    assert "name" not in known_names("")
    assert "state" in known_names("network")
