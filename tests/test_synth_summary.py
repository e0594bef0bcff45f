"""
What a summary says of a synthesised app, from the files that cdktf writes.
"""

import io
import json
import os
import re
from pathlib import Path
from typing import Any

import pytest
from rich.text import Text

from modules.errors import ConfigError
from modules.synth_summary import (
    Operation,
    StackSummary,
    load_summaries,
    main,
    render_text,
    write_summaries,
    write_tables,
)

CONFIGURATION: dict[str, Any] = {
    "//": {
        "gateway": {
            "operations": [
                {"method": "GET", "path": "/mysfits", "access": "public", "scopes": []},
                {
                    "method": "POST",
                    "path": "/mysfits/{mysfitId}/like",
                    "access": "user",
                    "scopes": ["mysfits/like"],
                },
            ],
            "warnings": ["the document has no info.version"],
        },
        "metadata": {"stackName": "local"},
    },
    "resource": {
        "aws_s3_object": {"b": {}, "a": {}},
        "aws_api_gateway_rest_api": {"api": {}},
    },
    "data": {"aws_lb": {"backend": {}}},
    "output": {"api_id": {"description": "Id of the REST API.", "value": "x"}},
}


class Terminal(io.StringIO):
    """
    Collect what is written, as a terminal would show it.
    """

    def isatty(self) -> bool:
        return True

    def read_screen(self) -> str:
        return Text.from_ansi(self.getvalue()).plain


@pytest.fixture(name="folder")
def _folder(tmp_path: Path) -> Path:
    return write_app(tmp_path, {"local": CONFIGURATION, "dev": {}})


def write_app(folder: Path, stacks: dict[str, dict[str, Any]]) -> Path:
    manifest: dict[str, Any] = {"version": "0.21.0", "stacks": {}}
    for name, configuration in stacks.items():
        path = f"stacks/{name}/cdk.tf.json"
        (folder / path).parent.mkdir(parents=True)
        (folder / path).write_text(json.dumps(configuration))
        manifest["stacks"][name] = {
            "name": name,
            "synthesizedStackPath": path,
            "annotations": [
                {"level": "@cdktf/warn", "message": "the site is public"},
                {"level": "@cdktf/info", "message": "not a warning"},
            ],
        }
    (folder / "manifest.json").write_text(json.dumps(manifest))
    return folder


def run(*arguments: str) -> tuple[int, str, str]:
    stdout, stderr = io.StringIO(), io.StringIO()
    status = main(arguments, stdout=stdout, stderr=stderr)
    return status, stdout.getvalue(), stderr.getvalue()


def test_reads_what_a_stack_defines(folder: Path) -> None:
    """A summary has every part that the stack's files name."""
    assert [
        StackSummary(
            name="local",
            path=folder / "stacks/local/cdk.tf.json",
            resources={"aws_api_gateway_rest_api": 1, "aws_s3_object": 2},
            data_sources={"aws_lb": 1},
            outputs={"api_id": "Id of the REST API."},
            operations=(
                Operation(method="GET", path="/mysfits", access="public"),
                Operation(
                    method="POST",
                    path="/mysfits/{mysfitId}/like",
                    access="user",
                    scopes=("mysfits/like",),
                ),
            ),
            warnings=("the document has no info.version", "the site is public"),
        )
    ] == load_summaries(folder, ["local"])


def test_reads_every_stack_when_none_is_named(folder: Path) -> None:
    """Without names all stacks are summed up, in the manifest's order."""
    assert ["local", "dev"] == [stack.name for stack in load_summaries(folder, [])]


def test_counts_nothing_in_an_empty_configuration(folder: Path) -> None:
    """A stack without resources or metadata has an empty summary."""
    [summary] = load_summaries(folder, ["dev"])

    assert {} == summary.resources
    assert {} == summary.data_sources
    assert {} == summary.outputs
    assert () == summary.operations


def test_says_a_warning_once(tmp_path: Path) -> None:
    """A warning that is both metadata and annotation is listed once."""
    configuration = {"//": {"gateway": {"warnings": ["the site is public"]}}}
    folder = write_app(tmp_path, {"local": configuration})

    [summary] = load_summaries(folder, [])

    assert ("the site is public",) == summary.warnings


def test_renders_aligned_text(folder: Path) -> None:
    """Plain text aligns each table and gives its number of entries."""
    [summary] = load_summaries(folder, ["local"])

    assert (
        f"local  {folder}/stacks/local/cdk.tf.json\n"
        "\n"
        "  resources: 3\n"
        "    aws_api_gateway_rest_api  1\n"
        "    aws_s3_object             2\n"
        "\n"
        "  data sources: 1\n"
        "    aws_lb  1\n"
        "\n"
        "  operations: 2\n"
        "    GET   /mysfits                  public\n"
        "    POST  /mysfits/{mysfitId}/like  user mysfits/like\n"
        "\n"
        "  outputs: 1\n"
        "    api_id  Id of the REST API.\n"
        "\n"
        "  warnings: 2\n"
        "    the document has no info.version\n"
        "    the site is public\n"
    ) == render_text(summary)


