"""
The environment files: which are read, whose values count, and every problem at once.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from modules.environments import (
    ENVIRONMENTS_DIRECTORY,
    load_environment,
    load_settings,
)
from modules.errors import ConfigError
from modules.remote_state import LocalState
from modules.settings import Settings
from tests.environment_files import load, problems_of, write_environment

OTHER = {"name_prefix": '"other"', "state.path": '"other.tfstate"'}


def _all_problems(environ: Mapping[str, str], directory: Path) -> tuple[str, ...]:
    """
    Return the problems of a folder of environments, without the folder's name.
    """
    with pytest.raises(ConfigError) as raised:
        load_settings(environ, directory=directory)
    folder = f"{directory.as_posix()}/"
    return tuple(problem.replace(folder, "") for problem in raised.value.problems)


def _names(environ: Mapping[str, str], directory: Path) -> list[str]:
    return [found.name for found in load_settings(environ, directory=directory)]


def _value(settings: Settings, key: str) -> Any:  # noqa: ANN401
    value: Any = settings
    for part in key.split("."):
        value = getattr(value, part)
    return value


def test_the_shipped_environments_load() -> None:
    """What the project ships is sound, together and each alone."""
    names = [file.stem for file in sorted(ENVIRONMENTS_DIRECTORY.glob("*.toml"))]

    assert ["dev", "local", "prod"] == names
    assert names == _names({}, ENVIRONMENTS_DIRECTORY)


def test_reads_all_files_of_the_folder_by_name(tmp_path: Path) -> None:
    """Without a selection each NAME.toml is an environment, in the order of names."""
    write_environment(tmp_path, OTHER, name="b")
    write_environment(tmp_path, name="a")
    (tmp_path / "notes.txt").write_text("no environment", encoding="utf-8")

    assert ["a", "b"] == _names({}, tmp_path)


@pytest.mark.parametrize(
    ("selection", "names"),
    [
        ("b", ["b"]),
        ("b,a", ["b", "a"]),
        (" b , a ", ["b", "a"]),
        ("a,a, a", ["a"]),
        ("", ["a", "b"]),
        (" , ", ["a", "b"]),
    ],
)
def test_reads_the_environments_that_are_named(
    tmp_path: Path, selection: str, names: list[str]
) -> None:
    """Names are separated by commas, and each counts once."""
    write_environment(tmp_path, name="a")
    write_environment(tmp_path, OTHER, name="b")

    assert names == _names({"GATEWAY_ENVIRONMENTS": selection}, tmp_path)


def test_reads_a_file_that_lies_elsewhere(tmp_path: Path) -> None:
    """A path names a file outside of the folder, with paths relative to that file."""
    folder = tmp_path / "elsewhere" / "shop"
    folder.mkdir(parents=True)
    file = write_environment(
        folder, {"api.document": '"../api.json"', "website.directory": '"/srv/site"'}
    )
    (found,) = load_settings({"GATEWAY_ENVIRONMENTS": str(file)}, directory=tmp_path)

    assert tmp_path / "elsewhere" / "api.json" == found.api.document
    assert Path("/srv/site") == found.website.directory
    assert isinstance(found.state, LocalState)
    assert folder / "shop.tfstate" == found.state.path


def test_reads_a_file_once_that_is_named_twice(tmp_path: Path) -> None:
    """A name and a path of one file, even through a link, are one environment."""
    file = write_environment(tmp_path, name="a")
    (tmp_path / "link").symlink_to(tmp_path)
    selection = f"a,{file},{tmp_path}/link/a.toml"

    assert ["a"] == _names({"GATEWAY_ENVIRONMENTS": selection}, tmp_path)


def test_paths_do_not_depend_on_the_working_directory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A relative path of an environment file leads to absolute paths in it."""
    monkeypatch.chdir(tmp_path)
    write_environment(tmp_path)

    assert tmp_path / "site" == load_environment(Path("test.toml")).website.directory


