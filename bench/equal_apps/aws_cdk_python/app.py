"""
Define the dev stack once more, with the AWS CDK: what CloudFormation has for each of
its resources, with the same settings.

usage: app.py INPUTS OUTPUT_DIRECTORY

INPUTS names the values that our app reads from the environment file, already checked
and completed. CloudFormation has no type for an S3 object: a custom resource stands for
each. It also keeps a bucket's and a stage's settings in the bucket and the stage, where
Terraform has resources of their own.
"""
# ruff: noqa: INP001 -- run by path, with the packages of requirements.txt

import json
import re
import sys
from pathlib import Path
from typing import Any

from aws_cdk import (
    App,
    CfnCustomResource,
    CfnOutput,
    CfnTag,
    Environment,
    Fn,
    Stack,
    aws_apigateway,
    aws_cloudfront,
    aws_cognito,
    aws_logs,
    aws_s3,
    aws_s3_assets,
)

REGION = "eu-west-1"
ACCOUNT = "111111111111"
PREFIX = "mysfits-dev"
SITE = f"{PREFIX}-site-{REGION}"
COGNITO = f"https://cognito-idp.{REGION}.amazonaws.com"
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "font-src 'self'; manifest-src 'self'; "
    f"connect-src 'self' {COGNITO} https://*.execute-api.{REGION}.amazonaws.com; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
LOGGED = (
    *("requestId", "requestTime", "identity.sourceIp", "identity.userAgent"),
    *("authorizer.claims.sub", "httpMethod", "resourcePath", "path", "protocol"),
    *("status", "responseLength", "responseLatency", "error.message"),
    *("error.responseType", "authorizer.status", "authorizer.error"),
    *("authorizer.latency", "integration.status", "integration.error"),
    *("integration.latency", "xrayTraceId"),
)
TAGS = [
    CfnTag(key="Project", value="mythical-mysfits"),
    CfnTag(key="Environment", value="dev"),
]


