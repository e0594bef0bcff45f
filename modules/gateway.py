"""
One environment, read and checked: what a stack is made from.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from modules.accepted_documents import AcceptedDocuments, accepted_documents
from modules.environments import ENVIRONMENTS_DIRECTORY, read_environments
from modules.errors import ConfigError, file_label
from modules.remote_state import LocalState
from modules.settings import Settings
from modules.site_files import SiteFile, read_site
from modules.swagger import (
    CompletedDocument,
    Completion,
    complete_document,
    load_document,
)

# What stands for the load balancer's DNS name until Terraform knows it.
NLB_DNS_NAME = "${nlb_dns_name}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Gateway:
    """
    Everything that one environment's stack is defined from.

    Attributes:
        settings: the environment file's values.
        document: the API document, complete for API Gateway.
        site_files: the site's files.
        warnings: what a reviewer should know, one line each.
    """

    settings: Settings
    document: CompletedDocument
    site_files: tuple[SiteFile, ...]
    warnings: tuple[str, ...]


def load_gateways(
    environ: Mapping[str, str], *, directory: Path = ENVIRONMENTS_DIRECTORY
) -> tuple[Gateway, ...]:
    """
    Read the environments that are to be synthesised, with their documents and sites.

    Args:
        environ: the variables, as `load_settings` describes them.
        directory: the folder of the environment files. Defaults to the project's.

    Raises:
        ConfigError: with the problems of all environment files, and of the documents
            and sites that the sound ones name.
    """
    loaded, found = read_environments(environ, directory=directory)
    told: dict[str, list[str]] = {}
    gateways: list[Gateway] = []
    inputs = _Inputs(accepted_documents(environ))
    for settings in loaded:
        try:
            gateways.append(inputs.read(settings))
        except ConfigError as error:
            for problem in error.problems:
                told.setdefault(problem, []).append(settings.name)
    shared = [f"{', '.join(names)}: {problem}" for problem, names in told.items()]
    if found or shared:
        raise ConfigError([*found, *shared])
    return tuple(gateways)


def read_gateway(settings: Settings) -> Gateway:
    """
    Read what an environment's settings name: the API document and the site's files.

    Raises:
        ConfigError: with the problems of both, each with the key that names the file.
    """
    return _Inputs().read(settings)


class _Inputs:
    """
    Read documents and sites, each once however many environments name it.
    """

    def __init__(self, accepted: AcceptedDocuments | None = None) -> None:
        self._accepted = accepted
        self._documents: dict[tuple[Path, Completion], CompletedDocument] = {}
        self._sites: dict[Path, tuple[SiteFile, ...]] = {}

    def read(self, settings: Settings) -> Gateway:
        problems: list[str] = []
        document: CompletedDocument | None = None
        site_files: tuple[SiteFile, ...] = ()
        try:
            document = self._read_document(settings)
        except ConfigError as error:
            problems += [f"api.document: {problem}" for problem in error.problems]
        try:
            site_files = self._read_site(settings.website.directory)
            problems += _missing_pages(settings, site_files)
        except ConfigError as error:
            problems += [f"website.directory: {problem}" for problem in error.problems]
        if document is None or problems:
            raise ConfigError(problems)
        return Gateway(
            settings=settings,
            document=document,
            site_files=site_files,
            warnings=(*_warnings(settings), *document.warnings),
        )

    def _read_document(self, settings: Settings) -> CompletedDocument:
        path = settings.api.document
        options = _completion(settings)
        if (path, options) not in self._documents:
            name = file_label(path)
            self._documents[path, options] = complete_document(
                load_document(path, name=name),
                name=name,
                options=options,
                accepted=self._accepted,
            )
        return self._documents[path, options]

    def _read_site(self, directory: Path) -> tuple[SiteFile, ...]:
        if directory not in self._sites:
            self._sites[directory] = read_site(directory)
        return self._sites[directory]


def _missing_pages(
    settings: Settings, site_files: tuple[SiteFile, ...]
) -> Iterator[str]:
    website = settings.website
    keys = {file.key for file in site_files}
    pages = {
        "index_document": website.index_document,
        "error_document": website.error_document,
    }
    for key, page in pages.items():
        if page not in keys:
            yield (
                f"website.{key}: must be a file in {file_label(website.directory)}, "
                f"got {page!r}"
            )


def _completion(settings: Settings) -> Completion:
    api = settings.api
    return Completion(
        service_url=settings.service.url(NLB_DNS_NAME),
        undeclared_operations=api.undeclared_operations,
        allowed_hosts=api.allowed_integration_hosts,
        allowed_credentials=api.allowed_integration_credentials,
        timeout_milliseconds=api.integration_timeout_milliseconds,
        binary_media_types=api.binary_media_types,
        stage_variables=tuple(sorted(api.stage_variables)),
    )


def _warnings(settings: Settings) -> Iterator[str]:
    # https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-email.html
    many = settings.protection.deletion_protection or settings.name == "prod"
    if many and settings.email is None and settings.user_pool.id is None:
        yield (
            f"{settings.name}: email: without this table Cognito sends about 50 mails "
            "a day, and who registers after that gets no code; send through SES"
        )
    state = settings.network.state
    if isinstance(state, LocalState) and not state.path.is_file():
        yield (
            f"{settings.name}: network.state.path: there is no state yet, a plan will "
            f"fail, got {file_label(state.path)!r}; apply the network first"
        )
