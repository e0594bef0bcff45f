"""
Whole environments from nothing to nothing, under Terraform's own engine.
"""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

import pytest

from tests.rehearsal.applied import OWN_NAMES, Account, Accounts, Revision
from tests.rehearsal.served import faults_of

pytestmark = pytest.mark.terraform

ACCOUNT = "111111111111"
ARN = f"arn:aws:elasticloadbalancing:eu-west-1:{ACCOUNT}:loadbalancer/net/nlb/0a1b2c"
VARIANTS: Mapping[str, tuple[str, Mapping[str, object]]] = {
    "local": ("local", {}),
    "dev": ("dev", {}),
    "prod": (
        "prod",
        {"protection.deletion_protection": False, "protection.prevent_destroy": False},
    ),
    "orders": ("orders", {}),
    "own-domain": ("own-domain", {}),
    "local on CloudFront": ("local", {"website.hosting": "cloudfront"}),
    "dev on S3": ("dev", {"website.hosting": "s3"}),
    "dev with own names": ("dev", OWN_NAMES),
    "dev with an existing link": ("dev", {"network.vpc_link_id": "abc123"}),
    "dev with an existing pool": ("dev", {"user_pool.id": "eu-west-1_aBcDeFgHi"}),
    "dev with a log role": ("dev", {"api.account_log_role": "managed"}),
    "dev with mail through SES": (
        "dev",
        {
            "email.from_address": "no-reply@example.com",
            "email.ses_identity_arn": (
                f"arn:aws:ses:eu-west-1:{ACCOUNT}:identity/example.com"
            ),
            "email.reply_to": "help@example.com",
        },
    ),
    "dev with a given ARN": ("dev", {"network": None, "network.nlb_arn": ARN}),
    "dev with a DNS name of the state": (
        "dev",
        {"network.nlb_dns_name_output": "nlb_dns_name"},
    ),
}

# In each row, what is destroyed first stands first.
DESTROYED = (
    (
        "aws_api_gateway_method_settings",
        "aws_api_gateway_stage",
        "aws_api_gateway_deployment",
        "aws_api_gateway_rest_api",
        "aws_api_gateway_vpc_link",
    ),
    ("aws_api_gateway_base_path_mapping", "aws_api_gateway_rest_api"),
    ("aws_api_gateway_stage", "aws_api_gateway_account", "aws_iam_role"),
    ("aws_api_gateway_rest_api", "aws_cognito_user_pool"),
    ("aws_cognito_user_pool_client", "aws_cognito_user_pool"),
    ("aws_s3_object", "aws_s3_bucket_versioning", "aws_s3_bucket"),
    ("aws_s3_bucket_policy", "aws_s3_bucket_public_access_block", "aws_s3_bucket"),
    (
        "aws_route53_record",
        "aws_cloudfront_distribution",
        "aws_cloudfront_origin_access_control",
    ),
)


def addresses_of(config: Mapping[str, Any]) -> set[str]:
    return {
        f"{kind}.{name}" for kind, parts in config["resource"].items() for name in parts
    }


def addresses_in(account: Account) -> set[str]:
    return {
        f"{resource['type']}.{resource['name']}"
        for resource in account.state()["resources"]
        if resource["mode"] == "managed"
    }


def in_order(kinds: Sequence[str], order: Sequence[str]) -> bool:
    """
    Tell whether all of each type come before the first of the next one.
    """
    places = [[i for i, kind in enumerate(kinds) if kind == name] for name in order]
    there = [place for place in places if place]
    return all(one[-1] < other[0] for one, other in pairwise(there))


@pytest.mark.parametrize("name", VARIANTS)
def test_environment_comes_and_goes(accounts: Accounts, name: str) -> None:
    """It is valid, applied whole, settled after that, and destroyed in order."""
    revision = accounts.revisions.make(*VARIANTS[name])
    with accounts.open(revision) as account:
        assert (0, "") == (account.validate(revision).status, "")
        applied = account.apply(revision)
        assert (0, "") == (applied.status, applied.errors)
        assert addresses_of(revision.config) == addresses_in(account)
        assert account.is_settled(revision)
        destroyed = account.apply(revision, "-destroy")
        kinds = [address.partition(".")[0] for address, _ in destroyed.steps]

        assert (0, "") == (destroyed.status, destroyed.errors)
        assert len(addresses_of(revision.config)) == len(kinds)
        assert [] == [order for order in DESTROYED if not in_order(kinds, order)]
        assert [] == account.state()["resources"]
        assert [] == faults_of(account.journal())


