"""
Copies of real states as bases of rehearsals.
"""

import json
from pathlib import Path

import pytest

from rehearsal.engine.real_state import read_state, types_in
from rehearsal.errors import RehearsalError

AWS = 'provider["registry.terraform.io/hashicorp/aws"]'


def state(*providers: str) -> str:
    resources = [{"type": "aws_vpc", "provider": provider} for provider in providers]
    return json.dumps({"version": 4, "serial": 3, "resources": resources})


def test_reads_a_state_as_it_is(tmp_path: Path) -> None:
    """Resources of the AWS provider, aliased or in a module, and of Terraform's own."""
    text = state(
        AWS,
        f"{AWS}.west",
        f"module.a.{AWS}",
        'provider["terraform.io/builtin/terraform"]',
    )
    (tmp_path / "a.tfstate").write_text(text)

    assert text.encode() == read_state(tmp_path / "a.tfstate")
    assert {"aws_vpc"} == types_in(text.encode())


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (
            "nope",
            (
                "must be a state of version 4, got no JSON: "
                "terraform state pull writes one"
            ),
        ),
        (
            "[]",
            "must be a state of version 4, got list: terraform state pull writes one",
        ),
        (
            '{"version": 3, "modules": []}',
            (
                "must be a state of version 4, got version 3: "
                "terraform state pull writes one"
            ),
        ),
        (
            state(AWS, 'provider["registry.opentofu.org/hashicorp/aws"]'),
            (
                "must have resources of registry.terraform.io/hashicorp/aws only, "
                "got registry.opentofu.org/hashicorp/aws"
            ),
        ),
    ],
)
def test_fails_when_a_state_does_not_fit(
    tmp_path: Path, text: str, problem: str
) -> None:
    """What it is instead is told, in one line."""
    file = tmp_path / "a.tfstate"
    file.write_text(text)

    with pytest.raises(RehearsalError) as raised:
        read_state(file)

    assert (f"{file}: {problem}",) == raised.value.problems


def test_fails_when_there_is_no_state(tmp_path: Path) -> None:
    """A wrong path is one line."""
    with pytest.raises(RehearsalError) as raised:
        read_state(tmp_path / "none")

    assert (
        f"{tmp_path}/none: must be readable: No such file or directory",
    ) == raised.value.problems
