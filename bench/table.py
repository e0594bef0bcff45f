"""
Render a run as Markdown: the table, what it shows, and the machine.
"""

from collections.abc import Iterable, Mapping, Sequence

from bench.medians import Medians
from bench.variants import Variant

HEADINGS = (
    *("variant", "wall s", "from - to", "stock / wall", "CPU s"),
    *("memory MiB", "stock / memory", "largest process MiB"),
)
MEBIBYTE = 2**20


def render_table(
    variants: Sequence[Variant], medians: Mapping[str, Medians]
) -> list[str]:
    """
    Return the lines of a table with one row for each variant.
    """
    rows = [_row(variant, medians) for variant in variants]
    widths = [max(map(len, column)) for column in zip(HEADINGS, *rows, strict=True)]
    rule = ["-" * widths[0], *("-" * (width - 1) + ":" for width in widths[1:])]
    return [_line(cells, widths) for cells in (HEADINGS, rule, *rows)]


def _row(variant: Variant, medians: Mapping[str, Medians]) -> tuple[str, ...]:
    own = medians[variant.name]
    stock = medians.get(variant.stock or "")
    return (
        variant.description,
        _seconds(own.wall_seconds),
        f"{_seconds(own.fastest_seconds)} - {_seconds(own.slowest_seconds)}",
        _ratio(stock.wall_seconds, own.wall_seconds) if stock else "",
        _seconds(own.cpu_seconds),
        f"{own.tree_peak_bytes / MEBIBYTE:,.0f}",
        _ratio(stock.tree_peak_bytes, own.tree_peak_bytes) if stock else "",
        f"{own.process_peak_bytes / MEBIBYTE:,.0f}",
    )


def _line(cells: Iterable[str], widths: Sequence[int]) -> str:
    first, *others = zip(cells, widths, strict=True)
    padded = [first[0].ljust(first[1]), *(cell.rjust(width) for cell, width in others)]
    return f"| {' | '.join(padded)} |"


def _seconds(seconds: float) -> str:
    return f"{seconds:.2f}"


def _ratio(stock: float, own: float) -> str:
    return f"{stock / own:.1f}"
