"""
The contract of the network state, kept by Terraform's own engine.
"""

from collections.abc import Mapping
from typing import Any

import pytest

from tests.rehearsal.applied import Account, Accounts, Said

pytestmark = pytest.mark.terraform

ACCOUNT = "111111111111"
ARN = f"arn:aws:elasticloadbalancing:eu-west-1:{ACCOUNT}:loadbalancer/net/nlb/0a1b2c"
OTHER_ARN = ARN.replace("eu-west-1", "eu-west-2").replace(ACCOUNT, "222222222222")
SUBJECT = (
    "The output nlb_arn of the S3 state "
    "s3://example-terraform-states/network/dev.tfstate in eu-west-1 must be the ARN of "
    "a network load balancer, "
)
MISSING = (
    "and is missing, empty or not text: add the output to that configuration and "
    "apply it, or name another one in network.nlb_arn_output."
)
ENFORCED = "enforce_security_group_inbound_rules_on_private_link_traffic"


@pytest.fixture(name="account", scope="module")
def _account(accounts: Accounts) -> Any:  # noqa: ANN401
    """
    Give an account in which load balancers are as the tests say.
    """
    revision = accounts.revisions.make("dev")
    with accounts.open(revision) as account:
        yield account


def plan(
    accounts: Accounts,
    account: Account,
    outputs: Mapping[str, object],
    changes: Mapping[str, object] | None = None,
) -> Said:
    """
    Plan the environment against a network state with these outputs.
    """
    return account.try_plan(
        accounts.revisions.make("dev", changes or {}, outputs=outputs)
    )


def test_a_network_load_balancer_passes(accounts: Accounts, account: Account) -> None:
    """The ARN of an internal one of the same account and region is taken."""
    said = plan(accounts, account, {"nlb_arn": ARN})

    assert (0, "") == (said.status, said.errors)
    assert "Warning" not in said.output


@pytest.mark.parametrize(
    ("output", "expected"),
    [
        pytest.param(None, MISSING, id="missing"),
        pytest.param("", MISSING, id="empty"),
        pytest.param([ARN], MISSING, id="list"),
        pytest.param({"arn": ARN}, MISSING, id="object"),
        pytest.param(
            OTHER_ARN,
            f"got {OTHER_ARN}, which is not in the provider's region eu-west-1: a VPC "
            "link reaches load balancers of its own region only.",
            id="other region and account",
        ),
        pytest.param(
            ARN.replace("/net/", "/app/"),
            f'got "{ARN.replace("/net/", "/app/")}": name the output that holds the '
            "ARN of a network load balancer (…:loadbalancer/net/NAME/ID) in "
            "network.nlb_arn_output.",
            id="application load balancer",
        ),
        pytest.param(
            "nlb.example.com",
            'got "nlb.example.com": name the output that holds the ARN of a network '
            "load balancer (…:loadbalancer/net/NAME/ID) in network.nlb_arn_output.",
            id="no ARN",
        ),
        pytest.param(
            12,
            'got "12": name the output that holds the ARN of a network load balancer '
            "(…:loadbalancer/net/NAME/ID) in network.nlb_arn_output.",
            id="number",
        ),
        pytest.param(
            ARN.replace("eu-west-1", "eu-west-2"),
            f"got {ARN.replace('eu-west-1', 'eu-west-2')}, which is not in the "
            "provider's region eu-west-1: a VPC link reaches load balancers of its own "
            "region only.",
            id="other region",
        ),
        pytest.param(
            ARN.replace(ACCOUNT, "222222222222"),
            f"got {ARN.replace(ACCOUNT, '222222222222')}, which is not in the "
            "provider's account 111111111111: a VPC link reaches load balancers of its "
            "own account only.",
            id="other account",
        ),
    ],
)
def test_fails_with_one_sentence(
    accounts: Accounts, account: Account, output: object, expected: str
) -> None:
    """A plan stops with the place, the output, the rule, the value and the remedy."""
    said = plan(accounts, account, {"nlb_arn": output})

    assert 1 == said.status
    assert 1 == said.errors.count("Error:")
    assert SUBJECT + expected in said.errors


