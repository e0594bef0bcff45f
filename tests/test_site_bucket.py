"""
The bucket of the site's files.
"""

import pytest

from modules.site_bucket import SiteBucket
from tests.synth import Config, address, new_stack, only, synth


def synth_bucket(*, public: bool = False, force_destroy: bool = False) -> Config:
    stack = new_stack()
    SiteBucket(
        stack, "Bucket", bucket_name="b", force_destroy=force_destroy, public=public
    )
    return synth(stack)


def test_default() -> None:
    """The bucket is private, encrypted, versioned, and expires what it replaced."""
    config = synth_bucket()
    bucket = f"${{{address(config, 'aws_s3_bucket')}.id}}"
    versioning = address(config, "aws_s3_bucket_versioning")

    assert only(config, "aws_s3_bucket") == {"bucket": "b", "force_destroy": False}
    assert only(config, "aws_s3_bucket_public_access_block") == {
        "bucket": bucket,
        "block_public_acls": True,
        "block_public_policy": True,
        "ignore_public_acls": True,
        "restrict_public_buckets": True,
    }
    assert only(config, "aws_s3_bucket_ownership_controls") == {
        "bucket": bucket,
        "rule": {"object_ownership": "BucketOwnerEnforced"},
    }
    assert only(config, "aws_s3_bucket_server_side_encryption_configuration") == {
        "bucket": bucket,
        "rule": [
            {"apply_server_side_encryption_by_default": {"sse_algorithm": "AES256"}}
        ],
    }
    assert only(config, "aws_s3_bucket_versioning") == {
        "bucket": bucket,
        "versioning_configuration": {"status": "Enabled"},
    }
    assert only(config, "aws_s3_bucket_lifecycle_configuration") == {
        "bucket": bucket,
        "depends_on": [versioning],
        "rule": [
            {
                "id": "expire-old-versions",
                "status": "Enabled",
                "filter": [{"prefix": ""}],
                "noncurrent_version_expiration": [{"noncurrent_days": 30}],
                "abort_incomplete_multipart_upload": [{"days_after_initiation": 7}],
            }
        ],
    }


@pytest.mark.parametrize("key", ["block_public_policy", "restrict_public_buckets"])
def test_public_bucket_takes_a_public_policy_only(key: str) -> None:
    """A policy may open a public bucket; access control lists still may not."""
    block = only(synth_bucket(public=True), "aws_s3_bucket_public_access_block")

    assert block[key] is False
    assert block["block_public_acls"] is True
    assert block["ignore_public_acls"] is True


def test_force_destroy() -> None:
    """A bucket that may go takes its files with it."""
    assert only(synth_bucket(force_destroy=True), "aws_s3_bucket")["force_destroy"]
