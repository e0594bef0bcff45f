"""
Whole environments: settings, document and site, with every problem of each.
"""

from pathlib import Path

import pytest

from modules.environments import ENVIRONMENTS_DIRECTORY
from modules.errors import ConfigError
from modules.gateway import load_gateways, read_gateway
from modules.remote_state import CloudState
from modules.swagger import Operation
from tests.environment_files import load, write_environment

FIXTURES = Path(__file__).parent / "fixtures"
ORDERS = FIXTURES / "orders" / "orders.toml"
DOCUMENT = (
    '{"swagger": "2.0", "info": {"title": "t", "version": "1"}, "paths": {"/": {"get":'
    ' {"security": [], "responses": {"200": {"description": "x"}}}}}}'
)
OTHER = {"name_prefix": '"other"', "state.path": '"other.tfstate"'}


def _problems(directory: Path) -> tuple[str, ...]:
    """
    Return the problems of a folder of environments, without the folder's name.
    """
    with pytest.raises(ConfigError) as raised:
        load_gateways(_cached(directory), directory=directory)
    folder = f"{directory.as_posix()}/"
    return tuple(problem.replace(folder, "") for problem in raised.value.problems)


def _cached(folder: Path) -> dict[str, str]:
    """
    Return the variable that keeps what is cached below a folder.
    """
    return {"GATEWAY_BINDINGS_CACHE": str(folder / "cache")}


def _accepted(folder: Path) -> dict[str, int]:
    """
    Return the files of the documents that were accepted, and when that was.
    """
    files = (folder / "cache/accepted-documents").iterdir()
    return {file.name: file.stat().st_mtime_ns for file in files}


def _write_parts(folder: Path) -> None:
    """
    Write the document and the site that the minimal environment names.
    """
    (folder / "api.json").write_text(DOCUMENT, encoding="utf-8")
    (folder / "site").mkdir()
    for page in ("index.html", "error.html"):
        (folder / "site" / page).write_text("<p>page</p>", encoding="utf-8")


def test_the_shipped_environments_are_whole(tmp_path: Path) -> None:
    """What the project ships has sound documents and sites, and nothing to warn of."""
    gateways = load_gateways(_cached(tmp_path))

    assert len(list(ENVIRONMENTS_DIRECTORY.glob("*.toml"))) == len(gateways)
    assert [()] * len(gateways) == [gateway.warnings for gateway in gateways]


def test_another_service_is_another_file(tmp_path: Path) -> None:
    """A file in a folder of its own brings its own document, site, names and "
    "network."""
    (orders,) = load_gateways(
        {**_cached(tmp_path), "GATEWAY_ENVIRONMENTS": str(ORDERS)}
    )
    settings = orders.settings

    assert (
        Operation(method="GET", path="/order", requirement="public", scopes=()),
        Operation(method="POST", path="/order", requirement="user", scopes=()),
        Operation(method="OPTIONS", path="/order", requirement="public", scopes=()),
    ) == orders.document.operations
    assert [
        "css/orders.css",
        "error.html",
        "js/orders-Bx3kQ9aZ.js",
        "order.html",
    ] == [file.key for file in orders.site_files]
    assert ("orders", "orders-test") == (settings.name, settings.name_prefix)
    assert (
        CloudState(
            backend="cloud", organization="coffee-house", workspace="network-test"
        )
        == settings.network.state
    )
    assert () == orders.warnings


def test_nothing_of_another_service_is_the_first_one_s(tmp_path: Path) -> None:
    """No value of another service falls back to a name of the shipped one."""
    (orders,) = load_gateways(
        {**_cached(tmp_path), "GATEWAY_ENVIRONMENTS": str(ORDERS)}
    )

    assert "mysfit" not in repr(orders).lower()


def test_reads_document_and_site(tmp_path: Path) -> None:
    """An environment is its settings and what they name."""
    _write_parts(tmp_path)
    gateway = read_gateway(load(tmp_path))

    assert load(tmp_path) == gateway.settings
    assert ["GET", "OPTIONS"] == [found.method for found in gateway.document.operations]
    assert ["error.html", "index.html"] == [file.key for file in gateway.site_files]


@pytest.mark.parametrize(
    ("changes", "warnings"),
    [
        ({}, ()),
        (
            {"protection.deletion_protection": "true"},
            (
                (
                    "test: email: without this table Cognito sends about 50 mails a "
                    "day, "
                    "and who registers after that gets no code; send through SES"
                ),
            ),
        ),
        (
            {
                "protection.deletion_protection": "true",
                "user_pool.id": '"eu-west-1_AbC123"',
            },
            (),
        ),
        (
            {
                "protection.deletion_protection": "true",
                "email.from_address": '"no-reply@example.com"',
                "email.ses_identity_arn": (
                    '"arn:aws:ses:eu-west-1:111111111111:identity/example.com"'
                ),
            },
            (),
        ),
    ],
)
def test_warns_when_protected_accounts_get_few_mails(
    tmp_path: Path, changes: dict[str, str], warnings: tuple[str, ...]
) -> None:
    """A pool worth protecting needs more mails than Cognito itself sends."""
    _write_parts(tmp_path)

    assert warnings == read_gateway(load(tmp_path, changes)).warnings


