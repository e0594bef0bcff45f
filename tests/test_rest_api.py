"""
The REST API, its deployment and its stage.
"""

import json
from typing import Any

import cdktf
import pytest

from modules.account_log_role import AccountLogRole
from modules.rest_api import ACCESS_LOG_FORMAT, RestApi
from modules.vpc_link import VpcLink
from tests.synth import Config, address, decoded, new_stack, only, synth


def define_api(stack: cdktf.TerraformStack, **options: Any) -> RestApi:  # noqa: ANN401
    defaults: dict[str, Any] = {
        "name": "Api",
        "body": {"swagger": "2.0"},
        "binary_media_types": (),
        "stage_name": "prod",
        "stage_variables": {},
        "throttling_rate_limit": 5.5,
        "throttling_burst_limit": 7,
        "xray_tracing": False,
        "log_group_name": "/logs",
        "log_retention_days": 30,
    }
    return RestApi(stack, "Api", **{**defaults, **options})


def synth_api(**options: Any) -> Config:  # noqa: ANN401
    stack = new_stack()
    define_api(stack, **options)
    return synth(stack)


@pytest.fixture(name="config", scope="module")
def _config() -> Config:
    return synth_api()


def local_body(config: Config) -> str:
    (name,) = config["locals"]
    return f"local.{name}"


def test_api_is_imported_whole(config: Config) -> None:
    """The document replaces what was there, and a warning fails the import."""
    assert {
        "name": "Api",
        "body": f"${{{local_body(config)}}}",
        "disable_execute_api_endpoint": False,
        "endpoint_configuration": {"types": ["REGIONAL"]},
        "fail_on_warnings": True,
        "put_rest_api_mode": "overwrite",
    } == only(config, "aws_api_gateway_rest_api")


def test_deployment_follows_everything_that_it_snapshots(config: Config) -> None:
    """The trigger hashes the document as written here, never a value read back."""
    api = address(config, "aws_api_gateway_rest_api")

    assert {
        "rest_api_id": f"${{{api}.id}}",
        "triggers": {
            "redeployment": '${sha1(jsonencode({"body" = '
            f'"${{{local_body(config)}}}", '
            '"binary_media_types" = [], "disable_execute_api_endpoint" = false, '
            '"endpoint_types" = ["REGIONAL"]}))}'
        },
        "lifecycle": {"create_before_destroy": True},
    } == only(config, "aws_api_gateway_deployment")


def test_stage_logs_each_request(config: Config) -> None:
    """The stage serves the deployment and writes access logs."""
    log_group = address(config, "aws_cloudwatch_log_group")

    assert {
        "rest_api_id": f"${{{address(config, 'aws_api_gateway_rest_api')}.id}}",
        "deployment_id": f"${{{address(config, 'aws_api_gateway_deployment')}.id}}",
        "stage_name": "prod",
        "xray_tracing_enabled": False,
        "access_log_settings": {
            "destination_arn": f"${{{log_group}.arn}}",
            "format": ACCESS_LOG_FORMAT,
        },
    } == only(config, "aws_api_gateway_stage")
    assert {"name": "/logs", "retention_in_days": 30} == only(
        config, "aws_cloudwatch_log_group"
    )


def test_access_log_names_caller_authorizer_and_integration() -> None:
    """A log line is JSON, says who called and who answered, and holds no header."""
    line = json.loads(ACCESS_LOG_FORMAT)

    assert line["caller"] == "$context.authorizer.claims.sub"
    assert line["authorizerError"] == "$context.authorizer.error"
    assert line["integrationStatus"] == "$context.integration.status"
    assert "header" not in ACCESS_LOG_FORMAT.lower()


def test_methods_are_throttled_and_never_traced_to_logs(config: Config) -> None:
    """Every method is counted and throttled; bodies and headers stay out of logs."""
    stage = address(config, "aws_api_gateway_stage")

    assert {
        "rest_api_id": f"${{{stage}.rest_api_id}}",
        "stage_name": f"${{{stage}.stage_name}}",
        "method_path": "*/*",
        "settings": {
            "metrics_enabled": True,
            "logging_level": "OFF",
            "data_trace_enabled": False,
            "throttling_rate_limit": 5.5,
            "throttling_burst_limit": 7,
        },
    } == only(config, "aws_api_gateway_method_settings")