def test_fails_when_an_unknown_environment_is_named(tmp_path: Path) -> None:
    """Every name that leads to no file is told, with the names that do."""
    write_environment(tmp_path, name="a")
    write_environment(tmp_path, OTHER, name="b")
    (tmp_path / "folder").mkdir()
    selection = f"c,a,x/d.toml,{tmp_path}/folder"

    assert tuple(
        "GATEWAY_ENVIRONMENTS: must name environments (a, b) or paths of environment "
        f"files, got {word!r}"
        for word in ("c", "x/d.toml", f"{tmp_path}/folder")
    ) == _unstripped_problems({"GATEWAY_ENVIRONMENTS": selection}, tmp_path)


def _unstripped_problems(
    environ: Mapping[str, str], directory: Path
) -> tuple[str, ...]:
    with pytest.raises(ConfigError) as raised:
        load_settings(environ, directory=directory)
    return raised.value.problems


def test_fails_when_there_is_no_environment(tmp_path: Path) -> None:
    """A folder without environment files is told, and so is a name in it."""
    label = tmp_path.as_posix()

    assert (f"{label}: must hold at least one NAME.toml",) == _all_problems(
        {}, tmp_path
    )
    assert (
        (
            "GATEWAY_ENVIRONMENTS: must name environments (none) or paths of "
            "environment files, got 'a'"
        ),
    ) == _all_problems({"GATEWAY_ENVIRONMENTS": "a"}, tmp_path)


def test_fails_when_two_files_have_one_name(tmp_path: Path) -> None:
    """Two files can't be one stack."""
    (tmp_path / "x").mkdir()
    first = write_environment(tmp_path, name="a")
    second = write_environment(tmp_path / "x", OTHER, name="a")

    assert (
        (
            "a.toml and x/a.toml: must have different file names, got 'a' for both: a "
            "stack's id is its environment's name; rename one"
        ),
    ) == _all_problems({"GATEWAY_ENVIRONMENTS": f"{first},{second}"}, tmp_path)


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (
            b"region = eu-west-1\n",
            "test.toml: must be TOML: Invalid value (at line 1, column 10)",
        ),
        (
            b'region = "a"\nregion = "b"\n',
            "test.toml: must be TOML: Cannot overwrite a value (at line 2, column 13)",
        ),
        (b'a = "\xff"\n', "test.toml: must be text in UTF-8, got a bad byte at 5"),
    ],
)
def test_fails_when_the_file_is_not_toml(
    tmp_path: Path, content: bytes, problem: str
) -> None:
    """A mistake of syntax is told with its line and column."""
    file = tmp_path / "test.toml"
    file.write_bytes(content)

    assert (problem,) == problems_of(file)


def test_fails_when_the_file_cannot_be_read(tmp_path: Path) -> None:
    """A file that is missing, or is a folder, is told by its name."""
    (tmp_path / "folder.toml").mkdir()

    assert ("gone.toml: must be readable: No such file or directory",) == problems_of(
        tmp_path / "gone.toml"
    )
    assert ("folder.toml: must be readable: Is a directory",) == problems_of(
        tmp_path / "folder.toml"
    )


@pytest.mark.parametrize("name", ["Test", "my_env", "1st", "e" * 33])
def test_fails_when_the_file_s_name_is_no_stack_id(tmp_path: Path, name: str) -> None:
    """The file's name is the environment's."""
    file = write_environment(tmp_path, name=name)

    assert (
        (
            f"{name}.toml: name: must be a letter and at most 31 lower-case letters, "
            f"digits and hyphens; rename the file, got {name!r}"
        ),
    ) == problems_of(file)


def test_fails_when_the_file_gives_a_name(tmp_path: Path) -> None:
    """An environment has one name: its file's."""
    file = write_environment(tmp_path, {"name": '"other"', "service.port": "0"})

    assert (
        "test.toml: name: is the file's own name; rename the file instead",
        "test.toml: service.port: must be greater than or equal to 1, got 0",
    ) == problems_of(file)


def test_fails_when_keys_are_missing(tmp_path: Path) -> None:
    """An empty file is told every key and table that it needs, in their order."""
    file = tmp_path / "test.toml"
    file.write_text("", encoding="utf-8")

    assert (
        "test.toml: region: is required",
        "test.toml: name_prefix: is required",
        (
            "test.toml: allowed_account_ids: is required in every environment but "
            "local; name the account that this environment deploys to"
        ),
        "test.toml: state: is required",
        "test.toml: network: is required",
        "test.toml: api: is required",
        "test.toml: website: is required",
    ) == problems_of(file)


