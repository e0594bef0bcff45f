"""
Name the computed values that an update renews.

The provider's source marks them as known after apply when certain arguments change
(`CustomizeDiff`, or plan modifiers); no schema says so. `rules/renewals-5.100.0.json`
lists them as that release's plans show them. Where it depends on more than which
argument changes, an entry here names the file of the source at v6.25.0, below
https://github.com/hashicorp/terraform-provider-aws/tree/v6.25.0/internal/service
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import cast

OBSERVED = Path(__file__).parent / "rules" / "renewals-5.100.0.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Renewal:
    """
    What becomes unknown when certain arguments change.

    Args:
        computed: what becomes unknown.
        source: where that is said.
        when: the arguments whose change renews it. Defaults to any argument.
        only_if: an argument that must be true for it. Defaults to none.
    """

    computed: tuple[str, ...]
    source: str
    when: frozenset[str] = frozenset()
    only_if: str = ""


S3_CONTENT = frozenset(
    {
        "bucket_key_enabled",
        "cache_control",
        "checksum_algorithm",
        "content",
        "content_base64",
        "content_disposition",
        "content_encoding",
        "content_language",
        "content_type",
        "etag",
        "kms_key_id",
        "metadata",
        "server_side_encryption",
        "source",
        "source_hash",
        "storage_class",
        "website_redirect",
    }
)

LAMBDA_CODE = frozenset(
    {
        "architectures",
        "filename",
        "image_uri",
        "s3_bucket",
        "s3_key",
        "s3_object_version",
        "source_code_hash",
    }
)

LAMBDA_CONFIGURATION = frozenset(
    {
        "dead_letter_config",
        "description",
        "environment",
        "ephemeral_storage",
        "file_system_config",
        "handler",
        "image_config",
        "kms_key_arn",
        "layers",
        "logging_config",
        "memory_size",
        "role",
        "runtime",
        "snap_start",
        "timeout",
        "tracing_config",
        "vpc_config",
    }
)

RENEWALS: Mapping[str, tuple[Renewal, ...]] = {
    "aws_dynamodb_table": (
        Renewal(
            computed=("stream_arn",),
            source="dynamodb/table.go",
            when=frozenset({"stream_enabled", "stream_view_type"}),
        ),
    ),
    "aws_batch_job_definition": (
        Renewal(
            computed=("arn", "revision"),
            source="batch/job_definition.go",
            when=frozenset(
                {
                    "container_properties",
                    "ecs_properties",
                    "eks_properties",
                    "node_properties",
                    "parameters",
                    "platform_capabilities",
                    "propagate_tags",
                    "retry_strategy",
                    "scheduling_priority",
                    "timeout",
                }
            ),
        ),
    ),
    "aws_iam_group": (
        Renewal(computed=("arn",), source="iam/group.go", when=frozenset({"name"})),
    ),
    "aws_launch_template": (
        Renewal(
            computed=("default_version",),
            source="ec2/ec2_launch_template.go",
            only_if="update_default_version",
        ),
    ),
    "aws_lambda_function": (
        Renewal(
            computed=("last_modified",),
            source="lambda/function.go",
            when=LAMBDA_CODE,
        ),
        Renewal(
            computed=("qualified_arn", "qualified_invoke_arn", "version"),
            source="lambda/function.go",
            when=LAMBDA_CODE | LAMBDA_CONFIGURATION | {"publish"},
            only_if="publish",
        ),
    ),
    "aws_ssm_parameter": (
        Renewal(
            computed=("insecure_value", "version"),
            source="ssm/parameter.go",
            when=frozenset({"value"}),
        ),
        Renewal(
            computed=("has_value_wo",),
            source="ssm/parameter.go",
            when=frozenset({"value_wo_version"}),
        ),
    ),
    "aws_s3_bucket_object": (
        Renewal(
            computed=("version_id",),
            source="s3/bucket_object.go",
            when=S3_CONTENT - {"checksum_algorithm"},
        ),
    ),
    "aws_s3_object": (
        Renewal(computed=("version_id",), source="s3/object.go", when=S3_CONTENT),
    ),
}


@cache
def renewals_of(type_name: str) -> tuple[Renewal, ...]:
    """
    Return what updates of a resource type renew.
    """
    written = RENEWALS.get(type_name, ())
    named = {name for renewal in written for name in renewal.computed}
    seen = (
        Renewal(computed=(name,), source=OBSERVED.name, when=frozenset(when))
        for name, when in _observed().get(type_name, {}).items()
        if name not in named
    )
    return (*written, *seen)


@cache
def _observed() -> Mapping[str, Mapping[str, list[str]]]:
    content = cast("dict[str, object]", json.loads(OBSERVED.read_bytes()))
    return cast("dict[str, dict[str, list[str]]]", content["types"])
