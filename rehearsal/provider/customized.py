"""
Plan what the provider decides in code, for the types whose dependents need it.

The provider's `CustomizeDiff` functions force a replacement under conditions, or know a
computed value before the apply. Each function here names the file of the provider's
source at v6.25.0 that it follows, below
https://github.com/hashicorp/terraform-provider-aws/tree/v6.25.0/internal/service
"""

import hashlib
import re
from collections.abc import Callable, Mapping
from typing import cast

from rehearsal.resource_types.values import Block, Unknown

Customize = Callable[[Block, Block | None, Block], tuple[str, ...]]

DIGEST = re.compile("[0-9a-f]{40}")

UNVALIDATED = ("resource_record_name", "resource_record_type", "resource_record_value")


def customize(
    type_name: str, planned: Block, prior: Block | None, proposed: Block
) -> tuple[str, ...]:
    """
    Complete a planned state, and return further arguments that force a replacement.

    Args:
        type_name: the resource type.
        planned: the planned state, which is changed.
        prior: the state before, none of a new resource.
        proposed: what Terraform proposed: the configuration, filled up from the prior.
    """
    function = CUSTOMIZED.get(type_name)
    return function(planned, prior, proposed) if function else ()


def _certificate(
    planned: Block, prior: Block | None, proposed: Block
) -> tuple[str, ...]:
    """
    Know the names of a certificate and of its validation records: `acm/certificate.go`.
    """
    names = _texts(proposed["subject_alternative_names"])
    domain = planned["domain_name"]
    # AWS reads the names of a certificate that is imported.
    imported = not planned["validation_method"]
    imported = imported and not planned["certificate_authority_arn"]
    if names is None or not isinstance(domain, str) or imported:
        return ()
    all_names = sorted({*names, domain})
    before = prior["subject_alternative_names"] if prior else None
    if before is not None and set(all_names) == set(_texts(before) or ()):
        planned["subject_alternative_names"] = before
        return ()
    planned["subject_alternative_names"] = all_names
    if planned["validation_method"] == "DNS":
        known = {option["domain_name"]: option for option in _options(prior)}
        planned["domain_validation_options"] = [
            known.get(name)
            or {"domain_name": name, **dict.fromkeys(UNVALIDATED, Unknown)}
            for name in all_names
        ]
    return ("subject_alternative_names",) if prior else ()


def _load_balancer(planned: Block, prior: Block | None, _: Block) -> tuple[str, ...]:
    """
    Replace a network load balancer that loses a subnet, or gets its first security
    group or loses the last: `elbv2/load_balancer.go`.
    """
    if prior is None or planned["load_balancer_type"] != "network":
        return ()
    forcing: list[str] = []
    for name in ("subnets", "security_groups"):
        before, after = _texts(prior[name]), _texts(planned[name])
        if before is None or after is None:
            continue
        if name == "subnets" and set(before) - set(after):
            forcing.append(name)
        if name == "security_groups" and bool(before) != bool(after):
            forcing.append(name)
    return tuple(forcing)


def _instance(planned: Block, prior: Block | None, _: Block) -> tuple[str, ...]:
    """
    Replace an instance for other user data where that is asked for:
    `ec2/ec2_instance.go`.
    """
    if prior is None or planned["user_data_replace_on_change"] is not True:
        return ()
    names = ("user_data", "user_data_base64")
    return tuple(n for n in names if not _is_same_data(prior[n], planned[n]))


def _is_same_data(old: object, new: object) -> bool:
    if isinstance(old, str) and isinstance(new, str) and DIGEST.fullmatch(old):
        # Releases before 6 keep a digest only.
        return old in {new, hashlib.sha1(new.encode()).hexdigest()}  # noqa: S324
    return (old or "") == (new or "")


def _invocation(planned: Block, prior: Block | None, _: Block) -> tuple[str, ...]:
    """
    Call a function anew for another input, unless the resource follows its own life
    cycle: `lambda/invocation.go`.
    """
    if prior is None or planned["lifecycle_scope"] not in (None, "CREATE_ONLY"):
        return ()
    return ("input",) if planned["input"] != prior["input"] else ()


def _parameter(planned: Block, prior: Block | None, _: Block) -> tuple[str, ...]:
    """
    Replace a parameter that leaves the advanced tier: `ssm/parameter.go`.
    """
    if prior and prior["tier"] == "Advanced" and planned["tier"] == "Standard":
        return ("tier",)
    return ()


def _options(prior: Block | None) -> list[Block]:
    options = prior.get("domain_validation_options") if prior else None
    return cast("list[Block]", options) if isinstance(options, list) else []


def _texts(value: object) -> list[str] | None:
    """
    Return a set's texts, or none of a set that is not known.
    """
    if value is None:
        return []
    if not isinstance(value, list):
        return None
    texts = cast("list[object]", value)
    return None if Unknown in texts else cast("list[str]", texts)


CUSTOMIZED: Mapping[str, Customize] = {
    "aws_acm_certificate": _certificate,
    "aws_alb": _load_balancer,
    "aws_instance": _instance,
    "aws_lambda_invocation": _invocation,
    "aws_lb": _load_balancer,
    "aws_ssm_parameter": _parameter,
}