@pytest.mark.parametrize(
    ("table", "problems"),
    [
        ("state = {}", ("state.backend: is required",)),
        ('state = {backend = "local"}', ("state.path: is required",)),
        (
            'state = {backend = "s3"}',
            (
                "state.bucket: is required",
                "state.key: is required",
                "state.region: is required",
            ),
        ),
        ("network = {state = {}}", ("network.state.backend: is required",)),
        (
            'network = {state = {backend = "cloud"}}',
            (
                "network.state.organization: is required",
                "network.state.workspace: is required",
            ),
        ),
        ("api = {}", ("api.document: is required",)),
        ("website = {}", ("website.directory: is required",)),
        (
            "email = {}",
            (
                "email.from_address: is required",
                "email.ses_identity_arn: is required",
            ),
        ),
        (
            "domain = {}",
            (
                "domain.site: is required",
                "domain.site_certificate_arn: is required",
                "domain.api: is required",
                "domain.api_certificate_arn: is required",
                "domain.hosted_zone_id: is required",
            ),
        ),
        ("service = 1", ("service: must be a table, got 1",)),
        ("state = 1", ("state: must be a table, got 1",)),
        ("network = []", ("network: must be a table, got []",)),
    ],
)
def test_fails_when_a_table_lacks_its_keys(
    tmp_path: Path, table: str, problems: tuple[str, ...]
) -> None:
    """A table is told the keys that it needs itself, a state those of its form."""
    name = table.partition(" ")[0]
    own = {"state.backend", "state.path", "network.nlb_arn"}
    own |= {"api.document", "website.directory"}
    file = write_environment(
        tmp_path, {key: None for key in own if key.startswith(f"{name}.")}
    )
    file.write_text(f"{table}\n{file.read_text(encoding='utf-8')}", encoding="utf-8")

    assert tuple(f"test.toml: {problem}" for problem in problems) == problems_of(file)


# A load balancer whose region and account only Terraform will know.
ANY_NLB: dict[str, str | None] = {
    "network.nlb_arn": None,
    "network.state.backend": '"local"',
    "network.state.path": '"net.tfstate"',
}
S3_NETWORK: dict[str, str | None] = {
    "network.nlb_arn": None,
    "network.state.backend": '"s3"',
    "network.state.bucket": '"states"',
    "network.state.key": '"net.tfstate"',
    "network.state.region": '"eu-west-1"',
}


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"regoin": "1"}, "regoin: is not a known key; did you mean region?"),
        ({"zzz": "1"}, "zzz: is not a known key"),
        ({"servce.port": "1"}, "servce: is not a known key; did you mean service?"),
        ({"port": "1"}, "port: is not a known key; did you mean service.port?"),
        (
            {"service.tags": "{}"},
            (
                "service.tags: is not a known key; did you mean tags at the top of the "
                "file?"
            ),
        ),
        (
            {"service.prot": "1"},
            "service.prot: is not a known key; did you mean port?",
        ),
        (
            {"network.stat.path": '"x"'},
            "network.stat: is not a known key; did you mean state?",
        ),
        (
            {"state.pth": '"x"'},
            "state.pth: is not a known key; did you mean path?",
        ),
        (
            {"state.bucket": '"x"'},
            "state.bucket: is not a key of a state with backend 'local'",
        ),
        (
            {**S3_NETWORK, "network.state.buckt": '"x"'},
            "network.state.buckt: is not a known key; did you mean bucket?",
        ),
        (
            {**S3_NETWORK, "network.state.workspace": '"x"'},
            "network.state.workspace: is not a key of a state with backend 's3'",
        ),
        (
            {**S3_NETWORK, "network.state.local": '"x"'},
            "network.state.local: is not a known key",
        ),
        (
            {'api."x y\\n"': "1"},
            'api."x y\\n": is not a known key',
        ),
    ],
)
def test_fails_when_a_key_is_unknown(
    tmp_path: Path, changes: dict[str, str | None], sentence: str
) -> None:
    """A key that means nothing is told with the known one that it most likely means."""
    file = write_environment(tmp_path, changes)

    assert (f"test.toml: {sentence}",) == problems_of(file)


