"""
Read the site's folder: what each file is called, what it is, and how it is cached.
"""

import hashlib
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from modules.errors import ConfigError, file_label

# The object that carries run-time values: always generated, never a file.
RUNTIME_CONFIG_KEY = "config.json"

REVALIDATE = "no-cache"
IMMUTABLE = "public, max-age=31536000, immutable"

# A build tool's content hash at the end of a name, as in index-DqJ3xW9z.js. Browsers
# keep such a file for a year without asking: words, versions and dates must not match.
HASHED_NAME = re.compile(
    r"""[.-](?:
        (?=[0-9a-f]*[0-9])(?=[0-9a-f]*[a-f])[0-9a-f]{8,64}  # webpack, Parcel: base 16
        | (?=\w*[0-9]\w*[A-Z])[A-Z2-7]{8}  # esbuild: base 32
        | (?=\w*[a-z])(?=\w*[A-Z])(?=\w*[0-9]\w*[A-Za-z])[A-Za-z0-9_]{8}  # Rollup, Vite
    )(?:\.[a-z0-9]+){1,2}$""",
    re.VERBOSE | re.ASCII,
)

# The standard library reads the machine's own table: this one is the same everywhere.
CONTENT_TYPES = {
    ".avif": "image/avif",
    ".css": "text/css; charset=utf-8",
    ".csv": "text/csv; charset=utf-8",
    ".eot": "application/vnd.ms-fontobject",
    ".gif": "image/gif",
    ".htm": "text/html; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".ico": "image/vnd.microsoft.icon",
    ".jpeg": "image/jpeg",
    ".jpg": "image/jpeg",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".map": "application/json",
    ".md": "text/markdown; charset=utf-8",
    ".mjs": "text/javascript; charset=utf-8",
    ".mp3": "audio/mpeg",
    ".mp4": "video/mp4",
    ".otf": "font/otf",
    ".pdf": "application/pdf",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".ttf": "font/ttf",
    ".txt": "text/plain; charset=utf-8",
    ".wasm": "application/wasm",
    ".webm": "video/webm",
    ".webmanifest": "application/manifest+json",
    ".webp": "image/webp",
    ".woff": "font/woff",
    ".woff2": "font/woff2",
    ".xml": "application/xml",
    ".zip": "application/zip",
}
PAGE_SUFFIXES = frozenset({".htm", ".html"})

# Left by Git and file managers, never part of a site. A repository's own folder is not
# among them: a link to what is in it would be published.
IGNORED_NAMES = frozenset(
    {
        ".DS_Store",
        ".gitattributes",
        ".gitignore",
        ".gitkeep",
        "Thumbs.db",
        "desktop.ini",
    }
)
# https://www.rfc-editor.org/rfc/rfc8615
PUBLISHED_HIDDEN_FOLDER = ".well-known"

# https://developer.hashicorp.com/terraform/language/state/sensitive-data
SECRET_NAME = re.compile(
    r"\.(?:tfstate|tfvars)(?:$|\.)|\.(?:env|p12|pem|pfx)$|^id_(?:rsa|ecdsa|ed25519)$",
    re.IGNORECASE,
)

# https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-keys.html
MAXIMUM_KEY_BYTES = 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteFile:
    """
    One file of the site, as its S3 object.

    Attributes:
        key: the path below the site's folder, with slashes.
        content_type: its MIME type.
        cache_control: how long browsers and CloudFront may keep it.
        sha256: the hash of its bytes, in hexadecimal.
        is_page: whether it is a page, which is uploaded after what it loads.
    """

    key: str
    content_type: str
    cache_control: str
    sha256: str
    is_page: bool


def read_site(directory: Path) -> tuple[SiteFile, ...]:
    """
    Return the files below a folder, sorted by key.

    Args:
        directory: the site's folder.

    Raises:
        ConfigError: the folder is missing or unreadable, or holds a link out of itself
            or to a folder, an unreadable file, a hidden file outside of `.well-known`,
            a Terraform state, a `config.json`, or a name that S3 or Terraform would not
            keep.
    """
    if not directory.is_dir() or not os.access(directory, os.R_OK | os.X_OK):
        label = file_label(directory)
        raise ConfigError([f"{label}: must be the readable folder of the site's files"])
    problems: list[str] = []
    files: list[SiteFile] = []
    for path in _walk(directory):
        key = path.relative_to(directory).as_posix()
        problem = _problem_with_file(path, directory) or _problem_with_key(key)
        try:
            file = None if problem else _site_file(path, key)
        except OSError as error:
            problem = f"must be readable, got {error.strerror!r}"
            file = None
        if file is None:
            problems.append(f"{file_label(path)}: {problem}")
        else:
            files.append(file)
    if problems:
        raise ConfigError(problems)
    return tuple(sorted(files, key=lambda file: file.key))


def _walk(folder: Path) -> Iterator[Path]:
    """
    Yield the files below a folder, and the folders that are not entered.
    """
    for path in sorted(folder.iterdir()):
        if path.name in IGNORED_NAMES:
            continue
        if path.is_dir() and not _problem_with_folder(path):
            yield from _walk(path)
        else:
            yield path


def _problem_with_folder(path: Path) -> str | None:
    if path.is_symlink():
        return "must not be a link to a folder; copy the folder"
    if not os.access(path, os.R_OK | os.X_OK):
        return "must be readable"
    return _problem_with_name(path.name)


def _problem_with_file(path: Path, directory: Path) -> str | None:
    target = Path(os.path.realpath(path))
    if not target.is_relative_to(directory.resolve()):
        return "must not link out of the site's folder; copy the file into it"
    if path.is_dir():
        return _problem_with_folder(path)
    if not path.is_file():
        return "must be a file that exists"
    if not os.access(path, os.R_OK):
        return "must be readable"
    names = target.relative_to(directory.resolve()).parts
    problems = map(_problem_with_name, (path.name, *names))
    return next(filter(None, problems), None)


def _problem_with_name(name: str) -> str | None:
    if name.startswith(".") and name != PUBLISHED_HIDDEN_FOLDER:
        return (
            "must not start with a dot: hidden files are not published, "
            f"except below {PUBLISHED_HIDDEN_FOLDER}/; move it out of the site's folder"
        )
    if SECRET_NAME.search(name):
        return (
            "must not be published: files of this name hold secrets; "
            "move it out of the site's folder"
        )
    return None


def _problem_with_key(key: str) -> str | None:
    if key == RUNTIME_CONFIG_KEY:
        return f"must not be there: {RUNTIME_CONFIG_KEY} is generated; remove it"
    if not key.isprintable() or "${" in key or "%{" in key:
        return "must have a name of printable characters without ${ and %{; rename it"
    size = len(key.encode())
    if size > MAXIMUM_KEY_BYTES:
        return f"must have a path of at most {MAXIMUM_KEY_BYTES} bytes, got {size}"
    return None


def _site_file(path: Path, key: str) -> SiteFile:
    suffix = path.suffix.lower()
    is_page = suffix in PAGE_SUFFIXES
    with path.open("rb") as stream:
        digest = hashlib.file_digest(stream, "sha256").hexdigest()
    return SiteFile(
        key=key,
        content_type=CONTENT_TYPES.get(suffix, "application/octet-stream"),
        cache_control=_cache_control(path.name, is_page=is_page),
        sha256=digest,
        is_page=is_page,
    )


def _cache_control(name: str, *, is_page: bool) -> str:
    return IMMUTABLE if HASHED_NAME.search(name) and not is_page else REVALIDATE
