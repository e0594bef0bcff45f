"""
Medians of a variant's runs, and how variants compare.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median

from bench.measurement import Measurement

# A variant, what it is compared with, and what that shows.
COMPARISONS = (
    (
        *("ours-warm", "stock-warm"),
        "Warm, stock takes {wall:.1f} times as long as ours (goal: 25).",
    ),
    (
        *("ours-public", "stock-warm"),
        "Warm, stock takes {wall:.1f} times as long as public means alone (goal: 20).",
    ),
    (
        *("ours-warm", "stock-warm"),
        "Warm, stock needs {memory:.1f} times the memory of ours (goal: 8).",
    ),
    (
        *("ours-cold", "stock-cold"),
        "Cold, stock takes {wall:.1f} times as long as ours (goal: 6).",
    ),
    (
        *("ours-warm", "aws-cdk-warm"),
        "Warm, the AWS CDK takes {wall:.1f} times as long as ours (goal: over 1).",
    ),
    (
        *("ours-cold", "aws-cdk-cold"),
        "Cold, the AWS CDK takes {wall:.1f} times as long as ours (goal: over 1).",
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Medians:
    """
    The middle of a variant's runs, value by value.

    Attributes:
        wall_seconds: the median wall time.
        fastest_seconds: the shortest wall time.
        slowest_seconds: the longest wall time.
        cpu_seconds: the median CPU time.
        tree_peak_bytes: the median peak of the process tree.
        process_peak_bytes: the median peak of the largest process.
    """

    wall_seconds: float
    fastest_seconds: float
    slowest_seconds: float
    cpu_seconds: float
    tree_peak_bytes: float
    process_peak_bytes: float


def medians_of(runs: Sequence[Measurement]) -> Medians:
    return Medians(
        wall_seconds=median(run.wall_seconds for run in runs),
        fastest_seconds=min(run.wall_seconds for run in runs),
        slowest_seconds=max(run.wall_seconds for run in runs),
        cpu_seconds=median(run.cpu_seconds for run in runs),
        tree_peak_bytes=median(run.tree_peak_bytes for run in runs),
        process_peak_bytes=median(run.process_peak_bytes for run in runs),
    )


def findings(medians: Mapping[str, Medians]) -> list[str]:
    """
    Return a sentence for each comparison whose variants were measured.
    """
    sentences = [
        sentence.format(
            wall=medians[other].wall_seconds / medians[one].wall_seconds,
            memory=medians[other].tree_peak_bytes / medians[one].tree_peak_bytes,
        )
        for one, other, sentence in COMPARISONS
        if {one, other} <= medians.keys()
    ]
    few, many = "environments-1", "environments-100"
    if {few, many} <= medians.keys():
        milliseconds = 1000 * growth(medians[few], medians[many], 99)
        sentences.append(
            f"Each further environment of 25 resources takes {milliseconds:.0f} ms "
            "(goal: at most 40)."
        )
    return sentences


def growth(few: Medians, many: Medians, difference: int) -> float:
    """
    Return the seconds for each of the *difference* that *many* has more than *few*.
    """
    return (many.wall_seconds - few.wall_seconds) / difference
