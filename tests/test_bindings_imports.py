"""
What a file imports of the bindings, and how the package looks from Python.
"""

import importlib
from pathlib import Path

import cdktf_cdktf_provider_aws as package
import pytest

from bindings.imports import imported_submodules

PROJECT = Path(__file__).parent.parent


@pytest.mark.parametrize(
    ("source", "names"),
    [
        ("from cdktf_cdktf_provider_aws.s3_bucket import S3Bucket", {"s3_bucket"}),
        (
            "from cdktf_cdktf_provider_aws import s3_bucket, iam_role",
            {"s3_bucket", "iam_role"},
        ),
        ("import cdktf_cdktf_provider_aws.s3_bucket as s3", {"s3_bucket"}),
        ("def f():\n  from cdktf_cdktf_provider_aws.lb import Lb", {"lb"}),
        ("import cdktf_cdktf_provider_aws", set[str]()),
        ("from cdktf_cdktf_provider_aws import *", set[str]()),
        ("import cdktf\nfrom . import s3_bucket", set[str]()),
    ],
)
def test_imports_are_read(source: str, names: set[str], tmp_path: Path) -> None:
    """Each way to import a submodule is seen, wherever it stands."""
    file = tmp_path / "program.py"
    file.write_text(source)

    assert names == imported_submodules(file)


def test_submodules_are_attributes() -> None:
    """A submodule is imported when it is named."""
    assert "S3Bucket" == package.s3_bucket.S3Bucket.__name__


def test_package_names_all_submodules() -> None:
    """The package looks as if all were imported."""
    assert {"s3_bucket", "xray_group", "__path__"} <= set(dir(package))
    assert 2212 == len(package.__all__)


def test_fails_when_there_is_no_such_submodule() -> None:
    """A wrong name is the error that Python gives for any package."""
    with pytest.raises(
        AttributeError,
        match=r"^module 'cdktf_cdktf_provider_aws' has no attribute 's3_bucke'$",
    ):
        getattr(package, "s3_bucke")  # noqa: B009
    with pytest.raises(
        ModuleNotFoundError, match=r"^No module named 'cdktf_cdktf_provider_aws\.x'$"
    ):
        importlib.import_module("cdktf_cdktf_provider_aws.x")
