"""
Define the bucket of the site's files.
"""

from collections.abc import Mapping, Sequence

from constructs import Construct

from modules import aws
from modules.expressions import jsonencode

NONCURRENT_VERSION_DAYS = 30
INCOMPLETE_UPLOAD_DAYS = 7


class SiteBucket(Construct):
    """
    Define a versioned, encrypted bucket without access control lists.

    Attributes:
        bucket_name: the bucket's name.
        bucket_arn: the bucket's ARN.
        bucket_regional_domain_name: the host at which CloudFront reads it.
        versioning: what must be on before a file is in the bucket, and until the last
            one is gone.

    Args:
        bucket_name: the bucket's name, unique in AWS.
        force_destroy: whether a destroy deletes files and versions too.
        public: whether a bucket policy may let everybody read. Defaults to false.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        bucket_name: str,
        force_destroy: bool,
        public: bool = False,
    ) -> None:
        super().__init__(scope, id_)
        bucket = aws.S3Bucket(
            self, "Resource", bucket=bucket_name, force_destroy=force_destroy
        )
        self.bucket_name = bucket.id
        self.bucket_arn = bucket.arn
        self.bucket_regional_domain_name = bucket.bucket_regional_domain_name
        self._public_access_block = aws.S3BucketPublicAccessBlock(
            self,
            "PublicAccessBlock",
            bucket=self.bucket_name,
            block_public_acls=True,
            ignore_public_acls=True,
            block_public_policy=not public,
            restrict_public_buckets=not public,
        )
        aws.S3BucketOwnershipControls(
            self,
            "OwnershipControls",
            bucket=self.bucket_name,
            rule=aws.S3BucketOwnershipControlsRule(
                object_ownership="BucketOwnerEnforced"
            ),
        )
        self._define_encryption()
        self.versioning = self._define_versioning()

    def define_policy(self, statements: Sequence[Mapping[str, object]]) -> None:
        """
        Define the bucket's policy, once.

        However the site is hosted, the policy has one address: a bucket has only one,
        and of two resources the older would be removed after the newer was put.

        Args:
            statements: the policy's statements; their strings may hold references.
        """
        aws.S3BucketPolicy(
            self,
            "Policy",
            bucket=self.bucket_name,
            policy=jsonencode(
                self, {"Version": "2012-10-17", "Statement": list(statements)}
            ),
            # A public policy is refused until the block lets it pass.
            depends_on=[self._public_access_block],
        )

    def _define_encryption(self) -> None:
        aws.S3BucketServerSideEncryptionConfigurationA(
            self,
            "Encryption",
            bucket=self.bucket_name,
            rule=[
                aws.S3BucketServerSideEncryptionConfigurationRuleA(
                    apply_server_side_encryption_by_default=aws.S3BucketServerSideEncryptionConfigurationRuleApplyServerSideEncryptionByDefaultA(
                        sse_algorithm="AES256"
                    )
                )
            ],
        )

    def _define_versioning(self) -> aws.S3BucketVersioningA:
        versioning = aws.S3BucketVersioningA(
            self,
            "Versioning",
            bucket=self.bucket_name,
            versioning_configuration=aws.S3BucketVersioningVersioningConfiguration(
                status="Enabled"
            ),
        )
        aws.S3BucketLifecycleConfiguration(
            self,
            "Lifecycle",
            bucket=self.bucket_name,
            rule=[
                aws.S3BucketLifecycleConfigurationRule(
                    id="expire-old-versions",
                    status="Enabled",
                    filter=[aws.S3BucketLifecycleConfigurationRuleFilter(prefix="")],
                    noncurrent_version_expiration=[
                        aws.S3BucketLifecycleConfigurationRuleNoncurrentVersionExpiration(
                            noncurrent_days=NONCURRENT_VERSION_DAYS
                        )
                    ],
                    abort_incomplete_multipart_upload=[
                        aws.S3BucketLifecycleConfigurationRuleAbortIncompleteMultipartUpload(
                            days_after_initiation=INCOMPLETE_UPLOAD_DAYS
                        )
                    ],
                )
            ],
            # Rules for old versions are refused while versioning is off.
            depends_on=[versioning],
        )
        return versioning
