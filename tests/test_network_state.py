"""
The look-up of the load balancer; `test_network_contract.py` has what it must be.
"""

from pathlib import Path
from typing import Any

import cdktf
import pytest

from modules import aws
from modules.network_state import NetworkState
from modules.remote_state import CloudState, LocalState, S3State
from tests.synth import Config, new_stack, only, synth

STATE = LocalState(backend="local", path=Path("../network.tfstate"))


def synth_network(**options: Any) -> tuple[NetworkState, Config]:  # noqa: ANN401
    stack = new_stack()
    account = aws.DataAwsCallerIdentity(stack, "Account")
    network = NetworkState(
        stack,
        "Network",
        region="eu-west-1",
        account_id=account.account_id,
        **options,
    )
    cdktf.TerraformOutput(stack, "arn", value=network.nlb_arn)
    cdktf.TerraformOutput(stack, "dns_name", value=network.nlb_dns_name)
    return network, synth(stack)


def remote_state(config: Config) -> Config:
    return only(config, "terraform_remote_state")


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        (STATE, {"backend": "local", "config": {"path": "../network.tfstate"}}),
        (
            S3State(backend="s3", bucket="states", key="n.tfstate", region="eu-west-1"),
            {
                "backend": "s3",
                "config": {
                    "bucket": "states",
                    "key": "n.tfstate",
                    "region": "eu-west-1",
                },
            },
        ),
        (
            S3State(
                backend="s3",
                bucket="states",
                key="n.tfstate",
                region="eu-west-1",
                role_arn="arn:aws:iam::111111111111:role/reader",
            ),
            {
                "backend": "s3",
                "config": {
                    "bucket": "states",
                    "key": "n.tfstate",
                    "region": "eu-west-1",
                    "assume_role": {
                        "role_arn": "arn:aws:iam::111111111111:role/reader"
                    },
                },
            },
        ),
        (
            CloudState(backend="cloud", organization="acme", workspace="network"),
            {
                "backend": "remote",
                "config": {
                    "hostname": "app.terraform.io",
                    "organization": "acme",
                    "workspaces": {"name": "network"},
                },
            },
        ),
    ],
)
def test_state_is_read_where_it_lies(state: Any, expected: Config) -> None:  # noqa: ANN401
    """Each kind of state is read through its own backend."""
    read = remote_state(synth_network(state=state)[1])
    del read["lifecycle"]

    assert expected == read


def test_default() -> None:
    """The ARN is the output `nlb_arn`, the DNS name comes from AWS."""
    _, config = synth_network(state=STATE)
    (state,) = config["data"]["terraform_remote_state"]
    (nlb,) = config["data"]["aws_lb"]
    (local,) = config["locals"]
    arn = f"${{local.{local}}}"

    assert config["locals"][local] == (
        f'${{try(data.terraform_remote_state.{state}.outputs["nlb_arn"], null)}}'
    )
    assert config["output"]["arn"]["value"] == arn
    assert config["output"]["dns_name"]["value"] == f"${{data.aws_lb.{nlb}.dns_name}}"
    assert only(config, "aws_lb")["arn"] == arn


def test_output_names_are_settings() -> None:
    """Both outputs may have other names; no other output is referenced."""
    _, config = synth_network(
        state=STATE, nlb_arn_output="lb", nlb_dns_name_output="lb_dns"
    )
    (state,) = config["data"]["terraform_remote_state"]
    outputs = f"data.terraform_remote_state.{state}.outputs"

    assert sorted(config["locals"].values()) == [
        f'${{try({outputs}["lb"], null)}}',
        f'${{try({outputs}["lb_dns"], null)}}',
    ]


def test_given_arn_needs_no_state() -> None:
    """An ARN that is given is looked up as it is."""
    network, config = synth_network(nlb_arn="arn:given")

    assert network.nlb_arn == "arn:given"
    assert only(config, "aws_lb")["arn"] == "arn:given"
    assert "terraform_remote_state" not in config["data"]


@pytest.mark.parametrize("options", [{}, {"state": STATE, "nlb_arn": "arn:given"}])
def test_fails_when_there_is_not_one_source(options: dict[str, Any]) -> None:
    """The ARN has one source."""
    with pytest.raises(ValueError, match="exactly one of state and nlb_arn"):
        synth_network(**options)
