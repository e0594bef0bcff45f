"""
Define the API's own domain name.
"""

from constructs import Construct

from modules import aws


class ApiDomain(Construct):
    """
    Define a regional domain name for a stage, and its DNS record.

    Args:
        domain_name: the API's name, such as `api.example.com`.
        certificate_arn: its certificate, in the API's region.
        hosted_zone_id: the Route 53 zone that gets the record.
        rest_api_id: the API that answers at it.
        stage_name: the stage that answers at it.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        domain_name: str,
        certificate_arn: str,
        hosted_zone_id: str,
        rest_api_id: str,
        stage_name: str,
    ) -> None:
        super().__init__(scope, id_)
        domain = aws.ApiGatewayDomainName(
            self,
            "Resource",
            domain_name=domain_name,
            regional_certificate_arn=certificate_arn,
            endpoint_configuration=aws.ApiGatewayDomainNameEndpointConfiguration(
                types=["REGIONAL"]
            ),
            # https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-custom-domain-tls-version.html
            security_policy="TLS_1_2",
        )
        aws.ApiGatewayBasePathMapping(
            self,
            "Mapping",
            api_id=rest_api_id,
            stage_name=stage_name,
            domain_name=domain.domain_name,
        )
        aws.Route53Record(
            self,
            "Record",
            zone_id=hosted_zone_id,
            name=domain_name,
            type="A",
            alias=aws.Route53RecordAlias(
                name=domain.regional_domain_name,
                zone_id=domain.regional_zone_id,
                evaluate_target_health=False,
            ),
        )
