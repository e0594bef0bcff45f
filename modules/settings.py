"""
The sections of an environment file and the rules between their keys.
"""

import os
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Literal, Self, cast

from pydantic import (
    AfterValidator,
    Field,
    PositiveFloat,
    PositiveInt,
    ValidationInfo,
    field_validator,
    model_validator,
)

from modules.errors import file_label
from modules.remote_state import AnyState, LocalState, S3State
from modules.settings_types import (
    AccountId,
    CertificateArn,
    DomainName,
    EndpointUrl,
    EnvironmentPath,
    Host,
    HttpsOrigin,
    NlbArn,
    Origin,
    OutputName,
    Region,
    RoleArn,
    Section,
    TagKey,
    TagValue,
    matching,
)
from modules.swagger_security import UndeclaredOperations

# The only environment that may run without an account guard and take values from
# environment variables: what the others deploy is what a reviewer read.
LOCAL_ENVIRONMENT = "local"


# https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_CreateUserPool.html
CognitoName = Annotated[
    str,
    matching(
        r"[\w\s+=,.@-]{1,128}", "1 to 128 letters, digits, spaces and _+=,.@- only"
    ),
]


class Protection(Section):
    """
    What guards people's accounts against a wrong change.
    """

    deletion_protection: bool = False
    """Whether Cognito refuses to delete the pool, and a destroy stops at a bucket with
    files that Terraform did not put there. Turned off, it counts once that is applied.
    Defaults to false."""
    prevent_destroy: bool = False
    """Whether Terraform refuses, before it does anything, a plan that would destroy or
    replace the pool. Defaults to false."""


class Network(Section):
    """
    The existing load balancer, and the VPC link to it.
    """

    state: Annotated[AnyState, Field(discriminator="backend")] | None = None
    """The remote state that has the load balancer's ARN as an output. Required unless
    `nlb_arn` is given."""
    nlb_arn_output: OutputName = "nlb_arn"
    """The output that holds the ARN. Defaults to `nlb_arn`."""
    nlb_dns_name_output: OutputName | None = None
    """The output that holds the DNS name, such as `nlb_dns_name`. Defaults to asking
    AWS for the load balancer."""
    nlb_arn: NlbArn | None = None
    """The ARN itself, in place of a remote state. Defaults to the state's output."""
    accepted_internet_facing_nlbs: tuple[str, ...] = ()
    """Names of load balancers that may be internet-facing, although the API can then be
    called around the gateway. Defaults to none."""
    vpc_link_id: Annotated[str, matching(r"[a-z0-9]+", "a VPC link's id")] | None = None
    """An existing VPC link to use. Defaults to defining one."""
    vpc_link_name: Annotated[str, Field(min_length=1, max_length=128)] = (
        "MysfitsApiVpcLink"
    )
    """The name of the link that is defined. Defaults to `MysfitsApiVpcLink`."""

    @model_validator(mode="after")
    def _has_one_source(self) -> Self:
        if (self.state is None) == (self.nlb_arn is None):
            msg = "must have either the table state or the key nlb_arn"
            raise ValueError(msg)
        return self


class Service(Section):
    """
    The private service behind the load balancer.
    """

    scheme: Literal["http", "https"] = "http"
    """How API Gateway calls it. Certificates are always checked. Defaults to `http`."""
    port: Annotated[int, Field(ge=1, le=65535)] | None = None
    """The listener's port. Defaults to 80 for `http` and 443 for `https`."""
    base_path: Annotated[
        str,
        matching(
            r"(?:/(?!\.{1,2}(?:/|$))[A-Za-z0-9._~-]+)*", "empty, or a path such as /v1"
        ),
    ] = ""
    """The path before every path of the document. Defaults to none."""
    host_name: Host | None = None
    """The host name that the service answers to, and that its certificate is for.
    Defaults to the load balancer's DNS name."""

    @model_validator(mode="after")
    def _has_certificate_name(self) -> Self:
        if self.scheme == "https" and self.host_name is None:
            msg = (
                "must have host_name when scheme is https: no certificate is issued "
                "for a load balancer's own DNS name"
            )
            raise ValueError(msg)
        return self

    def url(self, nlb_dns_name: str) -> str:
        """
        Return the URL of the service, without a slash at its end.
        """
        default = {"http": 80, "https": 443}[self.scheme]
        port = f":{self.port}" if self.port not in {None, default} else ""
        host = self.host_name or nlb_dns_name
        return f"{self.scheme}://{host}{port}{self.base_path}"


