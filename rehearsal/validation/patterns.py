"""
List the values that AWS takes for attributes of some types.

The provider checks some of them itself and leaves others to AWS; the page that states a
rule stands above it. Types whose checks are all in the provider's rules are not here.
"""

from collections.abc import Mapping
from typing import Final, TypeAlias

from rehearsal.validation.api_document import ApiDocument
from rehearsal.validation.arns import Arn
from rehearsal.validation.checks import Between, Check, JsonText, Length, Matches, OneOf

Table: TypeAlias = "Mapping[str, Mapping[str, tuple[Check, ...]]]"

ROLE = Arn(("iam",), r"role/.+", "an IAM role")
CERTIFICATE = Arn(("acm",), r"certificate/.+", "an ACM certificate")
# https://docs.aws.amazon.com/lambda/latest/api/API_FunctionCode.html
FUNCTION = Arn(("lambda",), r"function:[\w-]+(:[\w$-]+)?", "a Lambda function")
KEY = Arn(("kms",), r"(key|alias)/.+", "a KMS key")
LOAD_BALANCER = Arn(
    ("elasticloadbalancing",), r"loadbalancer/(net|app)/.+", "a network load balancer"
)
POOL = Arn(("cognito-idp",), r"userpool/.+", "a Cognito user pool")
TOPIC = Arn(("sns",), r"[^:/]+", "an SNS topic")
# https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-logging.html
ACCESS_LOG = Arn(
    ("logs", "firehose"),
    r"log-group:.+|deliverystream/amazon-apigateway-.+",
    "a log group or of a Firehose stream named amazon-apigateway-…",
)
NOT_EMPTY = Matches(r"(?s).+", "must not be empty")

# https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html
BUCKET_NAME = Matches(
    r"|(?!.*\.\.)(?!\d+\.\d+\.\d+\.\d+$)(?!xn--)(?!sthree-)(?!amzn-s3-demo-)"
    r"(?!.*(-s3alias|--ol-s3|\.mrap|--x-s3|--table-s3)$)"
    r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]",
    "must have 3 to 63 lower-case letters, digits, dots and hyphens, begin and end "
    "with a letter or digit, not look like an IP address, and keep off AWS's own "
    "prefixes and suffixes",
)

# https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html
RETENTION_DAYS: Final = (
    *(0, 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827),
    *(2192, 2557, 2922, 3288, 3653),
)
LOG_GROUP_NAME = (
    Length(1, 512),
    Matches(
        r"[.\-_/#A-Za-z0-9]*",
        "alphanumeric characters, underscores, hyphens, slashes, hash signs and dots "
        "are allowed",
    ),
)

HTTP_METHODS = OneOf(
    ("ANY", "DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT")
)
CLOUDFRONT_METHODS = OneOf(("GET", "HEAD", "POST", "PUT", "PATCH", "OPTIONS", "DELETE"))
TIME_UNITS = OneOf(("seconds", "minutes", "hours", "days"), empty=True)

# https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateRole.html
IAM_NAME = Matches(r"[\w+=,.@-]*", r"must match [\w+=,.@-]")
IAM_PATH = Matches(r"|/|/[\x21-\x7e]+/", "must begin and end with a slash")

POOL_ID = Matches(
    r"[\w-]+_[0-9a-zA-Z]+",
    "must be the region name followed by an underscore and then alphanumeric pattern",
)
COGNITO_NAME = Matches(
    r"[\w\s+=,.@-]+", 'any letter, number, space, tab, or one of "+=,.@-" is allowed'
)
COGNITO_WORD = Matches(r"\S*", "must have no white space")
CODE_MESSAGE = Matches(r"(?s).*\{####\}.*", "must contain {####}")

