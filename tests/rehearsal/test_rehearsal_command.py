"""
The command `python -m rehearsal`, run as people run it.
"""

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from rehearsal.command import FIRST_LINE
from tests.rehearsal.configurations import write_files
from tests.rehearsal.rehearsing import errors_of, without_progress
from tests.terraform import terraform_environ

PROJECT = Path(__file__).parent.parent.parent

BASE = """
terraform {
  backend "s3" {
    bucket = "real"
  }
}
provider "aws" {
  region = "eu-west-1"
}
variable "color" {
  default = "blue"
}
data "terraform_remote_state" "net" {
  backend = "s3"
  config  = { bucket = "real" }
}
resource "aws_cloudwatch_log_group" "log" {
  name = "/app/${var.color}"
}
resource "aws_cloudwatch_log_stream" "stream" {
  name           = data.terraform_remote_state.net.outputs.name
  log_group_name = aws_cloudwatch_log_group.log.name
}
output "log_group" {
  value = aws_cloudwatch_log_group.log.arn
}
"""
FIXTURES = 'account_id = "999999999999"\n[states.net.outputs]\nname = "here"\n'


@dataclass(frozen=True, slots=True)
class Place:
    """
    A folder with configurations, and one for what programs leave behind.
    """

    folder: Path
    temporary: Path

    def environ(self) -> dict[str, str]:
        return {**terraform_environ(), "TMPDIR": str(self.temporary)}

    def run(
        self, *arguments: str, environ: Mapping[str, str] | None = None
    ) -> subprocess.CompletedProcess[str]:
        done = subprocess.run(
            [sys.executable, "-m", "rehearsal", *arguments],
            cwd=PROJECT,
            env={**self.environ(), **(environ or {})},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )
        assert [] == list(self.temporary.iterdir())
        return done


@pytest.fixture(name="place")
def _place(tmp_path: Path) -> Iterator[Place]:
    write_files(
        tmp_path,
        {
            "base/main.tf": BASE,
            "head/main.tf": BASE.replace("/app/", "/web/"),
            "fixtures.toml": FIXTURES,
        },
    )
    # A longer path would be passed over: the provider's socket must fit into it.
    with tempfile.TemporaryDirectory(prefix="r", dir="/tmp") as temporary:
        yield Place(tmp_path, Path(temporary))


def with_fixtures(place: Place, *arguments: str) -> tuple[str, ...]:
    return (*arguments, "--fixtures", f"{place.folder}/fixtures.toml")