def test_body_keeps_references_and_escapes_the_rest() -> None:
    """References stay references, also before a brace; all else is literal text."""
    stack = new_stack()
    reference = cdktf.TerraformLocal(stack, "pool", "x").as_string
    body = {"arn": reference, "s": '${stageVariables.x} "q" %{y} } {', "n": None}
    define_api(stack, body=body)
    (text,) = [v for k, v in synth(stack)["locals"].items() if k != "pool"]

    assert text == (
        '${jsonencode({"arn" = "${local.pool}", '
        '"s" = "$${stageVariables.x} \\"q\\" %%{y} } {", "n" = null})}'
    )


@pytest.mark.parametrize(
    ("options", "kind", "key", "expected"),
    [
        (
            {"binary_media_types": ("image/png",)},
            "aws_api_gateway_rest_api",
            "binary_media_types",
            ["image/png"],
        ),
        (
            {"disable_execute_api_endpoint": True},
            "aws_api_gateway_rest_api",
            "disable_execute_api_endpoint",
            True,
        ),
        ({"xray_tracing": True}, "aws_api_gateway_stage", "xray_tracing_enabled", True),
        (
            {"stage_variables": {"x": "1"}},
            "aws_api_gateway_stage",
            "variables",
            {"x": "1"},
        ),
    ],
)
def test_option(options: dict[str, Any], kind: str, key: str, expected: object) -> None:
    """Each option changes its own key."""
    assert expected == only(synth_api(**options), kind)[key]


def test_no_text_becomes_an_expression() -> None:
    """Text of a document stays text in every argument."""
    types = ('a", file("/etc/passwd"), "', "%{ if true }b%{ endif }")
    config = synth_api(binary_media_types=types)
    deployment = only(config, "aws_api_gateway_deployment")

    assert only(config, "aws_api_gateway_rest_api")["binary_media_types"] == [
        'a", file("/etc/passwd"), "',
        "%%{ if true }b%%{ endif }",
    ]
    assert (
        '["a\\", file(\\"/etc/passwd\\"), \\"", "%%{ if true }b%%{ endif }"]'
    ).replace("\\\\", "\\") in deployment["triggers"]["redeployment"]


@pytest.mark.parametrize(
    "options",
    [
        {"binary_media_types": ("image/png",)},
        {"disable_execute_api_endpoint": True},
    ],
)
def test_what_is_snapshotted_triggers_a_deployment(
    config: Config, options: dict[str, Any]
) -> None:
    """A change outside the document is deployed too."""
    changed = only(synth_api(**options), "aws_api_gateway_deployment")

    assert only(config, "aws_api_gateway_deployment")["triggers"] != changed["triggers"]


def test_link_goes_after_what_calls_it() -> None:
    """Deployment and stage depend on the link, so that an old link is removed last."""
    stack = new_stack()
    link = VpcLink(stack, "Link", name="Link", target_arn="arn")
    define_api(stack, calls_through=link.resource)
    config = synth(stack)
    expected = [address(config, "aws_api_gateway_vpc_link")]

    assert expected == only(config, "aws_api_gateway_deployment")["depends_on"]
    assert expected == only(config, "aws_api_gateway_stage")["depends_on"]


def test_stage_waits_for_the_log_role() -> None:
    """API Gateway refuses access logs until the account's role is set."""
    stack = new_stack()
    role = AccountLogRole(stack, "Logs", role_name="r", partition="aws")
    define_api(stack, logs_through=role.resource)
    config = synth(stack)
    expected = [address(config, "aws_api_gateway_account")]

    assert expected == only(config, "aws_api_gateway_stage")["depends_on"]


def test_body_is_json_again() -> None:
    """The local value decodes to the document."""
    body = {"swagger": "2.0", "paths": {"/a": {"get": {"x": [1, 2.5, True]}}}}
    (text,) = synth_api(body=body)["locals"].values()

    assert body == decoded(text)
