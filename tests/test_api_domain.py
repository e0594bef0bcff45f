"""
The API's own domain name.
"""

from modules.api_domain import ApiDomain
from tests.synth import address, new_stack, only, synth


def test_default() -> None:
    """The name maps to the stage, speaks TLS 1.2 at least and has a record."""
    stack = new_stack()
    ApiDomain(
        stack,
        "Domain",
        domain_name="api.example.com",
        certificate_arn="arn:cert",
        hosted_zone_id="Z1",
        rest_api_id="api",
        stage_name="prod",
    )
    config = synth(stack)
    name = address(config, "aws_api_gateway_domain_name")

    assert only(config, "aws_api_gateway_domain_name") == {
        "domain_name": "api.example.com",
        "regional_certificate_arn": "arn:cert",
        "endpoint_configuration": {"types": ["REGIONAL"]},
        "security_policy": "TLS_1_2",
    }
    assert only(config, "aws_api_gateway_base_path_mapping") == {
        "api_id": "api",
        "stage_name": "prod",
        "domain_name": f"${{{name}.domain_name}}",
    }
    assert only(config, "aws_route53_record") == {
        "zone_id": "Z1",
        "name": "api.example.com",
        "type": "A",
        "alias": {
            "name": f"${{{name}.regional_domain_name}}",
            "zone_id": f"${{{name}.regional_zone_id}}",
            "evaluate_target_health": False,
        },
    }