class UserPool(Section):
    """
    Who signs in, and for how long.
    """

    id: (
        Annotated[str, matching(r"[\w-]+_[0-9a-zA-Z]+", "a user pool's id (REGION_ID)")]
        | None
    ) = None
    """An existing user pool to use. Defaults to defining one."""
    name: CognitoName = "MysfitsUserPool"
    """The name of the pool that is defined. Defaults to `MysfitsUserPool`."""
    client_name: CognitoName = "MysfitsUserPoolClient"
    """The name of the website's app client. Defaults to `MysfitsUserPoolClient`."""
    minimum_password_length: Annotated[int, Field(ge=8, le=99)] = 12
    """Characters of the shortest password. Defaults to 12."""
    access_token_minutes: Annotated[int, Field(ge=5, le=1440)] = 60
    """Minutes for which an access token is valid. Defaults to 60."""
    id_token_minutes: Annotated[int, Field(ge=5, le=1440)] = 60
    """Minutes for which an ID token is valid. Defaults to 60."""
    refresh_token_days: Annotated[int, Field(ge=1, le=3650)] = 30
    """Days for which a refresh token is valid. Defaults to 30."""
    refresh_grace_seconds: Annotated[int, Field(ge=0, le=60)] = 10
    """Seconds for which a rotated refresh token still works, for a client that lost
    the answer. Defaults to 10."""


class Email(Section):
    """
    Sending through Amazon SES: Cognito itself sends about 50 mails a day.
    """

    from_address: Annotated[
        str,
        matching(
            r"[^<>@\s]+@[^<>@\s]+|[^<>@]+ <[^<>@\s]+@[^<>@\s]+>",
            "an address such as no-reply@example.com or Name <no-reply@example.com>",
        ),
    ]
    """The sender."""
    ses_identity_arn: Annotated[
        str,
        matching(
            r"arn:[a-z-]+:ses:[a-z0-9-]+:\d{12}:identity/.+",
            "the ARN of an SES identity (arn:aws:ses:REGION:ACCOUNT:identity/DOMAIN)",
        ),
    ]
    """The verified identity that may send as that address."""
    reply_to: (
        Annotated[str, matching(r"[^<>@\s]+@[^<>@\s]+", "an e-mail address")] | None
    ) = None
    """Where answers go. Defaults to the sender."""


class Api(Section):
    """
    The API document and how API Gateway serves it.
    """

    document: EnvironmentPath
    """The Swagger 2.0 or OpenAPI 3.0 file, relative to the environment file."""
    name: Annotated[str, Field(min_length=1, max_length=255)] = "MysfitsApi"
    """The REST API's name. Defaults to `MysfitsApi`."""
    stage_name: Annotated[
        str, matching(r"[A-Za-z0-9_-]{1,128}", "letters, digits, _ and - only")
    ] = "prod"
    """The stage's name. Defaults to `prod`."""
    stage_variables: dict[
        Annotated[str, matching(r"\w{1,64}", "letters, digits and _ only")],
        Annotated[
            str,
            matching(
                r"[A-Za-z0-9\-._~:/?#&=,]{1,512}",
                "made of letters, digits and -._~:/?#&=, only",
            ),
        ],
    ] = Field(default_factory=dict[str, str])
    """What `${stageVariables.NAME}` stands for. Defaults to none."""
    undeclared_operations: Annotated[UndeclaredOperations, Field(strict=False)] = (
        UndeclaredOperations.ERROR
    )
    """What an operation without `security` is: an `error`, or `public`. Defaults to
    `error`."""
    allowed_integration_hosts: tuple[
        Annotated[
            str,
            matching(
                r"(?:[A-Za-z0-9][A-Za-z0-9.-]*|arn:[^\s]+)(?::\d{1,5})?",
                "a host name such as api.example.com, or an ARN",
            ),
        ],
        ...,
    ] = ()
    """Hosts besides the VPC link that integrations may call; each sees every caller's
    token. Defaults to none."""
    allowed_integration_credentials: tuple[RoleArn, ...] = ()
    """IAM roles that integrations may name in `credentials`. Defaults to none."""
    integration_timeout_milliseconds: Annotated[int, Field(ge=50, le=29000)] = 29000
    """Milliseconds that the service has to answer. Defaults to 29000, AWS's own."""
    binary_media_types: tuple[
        Annotated[str, matching(r"[\w.+*-]+/[\w.+*-]+", "a media type such as */*")],
        ...,
    ] = ()
    """Media types that pass as bytes. Defaults to those that the document names."""
    throttling_rate_limit: PositiveFloat = 100.0
    """Requests a second, over all callers. Defaults to 100."""
    throttling_burst_limit: PositiveInt = 200
    """Requests at once, over all callers. Defaults to 200."""
    xray_tracing: bool = False
    """Whether X-Ray traces requests. Defaults to false."""
    # https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html
    # fmt: off
    access_log_retention_days: Literal[
        1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192,
        2557, 2922, 3288, 3653
    ] = 30
    # fmt: on
    """Days for which access logs are kept. Defaults to 30."""
    account_log_role: Literal["external", "managed"] = "external"
    """Whether the region's API Gateway log role is defined elsewhere (`external`) or
    here (`managed`). It is one for the whole account and region. Defaults to
    `external`."""


