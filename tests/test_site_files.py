"""
The site's folder: keys, content types, cache rules, and what is refused.
"""

import hashlib
import os
from pathlib import Path

import pytest

from modules.errors import ConfigError
from modules.site_files import (
    CONTENT_TYPES,
    IMMUTABLE,
    REVALIDATE,
    SiteFile,
    read_site,
)

HIDDEN = (
    "must not start with a dot: hidden files are not published, except below "
    ".well-known/; move it out of the site's folder"
)
UNKEPT = "must have a name of printable characters without ${ and %{; rename it"


@pytest.fixture(name="site")
def _site(tmp_path: Path) -> Path:
    folder = tmp_path / "site"
    folder.mkdir()
    return folder


def _write(site: Path, *keys: str, content: str = "x") -> None:
    for key in keys:
        file = site / key
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(content, encoding="utf-8")


def _keys(site: Path) -> list[str]:
    return [file.key for file in read_site(site)]


def _problems(site: Path) -> tuple[str, ...]:
    """
    Return the problems of a site, each as seen from its parent folder.
    """
    with pytest.raises(ConfigError) as raised:
        read_site(site)
    prefix = f"{site.parent.as_posix()}/"
    return tuple(problem.removeprefix(prefix) for problem in raised.value.problems)


def test_reads_a_file(site: Path) -> None:
    """A file is known by its path, type, cache rule and content."""
    _write(site, "pages/index.html", content="<p>é</p>")

    assert (
        SiteFile(
            key="pages/index.html",
            content_type="text/html; charset=utf-8",
            cache_control="no-cache",
            sha256=hashlib.sha256("<p>é</p>".encode()).hexdigest(),
            is_page=True,
        ),
    ) == read_site(site)


def test_an_empty_folder_has_no_files(site: Path) -> None:
    """A folder without files is a site without objects."""
    assert () == read_site(site)


def test_sorts_by_key_at_every_depth(site: Path) -> None:
    """The order is that of the whole keys, whatever the folders are called."""
    _write(site, "b.txt", "a/z/y/x/w.txt", "a.txt", "a-b/c.txt")

    assert ["a-b/c.txt", "a.txt", "a/z/y/x/w.txt", "b.txt"] == _keys(site)


def test_equal_bytes_have_equal_hashes(site: Path) -> None:
    """The hash is of the bytes alone: neither name nor time matters."""
    _write(site, "a.txt", "deep/b.css")
    _write(site, "c.txt", content="y")
    os.utime(site / "a.txt", (0, 0))
    first, other, second = (file.sha256 for file in read_site(site))

    assert first == second
    assert first != other


@pytest.mark.parametrize(("suffix", "content_type"), CONTENT_TYPES.items())
def test_every_suffix_has_its_type(site: Path, suffix: str, content_type: str) -> None:
    """The type comes from the suffix, in small or capital letters."""
    _write(site, f"a{suffix}", f"b{suffix.upper()}")

    assert [content_type] * 2 == [file.content_type for file in read_site(site)]


@pytest.mark.parametrize(
    ("name", "content_type"),
    [
        ("index.html", "text/html; charset=utf-8"),
        ("app.js", "text/javascript; charset=utf-8"),
        ("site.css", "text/css; charset=utf-8"),
        ("logo.svg", "image/svg+xml"),
        ("config.prod.json", "application/json"),
        ("app.js.map", "application/json"),
        ("font.woff2", "font/woff2"),
        ("LICENSE", "application/octet-stream"),
        ("app.unknown", "application/octet-stream"),
    ],
)
def test_browsers_get_the_type_they_need(
    site: Path, name: str, content_type: str
) -> None:
    """What browsers refuse under a wrong type has the right one; the rest is bytes."""
    _write(site, name)

    assert [content_type] == [file.content_type for file in read_site(site)]


@pytest.mark.parametrize(
    "name",
    [
        "index-DqJ3xW9z.js",
        "index-DqJ3xW9z.js.map",
        "index-D_J3xW9z.css",
        "logo.4f3a9c1b.svg",
        "main.4f3a9c1b2d.chunk.js",
        "app-4f3a9c1b2d5e6f708192.js",
        "chunk-5KQ7XW2A.js",
    ],
)
def test_hashed_names_are_kept_for_ever(site: Path, name: str) -> None:
    """A name that changes with its content needs no second look."""
    _write(site, name)

    assert [IMMUTABLE] == [file.cache_control for file in read_site(site)]