def test_leaves_out_empty_tables(folder: Path) -> None:
    """A table without rows is not shown."""
    text = render_text(load_summaries(folder, ["dev"])[0])

    assert "resources" not in text
    assert "operations" not in text
    assert "outputs" not in text


def test_draws_tables_on_a_terminal(folder: Path) -> None:
    """A terminal shows the same rows one below the other when it is narrow."""
    terminal = Terminal()
    [summary] = load_summaries(folder, ["local"])

    write_tables(summary, terminal, width=80)

    screen = terminal.read_screen()
    assert re.search(r"^ *aws_s3_object +2 *$", screen, re.MULTILINE)
    assert re.search(r"^ *GET +/mysfits +public *$", screen, re.MULTILINE)


def test_draws_tables_side_by_side_on_a_wide_terminal(folder: Path) -> None:
    """A wide terminal shows operations beside the resources."""
    terminal = Terminal()
    [summary] = load_summaries(folder, ["local"])

    write_tables(summary, terminal, width=140)

    assert re.search(r"resources: 3 +operations: 2", terminal.read_screen())


def test_shows_brackets_as_they_are(tmp_path: Path) -> None:
    """A warning with square brackets is text, not Rich's markup."""
    configuration = {"//": {"gateway": {"warnings": ["there is no [email] section"]}}}
    folder = write_app(tmp_path, {"local": configuration})
    terminal = Terminal()

    write_summaries(load_summaries(folder, []), terminal)

    assert "there is no [email] section" in terminal.read_screen()


def test_prints_the_configuration_to_stdout_alone(folder: Path) -> None:
    """With --print stdout is the stacks' JSON; the summary goes to stderr."""
    status, stdout, stderr = run("--print", str(folder), "local")

    assert 0 == status
    assert json.loads(stdout) == CONFIGURATION
    assert stderr.startswith("\nlocal  ")


def test_prints_no_configuration_unasked(folder: Path) -> None:
    """Without --print stdout stays empty."""
    status, stdout, _ = run(str(folder))

    assert 0 == status
    assert "" == stdout


def test_stops_when_the_reader_has_seen_enough(folder: Path) -> None:
    """A closed pipe ends the printing without an error."""
    reader, writer = os.pipe()
    os.close(reader)

    with os.fdopen(writer, "w") as pipe:
        status = main(["--print", str(folder)], stdout=pipe, stderr=io.StringIO())

    assert 0 == status


@pytest.mark.parametrize("arguments", [(), ("--print",), ("--nope", "cdktf.out")])
def test_fails_when_misused(arguments: tuple[str, ...]) -> None:
    """Wrong usage shows the usage and exits with 2."""
    status, stdout, stderr = run(*arguments)

    assert 2 == status
    assert "" == stdout
    assert (
        "usage: python -m modules.synth_summary [--print] CDKTF_OUT [STACK ...]\n"
    ) in stderr


def test_fails_when_nothing_was_synthesised(tmp_path: Path) -> None:
    """A folder without manifest is one line and exit status 1."""
    assert (
        1,
        "",
        (
            f"error: {tmp_path}/manifest.json: the file must exist, got none: "
            "run scripts/synth\n"
        ),
    ) == run(str(tmp_path))


def test_fails_when_stacks_are_unknown(folder: Path) -> None:
    """All unknown stacks are named at once, with those that there are."""
    with pytest.raises(ConfigError) as caught:
        load_summaries(folder, ["other", "local", "prod"])

    assert (
        (
            f"{folder}/manifest.json: a stack must be one of dev, local, got 'other': "
            "run scripts/synth other"
        ),
        (
            f"{folder}/manifest.json: a stack must be one of dev, local, got 'prod': "
            "run scripts/synth prod"
        ),
    ) == caught.value.problems


def test_fails_when_the_manifest_is_not_cdktfs(tmp_path: Path) -> None:
    """A file of another form is named with the place that differs."""
    (tmp_path / "manifest.json").write_text('{"stacks": {"local": {}}}')

    with pytest.raises(ConfigError) as caught:
        load_summaries(tmp_path, [])

    assert (
        (
            f"{tmp_path}/manifest.json#/stacks/local/synthesizedStackPath: "
            "Field required: run scripts/synth again"
        ),
    ) == caught.value.problems
