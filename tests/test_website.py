"""
The website's bucket and how people reach it.
"""

from typing import Any

import cdktf

from modules.website import Website
from tests.synth import Config, address, new_stack, only, synth


def define_website(**options: Any) -> tuple[Website, Config]:  # noqa: ANN401
    stack = new_stack()
    defaults: dict[str, Any] = {
        "hosting": "cloudfront",
        "name": "site",
        "bucket_name": "b",
        "force_destroy": False,
        "index_document": "index.html",
        "error_document": "error.html",
        "content_security_policy": "default-src 'none'",
        "price_class": "PriceClass_100",
    }
    website = Website(stack, "Site", **{**defaults, **options})
    cdktf.TerraformOutput(stack, "origin", value=website.origin)
    return website, synth(stack)


def test_cloudfront() -> None:
    """CloudFront hosting keeps the bucket private and has no website endpoint."""
    _, config = define_website()
    distribution = address(config, "aws_cloudfront_distribution")

    assert (
        config["output"]["origin"]["value"]
        == f"https://${{{distribution}.domain_name}}"
    )
    assert only(config, "aws_s3_bucket_public_access_block")["block_public_policy"]
    assert "aws_s3_bucket_website_configuration" not in config["resource"]
    assert "aws_route53_record" not in config["resource"]


def test_s3() -> None:
    """S3 hosting opens the bucket and has no distribution."""
    _, config = define_website(hosting="s3")
    website = address(config, "aws_s3_bucket_website_configuration")

    assert (
        config["output"]["origin"]["value"] == f"http://${{{website}.website_endpoint}}"
    )
    assert not only(config, "aws_s3_bucket_public_access_block")["block_public_policy"]
    assert "aws_cloudfront_distribution" not in config["resource"]


def test_own_name() -> None:
    """A name of its own is the site's origin, exactly, and has records."""
    website, config = define_website(
        domain_name="www.example.com", certificate_arn="arn:c", hosted_zone_id="Z1"
    )

    assert website.origin == "https://www.example.com"
    assert len(config["resource"]["aws_route53_record"]) == 2