def test_fails_when_document_and_site_are_missing(tmp_path: Path) -> None:
    """The problems of the document and of the site come together."""
    write_environment(tmp_path)
    document, site = _problems(tmp_path)

    assert document.startswith("test: api.document: api.json: ")
    assert (
        "test: website.directory: site: must be the readable folder of the site's files"
    ) == site


def test_fails_when_the_pages_that_are_named_are_missing(tmp_path: Path) -> None:
    """The site must hold the pages that the settings name."""
    _write_parts(tmp_path)
    write_environment(tmp_path, {"website.index_document": '"start.html"'})

    assert (
        "test: website.index_document: must be a file in site, got 'start.html'",
    ) == _problems(tmp_path)


def test_tells_a_shared_problem_once(tmp_path: Path) -> None:
    """A problem of two environments is one line that names both."""
    _write_parts(tmp_path)
    (tmp_path / "site" / "config.json").write_text("{}", encoding="utf-8")
    write_environment(tmp_path, name="a")
    write_environment(tmp_path, OTHER, name="b")

    assert (
        (
            "a, b: website.directory: site/config.json: must not be there: config.json "
            "is generated; remove it"
        ),
    ) == _problems(tmp_path)


def test_tells_problems_of_settings_and_of_what_sound_settings_name(
    tmp_path: Path,
) -> None:
    """A mistake in one environment file does not hide those of another's site."""
    _write_parts(tmp_path)
    (tmp_path / "site" / "index.html").unlink()
    write_environment(tmp_path, {"region": "1"}, name="a")
    write_environment(tmp_path, OTHER, name="b")

    assert (
        "a.toml: region: must be text in quotes, got 1",
        "b: website.index_document: must be a file in site, got 'index.html'",
    ) == _problems(tmp_path)


def test_warns_when_there_is_no_network_yet(tmp_path: Path) -> None:
    """A plan would fail without naming the place."""
    _write_parts(tmp_path)
    changes = {
        "network.nlb_arn": None,
        "network.state.backend": '"local"',
        "network.state.path": '"network.tfstate"',
    }
    (warning,) = read_gateway(load(tmp_path, changes)).warnings
    (tmp_path / "network.tfstate").write_text("{}", encoding="utf-8")

    assert warning.replace(f"{tmp_path.as_posix()}/", "") == (
        "test: network.state.path: there is no state yet, a plan will fail, got "
        "'network.tfstate'; apply the network first"
    )
    assert () == read_gateway(load(tmp_path, changes)).warnings


def test_keeps_a_file_for_each_document_that_is_valid(tmp_path: Path) -> None:
    """Environments share documents, and the second run has nothing to keep."""
    _write_parts(tmp_path)
    other = DOCUMENT.replace('"title": "t"', '"title": "other"')
    (tmp_path / "other.json").write_text(other, encoding="utf-8")
    third = {"name_prefix": '"third"', "state.path": '"third.tfstate"'}
    write_environment(tmp_path, name="a")
    write_environment(tmp_path, OTHER, name="b")
    write_environment(tmp_path, {**third, "api.document": '"other.json"'}, name="c")
    first = load_gateways(_cached(tmp_path), directory=tmp_path)
    kept = _accepted(tmp_path)
    second = load_gateways(_cached(tmp_path), directory=tmp_path)

    assert 2 == len(kept)
    assert kept == _accepted(tmp_path)
    assert first == second


@pytest.mark.parametrize(
    ("sound", "broken", "kept", "problem"),
    [
        (
            '{"200": {"description": "x"}}',
            "{}",
            0,
            (
                "#/paths/~1/get/responses: an operation must describe a response, got "
                '{}, add one such as "200": {"description": "…"}'
            ),
        ),
        (
            '"security": [], ',
            "",
            1,
            (
                "#/paths/~1/get: GET / must say who may call it, got no security, "
                'write "security": [] for public or [{"UserPool": []}] for signed-in '
                'users with "securityDefinitions": {"UserPool": {"type": "apiKey", '
                '"name": "Authorization", "in": "header"}}'
            ),
        ),
    ],
)
def test_broken_document_has_its_problems_each_time(
    tmp_path: Path, sound: str, broken: str, kept: int, problem: str
) -> None:
    """What the specification or a rule refuses is refused again, and mended once."""
    _write_parts(tmp_path)
    document = tmp_path / "api.json"
    document.write_text(DOCUMENT.replace(sound, broken), encoding="utf-8")
    write_environment(tmp_path)
    expected = (f"test: api.document: api.json: {problem}",)

    assert [expected, expected] == [_problems(tmp_path), _problems(tmp_path)]
    assert kept == len(_accepted(tmp_path))
    document.write_text(DOCUMENT, encoding="utf-8")
    (gateway,) = load_gateways(_cached(tmp_path), directory=tmp_path)
    assert "GET" == gateway.document.operations[0].method
    assert kept + 1 == len(_accepted(tmp_path))