@pytest.mark.parametrize(
    ("variable", "text", "key", "value"),
    [
        ("GATEWAY__NAME_PREFIX", "mine", "name_prefix", "mine"),
        ("GATEWAY__NAME_PREFIX", '"2024"', "name_prefix", "2024"),
        ("GATEWAY__SERVICE__PORT", "8081", "service.port", 8081),
        ("GATEWAY__API__XRAY_TRACING", "true", "api.xray_tracing", True),
        ("GATEWAY__API__THROTTLING_RATE_LIMIT", "5", "api.throttling_rate_limit", 5.0),
        (
            "GATEWAY__ALLOWED_ACCOUNT_IDS",
            '["222222222222", "111111111111"]',
            "allowed_account_ids",
            ("222222222222", "111111111111"),
        ),
        ("GATEWAY__TAGS", '{Team = "a b"}', "tags", {"Team": "a b"}),
        (
            "GATEWAY__ENDPOINTS__API",
            "http://127.0.0.1:4566/{api_id}/{stage}",
            "endpoints.api",
            "http://127.0.0.1:4566/{api_id}/{stage}",
        ),
        ("GATEWAY__USER_POOL__NAME", "a = 1", "user_pool.name", "a = 1"),
        ("GATEWAY__USER_POOL__NAME", "1\n2 = 3", "user_pool.name", "1\n2 = 3"),
    ],
)
def test_variables_change_the_local_environment(
    tmp_path: Path, variable: str, text: str, key: str, value: object
) -> None:
    """A variable's value is TOML, or else the text itself."""
    write_environment(tmp_path, name="local")
    write_environment(tmp_path, OTHER, name="other")
    local, other = load_settings({variable: text}, directory=tmp_path)

    assert value == _value(local, key)
    assert load_environment(tmp_path / "other.toml") == other


def test_a_variable_s_path_is_relative_to_the_file(tmp_path: Path) -> None:
    """A variable says what the file could have said."""
    file = write_environment(tmp_path, name="local")
    found = load_environment(file, overrides={"GATEWAY__WEBSITE__DIRECTORY": "../s"})

    assert tmp_path.parent / "s" == found.website.directory


def test_local_needs_no_account_guard(tmp_path: Path) -> None:
    """The local environment is the only one that may deploy to any account."""
    file = write_environment(tmp_path, {"allowed_account_ids": None}, name="local")

    assert () == load_environment(file).allowed_account_ids


def test_fails_when_variables_are_set_for_others(tmp_path: Path) -> None:
    """What the other environments deploy is what a reviewer read."""
    write_environment(tmp_path, name="dev")
    write_environment(tmp_path, OTHER, name="prod")
    environ = {
        "GATEWAY__SERVICE__PORT": "1",
        "GATEWAY__REGION": "us-east-1",
        "GATEWAY_OTHER": "x",
    }

    assert (
        (
            "GATEWAY__REGION: must not be set: variables change the environment local "
            "only, got it for dev, prod; edit the file instead"
        ),
        (
            "GATEWAY__SERVICE__PORT: must not be set: variables change the environment "
            "local only, got it for dev, prod; edit the file instead"
        ),
    ) == _all_problems(environ, tmp_path)


