"""
Tell for which types rehearsed changes were compared with a real provider's plans.
"""

import json
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import cast

COMPARED = Path(__file__).parent / "compared.json"


@cache
def compared_types() -> frozenset[str]:
    """
    Return the resource types whose changes were compared.
    """
    content = cast("dict[str, object]", json.loads(COMPARED.read_bytes()))
    return frozenset(cast("dict[str, object]", content["types"]))


def schema_only(types: Iterable[str]) -> frozenset[str]:
    """
    Return those of the types whose changes nobody compared.
    """
    return frozenset(types) - compared_types()
