"""
Define the website's bucket and how people reach it.
"""

from typing import Literal

from constructs import Construct

from modules.site_bucket import SiteBucket
from modules.site_distribution import SiteDistribution
from modules.site_endpoint import SiteEndpoint
from modules.site_records import SiteRecords


class Website(Construct):
    """
    Define a bucket, and CloudFront or the bucket's website endpoint in front of it.

    Attributes:
        bucket_name: the bucket of the site's files.
        bucket_versioning: what files in the bucket must wait for.
        origin: the scheme and host at which browsers reach the site.

    Args:
        hosting: `cloudfront`, or `s3` for the public website endpoint.
        name: the name of its CloudFront parts, unique in the account.
        bucket_name: the bucket's name, unique in AWS.
        force_destroy: whether a destroy deletes the files too.
        index_document: the page at `/`.
        error_document: the page for what is missing.
        content_security_policy: the site's CSP, sent by CloudFront only.
        price_class: which of CloudFront's edge locations serve.
        domain_name: the site's own name, for CloudFront only. Defaults to the
            hosting's.
        certificate_arn: the certificate of *domain_name*. Required with it.
        hosted_zone_id: the zone that gets the records of *domain_name*. Required with
            it.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        hosting: Literal["cloudfront", "s3"],
        name: str,
        bucket_name: str,
        force_destroy: bool,
        index_document: str,
        error_document: str,
        content_security_policy: str,
        price_class: str,
        domain_name: str | None = None,
        certificate_arn: str | None = None,
        hosted_zone_id: str | None = None,
    ) -> None:
        super().__init__(scope, id_)
        bucket = SiteBucket(
            self,
            "Bucket",
            bucket_name=bucket_name,
            force_destroy=force_destroy,
            public=hosting == "s3",
        )
        self.bucket_name = bucket.bucket_name
        self.bucket_versioning = bucket.versioning
        if hosting == "s3":
            endpoint = SiteEndpoint(
                self,
                "Endpoint",
                bucket=bucket,
                index_document=index_document,
                error_document=error_document,
            )
            self.origin = f"http://{endpoint.host}"
            return
        distribution = SiteDistribution(
            self,
            "Distribution",
            name=name,
            bucket=bucket,
            content_security_policy=content_security_policy,
            index_document=index_document,
            error_document=error_document,
            price_class=price_class,
            domain_name=domain_name,
            certificate_arn=certificate_arn,
        )
        self.origin = f"https://{domain_name or distribution.domain_name}"
        if domain_name is not None and hosted_zone_id is not None:
            SiteRecords(
                self,
                "Records",
                domain_name=domain_name,
                hosted_zone_id=hosted_zone_id,
                target_domain_name=distribution.domain_name,
                target_hosted_zone_id=distribution.hosted_zone_id,
            )
