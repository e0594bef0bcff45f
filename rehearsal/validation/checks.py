"""
Check one value of a configuration.

The sentences are those of the helpers that the provider's own checks are made of:
https://github.com/hashicorp/terraform-plugin-sdk/tree/v2.38.1/helper/validation
"""

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Protocol, cast

from rehearsal.validation.problems import known_number, shown


class Check(Protocol):
    """
    Decide whether a known value is allowed.
    """

    def allows(self, value: object, /) -> bool:
        """
        Tell whether the value is allowed.
        """
        ...

    def explain(self, name: str, value: object, /) -> str:
        """
        Return the summary for a value that is not.
        """
        ...

    @property
    def allowed(self) -> str:
        """
        The values that are allowed, in words.
        """
        ...


@dataclass(frozen=True)
class OneOf:
    """
    Allow the values of a list.

    Args:
        values: the list.
        fold: whether case does not count. Defaults to False.
        empty: whether an empty text is allowed too. Defaults to False.
    """

    values: Sequence[str | int]
    fold: bool = False
    empty: bool = False
    _accepted: frozenset[object] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        accepted = {str(value) for value in self.values}
        if self.fold:
            accepted = {value.lower() for value in accepted}
        if self.empty:
            accepted.add("")
        object.__setattr__(self, "_accepted", frozenset(accepted))

    def allows(self, value: object, /) -> bool:
        """
        Tell whether the list has the value.
        """
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        text = str(value)
        return (text.lower() if self.fold else text) in self._accepted

    def explain(self, name: str, value: object, /) -> str:
        """
        Return the summary for a value that is not.
        """
        last = name.rpartition(".")[2]
        return f"expected {last} to be one of [{self._listed}], got {shown(value)}"

    @property
    def allowed(self) -> str:
        """
        The list in words.
        """
        return ", ".join(map(str, self.values))

    @property
    def _listed(self) -> str:
        return " ".join(
            f'"{value}"' if isinstance(value, str) else str(value)
            for value in self.values
        )


@dataclass(frozen=True, slots=True)
class Length:
    """
    Allow texts of some length, where neither characters nor bytes decide otherwise.

    Args:
        least: the fewest characters.
        most: the most.
    """

    least: int
    most: int

    def allows(self, value: object, /) -> bool:
        """
        Tell whether a text has such a length.
        """
        if not isinstance(value, str):
            return True
        size = len(value)
        if size <= self.most and size >= self.least:
            return True
        return size <= self.most and len(value.encode()) >= self.least

    def explain(self, name: str, value: object, /) -> str:
        """
        Return the summary for a text that has not.
        """
        return (
            f"expected length of {name} to be in the range "
            f"({self.least} - {self.most}), got {shown(value)}"
        )

    @property
    def allowed(self) -> str:
        """
        The range in words.
        """
        return f"{self.least} to {self.most} characters"


@dataclass(frozen=True, slots=True)
class Between:
    """
    Allow numbers of a range.

    Args:
        least: the smallest. Defaults to none.
        most: the largest. Defaults to none.
    """

    least: int | None = None
    most: int | None = None

    def allows(self, value: object, /) -> bool:
        """
        Tell whether a number is in the range.
        """
        number = known_number(value)
        return number is None or (
            (self.least is None or number >= self.least)
            and (self.most is None or number <= self.most)
        )

    def explain(self, name: str, value: object, /) -> str:
        """
        Return the summary for a number that is not.
        """
        got = f"got {shown(value)}"
        if self.most is None:
            return f"expected {name} to be at least ({self.least}), {got}"
        if self.least is None:
            return f"expected {name} to be at most ({self.most}), {got}"
        return f"expected {name} to be in the range ({self.least} - {self.most}), {got}"

    @property
    def allowed(self) -> str:
        """
        The range in words.
        """
        if self.most is None:
            return f"{self.least} and more"
        return (
            f"up to {self.most}"
            if self.least is None
            else (f"{self.least} to {self.most}")
        )


@dataclass(frozen=True)
class Matches:
    """
    Allow texts that a pattern matches as a whole.

    Args:
        pattern: the pattern.
        rule: what it stands for, as in "must …".
    """

    pattern: str
    rule: str
    _search: Callable[[str], object] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_search", re.compile(self.pattern).fullmatch)

    def allows(self, value: object, /) -> bool:
        """
        Tell whether the pattern matches.
        """
        return not isinstance(value, str) or self._search(value) is not None

    def explain(self, name: str, value: object, /) -> str:
        """
        Return the summary for a text that it does not match.
        """
        return f"invalid value for {name} ({self.rule}), got {shown(value)}"

    @property
    def allowed(self) -> str:
        """
        The rule in words.
        """
        return f"text that {self.rule}" if self.rule.startswith("must") else self.rule


@dataclass(frozen=True, slots=True)
class JsonText:
    """
    Allow texts that are JSON.

    Args:
        kind: `json` takes an empty text too; `policy` wants one object without
            duplicate keys; `json_or_yaml` checks only what begins as a JSON object;
            `framework` and `framework_policy` want any JSON.
    """

    kind: str

    def allows(self, value: object, /) -> bool:
        """
        Tell whether a text is JSON.
        """
        return not isinstance(value, str) or self._fault(value) is None

    def explain(self, name: str, value: object, /) -> str:
        """
        Return the summary for a text that is not.
        """
        return f'"{name}" {self._fault(cast("str", value))}'

    @property
    def allowed(self) -> str:
        """
        The kind of document in words.
        """
        return "a JSON object" if self.kind == "policy" else "valid JSON"

    def _fault(self, text: str) -> str | None:  # noqa: PLR0911 - one per fault
        if not text:
            return self._fault_of_nothing()
        if self.kind == "json_or_yaml" and not text.lstrip().startswith("{"):
            return None
        try:
            found = json.loads(
                text,
                object_pairs_hook=self._object,
                parse_constant=_refuse_constant,
            )
        except _DuplicateKeyError as error:
            return f'contains duplicate JSON keys: duplicate key "{error}"'
        except json.JSONDecodeError as error:
            return f"contains an invalid {self._noun}: {self._reason(text, error)}"
        except RecursionError:
            return None
        if self.kind == "policy" and not isinstance(found, dict):
            return f"contains an invalid {self._noun}: not a JSON object"
        return None

    @property
    def _noun(self) -> str:
        return "JSON policy" if self.kind == "policy" else "JSON"

    def _reason(self, text: str, error: json.JSONDecodeError) -> str:
        if self.kind == "policy" and not text.lstrip().startswith(("{", "[", '"')):
            return "not a JSON object"
        return f"{error.msg} at line {error.lineno}, column {error.colno}"

    def _fault_of_nothing(self) -> str | None:
        if self.kind in {"json", "json_or_yaml"}:
            return None
        return "is an empty string, which is not a valid JSON value"

    def _object(self, members: list[tuple[str, object]]) -> dict[str, object]:
        found = dict(members)
        if self.kind == "policy" and len(found) < len(members):
            keys = [key for key, _ in members]
            raise _DuplicateKeyError(next(key for key in keys if keys.count(key) > 1))
        return found


class _DuplicateKeyError(ValueError):
    pass


def _refuse_constant(name: str) -> object:
    raise json.JSONDecodeError(f"{name} is not JSON", name, 0)