def _is_a_folder_of_its_own(directory: Path, context: ValidationInfo) -> Path:
    given = cast("Mapping[str, Path]", context.context or {})
    if given.get("directory", Path(os.devnull)).is_relative_to(directory):
        msg = (
            "must not hold the environment file: all that is in it is published, so "
            "give the site its own folder"
        )
        raise ValueError(msg)
    return directory


class Website(Section):
    """
    The site's files and how they are served.
    """

    directory: Annotated[EnvironmentPath, AfterValidator(_is_a_folder_of_its_own)]
    """The folder that is uploaded, relative to the environment file."""
    hosting: Literal["cloudfront", "s3"] = "cloudfront"
    """`cloudfront`: a private bucket behind HTTPS. `s3`: the bucket's public website
    endpoint over plain HTTP, for previews and workshops. Defaults to `cloudfront`."""
    # https://docs.aws.amazon.com/AmazonS3/latest/userguide/IndexDocumentSupport.html
    index_document: Annotated[
        str, matching(r"[^/]+", "a file's name without a folder")
    ] = "index.html"
    """The page at `/`. Defaults to `index.html`."""
    error_document: str = "error.html"
    """The page for what is missing. Defaults to `error.html`."""
    image_origins: tuple[HttpsOrigin, ...] = ()
    """Other origins that pages may load images from. Defaults to none."""
    price_class: Literal["PriceClass_100", "PriceClass_200", "PriceClass_All"] = (
        "PriceClass_100"
    )
    """Which CloudFront edge locations serve. Defaults to `PriceClass_100`."""


ENDPOINT_PLACEHOLDERS = {"api": ("{api_id}", "{stage}"), "site": ("{bucket}",)}


class Endpoints(Section):
    """
    Addresses in place of AWS's own, so that the configuration can run on one machine.
    """

    aws: Origin | None = None
    """Where the AWS provider sends every call, an emulator. Defaults to AWS."""
    api: EndpointUrl | None = None
    """The stage's URL; `{api_id}` and `{stage}` stand for theirs. Defaults to
    `[domain]`'s, else API Gateway's."""
    cognito: Origin | None = None
    """Where browsers reach Cognito. Defaults to the region's endpoint."""
    site: Origin | None = None
    """The site's origin; `{bucket}` stands for the bucket's name. Defaults to
    `[domain]`'s, else the hosting's."""

    @field_validator("aws", "api", "cognito", "site")
    @classmethod
    def _has_known_placeholders(
        cls, url: str | None, context: ValidationInfo
    ) -> str | None:
        known = ENDPOINT_PLACEHOLDERS.get(str(context.field_name), ())
        if url is not None and not set(re.findall(r"\{[a-z_]+\}", url)) <= set(known):
            msg = f"must have no placeholder but {' and '.join(known)}"
            raise ValueError(msg if known else "must have no placeholder")
        return url


