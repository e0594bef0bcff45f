"""
Rehearsing the changes that a real provider planned gives the plans that it gave.
"""

from collections.abc import Generator

import pytest

from rehearsal.plans.verify import differences_of
from tests.rehearsal.recorded_plans import (
    FOLDER,
    configuration_of,
    fixtures_of,
    recorded_plan,
    state_of,
)
from tests.rehearsal.rehearsing import Rehearsed, Stage, open_stage

NAMES = sorted(path.name.removesuffix(".json.gz") for path in FOLDER.glob("*.json.gz"))


@pytest.fixture(scope="module", name="stage")
def _stage(tmp_path_factory: pytest.TempPathFactory) -> Generator[Stage]:
    with open_stage(tmp_path_factory.mktemp("recorded")) as stage:
        yield stage


def rehearse(stage: Stage, name: str) -> Rehearsed:
    return stage.plan(
        name,
        configuration_of(name),
        state=state_of(name),
        fixtures=fixtures_of(name),
        arguments=("-destroy",) if name == "destroy" else (),
    )


@pytest.mark.terraform
@pytest.mark.parametrize("name", NAMES)
def test_plans_what_the_real_provider_planned(stage: Stage, name: str) -> None:
    """Addresses, actions, their order, replacement paths and outputs are the same."""
    assert () == differences_of(rehearse(stage, name).plan, recorded_plan(name))
