"""
One environment, read and checked: what a stack is made from.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from modules.environments import ENVIRONMENTS_DIRECTORY, read_environments
from modules.errors import ConfigError, file_label
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
    problems = list(found)
    gateways: list[Gateway] = []
    for settings in loaded:
        try:
            gateways.append(read_gateway(settings))
        except ConfigError as error:
            problems += error.problems
    if problems:
        raise ConfigError(dict.fromkeys(problems))
    return tuple(gateways)


def read_gateway(settings: Settings) -> Gateway:
    """
    Read what an environment's settings name: the API document and the site's files.

    Raises:
        ConfigError: with the problems of both.
    """
    problems: list[str] = []
    document: CompletedDocument | None = None
    site_files: tuple[SiteFile, ...] = ()
    try:
        document = _read_document(settings)
    except ConfigError as error:
        problems += error.problems
    try:
        website = settings.website
        pages = (website.index_document, website.error_document)
        site_files = read_site(website.directory, pages=pages)
    except ConfigError as error:
        problems += error.problems
    if document is None or problems:
        raise ConfigError(problems)
    return Gateway(
        settings=settings,
        document=document,
        site_files=site_files,
        warnings=(*_warnings(settings), *document.warnings),
    )


def _read_document(settings: Settings) -> CompletedDocument:
    api = settings.api
    name = file_label(api.document)
    return complete_document(
        load_document(api.document, name=name),
        name=name,
        options=Completion(
            service_url=settings.service.url(NLB_DNS_NAME),
            undeclared_operations=api.undeclared_operations,
            allowed_hosts=api.allowed_integration_hosts,
            allowed_credentials=api.allowed_integration_credentials,
            timeout_milliseconds=api.integration_timeout_milliseconds,
            binary_media_types=api.binary_media_types,
        ),
    )


def _warnings(settings: Settings) -> Iterable[str]:
    # https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-email.html
    guarded = settings.protection.deletion_protection
    if guarded and settings.email is None and settings.user_pool.id is None:
        yield (
            f"{settings.name}: email: without this table Cognito sends about 50 mails "
            "a day, and who registers after that gets no code; send through SES"
        )