class Domain(Section):
    """
    Own names for the site and the API.
    """

    site: DomainName
    """The site's name."""
    site_certificate_arn: CertificateArn
    """Its certificate, in us-east-1, where CloudFront looks."""
    api: DomainName
    """The API's name."""
    api_certificate_arn: CertificateArn
    """Its certificate, in the environment's region."""
    hosted_zone_id: Annotated[str, matching(r"Z[A-Z0-9]{1,31}", "a hosted zone's id")]
    """The Route 53 zone that gets the records."""


class RehearsedState(Section):
    """
    What stands for a remote state.
    """

    outputs: dict[str, object] = Field(default_factory=dict[str, object])


class Rehearsal(Section):
    """
    What `scripts/rehearse` simulates; nothing of it is deployed.
    """

    account_id: AccountId | None = None
    """The account. Defaults to the first of `allowed_account_ids`, else
    123456789012."""
    region: Region | None = None
    """The region of what names none. Defaults to the environment's."""
    states: dict[str, RehearsedState] = Field(default_factory=dict[str, RehearsedState])
    """The `outputs` of remote states, by the data source's name or `*`. Defaults to an
    internal load balancer in that account and region."""
    data_sources: dict[str, dict[str, dict[str, object]]] = Field(
        default_factory=dict[str, dict[str, dict[str, object]]]
    )
    """What data sources answer: attributes by type, then by name or `*`. Defaults to
    values in AWS's form."""


class Settings(Section):
    """
    One environment: what a reviewer reads is what is deployed.
    """

    name: Annotated[
        str,
        matching(
            r"[a-z][a-z0-9-]{0,31}",
            "a letter and at most 31 lower-case letters, digits and hyphens; "
            "rename the file",
        ),
    ]
    """The environment's name, and its stack's id: the file's name without `.toml`."""
    region: Region
    """The region of everything that is defined."""
    name_prefix: Annotated[
        str,
        matching(
            r"[a-z0-9](?:[a-z0-9-]{0,22}[a-z0-9])?",
            "at most 24 lower-case letters, digits and hyphens, with no hyphen at "
            "either end",
        ),
    ]
    """Starts every name that must be unique in AWS."""
    allowed_account_ids: Annotated[
        tuple[AccountId, ...], Field(validate_default=True)
    ] = ()
    """The account guard: Terraform refuses any other account. Required in every
    environment but `local`."""
    # S3 objects take 10 tags, all else takes more:
    # https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-tagging.html
    tags: Annotated[dict[TagKey, TagValue], Field(max_length=10)] = Field(
        default_factory=dict[str, str]
    )
    """Tags of every resource that can have some, at most 10. Defaults to none."""
    state: Annotated[LocalState | S3State, Field(discriminator="backend")]
    """Where this environment's own state lies. In S3 it is locked by a lock file."""
    protection: Protection = Protection()
    network: Network
    service: Service = Service()
    user_pool: UserPool = UserPool()
    email: Email | None = None
    api: Api
    website: Website
    endpoints: Endpoints = Endpoints()
    domain: Domain | None = None
    rehearsal: Rehearsal = Rehearsal()

    @field_validator("allowed_account_ids")
    @classmethod
    def _guards_account(
        cls, account_ids: tuple[str, ...], context: ValidationInfo
    ) -> tuple[str, ...]:
        if not account_ids and context.data.get("name") != LOCAL_ENVIRONMENT:
            msg = (
                f"is required in every environment but {LOCAL_ENVIRONMENT}; "
                "name the account that this environment deploys to"
            )
            raise ValueError(msg)
        return account_ids


def broken_rules(settings: Settings) -> Iterator[tuple[str, str]]:
    """
    Yield the rules between sections that an environment breaks: key and sentence.
    """
    if settings.name == LOCAL_ENVIRONMENT and settings.state.backend != "local":
        yield (
            "state.backend",
            (
                f"must be 'local' in the environment {LOCAL_ENVIRONMENT}, got "
                f"{settings.state.backend!r}; variables may change this environment, "
                "so give a shared one another name"
            ),
        )
    yield from _broken_website_rules(settings)
    yield from _broken_network_rules(settings)
    yield from _broken_user_pool_rules(settings)
    yield from _broken_domain_rules(settings)


