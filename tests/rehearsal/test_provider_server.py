"""
The provider's process, and Terraform's own engine with it.
"""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

import pytest

from rehearsal.errors import RehearsalError
from rehearsal.fixtures import Fixtures
from rehearsal.provider.faults import Fault
from rehearsal.provider.server import SOCKET, Server, install_plugin, start
from tests.terraform import terraform_binary

TYPES = {
    "aws_api_gateway_rest_api",
    "aws_caller_identity",
    "aws_cloudwatch_log_group",
    "aws_iam_policy_document",
    "aws_s3_bucket",
    "aws_s3_bucket_policy",
    "aws_s3_object",
}
FIXTURES = Fixtures(region="eu-west-1")

CONFIGURATION = """
provider "aws" {
  region = "eu-west-1"
  default_tags {
    tags = { team = "web" }
  }
}
variable "page" {
  default = "hello"
}
variable "bucket" {
  default = "web"
}
data "aws_caller_identity" "me" {}
data "aws_iam_policy_document" "read" {
  statement {
    actions   = ["s3:GetObject"]
    resources = ["${aws_s3_bucket.web.arn}/*"]
    principals {
      type        = "Service"
      identifiers = ["cloudfront.amazonaws.com"]
    }
  }
}
resource "aws_s3_bucket" "web" {
  bucket = var.bucket
}
resource "aws_s3_bucket_policy" "web" {
  bucket = aws_s3_bucket.web.id
  policy = data.aws_iam_policy_document.read.json
}
resource "aws_s3_object" "page" {
  bucket  = aws_s3_bucket.web.id
  key     = "index.html"
  content = var.page
}
resource "aws_cloudwatch_log_group" "calls" {
  name = "/calls"
}
output "account" {
  value = data.aws_caller_identity.me.account_id
}
output "role" {
  value = provider::aws::arn_parse("arn:aws:iam::123456789012:role/a").resource
}
"""
SOURCE = """
terraform {
  required_providers {
    aws = {
      source = "hashicorp/aws"
    }
  }
}
"""


class Rehearsal:
    """
    Terraform in a folder, with a running provider.

    Args:
        folder: the folder.
        environment: the variables that lead Terraform to the provider.
        arguments: further arguments of `init`. Defaults to none.
    """

    def __init__(
        self, folder: Path, environment: Mapping[str, str], *arguments: str
    ) -> None:
        self.folder = folder
        self.environ = {
            "CHECKPOINT_DISABLE": "1",
            "HOME": str(folder),
            "PATH": os.environ["PATH"],
            "TF_IN_AUTOMATION": "1",
            **environment,
        }
        folder.mkdir()
        (folder / "main.tf").write_text(SOURCE + CONFIGURATION, encoding="utf-8")
        self.must("init", *arguments)

    def run(self, command: str, *arguments: str) -> tuple[int, str]:
        """
        Run a command, and return its status and all that it printed.
        """
        completed = subprocess.run(
            [terraform_binary(), command, "-no-color", *arguments],
            cwd=self.folder,
            env=self.environ,
            capture_output=True,
            text=True,
            check=False,
        )
        return completed.returncode, completed.stdout + completed.stderr

    def must(self, command: str, *arguments: str) -> str:
        """
        Run a command that must succeed, and return what it printed.
        """
        status, printed = self.run(command, *arguments)
        assert 0 == status, printed
        return printed

    def changes(self, *arguments: str) -> dict[str, list[str]]:
        """
        Plan, and return what would be done by address.
        """
        self.must("plan", "-out=plan", *arguments)
        plan = json.loads(self.must("show", "-json", "plan"))
        return {
            change["address"]: change["change"]["actions"]
            for change in plan["resource_changes"]
            if change["change"]["actions"] not in (["no-op"], ["read"])
        }


def serve(folder: Path, fault: Fault | None = None) -> Server:
    """
    Start the provider.
    """
    return start(
        types=TYPES,
        fixtures=FIXTURES,
        scratch=folder / "s",
        fault=fault,
        environ=os.environ,
    )