@pytest.mark.parametrize("value", [None, "", ["a"]])
def test_fails_when_the_dns_name_is_missing(
    accounts: Accounts, account: Account, value: object
) -> None:
    """A DNS name that the environment expects in the state must be there."""
    changes = {"network.nlb_dns_name_output": "nlb_dns_name"}
    said = plan(accounts, account, {"nlb_arn": ARN, "nlb_dns_name": value}, changes)

    assert 1 == said.status
    assert 1 == said.errors.count("Error:")
    assert (
        "The output nlb_dns_name of the S3 state "
        "s3://example-terraform-states/network/dev.tfstate in eu-west-1 must be the "
        "load balancer's DNS name, and is missing, empty or not text: add it there and "
        "apply it, or leave out network.nlb_dns_name_output."
    ) in said.errors


def test_another_output_name_is_read(accounts: Accounts, account: Account) -> None:
    """The ARN may be an output of another name."""
    changes = {"network.nlb_arn_output": "lb"}
    said = plan(accounts, account, {"nlb_arn": None, "lb": ARN}, changes)

    assert (0, "") == (said.status, said.errors)


def plan_nlb(
    accounts: Accounts,
    nlb: Mapping[str, object],
    changes: Mapping[str, object] | None = None,
) -> Said:
    """
    Plan the environment where AWS says this of the load balancer.
    """
    revision = accounts.revisions.make("dev", changes or {}, nlb=nlb)
    with accounts.open(revision) as account:
        return account.try_plan(revision)


def test_fails_when_it_is_internet_facing(accounts: Accounts) -> None:
    """Anybody could call the service around the API."""
    said = plan_nlb(accounts, {"internal": False})

    assert 1 == said.status
    assert 1 == said.errors.count("Error:")
    assert (
        "The load balancer my-load-balancer must be internal: an internet-facing one "
        "lets anybody call the service around the API and its sign-in. Make it "
        "internal, or name it in network.accepted_internet_facing_nlbs."
    ) in said.errors


def test_warns_of_an_accepted_internet_facing_one(accounts: Accounts) -> None:
    """One that the environment names may be internet-facing; each plan says so."""
    said = plan_nlb(
        accounts,
        {"internal": False},
        {"network.accepted_internet_facing_nlbs": ["my-load-balancer"]},
    )

    assert (0, "") == (said.status, said.errors)
    assert 1 == said.output.count("Warning: Check block assertion failed")
    assert (
        "The load balancer my-load-balancer is internet-facing: anybody can call the "
        "service around the API and its sign-in."
    ) in said.output


def test_warns_of_enforced_security_groups(accounts: Accounts) -> None:
    """They may keep the link's traffic out, which only a call would show."""
    said = plan_nlb(accounts, {ENFORCED: "on"})

    assert (0, "") == (said.status, said.errors)
    assert 1 == said.output.count("Warning: Check block assertion failed")
    assert (
        "The load balancer my-load-balancer enforces its security groups on "
        "PrivateLink traffic: unless their rules admit it, calls over the VPC link "
        "time out."
    ) in said.output


def test_fails_when_it_is_of_another_type(accounts: Accounts) -> None:
    """What AWS says of it counts too, not only how its ARN is written."""
    said = plan_nlb(accounts, {"load_balancer_type": "gateway"})

    assert 1 == said.status
    assert (
        "The load balancer my-load-balancer must be a network load balancer, got type "
        "gateway: a VPC link of a REST API reaches no other."
    ) in said.errors


def test_fails_when_a_given_one_is_of_another_account(accounts: Accounts) -> None:
    """An ARN that the environment gives must be of the account that it deploys to."""
    changes = {
        "network": None,
        "network.nlb_arn": ARN,
        "allowed_account_ids": [ACCOUNT, "222222222222"],
    }
    revision = accounts.revisions.make("dev", changes, account="222222222222")
    with accounts.open(revision) as account:
        said = account.try_plan(revision)

    assert 1 == said.status
    assert (
        f"The load balancer {ARN} must belong to the provider's account 222222222222: "
        "a VPC link reaches load balancers of its own account only."
    ) in said.errors
