"""
Count what a synth defined, and what it should have defined.
"""

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from modules.errors import ConfigError

# What CloudFormation has for each type of the dev stack. A bucket's and a stage's
# settings are properties there; no type is an S3 object.
# https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-template-resource-type-ref.html
CLOUDFORMATION_TYPES = {
    "aws_api_gateway_deployment": "AWS::ApiGateway::Deployment",
    "aws_api_gateway_method_settings": None,
    "aws_api_gateway_rest_api": "AWS::ApiGateway::RestApi",
    "aws_api_gateway_stage": "AWS::ApiGateway::Stage",
    "aws_api_gateway_vpc_link": "AWS::ApiGateway::VpcLink",
    "aws_cloudfront_distribution": "AWS::CloudFront::Distribution",
    "aws_cloudfront_origin_access_control": "AWS::CloudFront::OriginAccessControl",
    "aws_cloudfront_response_headers_policy": "AWS::CloudFront::ResponseHeadersPolicy",
    "aws_cloudwatch_log_group": "AWS::Logs::LogGroup",
    "aws_cognito_user_pool": "AWS::Cognito::UserPool",
    "aws_cognito_user_pool_client": "AWS::Cognito::UserPoolClient",
    "aws_s3_bucket": "AWS::S3::Bucket",
    "aws_s3_bucket_lifecycle_configuration": None,
    "aws_s3_bucket_ownership_controls": None,
    "aws_s3_bucket_policy": "AWS::S3::BucketPolicy",
    "aws_s3_bucket_public_access_block": None,
    "aws_s3_bucket_server_side_encryption_configuration": None,
    "aws_s3_bucket_versioning": None,
    "aws_s3_object": "AWS::CloudFormation::CustomResource",
}


def terraform_resources(output: Path) -> Counter[str]:
    """
    Count the resources of all stacks by type.
    """
    return Counter(
        kind
        for stack in _stacks(output)
        for kind, resources in stack.get("resource", {}).items()
        for _ in resources
    )


def cloudformation_resources(output: Path) -> Counter[str]:
    """
    Count the resources of all templates by type.
    """
    return Counter(
        resource["Type"]
        for file in output.glob("*.template.json")
        for resource in json.loads(file.read_bytes())["Resources"].values()
    )


def cloudformation_equal(resources: Counter[str]) -> Counter[str]:
    """
    Return what CloudFormation has for a stack's resources.

    Raises:
        ConfigError: a type has no counterpart yet.
    """
    problems = [
        f"bench/resource_counts.py: CLOUDFORMATION_TYPES must name every type of the "
        f"dev stack, got none for {kind}: add it there and to bench/equal_apps"
        for kind in sorted(resources.keys() - CLOUDFORMATION_TYPES.keys())
    ]
    if problems:
        raise ConfigError(problems)
    counterparts: Counter[str] = Counter()
    for kind, count in resources.items():
        counterpart = CLOUDFORMATION_TYPES[kind]
        if counterpart is not None:
            counterparts[counterpart] += count
    return counterparts


def operations(output: Path) -> int:
    """
    Count the API operations of all stacks, without the `OPTIONS` that ours adds.
    """
    return sum(
        operation["method"].lower() != "options"
        for stack in _stacks(output)
        for operation in stack["//"]["gateway"]["operations"]
    )


def differences(
    label: str, *, expected: Counter[str], actual: Counter[str]
) -> list[str]:
    """
    Return one line for each type whose count is another than expected.
    """
    return [
        f"{label}: must define {expected[kind]} of {kind}, got {actual[kind]}"
        for kind in sorted(expected.keys() | actual.keys())
        if expected[kind] != actual[kind]
    ]


def _stacks(output: Path) -> Iterator[dict[str, Any]]:
    for file in sorted(output.glob("stacks/*/cdk.tf.json")):
        yield json.loads(file.read_bytes())
