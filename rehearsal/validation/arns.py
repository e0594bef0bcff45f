"""
Check Amazon Resource Names.

The form is the provider's own:
https://github.com/hashicorp/terraform-provider-aws/blob/v6.25.0/internal/verify/validate.go
"""

import re
from dataclasses import dataclass

from rehearsal.validation.problems import shown

PARTITION = re.compile(r"aws(-[a-z]+)*")
REGION = re.compile(r"[a-z]{2,4}(-[a-z]+)+-\d{1,2}")
ACCOUNT = re.compile(r"aws|aws-managed|third-party|aws-marketplace|\d{12}|cw.{10}")
SECTIONS = 6


@dataclass(frozen=True, slots=True)
class Arn:
    """
    Allow ARNs, of some services only.

    Args:
        services: the services. Defaults to any.
        resource: a pattern of the part after the account. Defaults to any.
        what: what they are ARNs of, as in "the ARN of …". Defaults to anything.
    """

    services: tuple[str, ...] = ()
    resource: str = ".*"
    what: str = ""

    def allows(self, value: object, /) -> bool:
        """
        Tell whether a text is such an ARN; an empty one counts as absent.
        """
        return not isinstance(value, str) or not value or self._fault(value) is None

    def explain(self, name: str, value: object, /) -> str:
        """
        Return the summary for a text that is not.
        """
        return f'"{name}" ({shown(value)}) {self._fault(str(value))}'

    @property
    def allowed(self) -> str:
        """
        What it must be the ARN of, in words.
        """
        return f"the ARN of {self.what}" if self.what else "an ARN"

    def _fault(self, text: str) -> str | None:
        if fault := fault_of_form(text):
            return f"is an invalid ARN: {fault}"
        _, _, service, _, _, resource = text.split(":", SECTIONS - 1)
        if self.services and service not in self.services:
            return f"must be {self.allowed}, not of service {service}"
        if re.fullmatch(self.resource, resource, re.DOTALL) is None:
            return f"must be {self.allowed}, not of {shown(resource)}"
        return None


def fault_of_form(text: str) -> str | None:
    """
    Say what keeps a text from being an ARN.
    """
    if not text.startswith("arn:"):
        return "arn: invalid prefix"
    sections = text.split(":", SECTIONS - 1)
    if len(sections) < SECTIONS:
        return "arn: not enough sections"
    _, partition, _, region, account, resource = sections
    if not partition:
        return "missing partition value"
    for noun, value, pattern in (
        ("partition", partition, PARTITION),
        ("region", region, REGION),
        ("account ID", account, ACCOUNT),
    ):
        if value and pattern.fullmatch(value) is None:
            return (
                f"invalid {noun} value (expecting to match regular expression: "
                f"^({pattern.pattern})$)"
            )
    return None if resource else "missing resource value"
