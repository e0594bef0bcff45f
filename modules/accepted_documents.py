"""
Remember which documents the specification's validator has found nothing wrong with.
"""

import hashlib
import json
import os
from collections.abc import Callable, Mapping
from contextlib import suppress
from importlib.metadata import version
from pathlib import Path

from bindings.cache import (
    ACCEPTED_DOCUMENTS,
    CacheError,
    cache_folder,
    own_folder,
)

# So many files are kept; a document that was forgotten is validated again.
KEPT = 500

# Their versions, and the content of our own modules, decide what is accepted.
VALIDATORS = ("openapi-spec-validator", "openapi-schema-validator", "jsonschema")
RULES = ("swagger_specification.py", "swagger_violations.py")


class AcceptedDocuments:
    """
    Hold an empty file for each document that was accepted, named by its digest.

    The folder must be the user's own: in another's, nothing is looked up or kept.

    Args:
        folder: where the files are. Defaults to remembering nothing.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder

    def accepts(
        self, document: Mapping[str, object], validate: Callable[[], bool]
    ) -> bool:
        """
        Tell whether a document is accepted, by validating it unless that was done.

        Args:
            document: the document, of plain values.
            validate: tells whether it is accepted; only that is remembered.
        """
        folder = self._opened_folder()
        path = folder / _digest(document) if folder else None
        if path and _is_kept(path):
            return True
        accepted = validate()
        if path and accepted:
            _keep(path)
        return accepted

    def _opened_folder(self) -> Path | None:
        if not self._folder:
            return None
        with suppress(CacheError):
            own_folder(self._folder.parent)
            return own_folder(self._folder)
        return None


def accepted_documents(environ: Mapping[str, str]) -> AcceptedDocuments:
    """
    Return what is remembered beside the bindings' cache.
    """
    return AcceptedDocuments(cache_folder(environ) / ACCEPTED_DOCUMENTS)


def _digest(document: Mapping[str, object]) -> str:
    digest = hashlib.sha256(json.dumps(document).encode())
    for validator in VALIDATORS:
        digest.update(f"\n{validator} {version(validator)}".encode())
    for module in RULES:
        digest.update(Path(__file__).with_name(module).read_bytes())
    return digest.hexdigest()


def _is_kept(path: Path) -> bool:
    # A folder's owner may have denied himself to look in.
    with suppress(PermissionError):
        return path.is_file()
    return False


def _keep(path: Path) -> None:
    # What cannot be kept is validated again.
    with suppress(OSError):
        path.touch(mode=0o600)
        _forget_oldest(path.parent)


def _forget_oldest(folder: Path) -> None:
    entries = [(entry.stat().st_mtime_ns, entry.path) for entry in os.scandir(folder)]
    for _, path in sorted(entries, reverse=True)[KEPT:]:
        Path(path).unlink(missing_ok=True)
