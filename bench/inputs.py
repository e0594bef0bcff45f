"""
What the apps read, and what they must make of it.
"""

import json
from collections import Counter
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

from bench.generated_inputs import (
    FILES_OF_25_RESOURCES,
    write_document,
    write_environments,
    write_site,
)
from bench.resource_counts import operations, terraform_resources
from modules.environments import ENVIRONMENTS_DIRECTORY
from modules.gateway import load_gateways

PROJECT = ENVIRONMENTS_DIRECTORY.parent


@dataclass(frozen=True, slots=True, kw_only=True)
class Input:
    """
    What our app synthesises, and the check that it did.

    Attributes:
        selection: the value of `GATEWAY_ENVIRONMENTS`.
        count: what is counted in the output.
        expected: what that must give; nothing, while it is not known.
    """

    selection: str
    count: Callable[[Path], Counter[str]]
    expected: Counter[str] | None


def write_input(name: str, folder: Path) -> Input:
    """
    Write the environments, the document and the site that an input's name stands for.

    Args:
        name: `environments-N`, `operations-N` or `files-N`; `empty` stands for none.
        folder: where the files go.
    """
    if name == "empty":
        return Input(selection="", count=terraform_resources, expected=Counter())
    kind, _, number = name.rpartition("-")
    size = int(number)
    count, expected = {
        "environments": (_count_resources, Counter(resources=25 * size)),
        "operations": (_count_operations, Counter(operations=size)),
        # config.json is one more.
        "files": (_count_objects, Counter(objects=size + 1)),
    }[kind]
    document = PROJECT / "swagger/mysfits.json"
    if kind == "operations":
        document = write_document(folder / "api.json", size)
    files = write_environments(
        folder,
        size if kind == "environments" else 1,
        document=document,
        site=write_site(
            folder / "site", size if kind == "files" else FILES_OF_25_RESOURCES
        ),
    )
    return Input(selection=",".join(map(str, files)), count=count, expected=expected)


def write_peer_inputs(file: Path) -> None:
    """
    Write what our app knows about `dev` before its first construct, for the peers.
    """
    (gateway,) = load_gateways({"GATEWAY_ENVIRONMENTS": "dev"})
    content = {
        "body": gateway.document.body,
        "directory": str(gateway.settings.website.directory),
        "files": [asdict(file) for file in gateway.site_files],
    }
    file.write_text(json.dumps(content), encoding="utf-8")


def _count_resources(output: Path) -> Counter[str]:
    return Counter(resources=terraform_resources(output).total())


def _count_operations(output: Path) -> Counter[str]:
    return Counter(operations=operations(output))


def _count_objects(output: Path) -> Counter[str]:
    return Counter(objects=terraform_resources(output)["aws_s3_object"])
