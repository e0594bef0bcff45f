"""
The contract of the network state, kept by Terraform's own engine.

`terraform_remote_state` is built into Terraform, so that this part of a stack is
planned as it is; what only the AWS provider knows, the account, is put in.
"""

import json
from pathlib import Path
from typing import Any

import pytest

from modules import aws
from modules.network_state import NetworkState
from modules.remote_state import LocalState
from tests.synth import new_stack, synth
from tests.terraform import plain, run_terraform

pytestmark = pytest.mark.terraform

ACCOUNT = "111111111111"
ARN = f"arn:aws:elasticloadbalancing:eu-west-1:{ACCOUNT}:loadbalancer/net/nlb/0a1b2c"
OTHER_ARN = ARN.replace("eu-west-1", "eu-west-2").replace(ACCOUNT, "222222222222")
SUBJECT = (
    "The output nlb_arn of the local state network.tfstate must be the ARN of a "
    "network load balancer, "
)
MISSING = (
    "and is missing, empty or not text: add the output to that configuration and "
    "apply it, or name another one in network.nlb_arn_output."
)


def plan(directory: Path, outputs: dict[str, Any], **options: Any) -> tuple[int, str]:  # noqa: ANN401
    """
    Plan the look-up in the remote state against a state with these outputs.
    """
    stack = new_stack()
    account = aws.DataAwsCallerIdentity(stack, "Account")
    NetworkState(
        stack,
        "Network",
        region="eu-west-1",
        account_id=account.account_id,
        state=LocalState(backend="local", path=Path("network.tfstate")),
        **options,
    )
    config = synth(stack)
    kept = {"terraform_remote_state": config["data"]["terraform_remote_state"]}
    text = json.dumps({"data": kept}).replace(
        "${data.aws_caller_identity.Account.account_id}", ACCOUNT
    )
    (directory / "main.tf.json").write_text(text)
    state: dict[str, object] = {
        "version": 4,
        "terraform_version": "1.11.4",
        "serial": 1,
        "lineage": "test",
        "outputs": {
            name: {"value": value, "type": kind}
            for name, (value, kind) in outputs.items()
        },
        "resources": [],
    }
    (directory / "network.tfstate").write_text(json.dumps(state))
    init = run_terraform(directory, "init", "-input=false")
    assert init.returncode == 0, init.stderr
    result = run_terraform(directory, "plan", "-input=false")
    return result.returncode, plain(result.stderr)


def test_a_network_load_balancer_passes(tmp_path: Path) -> None:
    """The ARN of a network load balancer of the same account and region is taken."""
    assert plan(tmp_path, {"nlb_arn": (ARN, "string")}) == (0, "")


@pytest.mark.parametrize(
    ("outputs", "expected"),
    [
        pytest.param(
            {},
            MISSING,
            id="missing",
        ),
        pytest.param(
            {"nlb_arn": ("", "string")},
            MISSING,
            id="empty",
        ),
        pytest.param(
            {"nlb_arn": (None, "string")},
            MISSING,
            id="null",
        ),
        pytest.param(
            {"nlb_arn": (OTHER_ARN, "string")},
            f"got {OTHER_ARN}, which is not in the provider's region eu-west-1: a VPC "
            "link reaches load balancers of its own region only.",
            id="other region and account",
        ),
        pytest.param(
            {"nlb_arn": ([ARN], ["list", "string"])},
            MISSING,
            id="list",
        ),
        pytest.param(
            {"nlb_arn": (ARN.replace("/net/", "/app/"), "string")},
            f'got "{ARN.replace("/net/", "/app/")}": name the output that holds the '
            "ARN of a network load balancer (…:loadbalancer/net/NAME/ID) in "
            "network.nlb_arn_output.",
            id="application load balancer",
        ),
        pytest.param(
            {"nlb_arn": ("nlb.example.com", "string")},
            'got "nlb.example.com": name the output that holds the ARN of a network '
            "load balancer (…:loadbalancer/net/NAME/ID) in network.nlb_arn_output.",
            id="no ARN",
        ),
        pytest.param(
            {"nlb_arn": (ARN.replace("eu-west-1", "eu-west-2"), "string")},
            f"got {ARN.replace('eu-west-1', 'eu-west-2')}, which is not in the "
            "provider's region eu-west-1: a VPC link reaches load balancers of its own "
            "region only.",
            id="other region",
        ),
        pytest.param(
            {"nlb_arn": (ARN.replace(ACCOUNT, "222222222222"), "string")},
            f"got {ARN.replace(ACCOUNT, '222222222222')}, which is not in the "
            "provider's account 111111111111: a VPC link reaches load balancers of its "
            "own account only.",
            id="other account",
        ),
    ],
)
def test_fails_with_one_sentence(
    tmp_path: Path, outputs: dict[str, Any], expected: str
) -> None:
    """A plan stops with the place, the output, the rule, the value and the remedy."""
    status, said = plan(tmp_path, outputs)

    assert status == 1
    assert said.count("Error:") == 1
    assert SUBJECT + expected in said


def test_fails_when_the_dns_name_is_missing(tmp_path: Path) -> None:
    """A DNS name that the environment expects in the state must be there."""
    outputs = {"nlb_arn": (ARN, "string")}
    status, said = plan(tmp_path, outputs, nlb_dns_name_output="nlb_dns_name")

    assert status == 1
    assert (
        "The output nlb_dns_name of the local state network.tfstate must be the load "
        "balancer's DNS name, and is missing, empty or not text: add it there and "
        "apply it, or leave out network.nlb_dns_name_output."
    ) in said


def test_another_output_name_is_read(tmp_path: Path) -> None:
    """The ARN may be an output of another name."""
    outputs = {"lb": (ARN, "string")}

    assert plan(tmp_path, outputs, nlb_arn_output="lb") == (0, "")
