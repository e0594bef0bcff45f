"""
Define one environment: provider, backend, wiring and outputs.
"""

from pathlib import Path

import cdktf
from constructs import Construct

from modules import aws
from modules.account_log_role import AccountLogRole
from modules.api_domain import ApiDomain
from modules.gateway import Gateway
from modules.network_state import NetworkState
from modules.origins import (
    api_source,
    cognito_origin,
    content_security_policy,
    source_of_template,
)
from modules.regions import partition_of
from modules.remote_state import LocalState
from modules.rest_api import RestApi
from modules.site_objects import SiteObjects
from modules.swagger import substitute
from modules.user_pool import UserPool
from modules.user_pool_client import UserPoolClient
from modules.vpc_link import VpcLink
from modules.website import Website

# The services that the stack calls, when a local emulator stands for AWS.
EMULATED_SERVICES = (
    *("acm", "apigateway", "cloudfront", "cognitoidp", "elbv2", "iam", "logs"),
    *("route53", "s3", "sts"),
)


class GatewayStack(cdktf.TerraformStack):
    """
    Define users and an authorised API in front of a private service, and a website.

    Args:
        gateway: the environment, read and checked.
        directory: the folder in which Terraform runs this stack; paths of state files
            are written as seen from it.
    """

    def __init__(
        self, scope: Construct, id_: str, *, gateway: Gateway, directory: Path
    ) -> None:
        super().__init__(scope, id_)
        self._gateway = gateway
        self._settings = gateway.settings
        self._define_backend(directory)
        self._define_provider()
        self._account_id = aws.DataAwsCallerIdentity(self, "Account").account_id
        network = self._define_network(directory)
        link = self._define_vpc_link(network)
        link_id = link.vpc_link_id if link else str(self._settings.network.vpc_link_id)
        user_pool_id, user_pool_arn = self._define_user_pool()
        client_id = self._define_client(user_pool_id)
        website = self._define_website()
        site_origin = self._site_origin(website)
        api = self._define_api(
            link,
            {
                "account_id": self._account_id,
                "nlb_dns_name": network.nlb_dns_name,
                "region": self._settings.region,
                "site_origin": site_origin,
                "user_pool_arn": user_pool_arn,
                "user_pool_id": user_pool_id,
                "vpc_link_id": link_id,
            },
        )
        api_url = self._api_url(api)
        self._define_site_objects(
            website,
            {
                "apiEndpoint": api_url,
                "cognitoEndpoint": self._cognito_origin(),
                "region": self._settings.region,
                "userPoolClientId": client_id,
                "userPoolId": user_pool_id,
            },
        )
        self._define_outputs(
            {
                "user_pool_id": (user_pool_id, "The user pool's id."),
                "user_pool_client_id": (client_id, "The website's app client's id."),
                "rest_api_id": (api.rest_api_id, "The REST API's id."),
                "api_url": (api_url, "The URL of the API's stage."),
                "site_url": (site_origin, "The URL of the website."),
                "site_bucket_name": (website.bucket_name, "The bucket of the site."),
                "vpc_link_id": (link_id, "The id of the VPC link to the service."),
            }
        )
        self._note()

    def _define_backend(self, directory: Path) -> None:
        state = self._settings.state.seen_from(directory)
        if isinstance(state, LocalState):
            cdktf.LocalBackend(self, path=state.path.as_posix())
            return
        backend = cdktf.S3Backend(
            self,
            bucket=state.bucket,
            key=state.key,
            region=state.region,
            encrypt=True,
        )
        # The bindings know neither argument: https://developer.hashicorp.com/terraform/language/backend/s3
        backend.add_override("use_lockfile", value=True)
        if state.role_arn is not None:
            backend.add_override("assume_role", {"role_arn": state.role_arn})

    def _define_provider(self) -> None:
        settings = self._settings
        emulator = settings.endpoints.aws
        aws.AwsProvider(
            self,
            "Aws",
            region=settings.region,
            allowed_account_ids=list(settings.allowed_account_ids) or None,
            default_tags=(
                [aws.AwsProviderDefaultTags(tags=settings.tags)]
                if settings.tags
                else None
            ),
            endpoints=(
                [aws.AwsProviderEndpoints(**dict.fromkeys(EMULATED_SERVICES, emulator))]
                if emulator
                else None
            ),
            s3_use_path_style=True if emulator else None,
        )

    def _define_network(self, directory: Path) -> NetworkState:
        network = self._settings.network
        return NetworkState(
            self,
            "NetworkState",
            region=self._settings.region,
            account_id=self._account_id,
            state=network.state.seen_from(directory) if network.state else None,
            location=network.state.location if network.state else None,
            nlb_arn=network.nlb_arn,
            nlb_arn_output=network.nlb_arn_output,
            nlb_dns_name_output=network.nlb_dns_name_output,
            accepted_internet_facing_nlbs=network.accepted_internet_facing_nlbs,
        )

    def _define_vpc_link(self, network: NetworkState) -> VpcLink | None:
        if self._settings.network.vpc_link_id is not None:
            return None
        return VpcLink(
            self,
            "VpcLink",
            name=self._settings.network.vpc_link_name,
            target_arn=network.nlb_arn,
        )

    def _define_user_pool(self) -> tuple[str, str]:
        settings = self._settings
        existing = settings.user_pool.id
        if existing is not None:
            arn = (
                f"arn:{partition_of(settings.region)}:cognito-idp:{settings.region}:"
                f"{self._account_id}:userpool/{existing}"
            )
            return existing, arn
        email = settings.email
        pool = UserPool(
            self,
            "UserPool",
            name=settings.user_pool.name,
            minimum_password_length=settings.user_pool.minimum_password_length,
            deletion_protection=settings.protection.deletion_protection,
            prevent_destroy=settings.protection.prevent_destroy,
            from_address=email.from_address if email else None,
            ses_identity_arn=email.ses_identity_arn if email else None,
            reply_to=email.reply_to if email else None,
        )
        return pool.user_pool_id, pool.user_pool_arn

    def _define_client(self, user_pool_id: str) -> str:
        pool = self._settings.user_pool
        return UserPoolClient(
            self,
            "UserPoolClient",
            name=pool.client_name,
            user_pool_id=user_pool_id,
            access_token_minutes=pool.access_token_minutes,
            id_token_minutes=pool.id_token_minutes,
            refresh_token_days=pool.refresh_token_days,
            refresh_grace_seconds=pool.refresh_grace_seconds,
        ).user_pool_client_id

    def _define_website(self) -> Website:
        settings = self._settings
        domain = settings.domain
        return Website(
            self,
            "Website",
            hosting=settings.website.hosting,
            name=f"{settings.name_prefix}-site-{settings.region}",
            bucket_name=self._bucket_name(),
            force_destroy=not settings.protection.deletion_protection,
            index_document=settings.website.index_document,
            error_document=settings.website.error_document,
            content_security_policy=content_security_policy(
                connect=(self._cognito_origin(), self._api_source()),
                images=settings.website.image_origins,
            ),
            price_class=settings.website.price_class,
            domain_name=domain.site if domain else None,
            certificate_arn=domain.site_certificate_arn if domain else None,
            hosted_zone_id=domain.hosted_zone_id if domain else None,
        )

    def _define_api(self, link: VpcLink | None, values: dict[str, str]) -> RestApi:
        settings = self._settings
        api = RestApi(
            self,
            "RestApi",
            name=settings.api.name,
            body=substitute(self._gateway.document.body, values),
            binary_media_types=self._gateway.document.binary_media_types,
            stage_name=settings.api.stage_name,
            stage_variables=settings.api.stage_variables,
            throttling_rate_limit=settings.api.throttling_rate_limit,
            throttling_burst_limit=settings.api.throttling_burst_limit,
            xray_tracing=settings.api.xray_tracing,
            log_group_name=f"/aws/apigateway/{settings.name_prefix}/access",
            log_retention_days=settings.api.access_log_retention_days,
            disable_execute_api_endpoint=settings.domain is not None,
            calls_through=link.resource if link else None,
            logs_through=self._define_log_role(),
        )
        if settings.domain is not None:
            ApiDomain(
                self,
                "ApiDomain",
                domain_name=settings.domain.api,
                certificate_arn=settings.domain.api_certificate_arn,
                hosted_zone_id=settings.domain.hosted_zone_id,
                rest_api_id=api.rest_api_id,
                stage_name=api.stage_name,
            )
        return api

    def _define_log_role(self) -> cdktf.ITerraformDependable | None:
        settings = self._settings
        if settings.api.account_log_role == "external":
            return None
        return AccountLogRole(
            self,
            "AccountLogRole",
            role_name=f"{settings.name_prefix}-apigateway-logs-{settings.region}",
            partition=partition_of(settings.region),
        ).resource

    def _define_site_objects(
        self, website: Website, runtime_config: dict[str, str]
    ) -> None:
        SiteObjects(
            self,
            "SiteObjects",
            bucket_name=website.bucket_name,
            directory=self._settings.website.directory,
            files=self._gateway.site_files,
            runtime_config=runtime_config,
            after=[website.bucket_versioning],
        )

    def _define_outputs(self, outputs: dict[str, tuple[str, str]]) -> None:
        for name, (value, description) in outputs.items():
            cdktf.TerraformOutput(self, name, value=value, description=description)

    def _note(self) -> None:
        """
        Tell people what the document became: warnings, and who may call what.
        """
        for warning in self._gateway.warnings:
            cdktf.Annotations.of(self).add_warning(warning)
        operations = [
            {
                "method": operation.method,
                "path": operation.path,
                "access": operation.requirement,
                "scopes": list(operation.scopes),
            }
            for operation in self._gateway.document.operations
        ]
        warnings = list(self._gateway.warnings)
        self.add_override(
            "//.gateway", {"operations": operations, "warnings": warnings}
        )

    def _bucket_name(self) -> str:
        settings = self._settings
        return f"{settings.name_prefix}-site-{self._account_id}-{settings.region}"

    def _cognito_origin(self) -> str:
        endpoints = self._settings.endpoints
        return endpoints.cognito or cognito_origin(self._settings.region)

    def _api_source(self) -> str:
        settings = self._settings
        if settings.domain is not None:
            return f"https://{settings.domain.api}"
        if settings.endpoints.api is not None:
            return source_of_template(settings.endpoints.api)
        return api_source(settings.region)

    def _api_url(self, api: RestApi) -> str:
        settings = self._settings
        if settings.domain is not None:
            return f"https://{settings.domain.api}"
        if settings.endpoints.api is not None:
            return settings.endpoints.api.replace("{api_id}", api.rest_api_id).replace(
                "{stage}", api.stage_name
            )
        return api.invoke_url

    def _site_origin(self, website: Website) -> str:
        override = self._settings.endpoints.site
        if override is not None:
            return override.replace("{bucket}", self._bucket_name())
        return website.origin
