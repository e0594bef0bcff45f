"""
Give the form of the values that AWS chooses for each type.

Placeholders: any attribute of the resource; `account`, `region`, `partition`, `suffix`
(of hosts); `hexN`, `lowerN`, `upperN`, `mixedN` and `digitsN`, N characters that depend
on the resource; `uuid`; `time`. What each ARN consists of:
https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
"""

from collections.abc import Mapping

# The hosted zones of AWS's own hosts.
# https://docs.aws.amazon.com/general/latest/gr/rande.html
CLOUDFRONT_ZONE = "Z2FDTNDATAQYW2"
S3_ZONES: Mapping[str, str] = {
    "ap-northeast-1": "Z2M4EHUR26P7ZW",
    "ap-southeast-1": "Z3O0J2DXBE1FTB",
    "ap-southeast-2": "Z1WCIGYICN2BYD",
    "ca-central-1": "Z1QDHH18159H29",
    "eu-central-1": "Z21DNDUVLTQW6Q",
    "eu-north-1": "Z3BAZG2TWCNX0D",
    "eu-west-1": "Z1BKCTXD74EZPE",
    "eu-west-2": "Z3GKZC51ZF0DB4",
    "eu-west-3": "Z3R1K369G5AVDG",
    "sa-east-1": "Z7KQH4QJS55SO",
    "us-east-1": "Z3AQBSTGFYJSTF",
    "us-east-2": "Z2O1EMRO9K5GLX",
    "us-west-1": "Z2F56UZL2M1ACD",
    "us-west-2": "Z3BJ6K6RIION7M",
}

# How an ARN begins, up to the account or the resource.
GLOBAL = "arn:{partition}:%s::{account}:"
REGIONAL = "arn:{partition}:%s:{region}:{account}:"


def _global(service: str, resource: str) -> str:
    return f"{GLOBAL % service}{resource}"


def _regional(service: str, resource: str) -> str:
    return f"{REGIONAL % service}{resource}"


def _gateway(resource: str) -> str:
    return f"arn:{{partition}}:apigateway:{{region}}::{resource}"


_EXECUTE = _regional("execute-api", "")
_FUNCTION = _regional("lambda", "function:{function_name}")
_INVOKE = "arn:{partition}:apigateway:{region}:lambda:path/2015-03-31/functions/"