def files_in(folder: Path) -> dict[str, tuple[bytes, int]]:
    return {
        str(path): (path.read_bytes(), path.stat().st_ctime_ns)
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


@pytest.mark.terraform
def test_plans_from_nothing(place: Place) -> None:
    """The first line says what it is; Terraform's text and the summary follow."""
    before = files_in(place.folder)

    done = place.run(*with_fixtures(place, f"{place.folder}/head"))

    assert (0, "") == (done.returncode, errors_of(done))
    assert FIRST_LINE == done.stdout.splitlines()[0]
    assert "# aws_cloudwatch_log_group.log will be created" in done.stdout
    assert "Plan: 2 to add, 0 to change, 0 to destroy." in done.stdout
    assert "Saved the plan" not in done.stdout
    assert "Reading..." not in done.stdout
    assert "\nhead: 2 to add, 0 to change, 0 to replace, 0 to destroy\n" in done.stdout
    assert "\x1b" not in done.stdout
    assert before == files_in(place.folder)


@pytest.mark.terraform
def test_plans_on_top_of_a_base(place: Place) -> None:
    """What replaces what, and in which order, is told after Terraform's own text."""
    done = place.run(
        *with_fixtures(place, f"{place.folder}/head", "--base", f"{place.folder}/base")
    )

    assert (0, "") == (done.returncode, errors_of(done))
    assert (
        "  to replace\n"
        "    aws_cloudwatch_log_group.log      "
        "made after the old one went, because of name\n"
        "    aws_cloudwatch_log_stream.stream  "
        "made after the old one went, because of log_group_name\n"
    ) in done.stdout
    assert (
        "    1. destroy  aws_cloudwatch_log_stream.stream\n"
        "    2. destroy  aws_cloudwatch_log_group.log\n"
        "    3. create   aws_cloudwatch_log_group.log\n"
        "    4. create   aws_cloudwatch_log_stream.stream\n"
    ) in done.stdout


@pytest.mark.terraform
def test_takes_variables(place: Place) -> None:
    """As for Terraform: by argument, by file and by the environment."""
    write_files(place.folder, {"red.tfvars": 'color = "red"\n'})
    head = f"{place.folder}/head"

    for arguments, environ in (
        (("--var", "color=red"), {}),
        (("--var-file", f"{place.folder}/red.tfvars"), {}),
        ((), {"TF_VAR_color": "red"}),
    ):
        done = place.run(*with_fixtures(place, head, *arguments), environ=environ)

        assert '"/web/red"' in done.stdout


@pytest.mark.terraform
def test_writes_the_plan_as_json(place: Place) -> None:
    """On stdout alone, with the text on stderr; or into a file."""
    arguments = with_fixtures(place, f"{place.folder}/head")

    done = place.run(*arguments, "--json", "-")
    filed = place.run(*arguments, "--json", f"{place.folder}/plan.json")

    assert (0, FIRST_LINE) == (done.returncode, errors_of(done).splitlines()[0])
    addresses = [r["address"] for r in json.loads(done.stdout)["resource_changes"]]
    assert [
        "aws_cloudwatch_log_group.log",
        "aws_cloudwatch_log_stream.stream",
    ] == addresses
    plan = json.loads((place.folder / "plan.json").read_text())
    assert addresses == [r["address"] for r in plan["resource_changes"]]
    assert FIRST_LINE == filed.stdout.splitlines()[0]


@pytest.mark.terraform
def test_compares_with_a_real_plan(place: Place) -> None:
    """No difference is status 0, any is told and status 1."""
    arguments = with_fixtures(place, f"{place.folder}/head")
    file = place.folder / "plan.json"
    place.run(*arguments, "--json", str(file))

    same = place.run(*arguments, "--verify", str(file))
    plan = json.loads(file.read_text())
    plan["resource_changes"][0]["change"]["actions"] = ["no-op"]
    file.write_text(json.dumps(plan))
    other = place.run(*arguments, "--verify", str(file))

    assert (0, "") == (same.returncode, errors_of(same))
    assert f"  differences from {file}: none\n" in same.stdout
    assert (1, "") == (other.returncode, errors_of(other))
    assert (
        f"  differences from {file}: 1\n    aws_cloudwatch_log_group.log: actions: "
        "create in the rehearsal, no-op in the real plan\n"
    ) in other.stdout


@pytest.mark.terraform
def test_plans_on_top_of_a_real_state(place: Place) -> None:
    """The state is read, and neither its file nor its serial changes."""
    state: dict[str, object] = {
        "version": 4,
        "terraform_version": "1.11.4",
        "serial": 7,
        "lineage": "11111111-2222-4333-8444-555555555555",
        "outputs": {},
        "resources": [
            {
                "mode": "managed",
                "type": "aws_iam_group",
                "name": "gone",
                "provider": 'provider["registry.terraform.io/hashicorp/aws"]',
                "instances": [
                    {
                        "schema_version": 0,
                        "attributes": {"id": "g", "name": "g", "path": "/"},
                    }
                ],
            }
        ],
        "check_results": None,
    }
    file = place.folder / "real.tfstate"
    file.write_text(json.dumps(state))
    before = file.stat().st_ctime_ns

    done = place.run(
        *with_fixtures(place, f"{place.folder}/head", "--state", str(file))
    )

    assert (0, "") == (done.returncode, errors_of(done))
    assert "aws_iam_group.gone  it is not in the configuration\n" in done.stdout
    assert before == file.stat().st_ctime_ns
    assert state == json.loads(file.read_text())


@pytest.mark.terraform
def test_validation_names_what_was_never_compared(place: Place) -> None:
    """A type whose changes nobody compared is named, a data source is not."""
    folder = place.folder / "unsure"
    folder.mkdir()
    (folder / "main.tf").write_text(
        'provider "aws" { region = "eu-west-1" }\n'
        'data "aws_caller_identity" "me" {}\n'
        'resource "aws_lambda_event_source_mapping" "m" {\n'
        '  function_name    = "f"\n'
        '  event_source_arn = "arn:aws:sqs:eu-west-1:123456789012:q"\n'
        "}\n"
    )

    done = place.run(str(folder), "--validate")

    assert (
        f"{FIRST_LINE}\n\nunsure: validated\n\nSuccess! The configuration is valid.\n\n"
        "  schema only (no change of these types was compared with a real provider)\n"
        "    aws_lambda_event_source_mapping\n"
    ) == done.stdout


@pytest.mark.terraform
def test_validates_only(place: Place) -> None:
    """A validation needs no plan, and says so."""
    done = place.run(*with_fixtures(place, f"{place.folder}/head", "--validate"))

    assert (0, "") == (done.returncode, errors_of(done))
    assert (
        f"{FIRST_LINE}\n\nhead: validated\n\nSuccess! The configuration is valid.\n\n"
    ) == done.stdout


@pytest.mark.terraform
def test_plans_modules_and_several_providers(place: Place) -> None:
    """Each configuration of the provider has its own region, in modules too."""
    write_files(
        place.folder,
        {
            "live/main.tf": (
                "terraform {\n  required_providers {\n    aws = {\n"
                '      source  = "hashicorp/aws"\n      version = "~> 5.0"\n'
                '    }\n  }\n  backend "gcs" {}\n}\n'
                'provider "aws" {\n  region = "eu-west-1"\n}\n'
                'provider "aws" {\n  alias  = "us"\n  region = "us-east-1"\n}\n'
                'resource "aws_sns_topic" "t" {\n  name = "t"\n}\n'
                'module "m" {\n  source = "../module"\n'
                "  providers = { aws = aws.us }\n}\n"
            ),
            "module/main.tf": (
                'data "aws_region" "here" {}\n'
                'resource "aws_sns_topic" "t" {\n'
                "  name = data.aws_region.here.region\n}\n"
            ),
        },
    )

    done = place.run(f"{place.folder}/live")

    assert (0, "") == (done.returncode, errors_of(done))
    assert "\nlive: 2 to add, 0 to change, 0 to replace, 0 to destroy\n" in done.stdout
    assert '"us-east-1"' in done.stdout


@pytest.mark.terraform
def test_plans_modules_beside_the_configuration(place: Place) -> None:
    """Both sides have their own."""
    call = 'module "m" {\n  source = "../%s"\n}\n'
    group = 'resource "aws_cloudwatch_log_group" "g" {\n  name = "%s"\n}\n'
    write_files(
        place.folder,
        {
            "now/main.tf": call % "module-now",
            "old/main.tf": call % "module-old",
            "module-now/main.tf": group % "now",
            "module-old/main.tf": group % "old",
        },
    )

    done = place.run(f"{place.folder}/now", "--base", f"{place.folder}/old")

    assert (0, "") == (done.returncode, errors_of(done))
    assert (
        "    module.m.aws_cloudwatch_log_group.g  "
        "made after the old one went, because of name\n"
    ) in done.stdout


@pytest.mark.terraform
def test_ends_when_its_reader_does(place: Place) -> None:
    """A pipe into head is no error."""
    command = [sys.executable, "-m", "rehearsal", f"{place.folder}/head"]
    process = subprocess.Popen(
        with_fixtures(place, *command),
        cwd=PROJECT,
        env=place.environ(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    process.stdout.close()
    process.stdout = None
    _, errors = process.communicate(timeout=30)

    assert (1, "") == (process.returncode, without_progress(errors))
    assert [] == list(place.temporary.iterdir())


@pytest.mark.terraform
def test_passes_on_what_terraform_says_of_an_error(place: Place) -> None:
    """A configuration that Terraform refuses is told in Terraform's words."""
    write_files(
        place.folder, {"head/more.tf": 'output "x" {\n  value = aws_vpc.none.id\n}\n'}
    )

    done = place.run(*with_fixtures(place, f"{place.folder}/head"))

    assert 1 == done.returncode
    assert errors_of(done).startswith("error: head: planning: Terraform says:\n")
    assert "Error: Reference to undeclared resource" in errors_of(done)
    assert "Traceback" not in errors_of(done)


@pytest.mark.terraform
@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        (("HERE/none",), "HERE/none: must be a folder: No such file or directory"),
        (
            ("HERE/head",),
            (
                "HERE/head: data.terraform_remote_state.net: must have outputs to "
                "stand for it: give them in [states.net.outputs] of the fixtures"
            ),
        ),
        (
            ("HERE/head", "--fixtures", "HERE/head/main.tf"),
            "HERE/head/main.tf: must be TOML: ",
        ),
        (
            ("HERE/head", "--fixtures", "HERE/none"),
            "HERE/none: must be readable: No such file or directory",
        ),
        (
            ("HERE/head", "--verify", "HERE/fixtures.toml"),
            (
                "HERE/fixtures.toml: must be a plan as terraform show -json PLANFILE "
                "writes it, got no JSON"
            ),
        ),
        (
            ("HERE/head", "--state", "HERE/fixtures.toml"),
            (
                "HERE/fixtures.toml: must be a state of version 4, got no JSON: "
                "terraform state pull writes one"
            ),
        ),
        (("HERE/head", "--account", "1"), "fixtures.account_id: must be 12 digits"),
        (
            ("HERE/random",),
            "HERE/random: must use no provider but hashicorp/aws, got hashicorp/random",
        ),
    ],
)
def test_fails_when_the_input_is_wrong(
    place: Place, arguments: tuple[str, ...], problem: str
) -> None:
    """One line names the input, the rule and the remedy."""
    write_files(place.folder, {"random/main.tf": 'resource "random_id" "i" {}\n'})

    done = place.run(*(a.replace("HERE", str(place.folder)) for a in arguments))

    line, *others = errors_of(done).replace(str(place.folder), "HERE").splitlines()
    assert (1, []) == (done.returncode, others)
    assert line.startswith(f"error: {problem}")


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        ((), "the following arguments are required: DIRECTORY"),
        (("a", "--nope"), "unrecognized arguments: --nope"),
        (
            ("a", "--base", "b", "--state", "c"),
            "--base and --state are two bases: give one of them",
        ),
        (
            ("a", "--validate", "--json", "-"),
            "--json needs a plan, which --validate does not make",
        ),
    ],
)
def test_fails_when_misused(arguments: tuple[str, ...], problem: str) -> None:
    """Wrong usage is one line, where to read on, and status 2."""
    done = subprocess.run(
        [sys.executable, "-m", "rehearsal", *arguments],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=False,
    )

    assert (
        2,
        "",
        f"error: {problem}\ntry: python -m rehearsal --help\n",
    ) == (done.returncode, done.stdout, errors_of(done))


