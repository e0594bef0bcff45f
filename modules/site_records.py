"""
Define the site's DNS records.
"""

from constructs import Construct

from modules import aws


class SiteRecords(Construct):
    """
    Define the site's name for IPv4 and IPv6.

    Args:
        domain_name: the site's name, such as `www.example.com`.
        hosted_zone_id: the Route 53 zone that gets the records.
        target_domain_name: the distribution's host name.
        target_hosted_zone_id: the zone that aliases of distributions name.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        domain_name: str,
        hosted_zone_id: str,
        target_domain_name: str,
        target_hosted_zone_id: str,
    ) -> None:
        super().__init__(scope, id_)
        for record_type in ("A", "AAAA"):
            aws.Route53Record(
                self,
                record_type,
                zone_id=hosted_zone_id,
                name=domain_name,
                type=record_type,
                alias=aws.Route53RecordAlias(
                    name=target_domain_name,
                    zone_id=target_hosted_zone_id,
                    evaluate_target_health=False,
                ),
            )
