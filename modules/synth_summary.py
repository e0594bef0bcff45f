"""
Show what a synthesised app defines.

usage: python -m modules.synth_summary [--print] CDKTF_OUT [STACK ...]
"""

import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TextIO, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from modules.errors import ConfigError

# From this width on, operations and outputs stand beside the resources.
SIDE_BY_SIDE_COLUMNS = 110


class SynthesisedPart(BaseModel):
    """
    The keys that a summary reads of what cdktf wrote; others are passed over.
    """

    model_config = ConfigDict(frozen=True)


Part = TypeVar("Part", bound=SynthesisedPart)


class Operation(SynthesisedPart):
    """
    One method of the API and who may call it.
    """

    method: str
    path: str
    access: str
    scopes: tuple[str, ...] = ()

    def render_access(self) -> str:
        return " ".join([self.access, *self.scopes])


class Gateway(SynthesisedPart):
    """
    What the stack says about the API, since Terraform keeps the document as one text.
    """

    operations: tuple[Operation, ...] = ()
    warnings: tuple[str, ...] = ()


class Metadata(SynthesisedPart):
    gateway: Gateway = Gateway()


class Output(SynthesisedPart):
    description: str = ""


class Configuration(SynthesisedPart):
    """
    A stack's cdk.tf.json, https://developer.hashicorp.com/terraform/language/syntax/json.
    """

    metadata: Metadata = Field(default=Metadata(), alias="//")
    resource: dict[str, dict[str, Any]] = {}
    data: dict[str, dict[str, Any]] = {}
    output: dict[str, Output] = {}


class Annotation(SynthesisedPart):
    level: str
    message: str


class ManifestStack(SynthesisedPart):
    path: str = Field(alias="synthesizedStackPath")
    annotations: tuple[Annotation, ...] = ()


class Manifest(SynthesisedPart):
    """
    The list of stacks that cdktf writes beside them.
    """

    stacks: dict[str, ManifestStack]


@dataclass(frozen=True, slots=True, kw_only=True)
class StackSummary:
    """
    Say what one stack defines.

    Args:
        name: the stack's id, which is the environment's name.
        path: its cdk.tf.json.
        resources: how many resources of each type, by type.
        data_sources: how many data sources of each type, by type.
        outputs: the description of each output, by name.
        operations: the API's operations in the document's order.
        warnings: what was mended or deserves a look, one sentence each.
    """

    name: str
    path: Path
    resources: dict[str, int]
    data_sources: dict[str, int]
    outputs: dict[str, str]
    operations: tuple[Operation, ...]
    warnings: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """
    Hold one table of a summary.

    Args:
        title: what the rows are, with their number.
        rows: the cells, equally many in each row.
    """

    title: str
    rows: Sequence[tuple[str, ...]]


def load_summaries(folder: Path, names: Sequence[str]) -> list[StackSummary]:
    """
    Read the named stacks of a synthesised app.

    Args:
        folder: the app's output folder, cdktf.out.
        names: the stacks, in the order wanted; none means all.

    Raises:
        ConfigError: the folder holds no synthesised app, or not one of the stacks.
    """
    manifest_path = folder / "manifest.json"
    manifest = _load(Manifest, manifest_path)
    known = ", ".join(sorted(manifest.stacks))
    unknown = [name for name in names if name not in manifest.stacks]
    if unknown:
        raise ConfigError(
            f"{manifest_path}: a stack must be one of {known}, got {name!r}: "
            f"run scripts/synth {name}"
            for name in unknown
        )
    return [
        _load_summary(folder, name, manifest.stacks[name])
        for name in names or manifest.stacks
    ]


def _load_summary(folder: Path, name: str, stack: ManifestStack) -> StackSummary:
    path = folder / stack.path
    configuration = _load(Configuration, path)
    gateway = configuration.metadata.gateway
    annotated = (a.message for a in stack.annotations if a.level == "@cdktf/warn")
    return StackSummary(
        name=name,
        path=path,
        resources=_count(configuration.resource),
        data_sources=_count(configuration.data),
        outputs={key: o.description for key, o in configuration.output.items()},
        operations=gateway.operations,
        warnings=tuple(dict.fromkeys([*gateway.warnings, *annotated])),
    )


def _load(part: type[Part], path: Path) -> Part:
    try:
        return part.model_validate_json(path.read_bytes())
    except FileNotFoundError as err:
        problem = f"{path}: the file must exist, got none: run scripts/synth"
        raise ConfigError([problem]) from err
    except ValidationError as err:
        first = err.errors()[0]
        where = "".join(f"/{key}" for key in first["loc"])
        problem = f"{path}#{where}: {first['msg']}: run scripts/synth again"
        raise ConfigError([problem]) from err