FORMS: Mapping[str, Mapping[str, str]] = {
    "aws_acm_certificate": {
        "id": "{arn}",
        "arn": _regional("acm", "certificate/{uuid}"),
        "status": "PENDING_VALIDATION",
        "type": "AMAZON_ISSUED",
        "key_algorithm": "RSA_2048",
    },
    "aws_acm_certificate_validation": {"id": "{time}"},
    "aws_api_gateway_account": {"id": "api-gateway-account", "api_key_version": "4"},
    "aws_api_gateway_api_key": {
        "id": "{lower10}",
        "arn": _gateway("/apikeys/{id}"),
        "value": "{mixed40}",
    },
    "aws_api_gateway_authorizer": {
        "id": "{lower6}",
        "arn": _gateway("/restapis/{rest_api_id}/authorizers/{id}"),
    },
    "aws_api_gateway_base_path_mapping": {"id": "{domain_name}/{base_path}"},
    "aws_api_gateway_deployment": {"id": "{lower6}"},
    "aws_api_gateway_domain_name": {
        "id": "{domain_name}",
        "arn": _gateway("/domainnames/{domain_name}"),
        "cloudfront_domain_name": "{lower13}.cloudfront.net",
        "cloudfront_zone_id": CLOUDFRONT_ZONE,
        "regional_domain_name": "d-{lower10}.execute-api.{region}.{suffix}",
        "regional_zone_id": "Z{upper13}",
        "security_policy": "TLS_1_2",
    },
    "aws_api_gateway_gateway_response": {"id": "aggr-{rest_api_id}-{response_type}"},
    "aws_api_gateway_integration": {
        "id": "agi-{rest_api_id}-{resource_id}-{http_method}"
    },
    "aws_api_gateway_integration_response": {
        "id": "agir-{rest_api_id}-{resource_id}-{http_method}-{status_code}"
    },
    "aws_api_gateway_method": {"id": "agm-{rest_api_id}-{resource_id}-{http_method}"},
    "aws_api_gateway_method_response": {
        "id": "agmr-{rest_api_id}-{resource_id}-{http_method}-{status_code}"
    },
    "aws_api_gateway_method_settings": {
        "id": "{rest_api_id}-{stage_name}-{method_path}"
    },
    "aws_api_gateway_model": {"id": "{lower6}"},
    "aws_api_gateway_request_validator": {"id": "{lower6}"},
    "aws_api_gateway_resource": {"id": "{lower6}", "path": "/{path_part}"},
    "aws_api_gateway_rest_api": {
        "id": "{lower10}",
        "arn": _gateway("/restapis/{id}"),
        "execution_arn": f"{_EXECUTE}{{id}}",
        "root_resource_id": "{lower10}",
        "api_key_source": "HEADER",
    },
    "aws_api_gateway_rest_api_policy": {"id": "{rest_api_id}"},
    "aws_api_gateway_stage": {
        "id": "ags-{rest_api_id}-{stage_name}",
        "arn": _gateway("/restapis/{rest_api_id}/stages/{stage_name}"),
        "execution_arn": f"{_EXECUTE}{{rest_api_id}}/{{stage_name}}",
        "invoke_url": "https://{rest_api_id}.execute-api.{region}.{suffix}/{stage_name}",
        "web_acl_arn": "",
    },
    "aws_api_gateway_usage_plan": {
        "id": "{lower6}",
        "arn": _gateway("/usageplans/{id}"),
    },
    "aws_api_gateway_vpc_link": {"id": "{lower6}", "arn": _gateway("/vpclinks/{id}")},
    "aws_apigatewayv2_api": {
        "id": "{lower10}",
        "arn": _gateway("/apis/{id}"),
        "api_endpoint": "https://{id}.execute-api.{region}.{suffix}",
        "execution_arn": f"{_EXECUTE}{{id}}",
    },
    "aws_apigatewayv2_authorizer": {"id": "{lower6}"},
    "aws_apigatewayv2_integration": {"id": "{lower7}"},
    "aws_apigatewayv2_route": {"id": "{lower7}"},
    "aws_apigatewayv2_stage": {
        "id": "{name}",
        "arn": _gateway("/apis/{api_id}/stages/{name}"),
        "execution_arn": f"{_EXECUTE}{{api_id}}/{{name}}",
        "invoke_url": "https://{api_id}.execute-api.{region}.{suffix}/{name}",
    },
    "aws_apigatewayv2_vpc_link": {"id": "{lower6}", "arn": _gateway("/vpclinks/{id}")},
    "aws_cloudfront_cache_policy": {
        "id": "{uuid}",
        "arn": _global("cloudfront", "cache-policy/{id}"),
        "etag": "E{upper12}",
    },
    "aws_cloudfront_distribution": {
        "id": "E{upper13}",
        "arn": _global("cloudfront", "distribution/{id}"),
        "caller_reference": "terraform-{stamp}",
        "domain_name": "d{lower13}.cloudfront.net",
        "etag": "E{upper12}",
        "hosted_zone_id": CLOUDFRONT_ZONE,
        "status": "Deployed",
    },
    "aws_cloudfront_function": {
        "id": "{name}",
        "arn": _global("cloudfront", "function/{name}"),
        "etag": "E{upper12}",
        "live_stage_etag": "E{upper12}",
        "status": "UNASSOCIATED",
    },
    "aws_cloudfront_origin_access_control": {
        "id": "E{upper13}",
        "arn": _global("cloudfront", "origin-access-control/{id}"),
        "etag": "E{upper12}",
    },
    "aws_cloudfront_origin_access_identity": {
        "id": "E{upper13}",
        "arn": _global("cloudfront", "origin-access-identity/{id}"),
        "caller_reference": "terraform-{stamp}",
        "cloudfront_access_identity_path": "origin-access-identity/cloudfront/{id}",
        "etag": "E{upper12}",
        "iam_arn": "arn:{partition}:iam::cloudfront:user/"
        "CloudFront Origin Access Identity {id}",
        "s3_canonical_user_id": "{hex96}",
    },
    "aws_cloudfront_origin_request_policy": {"id": "{uuid}", "etag": "E{upper12}"},
    "aws_cloudfront_public_key": {"id": "K{upper13}", "etag": "E{upper12}"},
    "aws_cloudfront_response_headers_policy": {
        "id": "{uuid}",
        "arn": _global("cloudfront", "response-headers-policy/{id}"),
        "etag": "E{upper12}",
    },
    "aws_cloudfront_vpc_origin": {
        "id": "vo_{mixed22}",
        "arn": _global("cloudfront", "vpcorigin/{id}"),
        "etag": "E{upper12}",
    },
    "aws_cloudwatch_event_rule": {
        "id": "{name}",
        "arn": _regional("events", "rule/{name}"),
        "event_bus_name": "default",
    },
    "aws_cloudwatch_event_target": {"id": "{rule}-{target_id}"},
    "aws_cloudwatch_log_group": {
        "id": "{name}",
        "arn": _regional("logs", "log-group:{name}"),
        "log_group_class": "STANDARD",
    },
    "aws_cloudwatch_log_stream": {
        "id": "{name}",
        "arn": _regional("logs", "log-group:{log_group_name}:log-stream:{name}"),
    },
    "aws_cloudwatch_metric_alarm": {
        "id": "{alarm_name}",
        "arn": _regional("cloudwatch", "alarm:{alarm_name}"),
        "evaluate_low_sample_count_percentiles": "evaluate",
    },
    "aws_codebuild_project": {
        "id": "{arn}",
        "arn": _regional("codebuild", "project/{name}"),
    },
    "aws_cognito_identity_pool": {
        "id": "{region}:{uuid}",
        "arn": _regional("cognito-identity", "identitypool/{id}"),
    },
    "aws_cognito_resource_server": {"id": "{user_pool_id}|{identifier}"},
    "aws_cognito_user": {
        "id": "{user_pool_id}/{username}",
        "status": "FORCE_CHANGE_PASSWORD",
        "sub": "{uuid}",
    },
    "aws_cognito_user_group": {"id": "{user_pool_id}/{name}"},
    "aws_cognito_user_in_group": {"id": "{stamp}"},
    "aws_cognito_user_pool": {
        "id": "{region}_{mixed9}",
        "arn": _regional("cognito-idp", "userpool/{id}"),
        "endpoint": "cognito-idp.{region}.{suffix}/{id}",
        "user_pool_tier": "ESSENTIALS",
        "mfa_configuration": "OFF",
        "deletion_protection": "INACTIVE",
        "custom_domain": "",
        "domain": "",
    },
    "aws_cognito_user_pool_client": {
        "id": "{lower26}",
        "client_secret": "",
        "prevent_user_existence_errors": "ENABLED",
    },
    "aws_cognito_user_pool_domain": {
        "id": "{domain}",
        "aws_account_id": "{account}",
        "cloudfront_distribution": "d{lower13}.cloudfront.net",
        "cloudfront_distribution_arn": "d{lower13}.cloudfront.net",
        "cloudfront_distribution_zone_id": CLOUDFRONT_ZONE,
        "s3_bucket": "aws-cognito-prod-{region}-assets",
        "version": "{stamp}",
    },
    "aws_db_instance": {
        "id": "db-{upper26}",
        "arn": _regional("rds", "db:{identifier}"),
        "address": "{identifier}.{lower12}.{region}.rds.{suffix}",
        "endpoint": "{address}:3306",
        "identifier": "terraform-{stamp}",
        "resource_id": "db-{upper26}",
        "status": "available",
    },
    "aws_dynamodb_table": {
        "id": "{name}",
        "arn": _regional("dynamodb", "table/{name}"),
        "stream_arn": "",
        "stream_label": "",
        "stream_view_type": "",
    },
    "aws_ecr_repository": {
        "id": "{name}",
        "arn": _regional("ecr", "repository/{name}"),
        "registry_id": "{account}",
        "repository_url": "{account}.dkr.ecr.{region}.{suffix}/{name}",
    },
    "aws_ecs_cluster": {"id": "{arn}", "arn": _regional("ecs", "cluster/{name}")},
    "aws_ecs_service": {"id": "{arn}", "arn": _regional("ecs", "service/{name}")},
    "aws_ecs_task_definition": {
        "id": "{family}",
        "arn": _regional("ecs", "task-definition/{family}:{revision}"),
        "arn_without_revision": _regional("ecs", "task-definition/{family}"),
        "network_mode": "bridge",
    },
    "aws_eip": {
        "id": "eipalloc-{hex17}",
        "allocation_id": "{id}",
        "arn": _regional("ec2", "elastic-ip/{id}"),
        "domain": "vpc",
        "public_ip": "192.0.2.{octet}",
    },
    "aws_iam_group": {
        "id": "{name}",
        "arn": _global("iam", "group{path}{name}"),
        "unique_id": "AGPA{upper17}",
    },
    "aws_iam_instance_profile": {
        "id": "{name}",
        "arn": _global("iam", "instance-profile{path}{name}"),
        "unique_id": "AIPA{upper17}",
    },
    "aws_iam_openid_connect_provider": {
        "id": "{arn}",
        "arn": _global("iam", "oidc-provider/{url_host}"),
    },
    "aws_iam_policy": {
        "id": "{arn}",
        "arn": _global("iam", "policy{path}{name}"),
        "policy_id": "ANPA{upper17}",
    },
    "aws_iam_role": {
        "id": "{name}",
        "arn": _global("iam", "role{path}{name}"),
        "unique_id": "AROA{upper17}",
    },
    "aws_iam_role_policy": {"id": "{role}:{name}"},
    "aws_iam_role_policy_attachment": {"id": "{role}/{policy_arn}"},
    "aws_iam_user": {
        "id": "{name}",
        "arn": _global("iam", "user{path}{name}"),
        "unique_id": "AIDA{upper17}",
    },
    "aws_instance": {
        "id": "i-{hex17}",
        "arn": _regional("ec2", "instance/{id}"),
        "instance_state": "running",
        "private_ip": "10.0.0.{octet}",
        "private_dns": "ip-10-0-0-{octet}.{region}.compute.internal",
        "availability_zone": "{region}a",
        "primary_network_interface_id": "eni-{hex17}",
        "public_ip": "",
        "public_dns": "",
        "tenancy": "default",
    },
    "aws_internet_gateway": {
        "id": "igw-{hex17}",
        "arn": _regional("ec2", "internet-gateway/{id}"),
        "owner_id": "{account}",
    },
    "aws_kms_alias": {
        "id": "{name}",
        "arn": _regional("kms", "{name}"),
        "target_key_arn": _regional("kms", "key/{target_key_id}"),
    },
    "aws_kms_key": {
        "id": "{uuid}",
        "key_id": "{id}",
        "arn": _regional("kms", "key/{id}"),
    },
    "aws_lambda_alias": {
        "id": "{arn}",
        "arn": f"{_FUNCTION}:{{name}}",
        "invoke_arn": f"{_INVOKE}{{arn}}/invocations",
    },
    "aws_lambda_event_source_mapping": {
        "id": "{uuid}",
        "uuid": "{id}",
        "arn": _regional("lambda", "event-source-mapping:{id}"),
        "function_arn": _FUNCTION,
        "state": "Enabled",
    },
    "aws_lambda_function": {
        "id": "{function_name}",
        "arn": _FUNCTION,
        "invoke_arn": f"{_INVOKE}{{arn}}/invocations",
        "qualified_arn": "{arn}:{version}",
        "qualified_invoke_arn": f"{_INVOKE}{{qualified_arn}}/invocations",
        "version": "$LATEST",
        "code_sha256": "{base64}",
        "source_code_hash": "{base64}",
        "signing_job_arn": "",
        "signing_profile_version_arn": "",
    },
    "aws_lambda_function_url": {
        "id": "{function_name}",
        "function_arn": _FUNCTION,
        "function_url": "https://{lower32}.lambda-url.{region}.on.aws/",
        "url_id": "{lower32}",
    },
    "aws_lambda_layer_version": {
        "id": "{arn}",
        "layer_arn": _regional("lambda", "layer:{layer_name}"),
        "arn": "{layer_arn}:{version}",
        "version": "1",
    },
    "aws_lambda_permission": {
        "id": "{statement_id}",
        "statement_id": "terraform-{stamp}",
    },
    "aws_launch_template": {
        "id": "lt-{hex17}",
        "arn": _regional("ec2", "launch-template/{id}"),
        "name": "terraform-{stamp}",
    },
    "aws_lb": {
        "id": "{arn}",
        "arn": _regional("elasticloadbalancing", "loadbalancer/{arn_suffix}"),
        "arn_suffix": "{lb_kind}/{name}/{hex16}",
        "dns_name": "{name}-{hex16}.elb.{region}.{suffix}",
        "name": "tf-lb-{stamp}",
        "zone_id": "Z{upper13}",
        "ip_address_type": "ipv4",
        "enforce_security_group_inbound_rules_on_private_link_traffic": "",
    },
    "aws_lb_listener": {
        "id": "{arn}",
        "arn": _regional("elasticloadbalancing", "listener/net/lb/{hex16}/{hex16}"),
    },
    "aws_lb_listener_rule": {
        "id": "{arn}",
        "arn": _regional(
            "elasticloadbalancing", "listener-rule/app/lb/{hex16}/{hex16}/{hex16}"
        ),
    },
    "aws_lb_target_group": {
        "id": "{arn}",
        "arn": _regional("elasticloadbalancing", "{arn_suffix}"),
        "arn_suffix": "targetgroup/{name}/{hex16}",
        "name": "tf-{stamp}",
    },
    "aws_nat_gateway": {"id": "nat-{hex17}", "network_interface_id": "eni-{hex17}"},
    "aws_network_acl": {"id": "acl-{hex17}"},
    "aws_network_interface": {"id": "eni-{hex17}"},
    "aws_route": {"id": "r-{route_table_id}{digits10}"},
    "aws_route53_record": {"id": "{zone_id}_{name}_{type}", "fqdn": "{name}"},
    "aws_route53_zone": {
        "id": "Z{upper20}",
        "zone_id": "{id}",
        "arn": "arn:{partition}:route53:::hostedzone/{id}",
        "primary_name_server": "ns-{digits3}.awsdns-00.com",
    },
    "aws_route_table": {"id": "rtb-{hex17}"},
    "aws_route_table_association": {"id": "rtbassoc-{hex17}"},
    "aws_s3_bucket": {
        "id": "{bucket}",
        "bucket": "terraform-{stamp}",
        "arn": "arn:{partition}:s3:::{bucket}",
        "bucket_domain_name": "{bucket}.s3.{suffix}",
        "bucket_regional_domain_name": "{bucket}.s3.{region}.{suffix}",
        "bucket_region": "{region}",
        "hosted_zone_id": "{s3_zone}",
        "request_payer": "BucketOwner",
        "website_domain": "",
        "website_endpoint": "",
    },
    "aws_s3_bucket_website_configuration": {
        "id": "{bucket}",
        "website_domain": "s3-website-{region}.{suffix}",
        "website_endpoint": "{bucket}.s3-website-{region}.{suffix}",
    },
    "aws_s3_object": {
        "id": "{bucket}/{key}",
        "arn": "arn:{partition}:s3:::{bucket}/{key}",
        "content_type": "application/octet-stream",
        "etag": "{hex32}",
        "server_side_encryption": "AES256",
        "storage_class": "STANDARD",
        "version_id": "{mixed32}",
    },
    "aws_secretsmanager_secret": {
        "id": "{arn}",
        "arn": _regional("secretsmanager", "secret:{name}-{mixed6}"),
        "name": "terraform-{stamp}",
    },
    "aws_secretsmanager_secret_version": {
        "id": "{secret_id}|{version_id}",
        "arn": "{secret_id}",
        "version_id": "terraform-{stamp}",
    },
    "aws_security_group": {
        "id": "sg-{hex17}",
        "arn": _regional("ec2", "security-group/{id}"),
        "name": "terraform-{stamp}",
        "owner_id": "{account}",
    },
    "aws_security_group_rule": {
        "id": "sgrule-{digits10}",
        "security_group_rule_id": "sgr-{hex17}",
    },
    "aws_sfn_state_machine": {
        "id": "{arn}",
        "arn": _regional("states", "stateMachine:{name}"),
        "status": "ACTIVE",
    },
    "aws_sns_topic": {
        "id": "{arn}",
        "arn": _regional("sns", "{name}"),
        "name": "terraform-{stamp}",
        "owner": "{account}",
    },
    "aws_sns_topic_subscription": {
        "id": "{arn}",
        "arn": "{topic_arn}:{uuid}",
        "owner_id": "{account}",
    },
    "aws_sqs_queue": {
        "id": "{url}",
        "arn": _regional("sqs", "{name}"),
        "name": "terraform-{stamp}",
        "url": "https://sqs.{region}.{suffix}/{account}/{name}",
    },
    "aws_ssm_parameter": {
        "id": "{name}",
        "arn": _regional("ssm", "parameter/{name}"),
    },
    "aws_subnet": {
        "id": "subnet-{hex17}",
        "arn": _regional("ec2", "subnet/{id}"),
        "availability_zone": "{region}a",
        "owner_id": "{account}",
    },
    "aws_vpc": {
        "id": "vpc-{hex17}",
        "arn": _regional("ec2", "vpc/{id}"),
        "default_network_acl_id": "acl-{hex17}",
        "default_route_table_id": "rtb-{hex17}",
        "default_security_group_id": "sg-{hex17}",
        "main_route_table_id": "rtb-{hex17}",
        "dhcp_options_id": "dopt-{hex17}",
        "owner_id": "{account}",
    },
    "aws_vpc_endpoint": {"id": "vpce-{hex17}", "state": "available"},
    "aws_vpc_security_group_egress_rule": {
        "id": "sgr-{hex17}",
        "security_group_rule_id": "{id}",
        "arn": _regional("ec2", "security-group-rule/{id}"),
    },
    "aws_vpc_security_group_ingress_rule": {
        "id": "sgr-{hex17}",
        "security_group_rule_id": "{id}",
        "arn": _regional("ec2", "security-group-rule/{id}"),
    },
    "aws_wafv2_web_acl": {
        "id": "{uuid}",
        "arn": _regional("wafv2", "regional/webacl/{name}/{id}"),
        "lock_token": "{uuid}",
    },
}