@pytest.mark.terraform
def test_terraform_plans_applies_and_destroys(tmp_path: Path) -> None:
    """
    The engine takes every answer; a second plan is empty, and all goes in the end.
    """
    with serve(tmp_path) as server:
        rehearsal = Rehearsal(tmp_path / "w", server.environment)
        assert "The configuration is valid" in rehearsal.must("validate")
        assert 4 == len(rehearsal.changes())
        rehearsal.must("apply", "-auto-approve")
        assert {} == rehearsal.changes()
        assert ("123456789012\n", "role/a\n") == (
            rehearsal.must("output", "-raw", "account") + "\n",
            rehearsal.must("output", "-raw", "role") + "\n",
        )
        rehearsal.must("apply", "-destroy", "-auto-approve")
        done = [(operation.type, operation.action) for operation in server.journal()]
    assert 8 == len(done)
    assert ("aws_s3_bucket", "delete") == done[-1]


@pytest.mark.terraform
def test_terraform_plans_updates_and_replacements(tmp_path: Path) -> None:
    """
    A page is updated, another bucket replaces all that is in it.
    """
    with serve(tmp_path) as server:
        rehearsal = Rehearsal(tmp_path / "w", server.environment)
        rehearsal.must("apply", "-auto-approve")
        assert {"aws_s3_object.page": ["update"]} == rehearsal.changes("-var=page=x")
        assert {
            "aws_s3_bucket.web": ["delete", "create"],
            "aws_s3_bucket_policy.web": ["delete", "create"],
            "aws_s3_object.page": ["delete", "create"],
        } == rehearsal.changes("-var=bucket=other")


@pytest.mark.terraform
def test_terraform_refuses_unknown_types(tmp_path: Path) -> None:
    """
    A type that no release has is Terraform's own error.
    """
    with serve(tmp_path) as server:
        rehearsal = Rehearsal(tmp_path / "w", server.environment)
        resource = 'resource "aws_nothing" "x" {}\n'
        (rehearsal.folder / "x.tf").write_text(resource, encoding="utf-8")
        status, printed = rehearsal.run("validate")
    assert 1 == status
    assert "Invalid resource type" in printed


@pytest.mark.terraform
def test_a_half_done_creation_is_tainted_and_replaced(tmp_path: Path) -> None:
    """
    The next apply converges without a person's help.
    """
    with serve(tmp_path, Fault(1, "half")) as server:
        rehearsal = Rehearsal(tmp_path / "w", server.environment)
        status, printed = rehearsal.run("apply", "-auto-approve", "-parallelism=1")
        assert 1 == status
        assert "failed half-way by a fault" in printed
        rehearsal.must("apply", "-auto-approve")
        assert {} == rehearsal.changes()


@pytest.mark.terraform
def test_a_provider_that_dies_is_told(tmp_path: Path) -> None:
    """
    Terraform keeps what was done before, and the run says why it ended.
    """
    with serve(tmp_path, Fault(2, "die_before")) as server:
        rehearsal = Rehearsal(tmp_path / "w", server.environment)
        assert "" == server.crash()
        status, _ = rehearsal.run("apply", "-auto-approve", "-parallelism=1")
        assert 1 == status
        assert "the simulated provider died where a fault made it" == server.crash()
        assert 1 == len(server.journal())
    with serve(tmp_path) as server:
        rehearsal.environ.update(server.environment)
        rehearsal.must("apply", "-auto-approve")
        assert {} == rehearsal.changes()


@pytest.mark.terraform
def test_aliases_have_their_own_regions(tmp_path: Path) -> None:
    """
    Terraform starts a process for each configuration of the provider.
    """
    folder = install_plugin(
        types=TYPES, fixtures=FIXTURES, scratch=tmp_path / "s", environ=os.environ
    )
    rehearsal = Rehearsal(tmp_path / "w", {}, f"-plugin-dir={folder}")
    aliased = """
    provider "aws" {
      alias  = "global"
      region = "us-east-1"
    }
    resource "aws_cloudwatch_log_group" "global" {
      provider = aws.global
      name     = "/global"
    }
    """
    (rehearsal.folder / "x.tf").write_text(aliased, encoding="utf-8")
    rehearsal.must("apply", "-auto-approve")
    state = json.loads((rehearsal.folder / "terraform.tfstate").read_bytes())
    regions = {
        (resource["name"], instance["attributes"]["region"])
        for resource in state["resources"]
        for instance in resource["instances"]
        if resource["type"] == "aws_cloudwatch_log_group"
    }
    assert {("calls", "eu-west-1"), ("global", "us-east-1")} == regions
    assert [] == list((tmp_path / "s").glob("*.sock"))


