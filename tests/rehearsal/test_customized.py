"""
What the provider decides in code.
"""

import pytest

from rehearsal.provider.customized import UNVALIDATED, customize
from rehearsal.resource_types.values import Block, Unknown

Names = list[str] | None
NONE: list[str] = []


def certificate(domain: object, names: object, method: str = "DNS") -> Block:
    return {
        "certificate_authority_arn": None,
        "domain_name": domain,
        "subject_alternative_names": names,
        "validation_method": method,
        "domain_validation_options": Unknown,
    }


def option(name: str, value: object = Unknown) -> Block:
    return {"domain_name": name, **dict.fromkeys(UNVALIDATED, value)}


@pytest.mark.parametrize("names", [None, [], ["a.org"]])
def test_knows_the_validation_of_a_new_certificate(names: Names) -> None:
    """`for_each` over the validation options works before the certificate exists."""
    planned = certificate("a.org", Unknown)

    assert () == customize(
        "aws_acm_certificate", planned, None, certificate("a.org", names)
    )
    assert {
        **certificate("a.org", ["a.org"]),
        "domain_validation_options": [option("a.org")],
    } == planned


def test_keeps_the_validation_of_names_that_stay() -> None:
    """Another name replaces a certificate and has a record of its own."""
    prior = certificate("a.org", ["a.org"])
    prior["domain_validation_options"] = [option("a.org", "known")]
    proposed = certificate("a.org", ["b.org"])
    planned = dict(proposed)

    assert ("subject_alternative_names",) == customize(
        "aws_acm_certificate", planned, prior, proposed
    )
    assert ["a.org", "b.org"] == planned["subject_alternative_names"]
    assert [option("a.org", "known"), option("b.org")] == planned[
        "domain_validation_options"
    ]


def test_finds_the_names_of_a_certificate_unchanged() -> None:
    """The domain name is one of the alternatives, whether it is written or not."""
    prior = certificate("a.org", ["b.org", "a.org"])
    proposed = certificate("a.org", ["b.org"])
    planned = dict(proposed)

    assert () == customize("aws_acm_certificate", planned, prior, proposed)
    assert ["b.org", "a.org"] == planned["subject_alternative_names"]


@pytest.mark.parametrize(
    ("domain", "names", "method"),
    [
        (Unknown, None, "DNS"),
        ("a.org", Unknown, "DNS"),
        ("a.org", [Unknown], "DNS"),
        ("a.org", None, "EMAIL"),
    ],
)
def test_knows_no_validation_without_names(
    domain: object, names: object, method: str
) -> None:
    """What is not known before the apply stays so; mails are no records."""
    planned = certificate(domain, Unknown, method)

    customize("aws_acm_certificate", planned, None, certificate(domain, names, method))

    assert Unknown is planned["domain_validation_options"]


def test_leaves_an_imported_certificate() -> None:
    """AWS reads its names from the certificate."""
    prior = certificate("a.org", NONE, method="")
    planned = dict(prior)

    assert () == customize("aws_acm_certificate", planned, prior, prior)
    assert prior == planned


@pytest.mark.parametrize(
    ("type_", "before", "after", "forcing"),
    [
        ("network", (["a", "b"], NONE), (["a"], NONE), ("subnets",)),
        ("network", (["a"], NONE), (["a", "b"], NONE), ()),
        ("network", (["a"], NONE), (["a"], ["s"]), ("security_groups",)),
        ("network", (["a"], ["s"]), (["a"], None), ("security_groups",)),
        ("network", (["a"], ["s"]), (["a"], ["t"]), ()),
        ("network", (["a"], ["s"]), (Unknown, ["s"]), ()),
        ("application", (["a", "b"], NONE), (["a"], NONE), ()),
    ],
)
def test_replaces_network_load_balancers(
    type_: str,
    before: tuple[object, object],
    after: tuple[object, object],
    forcing: tuple[str, ...],
) -> None:
    """A network load balancer can gain subnets, and change security groups."""
    prior, planned = (
        {"load_balancer_type": type_, "subnets": subnets, "security_groups": groups}
        for subnets, groups in (before, after)
    )

    assert forcing == customize("aws_lb", planned, prior, planned)
    assert () == customize("aws_lb", planned, None, planned)


@pytest.mark.parametrize(
    ("asked", "before", "after", "forcing"),
    [
        (True, ("a", None), ("b", None), ("user_data",)),
        (True, (None, "YQ=="), (None, "Yg=="), ("user_data_base64",)),
        (True, ("", None), (None, None), ()),
        (True, ("86f7e437faa5a7fce15d1ddcb9eaeaea377667b8", None), ("a", None), ()),
        (False, ("a", None), ("b", None), ()),
        (None, ("a", None), ("b", None), ()),
    ],
)
def test_replaces_instances_for_user_data(
    asked: object,
    before: tuple[object, object],
    after: tuple[object, object],
    forcing: tuple[str, ...],
) -> None:
    """Only where `user_data_replace_on_change` says so."""
    prior, planned = (
        {
            "user_data_replace_on_change": asked,
            "user_data": plain,
            "user_data_base64": coded,
        }
        for plain, coded in (before, after)
    )

    assert forcing == customize("aws_instance", planned, prior, planned)


@pytest.mark.parametrize(
    ("before", "after", "forcing"),
    [
        ("Advanced", "Standard", ("tier",)),
        ("Advanced", "Intelligent-Tiering", ()),
        ("Standard", "Advanced", ()),
    ],
)
def test_replaces_parameters_that_leave_the_advanced_tier(
    before: str, after: str, forcing: tuple[str, ...]
) -> None:
    """Systems Manager can't turn an advanced parameter into a standard one."""
    planned: Block = {"tier": after}

    assert forcing == customize("aws_ssm_parameter", planned, {"tier": before}, planned)
    assert () == customize("aws_ssm_parameter", planned, None, planned)


@pytest.mark.parametrize(
    ("scope", "after", "forcing"),
    [
        ("CREATE_ONLY", "b", ("input",)),
        (None, "b", ("input",)),
        ("CREATE_ONLY", "a", ()),
        ("CRUD", "b", ()),
    ],
)
def test_invokes_again_for_another_input(
    scope: str | None, after: str, forcing: tuple[str, ...]
) -> None:
    """An invocation that happens on creation only is made again."""
    planned: Block = {"lifecycle_scope": scope, "input": after}
    prior: Block = {"lifecycle_scope": scope, "input": "a"}

    assert forcing == customize("aws_lambda_invocation", planned, prior, planned)
    assert () == customize("aws_lambda_invocation", planned, None, planned)


def test_leaves_other_types_as_planned() -> None:
    """Most types have nothing to add."""
    assert () == customize("aws_s3_bucket", {}, {}, {})