def test_explains_itself() -> None:
    """--help needs nothing."""
    done = subprocess.run(
        [sys.executable, "-m", "rehearsal", "--help"],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=False,
    )

    assert (0, "") == (done.returncode, errors_of(done))
    assert done.stdout.startswith("usage: python -m rehearsal [OPTION ...] DIRECTORY\n")


def test_fails_when_there_is_no_terraform(place: Place) -> None:
    """What is missing is told with the remedy."""
    done = place.run(
        *with_fixtures(place, f"{place.folder}/head"),
        environ={"TERRAFORM_BINARY_NAME": "/nowhere/terraform"},
    )

    assert (
        1,
        (
            "error: TERRAFORM_BINARY_NAME: Terraform 1.11.0 or newer is needed, found "
            "none called /nowhere/terraform: install it from "
            "https://developer.hashicorp.com/terraform/install\n"
        ),
    ) == (done.returncode, errors_of(done))


def many_resources(place: Place) -> str:
    """
    Write a base whose apply takes a while.
    """
    groups = {f"g{n}": {"name": f"g{n}"} for n in range(600)}
    content = json.dumps({"resource": {"aws_cloudwatch_log_group": groups}})
    write_files(place.folder, {"many/main.tf.json": content})
    return f"{place.folder}/many"