def private_files(settings: Settings) -> dict[str, Path]:
    """
    Return the files that an environment names and that no site may publish, by key.
    """
    files = {"api.document": settings.api.document}
    if isinstance(settings.state, LocalState):
        files["state.path"] = settings.state.path
    if isinstance(settings.network.state, LocalState):
        files["network.state.path"] = settings.network.state.path
    return files


def _broken_website_rules(settings: Settings) -> Iterator[tuple[str, str]]:
    directory = settings.website.directory
    for key, path in private_files(settings).items():
        if path.is_relative_to(directory):
            yield (
                "website.directory",
                (
                    f"must not hold what {key} names, got {file_label(directory)!r}; "
                    "all that is in it is published, so give the site its own folder"
                ),
            )


def _broken_network_rules(settings: Settings) -> Iterator[tuple[str, str]]:
    own = settings.state.location
    # Terraform would plan to destroy everything that the other state describes.
    if settings.network.state and settings.network.state.location == own:
        yield (
            "state",
            (
                f"must not be the state of the network, got {own} for both; "
                "give this environment its own"
            ),
        )
    arn = settings.network.nlb_arn
    if arn is None:
        return
    for key in ("nlb_arn_output", "nlb_dns_name_output"):
        if key in settings.network.model_fields_set:
            yield (
                f"network.{key}",
                "must be left out when network.nlb_arn gives the ARN: no state is read",
            )
    region, account = arn.split(":")[3:5]
    if region != settings.region:
        yield (
            "network.nlb_arn",
            (
                f"must be in the environment's region {settings.region}, got {arn!r}; "
                "a VPC link reaches load balancers of its own region only"
            ),
        )
    if settings.allowed_account_ids and account not in settings.allowed_account_ids:
        yield (
            "network.nlb_arn",
            (
                f"must belong to one of allowed_account_ids, got {arn!r}; "
                "a VPC link reaches load balancers of its own account only"
            ),
        )


def _broken_user_pool_rules(settings: Settings) -> Iterator[tuple[str, str]]:
    pool = settings.user_pool.id
    if pool is None:
        return
    if pool.split("_")[0] != settings.region:
        yield (
            "user_pool.id",
            (
                f"must be a pool of the environment's region {settings.region}, "
                f"got {pool!r}; the authorizer and the website look for it there"
            ),
        )
    for key in ("name", "minimum_password_length"):
        if key in settings.user_pool.model_fields_set:
            yield (
                f"user_pool.{key}",
                (
                    "must be left out when user_pool.id names an existing pool; "
                    "set it where that pool is defined"
                ),
            )
    if settings.email is not None:
        yield (
            "email",
            (
                "must be left out when user_pool.id names an existing pool; "
                "set the sender where that pool is defined"
            ),
        )


def _broken_domain_rules(settings: Settings) -> Iterator[tuple[str, str]]:
    domain = settings.domain
    if domain is None:
        return
    if settings.website.hosting != "cloudfront":
        yield (
            "domain",
            (
                "needs website.hosting = 'cloudfront', got 's3'; "
                "a bucket's website endpoint has no certificate"
            ),
        )
    for key, arn, region in (
        ("site_certificate_arn", domain.site_certificate_arn, "us-east-1"),
        ("api_certificate_arn", domain.api_certificate_arn, settings.region),
    ):
        if arn.split(":")[3] != region:
            yield (
                f"domain.{key}",
                f"must be a certificate in {region}, got {arn!r}; request one there",
            )
    if domain.api == domain.site:
        yield "domain.api", f"must differ from domain.site, got {domain.api!r} for both"
    for key in ("api", "site"):
        if getattr(settings.endpoints, key) is not None:
            yield (
                f"endpoints.{key}",
                (
                    f"must be left out when domain.{key} gives the address, "
                    f"got {getattr(settings.endpoints, key)!r}"
                ),
            )