@pytest.mark.parametrize(
    ("variable", "text", "problem"),
    [
        (
            "GATEWAY__SERVICE__PROT",
            "1",
            (
                "GATEWAY__SERVICE__PROT: service.prot: is not a known key; did you "
                "mean port?"
            ),
        ),
        (
            "GATEWAY__SERVICE__PORT",
            "many",
            "GATEWAY__SERVICE__PORT: service.port: must be a whole number, got 'many'",
        ),
        (
            "GATEWAY__SERVICE",
            "{port = 0}",
            "GATEWAY__SERVICE: service.port: must be greater than or equal to 1, got 0",
        ),
        (
            "GATEWAY__SERVICE__SCHEME",
            "https",
            (
                "local.toml with GATEWAY__SERVICE__SCHEME: service: must have "
                "host_name when scheme is https: no certificate is issued for a load "
                "balancer's own DNS name"
            ),
        ),
        (
            "GATEWAY__REGION__NAME",
            "x",
            "GATEWAY__REGION__NAME: must name a key: region is not a table",
        ),
        (
            "GATEWAY__NAME",
            "x",
            "GATEWAY__NAME: name: is the file's own name; rename the file instead",
        ),
        ("GATEWAY__", "x", 'GATEWAY__: "": is not a known key'),
        (
            "GATEWAY__USER_POOL__ID",
            "us-east-1_Ab1",
            (
                "GATEWAY__USER_POOL__ID: user_pool.id: must be a pool of the "
                "environment's region eu-west-1, got 'us-east-1_Ab1'; the authorizer "
                "and the website look for it there"
            ),
        ),
    ],
)
def test_fails_when_a_variable_is_wrong(
    tmp_path: Path, variable: str, text: str, problem: str
) -> None:
    """A mistake in a variable is told under the variable's name."""
    file = write_environment(tmp_path, name="local")

    assert (problem,) == problems_of(file, overrides={variable: text})


S3_STATE: dict[str, str | None] = {
    "state.backend": '"s3"',
    "state.path": None,
    "state.bucket": '"states"',
    "state.key": '"shop.tfstate"',
    "state.region": '"eu-west-1"',
}


@pytest.mark.parametrize(
    ("first", "second", "sentences"),
    [
        (
            {},
            {"name_prefix": '"other"'},
            (
                (
                    "state: must not be shared, got the local state shop.tfstate "
                    "for both; give each environment its own"
                ),
            ),
        ),
        (
            S3_STATE,
            {**S3_STATE, **ANY_NLB, "region": '"us-east-1"'},
            (
                (
                    "state: must not be shared, got the S3 state "
                    "s3://states/shop.tfstate in eu-west-1 for both; give each "
                    "environment its own"
                ),
            ),
        ),
        (
            {},
            {"state.path": '"other.tfstate"'},
            (
                (
                    "name_prefix: must differ in one account and region, got 'shop' "
                    "for both in eu-west-1; give each environment its own"
                ),
            ),
        ),
        (
            {"api.account_log_role": '"managed"'},
            {**OTHER, "api.account_log_role": '"managed"'},
            (
                (
                    "api.account_log_role: must be 'managed' at most once in one "
                    "account and region, got it for both in eu-west-1; make one "
                    "'external'"
                ),
            ),
        ),
    ],
)
def test_fails_when_environments_collide(
    tmp_path: Path,
    first: dict[str, str | None],
    second: dict[str, str | None],
    sentences: tuple[str, ...],
) -> None:
    """What two environments of one account and region can't both have is told."""
    write_environment(tmp_path, first, name="a")
    write_environment(tmp_path, second, name="b")

    assert tuple(
        f"a.toml and b.toml: {sentence}" for sentence in sentences
    ) == _all_problems({}, tmp_path)


@pytest.mark.parametrize(
    "apart",
    [
        {"allowed_account_ids": '["222222222222"]'},
        {"region": '"us-east-1"'},
    ],
)
def test_environments_of_other_accounts_and_regions_do_not_collide(
    tmp_path: Path, apart: dict[str, str | None]
) -> None:
    """Names and the log role are those of one account and region."""
    managed = {"api.account_log_role": '"managed"'}
    write_environment(tmp_path, managed, name="a")
    write_environment(
        tmp_path,
        {
            **managed,
            **apart,
            **ANY_NLB,
            "state.path": '"other.tfstate"',
        },
        name="b",
    )

    assert ["a", "b"] == _names({}, tmp_path)


def test_an_environment_without_guard_may_share_any_account(tmp_path: Path) -> None:
    """Without an account guard the local environment meets every other one."""
    write_environment(tmp_path, name="a")
    write_environment(
        tmp_path,
        {"allowed_account_ids": None, "state.path": '"other.tfstate"'},
        name="local",
    )

    assert (
        (
            "a.toml and local.toml: name_prefix: must differ in one account and "
            "region, got 'shop' for both in eu-west-1; give each environment its own"
        ),
    ) == _all_problems({}, tmp_path)