# Computed numbers and texts that are no placeholder's matter.
FIRST: Mapping[str, Mapping[str, object]] = {
    "aws_ecs_task_definition": {"revision": 1},
    "aws_launch_template": {"default_version": 1, "latest_version": 1},
    "aws_ssm_parameter": {"version": 1},
}

# By the name of an attribute, in all other types.
NAMES: Mapping[str, str] = {
    "account_id": "{account}",
    "address": "{lower12}.{region}.{suffix}",
    "arn": "arn:{partition}:{service}:{region}:{account}:{kind}/{hex12}",
    "availability_zone": "{region}a",
    "aws_account_id": "{account}",
    "cidr_block": "10.0.0.0/16",
    "create_date": "{time}",
    "created_date": "{time}",
    "creation_date": "{time}",
    "dns_name": "{lower12}.{region}.{suffix}",
    "domain_name": "{lower12}.{region}.{suffix}",
    "endpoint": "{lower12}.{service}.{region}.{suffix}",
    "etag": "{hex32}",
    "hosted_zone_id": "Z{upper13}",
    "last_modified": "{time}",
    "name": "terraform-{stamp}",
    "owner": "{account}",
    "owner_account": "{account}",
    "owner_id": "{account}",
    "private_ip": "10.0.0.{octet}",
    "public_ip": "192.0.2.{octet}",
    "region": "{region}",
    "registry_id": "{account}",
    "security_group_id": "sg-{hex17}",
    "status": "ACTIVE",
    "subnet_id": "subnet-{hex17}",
    "url": "https://{lower12}.{service}.{region}.{suffix}",
    "uuid": "{uuid}",
    "version": "1",
    "version_id": "{mixed32}",
    "vpc_id": "vpc-{hex17}",
    "zone_id": "Z{upper13}",
}

