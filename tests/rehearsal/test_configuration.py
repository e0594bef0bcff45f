"""
What a configuration directory is seen to use.
"""

from collections.abc import Mapping
from pathlib import Path

import pytest

from rehearsal.engine.configuration import load_configuration
from rehearsal.errors import RehearsalError
from tests.rehearsal.configurations import write_files


def problems_of(folder: Path) -> tuple[str, ...]:
    with pytest.raises(RehearsalError) as raised:
        load_configuration(folder)
    return tuple(p.replace(f"{folder}", "HERE") for p in raised.value.problems)


def test_finds_types_in_all_files_and_local_modules(tmp_path: Path) -> None:
    """Resources and data sources count, in both forms, also in modules' modules."""
    write_files(
        tmp_path,
        {
            "live/main.tf": (
                'resource "aws_vpc" "v" {\n  x = "aws_not"\n}\n'
                'module "a" { source = "../modules/a" }'
            ),
            "live/more.tf.json": '{"data": {"aws_lb": {"l": {}}}}',
            "live/notes.txt": 'resource "aws_iam_role" "r" {}',
            "modules/a/main.tf": 'module "b" { source = "./b" }',
            "modules/a/b/main.tf": 'resource "aws_sqs_queue" "q" {}',
        },
    )

    configuration = load_configuration(tmp_path / "live")

    assert {"aws_vpc", "aws_lb", "aws_sqs_queue"} == configuration.types
    assert configuration.has_modules
    assert not configuration.installed
    assert [
        tmp_path / "live",
        tmp_path / "modules/a",
        tmp_path / "modules/a/b",
    ] == [module.directory for module in configuration.modules]


def test_takes_modules_that_are_installed(tmp_path: Path) -> None:
    """What terraform init has fetched need not be fetched again."""
    write_files(
        tmp_path,
        {
            "main.tf": 'module "vpc" { source = "terraform-aws-modules/vpc/aws" }',
            ".terraform/modules/modules.json": (
                '{"Modules": [{"Key": "", "Dir": "."},'
                ' {"Key": "vpc", "Dir": ".terraform/modules/vpc"}]}'
            ),
            ".terraform/modules/vpc/main.tf": 'resource "aws_vpc" "this" {}',
        },
    )

    configuration = load_configuration(tmp_path)

    assert {"aws_vpc"} == configuration.types
    assert configuration.installed


@pytest.mark.parametrize(
    ("text", "others"),
    [
        ('resource "aws_vpc" "a" {}\nresource "terraform_data" "b" {}', ()),
        ('resource "random_id" "a" {}', ("hashicorp/random",)),
        ('data "http" "a" {}', ("hashicorp/http",)),
        ('provider "google" {}', ("hashicorp/google",)),
        (
            (
                "terraform {\n required_providers {\n"
                '  aws = { source = "example.com/acme/aws" }\n }\n}'
            ),
            ("example.com/acme/aws",),
        ),
        (
            (
                "terraform {\n required_providers {\n"
                '  cloud = { source = "registry.terraform.io/hashicorp/AWS" }\n }\n}\n'
                'resource "aws_vpc" "a" {\n  provider = cloud.west\n}'
            ),
            (),
        ),
        (
            (
                "terraform {\n required_providers {\n"
                '  dd = {\n    source = "DataDog/datadog"\n  }\n }\n}'
            ),
            ("datadog/datadog",),
        ),
    ],
)
def test_names_other_providers(
    tmp_path: Path, text: str, others: tuple[str, ...]
) -> None:
    """A provider is known by its source; one without a source is HashiCorp's."""
    write_files(tmp_path, {"main.tf": text})

    assert others == load_configuration(tmp_path).other_providers


@pytest.mark.parametrize(
    ("text", "aliases"),
    [
        ('provider "aws" {}', False),
        ('provider "aws" {}\nprovider "aws" {\n alias = "b"\n}', True),
        ('provider "aws" {\n alias = "b"\n}', True),
        ('resource "aws_vpc" "v" {}', False),
    ],
)
def test_sees_several_configurations_of_the_provider(
    tmp_path: Path, text: str, *, aliases: bool
) -> None:
    """Each alias is a provider of its own."""
    write_files(tmp_path, {"main.tf": text})

    assert aliases == load_configuration(tmp_path).has_aliases


def test_sees_that_a_module_configures_the_provider_again(tmp_path: Path) -> None:
    """A module with a provider block of its own has a provider of its own."""
    write_files(
        tmp_path,
        {
            "main.tf": 'provider "aws" {}\nmodule "a" {\n  source = "./a" # local\n}',
            "a/main.tf": 'provider "aws" {}',
        },
    )

    assert load_configuration(tmp_path).has_aliases


def test_names_remote_states_and_provisioners(tmp_path: Path) -> None:
    """What reads other states or runs commands is known before Terraform runs."""
    write_files(
        tmp_path,
        {
            "main.tf": (
                'data "terraform_remote_state" "network" { backend = "s3" }\n'
                'resource "terraform_data" "run" {\n provisioner "local-exec" {}\n}'
            )
        },
    )

    configuration = load_configuration(tmp_path)

    assert ("network",) == configuration.root.remote_states
    assert ("terraform_data.run",) == configuration.provisioners


@pytest.mark.parametrize(
    ("files", "problem"),
    [
        ({}, "HERE: must hold a Terraform configuration (*.tf or *.tf.json)"),
        (
            {"main.tf": "\nresource {"},
            (
                "HERE/main.tf: line 2: must be Terraform's language; "
                "terraform fmt says what is wrong"
            ),
        ),
        (
            {"main.tf": 'module "a" { source = "./a" }'},
            "HERE: module.a: there is no folder ./a",
        ),
        (
            {"main.tf": 'module "a" { source = "git::https://example.com/a" }'},
            (
                "HERE: module.a: must be on this machine, got source "
                "'git::https://example.com/a': run terraform init -backend=false in "
                "HERE first"
            ),
        ),
    ],
)
def test_fails_when_a_configuration_is_not_whole(
    tmp_path: Path, files: Mapping[str, str], problem: str
) -> None:
    """What is missing or unreadable is named with its place."""
    write_files(tmp_path, files)

    assert (problem,) == problems_of(tmp_path)


def test_fails_when_there_is_no_folder(tmp_path: Path) -> None:
    """A wrong path is one line."""
    with pytest.raises(RehearsalError) as raised:
        load_configuration(tmp_path / "none")

    assert (
        f"{tmp_path}/none: must be a folder: No such file or directory",
    ) == raised.value.problems
