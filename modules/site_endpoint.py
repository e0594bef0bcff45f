"""
Define the bucket's public website endpoint.
"""

from constructs import Construct

from modules import aws
from modules.site_bucket import SiteBucket


class SiteEndpoint(Construct):
    """
    Define a website that everybody may read from the bucket, over plain HTTP.

    For previews and workshops: nothing protects what travels, and no security headers
    are sent.
    https://docs.aws.amazon.com/AmazonS3/latest/userguide/WebsiteHosting.html

    Attributes:
        host: the website's host name.

    Args:
        bucket: a bucket that may be public.
        index_document: the page at `/`.
        error_document: the page for what is missing.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        bucket: SiteBucket,
        index_document: str,
        error_document: str,
    ) -> None:
        super().__init__(scope, id_)
        website = aws.S3BucketWebsiteConfiguration(
            self,
            "Resource",
            bucket=bucket.bucket_name,
            index_document=aws.S3BucketWebsiteConfigurationIndexDocument(
                suffix=index_document
            ),
            error_document=aws.S3BucketWebsiteConfigurationErrorDocument(
                key=error_document
            ),
        )
        bucket.define_policy(
            [
                {
                    "Sid": "EverybodyReads",
                    "Effect": "Allow",
                    "Principal": "*",
                    "Action": "s3:GetObject",
                    "Resource": f"{bucket.bucket_arn}/*",
                }
            ]
        )
        self.host = website.website_endpoint
