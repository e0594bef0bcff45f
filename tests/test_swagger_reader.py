"""
Reading API documents from files.
"""

from pathlib import Path

import pytest

from modules.errors import ConfigError
from modules.swagger import load_document
from modules.swagger_reader import checked_document


def _write(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_bytes(text.encode("utf-8", "surrogatepass"))
    return path


def _problem(path: Path) -> str:
    with pytest.raises(ConfigError) as caught:
        load_document(path)
    return "\n".join(caught.value.problems).replace(str(path), "api")


def test_json_is_read(tmp_path: Path) -> None:
    """A JSON file becomes the values it holds."""
    path = _write(tmp_path, "api.json", '{"a": [1, 1.5, true, null, "é"]}')

    assert {"a": [1, 1.5, True, None, "é"]} == load_document(path)


def test_a_byte_order_mark_is_passed_over(tmp_path: Path) -> None:
    """A file that begins with a byte order mark is read."""
    assert {} == load_document(_write(tmp_path, "api.json", "\ufeff{}"))


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("200: a", {"200": "a"}),
        ("true: a", {"true": "a"}),
        ("a: 2020-01-01", {"a": "2020-01-01"}),
        ("a: yes", {"a": "yes"}),
        ("a: TRUE", {"a": True}),
        ("a: 2.0", {"a": 2.0}),
        ("a: 012", {"a": 12}),
        ("a: 0o17", {"a": 15}),
        ("a: 0x1F", {"a": 31}),
        ("a: -1e3", {"a": -1000.0}),
        ("a: '5'", {"a": "5"}),
        ("a: !!str 5", {"a": "5"}),
        ("a: ~\nb:", {"a": None, "b": None}),
        ("a: [b, {c: d}]", {"a": ["b", {"c": "d"}]}),
        ("a: &x {b: 1}\nc: *x", {"a": {"b": 1}, "c": {"b": 1}}),
        ("a: &x 1\nc: *x", {"a": 1, "c": 1}),
        ("a: &x b\n*x : c", {"a": "b", "b": "c"}),
        (
            "a: &x {b: 1, c: 1}\nd: {<<: *x, c: 2}",
            {"a": {"b": 1, "c": 1}, "d": {"b": 1, "c": 2}},
        ),
        (
            "a: &x {b: 1}\nc: &y {b: 2}\nd: {<<: [*x, *y]}",
            {"a": {"b": 1}, "c": {"b": 2}, "d": {"b": 1}},
        ),
    ],
)
def test_yaml_is_read(tmp_path: Path, text: str, value: object) -> None:
    """YAML is read by the core schema of version 1.2, with text for keys."""
    assert value == load_document(_write(tmp_path, "api.yaml", text))


