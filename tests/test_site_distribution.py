"""
The CloudFront distribution.
"""

from typing import Any

import pytest

from modules.site_bucket import SiteBucket
from modules.site_distribution import SiteDistribution
from tests.synth import Config, address, decoded, new_stack, only, synth


def synth_distribution(**options: Any) -> Config:  # noqa: ANN401
    stack = new_stack()
    bucket = SiteBucket(stack, "Bucket", bucket_name="b", force_destroy=False)
    SiteDistribution(
        stack,
        "Site",
        name="site",
        bucket=bucket,
        content_security_policy="default-src 'none'",
        index_document="index.html",
        error_document="error.html",
        price_class="PriceClass_100",
        **options,
    )
    return synth(stack)


@pytest.fixture(name="config", scope="module")
def _config() -> Config:
    return synth_distribution()


def test_default(config: Config) -> None:
    """Pages come from the bucket, over HTTPS, HTTP/2 and 3, with an error page."""
    bucket = address(config, "aws_s3_bucket")
    control = address(config, "aws_cloudfront_origin_access_control")
    headers = address(config, "aws_cloudfront_response_headers_policy")

    assert {
        "enabled": True,
        "is_ipv6_enabled": True,
        "http_version": "http2and3",
        "price_class": "PriceClass_100",
        "comment": "site",
        "default_root_object": "index.html",
        "origin": [
            {
                "origin_id": "site",
                "domain_name": f"${{{bucket}.bucket_regional_domain_name}}",
                "origin_access_control_id": f"${{{control}.id}}",
            }
        ],
        "default_cache_behavior": {
            "target_origin_id": "site",
            "viewer_protocol_policy": "redirect-to-https",
            "allowed_methods": ["GET", "HEAD"],
            "cached_methods": ["GET", "HEAD"],
            "compress": True,
            "cache_policy_id": "658327ea-f89d-4fab-a63d-7e88639e58f6",
            "response_headers_policy_id": f"${{{headers}.id}}",
        },
        "custom_error_response": [
            {
                "error_code": code,
                "response_code": 404,
                "response_page_path": "/error.html",
                "error_caching_min_ttl": 10,
            }
            for code in (403, 404)
        ],
        "restrictions": {"geo_restriction": {"restriction_type": "none"}},
        "viewer_certificate": {"cloudfront_default_certificate": True},
    } == only(config, "aws_cloudfront_distribution")


def test_own_name() -> None:
    """With a name of its own the site speaks TLS 1.2 at least."""
    config = synth_distribution(domain_name="www.example.com", certificate_arn="arn:c")
    distribution = only(config, "aws_cloudfront_distribution")

    assert distribution["aliases"] == ["www.example.com"]
    assert distribution["viewer_certificate"] == {
        "acm_certificate_arn": "arn:c",
        "ssl_support_method": "sni-only",
        "minimum_protocol_version": "TLSv1.2_2021",
    }


def test_requests_to_the_bucket_are_signed(config: Config) -> None:
    """The distribution proves to the bucket who it is."""
    assert {
        "name": "site",
        "origin_access_control_origin_type": "s3",
        "signing_behavior": "always",
        "signing_protocol": "sigv4",
    } == only(config, "aws_cloudfront_origin_access_control")


def test_security_headers(config: Config) -> None:
    """Every answer carries the security headers, whatever the object says."""
    assert {
        "name": "site",
        "security_headers_config": {
            "content_security_policy": {
                "content_security_policy": "default-src 'none'",
                "override": True,
            },
            "content_type_options": {"override": True},
            "frame_options": {"frame_option": "DENY", "override": True},
            "referrer_policy": {
                "referrer_policy": "strict-origin-when-cross-origin",
                "override": True,
            },
            "strict_transport_security": {
                "access_control_max_age_sec": 31536000,
                "override": True,
            },
        },
        "custom_headers_config": {
            "items": [
                {
                    "header": "Cross-Origin-Opener-Policy",
                    "value": "same-origin",
                    "override": True,
                },
                {
                    "header": "Permissions-Policy",
                    "value": "camera=(), geolocation=(), microphone=(), payment=()",
                    "override": True,
                },
            ]
        },
    } == only(config, "aws_cloudfront_response_headers_policy")


def test_this_distribution_alone_reads_over_https(config: Config) -> None:
    """The bucket lets this one distribution read files, and nobody use plain HTTP."""
    bucket = address(config, "aws_s3_bucket")
    distribution = address(config, "aws_cloudfront_distribution")
    policy = only(config, "aws_s3_bucket_policy")

    assert policy["depends_on"] == [
        address(config, "aws_s3_bucket_public_access_block")
    ]
    assert decoded(policy["policy"]) == {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Sid": "DistributionReads",
                "Effect": "Allow",
                "Principal": {"Service": "cloudfront.amazonaws.com"},
                "Action": "s3:GetObject",
                "Resource": f"${{{bucket}.arn}}/*",
                "Condition": {
                    "StringEquals": {"AWS:SourceArn": f"${{{distribution}.arn}}"}
                },
            },
            {
                "Sid": "HttpsOnly",
                "Effect": "Deny",
                "Principal": "*",
                "Action": "s3:*",
                "Resource": [f"${{{bucket}.arn}}", f"${{{bucket}.arn}}/*"],
                "Condition": {"Bool": {"aws:SecureTransport": "false"}},
            },
        ],
    }
