"""
The site's DNS records.
"""

from modules.site_records import SiteRecords
from tests.synth import new_stack, synth


def test_default() -> None:
    """The name leads to the distribution over IPv4 and IPv6."""
    stack = new_stack()
    SiteRecords(
        stack,
        "Records",
        domain_name="www.example.com",
        hosted_zone_id="Z1",
        target_domain_name="d1.cloudfront.net",
        target_hosted_zone_id="Z2",
    )
    records = synth(stack)["resource"]["aws_route53_record"].values()

    assert [
        {
            "zone_id": "Z1",
            "name": "www.example.com",
            "type": record_type,
            "alias": {
                "name": "d1.cloudfront.net",
                "zone_id": "Z2",
                "evaluate_target_health": False,
            },
        }
        for record_type in ("A", "AAAA")
    ] == sorted(records, key=lambda record: record["type"])
