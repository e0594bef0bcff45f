"""
Define the CloudFront distribution in front of the bucket.
"""

from collections.abc import Sequence

from constructs import Construct

from modules import aws
from modules.site_bucket import SiteBucket

# Managed policy CachingOptimized: honours Cache-Control, compresses.
# https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/using-managed-cache-policies.html
CACHING_OPTIMIZED = "658327ea-f89d-4fab-a63d-7e88639e58f6"
HSTS_SECONDS = 31536000
ERROR_CACHING_SECONDS = 10
PERMISSIONS_POLICY = "camera=(), geolocation=(), microphone=(), payment=()"


class SiteDistribution(Construct):
    """
    Define a distribution that alone may read the bucket, over HTTPS only.

    Attributes:
        domain_name: the distribution's host name.
        hosted_zone_id: the zone that DNS alias records to it name.

    Args:
        name: the name of its access control and its headers policy, unique in the
            account.
        bucket: a private bucket.
        content_security_policy: the site's CSP.
        index_document: the page at `/`.
        error_document: the page for what is missing.
        price_class: which edge locations serve.
        domain_name: the site's own name. Defaults to the distribution's, whose
            certificate allows TLS 1.0 and cannot be told otherwise.
        certificate_arn: the certificate of *domain_name*, in us-east-1. Required with
            it.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        name: str,
        bucket: SiteBucket,
        content_security_policy: str,
        index_document: str,
        error_document: str,
        price_class: str,
        domain_name: str | None = None,
        certificate_arn: str | None = None,
    ) -> None:
        super().__init__(scope, id_)
        access_control = aws.CloudfrontOriginAccessControl(
            self,
            "OriginAccessControl",
            name=name,
            origin_access_control_origin_type="s3",
            signing_behavior="always",
            signing_protocol="sigv4",
        )
        headers = self._define_headers_policy(name, content_security_policy)
        distribution = aws.CloudfrontDistribution(
            self,
            "Resource",
            enabled=True,
            is_ipv6_enabled=True,
            http_version="http2and3",
            price_class=price_class,
            comment=name,
            aliases=[domain_name] if domain_name else None,
            default_root_object=index_document,
            origin=[
                aws.CloudfrontDistributionOrigin(
                    origin_id="site",
                    domain_name=bucket.bucket_regional_domain_name,
                    origin_access_control_id=access_control.id,
                )
            ],
            default_cache_behavior=aws.CloudfrontDistributionDefaultCacheBehavior(
                target_origin_id="site",
                viewer_protocol_policy="redirect-to-https",
                allowed_methods=["GET", "HEAD"],
                cached_methods=["GET", "HEAD"],
                compress=True,
                cache_policy_id=CACHING_OPTIMIZED,
                response_headers_policy_id=headers.id,
            ),
            custom_error_response=_configure_errors(error_document),
            restrictions=aws.CloudfrontDistributionRestrictions(
                geo_restriction=aws.CloudfrontDistributionRestrictionsGeoRestriction(
                    restriction_type="none"
                )
            ),
            viewer_certificate=_configure_certificate(certificate_arn),
        )
        _define_bucket_policy(bucket, distribution)
        self.domain_name = distribution.domain_name
        self.hosted_zone_id = distribution.hosted_zone_id

    def _define_headers_policy(
        self, name: str, content_security_policy: str
    ) -> aws.CloudfrontResponseHeadersPolicy:
        config = aws.CloudfrontResponseHeadersPolicySecurityHeadersConfig
        return aws.CloudfrontResponseHeadersPolicy(
            self,
            "Headers",
            name=name,
            security_headers_config=config(
                content_security_policy=aws.CloudfrontResponseHeadersPolicySecurityHeadersConfigContentSecurityPolicy(
                    content_security_policy=content_security_policy, override=True
                ),
                content_type_options=aws.CloudfrontResponseHeadersPolicySecurityHeadersConfigContentTypeOptions(
                    override=True
                ),
                frame_options=aws.CloudfrontResponseHeadersPolicySecurityHeadersConfigFrameOptions(
                    frame_option="DENY", override=True
                ),
                referrer_policy=aws.CloudfrontResponseHeadersPolicySecurityHeadersConfigReferrerPolicy(
                    referrer_policy="strict-origin-when-cross-origin", override=True
                ),
                strict_transport_security=aws.CloudfrontResponseHeadersPolicySecurityHeadersConfigStrictTransportSecurity(
                    access_control_max_age_sec=HSTS_SECONDS, override=True
                ),
            ),
            custom_headers_config=aws.CloudfrontResponseHeadersPolicyCustomHeadersConfig(
                items=[
                    aws.CloudfrontResponseHeadersPolicyCustomHeadersConfigItems(
                        header=header, value=value, override=True
                    )
                    for header, value in (
                        ("Cross-Origin-Opener-Policy", "same-origin"),
                        ("Permissions-Policy", PERMISSIONS_POLICY),
                    )
                ]
            ),
        )


def _define_bucket_policy(
    bucket: SiteBucket, distribution: aws.CloudfrontDistribution
) -> None:
    """
    Let this distribution read the files, and nobody use plain HTTP.

    Source: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/private-content-restricting-access-to-s3.html
    """
    files = f"{bucket.bucket_arn}/*"
    bucket.define_policy(
        [
            {
                "Sid": "DistributionReads",
                "Effect": "Allow",
                "Principal": {"Service": "cloudfront.amazonaws.com"},
                "Action": "s3:GetObject",
                "Resource": files,
                "Condition": {"StringEquals": {"AWS:SourceArn": distribution.arn}},
            },
            {
                "Sid": "HttpsOnly",
                "Effect": "Deny",
                "Principal": "*",
                "Action": "s3:*",
                "Resource": [bucket.bucket_arn, files],
                "Condition": {"Bool": {"aws:SecureTransport": "false"}},
            },
        ]
    )


def _configure_errors(
    error_document: str,
) -> Sequence[aws.CloudfrontDistributionCustomErrorResponse]:
    # S3 answers 403 for a missing file to a reader that may not list the bucket.
    return [
        aws.CloudfrontDistributionCustomErrorResponse(
            error_code=code,
            response_code=404,
            response_page_path=f"/{error_document}",
            error_caching_min_ttl=ERROR_CACHING_SECONDS,
        )
        for code in (403, 404)
    ]


def _configure_certificate(
    certificate_arn: str | None,
) -> aws.CloudfrontDistributionViewerCertificate:
    if certificate_arn is None:
        return aws.CloudfrontDistributionViewerCertificate(
            cloudfront_default_certificate=True
        )
    return aws.CloudfrontDistributionViewerCertificate(
        acm_certificate_arn=certificate_arn,
        ssl_support_method="sni-only",
        minimum_protocol_version="TLSv1.2_2021",
    )