# By the end of an attribute's name, when nothing else fits.
ENDINGS: Mapping[str, str] = {
    "_arn": "arn:{partition}:{service}:{region}:{account}:{kind}/{hex12}",
    "_at": "{time}",
    "_date": "{time}",
    "_time": "{time}",
    "_url": "https://{lower12}.{service}.{region}.{suffix}",
    "_id": "{hex12}",
    "_ip": "10.0.0.{octet}",
}

# The arguments after which most types name their objects, and that are then their id.
IDENTIFYING: tuple[str, ...] = (
    "bucket",
    "name",
    "identifier",
    "cluster_identifier",
    "domain",
    "domain_name",
    "function_name",
)

# Service names in ARNs, where a type's name has another.
SERVICES: Mapping[str, str] = {
    "alb": "elasticloadbalancing",
    "ami": "ec2",
    "api": "apigateway",
    "apigatewayv2": "apigateway",
    "cognito": "cognito-idp",
    "db": "rds",
    "ebs": "ec2",
    "eip": "ec2",
    "instance": "ec2",
    "internet": "ec2",
    "launch": "ec2",
    "lb": "elasticloadbalancing",
    "nat": "ec2",
    "network": "ec2",
    "route": "ec2",
    "security": "ec2",
    "sfn": "states",
    "subnet": "ec2",
    "vpc": "ec2",
    "vpn": "ec2",
}
