"""
Environment files for tests: a minimal one, and changes of its keys.
"""

from collections.abc import Mapping
from pathlib import Path

import pytest

from modules.environments import load_environment
from modules.errors import ConfigError
from modules.settings import Settings

NLB_ARN = (
    "arn:aws:elasticloadbalancing:eu-west-1:111111111111:loadbalancer/net/shop/50dc6c49"
)
# Dotted keys and their values, both as TOML writes them.
MINIMAL = {
    "region": '"eu-west-1"',
    "name_prefix": '"shop"',
    "allowed_account_ids": '["111111111111"]',
    "state.backend": '"local"',
    "state.path": '"shop.tfstate"',
    "network.nlb_arn": f'"{NLB_ARN}"',
    "api.document": '"api.json"',
    "website.directory": '"site"',
}


def write_environment(
    folder: Path, changes: Mapping[str, str | None] | None = None, *, name: str = "test"
) -> Path:
    """
    Write the minimal environment with other values for some keys.

    Args:
        folder: where the file goes.
        changes: values as TOML writes them; a key with None is left out. Defaults to
            none.
        name: the environment's name. Defaults to `test`.
    """
    keys = {**MINIMAL, **(changes or {})}
    lines = [f"{key} = {value}\n" for key, value in keys.items() if value is not None]
    file = folder / f"{name}.toml"
    file.write_text("".join(lines), encoding="utf-8")
    return file


def load(folder: Path, changes: Mapping[str, str | None] | None = None) -> Settings:
    """
    Return the settings of the minimal environment with some keys changed.
    """
    return load_environment(write_environment(folder, changes))


def problems_of(
    file: Path, *, overrides: Mapping[str, str] | None = None
) -> tuple[str, ...]:
    """
    Return the problems of an environment file, without the name of its folder.
    """
    with pytest.raises(ConfigError) as raised:
        load_environment(file, overrides=overrides)
    folder = f"{file.parent.as_posix()}/"
    return tuple(problem.replace(folder, "") for problem in raised.value.problems)
