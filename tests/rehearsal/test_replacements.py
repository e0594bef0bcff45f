"""
What a change of an environment changes, replaces and in which order, by Terraform.
"""

import json
import os
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

import pytest

from modules.rehearsal_environments import LOAD_BALANCER
from rehearsal.plans.changes import Plan
from tests.rehearsal.applied import OWN_NAMES, Account, Accounts, Revision
from tests.rehearsal.served import faults_of, users_lost
from tests.stacks import PROJECT, SITE

pytestmark = pytest.mark.terraform

GOLDEN = PROJECT / "tests/golden/changes"
DOCUMENT = PROJECT / "swagger/mysfits.json"
STEPS = {"create": "create", "delete": "destroy", "update": "update"}

Keys = Mapping[str, object]

BASES: Mapping[str, tuple[str, Keys]] = {
    "local": ("local", {}),
    "dev": ("dev", {}),
    "own names": ("dev", OWN_NAMES),
    "log role": ("dev", {"api.account_log_role": "managed"}),
    "existing": (
        "dev",
        {"network.vpc_link_id": "abc123", "user_pool.id": "eu-west-1_aBcDeFgHi"},
    ),
}
ISSUER = "arn:aws:acm:{}:111111111111:"
ISSUED = "certificate/bbbbbbbb-0000-4000-8000-000000000000"
SENDER = {
    "email.from_address": "no-reply@example.com",
    "email.ses_identity_arn": (
        "arn:aws:ses:eu-west-1:111111111111:identity/example.com"
    ),
}