def test_tells_the_problems_of_all_files_in_a_stable_order(tmp_path: Path) -> None:
    """Files come by name, keys in the order of the settings, collisions last."""
    write_environment(tmp_path, {"zzz": "1", "region": "1", "api.name": "1"}, name="a")
    (tmp_path / "b.toml").write_text("= 1", encoding="utf-8")
    write_environment(tmp_path, name="c")
    write_environment(tmp_path, {"state.path": '"d.tfstate"'}, name="d")

    assert (
        "a.toml: region: must be text in quotes, got 1",
        "a.toml: api.name: must be text in quotes, got 1",
        "a.toml: zzz: is not a known key",
        "b.toml: must be TOML: Invalid statement (at line 1, column 1)",
        (
            "c.toml and d.toml: name_prefix: must differ in one account and region, "
            "got 'shop' for both in eu-west-1; give each environment its own"
        ),
    ) == _all_problems({}, tmp_path)


def test_equal_files_give_equal_settings(tmp_path: Path) -> None:
    """Settings are values: the same file read twice is the same environment."""
    assert load(tmp_path) == load(tmp_path)


def test_fails_when_a_site_holds_another_environment(tmp_path: Path) -> None:
    """What one environment keeps to itself is not published by another one."""
    site = tmp_path / "site"
    site.mkdir()
    first = write_environment(tmp_path, name="a")
    second = write_environment(site, {"website.directory": '"pages"'}, name="b")
    places = "all that is in it is published, so give the site its own folder"
    problems = _all_problems({"GATEWAY_ENVIRONMENTS": f"{first},{second}"}, tmp_path)

    assert [
        f"a.toml: website.directory: must not hold {what} of site/b.toml: {places}"
        for what in ("the file", "what api.document names", "what state.path names")
    ] == [problem for problem in problems if "website.directory" in problem]


def test_fails_when_sites_that_are_shared_hold_others_files(tmp_path: Path) -> None:
    """Each environment of a site is told of all files but its own in it."""
    site = tmp_path / "site"
    site.mkdir()
    files = [
        write_environment(tmp_path, {**OTHER, "state.path": '"a.tfstate"'}, name="a"),
        write_environment(
            tmp_path,
            {
                "name_prefix": '"b"',
                "state.path": '"b.tfstate"',
                "website.directory": '"site/../site"',
            },
            name="b",
        ),
        write_environment(
            site,
            {
                "name_prefix": '"c"',
                "state.path": '"../c.tfstate"',
                "website.directory": '"../other"',
            },
            name="c",
        ),
    ]
    selection = ",".join(map(str, files))
    places = "all that is in it is published, so give the site its own folder"

    assert tuple(
        f"{label}: website.directory: must not hold {what} of site/c.toml: {places}"
        for what in ("the file", "what api.document names")
        for label in ("a.toml", "b.toml")
    ) == _all_problems({"GATEWAY_ENVIRONMENTS": selection}, tmp_path)


def test_environments_may_share_a_site(tmp_path: Path) -> None:
    """A site that holds no environment's files may be that of several."""
    names = ["a", "b", "c"]
    for name in names:
        changes = {"name_prefix": f'"{name}"', "state.path": f'"{name}.tfstate"'}
        write_environment(tmp_path, changes, name=name)

    assert names == _names({}, tmp_path)


def test_a_site_in_another_site_is_told_for_both(tmp_path: Path) -> None:
    """A file in an inner site is published by the outer one too."""
    inner = tmp_path / "site/inner"
    inner.mkdir(parents=True)
    outer = write_environment(tmp_path, name="a")
    nested = write_environment(
        tmp_path, {**OTHER, "website.directory": '"site/inner"'}, name="b"
    )
    third = write_environment(
        inner,
        {
            "name_prefix": '"c"',
            "api.document": '"../../api.json"',
            "state.path": '"../../c.tfstate"',
            "website.directory": '"../../other"',
        },
        name="c",
    )
    selection = f"{outer},{nested},{third}"
    places = "all that is in it is published, so give the site its own folder"

    assert tuple(
        f"{label}: website.directory: must not hold the file of site/inner/c.toml: "
        f"{places}"
        for label in ("a.toml", "b.toml")
    ) == _all_problems({"GATEWAY_ENVIRONMENTS": selection}, tmp_path)
