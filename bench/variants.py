"""
What is measured: which app, over which input, with or without its caches.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from modules.errors import ConfigError

# Our own app with the bindings package as it was installed.
STOCK_BINDINGS = {"GATEWAY_BINDINGS": "stock"}
# The bindings package without the guarded private means of jsii.
PUBLIC_BINDINGS = {"GATEWAY_BINDINGS": "slim"}
# https://docs.aws.amazon.com/cdk/api/v2/docs/aws-cdk-lib.AppProps.html
WITHOUT_VALIDATION = {"CDK_VALIDATION": "false"}
# The bindings package without a trimmed assembly.
LAZY_BINDINGS = {"GATEWAY_BINDINGS": "lazy"}
# What a run takes longer when it fills the caches.
WARMING_SECONDS = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Variant:
    """
    One line of the table.

    Attributes:
        name: what `--only` calls it.
        description: what it is, in the table.
        seconds: about how long one run takes, for the estimate.
        app: ours, or the name of a peer. Defaults to ours.
        input: the input's name in bench/inputs.py. Defaults to the environment `dev`.
        stock: the variant that it is compared with. Defaults to none.
        is_cold: whether each run starts with an empty home and no caches. Defaults to
            false: what an earlier run cached is there.
        environ: variables of its own. Defaults to none.
    """

    name: str
    description: str
    seconds: float
    app: Literal["ours", "cdktf_alone", "cdktf_javascript", "aws_cdk_python"] = "ours"
    input: str = "dev"
    stock: str | None = None
    is_cold: bool = False
    environ: Mapping[str, str] = field(default_factory=dict[str, str])

    @property
    def home(self) -> str:
        """
        Name the home in which the variant runs: warm ones of one app share it.
        """
        if self.is_cold:
            return self.name
        return "stock" if self.environ == STOCK_BINDINGS else self.app


VARIANTS = (
    Variant(
        name="ours-warm",
        description="ours, warm",
        seconds=1,
        stock="stock-warm",
    ),
    Variant(
        name="ours-public",
        description="ours, warm, public means alone",
        seconds=1,
        stock="stock-warm",
        environ=PUBLIC_BINDINGS,
    ),
    Variant(
        name="ours-lazy",
        description="ours, warm, the assembly as installed",
        seconds=1.5,
        stock="stock-warm",
        environ=LAZY_BINDINGS,
    ),
    Variant(
        name="cdktf-alone",
        description="the floor: cdktf Python, one empty stack",
        seconds=0.5,
        app="cdktf_alone",
        input="empty",
    ),
    Variant(
        name="stock-warm",
        description="stock cdktf Python, warm",
        seconds=17,
        stock="stock-warm",
        environ=STOCK_BINDINGS,
    ),
    Variant(
        name="ours-cold",
        description="ours, cold",
        seconds=4,
        stock="stock-cold",
        is_cold=True,
    ),
    Variant(
        name="stock-cold",
        description="stock cdktf Python, cold",
        seconds=30,
        stock="stock-cold",
        is_cold=True,
        environ=STOCK_BINDINGS,
    ),
    Variant(
        name="cdktf-javascript",
        description="cdktf in JavaScript",
        seconds=0.5,
        app="cdktf_javascript",
        stock="stock-warm",
    ),
    Variant(
        name="aws-cdk-warm",
        description="AWS CDK in Python, warm",
        seconds=5,
        app="aws_cdk_python",
        stock="stock-warm",
    ),
    Variant(
        name="aws-cdk-cold",
        description="AWS CDK in Python, cold",
        seconds=15,
        app="aws_cdk_python",
        stock="stock-cold",
        is_cold=True,
    ),
    Variant(
        name="aws-cdk-unvalidated",
        description="AWS CDK in Python, warm, template validation off",
        seconds=2,
        app="aws_cdk_python",
        stock="stock-warm",
        environ=WITHOUT_VALIDATION,
    ),
    Variant(
        name="environments-1",
        description="ours, 1 environment of 25 resources",
        seconds=1,
        input="environments-1",
    ),
    Variant(
        name="environments-10",
        description="ours, 10 environments of 25 resources",
        seconds=1.5,
        input="environments-10",
    ),
    Variant(
        name="environments-100",
        description="ours, 100 environments of 25 resources",
        seconds=8,
        input="environments-100",
    ),
    Variant(
        name="operations-300",
        description="ours, a document of 300 operations",
        seconds=2,
        input="operations-300",
    ),
    Variant(
        name="files-2000",
        description="ours, a site of 2,000 files",
        seconds=6,
        input="files-2000",
    ),
)


def select_variants(names: Sequence[str]) -> tuple[Variant, ...]:
    """
    Return the named variants in the table's order; all of them when none is named.

    Raises:
        ConfigError: with one line for each name that no variant has.
    """
    known = [variant.name for variant in VARIANTS]
    problems = [
        f"--only must name variants ({', '.join(known)}), got {name!r}"
        for name in names
        if name not in known
    ]
    if problems:
        raise ConfigError(problems)
    return tuple(variant for variant in VARIANTS if not names or variant.name in names)


def estimated_seconds(variants: Sequence[Variant], rounds: int) -> float:
    """
    Return how long the rounds take, with a first, slower run of each warm variant.
    """
    measured = rounds * sum(variant.seconds for variant in variants)
    warming = sum(
        WARMING_SECONDS + variant.seconds for variant in variants if not variant.is_cold
    )
    return measured + warming