# The new snapshot is served before the old one goes, and what the old one calls after.
REDEPLOYED = (
    "update aws_api_gateway_rest_api",
    "create aws_api_gateway_deployment",
    "update aws_api_gateway_stage",
    "destroy aws_api_gateway_deployment",
)
RELINKED = (
    "create aws_api_gateway_vpc_link",
    *REDEPLOYED,
    "destroy aws_api_gateway_vpc_link",
)
# A stage's name can't be there twice.
RESTAGED = (
    "destroy aws_api_gateway_method_settings",
    "destroy aws_api_gateway_stage",
    "create aws_api_gateway_stage",
    "create aws_api_gateway_method_settings",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """
    A change of an environment.

    Args:
        base: the environment before.
        keys: keys of its file with other values. Defaults to none.
        site: files of the site with other texts, None for one that goes. Defaults to
            none.
        document: the text of the API document that gets another one. Defaults to none.
        load_balancer: the NAME/ID in the network state. Defaults to the same.
        order: steps in the order in which they must be. Defaults to any.
        loses_users: whether a pool with users goes. Defaults to no.
    """

    base: str
    keys: Keys = field(default_factory=dict[str, object])
    site: Mapping[str, str | None] = field(default_factory=dict[str, str | None])
    document: tuple[str, str] = ("", "")
    load_balancer: str = LOAD_BALANCER
    order: tuple[str, ...] = ()
    loses_users: bool = False


CHANGES: Mapping[str, Change] = {
    "nothing": Change(base="dev"),
    "api-renamed": Change(base="dev", keys={"api.name": "Other"}),
    "bucket-renamed": Change(
        base="dev",
        keys={"name_prefix": "other"},
        order=(
            "create aws_s3_bucket",
            "create aws_s3_bucket_versioning",
            "destroy aws_s3_bucket_versioning",
            "destroy aws_s3_bucket",
        ),
    ),
    "certificates-changed": Change(
        base="own names",
        keys={
            "domain.site_certificate_arn": f"{ISSUER.format('us-east-1')}{ISSUED}",
            "domain.api_certificate_arn": f"{ISSUER.format('eu-west-1')}{ISSUED}",
        },
    ),
    "client-renamed": Change(base="dev", keys={"user_pool.client_name": "Other"}),
    "document-changed": Change(
        base="dev", document=('"Like a mysfit"', '"Like it"'), order=REDEPLOYED
    ),
    "domain-added": Change(base="dev", keys=OWN_NAMES, order=REDEPLOYED),
    "domain-renamed": Change(
        base="own names",
        keys={"domain.site": "web.example.com", "domain.api": "rest.example.com"},
        order=(*REDEPLOYED,),
    ),
    "domain-removed": Change(
        base="own names",
        keys=dict.fromkeys(OWN_NAMES),
        order=(
            "destroy aws_api_gateway_base_path_mapping",
            "destroy aws_api_gateway_domain_name",
        ),
    ),
    "hosting-to-s3": Change(
        base="dev",
        keys={"website.hosting": "s3"},
        order=(
            "update aws_s3_bucket_public_access_block",
            "update aws_s3_bucket_policy",
            "destroy aws_cloudfront_distribution",
            "destroy aws_cloudfront_origin_access_control",
        ),
    ),
    "hosting-to-cloudfront": Change(
        base="local",
        keys={"website.hosting": "cloudfront"},
        order=("create aws_cloudfront_distribution", "update aws_s3_bucket_policy"),
    ),
    "image-origin-added": Change(
        base="dev", keys={"website.image_origins": ["https://images.example.com"]}
    ),
    "link-adopted": Change(
        base="dev",
        keys={"network.vpc_link_id": "abc123"},
        order=(*REDEPLOYED, "destroy aws_api_gateway_vpc_link"),
    ),
    "link-and-pool-defined": Change(
        base="existing",
        keys={"network.vpc_link_id": None, "user_pool.id": None},
        order=("create aws_api_gateway_vpc_link", *REDEPLOYED),
    ),
    "link-renamed": Change(base="dev", keys={"network.vpc_link_name": "Other"}),
    "link-retargeted": Change(
        base="dev", load_balancer="other/50dc6c495c0c9189", order=RELINKED
    ),
    "link-retargeted-and-document-changed": Change(
        base="dev",
        document=('"Like a mysfit"', '"Like it"'),
        load_balancer="other/50dc6c495c0c9189",
        order=RELINKED,
    ),
    "log-role-managed": Change(
        base="dev",
        keys={"api.account_log_role": "managed"},
        order=(
            "create aws_iam_role",
            "create aws_iam_role_policy_attachment",
            "create aws_api_gateway_account",
        ),
    ),
    "log-role-external": Change(
        base="log role",
        keys={"api.account_log_role": "external"},
        order=("destroy aws_api_gateway_account", "destroy aws_iam_role"),
    ),
    "page-changed": Change(
        base="dev", site={"index.html": "<!doctype html><title>new</title>"}
    ),
    "pool-adopted": Change(
        base="dev",
        keys={"user_pool.id": "eu-west-1_aBcDeFgHi"},
        order=(*REDEPLOYED, "destroy aws_cognito_user_pool"),
        loses_users=True,
    ),
    "pool-policy-and-sender-changed": Change(
        base="dev", keys={"user_pool.minimum_password_length": 16, **SENDER}
    ),
    "pool-protected": Change(
        base="dev",
        keys={
            "protection.deletion_protection": True,
            "protection.prevent_destroy": True,
        },
    ),
    "pool-renamed": Change(base="dev", keys={"user_pool.name": "Other"}),
    "price-class-changed": Change(
        base="dev", keys={"website.price_class": "PriceClass_All"}
    ),
    "script-replaced": Change(
        base="dev",
        site={
            "app.js": None,
            "new.js": "1;",
            "index.html": '<!doctype html><script src="new.js"></script>',
        },
        order=(
            "create aws_s3_object",
            "update aws_s3_object",
            "destroy aws_s3_object",
        ),
    ),
    "service-moved": Change(base="dev", keys={"service.port": 9090}, order=REDEPLOYED),
    "stage-changed": Change(
        base="dev",
        keys={
            "api.stage_variables.color": "blue",
            "api.throttling_rate_limit": 5.0,
            "api.xray_tracing": False,
            "api.access_log_retention_days": 90,
        },
    ),
    "stage-renamed": Change(base="dev", keys={"api.stage_name": "v2"}, order=RESTAGED),
    "tags-changed": Change(base="dev", keys={"tags.Team": "shop"}),
    "token-lifetimes-changed": Change(
        base="dev", keys={"user_pool.access_token_minutes": 30}
    ),
}


Bases = Mapping[str, tuple[Account, Revision]]


@pytest.fixture(name="bases", scope="module")
def _bases(accounts: Accounts) -> Iterator[Bases]:
    with ExitStack() as stack:
        bases: dict[str, tuple[Account, Revision]] = {}
        for name, (environment, keys) in BASES.items():
            revision = accounts.revisions.make(environment, keys)
            account = stack.enter_context(accounts.open(revision))
            assert account.apply(revision).status == 0
            bases[name] = (account, revision)
        yield bases


def make_head(accounts: Accounts, change: Change, folder: Path) -> Revision:
    """
    Return an environment after a change.
    """
    environment, keys = BASES[change.base]
    changed: dict[str, object] = {**keys, **change.keys}
    if change.site:
        changed["website.directory"] = str(folder / "site")
        write_site(folder / "site", change.site)
    if change.document[0]:
        text = DOCUMENT.read_text(encoding="utf-8")
        assert change.document[0] in text
        changed["api.document"] = str(folder / "mysfits.json")
        (folder / "mysfits.json").write_text(text.replace(*change.document))
    return accounts.revisions.make(
        environment, changed, load_balancer=change.load_balancer
    )


def write_site(folder: Path, files: Mapping[str, str | None]) -> None:
    """
    Write a site like the tests' own, with some files changed.
    """
    shutil.copytree(SITE, folder)
    for name, text in files.items():
        if text is None:
            (folder / name).unlink()
        else:
            (folder / name).write_text(text, encoding="utf-8")


def render(plan: Plan) -> str:
    """
    Return what a plan changes as the golden files have it.
    """
    changes = {
        change.address: {
            "actions": list(change.actions),
            **(
                {"replaced_for": [list(path) for path in change.replace_paths]}
                if change.replace_paths
                else {}
            ),
        }
        for change in plan.changes
        if change.kind not in {"unchanged", "read"}
    }
    return json.dumps(changes, indent=2) + "\n"


def steps_of(plan: Plan) -> set[tuple[str, str]]:
    return {
        (change.address, STEPS[action])
        for change in plan.changes
        for action in change.actions
        if action in STEPS
    }


def is_in_order(steps: Sequence[tuple[str, str]], order: Sequence[str]) -> bool:
    """
    Tell whether some steps are all there, each kind before the next.
    """
    kinds = [f"{action} {address.partition('.')[0]}" for address, action in steps]
    places = [[i for i, kind in enumerate(kinds) if kind == name] for name in order]
    return all(places) and all(one[-1] < other[0] for one, other in pairwise(places))


@pytest.mark.parametrize("name", CHANGES)
def test_change(accounts: Accounts, bases: Bases, tmp_path: Path, name: str) -> None:
    """It is planned as the golden says, applied in order, and leaves nothing to do."""
    change = CHANGES[name]
    head = make_head(accounts, change, tmp_path)
    base, before = bases[change.base]
    with accounts.open(head, before) as account:
        account.become(base)
        plan = account.plan(head)
        golden = GOLDEN / f"{name}.json"
        if os.environ.get("UPDATE_GOLDEN"):
            golden.write_text(render(plan), encoding="utf-8")
        assert golden.is_file(), "UPDATE_GOLDEN=1 scripts/test -k changes writes it"
        assert golden.read_text(encoding="utf-8") == render(plan)

        applied = account.apply(head)
        assert (0, "") == (applied.status, applied.errors)
        assert steps_of(plan) == set(applied.steps)
        assert is_in_order(applied.steps, change.order), applied.steps
        assert account.is_settled(head)
        assert [] == faults_of(account.journal())
        assert change.loses_users == bool(users_lost(account.journal()))


def test_a_golden_belongs_to_a_change() -> None:
    """No golden is left of a change that is no longer tried."""
    assert set(CHANGES) == {file.stem for file in GOLDEN.glob("*.json")}
