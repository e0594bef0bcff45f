"""
What is simulated around an environment.
"""

from pathlib import Path

import pytest

from modules.rehearsal_environments import fixtures_of
from rehearsal.command import Options
from rehearsal.errors import RehearsalError
from rehearsal.fixtures import Fixtures
from tests.environment_files import load

NOTHING = Options(
    state=None,
    fixtures=None,
    account=None,
    region=None,
    json=None,
    verify=None,
    validate=False,
    keep=False,
)
NETWORK = {
    "network.nlb_arn": None,
    "network.state.backend": '"local"',
    "network.state.path": '"network.tfstate"',
}


def nlb_arn(account: str, region: str, partition: str = "aws") -> str:
    return (
        f"arn:{partition}:elasticloadbalancing:{region}:{account}:"
        "loadbalancer/net/my-load-balancer/50dc6c495c0c9188"
    )


def options(**given: object) -> Options:
    names = Options.__dataclass_fields__
    return Options(**{n: given.get(n, getattr(NOTHING, n)) for n in names})  # type: ignore[arg-type]


def test_an_environment_leads_to_its_account_region_and_network(tmp_path: Path) -> None:
    """The guarded account, the region, and a network state that keeps its contract."""
    expected = Fixtures(
        account_id="111111111111",
        region="eu-west-1",
        states={"*": {"outputs": {"nlb_arn": nlb_arn("111111111111", "eu-west-1")}}},
    )

    assert expected == fixtures_of(load(tmp_path, NETWORK), NOTHING)


def test_the_network_has_the_outputs_that_are_asked_for(tmp_path: Path) -> None:
    """Their names are the environment's, in the partition of its region."""
    settings = load(
        tmp_path,
        {
            **NETWORK,
            "region": '"cn-north-1"',
            "network.nlb_arn_output": '"arn"',
            "network.nlb_dns_name_output": '"host"',
        },
    )

    assert {
        "*": {
            "outputs": {
                "arn": nlb_arn("111111111111", "cn-north-1", "aws-cn"),
                "host": (
                    "my-load-balancer-50dc6c495c0c9188.elb.cn-north-1.amazonaws.com.cn"
                ),
            }
        }
    } == fixtures_of(settings, NOTHING).states


def test_the_environments_table_says_otherwise(tmp_path: Path) -> None:
    """Account and region of the table count for the network, too."""
    settings = load(
        tmp_path,
        {
            **NETWORK,
            "rehearsal.account_id": '"333333333333"',
            "rehearsal.region": '"eu-west-3"',
            'rehearsal.data_sources.aws_lb."*".internal': "false",
        },
    )

    assert Fixtures(
        account_id="333333333333",
        region="eu-west-3",
        data_sources={"aws_lb": {"*": {"internal": False}}},
        states={"*": {"outputs": {"nlb_arn": nlb_arn("333333333333", "eu-west-3")}}},
    ) == fixtures_of(settings, NOTHING)


def test_options_go_before_the_table(tmp_path: Path) -> None:
    """A file replaces whole keys, account and region replace the file's."""
    settings = load(
        tmp_path,
        {
            "rehearsal.account_id": '"333333333333"',
            "rehearsal.states.a.outputs.x": "1",
            "rehearsal.data_sources.aws_lb.a.internal": "false",
        },
    )
    file = tmp_path / "fixtures.toml"
    file.write_text('region = "eu-west-2"\n[states.b.outputs]\n')

    assert Fixtures(
        account_id="444444444444",
        region="eu-west-2",
        data_sources={"aws_lb": {"a": {"internal": False}}},
        states={"b": {"outputs": {}}},
    ) == fixtures_of(settings, options(fixtures=file, account="444444444444"))


def test_fails_when_an_option_is_wrong(tmp_path: Path) -> None:
    """The option is told, as the table's key would be."""
    with pytest.raises(RehearsalError) as raised:
        fixtures_of(load(tmp_path), options(account="1"))

    assert (
        "rehearsal.account_id: must be 12 digits, got '1'",
    ) == raised.value.problems
