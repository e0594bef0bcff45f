"""
Check that a text is an API description.

Source: https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-import-api.html
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast

from rehearsal.validation.problems import shown

VERSION = re.compile(r"""^["']?(?:swagger|openapi)["']?\s*:""", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class ApiDocument:
    """
    Allow Swagger 2.0 and OpenAPI 3 documents in JSON or YAML.

    A text that begins with a brace is JSON; of YAML only the version's line is looked
    for.
    """

    @property
    def allowed(self) -> str:
        """
        The kind of document in words.
        """
        return "a Swagger 2.0 or OpenAPI 3 document in JSON or YAML"

    def allows(self, value: object, /) -> bool:
        """
        Tell whether a text is such a document; an empty one counts as absent.
        """
        return not isinstance(value, str) or not value or self._fault(value) is None

    def explain(self, name: str, value: object, /) -> str:
        """
        Return the summary for a text that is not.
        """
        return f'"{name}" {self._fault(str(value))}, got {shown(value)}'

    def _fault(self, text: str) -> str | None:
        if not text.lstrip().startswith("{"):
            return None if VERSION.search(text) else "has neither swagger nor openapi"
        try:
            found = json.loads(text)
        except (ValueError, RecursionError) as error:
            return f"contains an invalid JSON: {error}"
        members = cast("Mapping[str, object]", found)
        if members.keys() & {"swagger", "openapi"}:
            return None
        return "has neither swagger nor openapi"
