"""
The values that AWS's service models list.
"""

import subprocess
import sys
from pathlib import Path

from rehearsal.validation.checks import OneOf
from rehearsal.validation.enumerations import ENUMERATIONS, enumerations_of
from rehearsal.validation.enumerations_source import render

PROJECT = Path(__file__).parents[2]


def test_file_is_what_the_models_give() -> None:
    """`python -m rehearsal.validation.enumerations_source` changes nothing."""
    assert render() == ENUMERATIONS.read_text(encoding="utf-8")


def test_values_are_those_of_the_service() -> None:
    """One name means different lists in different services."""
    assert ("PRIVATE", "PUBLIC") != enumerations_of("aws_api_gateway_rest_api")
    assert ("HEADER", "AUTHORIZER") == enumerations_of("aws_api_gateway_rest_api")[
        "api_key_source"
    ]


def test_type_without_enumerations_has_none() -> None:
    """Also one whose name begins like another's."""
    assert {} == enumerations_of("aws_s3_bucket_public_access_block")
    assert {} == enumerations_of("aws_s3")


def test_case_and_emptiness_count_only_where_the_provider_says_so() -> None:
    """Some attributes take any case, some an empty text."""
    strict, lenient = OneOf(("ON",)), OneOf(("ON",), fold=True, empty=True)

    assert (False, False) == (strict.allows("on"), strict.allows(""))
    assert (True, True) == (lenient.allows("on"), lenient.allows(""))
    assert not lenient.allows("off")


def test_botocore_is_not_needed_to_check() -> None:
    """Only developers have it."""
    code = (
        "import sys; import rehearsal.validation.config_checks; "
        "raise SystemExit(any(name.startswith('botocore') for name in sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=PROJECT, check=False)

    assert 0 == done.returncode