def _count(blocks: dict[str, dict[str, Any]]) -> dict[str, int]:
    return {type_: len(blocks[type_]) for type_ in sorted(blocks)}


def list_sections(summary: StackSummary) -> list[Section]:
    """
    List the tables of a summary; one without rows is left out.
    """
    operations = [(o.method, o.path, o.render_access()) for o in summary.operations]
    outputs = list(summary.outputs.items())
    warnings = [(warning,) for warning in summary.warnings]
    sections = [
        _count_section("resources", summary.resources),
        _count_section("data sources", summary.data_sources),
        Section(title=f"operations: {len(operations)}", rows=operations),
        Section(title=f"outputs: {len(outputs)}", rows=outputs),
        Section(title=f"warnings: {len(warnings)}", rows=warnings),
    ]
    return [section for section in sections if section.rows]


def _count_section(title: str, counts: dict[str, int]) -> Section:
    rows = [(type_, str(count)) for type_, count in counts.items()]
    return Section(title=f"{title}: {sum(counts.values())}", rows=rows)


def render_text(summary: StackSummary) -> str:
    """
    Render a summary as aligned plain text.
    """
    lines = [f"{summary.name}  {summary.path}"]
    for section in list_sections(summary):
        lines += ["", f"  {section.title}", *_align(section.rows)]
    return "\n".join([*lines, ""])


def _align(rows: Sequence[tuple[str, ...]]) -> list[str]:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return ["    " + "  ".join(map(str.ljust, row, widths)).rstrip() for row in rows]


def write_tables(
    summary: StackSummary, stream: TextIO, *, width: int | None = None
) -> None:
    """
    Write a summary to a terminal, in tables.

    Args:
        summary: what to write.
        stream: the terminal.
        width: its columns. Defaults to what it says of itself.
    """
    # Rich takes a sixth of the run; plain text does without it.
    from rich.console import Console, Group  # noqa: PLC0415
    from rich.table import Table  # noqa: PLC0415
    from rich.text import Text  # noqa: PLC0415

    def table(section: Section) -> Table:
        drawn = Table(
            title=section.title, title_justify="left", title_style="bold", box=None
        )
        for _ in section.rows[0]:
            drawn.add_column(overflow="fold")
        drawn.show_header = False
        for row in section.rows:
            drawn.add_row(*map(Text, row))
        return drawn

    console = Console(file=stream, width=width)
    console.print(Text.assemble((summary.name, "bold green"), f"  {summary.path}"))
    sections = list_sections(summary)
    counts = ("resources", "data sources")
    left = [table(s) for s in sections if s.title.startswith(counts)]
    right = [table(s) for s in sections if not s.title.startswith(counts)]
    if console.width < SIDE_BY_SIDE_COLUMNS:
        console.print(*left, *right)
        return
    grid = Table.grid(padding=(0, 4))
    grid.add_row(Group(*left), Group(*right))
    console.print(grid)


def write_summaries(summaries: Sequence[StackSummary], stream: TextIO) -> None:
    """
    Write summaries as tables to a terminal, as plain text to anything else.
    """
    for summary in summaries:
        stream.write("\n")
        if stream.isatty():
            write_tables(summary, stream)
        else:
            stream.write(render_text(summary))


def main(arguments: Sequence[str], *, stdout: TextIO, stderr: TextIO) -> int:
    """
    Run the command that the module's description names and return its exit status.
    """
    options = [argument for argument in arguments if argument.startswith("-")]
    values = [argument for argument in arguments if not argument.startswith("-")]
    if not values or options not in ([], ["--print"]):
        stderr.write(f"{__doc__}".lstrip())
        return 2
    try:
        summaries = load_summaries(Path(values[0]), values[1:])
    except ConfigError as err:
        stderr.writelines(f"error: {problem}\n" for problem in err.problems)
        return 1
    write_summaries(summaries, stderr)
    if options:
        _print_configurations(summaries, stdout)
    return 0


def _print_configurations(summaries: Sequence[StackSummary], stream: TextIO) -> None:
    try:
        stream.writelines(f"{s.path.read_text().rstrip()}\n" for s in summaries)
        stream.flush()
    except BrokenPipeError:
        # The reader (`head`, `jq`) has seen enough; Python flushes once more at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:], stdout=sys.stdout, stderr=sys.stderr))
