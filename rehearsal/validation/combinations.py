"""
List the combinations of values that AWS refuses for some types.

Each check is named for what it wants; the page that states a rule stands in its
docstring. Nothing is concluded from a value that is not yet known.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final, TypeAlias, cast
from urllib.parse import urlsplit

from rehearsal.validation.policies import (
    check_bucket_policy,
    check_managed_policy,
    check_trust_policy,
)
from rehearsal.validation.problems import (
    Config,
    Path,
    Problem,
    blocks_of,
    has_unknown,
    is_set,
    known_number,
    shown,
    texts_of,
)
from rehearsal.validation.tables import check_table
from rehearsal.validation.tags import check_default_tags, check_object_tags

Combination: TypeAlias = "Callable[[Config], Iterator[Problem]]"

SECONDS: Final = {"seconds": 1, "minutes": 60, "hours": 3600, "days": 86400}
DAY: Final = SECONDS["days"]
TEN_YEARS: Final = 3650 * DAY
SHORTEST_TOKEN: Final = 5 * SECONDS["minutes"]
SHORTEST_REFRESH: Final = 60 * SECONDS["minutes"]

MOST_URLS: Final = 100
CLOUDFRONT_REGION: Final = "us-east-1"


def _refused(path: Path, rule: str, got: str) -> Problem:
    return Problem(path, "Invalid combination of arguments", f"{rule}; got {got}")


def check_refresh_rotation(config: Config) -> Iterator[Problem]:
    """
    Want no ALLOW_REFRESH_TOKEN_AUTH where refresh tokens rotate.

    Source: https://docs.aws.amazon.com/cognito/latest/developerguide/amazon-cognito-user-pools-using-the-refresh-token.html
    """
    flows = texts_of(config.get("explicit_auth_flows"))
    for rotation in blocks_of(config, "refresh_token_rotation"):
        if rotation.get("feature") == "ENABLED" and (
            found := {"ALLOW_REFRESH_TOKEN_AUTH", "REFRESH_TOKEN_AUTH"} & set(flows)
        ):
            yield _refused(
                ("explicit_auth_flows",),
                "explicit_auth_flows must not have ALLOW_REFRESH_TOKEN_AUTH while "
                "refresh_token_rotation.feature is ENABLED",
                ", ".join(sorted(found)),
            )


def check_auth_flow_names(config: Config) -> Iterator[Problem]:
    """
    Want either the old names of authentication flows or those with ALLOW_.

    Source: https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_CreateUserPoolClient.html
    """
    flows = texts_of(config.get("explicit_auth_flows"))
    old = [flow for flow in flows if not flow.startswith("ALLOW_")]
    if old and len(old) < len(flows):
        yield _refused(
            ("explicit_auth_flows",),
            "explicit_auth_flows must not mix names with and without ALLOW_",
            ", ".join(sorted(flows)),
        )


def check_redirects(config: Config) -> Iterator[Problem]:
    """
    Want absolute redirect addresses over HTTPS, HTTP for localhost only.

    Source: https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_CreateUserPoolClient.html
    """
    for name in ("callback_urls", "logout_urls"):
        urls = texts_of(config.get(name))
        if len(urls) > MOST_URLS:
            rule = f"{name} must be at most {MOST_URLS}"
            yield _refused((name,), rule, str(len(urls)))
        for url in urls:
            if fault := _fault_of_redirect(url):
                yield Problem(
                    (name,),
                    f"invalid value for {name} ({fault}), got {shown(url)}",
                    f"{name} {fault}; got {shown(url)}",
                )
    default = config.get("default_redirect_uri")
    urls = config.get("callback_urls")
    if not isinstance(default, str) or not default or has_unknown(urls):
        return
    if default not in texts_of(urls):
        rule = "default_redirect_uri must be one of callback_urls"
        yield _refused(("default_redirect_uri",), rule, shown(default))


def _fault_of_redirect(url: str) -> str | None:
    try:
        parts = urlsplit(url)
        host = parts.hostname
    except ValueError:
        return "must be an absolute URI"
    if not parts.scheme:
        return "must be an absolute URI"
    if "#" in url:
        return "must not have a fragment"
    if parts.scheme == "http" and host not in {"localhost", "127.0.0.1", "::1"}:
        return "must use https; http is for http://localhost only"
    return None


def check_oauth(config: Config) -> Iterator[Problem]:
    """
    Want flows, scopes, redirects and a secret that fit one another.

    Source: https://docs.aws.amazon.com/cognito/latest/developerguide/federation-endpoints-oauth-grants.html
    """
    flows = set(texts_of(config.get("allowed_oauth_flows")))
    name = "allowed_oauth_flows"
    path: Path = (name,)
    if "client_credentials" in flows:
        if others := flows & {"code", "implicit"}:
            rule = f"{name} must not have client_credentials beside code or implicit"
            yield _refused(path, rule, ", ".join(sorted(others)))
        if config.get("generate_secret") in {None, False}:
            rule = f"{name} with client_credentials needs generate_secret"
            yield _refused(path, rule, "no secret")
    if not flows or config.get("allowed_oauth_flows_user_pool_client") is not True:
        return
    if _is_missing(config.get("allowed_oauth_scopes")):
        rule = f"{name} needs allowed_oauth_scopes"
        yield _refused(("allowed_oauth_scopes",), rule, "none")
    if flows & {"code", "implicit"} and _is_missing(config.get("callback_urls")):
        rule = f"{name} with code or implicit needs callback_urls"
        yield _refused(("callback_urls",), rule, "none")


def _is_missing(value: object) -> bool:
    return value is None or (isinstance(value, list | tuple) and not value)


def check_token_validity(config: Config) -> Iterator[Problem]:
    """
    Want tokens that last 5 minutes to a day, and not longer than the refresh token.

    Source: https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_CreateUserPoolClient.html
    """
    validity = {kind: _seconds(config, kind) for kind in ("access", "id", "refresh")}
    for kind, seconds in validity.items():
        least = SHORTEST_REFRESH if kind == "refresh" else SHORTEST_TOKEN
        most = TEN_YEARS if kind == "refresh" else DAY
        if seconds is not None and not least <= seconds <= most:
            name = f"{kind}_token_validity"
            span = (
                "60 minutes to 10 years" if kind == "refresh" else "5 minutes to 1 day"
            )
            yield Problem(
                (name,),
                f"expected {name} to be in the range ({span}), "
                f"got {shown(config.get(name))}",
                f"{name} must be {span} in the unit of token_validity_units; got "
                f"{shown(config.get(name))}, which is {seconds:g} seconds",
            )
    refresh = validity["refresh"]
    for kind in ("access", "id"):
        seconds = validity[kind]
        if refresh is not None and seconds is not None and seconds > refresh:
            name = f"{kind}_token_validity"
            rule = f"{name} must not be longer than refresh_token_validity"
            yield _refused((name,), rule, f"{seconds:g} > {refresh:g} seconds")


def _seconds(config: Config, kind: str) -> float | None:
    number = known_number(config.get(f"{kind}_token_validity"))
    # 0 stands for AWS's default.
    if not number or has_unknown(config.get("token_validity_units")):
        return None
    unit: object = None
    for block in blocks_of(config, "token_validity_units"):
        unit = block.get(f"{kind}_token")
    default = "days" if kind == "refresh" else "hours"
    factor = SECONDS.get(str(unit or default))
    return number * factor if factor else None


def check_pool_mail(config: Config) -> Iterator[Problem]:
    """
    Want an SES identity for mails that the developer's own account sends.

    Source: https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_EmailConfigurationType.html
    """
    for index, mail in enumerate(blocks_of(config, "email_configuration")):
        if mail.get("email_sending_account") == "DEVELOPER" and not mail.get(
            "source_arn"
        ):
            yield _refused(
                ("email_configuration", index, "source_arn"),
                "email_configuration.source_arn must be given with "
                "email_sending_account DEVELOPER",
                "none",
            )


def check_pool_mfa(config: Config) -> Iterator[Problem]:
    """
    Want a second factor where a pool asks for one.

    Source: https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_SetUserPoolMfaConfig.html
    """
    mode = config.get("mfa_configuration")
    factors = (
        "sms_configuration",
        "software_token_mfa_configuration",
        "email_mfa_configuration",
        "web_authn_configuration",
    )
    if mode in {"ON", "OPTIONAL"} and all(
        _is_missing(config.get(name)) for name in factors
    ):
        yield _refused(
            ("mfa_configuration",),
            f"mfa_configuration {mode} needs sms_configuration, "
            "software_token_mfa_configuration or email_mfa_configuration",
            "none",
        )


def check_pool_sms(config: Config) -> Iterator[Problem]:
    """
    Want a way to send text messages where phone numbers are verified.

    Source: https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pool-sms-settings.html
    """
    verified = texts_of(config.get("auto_verified_attributes"))
    if "phone_number" in verified and _is_missing(config.get("sms_configuration")):
        yield _refused(
            ("auto_verified_attributes",),
            "auto_verified_attributes with phone_number needs sms_configuration",
            "none",
        )


def check_pool_domain(config: Config) -> Iterator[Problem]:
    """
    Want a prefix of lower-case letters, digits and hyphens, or a custom domain.

    Source: https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-assign-domain-prefix.html
    """
    domain, certificate = config.get("domain"), config.get("certificate_arn")
    if isinstance(domain, str):
        wrong = not _is_label(domain) if not is_set(certificate) else False
        reserved = [word for word in ("aws", "amazon", "cognito") if word in domain]
        if certificate is None and (wrong or reserved):
            rule = (
                "domain must be 1 to 63 lower-case letters, digits and hyphens without "
                "aws, amazon and cognito, or have a certificate_arn"
            )
            summary = f"invalid value for domain, got {shown(domain)}"
            yield Problem(("domain",), summary, f"{rule}; got {shown(domain)}")
    yield from _check_certificate_region(certificate, ("certificate_arn",))


def _is_label(text: str) -> bool:
    characters = set("abcdefghijklmnopqrstuvwxyz0123456789-")
    return set(text) <= characters and text == text.strip("-")


def _check_certificate_region(arn: object, path: Path) -> Iterator[Problem]:
    """
    Want certificates of CloudFront in us-east-1.

    Source: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/cnames-and-https-requirements.html
    """
    if not isinstance(arn, str) or not arn.startswith("arn:aws:acm:"):
        return
    region = arn.split(":")[3]
    if region != CLOUDFRONT_REGION:
        rule = f"{path[-1]} must be a certificate in {CLOUDFRONT_REGION}"
        yield _refused(path, rule, shown(arn))


def check_edge_domain(config: Config) -> Iterator[Problem]:
    """
    Want the certificate of an edge-optimised API domain in us-east-1.

    Source: https://docs.aws.amazon.com/apigateway/latest/developerguide/how-to-edge-optimized-custom-domain-name.html
    """
    return _check_certificate_region(
        config.get("certificate_arn"), ("certificate_arn",)
    )


def check_authorizer(config: Config) -> Iterator[Problem]:
    """
    Want user pools for COGNITO_USER_POOLS, a function for TOKEN and REQUEST.

    Source: https://docs.aws.amazon.com/apigateway/latest/api/API_CreateAuthorizer.html
    """
    kind = "TOKEN" if config.get("type") is None else config["type"]
    needed = {
        "COGNITO_USER_POOLS": "provider_arns",
        "TOKEN": "authorizer_uri",
        "REQUEST": "authorizer_uri",
    }.get(kind if isinstance(kind, str) else "")
    if needed and _is_missing(config.get(needed)):
        rule = f"{needed} must be given for an authorizer of type {kind}"
        yield _refused((needed,), rule, "none")


def check_integration(config: Config) -> Iterator[Problem]:
    """
    Want a VPC link for VPC_LINK, an address for all but MOCK, and a method to call.

    Source: https://docs.aws.amazon.com/apigateway/latest/api/API_PutIntegration.html
    """
    kind, connection = config.get("type"), config.get("connection_type")
    if connection == "VPC_LINK" and not config.get("connection_id"):
        rule = "connection_id must be given for connection_type VPC_LINK"
        yield _refused(("connection_id",), rule, "none")
    if kind in {"HTTP", "HTTP_PROXY", "AWS", "AWS_PROXY"}:
        for name in ("uri", "integration_http_method"):
            if not config.get(name):
                rule = f"{name} must be given for an integration of type {kind}"
                yield _refused((name,), rule, "none")


def check_method(config: Config) -> Iterator[Problem]:
    """
    Want an authorizer for CUSTOM and COGNITO_USER_POOLS.

    Source: https://docs.aws.amazon.com/apigateway/latest/api/API_PutMethod.html
    """
    kind = config.get("authorization")
    if kind in {"CUSTOM", "COGNITO_USER_POOLS"} and not config.get("authorizer_id"):
        rule = f"authorizer_id must be given for authorization {kind}"
        yield _refused(("authorizer_id",), rule, "none")


def check_endpoint(config: Config) -> Iterator[Problem]:
    """
    Want VPC endpoints for private APIs only.

    Source: https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-private-api-create.html
    """
    for index, endpoint in enumerate(blocks_of(config, "endpoint_configuration")):
        types = texts_of(endpoint.get("types"))
        if endpoint.get("vpc_endpoint_ids") and types and "PRIVATE" not in types:
            yield _refused(
                ("endpoint_configuration", index, "vpc_endpoint_ids"),
                "vpc_endpoint_ids must be given for endpoint type PRIVATE only",
                ", ".join(types),
            )


def check_link(config: Config) -> Iterator[Problem]:
    """
    Warn of a load balancer that a REST API's link does not reach.

    Source: https://docs.aws.amazon.com/apigateway/latest/api/API_CreateVpcLink.html
    """
    for arn in texts_of(config.get("target_arns")):
        if ":loadbalancer/app/" in arn:
            yield Problem(
                ("target_arns",),
                "API Gateway refuses this load balancer",
                "target_arns must be the ARN of a network load balancer; got "
                f"{shown(arn)}",
                "warning",
            )


def check_website(config: Config) -> Iterator[Problem]:
    """
    Want either a redirection of everything or an index document.

    Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_WebsiteConfiguration.html
    """
    redirect = blocks_of(config, "redirect_all_requests_to")
    for name in ("index_document", "error_document", "routing_rule"):
        if redirect and blocks_of(config, name):
            rule = f"redirect_all_requests_to must not stand beside {name}"
            yield _refused(("redirect_all_requests_to",), rule, name)
    if not redirect and all(
        _is_missing(config.get(name))
        for name in ("index_document", "redirect_all_requests_to")
    ):
        rule = "one of index_document and redirect_all_requests_to must be given"
        yield _refused(("index_document",), rule, "none")


def check_lifecycle(config: Config) -> Iterator[Problem]:
    """
    Want an action in each enabled rule, and days above 0.

    Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_LifecycleRule.html
    """
    actions = (
        "abort_incomplete_multipart_upload",
        "expiration",
        "noncurrent_version_expiration",
        "noncurrent_version_transition",
        "transition",
    )
    for index, rule in enumerate(blocks_of(config, "rule")):
        path: Path = ("rule", index)
        if all(_is_missing(rule.get(action)) for action in actions):
            yield _refused(path, f"rule must have one of {', '.join(actions)}", "none")
        for action, name in (
            ("expiration", "days"),
            ("noncurrent_version_expiration", "noncurrent_days"),
            ("abort_incomplete_multipart_upload", "days_after_initiation"),
        ):
            yield from _check_days(rule, path, action, name)


def _check_days(rule: Config, path: Path, action: str, name: str) -> Iterator[Problem]:
    for index, block in enumerate(blocks_of(rule, action)):
        number = known_number(block.get(name))
        # The provider sends no 0 of an expiration that only removes delete markers.
        unused = action == "expiration" and block.get("expired_object_delete_marker")
        if number is not None and number < 1 and not (unused or block.get("date")):
            where = f"{action}.{name}"
            yield Problem(
                (*path, action, index, name),
                f"expected {where} to be at least (1), got {number:g}",
                f"{where} must be 1 or more; got {number:g}",
            )


def check_distribution(config: Config) -> Iterator[Problem]:
    """
    Want a certificate for aliases, one kind of it, and behaviours of known origins.

    Source: https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_ViewerCertificate.html
    """
    aliases = texts_of(config.get("aliases"))
    for index, certificate in enumerate(blocks_of(config, "viewer_certificate")):
        path: Path = ("viewer_certificate", index)
        yield from _check_viewer_certificate(certificate, path, aliases)
    yield from _check_origins(config)
    yield from _check_behaviours(config)


def _check_viewer_certificate(
    certificate: Config, path: Path, aliases: Sequence[str]
) -> Iterator[Problem]:
    own = [certificate.get(k) for k in ("acm_certificate_arn", "iam_certificate_id")]
    default = certificate.get("cloudfront_default_certificate")
    if aliases and not any(own):
        rule = "acm_certificate_arn must be given for aliases"
        yield _refused((*path, "acm_certificate_arn"), rule, ", ".join(aliases))
    if any(own) and default is not True and not certificate.get("ssl_support_method"):
        rule = "ssl_support_method must be given with a certificate of one's own"
        yield _refused((*path, "ssl_support_method"), rule, "none")
    arn = certificate.get("acm_certificate_arn")
    yield from _check_certificate_region(arn, (*path, "acm_certificate_arn"))


def _check_origins(config: Config) -> Iterator[Problem]:
    """
    Want behaviours to name an origin that is there.

    Source: https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_DefaultCacheBehavior.html
    """
    if any(has_unknown(config.get(name)) for name in ("origin", "origin_group")):
        return
    blocks = [*blocks_of(config, "origin"), *blocks_of(config, "origin_group")]
    if any(not isinstance(block.get("origin_id"), str) for block in blocks):
        return
    ids = {str(block["origin_id"]) for block in blocks}
    for name in ("default_cache_behavior", "ordered_cache_behavior"):
        for index, behaviour in enumerate(blocks_of(config, name)):
            target = behaviour.get("target_origin_id")
            if isinstance(target, str) and target not in ids:
                rule = f"target_origin_id must be one of {', '.join(sorted(ids))}"
                yield _refused((name, index, "target_origin_id"), rule, shown(target))
    for index, origin in enumerate(blocks_of(config, "origin")):
        if origin.get("origin_access_control_id") and any(
            block.get("origin_access_identity")
            for block in blocks_of(origin, "s3_origin_config")
        ):
            rule = "an origin must not have both access control and access identity"
            yield _refused(("origin", index), rule, "both")


def _check_behaviours(config: Config) -> Iterator[Problem]:
    """
    Want sets of methods that CloudFront knows, and a cache policy or forwarded values.

    Source: https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_AllowedMethods.html
    """
    get = frozenset({"GET", "HEAD"})
    options = get | {"OPTIONS"}
    every = options | {"PUT", "POST", "PATCH", "DELETE"}
    for name in ("default_cache_behavior", "ordered_cache_behavior"):
        for index, behaviour in enumerate(blocks_of(config, name)):
            path: Path = (name, index)
            for key, sets in (
                ("allowed_methods", (get, options, every)),
                ("cached_methods", (get, options)),
            ):
                value = behaviour.get(key)
                found = frozenset(texts_of(value))
                if found and not has_unknown(value) and found not in sets:
                    rule = f"{key} must be GET, HEAD, OPTIONS or all methods"
                    got = ", ".join(sorted(found))
                    yield _refused((*path, key), rule, got)
            if behaviour.get("cache_policy_id") and blocks_of(
                behaviour, "forwarded_values"
            ):
                rule = "cache_policy_id must not stand beside forwarded_values"
                yield _refused((*path, "cache_policy_id"), rule, "both")
            if behaviour.get("cache_policy_id") is None and _is_missing(
                behaviour.get("forwarded_values")
            ):
                rule = "one of cache_policy_id and forwarded_values must be given"
                yield _refused((*path, "cache_policy_id"), rule, "none")


def check_function(config: Config) -> Iterator[Problem]:
    """
    Want handler and runtime for a Zip, an image for an Image.

    Source: https://docs.aws.amazon.com/lambda/latest/api/API_CreateFunction.html
    """
    kind = config.get("package_type")
    if kind == "Image":
        for name in ("handler", "runtime", "filename", "s3_bucket"):
            if is_set(config.get(name)):
                rule = f"{name} must not be given for package_type Image"
                yield _refused((name,), rule, shown(config.get(name)))
    elif kind in {None, "Zip"}:
        for name in ("handler", "runtime"):
            if config.get(name) is None:
                rule = f"{name} must be given for package_type Zip"
                yield _refused((name,), rule, "none")
        if is_set(config.get("image_uri")):
            rule = "image_uri must be given for package_type Image only"
            yield _refused(("image_uri",), rule, "Zip")


def check_environment(config: Config) -> Iterator[Problem]:
    """
    Want names of variables that Lambda takes, 4 KB in all.

    Source: https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html
    """
    for index, block in enumerate(blocks_of(config, "environment")):
        variables = block.get("variables")
        if not isinstance(variables, Mapping):
            continue
        path: Path = ("environment", index, "variables")
        found = cast("Mapping[str, object]", variables)
        for name in found:
            if fault := _fault_of_variable(name):
                yield _refused(path, f"a variable's name {fault}", shown(name))


def _fault_of_variable(name: str) -> str | None:
    if name in RESERVED_VARIABLES:
        return "must not be one that Lambda sets itself"
    letters = name.isascii() and name.replace("_", "a").isalnum()
    if not letters or not name[0].isalpha() or len(name) < 2:  # noqa: PLR2004
        return "must begin with a letter and have letters, digits and underscores"
    return None


RESERVED_VARIABLES: Final = frozenset(
    {
        "_HANDLER",
        "_X_AMZN_TRACE_ID",
        "AWS_DEFAULT_REGION",
        "AWS_REGION",
        "AWS_EXECUTION_ENV",
        "AWS_LAMBDA_FUNCTION_NAME",
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE",
        "AWS_LAMBDA_FUNCTION_VERSION",
        "AWS_LAMBDA_INITIALIZATION_TYPE",
        "AWS_LAMBDA_LOG_GROUP_NAME",
        "AWS_LAMBDA_LOG_STREAM_NAME",
        "AWS_ACCESS_KEY",
        "AWS_ACCESS_KEY_ID",
        "AWS_SECRET_ACCESS_KEY",
        "AWS_SESSION_TOKEN",
        "AWS_LAMBDA_RUNTIME_API",
        "LAMBDA_TASK_ROOT",
        "LAMBDA_RUNTIME_DIR",
    }
)


def check_record(config: Config) -> Iterator[Problem]:
    """
    Want a time to live for records.

    Source: https://docs.aws.amazon.com/Route53/latest/APIReference/API_ResourceRecordSet.html
    """
    if texts_of(config.get("records")) and config.get("ttl") is None:
        yield _refused(("ttl",), "ttl must be given with records", "none")


def check_certificate(config: Config) -> Iterator[Problem]:
    """
    Want a way to prove the domain of a certificate that ACM issues.

    Source: https://docs.aws.amazon.com/acm/latest/APIReference/API_RequestCertificate.html
    """
    if config.get("private_key") is not None:
        for name in ("certificate_body",):
            if config.get(name) is None:
                rule = f"{name} must be given with private_key"
                yield _refused((name,), rule, "none")


def check_provider(config: Config) -> Iterator[Problem]:
    """
    Want a region's form unless that check is off, and one list of accounts.

    Source: https://registry.terraform.io/providers/hashicorp/aws/6.25.0/docs#argument-reference
    """
    region = config.get("region")
    if (
        isinstance(region, str)
        and region
        and config.get("skip_region_validation") is not True
        and not _is_region(region)
    ):
        yield Problem(
            ("region",),
            f"invalid AWS Region: {shown(region)}",
            f"region must be a region's name such as eu-west-1; got {shown(region)}",
        )
    names = ("allowed_account_ids", "forbidden_account_ids")
    if all(config.get(name) is not None for name in names):
        for name, other in (names, names[::-1]):
            yield Problem(
                (name,),
                "Conflicting configuration arguments",
                f'"{name}": conflicts with {other}',
            )


def _is_region(text: str) -> bool:
    area, *middle, number = text.split("-") if "-" in text else (text, "")
    return (
        area.isalpha()
        and area.islower()
        and bool(middle)
        and all(word.isalpha() and word.islower() for word in middle)
        and number.isdigit()
    )


COMBINATIONS: Final[Mapping[str, tuple[Combination, ...]]] = {
    "aws_acm_certificate": (check_certificate,),
    "aws_api_gateway_authorizer": (check_authorizer,),
    "aws_api_gateway_domain_name": (check_edge_domain,),
    "aws_api_gateway_integration": (check_integration,),
    "aws_api_gateway_method": (check_method,),
    "aws_api_gateway_rest_api": (check_endpoint,),
    "aws_api_gateway_vpc_link": (check_link,),
    "aws_cloudfront_distribution": (check_distribution,),
    "aws_cognito_user_pool": (check_pool_mail, check_pool_mfa, check_pool_sms),
    "aws_cognito_user_pool_client": (
        check_refresh_rotation,
        check_auth_flow_names,
        check_redirects,
        check_oauth,
        check_token_validity,
    ),
    "aws_cognito_user_pool_domain": (check_pool_domain,),
    "aws_dynamodb_table": (check_table,),
    "aws_iam_policy": (check_managed_policy,),
    "aws_iam_role": (check_trust_policy,),
    "aws_lambda_function": (check_function, check_environment),
    "aws_route53_record": (check_record,),
    "aws_s3_bucket_lifecycle_configuration": (check_lifecycle,),
    "aws_s3_bucket_policy": (check_bucket_policy,),
    "aws_s3_bucket_website_configuration": (check_website,),
    "aws_s3_object": (check_object_tags,),
    "provider.aws": (check_provider, check_default_tags),
}