@pytest.mark.parametrize(
    "name",
    [
        "app.js",
        "aws-amplify-auth.js",
        "bootstrap-5-bundle.js",
        "confirm-page.js",
        "forgot-password-page.js",
        "holiday-12345678.jpg",
        "jquery-3.7.1.min.js",
        "logo-deadbeef.svg",
        "photo-Holiday2024.jpg",
        "release-notes2024.txt",
        "report-2026-11-22.pdf",
        "sign-in-DqJ3xW9z.html",
        "4f3a9c1b.js",
    ],
)
def test_other_names_are_asked_for_again(site: Path, name: str) -> None:
    """Words, versions, dates and pages keep their name when their content changes."""
    _write(site, name)

    assert [REVALIDATE] == [file.cache_control for file in read_site(site)]


def test_marks_pages(site: Path) -> None:
    """Pages are told apart, so that they can be uploaded after what they load."""
    _write(site, "a.html", "b.HTM", "c.js", "d.html.txt")

    assert ["a.html", "b.HTM"] == [file.key for file in read_site(site) if file.is_page]


def test_leaves_out_what_tools_leave_behind(site: Path) -> None:
    """Files of Git and of file managers are no part of a site."""
    _write(
        site,
        ".DS_Store",
        ".gitignore",
        "a.txt",
        "images/.gitkeep",
        "images/Thumbs.db",
    )

    assert ["a.txt"] == _keys(site)


def test_publishes_the_well_known_folder(site: Path) -> None:
    """What other parties look for in `.well-known` is published."""
    _write(site, ".well-known/security.txt")

    assert [".well-known/security.txt"] == _keys(site)


def test_follows_a_link_inside_the_folder(site: Path) -> None:
    """A link to another file of the site is that file under a second name."""
    _write(site, "a.txt")
    (site / "b.txt").symlink_to("a.txt")
    first, second = read_site(site)

    assert ("a.txt", "b.txt") == (first.key, second.key)
    assert first.sha256 == second.sha256


def test_reads_a_folder_that_is_itself_a_link(site: Path, tmp_path: Path) -> None:
    """The site's folder may be reached through a link."""
    _write(site, "a.txt")
    (tmp_path / "link").symlink_to(site)

    assert ["a.txt"] == _keys(tmp_path / "link")


def test_a_runtime_config_in_a_folder_is_a_file_like_others(site: Path) -> None:
    """Only the key of the generated object is reserved."""
    _write(site, "app/config.json")

    assert ["app/config.json"] == _keys(site)


@pytest.mark.parametrize("kind", ["missing", "file"])
def test_fails_when_the_folder_is_none(site: Path, kind: str) -> None:
    """The folder must be there, and be a folder."""
    _write(site, "file")

    assert (f"{kind}: must be the readable folder of the site's files",) == _problems(
        site / kind
    )


@pytest.mark.parametrize(
    "name",
    [
        "a.tfstate",
        "terraform.tfstate.backup",
        "prod.tfvars",
        "x.tfvars.json",
        "prod.env",
        "server.PEM",
        "id_rsa",
    ],
)
def test_fails_when_files_of_a_name_hold_secrets(site: Path, name: str) -> None:
    """States, variables and keys are never published by accident."""
    _write(site, name)

    assert (
        (
            f"site/{name}: must not be published: files of this name hold secrets; "
            "move it out of the site's folder"
        ),
    ) == _problems(site)


@pytest.mark.parametrize("hidden", [".gitignore", ".x/secret"])
def test_fails_when_a_link_shows_what_is_hidden(site: Path, hidden: str) -> None:
    """A link to a hidden file is as hidden as the file."""
    _write(site, hidden)
    (site / "shown.txt").symlink_to(hidden)

    assert f"site/shown.txt: {HIDDEN}" in _problems(site)


@pytest.mark.parametrize("name", [".env", ".htaccess", "css/.hidden.css"])
def test_fails_when_a_file_is_hidden(site: Path, name: str) -> None:
    """A hidden file is never published by accident, nor left out in silence."""
    _write(site, name)

    assert (f"site/{name}: {HIDDEN}",) == _problems(site)


