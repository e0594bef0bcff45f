"""
Say what exists around a rehearsed configuration: account, region, answers, states.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import cast

from rehearsal.errors import RehearsalError

ACCOUNT = re.compile(r"[0-9]{12}")
REGION = re.compile(r"[a-z]{2}(?:-[a-z]+)+-[0-9]+")

WANTED = {ACCOUNT: "12 digits", REGION: "the name of a region"}

# The partition of a region is told by how the region's name begins.
# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html
PARTITIONS: Mapping[str, tuple[str, str]] = {
    "cn-": ("aws-cn", "amazonaws.com.cn"),
    "us-gov-": ("aws-us-gov", "amazonaws.com"),
    "us-iso-": ("aws-iso", "c2s.ic.gov"),
    "us-isob-": ("aws-iso-b", "sc2s.sgov.gov"),
    "us-isof-": ("aws-iso-f", "csp.hci.ic.gov"),
    "eu-isoe-": ("aws-iso-e", "cloud.adc-e.uk"),
    "eusc-": ("aws-eusc", "amazonaws.eu"),
}

# Answers to any data source of a type.
ANY_NAME = "*"

# The account of AWS's own examples.
DEFAULT_ACCOUNT_ID = "123456789012"

KEYS = ("account_id", "region", "data_sources", "states")

Answers = Mapping[str, Mapping[str, Mapping[str, object]]]
States = Mapping[str, Mapping[str, object]]


def partition_of(region: str) -> str:
    """
    Return the partition of a region, such as `aws`.
    """
    return _partition(region)[0]


def dns_suffix_of(region: str) -> str:
    """
    Return the end of the names of AWS's hosts in a region.
    """
    return _partition(region)[1]


def _partition(region: str) -> tuple[str, str]:
    for beginning, partition in PARTITIONS.items():
        if region.startswith(beginning):
            return partition
    return ("aws", "amazonaws.com")


@dataclass(frozen=True, slots=True, kw_only=True)
class Fixtures:
    """
    What exists around a rehearsed configuration.

    Args:
        account_id: the account. Defaults to AWS's example account.
        region: the region of a provider that names none. Defaults to us-east-1.
        data_sources: what data sources answer: attributes by name of the data source,
            or `*`, by type. Defaults to invented answers.
        states: what each `terraform_remote_state` data source holds, by name. Defaults
            to none.
    """

    account_id: str = DEFAULT_ACCOUNT_ID
    region: str = "us-east-1"
    data_sources: Answers = field(
        default_factory=dict[str, Mapping[str, Mapping[str, object]]]
    )
    states: States = field(default_factory=dict[str, Mapping[str, object]])

    def as_table(self) -> dict[str, object]:
        """
        Return the table that `parse_fixtures` reads these fixtures from.
        """
        return {
            "account_id": self.account_id,
            "region": self.region,
            "data_sources": self.data_sources,
            "states": self.states,
        }


def parse_fixtures(table: Mapping[str, object], where: str) -> Fixtures:
    """
    Read fixtures from a table.

    Args:
        table: what TOML or JSON gave.
        where: the name of the table, for messages.

    Raises:
        RehearsalError: with every problem of the table.
    """
    reader = _Reader(where)
    for key in table:
        if key not in KEYS:
            reader.problem("", f"unknown key {key!r}, the keys are {', '.join(KEYS)}")
    default = Fixtures()
    fixtures = Fixtures(
        account_id=reader.text(
            ".account_id", table.get("account_id", default.account_id), ACCOUNT
        ),
        region=reader.text(".region", table.get("region", default.region), REGION),
        data_sources=reader.data_sources(table.get("data_sources", {})),
        states=reader.states(table.get("states", {})),
    )
    if reader.problems:
        raise RehearsalError(reader.problems)
    return fixtures


class _Reader:
    def __init__(self, where: str) -> None:
        self._where = where
        self.problems: list[str] = []

    def problem(self, place: str, rule: str) -> None:
        self.problems.append(f"{self._where}{place}: {rule}")

    def text(self, place: str, value: object, pattern: re.Pattern[str]) -> str:
        if isinstance(value, str) and pattern.fullmatch(value):
            return value
        self.problem(place, f"must be {WANTED[pattern]}, got {_shown(value)}")
        return ""

    def data_sources(self, value: object) -> Answers:
        return {
            type_name: {
                name: self._table(f".data_sources.{type_name}.{name}", attributes)
                for name, attributes in self._table(
                    f".data_sources.{type_name}", named
                ).items()
            }
            for type_name, named in self._table(".data_sources", value).items()
        }

    def states(self, value: object) -> States:
        states: dict[str, Mapping[str, object]] = {}
        for name, state in self._table(".states", value).items():
            place = f".states.{name}"
            states[name] = self._table(place, state)
            for key in states[name]:
                if key != "outputs":
                    self.problem(place, f"unknown key {key!r}, the only key is outputs")
            self._table(f"{place}.outputs", states[name].get("outputs", {}))
        return states

    def _table(self, place: str, value: object) -> dict[str, object]:
        if isinstance(value, Mapping):
            return dict(cast("Mapping[str, object]", value))
        self.problem(place, f"must be a table, got {_shown(value)}")
        return {}


def _shown(value: object) -> str:
    return repr(value) if isinstance(value, str | int | float) else "a list"
