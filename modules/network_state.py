"""
Define the look-up of the existing network load balancer.
"""

import json
from collections.abc import Iterator, Sequence

import cdktf
from constructs import Construct

from modules import aws
from modules.expressions import address_of, plain_references
from modules.remote_state import AnyState, CloudState, LocalState
from modules.terraform_json import template_literal

# https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_LoadBalancer.html
NLB_ARN_PATTERN = (
    r"^arn:[^:]+:elasticloadbalancing:[^:]+:[0-9]{12}:loadbalancer/net/[^/]+/[^/]+$"
)


class NetworkState(Construct):
    """
    Define the look-up of a network load balancer, and the contract that it must meet.

    The ARN comes from an output of another Terraform state, or is given. A plan fails
    with one sentence when the output is missing, empty, not the ARN of a network load
    balancer, or of another region or account than the provider's; and when the load
    balancer is internet-facing, since its service can then be called around the API.

    Terraform copies every root output of the other state into this one, whichever are
    referenced:
    https://developer.hashicorp.com/terraform/language/state/remote-state-data

    Attributes:
        nlb_arn: the load balancer's ARN.
        nlb_dns_name: its DNS name.

    Args:
        region: the provider's region.
        account_id: the provider's account.
        state: the other state. Defaults to none: *nlb_arn* is then required.
        location: how messages name the place of *state*. Defaults to its own words.
        nlb_arn: the ARN itself. Defaults to the output of *state*.
        nlb_arn_output: the output that holds the ARN. Defaults to `nlb_arn`.
        nlb_dns_name_output: the output that holds the DNS name. Defaults to asking AWS
            for the load balancer.
        accepted_internet_facing_nlbs: names of load balancers that may be
            internet-facing; a plan then warns. Defaults to none.

    Raises:
        ValueError: neither or both of *state* and *nlb_arn* are given.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        region: str,
        account_id: str,
        state: AnyState | None = None,
        location: str | None = None,
        nlb_arn: str | None = None,
        nlb_arn_output: str = "nlb_arn",
        nlb_dns_name_output: str | None = None,
        accepted_internet_facing_nlbs: Sequence[str] = (),
    ) -> None:
        super().__init__(scope, id_)
        account_id = plain_references(self, account_id)
        if (state is None) == (nlb_arn is None):
            msg = "exactly one of state and nlb_arn must be given"
            raise ValueError(msg)
        dns_name: str | None = None
        if state is None:
            self.nlb_arn = str(nlb_arn)
        else:
            contract = _Contract(
                location=location or state.location,
                output=nlb_arn_output,
                region=region,
                account_id=account_id,
            )
            remote = self._define_remote_state(state)
            conditions = list(contract.conditions())
            if nlb_dns_name_output is not None:
                dns_name = self._define_local("NlbDnsName", remote, nlb_dns_name_output)
                conditions.append(contract.has_dns_name(nlb_dns_name_output))
            remote.add_override("lifecycle.postcondition", conditions)
            self.nlb_arn = self._define_local("NlbArn", remote, nlb_arn_output)
        load_balancer = self._define_load_balancer(
            account_id, accepted_internet_facing_nlbs
        )
        self.nlb_dns_name = dns_name or load_balancer.dns_name
        self._define_warnings(load_balancer)

    def _define_remote_state(self, state: AnyState) -> cdktf.TerraformRemoteState:
        if isinstance(state, LocalState):
            return cdktf.DataTerraformRemoteStateLocal(
                self, "State", path=state.path.as_posix()
            )
        if isinstance(state, CloudState):
            return cdktf.DataTerraformRemoteState(
                self,
                "State",
                hostname=state.hostname,
                organization=state.organization,
                workspaces=cdktf.NamedRemoteWorkspace(state.workspace),
            )
        remote = cdktf.DataTerraformRemoteStateS3(
            self, "State", bucket=state.bucket, key=state.key, region=state.region
        )
        if state.role_arn is not None:
            # The binding's role_arn is the argument that Terraform 1.10 removed.
            remote.add_override("config.assume_role", {"role_arn": state.role_arn})
        return remote

    def _define_local(
        self, id_: str, remote: cdktf.TerraformRemoteState, output: str
    ) -> str:
        # A missing output is told by the contract; here it must not fail before that.
        value = f'${{try({address_of(remote)}.outputs["{output}"], null)}}'
        return cdktf.TerraformLocal(self, id_, value).as_string

    def _define_load_balancer(
        self, account_id: str, accepted: Sequence[str]
    ) -> aws.DataAwsLb:
        load_balancer = aws.DataAwsLb(self, "Nlb", arn=self.nlb_arn)
        names = json.dumps(list(accepted))
        conditions = {
            'self.load_balancer_type == "network"': (
                "The load balancer ${self.name} must be a network load balancer, got "
                "type ${self.load_balancer_type}: a VPC link of a REST API reaches no "
                "other."
            ),
            f'split(":", self.arn)[4] == "{account_id}"': (
                "The load balancer ${self.arn} must belong to the provider's account "
                f"{account_id}: a VPC link reaches load balancers of its own account "
                "only."
            ),
            f"self.internal || contains({names}, self.name)": (
                "The load balancer ${self.name} must be internal: an internet-facing "
                "one lets anybody call the service around the API and its sign-in. "
                "Make it internal, or name it in network.accepted_internet_facing_nlbs."
            ),
        }
        load_balancer.add_override(
            "lifecycle.postcondition",
            [_assertion(condition, text) for condition, text in conditions.items()],
        )
        return load_balancer

    def _define_warnings(self, load_balancer: aws.DataAwsLb) -> None:
        """
        Define checks, which warn and let the plan go on.

        Source: https://docs.aws.amazon.com/elasticloadbalancing/latest/network/load-balancer-security-groups.html
        """
        nlb = address_of(load_balancer)
        name = f"${{{nlb}.name}}"
        enforced = "enforce_security_group_inbound_rules_on_private_link_traffic"
        checks = {
            "nlb_is_internal": _assertion(
                f"{nlb}.internal",
                f"The load balancer {name} is internet-facing: anybody can call the "
                "service around the API and its sign-in.",
            ),
            "nlb_admits_private_link": _assertion(
                f'try({nlb}.{enforced}, "") != "on"',
                f"The load balancer {name} enforces its security groups on PrivateLink "
                "traffic: unless their rules admit it, calls over the VPC link time "
                "out.",
            ),
        }
        cdktf.TerraformStack.of(self).add_override(
            "check",
            {check: {"assert": [assertion]} for check, assertion in checks.items()},
        )


class _Contract:
    """
    Render what the outputs of a remote state must be.

    Each condition holds when an earlier one failed, so that a plan says one sentence.
    """

    def __init__(
        self, *, location: str, output: str, region: str, account_id: str
    ) -> None:
        self._location = template_literal(location)
        self._output = output
        self._region = region
        self._account_id = account_id

    def conditions(self) -> Iterator[dict[str, str]]:
        arn = _text_of(self._output)
        is_nlb = f"can(regex({json.dumps(NLB_ARN_PATTERN)}, {arn}))"
        yield self._condition(
            f'{arn} != ""',
            "and is missing, empty or not text: add the output to that configuration "
            "and apply it, or name another one in network.nlb_arn_output",
        )
        yield self._condition(
            f'{arn} == "" || {is_nlb}',
            f"got ${{try(jsonencode({arn}), null)}}: name the output that holds the "
            "ARN of a network load balancer (…:loadbalancer/net/NAME/ID) in "
            "network.nlb_arn_output",
        )
        region = f'try(split(":", {arn})[3], "") == "{self._region}"'
        yield self._condition(
            f"!{is_nlb} || {region}",
            f"got ${{{arn}}}, which is not in the provider's region {self._region}: "
            "a VPC link reaches load balancers of its own region only",
        )
        yield self._condition(
            f"!({is_nlb} && {region}) || "
            f'try(split(":", {arn})[4], "") == "{self._account_id}"',
            f"got ${{{arn}}}, which is not in the provider's account "
            f"{self._account_id}: a VPC link reaches load balancers of its own "
            "account only",
        )

    def has_dns_name(self, output: str) -> dict[str, str]:
        return _assertion(
            f'{_text_of(output)} != ""',
            f"The output {output} of {self._location} must be the load balancer's DNS "
            "name, and is missing, empty or not text: add it there and apply it, or "
            "leave out network.nlb_dns_name_output.",
        )

    def _condition(self, condition: str, got: str) -> dict[str, str]:
        return _assertion(
            condition,
            f"The output {self._output} of {self._location} must be the ARN of a "
            f"network load balancer, {got}.",
        )


def _text_of(output: str) -> str:
    """
    Return an expression for an output's text, empty when it is missing, null or none.
    """
    return f'try(coalesce(tostring(self.outputs["{output}"])), "")'


def _assertion(condition: str, message: str) -> dict[str, str]:
    return {"condition": f"${{{condition}}}", "error_message": message}