def begin_long_apply(place: Place) -> subprocess.Popen[str]:
    """
    Start a rehearsal, and wait until its Terraform applies.
    """
    many = many_resources(place)
    process = subprocess.Popen(
        [sys.executable, "-m", "rehearsal", many, "--base", many],
        cwd=PROJECT,
        env=place.environ(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline and not find_processes(place, "apply"):
        time.sleep(0.02)
    time.sleep(0.3)
    return process


def find_processes(place: Place, word: str = "") -> list[int]:
    """
    Return the processes that run in, or know of, the scratch folder.
    """
    found: list[int] = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            command = (folder / "cmdline").read_bytes().decode(errors="replace")
            environ = (folder / "environ").read_bytes().decode(errors="replace")
        except OSError:
            continue
        if f"{place.temporary}/" in command + environ and word in command:
            found.append(int(folder.name))
    return found


@pytest.mark.terraform
@pytest.mark.skipif(not Path("/proc").is_dir(), reason="reads Linux's /proc")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_leaves_nothing_when_it_is_stopped_in_an_apply(
    place: Place, number: signal.Signals
) -> None:
    """Terraform ends what it does, and no process or folder stays."""
    process = begin_long_apply(place)

    process.send_signal(number)
    _, errors = process.communicate(timeout=30)

    assert 130 == process.returncode
    assert "stopping, once Terraform has ended ..." in errors.splitlines()
    assert "" == without_progress(errors)
    assert [] == find_processes(place)
    assert [] == list(place.temporary.iterdir())


@pytest.mark.terraform
@pytest.mark.skipif(not Path("/proc").is_dir(), reason="reads Linux's /proc")
def test_fails_when_the_provider_crashes(place: Place) -> None:
    """A provider that dies is one line, whatever Terraform makes of it."""
    process = begin_long_apply(place)

    (server,) = find_processes(place, "rehearsal.provider.server")
    os.kill(server, signal.SIGKILL)
    _, errors = process.communicate(timeout=30)

    assert 1 == process.returncode
    assert without_progress(errors).startswith(
        "error: many: the base: applying: the simulated provider ended with status -9"
    )
    assert 1 == len(without_progress(errors).splitlines())
    assert [] == find_processes(place)
    assert [] == list(place.temporary.iterdir())
