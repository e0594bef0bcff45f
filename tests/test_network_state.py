"""
The look-up of the load balancer.
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
    assert len(remote_state(config)["lifecycle"]["postcondition"]) == 4


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
    assert remote_state(config)["lifecycle"]["postcondition"][-1] == {
        "condition": '${try(coalesce(tostring(self.outputs["lb_dns"])), "") != ""}',
        "error_message": "The output lb_dns of the local state ../network.tfstate must "
        "be the load balancer's DNS name, and is missing, empty or not text: add it "
        "there and apply it, or leave out network.nlb_dns_name_output.",
    }


def test_given_arn_needs_no_state() -> None:
    """An ARN that is given is looked up as it is."""
    network, config = synth_network(nlb_arn="arn:given")

    assert network.nlb_arn == "arn:given"
    assert only(config, "aws_lb")["arn"] == "arn:given"
    assert "terraform_remote_state" not in config["data"]


def test_load_balancer_must_be_reachable_through_the_link_alone() -> None:
    """Type, account and scheme are conditions on what AWS says of it."""
    _, config = synth_network(nlb_arn="arn:given")
    account = "data.aws_caller_identity.Account.account_id"

    assert [
        condition["condition"]
        for condition in only(config, "aws_lb")["lifecycle"]["postcondition"]
    ] == [
        '${self.load_balancer_type == "network"}',
        f'${{split(":", self.arn)[4] == "${{{account}}}"}}',
        "${self.internal || contains([], self.name)}",
    ]


def test_internet_facing_one_is_accepted_by_name() -> None:
    """Only a load balancer that the environment names may be internet-facing."""
    _, config = synth_network(
        nlb_arn="arn:given", accepted_internet_facing_nlbs=("workshop",)
    )
    *_, scheme = only(config, "aws_lb")["lifecycle"]["postcondition"]

    assert (
        scheme["condition"] == '${self.internal || contains(["workshop"], self.name)}'
    )


def test_warnings() -> None:
    """A plan warns of an internet-facing one and of enforced security groups."""
    _, config = synth_network(nlb_arn="arn:given")
    (name,) = config["data"]["aws_lb"]
    nlb = f"data.aws_lb.{name}"

    assert {
        check: body["assert"][0]["condition"] for check, body in config["check"].items()
    } == {
        "nlb_is_internal": f"${{{nlb}.internal}}",
        "nlb_admits_private_link": (
            f"${{try({nlb}."
            "enforce_security_group_inbound_rules_on_private_link_traffic"
            ', "") != "on"}'
        ),
    }


@pytest.mark.parametrize("options", [{}, {"state": STATE, "nlb_arn": "arn:given"}])
def test_fails_when_there_is_not_one_source(options: dict[str, Any]) -> None:
    """The ARN has one source."""
    with pytest.raises(ValueError, match="exactly one of state and nlb_arn"):
        synth_network(**options)
