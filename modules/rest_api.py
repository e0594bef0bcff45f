"""
Define the REST API, its deployment and its stage.
"""

import json
from collections.abc import Mapping, Sequence

import cdktf
from constructs import Construct

from modules import aws
from modules.expressions import jsonencode, sha1_of_json
from modules.terraform_json import template_literal

# One line for each request: who called, what the authorizer and the integration said.
# Nothing that a caller writes freely is in it: AWS documents no escaping of values.
# Names: https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-variables-for-access-logging.html
ACCESS_LOG_FORMAT = json.dumps(
    {
        "requestId": "$context.requestId",
        "requestTime": "$context.requestTime",
        "sourceIp": "$context.identity.sourceIp",
        "caller": "$context.authorizer.claims.sub",
        "httpMethod": "$context.httpMethod",
        "resourcePath": "$context.resourcePath",
        "protocol": "$context.protocol",
        "status": "$context.status",
        "responseLength": "$context.responseLength",
        "responseLatency": "$context.responseLatency",
        "errorResponseType": "$context.error.responseType",
        "authorizerStatus": "$context.authorizer.status",
        "authorizerError": "$context.authorizer.error",
        "authorizerLatency": "$context.authorizer.latency",
        "integrationStatus": "$context.integration.status",
        "integrationError": "$context.integration.error",
        "integrationLatency": "$context.integration.latency",
        "xrayTraceId": "$context.xrayTraceId",
    }
)


class RestApi(Construct):
    """
    Define a regional REST API that is imported from a document, and one stage of it.

    A stage serves a deployment, and a deployment is a snapshot: without a trigger a
    changed document never reaches the stage. The trigger is a hash of what the
    snapshot holds, as it is written here; what AWS reads back is normalised and would
    give an inconsistent plan.
    https://docs.aws.amazon.com/apigateway/latest/developerguide/how-to-deploy-api.html

    Attributes:
        rest_api_id: the API's id.
        stage_name: the stage's name.
        invoke_url: the stage's own URL, without a slash at its end.

    Args:
        name: the API's name.
        body: the document, complete for API Gateway; references are cdktf tokens. An
            `x-amazon-apigateway-policy` in it is the API's resource policy.
        binary_media_types: media types that pass as bytes.
        stage_name: the stage's name.
        stage_variables: what `${stageVariables.NAME}` in the body stands for.
        throttling_rate_limit: requests a second, over all callers.
        throttling_burst_limit: requests at once, over all callers.
        xray_tracing: whether X-Ray traces requests.
        log_group_name: the log group for access logs.
        log_retention_days: days for which access logs are kept.
        disable_execute_api_endpoint: whether the API answers at its own domain name
            only. Defaults to false.
        calls_through: the VPC link that the body names, so that it is replaced in
            order. Defaults to a link that is defined elsewhere.
        logs_through: the account's log role, where this stack defines it. Defaults to
            one that is defined elsewhere.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        name: str,
        body: Mapping[str, object],
        binary_media_types: Sequence[str],
        stage_name: str,
        stage_variables: Mapping[str, str],
        throttling_rate_limit: float,
        throttling_burst_limit: int,
        xray_tracing: bool,
        log_group_name: str,
        log_retention_days: int,
        disable_execute_api_endpoint: bool = False,
        calls_through: cdktf.ITerraformDependable | None = None,
        logs_through: cdktf.ITerraformDependable | None = None,
    ) -> None:
        super().__init__(scope, id_)
        self._links = [calls_through] if calls_through is not None else []
        written = cdktf.TerraformLocal(self, "Body", jsonencode(self, body)).as_string
        api = aws.ApiGatewayRestApi(
            self,
            "Resource",
            name=name,
            body=written,
            binary_media_types=[*map(template_literal, binary_media_types)] or None,
            disable_execute_api_endpoint=disable_execute_api_endpoint,
            endpoint_configuration=aws.ApiGatewayRestApiEndpointConfiguration(
                types=["REGIONAL"]
            ),
            fail_on_warnings=True,
            put_rest_api_mode="overwrite",
        )
        self.rest_api_id = api.id
        deployment = self._define_deployment(
            written, binary_media_types, disabled=disable_execute_api_endpoint
        )
        stage = self._define_stage(
            deployment,
            stage_name=stage_name,
            stage_variables=stage_variables,
            xray_tracing=xray_tracing,
            log_group=aws.CloudwatchLogGroup(
                self,
                "AccessLogs",
                name=log_group_name,
                retention_in_days=log_retention_days,
            ),
            logs_through=logs_through,
        )
        self.stage_name = stage.stage_name
        self._define_method_settings(
            stage, throttling_rate_limit, throttling_burst_limit
        )
        self.invoke_url = stage.invoke_url

    def _define_deployment(
        self,
        body: str,
        binary_media_types: Sequence[str],
        *,
        disabled: bool,
    ) -> aws.ApiGatewayDeployment:
        snapshot = {
            "body": body,
            "binary_media_types": list(binary_media_types),
            "disable_execute_api_endpoint": disabled,
            "endpoint_types": ["REGIONAL"],
        }
        return aws.ApiGatewayDeployment(
            self,
            "Deployment",
            rest_api_id=self.rest_api_id,
            triggers={"redeployment": sha1_of_json(self, snapshot)},
            # The stage moves to the new deployment before the old one goes; the link
            # that the old one calls goes after it.
            depends_on=self._links or None,
            lifecycle=cdktf.TerraformResourceLifecycle(create_before_destroy=True),
        )

    def _define_stage(
        self,
        deployment: aws.ApiGatewayDeployment,
        *,
        stage_name: str,
        stage_variables: Mapping[str, str],
        xray_tracing: bool,
        log_group: aws.CloudwatchLogGroup,
        logs_through: cdktf.ITerraformDependable | None,
    ) -> aws.ApiGatewayStage:
        others = [logs_through] if logs_through is not None else []
        return aws.ApiGatewayStage(
            self,
            "Stage",
            rest_api_id=self.rest_api_id,
            deployment_id=deployment.id,
            stage_name=stage_name,
            variables=dict(stage_variables) or None,
            xray_tracing_enabled=xray_tracing,
            access_log_settings=aws.ApiGatewayStageAccessLogSettings(
                destination_arn=log_group.arn, format=ACCESS_LOG_FORMAT
            ),
            depends_on=[*self._links, *others] or None,
        )

    def _define_method_settings(
        self, stage: aws.ApiGatewayStage, rate_limit: float, burst_limit: int
    ) -> None:
        aws.ApiGatewayMethodSettings(
            self,
            "MethodSettings",
            rest_api_id=stage.rest_api_id,
            stage_name=self.stage_name,
            method_path="*/*",
            settings=aws.ApiGatewayMethodSettingsSettings(
                metrics_enabled=True,
                # Execution logs would hold headers, and so tokens.
                logging_level="OFF",
                data_trace_enabled=False,
                throttling_rate_limit=rate_limit,
                throttling_burst_limit=burst_limit,
            ),
        )