class Gateway(Stack):
    """
    Define users and an authorised API in front of a private service, and a website.

    Args:
        inputs: the completed API document and the site's files.
    """

    def __init__(self, scope: App, id_: str, *, inputs: dict[str, Any]) -> None:
        super().__init__(scope, id_, env=Environment(account=ACCOUNT, region=REGION))
        self.nlb_arn = Fn.import_value("nlb-arn")
        self.nlb_dns_name = Fn.import_value("nlb-dns-name")
        self.link = aws_apigateway.CfnVpcLink(
            self, "VpcLink", name="MysfitsApiVpcLink", target_arns=[self.nlb_arn]
        )
        self.pool = self._define_user_pool()
        self.client = self._define_client()
        self.bucket = self._define_bucket()
        self.distribution = self._define_distribution()
        self._define_bucket_policy()
        self.api = self._define_api(inputs["body"])
        self.stage = self._define_stage()
        self._define_objects(inputs)
        self._define_outputs()

    def _define_user_pool(self) -> aws_cognito.CfnUserPool:
        pool = aws_cognito.CfnUserPool
        return pool(
            self,
            "UserPool",
            user_pool_name="MysfitsUserPool",
            user_pool_tier="ESSENTIALS",
            deletion_protection="INACTIVE",
            username_attributes=["email"],
            username_configuration=pool.UsernameConfigurationProperty(
                case_sensitive=False
            ),
            auto_verified_attributes=["email"],
            account_recovery_setting=pool.AccountRecoverySettingProperty(
                recovery_mechanisms=[
                    pool.RecoveryOptionProperty(name="verified_email", priority=1)
                ]
            ),
            admin_create_user_config=pool.AdminCreateUserConfigProperty(
                allow_admin_create_user_only=False
            ),
            email_configuration=pool.EmailConfigurationProperty(
                email_sending_account="COGNITO_DEFAULT"
            ),
            policies=pool.PoliciesProperty(
                password_policy=pool.PasswordPolicyProperty(
                    minimum_length=12,
                    require_lowercase=True,
                    require_numbers=True,
                    require_symbols=True,
                    require_uppercase=True,
                    temporary_password_validity_days=7,
                )
            ),
            user_attribute_update_settings=pool.UserAttributeUpdateSettingsProperty(
                attributes_require_verification_before_update=["email"]
            ),
            verification_message_template=pool.VerificationMessageTemplateProperty(
                default_email_option="CONFIRM_WITH_CODE"
            ),
            user_pool_tags={"Project": "mythical-mysfits", "Environment": "dev"},
        )

    def _define_client(self) -> aws_cognito.CfnUserPoolClient:
        client = aws_cognito.CfnUserPoolClient
        return client(
            self,
            "UserPoolClient",
            client_name="MysfitsUserPoolClient",
            user_pool_id=self.pool.ref,
            generate_secret=False,
            explicit_auth_flows=["ALLOW_USER_SRP_AUTH"],
            supported_identity_providers=["COGNITO"],
            prevent_user_existence_errors="ENABLED",
            enable_token_revocation=True,
            access_token_validity=60,
            id_token_validity=60,
            refresh_token_validity=30,
            token_validity_units=client.TokenValidityUnitsProperty(
                access_token="minutes",  # noqa: S106 -- a unit of time
                id_token="minutes",  # noqa: S106 -- a unit of time
                refresh_token="days",  # noqa: S106 -- a unit of time
            ),
            refresh_token_rotation=client.RefreshTokenRotationProperty(
                feature="ENABLED", retry_grace_period_seconds=10
            ),
            read_attributes=["email", "email_verified"],
            write_attributes=["email"],
        )

    def _define_bucket(self) -> aws_s3.CfnBucket:
        bucket = aws_s3.CfnBucket
        return bucket(
            self,
            "Bucket",
            bucket_name=f"{PREFIX}-site-{ACCOUNT}-{REGION}",
            ownership_controls=bucket.OwnershipControlsProperty(
                rules=[
                    bucket.OwnershipControlsRuleProperty(
                        object_ownership="BucketOwnerEnforced"
                    )
                ]
            ),
            public_access_block_configuration=(
                bucket.PublicAccessBlockConfigurationProperty(
                    block_public_acls=True,
                    block_public_policy=True,
                    ignore_public_acls=True,
                    restrict_public_buckets=True,
                )
            ),
            bucket_encryption=bucket.BucketEncryptionProperty(
                server_side_encryption_configuration=[
                    bucket.ServerSideEncryptionRuleProperty(
                        server_side_encryption_by_default=(
                            bucket.ServerSideEncryptionByDefaultProperty(
                                sse_algorithm="AES256"
                            )
                        )
                    )
                ]
            ),
            versioning_configuration=bucket.VersioningConfigurationProperty(
                status="Enabled"
            ),
            lifecycle_configuration=bucket.LifecycleConfigurationProperty(
                rules=[
                    bucket.RuleProperty(
                        id="expire-old-versions",
                        status="Enabled",
                        prefix="",
                        noncurrent_version_expiration=(
                            bucket.NoncurrentVersionExpirationProperty(
                                noncurrent_days=30
                            )
                        ),
                        abort_incomplete_multipart_upload=(
                            bucket.AbortIncompleteMultipartUploadProperty(
                                days_after_initiation=7
                            )
                        ),
                    )
                ]
            ),
            tags=TAGS,
        )

    def _define_headers(self) -> aws_cloudfront.CfnResponseHeadersPolicy:
        policy = aws_cloudfront.CfnResponseHeadersPolicy
        headers = {
            "Cross-Origin-Opener-Policy": "same-origin",
            "Permissions-Policy": (
                "camera=(), geolocation=(), microphone=(), payment=()"
            ),
        }
        return policy(
            self,
            "Headers",
            response_headers_policy_config=policy.ResponseHeadersPolicyConfigProperty(
                name=SITE,
                custom_headers_config=policy.CustomHeadersConfigProperty(
                    items=[
                        policy.CustomHeaderProperty(
                            header=header, override=True, value=value
                        )
                        for header, value in headers.items()
                    ]
                ),
                security_headers_config=policy.SecurityHeadersConfigProperty(
                    content_security_policy=policy.ContentSecurityPolicyProperty(
                        content_security_policy=POLICY, override=True
                    ),
                    content_type_options=policy.ContentTypeOptionsProperty(
                        override=True
                    ),
                    frame_options=policy.FrameOptionsProperty(
                        frame_option="DENY", override=True
                    ),
                    referrer_policy=policy.ReferrerPolicyProperty(
                        referrer_policy="strict-origin-when-cross-origin", override=True
                    ),
                    strict_transport_security=policy.StrictTransportSecurityProperty(
                        access_control_max_age_sec=31_536_000, override=True
                    ),
                ),
            ),
        )

    def _define_access_control(self) -> aws_cloudfront.CfnOriginAccessControl:
        control = aws_cloudfront.CfnOriginAccessControl
        return control(
            self,
            "OriginAccessControl",
            origin_access_control_config=control.OriginAccessControlConfigProperty(
                name=SITE,
                origin_access_control_origin_type="s3",
                signing_behavior="always",
                signing_protocol="sigv4",
            ),
        )

    def _define_distribution(self) -> aws_cloudfront.CfnDistribution:
        distribution = aws_cloudfront.CfnDistribution
        return distribution(
            self,
            "Distribution",
            distribution_config=distribution.DistributionConfigProperty(
                comment=SITE,
                enabled=True,
                ipv6_enabled=True,
                http_version="http2and3",
                price_class="PriceClass_100",
                default_root_object="index.html",
                origins=[
                    distribution.OriginProperty(
                        id="site",
                        domain_name=self.bucket.attr_regional_domain_name,
                        origin_access_control_id=self._define_access_control().ref,
                        s3_origin_config=distribution.S3OriginConfigProperty(
                            origin_access_identity=""
                        ),
                    )
                ],
                default_cache_behavior=distribution.DefaultCacheBehaviorProperty(
                    target_origin_id="site",
                    allowed_methods=["GET", "HEAD"],
                    cached_methods=["GET", "HEAD"],
                    cache_policy_id="658327ea-f89d-4fab-a63d-7e88639e58f6",
                    response_headers_policy_id=self._define_headers().ref,
                    compress=True,
                    viewer_protocol_policy="redirect-to-https",
                ),
                custom_error_responses=[
                    distribution.CustomErrorResponseProperty(
                        error_code=code,
                        response_code=404,
                        response_page_path="/error.html",
                        error_caching_min_ttl=10,
                    )
                    for code in (403, 404)
                ],
                restrictions=distribution.RestrictionsProperty(
                    geo_restriction=distribution.GeoRestrictionProperty(
                        restriction_type="none"
                    )
                ),
                viewer_certificate=distribution.ViewerCertificateProperty(
                    cloud_front_default_certificate=True
                ),
            ),
            tags=TAGS,
        )

    def _define_bucket_policy(self) -> None:
        objects = f"{self.bucket.attr_arn}/*"
        source = (
            f"arn:aws:cloudfront::{ACCOUNT}:distribution/{self.distribution.attr_id}"
        )
        aws_s3.CfnBucketPolicy(
            self,
            "BucketPolicy",
            bucket=self.bucket.ref,
            policy_document={
                "Version": "2012-10-17",
                "Statement": [
                    {
                        "Sid": "DistributionReads",
                        "Effect": "Allow",
                        "Principal": {"Service": "cloudfront.amazonaws.com"},
                        "Action": "s3:GetObject",
                        "Resource": objects,
                        "Condition": {"StringEquals": {"AWS:SourceArn": source}},
                    },
                    {
                        "Sid": "HttpsOnly",
                        "Effect": "Deny",
                        "Principal": "*",
                        "Action": "s3:*",
                        "Resource": [self.bucket.attr_arn, objects],
                        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
                    },
                ],
            },
        )

    def _define_api(self, body: dict[str, Any]) -> aws_apigateway.CfnRestApi:
        values = {
            "account_id": ACCOUNT,
            "nlb_dns_name": self.nlb_dns_name,
            "region": REGION,
            "site_origin": f"https://{self.distribution.attr_domain_name}",
            "user_pool_arn": self.pool.attr_arn,
            "user_pool_id": self.pool.ref,
            "vpc_link_id": self.link.ref,
        }
        text = re.sub(r"\$\{(\w+)\}", lambda name: values[name[1]], json.dumps(body))
        api = aws_apigateway.CfnRestApi
        return api(
            self,
            "RestApi",
            name="MysfitsApi",
            body=json.loads(text),
            disable_execute_api_endpoint=False,
            endpoint_configuration=api.EndpointConfigurationProperty(
                types=["REGIONAL"]
            ),
            fail_on_warnings=True,
            mode="overwrite",
            tags=TAGS,
        )

    def _define_stage(self) -> aws_apigateway.CfnStage:
        deployment = aws_apigateway.CfnDeployment(
            self, "Deployment", rest_api_id=self.api.ref
        )
        deployment.add_resource_dependency(self.link)
        logs = aws_logs.CfnLogGroup(
            self,
            "AccessLogs",
            log_group_name=f"/aws/apigateway/{PREFIX}/access",
            retention_in_days=30,
            tags=TAGS,
        )
        stage = aws_apigateway.CfnStage
        return stage(
            self,
            "Stage",
            rest_api_id=self.api.ref,
            deployment_id=deployment.attr_deployment_id,
            stage_name="prod",
            tracing_enabled=True,
            access_log_setting=stage.AccessLogSettingProperty(
                destination_arn=logs.attr_arn,
                format=json.dumps({name: f"$context.{name}" for name in LOGGED}),
            ),
            method_settings=[
                stage.MethodSettingProperty(
                    http_method="*",
                    resource_path="/*",
                    metrics_enabled=True,
                    logging_level="OFF",
                    data_trace_enabled=False,
                    throttling_rate_limit=100,
                    throttling_burst_limit=200,
                )
            ],
            tags=TAGS,
        )

    def _define_objects(self, inputs: dict[str, Any]) -> None:
        self.asset = aws_s3_assets.Asset(self, "Files", path=inputs["directory"])
        files = sorted(inputs["files"], key=lambda file: file["is_page"])
        others = [self._define_object(file) for file in files if not file["is_page"]]
        config = self._define_runtime_config()
        for other in others:
            config.add_resource_dependency(other)
        for file in files:
            if file["is_page"]:
                self._define_object(file).add_resource_dependency(config)

    def _define_object(self, file: dict[str, Any]) -> CfnCustomResource:
        return self._custom_resource(
            file["key"],
            {
                "Source": f"{self.asset.s3_object_url}/{file['key']}",
                "SourceHash": file["sha256"],
                "ContentType": file["content_type"],
                "CacheControl": file["cache_control"],
            },
        )

    def _define_runtime_config(self) -> CfnCustomResource:
        content = {
            "apiEndpoint": self._api_url(),
            "cognitoEndpoint": COGNITO,
            "region": REGION,
            "userPoolClientId": self.client.ref,
            "userPoolId": self.pool.ref,
        }
        return self._custom_resource(
            "config.json",
            {
                "Content": self.to_json_string(content),
                "ContentType": "application/json",
                "CacheControl": "no-cache",
            },
        )

    def _custom_resource(
        self, key: str, properties: dict[str, str]
    ) -> CfnCustomResource:
        service_token = f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:put-object"
        resource = CfnCustomResource(
            self, key.replace("/", "~1"), service_token=service_token
        )
        for name, value in {
            "Bucket": self.bucket.ref,
            "Key": key,
            **properties,
        }.items():
            resource.add_property_override(name, value)
        return resource

    def _api_url(self) -> str:
        return f"https://{self.api.ref}.execute-api.{REGION}.amazonaws.com/prod"

    def _define_outputs(self) -> None:
        values = {
            "ApiUrl": self._api_url(),
            "RestApiId": self.api.ref,
            "SiteBucketName": self.bucket.ref,
            "SiteUrl": f"https://{self.distribution.attr_domain_name}",
            "UserPoolClientId": self.client.ref,
            "UserPoolId": self.pool.ref,
            "VpcLinkId": self.link.ref,
        }
        for name, value in values.items():
            CfnOutput(self, name, value=value)


def main() -> None:
    inputs, outdir = sys.argv[1:]
    app = App(outdir=outdir)
    Gateway(app, "dev", inputs=json.loads(Path(inputs).read_text(encoding="utf-8")))
    app.synth()


if __name__ == "__main__":
    main()
