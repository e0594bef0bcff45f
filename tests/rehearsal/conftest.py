"""
Simulated accounts for the tests that apply environments.
"""

from collections.abc import Iterator

import pytest

from tests.rehearsal.applied import Accounts, open_accounts


@pytest.fixture(name="accounts", scope="session")
def _accounts(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Accounts]:
    with open_accounts(tmp_path_factory.mktemp("applied")) as accounts:
        yield accounts