def test_fails_once_when_a_folder_is_hidden(site: Path) -> None:
    """A hidden folder is one problem, however many files it holds."""
    _write(site, ".git/config", ".vscode/a.json", ".vscode/b.json", ".well-known/.x/c")

    assert (
        f"site/.git: {HIDDEN}",
        f"site/.vscode: {HIDDEN}",
        f"site/.well-known/.x: {HIDDEN}",
    ) == _problems(site)


def test_fails_when_a_link_leaves_the_folder(site: Path, tmp_path: Path) -> None:
    """Nothing outside of the folder is published through a link, file or folder."""
    _write(tmp_path, "secret.txt")
    (site / "a.txt").symlink_to(tmp_path / "secret.txt")
    (site / "b").symlink_to(tmp_path)

    assert (
        "site/a.txt: must not link out of the site's folder; copy the file into it",
        "site/b: must not link out of the site's folder; copy the file into it",
    ) == _problems(site)


def test_fails_when_a_folder_is_a_link(site: Path) -> None:
    """A linked folder would be left out, or walked in circles."""
    _write(site, "a/a.txt")
    (site / "b").symlink_to("a")
    (site / "a" / "up").symlink_to(site)

    assert (
        "site/a/up: must not be a link to a folder; copy the folder",
        "site/b: must not be a link to a folder; copy the folder",
    ) == _problems(site)


def test_fails_when_a_link_leads_nowhere(site: Path) -> None:
    """A broken link, a link to itself and a pipe have no content."""
    (site / "a.txt").symlink_to("gone.txt")
    (site / "b.txt").symlink_to("b.txt")
    os.mkfifo(site / "c.txt")

    assert (
        "site/a.txt: must be a file that exists",
        "site/b.txt: must be a file that exists",
        "site/c.txt: must be a file that exists",
    ) == _problems(site)


def test_fails_when_something_is_unreadable(site: Path) -> None:
    """A file or folder without permission is told, never left out."""
    _write(site, "a.txt", "b/c.txt")
    (site / "a.txt").chmod(0)
    (site / "b").chmod(0)
    if os.access(site / "a.txt", os.R_OK):
        pytest.skip("root reads files whatever their permissions")
    problems = _problems(site)
    (site / "b").chmod(0o700)

    assert ("site/a.txt: must be readable", "site/b: must be readable") == problems


def test_fails_when_the_runtime_config_is_a_file(site: Path) -> None:
    """The generated object's key is taken."""
    _write(site, "config.json")

    assert (
        "site/config.json: must not be there: config.json is generated; remove it",
    ) == _problems(site)


@pytest.mark.parametrize(
    ("name", "label"),
    [
        ("a\nb.txt", "a\\nb.txt"),
        ("a\tb.txt", "a\\tb.txt"),
        ("a\udcffb.txt", "a\\udcffb.txt"),
        ("${x}.txt", "${x}.txt"),
        ("%{x}.txt", "%{x}.txt"),
    ],
)
def test_fails_when_a_name_is_not_kept(site: Path, name: str, label: str) -> None:
    """A name that S3 or Terraform would read as something else is refused."""
    _write(site, name)

    assert (f"site/{label}: {UNKEPT}",) == _problems(site)


@pytest.mark.parametrize("name", ["a b+c&d=é.txt", "$x%y.txt", "日本.txt"])
def test_keeps_unusual_names(site: Path, name: str) -> None:
    """Spaces, signs and letters of any script are kept as they are."""
    _write(site, name)

    assert [name] == _keys(site)


def test_fails_when_a_path_is_too_long(site: Path) -> None:
    """S3 counts a key in bytes."""
    key = "/".join(["é" * 100] * 5) + "/" + "x" * 20
    _write(site, key)
    _write(site, key[:-1])

    assert (
        f"site/{key}: must have a path of at most 1024 bytes, got 1025",
    ) == _problems(site)


def test_tells_every_problem_in_order(site: Path) -> None:
    """All problems of a site come at once, in the order of the files."""
    _write(site, "b/.env", "config.json", ".env")

    assert (
        f"site/.env: {HIDDEN}",
        f"site/b/.env: {HIDDEN}",
        "site/config.json: must not be there: config.json is generated; remove it",
    ) == _problems(site)
