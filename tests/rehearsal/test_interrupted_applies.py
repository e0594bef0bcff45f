"""
Applies that fail at any operation, and what the next apply makes of it.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, get_args

import pytest

from rehearsal.provider.faults import Fault, How, Operation
from tests.rehearsal.applied import OWN_NAMES, Account, Accounts, Revision
from tests.rehearsal.served import faults_of, users_lost
from tests.stacks import PROJECT

pytestmark = pytest.mark.terraform

AT_ONCE = 2
HOWS: tuple[How, ...] = get_args(How)

# What a person must do: AWS refuses a second object of the name, and Terraform can't
# know that the first one is its own (docs/rehearsal.md, "Interrupted applies").
UNTAINTED = {
    "aws_cloudfront_origin_access_control",
    "aws_cloudfront_response_headers_policy",
    "aws_s3_bucket",
}
IMPORTED: Mapping[str, Callable[[Mapping[str, Any]], str]] = {
    "aws_api_gateway_base_path_mapping": lambda it: f"{it['domain_name']}/",
    "aws_api_gateway_domain_name": lambda it: it["domain_name"],
    "aws_api_gateway_stage": lambda it: f"{it['rest_api_id']}/{it['stage_name']}",
    "aws_cloudfront_origin_access_control": lambda it: it["id"],
    "aws_cloudfront_response_headers_policy": lambda it: it["id"],
    "aws_cloudwatch_log_group": lambda it: it["name"],
    "aws_iam_role": lambda it: it["name"],
    "aws_s3_bucket": lambda it: it["bucket"],
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Interrupted:
    """
    An apply that is interrupted.

    Args:
        accounts: where it can be tried.
        before: the account that it begins in.
        revision: what is applied.
        operations: how many operations it takes.
        settled: the objects in the state that it leads to when nothing interrupts it,
            and whose plan is empty.
    """

    accounts: Accounts
    before: Account
    revision: Revision
    operations: int
    settled: object

    def try_all(self, how: How) -> dict[int, list[str]]:
        """
        Interrupt at each operation, and return what went wrong by operation.
        """
        numbers = range(1, self.operations + 1)
        with ThreadPoolExecutor(AT_ONCE) as pool:
            faults = [Fault(number, how) for number in numbers]
            found = pool.map(self._try, faults)
            return {n: wrong for n, wrong in zip(numbers, found, strict=True) if wrong}

    def _try(self, fault: Fault) -> list[str]:
        with self.accounts.open(self.revision) as account:
            account.become(self.before)
            account.start(fault)
            first = account.apply(self.revision)
            if fault.how.startswith("die"):
                account.start()
            second = account.apply(self.revision)
            if second.status and _mend(account, self.revision, second.addresses):
                second = account.apply(self.revision)
            return [
                *(["the fault went unnoticed"] if not first.status else []),
                *([f"does not converge: {second.errors}"] if second.status else []),
                *self._left_over(account),
                *faults_of(account.journal()),
                *users_lost(account.journal()),
            ]

    def _left_over(self, account: Account) -> Iterator[str]:
        # Invented ids depend on the arguments: mostly the same objects are there.
        if objects_in(account) != self.settled:
            yield from _left_over(account, self.revision)


def _mend(account: Account, revision: Revision, addresses: tuple[str, ...]) -> bool:
    """
    Do what a person does about names that are taken, and tell whether that is known.
    """
    tainted = set(marked(account, "tainted"))
    return all(
        _untaint(account, revision, address)
        if address in tainted
        else _import(account, revision, address)
        for address in addresses
    )


def _untaint(account: Account, revision: Revision, address: str) -> bool:
    if address.split(".", maxsplit=1)[0] not in UNTAINTED:
        return False
    return account.run(revision, "untaint", "-lock=false", address).status == 0


def _import(account: Account, revision: Revision, address: str) -> bool:
    kind = address.split(".", maxsplit=1)[0]
    if kind not in IMPORTED:
        return False
    made = last_made(account.journal(), kind)
    words = ("-input=false", "-lock=false", address, IMPORTED[kind](made))
    return account.run(revision, "import", *words).status == 0


def last_made(journal: tuple[Operation, ...], kind: str) -> Mapping[str, Any]:
    """
    Return the newest object of a type.
    """
    return next(
        operation.after
        for operation in reversed(journal)
        if operation.type == kind and operation.after is not None
    )


def objects_in(account: Account) -> list[object]:
    """
    Return the objects in a state.
    """
    resources = account.state()["resources"]
    return [resource for resource in resources if resource["mode"] == "managed"]


def marked(account: Account, mark: str) -> Iterator[str]:
    """
    Yield the addresses of what is tainted or deposed in the state.
    """
    for resource in account.state()["resources"]:
        for instance in resource["instances"]:
            if instance.get("status") == mark or mark in instance:
                yield f"{resource['type']}.{resource['name']}"


def _left_over(account: Account, revision: Revision) -> Iterator[str]:
    if not account.is_settled(revision):
        yield "the next plan is not empty"
    for mark in ("tainted", "deposed"):
        yield from (f"{address} stays {mark}" for address in marked(account, mark))


@pytest.fixture(name="base", scope="module")
def _base(accounts: Accounts) -> Iterator[Account]:
    revision = accounts.revisions.make("dev")
    with accounts.open(revision) as account:
        assert account.apply(revision).status == 0
        assert account.is_settled(revision)
        yield account


@pytest.fixture(name="first_apply", scope="module")
def _first_apply(accounts: Accounts, base: Account) -> Iterator[Interrupted]:
    revision = accounts.revisions.make("dev")
    with accounts.open(revision) as nothing:
        yield Interrupted(
            accounts=accounts,
            before=nothing,
            revision=revision,
            operations=len(base.journal()),
            settled=objects_in(base),
        )


@pytest.fixture(name="replacement", scope="module")
def _replacement(
    accounts: Accounts, base: Account, tmp_path_factory: pytest.TempPathFactory
) -> Interrupted:
    document = tmp_path_factory.mktemp("document") / "mysfits.json"
    content = json.loads((PROJECT / "swagger/mysfits.json").read_bytes())
    del content["paths"]["/mysfits"]
    document.write_text(json.dumps(content), encoding="utf-8")
    revision = accounts.revisions.make(
        "dev", {"api.document": str(document)}, load_balancer="other/50dc6c495c0c9189"
    )
    with accounts.open(revision) as account:
        account.become(base)
        account.start()
        before = len(account.journal())
        assert account.apply(revision).status == 0
        assert account.is_settled(revision)
        return Interrupted(
            accounts=accounts,
            before=base,
            revision=revision,
            operations=len(account.journal()) - before,
            settled=objects_in(account),
        )


@pytest.mark.parametrize("how", HOWS)
def test_first_apply_converges(first_apply: Interrupted, how: How) -> None:
    """Wherever the first apply stops, the next one finishes it."""
    assert first_apply.operations == 22
    assert {} == first_apply.try_all(how)


@pytest.mark.parametrize("how", HOWS)
def test_replacement_converges(replacement: Interrupted, how: How) -> None:
    """Wherever the change of link and document stops, the next apply finishes it."""
    assert replacement.operations == 6
    assert {} == replacement.try_all(how)


def test_taken_names_of_tainted_objects_need_a_person(
    accounts: Accounts, base: Account
) -> None:
    """
    What is made anew first can't be, where its name is unique: `untaint` keeps it.

    A tainted object exists; the next apply then changes what is not yet right.
    """
    revision = accounts.revisions.make("dev")
    tainted = [revision.address(kind) for kind in sorted(UNTAINTED)]
    with accounts.open(revision) as account:
        account.become(base)
        for address in tainted:
            account.run(revision, "taint", "-lock=false", address)
        refused = account.apply(revision)

        assert 1 == refused.status
        assert set(tainted) == set(refused.addresses)
        assert _mend(account, revision, refused.addresses)
        assert 0 == account.apply(revision).status
        assert [] == list(_left_over(account, revision))
        assert [] == faults_of(account.journal())


def test_taken_names_of_unknown_objects_need_a_person(accounts: Accounts) -> None:
    """
    What a provider made before it died is in no state, and its name is taken.

    `terraform import` takes it over; the others have no unique name, are made again,
    and stay behind.
    """
    names = {**OWN_NAMES, "api.account_log_role": "managed"}
    revision = accounts.revisions.make("dev", names)
    lost = [revision.address(kind) for kind in sorted(IMPORTED)]
    with accounts.open(revision) as account:
        assert 0 == account.apply(revision).status
        account.run(revision, "state", "rm", "-lock=false", *lost)
        mended: set[str] = set()
        # What depends on a refused object is tried once that one is there.
        while (said := account.apply(revision)).status:
            assert not mended & set(said.addresses), said.errors
            assert _mend(account, revision, said.addresses), said.errors
            mended.update(said.addresses)

        assert set(lost) == mended
        assert [] == list(_left_over(account, revision))


def test_a_protected_pool_that_failed_is_kept(accounts: Accounts) -> None:
    """Terraform would replace a tainted pool: it refuses, until it is untainted."""
    revision = accounts.revisions.make("prod")
    pool = revision.address("aws_cognito_user_pool")
    with accounts.open(revision) as account:
        assert 0 == account.apply(revision).status
        account.run(revision, "taint", "-lock=false", pool)
        before = len(account.journal())
        refused = account.apply(revision)

        assert 1 == refused.status
        assert f"Resource {pool} has lifecycle.prevent_destroy set" in refused.errors
        assert before == len(account.journal())
        assert 0 == account.run(revision, "untaint", "-lock=false", pool).status
        assert account.is_settled(revision)


def test_a_pool_that_only_cognito_protects_is_left_behind(accounts: Accounts) -> None:
    """
    With `deletion_protection` alone a tainted pool is replaced, and can't be deleted.

    Only `prevent_destroy` stops Terraform before the new pool is there.
    """
    keys = {"protection.deletion_protection": True, "protection.prevent_destroy": False}
    revision = accounts.revisions.make("prod", keys)
    pool = revision.address("aws_cognito_user_pool")
    with accounts.open(revision) as account:
        assert 0 == account.apply(revision, f"-target={pool}").status
        account.run(revision, "taint", "-lock=false", pool)
        refused = account.apply(revision)

        assert 1 == refused.status
        assert "deletion protection is activated" in refused.errors
        assert [pool] == list(marked(account, "deposed"))