def test_trailing_commas_are_mended(tmp_path: Path) -> None:
    """Commas before a closing bracket are passed over, with one warning."""
    path = _write(tmp_path, "api.json", '{"a": [1,\n],\n "b": ",}",}')

    read = load_document(path)

    assert {"a": [1], "b": ",}"} == read
    assert read.warnings == (
        (
            f"{path}:1: a comma before a closing bracket is not JSON, it was ignored,"
            " remove it (and in 1 more places)"
        ),
    )


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "api: must hold an API document, got an empty file"),
        (" \n", "api: must hold an API document, got an empty file"),
        ("[]", "api: #: an API document must be an object, got []"),
        ("null", "api: #: an API document must be an object, got null"),
        ('{"a" 1}', "api:1:6: must be JSON, got \"Expecting ':' delimiter\""),
        ('{"a": [,]}', "api:1:8: must be JSON, got 'Expecting value'"),
        ('{"a": NaN}', "api: must be JSON, a number must be finite, got NaN"),
        ('{"a": 1e999}', "api: must be JSON, a number must be finite, got '1e999'"),
        (
            f'{{"a": {"9" * 5000}}}',
            "api: must be JSON, an integer may have 18 digits, got 5000",
        ),
        ('{"a": "\x07"}', "api:1:8: must be JSON, got 'Invalid control character at'"),
        (
            '{"a\\u0007": 1}',
            "api: #/a\\x07: a key must be printable, got 'a\\x07'",
        ),
        ('{"a": "\\u0000"}', "api: #/a: must be text without NUL and lone surrogates"),
        ('{"a": "\\ud800"}', "api: #/a: must be text without NUL and lone surrogates"),
        (
            '{"a": {"b": 1, "b": 2}, "c/d": 1, "c/d": 2}',
            (
                "api: #/c~1d: a key must be unique, got it twice, remove one\n"
                "api: #/a/b: a key must be unique, got it twice, remove one"
            ),
        ),
        (
            '{"a":' * 101 + "1" + "}" * 101,
            "api: #/a/a/a/a/…: must be nested at most 100 deep, flatten it",
        ),
        ("[" * 10_000, "api: must be nested at most 100 deep, flatten it"),
    ],
)
def test_fails_when_a_file_is_not_sound_json(
    tmp_path: Path, text: str, problem: str
) -> None:
    """What is not strictly JSON, or too large for Terraform, is one clear error."""
    assert problem == _problem(_write(tmp_path, "api.json", text))


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("# only this", "api: #: an API document must be an object, got null"),
        ("- a", "api: #: an API document must be an object, got ['a']"),
        (
            "a: [1\nb: }",
            "api:2:2: must be YAML, got \"expected ',' or ']', but got ':'\"",
        ),
        (
            "a: \x07",
            (
                "api: must be YAML, got 'unacceptable character #x0007: special"
                " characters"
                ' are not allowed in "<unicode string>", position 3\''
            ),
        ),
        ("a: 1\n---\nb: 2", "api:2:1: a file must hold one YAML document, got several"),
        ("a: 1\na: 2", "api:2:1: a key must be unique, got 'a' twice, remove one"),
        (
            "200: a\n'200': b",
            "api:2:1: a key must be unique, got '200' twice, remove one",
        ),
        (
            "a: !!python/object:os.system b\nc: !d e\nf: !g [h]",
            (
                "api:1:4: tags are not allowed, got"
                " 'tag:yaml.org,2002:python/object:os.system', drop it\n"
                "api:2:4: tags are not allowed, got '!d', drop it\n"
                "api:3:4: tags are not allowed, got '!g', drop it"
            ),
        ),
        ("a: &b [*b]", "api:1:8: an alias may not contain itself, got *b"),
        ("a: *b", "api:1:4: an alias needs its anchor before it, got *b"),
        (
            "a: {<<: 3}",
            "api:1:9: a merge key must name objects, write the keys out",
        ),
        ("? [a]\n: b", "api:1:3: a key must be a scalar, got a collection"),
        ("a: .nan", "api:1:4: a number must fit JSON, got '.nan', quote it"),
        (
            f"a: {'9' * 19}",
            "api:1:4: a number must fit JSON, got '9999999999999999999', quote it",
        ),
        ("[" * 10_000, "api:1:101: must be nested at most 100 deep, flatten it"),
    ],
)
def test_fails_when_a_file_is_not_sound_yaml(
    tmp_path: Path, text: str, problem: str
) -> None:
    """What YAML allows and JSON does not is one clear error."""
    assert problem == _problem(_write(tmp_path, "api.yml", text))


def test_fails_when_aliases_explode(tmp_path: Path) -> None:
    """Aliases of aliases are counted by what they stand for."""
    levels = [f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 10)}]" for i in range(1, 9)]
    text = "\n".join(["a0: &a0 [x, x, x, x, x, x, x, x, x, x]", *levels])

    assert (
        "api:6:10: a document may hold 200000 values with aliases followed, got more,"
        " write the aliases out"
    ) == _problem(_write(tmp_path, "api.yaml", text))


def test_fails_when_the_suffix_is_unknown(tmp_path: Path) -> None:
    """The suffix says what a file is; another one is an error."""
    assert "api: must end in .json, .yaml or .yml, got '.txt', rename it" == _problem(
        _write(tmp_path, "api.txt", "{}")
    )


def test_fails_when_a_file_is_not_utf_8(tmp_path: Path) -> None:
    """Another encoding is an error that says where it shows."""
    path = tmp_path / "api.json"
    path.write_bytes("{}".encode("utf-16"))

    assert "api: must be UTF-8, got byte 0 that is not, re-encode it" == _problem(path)


def test_fails_when_a_file_is_too_large(tmp_path: Path) -> None:
    """More than API Gateway imports is not even read."""
    path = _write(tmp_path, "api.json", " " * (6 * 1024 * 1024 + 1))

    assert "api: must have at most 6291456 bytes, got 6291457, split it" == _problem(
        path
    )


def test_a_document_may_have_a_name_of_its_own(tmp_path: Path) -> None:
    """Problems call a document what its reader calls it."""
    with pytest.raises(ConfigError, match="things: must hold an API"):
        load_document(_write(tmp_path, "api.json", ""), name="things")


def test_fails_when_a_value_is_not_of_json() -> None:
    """A document made by code holds what JSON can hold."""
    with pytest.raises(ConfigError) as caught:
        checked_document({"a": [1, {2}]}, "api")

    assert caught.value.problems == ("api: #/a/1: must be a JSON value, got {2}",)


def test_fails_when_there_is_no_file(tmp_path: Path) -> None:
    """A missing file is an error that names it."""
    assert (
        "api: must be a file that can be read, got 'No such file or directory'"
        == _problem(tmp_path / "api.json")
    )
