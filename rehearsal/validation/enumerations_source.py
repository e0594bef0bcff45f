"""
Write the enumerations that AWS's public service models list.

For developers only, who have botocore:
`python -m rehearsal.validation.enumerations_source`. The
provider's rules name an enumeration for an attribute; the model of the type's service
has a shape of that name, compared without case:
https://github.com/boto/botocore/tree/1.44.5/botocore/data
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, cast

import botocore.loaders  # pyright: ignore[reportMissingTypeStubs]

from rehearsal.validation.enumerations import ENUMERATIONS

RULES = Path(__file__).parent / "rules"
PROVIDER_RULES = (
    Path(__file__).parent.parent / "resource_types/rules/provider-6.25.0.json"
)

# The service of the types whose names begin so; the longest name decides.
SERVICES = RULES / "enumeration-services.json"


def render() -> str:
    """
    Return the data file's text.

    Raises:
        OSError: a rules file is missing.
        botocore.exceptions.DataNotFoundError: botocore has no model of a service.
    """
    types = dict(_types())
    names = sorted({name for found in types.values() for name in found.values()})
    lines = [f"{name} {_compact(_values(name))}" for name in names]
    lines += [f"{name} {_compact(found)}" for name, found in sorted(types.items())]
    return "\n" + "\n".join(lines) + "\n"


def _types() -> Iterator[tuple[str, Mapping[str, str]]]:
    rules = _read(PROVIDER_RULES)
    for name, rule in rules.items():
        found = dict(_enumerations(name, cast("Mapping[str, Any]", rule)))
        if found:
            yield name, found


def _enumerations(type_name: str, rule: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    service = _service(type_name)
    if service is None:
        return
    for path, shape in sorted(cast("Mapping[str, str]", rule.get("enum", {})).items()):
        if shape.lower() in _enumerated_shapes(service):
            yield path, f"{service}.{shape}"


def _values(name: str) -> Sequence[str]:
    service, shape = name.rsplit(".", 1)
    return _enumerated_shapes(service)[shape.lower()]


def _service(type_name: str) -> str | None:
    words = type_name.split("_")
    services = cast("Mapping[str, str]", _read(SERVICES))
    for length in range(len(words), 1, -1):
        if found := services.get("_".join(words[:length])):
            return found
    return None


@cache
def _enumerated_shapes(service: str) -> Mapping[str, Sequence[str]]:
    loader = cast("Any", botocore.loaders.Loader())
    model = cast("Mapping[str, Any]", loader.load_service_model(service, "service-2"))
    return {
        name.lower(): shape["enum"]
        for name, shape in cast("Mapping[str, Any]", model["shapes"]).items()
        if "enum" in shape
    }


@cache
def _read(path: Path) -> Mapping[str, Any]:
    return json.loads(path.read_text(encoding="utf-8"))


def _compact(value: object) -> str:
    return json.dumps(value, separators=(",", ":"))


if __name__ == "__main__":
    ENUMERATIONS.write_text(render(), encoding="utf-8")