PATTERNS: Final[Table] = {
    # https://docs.aws.amazon.com/apigateway/latest/api/API_Account.html
    "aws_api_gateway_account": {"cloudwatch_role_arn": (ROLE,)},
    # https://docs.aws.amazon.com/apigateway/latest/api/API_CreateAuthorizer.html
    "aws_api_gateway_authorizer": {
        "name": (NOT_EMPTY,),
        "type": (OneOf(("TOKEN", "REQUEST", "COGNITO_USER_POOLS")),),
        "provider_arns": (POOL,),
        "authorizer_credentials": (ROLE,),
        "authorizer_uri": (
            Matches(
                r"|arn:[^:]+:apigateway:[^:]+:(lambda|[^:]+\.lambda):.+",
                "must be arn:PARTITION:apigateway:REGION:lambda:path/…",
            ),
        ),
    },
    # https://docs.aws.amazon.com/apigateway/latest/api/API_CreateDomainName.html
    "aws_api_gateway_domain_name": {
        "certificate_arn": (CERTIFICATE,),
        "regional_certificate_arn": (CERTIFICATE,),
    },
    # https://docs.aws.amazon.com/apigateway/latest/api/API_PutIntegration.html
    "aws_api_gateway_integration": {
        "http_method": (HTTP_METHODS,),
        "integration_http_method": (HTTP_METHODS,),
        "timeout_milliseconds": (Between(50, 300000),),
        "credentials": (Arn(("iam",), what="an IAM role"),),
    },
    # https://docs.aws.amazon.com/apigateway/latest/api/API_PutMethod.html
    "aws_api_gateway_method": {
        "http_method": (HTTP_METHODS,),
        "authorization": (OneOf(("NONE", "AWS_IAM", "CUSTOM", "COGNITO_USER_POOLS")),),
    },
    # https://docs.aws.amazon.com/apigateway/latest/api/API_MethodSetting.html
    "aws_api_gateway_method_settings": {
        "method_path": (
            Matches(
                r"\*/\*|.*/(ANY|DELETE|GET|HEAD|OPTIONS|PATCH|POST|PUT|\*)",
                "must be RESOURCE_PATH/HTTP_METHOD or */*",
            ),
        ),
        "settings.logging_level": (OneOf(("OFF", "ERROR", "INFO")),),
        "settings.throttling_rate_limit": (Between(least=-1),),
        "settings.throttling_burst_limit": (Between(least=-1),),
        "settings.cache_ttl_in_seconds": (Between(0, 3600),),
    },
    # https://docs.aws.amazon.com/apigateway/latest/api/API_CreateRestApi.html
    "aws_api_gateway_rest_api": {
        "name": (Length(1, 1024),),
        "body": (ApiDocument(),),
        "minimum_compression_size": (Between(-1, 10485760),),
        "put_rest_api_mode": (OneOf(("merge", "overwrite")),),
    },
    # https://docs.aws.amazon.com/apigateway/latest/api/API_CreateStage.html
    "aws_api_gateway_stage": {
        "stage_name": (
            Length(1, 128),
            Matches(
                r"[a-zA-Z0-9_-]*|\$default",
                "only letters, digits, hyphens and underscores are allowed",
            ),
        ),
        "cache_cluster_size": (
            OneOf(("0.5", "1.6", "6.1", "13.5", "28.4", "58.2", "118", "237")),
        ),
        "access_log_settings.destination_arn": (ACCESS_LOG,),
        "canary_settings.percent_traffic": (Between(0, 100),),
    },
    # https://docs.aws.amazon.com/apigateway/latest/api/API_CreateVpcLink.html
    "aws_api_gateway_vpc_link": {
        "name": (Length(1, 1024),),
        "target_arns": (LOAD_BALANCER,),
    },
    # https://docs.aws.amazon.com/acm/latest/APIReference/API_RequestCertificate.html
    "aws_acm_certificate": {
        "domain_name": (
            Matches(
                r"|(\*\.)?(?!-)[A-Za-z0-9-]{1,63}(\.(?!-)[A-Za-z0-9-]{1,63})+",
                "must be a fully qualified domain name",
            ),
        ),
        "subject_alternative_names": (Length(1, 253),),
    },
    "aws_acm_certificate_validation": {"certificate_arn": (CERTIFICATE,)},
    # https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_DistributionConfig.html
    "aws_cloudfront_distribution": {
        "default_root_object": (
            Matches(r"(?!/)(?s:.*)", "must not begin with a slash"),
            Length(0, 255),
        ),
        "default_cache_behavior.allowed_methods": (CLOUDFRONT_METHODS,),
        "default_cache_behavior.cached_methods": (CLOUDFRONT_METHODS,),
        "ordered_cache_behavior.allowed_methods": (CLOUDFRONT_METHODS,),
        "ordered_cache_behavior.cached_methods": (CLOUDFRONT_METHODS,),
        "origin.domain_name": (NOT_EMPTY,),
        "origin.origin_id": (NOT_EMPTY,),
        "custom_error_response.response_page_path": (
            Matches(r"|/(?s:.*)", "must begin with a slash"),
        ),
        "custom_error_response.error_code": (
            OneOf((400, 403, 404, 405, 414, 416, 500, 501, 502, 503, 504)),
        ),
        # https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/cnames-and-https-requirements.html
        "viewer_certificate.acm_certificate_arn": (CERTIFICATE,),
    },
    # https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_CreateFunction.html
    "aws_cloudfront_function": {
        "name": (
            Matches(
                r"[a-zA-Z0-9_-]{1,64}",
                "1 to 64 letters, digits, hyphens and underscores are allowed",
            ),
        ),
    },
    # https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_CreateLogGroup.html
    "aws_cloudwatch_log_group": {
        "name": LOG_GROUP_NAME,
        "name_prefix": LOG_GROUP_NAME[1:],
        "retention_in_days": (OneOf(RETENTION_DAYS),),
        "kms_key_id": (KEY,),
    },
    # https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_CreateResourceServer.html
    "aws_cognito_resource_server": {
        "user_pool_id": (POOL_ID,),
        "identifier": (
            Length(1, 256),
            Matches(r"[\x21\x23-\x5B\x5D-\x7E]*", "printable characters are allowed"),
        ),
        "name": (COGNITO_NAME, Length(1, 256)),
        "scope.scope_name": (
            Length(1, 256),
            Matches(
                r"[\x21\x23-\x2E\x30-\x5B\x5D-\x7E]*",
                "printable characters other than slashes are allowed",
            ),
        ),
        "scope.scope_description": (Length(1, 256),),
    },
    # https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_CreateGroup.html
    "aws_cognito_user_group": {
        "user_pool_id": (POOL_ID,),
        "name": (COGNITO_WORD, Length(1, 128)),
        "precedence": (Between(least=0),),
        "role_arn": (ROLE,),
    },
    # https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_CreateUserPool.html
    "aws_cognito_user_pool": {
        "name": (Length(1, 128), COGNITO_NAME),
        "email_configuration.source_arn": (
            Arn(("ses",), r"identity/.+", "a verified SES identity"),
        ),
        "email_configuration.reply_to_email_address": (
            Matches(r"|(?s:.*)[^\s@]@[^\s@](?s:.*)", "must be an e-mail address"),
        ),
        "sms_configuration.sns_caller_arn": (ROLE,),
        "email_verification_message": (Length(6, 20000), CODE_MESSAGE),
        "email_verification_subject": (Length(1, 140),),
        "sms_authentication_message": (Length(6, 140), CODE_MESSAGE),
        "sms_verification_message": (Length(6, 140), CODE_MESSAGE),
        "verification_message_template.email_message": (
            Length(6, 20000),
            CODE_MESSAGE,
        ),
        "verification_message_template.email_subject": (Length(1, 140),),
        "verification_message_template.sms_message": (Length(6, 140), CODE_MESSAGE),
        "schema.name": (Length(1, 20), COGNITO_WORD),
        "account_recovery_setting.recovery_mechanism.priority": (Between(1, 2),),
        **{
            f"lambda_config.{trigger}": (FUNCTION,)
            for trigger in (
                "create_auth_challenge",
                "custom_message",
                "define_auth_challenge",
                "post_authentication",
                "post_confirmation",
                "pre_authentication",
                "pre_sign_up",
                "pre_token_generation",
                "user_migration",
                "verify_auth_challenge_response",
            )
        },
        "lambda_config.kms_key_id": (KEY,),
    },
    # https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_CreateUserPoolClient.html
    "aws_cognito_user_pool_client": {
        "name": (Length(1, 128), COGNITO_NAME),
        "user_pool_id": (POOL_ID,),
        "auth_session_validity": (Between(3, 15),),
        "refresh_token_rotation.retry_grace_period_seconds": (Between(0, 60),),
        "token_validity_units.access_token": (TIME_UNITS,),
        "token_validity_units.id_token": (TIME_UNITS,),
        "token_validity_units.refresh_token": (TIME_UNITS,),
        "callback_urls": (Length(1, 1024),),
        "logout_urls": (Length(1, 1024),),
        "allowed_oauth_scopes": (Length(1, 256),),
    },
    # https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_CreateUserPoolDomain.html
    "aws_cognito_user_pool_domain": {
        "domain": (Length(1, 63),),
        "user_pool_id": (POOL_ID,),
        "certificate_arn": (CERTIFICATE,),
    },
    # https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_CreateTable.html
    "aws_dynamodb_table": {
        "name": (
            Matches(
                r"[a-zA-Z0-9_.-]{3,255}",
                "3 to 255 letters, digits, underscores, hyphens and dots are allowed",
            ),
        ),
        "attribute.name": (Length(1, 255),),
        "global_secondary_index.name": (
            Matches(
                r"[a-zA-Z0-9_.-]{3,255}",
                "3 to 255 letters, digits, underscores, hyphens and dots are allowed",
            ),
        ),
        "local_secondary_index.name": (
            Matches(
                r"[a-zA-Z0-9_.-]{3,255}",
                "3 to 255 letters, digits, underscores, hyphens and dots are allowed",
            ),
        ),
    },
    "aws_iam_policy": {"name": (Length(0, 128), IAM_NAME), "path": (IAM_PATH,)},
    "aws_iam_role": {
        "name": (Length(0, 64), IAM_NAME),
        "name_prefix": (Length(0, 38), IAM_NAME),
        "path": (IAM_PATH,),
        "description": (Length(0, 1000),),
        "permissions_boundary": (Arn(("iam",), r"policy/.+", "an IAM policy"),),
        "managed_policy_arns": (Arn(("iam",), r"policy/.+", "an IAM policy"),),
    },
    "aws_iam_role_policy": {
        "name": (Length(0, 128), IAM_NAME),
        "role": (
            Length(1, 128),
            Matches(r"(?!arn:)(?s:.*)", "must be the role's name not its ARN"),
        ),
    },
    "aws_iam_role_policy_attachment": {
        "role": (Matches(r"(?!arn:)(?s:.*)", "must be the role's name not its ARN"),),
        "policy_arn": (Arn(("iam",), r"policy/.+", "an IAM policy"),),
    },
    # https://docs.aws.amazon.com/kms/latest/APIReference/API_CreateAlias.html
    "aws_kms_alias": {
        "name": (
            Matches(
                r"alias/[a-zA-Z0-9/_-]+",
                "must begin with 'alias/' and be comprised of only [0-9A-Za-z_/-]",
            ),
        ),
    },
    # https://docs.aws.amazon.com/lambda/latest/api/API_CreateFunction.html
    "aws_lambda_function": {
        "function_name": (
            Length(1, 140),
            Matches(
                r"(arn:[a-z-]+:lambda:)?([a-z]{2,4}(-[a-z]+)+-\d{1,2}:)?(\d{12}:)?"
                r"(function:)?[a-zA-Z0-9_-]*(:(\$LATEST|[a-zA-Z0-9_-]+))?",
                "must be valid function name or function ARN",
            ),
        ),
        "role": (ROLE,),
        "kms_key_arn": (KEY,),
        "layers": (Arn(("lambda",), r"layer:.+:\d+", "a Lambda layer version"),),
        "dead_letter_config.target_arn": (
            Arn(("sqs", "sns"), what="an SQS queue or SNS topic"),
        ),
    },
    # https://docs.aws.amazon.com/lambda/latest/api/API_AddPermission.html
    "aws_lambda_permission": {
        "function_name": (Length(1, 140),),
        "action": (
            Matches(
                r"lambda:[*]|lambda:[a-zA-Z]+|[*]",
                "must be a valid action (usually starts with lambda:)",
            ),
        ),
        "statement_id": (
            Length(0, 100),
            Matches(
                r"[a-zA-Z0-9_-]*",
                "must contain alphanumeric, underscores or dashes only",
            ),
        ),
        "source_account": (Matches(r"|\d{12}", "must be 12 digits"),),
    },
    # https://docs.aws.amazon.com/Route53/latest/APIReference/API_ResourceRecordSet.html
    "aws_route53_record": {
        "zone_id": (NOT_EMPTY,),
        "ttl": (Between(0, 2147483647),),
        "set_identifier": (Length(0, 128),),
        "health_check_id": (Length(0, 64),),
    },
    # https://docs.aws.amazon.com/AmazonS3/latest/API/API_CreateBucket.html
    "aws_s3_bucket": {
        "bucket": (BUCKET_NAME,),
        "bucket_prefix": (Length(0, 37),),
    },
    "aws_s3_bucket_lifecycle_configuration": {
        "rule.id": (Length(1, 255),),
        "rule.status": (OneOf(("Enabled", "Disabled")),),
    },
    "aws_s3_bucket_versioning": {
        "versioning_configuration.status": (
            OneOf(("Enabled", "Suspended", "Disabled")),
        ),
    },
    # https://docs.aws.amazon.com/AmazonS3/latest/API/API_IndexDocument.html
    "aws_s3_bucket_website_configuration": {
        "index_document.suffix": (
            Matches(r"[^/]+", "must not be empty and not contain a slash"),
        ),
        "error_document.key": (NOT_EMPTY,),
        "redirect_all_requests_to.protocol": (OneOf(("http", "https")),),
    },
    # https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObject.html
    "aws_s3_object": {
        "bucket": (NOT_EMPTY,),
        "key": (NOT_EMPTY, Length(1, 1024)),
        "kms_key_id": (KEY,),
        "website_redirect": (
            Matches(r"|(/|https?://)(?s:.*)", "must begin with / or http(s)://"),
        ),
        "object_lock_retain_until_date": (
            Matches(
                r"|\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)",
                "must be a valid RFC3339 date",
            ),
        ),
    },
    # https://docs.aws.amazon.com/sns/latest/api/API_Subscribe.html
    "aws_sns_topic_subscription": {"topic_arn": (TOPIC,)},
    # https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SetQueueAttributes.html
    "aws_sqs_queue": {
        "delay_seconds": (Between(0, 900),),
        "message_retention_seconds": (Between(60, 1209600),),
        "receive_wait_time_seconds": (Between(0, 20),),
        "visibility_timeout_seconds": (Between(0, 43200),),
    },
    "data.aws_lb": {"arn": (Arn(),)},
    "data.aws_iam_policy_document": {
        "statement.effect": (OneOf(("Allow", "Deny")),),
        "source_policy_documents": (JsonText("json"),),
        "override_policy_documents": (JsonText("json"),),
    },
    # https://registry.terraform.io/providers/hashicorp/aws/6.25.0/docs#argument-reference
    "provider.aws": {
        "allowed_account_ids": (Matches(r"\d{12}", "must be 12 digits"),),
        "forbidden_account_ids": (Matches(r"\d{12}", "must be 12 digits"),),
        "assume_role.role_arn": (Arn(),),
        "retry_mode": (OneOf(("standard", "adaptive")),),
    },
}