PROTECTED = {"protection.deletion_protection": True, "protection.prevent_destroy": True}
CALLED = {"protection.deletion_protection": True, "protection.prevent_destroy": False}
OPEN = {"protection.deletion_protection": False, "protection.prevent_destroy": False}


@pytest.fixture(name="prod", scope="module")
def _prod(accounts: Accounts) -> Revision:
    return accounts.revisions.make("prod", PROTECTED)


def test_fails_when_a_protected_pool_would_be_destroyed(
    accounts: Accounts, prod: Revision
) -> None:
    """Terraform refuses the plan before anything is done, and names the pool."""
    pool = prod.address("aws_cognito_user_pool")
    with accounts.open(prod) as account:
        account.apply(prod)
        before = len(account.journal())
        refused = account.apply(prod, "-destroy")

        assert 1 == refused.status
        assert f"Resource {pool} has lifecycle.prevent_destroy set" in refused.errors
        assert before == len(account.journal())


def test_fails_when_a_protected_pool_would_be_replaced(
    accounts: Accounts, prod: Revision
) -> None:
    """An environment that takes another pool in its place keeps its own."""
    other = accounts.revisions.make(
        "prod", {**PROTECTED, "user_pool.id": "eu-west-1_aBcDeFgHi", "email": None}
    )
    with accounts.open(prod, other) as account:
        account.apply(prod)
        gone = account.plan(other).of_kind("destroyed")
        refused = account.apply(other)

        # Terraform reads prevent_destroy in the configuration, and there is none left.
        assert [prod.address("aws_cognito_user_pool")] == [c.address for c in gone]
        assert 1 == refused.status
        assert "deletion protection is activated" in refused.errors


def test_fails_when_protection_is_off_but_not_applied(
    accounts: Accounts, prod: Revision
) -> None:
    """Cognito's own protection counts until its end is applied."""
    opened = accounts.revisions.make("prod", OPEN)
    with accounts.open(prod, opened) as account:
        account.apply(prod)
        refused = account.apply(opened, "-destroy")
        assert 1 == refused.status
        assert "deletion protection is activated" in refused.errors
        assert {prod.address("aws_cognito_user_pool")} <= set(addresses_in(account))

        assert 0 == account.apply(opened).status
        assert 0 == account.apply(opened, "-destroy").status
        assert [] == account.state()["resources"]


@pytest.mark.parametrize("protection", [CALLED, PROTECTED])
def test_protection_is_turned_off_in_place(
    accounts: Accounts, prod: Revision, protection: Mapping[str, object]
) -> None:
    """Turning it off changes the pool and the bucket, and replaces nothing."""
    protected = accounts.revisions.make("prod", protection)
    opened = accounts.revisions.make("prod", OPEN)
    with accounts.open(protected, opened) as account:
        account.apply(protected)

        assert {
            prod.address("aws_cognito_user_pool"): ("update",),
            prod.address("aws_s3_bucket"): ("update",),
        } == {
            change.address: change.actions
            for change in account.plan(opened).changes
            if change.kind != "unchanged"
        }


def test_fails_in_another_account(accounts: Accounts) -> None:
    """The account guard stops Terraform before it plans."""
    revision = accounts.revisions.make("dev", account="999999999999")
    with accounts.open(revision) as account:
        said = account.try_plan(revision)

        assert 1 == said.status
        assert "AWS account ID not allowed: 999999999999" in said.errors
        assert () == account.journal()


def test_what_is_replaced_new_first(accounts: Accounts, prod: Revision) -> None:
    """
    Terraform makes these anew before it destroys the old ones, by what it notes itself.

    It takes this order over from a resource to all that the resource depends on. A
    stage with the name of one that is there is refused, so that a stage that failed
    half-way could never be made again; it must not be among them.
    https://developer.hashicorp.com/terraform/language/meta-arguments/lifecycle
    """
    with accounts.open(prod) as account:
        account.apply(prod)

        assert {
            "aws_api_gateway_deployment",
            "aws_api_gateway_rest_api",
            "aws_api_gateway_vpc_link",
            "aws_cloudfront_distribution",
            "aws_cloudfront_origin_access_control",
            "aws_cloudfront_response_headers_policy",
            "aws_cognito_user_pool",
            "aws_s3_bucket",
            "aws_s3_bucket_versioning",
            "aws_s3_object",
        } == {
            resource["type"]
            for resource in account.state()["resources"]
            for instance in resource["instances"]
            if instance.get("create_before_destroy")
        }
