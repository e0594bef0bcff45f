"""
The copies of configurations that rehearsals run in.
"""

import json
from pathlib import Path

import pytest

from rehearsal.engine.configuration import load_configuration
from rehearsal.engine.workspace import (
    adopt,
    check_configuration,
    copy,
    render_state,
    type_of,
)
from rehearsal.errors import RehearsalError
from tests.rehearsal.configurations import write_files

OVERRIDE = "zz_rehearsal_override.tf.json"


def _tree(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def _scratch(tmp_path: Path) -> Path:
    (tmp_path / "scratch").mkdir()
    return tmp_path / "scratch"


def test_copies_a_configuration_with_what_lies_around_it(tmp_path: Path) -> None:
    """Relative paths lead to the same files, caches and states stay behind."""
    repository = write_files(
        tmp_path / "repository",
        {
            ".git/HEAD": "",
            "shared/policy.json": "{}",
            "live/main.tf": 'module "a" { source = "../modules/a" }',
            "live/site/css/a.css": "a",
            "live/.terraform/terraform.tfstate": "{}",
            "live/.terraform.lock.hcl": "",
            "live/terraform.tfstate": "{}",
            "modules/a/main.tf": 'resource "aws_vpc" "v" {}',
        },
    )
    before = _tree(repository)

    workspace = copy(
        load_configuration(repository / "live"), scratch=_scratch(tmp_path), states={}
    )

    assert {
        "main.tf",
        "site/css/a.css",
        OVERRIDE,
    } == _tree(workspace.root).keys()
    assert "{}" == (workspace.root / "../shared/policy.json").read_text()
    assert (workspace.root / "../modules/a/main.tf").is_file()
    assert not (workspace.root / "site/css").is_symlink()
    assert before == _tree(repository)


def test_replaces_the_backend_and_the_remote_states(tmp_path: Path) -> None:
    """An override file says so, also in a module, and never in the original."""
    write_files(
        tmp_path / "live",
        {
            "main.tf": (
                'terraform { backend "s3" {} }\nmodule "a" { source = "./a" }\n'
                'data "terraform_remote_state" "net" { backend = "s3" }'
            ),
            "a/main.tf": 'data "terraform_remote_state" "other" { backend = "gcs" }',
        },
    )
    scratch = _scratch(tmp_path)

    root = copy(
        load_configuration(tmp_path / "live"),
        scratch=scratch,
        states={"net": {"outputs": {"a": 1}}, "*": {"outputs": {}}},
    ).root

    def remote(name: str) -> dict[str, object]:
        path = str(scratch / "states" / f"{name}.tfstate")
        config = {"backend": "local", "workspace": None, "config": {"path": path}}
        return {"terraform_remote_state": {name: config}}

    assert {
        "terraform": {"backend": {"http": {}}},
        "data": remote("net"),
    } == json.loads((root / OVERRIDE).read_text())
    assert {"data": remote("other")} == json.loads((root / "a" / OVERRIDE).read_text())
    net = json.loads((scratch / "states/net.tfstate").read_text())
    assert {"a": {"value": 1, "type": "number"}} == net["outputs"]


def test_adopts_what_lies_in_the_scratch_folder_already(tmp_path: Path) -> None:
    """A synthesised stack gets the override file beside its own."""
    folder = write_files(tmp_path / "stack", {"cdk.tf.json": '{"output": {}}'})
    folder.joinpath("cdk.tf.json").write_text('{"resource": {"aws_vpc": {"v": {}}}}')

    workspace = adopt(load_configuration(folder), scratch=_scratch(tmp_path), states={})

    assert folder == workspace.root
    assert {"cdk.tf.json", OVERRIDE} == _tree(folder).keys()


@pytest.mark.parametrize(
    "other", ["override.tf", "zzz_override.tf", "zz_t_override.tf"]
)
def test_its_override_file_comes_last(tmp_path: Path, other: str) -> None:
    """Of two override files Terraform takes the one whose name is later."""
    write_files(tmp_path / "live", {"main.tf": 'resource "aws_vpc" "v" {}', other: ""})

    root = copy(
        load_configuration(tmp_path / "live"), scratch=_scratch(tmp_path), states={}
    ).root

    (ours,) = root.glob("*rehearsal_override.tf.json")
    assert other < ours.name


def test_takes_any_version_where_the_provider_has_aliases(tmp_path: Path) -> None:
    """A provider that Terraform starts itself has one version, in every module."""
    write_files(
        tmp_path / "live",
        {
            "main.tf": (
                "terraform {\n required_providers {\n"
                '  aws = { source = "hashicorp/aws", version = "~> 5.0" }\n }\n}\n'
                'provider "aws" {}\nprovider "aws" {\n alias = "b"\n}'
            )
        },
    )

    root = copy(
        load_configuration(tmp_path / "live"), scratch=_scratch(tmp_path), states={}
    ).root

    assert {"aws": {"source": "hashicorp/aws"}} == json.loads(
        (root / OVERRIDE).read_text()
    )["terraform"]["required_providers"]


def test_fails_when_nothing_stands_for_a_remote_state(tmp_path: Path) -> None:
    """A real state is never read in its place."""
    write_files(
        tmp_path / "live",
        {"main.tf": 'data "terraform_remote_state" "net" { backend = "s3" }'},
    )

    with pytest.raises(RehearsalError) as raised:
        copy(
            load_configuration(tmp_path / "live"), scratch=_scratch(tmp_path), states={}
        )

    assert (
        (
            f"{tmp_path}/live: data.terraform_remote_state.net: must have outputs to "
            "stand for it: give them in [states.net.outputs] of the fixtures"
        ),
    ) == raised.value.problems


@pytest.mark.parametrize("applied", [True, False])
def test_says_why_a_configuration_cannot_be_rehearsed(
    tmp_path: Path, *, applied: bool
) -> None:
    """Other providers can't be simulated, and commands would really run."""
    write_files(
        tmp_path,
        {
            "main.tf": (
                'resource "random_id" "i" {}\n'
                'resource "aws_vpc" "v" {\n provisioner "local-exec" {}\n}'
            )
        },
    )
    commands = (
        f"{tmp_path}: must have no provisioner to be applied, got one in aws_vpc.v: "
        "a rehearsal runs no command of a configuration"
    )

    assert (
        f"{tmp_path}: must use no provider but hashicorp/aws, got hashicorp/random",
        *((commands,) if applied else ()),
    ) == check_configuration(load_configuration(tmp_path), applied=applied)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("a", "string"),
        (1, "number"),
        (1.5, "number"),
        (True, "bool"),
        (None, "dynamic"),
        ([1, "a"], ["tuple", ["number", "string"]]),
        ({"a": [None]}, ["object", {"a": ["tuple", ["dynamic"]]}]),
    ],
)
def test_writes_a_values_type_as_states_do(value: object, expected: object) -> None:
    """Terraform reads an output by the type beside it."""
    assert expected == type_of(value)


def test_a_state_leaves_out_outputs_that_are_null() -> None:
    """As Terraform does: a null output is no output of a state."""
    assert {} == json.loads(render_state({"outputs": {"a": None}}))["outputs"]
