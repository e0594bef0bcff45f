"""
JSON values as Terraform expressions, read back by Terraform's own engine.
"""

import json
import unicodedata
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from modules.terraform_json import render_jsonencode, template_literal
from tests.terraform import run_terraform

TOKEN = "${TfToken[TOKEN.7]}"  # noqa: S105
# Terraform keeps text in Unicode's form NFC, and no surrogates.
TEXT = st.text(st.characters(codec="utf-8") | st.sampled_from('${}%\\"\n\t~')).map(
    lambda text: unicodedata.normalize("NFC", text)
)
VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.floats(-1e9, 1e9).map(lambda number: round(number, 6) + 0.0)
    | TEXT,
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4)
    ),
    max_leaves=12,
)
ESCAPED = [
    ('say "hi"', r'"say \"hi\""'),
    ("back\\slash", r'"back\\slash"'),
    ("line\nend\rtab\t", r'"line\nend\rtab\t"'),
    ("\x00\b\f\x1f", r'"\u0000\u0008\u000c\u001f"'),
    ("${stageVariables.host}", '"$${stageVariables.host}"'),
    ("%{ if x }", '"%%{ if x }"'),
    ("$${x}", '"$$${x}"'),
    ("100% $5 {}", '"100% $5 {}"'),
    ("é 😀 \u2028", '"é 😀 \u2028"'),
    ("", '""'),
]


WRITTEN: list[tuple[object, str]] = [
    (None, "null"),
    (True, "true"),
    (False, "false"),
    (0, "0"),
    (-7, "-7"),
    (2**64, "18446744073709551616"),
    (0.1, "0.1"),
    (1e22, "1e+22"),
    ([], "[]"),
    ((1, "a"), '[1, "a"]'),
    ({}, "{}"),
    (
        {"a": [{"b": None}, []], "c": {"d": TOKEN}},
        f'{{"a" = [{{"b" = null}}, []], "c" = {{"d" = "{TOKEN}"}}}}',
    ),
]


@pytest.mark.parametrize(("text", "expression"), ESCAPED)
def test_escapes_text(text: str, expression: str) -> None:
    """Every literal is what Terraform reads, never a template of its own."""
    assert f"${{jsonencode({expression})}}" == render_jsonencode(text)


@pytest.mark.parametrize(("text", "expression"), ESCAPED)
def test_escapes_keys_as_text(text: str, expression: str) -> None:
    """A key is quoted like any other text."""
    assert f"${{jsonencode({{{expression} = true}})}}" == render_jsonencode(
        {text: True}
    )


@pytest.mark.parametrize(
    ("text", "expression"),
    [
        (TOKEN, f'"{TOKEN}"'),
        (f"arn:{TOKEN}/x", f'"arn:{TOKEN}/x"'),
        (f"{TOKEN}{TOKEN}", f'"{TOKEN}{TOKEN}"'),
        (f'"{TOKEN}" ${{x}}', f'"\\"{TOKEN}\\" $${{x}}"'),
        (f"${TOKEN}", f'"\\u0024{TOKEN}"'),
        (f"$${TOKEN}$", f'"$\\u0024{TOKEN}$"'),
    ],
)
def test_keeps_tokens_as_references(text: str, expression: str) -> None:
    """A token stays a reference, whatever stands before it."""
    assert f"${{jsonencode({expression})}}" == render_jsonencode(text)


@pytest.mark.parametrize(("value", "expression"), WRITTEN)
def test_writes_values(value: object, expression: str) -> None:
    """Every kind of JSON value has its expression, and nulls are kept."""
    assert f"${{jsonencode({expression})}}" == render_jsonencode(value)


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ({1}, "Object of type set is not JSON serializable"),
        ([b"raw"], "Object of type bytes is not JSON serializable"),
        (bytearray(b"raw"), "Object of type bytearray is not JSON serializable"),
        (Path("a"), "Object of type PosixPath is not JSON serializable"),
        ({200: "ok"}, "keys must be text, got 200"),
        ({"a": {None: "ok"}}, "keys must be text, got None"),
    ],
)
def test_fails_when_json_has_no_form(value: object, message: str) -> None:
    """What JSON can't hold is a bug of the caller, never written as something else."""
    with pytest.raises(TypeError) as raised:
        render_jsonencode(value)

    assert message == str(raised.value)


@pytest.mark.parametrize("value", [float("nan"), float("inf"), float("-inf")])
def test_fails_when_a_number_is_not_finite(value: float) -> None:
    """JSON has finite numbers only."""
    with pytest.raises(ValueError, match="Out of range float values"):
        render_jsonencode([value])


@pytest.mark.parametrize(
    ("text", "template"),
    [
        ("plain $ % {}", "plain $ % {}"),
        ("${x} %{y}", "$${x} %%{y}"),
        ("$${x}", "$$${x}"),
    ],
)
def test_escapes_a_template(text: str, template: str) -> None:
    """Outside of quotes only the starts of interpolations and directives matter."""
    assert template == template_literal(text)


def _read_back(values: list[object], directory: Path) -> list[object]:
    """
    Return what Terraform makes of the rendered values.
    """
    outputs = {
        f"value_{index}": {"value": render_jsonencode(value)}
        for index, value in enumerate(values)
    }
    # What the emulated token of the escape cases refers to.
    configuration = {"locals": {"host": "H"}, "output": outputs}
    text = json.dumps(configuration).replace("TfToken[TOKEN.7]", "local.host")
    (directory / "main.tf.json").write_text(text, encoding="utf-8")
    applied = run_terraform(directory, "apply", "-auto-approve")
    assert (0, "") == (applied.returncode, applied.stderr)
    found = json.loads(run_terraform(directory, "output", "-json").stdout)
    return [json.loads(found[name]["value"]) for name in outputs]


@pytest.mark.terraform
def test_terraform_reads_the_values_back(tmp_path: Path) -> None:
    """Terraform's own engine makes of each expression the value that it was made of."""
    values: list[object] = [text for text, _ in ESCAPED]
    values += [{text: [text, None]} for text, _ in ESCAPED]

    # Terraform starts once for all examples: they are collected first.
    @settings(
        max_examples=200,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=[HealthCheck.too_slow],
    )
    @given(VALUES)
    def collect(value: object) -> None:
        values.append(value)

    collect()

    assert len(values) > 200
    assert values == _read_back(values, tmp_path)


@pytest.mark.terraform
def test_terraform_resolves_references_between_literals(tmp_path: Path) -> None:
    """A dollar sign before a reference is text, and the reference is still one."""
    values: list[object] = [f"${TOKEN}", f"$${TOKEN}$", f'"{TOKEN}"%{TOKEN}']

    assert ["$H", "$$H$", '"H"%H'] == _read_back(values, tmp_path)
