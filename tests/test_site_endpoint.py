"""
The bucket's public website endpoint.
"""

from modules.site_bucket import SiteBucket
from modules.site_endpoint import SiteEndpoint
from tests.synth import address, decoded, new_stack, only, synth


def test_default() -> None:
    """Everybody may read files, and nothing else, once the block lets the policy in."""
    stack = new_stack()
    bucket = SiteBucket(
        stack, "Bucket", bucket_name="b", force_destroy=True, public=True
    )
    SiteEndpoint(
        stack,
        "Endpoint",
        bucket=bucket,
        index_document="index.html",
        error_document="error.html",
    )
    config = synth(stack)
    bucket_address = address(config, "aws_s3_bucket")
    policy = only(config, "aws_s3_bucket_policy")

    assert only(config, "aws_s3_bucket_website_configuration") == {
        "bucket": f"${{{bucket_address}.id}}",
        "index_document": {"suffix": "index.html"},
        "error_document": {"key": "error.html"},
    }
    assert policy["depends_on"] == [
        address(config, "aws_s3_bucket_public_access_block")
    ]
    assert decoded(policy["policy"]) == {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Sid": "EverybodyReads",
                "Effect": "Allow",
                "Principal": "*",
                "Action": "s3:GetObject",
                "Resource": f"${{{bucket_address}.arn}}/*",
            }
        ],
    }