def test_only_the_user_can_reach_it(tmp_path: Path) -> None:
    """
    The socket is in a folder that is closed to others, and the process has no port.
    """
    with serve(tmp_path) as server:
        assert 0o700 == (tmp_path / "s").stat().st_mode & 0o777
        assert (tmp_path / "s" / SOCKET).is_socket()
        reattach = json.loads(server.environment["TF_REATTACH_PROVIDERS"])
        assert {
            "registry.terraform.io/hashicorp/aws": {
                "Protocol": "grpc",
                "ProtocolVersion": 6,
                "Pid": server.pid,
                "Test": True,
                "Addr": {"Network": "unix", "String": str(tmp_path / "s" / SOCKET)},
            }
        } == reattach
    assert not (tmp_path / "s" / SOCKET).exists()


def test_it_ends_with_the_run(tmp_path: Path) -> None:
    """
    Nothing is left running.
    """
    with serve(tmp_path) as server:
        os.kill(server.pid, 0)
    with pytest.raises(ProcessLookupError):
        os.kill(server.pid, 0)


def test_it_ends_with_its_parent(tmp_path: Path) -> None:
    """
    A run that is killed leaves no provider.
    """
    program = (
        "import os, sys, time\n"
        "from pathlib import Path\n"
        "from rehearsal.fixtures import Fixtures\n"
        "from rehearsal.provider.server import start\n"
        "server = start(types=(), fixtures=Fixtures(), scratch=Path(sys.argv[1]), "
        "environ=os.environ)\n"
        "print(server.pid, flush=True)\n"
        "time.sleep(60)\n"
    )
    parent = subprocess.Popen(
        [sys.executable, "-c", program, str(tmp_path / "s")],
        stdout=subprocess.PIPE,
        cwd=Path(__file__).parent.parent.parent,
    )
    with parent:
        assert parent.stdout is not None
        child = int(parent.stdout.readline())
        parent.kill()
    assert ended(child)


def ended(pid: int) -> bool:
    """
    Tell whether a process ends within seconds.
    """
    for _ in range(100):
        stat = Path(f"/proc/{pid}/stat")
        if not stat.exists() or stat.read_text(encoding="utf-8").split()[2] == "Z":
            return True
        time.sleep(0.05)
    return False


def test_a_crash_is_one_line(tmp_path: Path) -> None:
    """
    A process that is killed is said to be.
    """
    with serve(tmp_path) as server:
        os.kill(server.pid, signal.SIGKILL)
        while not (said := server.crash()):
            time.sleep(0.01)
        assert "the simulated provider ended with status -9: it said nothing" == said


def test_names_the_types_that_nobody_compared(tmp_path: Path) -> None:
    """
    A run can say for which resource types it knows the schema only.
    """
    with serve(tmp_path) as server:
        assert "aws_s3_object" not in server.types_schema_only


def test_fails_when_fixtures_fit_no_data_source(tmp_path: Path) -> None:
    """
    Fixtures are checked before a process starts.
    """
    fixtures = Fixtures(data_sources={"aws_nothing": {}})
    with pytest.raises(RehearsalError) as raised:
        start(types=(), fixtures=fixtures, scratch=tmp_path, environ=os.environ)
    assert (
        "fixtures.data_sources.aws_nothing is no data source type of the AWS provider",
    ) == raised.value.problems


def test_fails_when_the_folder_has_too_long_a_name(tmp_path: Path) -> None:
    """
    A socket's path must fit into what the system allows.
    """
    scratch = tmp_path / ("x" * 120)
    with pytest.raises(RehearsalError) as raised:
        start(types=(), fixtures=FIXTURES, scratch=scratch, environ=os.environ)
    assert (
        f"the folder {scratch} has too long a name for a socket, choose another",
    ) == raised.value.problems


def test_a_socket_in_the_way_is_replaced(tmp_path: Path) -> None:
    """
    What a killed run left doesn't stop the next.
    """
    (tmp_path / "s").mkdir()
    left = socket.socket(socket.AF_UNIX)
    left.bind(str(tmp_path / "s" / SOCKET))
    left.close()
    with serve(tmp_path) as server:
        assert "" == server.crash()
