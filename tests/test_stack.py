"""
Whole environments: goldens, and what holds between constructs.
"""

import json
import os
import re
from collections import Counter
from dataclasses import replace

import cdktf
import pytest

from tests.stacks import (
    FILES,
    PROJECT,
    load_gateway,
    new_gateway_stack,
    synth_environment,
)
from tests.synth import Config, decoded, only, synth

GOLDEN = PROJECT / "tests/golden"


@pytest.fixture(name="prod", scope="module")
def _prod() -> Config:
    return synth_environment("prod")


@pytest.fixture(name="local", scope="module")
def _local() -> Config:
    return synth_environment("local")


@pytest.fixture(name="own_domain", scope="module")
def _own_domain() -> Config:
    return synth_environment("own-domain")


@pytest.mark.parametrize("name", FILES)
def test_golden(name: str) -> None:
    """
    A changed address replaces live resources: the golden makes every change visible.
    """
    stack = new_gateway_stack(load_gateway(FILES[name]))
    text = json.dumps(json.loads(cdktf.Testing.synth(stack)), indent=2, sort_keys=True)
    golden = GOLDEN / f"{name}.tf.json"
    if os.environ.get("UPDATE_GOLDEN"):
        golden.write_text(f"{text}\n", encoding="utf-8")

    assert golden.is_file(), "UPDATE_GOLDEN=1 scripts/test -k golden writes it"
    assert golden.read_text(encoding="utf-8").splitlines() == text.splitlines(), (
        "UPDATE_GOLDEN=1 scripts/test -k golden accepts the change; addresses that "
        "changed belong into the changelog under 'Changed — replaces resources'"
    )


def test_local_has_nothing_but_these(local: Config) -> None:
    """The default environment defines this many of each type, and no more."""
    assert {
        "aws_api_gateway_deployment": 1,
        "aws_api_gateway_method_settings": 1,
        "aws_api_gateway_rest_api": 1,
        "aws_api_gateway_stage": 1,
        "aws_api_gateway_vpc_link": 1,
        "aws_cloudwatch_log_group": 1,
        "aws_cognito_user_pool": 1,
        "aws_cognito_user_pool_client": 1,
        "aws_s3_bucket": 1,
        "aws_s3_bucket_lifecycle_configuration": 1,
        "aws_s3_bucket_ownership_controls": 1,
        "aws_s3_bucket_policy": 1,
        "aws_s3_bucket_public_access_block": 1,
        "aws_s3_bucket_server_side_encryption_configuration": 1,
        "aws_s3_bucket_versioning": 1,
        "aws_s3_bucket_website_configuration": 1,
        "aws_s3_object": 4,
    } == Counter({kind: len(parts) for kind, parts in local["resource"].items()})


def test_outputs_are_described(local: Config) -> None:
    """What people need afterwards is an output that says what it is."""
    assert {
        "user_pool_id",
        "user_pool_client_id",
        "rest_api_id",
        "api_url",
        "site_url",
        "site_bucket_name",
        "vpc_link_id",
    } == set(local["output"])
    assert all(output["description"] for output in local["output"].values())


def test_states_lie_outside_the_output_folder(local: Config, prod: Config) -> None:
    """A state in `cdktf.out` would be deleted with it; one in S3 is locked."""
    own = local["terraform"]["backend"]["local"]["path"]
    network = only(local, "terraform_remote_state")["config"]["path"]

    assert own == "../../../.gateway/local.tfstate"
    assert network == "../../../environments/local.network.tfstate"
    assert prod["terraform"]["backend"]["s3"] == {
        "bucket": "example-terraform-states",
        "key": "mysfits-gateway/prod.tfstate",
        "region": "eu-west-1",
        "encrypt": True,
        "use_lockfile": True,
    }


def test_state_of_another_account_is_reached_by_its_role() -> None:
    """Both states may belong to accounts whose role Terraform assumes."""
    role = "arn:aws:iam::444444444444:role/states"
    gateway = load_gateway(FILES["prod"])
    state = gateway.settings.state.model_copy(update={"role_arn": role})
    settings = gateway.settings.model_copy(update={"state": state})
    config = synth(new_gateway_stack(replace(gateway, settings=settings)))

    assert config["terraform"]["backend"]["s3"]["assume_role"] == {"role_arn": role}


def test_provider_has_account_guard_and_tags(local: Config, prod: Config) -> None:
    """Terraform refuses another account, and tags all that it defines."""
    assert prod["provider"]["aws"] == [
        {
            "region": "eu-west-1",
            "allowed_account_ids": ["222222222222"],
            "default_tags": [
                {"tags": {"Project": "mythical-mysfits", "Environment": "prod"}}
            ],
        }
    ]
    assert "allowed_account_ids" not in local["provider"]["aws"][0]


def test_provider_can_call_an_emulator() -> None:
    """One address stands for every service that the stack calls."""
    emulator = "http://127.0.0.1:4566"
    provider = synth_environment("local", endpoints__aws=emulator)["provider"]["aws"][0]

    assert provider["s3_use_path_style"] is True
    assert provider["endpoints"] == [
        dict.fromkeys(
            [
                "acm",
                "apigateway",
                "cloudfront",
                "cognitoidp",
                "elbv2",
                "iam",
                "logs",
                "route53",
                "s3",
                "sts",
            ],
            emulator,
        )
    ]


def test_accounts_are_protected_in_prod(local: Config, prod: Config) -> None:
    """No single wrong change deletes the pool of an environment that is protected."""
    protected = only(prod, "aws_cognito_user_pool")

    assert protected["deletion_protection"] == "ACTIVE"
    assert protected["lifecycle"] == {"prevent_destroy": True}
    assert only(prod, "aws_s3_bucket")["force_destroy"] is False
    assert only(local, "aws_s3_bucket")["force_destroy"] is True


def test_unique_names_carry_prefix_account_and_region(prod: Config) -> None:
    """A bucket's name is one in all of AWS."""
    assert only(prod, "aws_s3_bucket")["bucket"] == (
        "mysfits-prod-site-${data.aws_caller_identity.Account.account_id}-eu-west-1"
    )


def body_text(config: Config) -> str:
    (body,) = [text for name, text in config["locals"].items() if "Body" in name]
    return json.dumps(decoded(body))


def cors_origins(config: Config) -> set[str]:
    text = body_text(config)
    return set(
        re.findall(
            r'"(?:gatewayresponse|method.response)\.header\.'
            r'Access-Control-Allow-Origin": "\'([^\']*)\'"',
            text,
        )
    )


def test_cors_origin_is_the_site(local: Config, own_domain: Config) -> None:
    """Browsers on the site's own origin, and no others, may read answers."""
    (website,) = local["resource"]["aws_s3_bucket_website_configuration"]

    assert cors_origins(local) == {
        f"http://${{aws_s3_bucket_website_configuration.{website}.website_endpoint}}"
    }
    assert cors_origins(own_domain) == {"https://www.example.com"}


def test_service_is_called_by_the_name_in_the_state() -> None:
    """The DNS name may be an output; the document then refers to that."""
    config = synth_environment("local", network__nlb_dns_name_output="nlb_dns_name")
    (name,) = [name for name in config["locals"] if "DnsName" in name]

    assert f"http://${{local.{name}}}:8080/mysfits" in body_text(config)


def content_security_policy(config: Config) -> dict[str, str]:
    headers = only(config, "aws_cloudfront_response_headers_policy")
    config = headers["security_headers_config"]["content_security_policy"]
    directives = config["content_security_policy"].split("; ")
    return dict(directive.split(" ", 1) for directive in directives)


def test_csp_names_who_is_called(prod: Config, own_domain: Config) -> None:
    """Pages call their own origin, Cognito and the API, and nobody else."""
    assert content_security_policy(prod)["connect-src"] == (
        "'self' https://cognito-idp.eu-west-1.amazonaws.com "
        "https://*.execute-api.eu-west-1.amazonaws.com"
    )
    assert content_security_policy(own_domain)["connect-src"] == (
        "'self' https://cognito-idp.us-west-2.amazonaws.com https://api.example.com"
    )
    assert content_security_policy(own_domain)["img-src"] == (
        "'self' data: https://images.example.com"
    )


def runtime_config(config: Config) -> dict[str, str]:
    objects = config["resource"]["aws_s3_object"].values()
    return next(decoded(o["content"]) for o in objects if o["key"] == "config.json")


def test_runtime_config(local: Config) -> None:
    """Pages learn ids and addresses when they run, from one generated object."""
    (pool,) = local["resource"]["aws_cognito_user_pool"]
    (client,) = local["resource"]["aws_cognito_user_pool_client"]
    (stage,) = local["resource"]["aws_api_gateway_stage"]

    assert {
        "region": "us-east-1",
        "userPoolId": f"${{aws_cognito_user_pool.{pool}.id}}",
        "userPoolClientId": f"${{aws_cognito_user_pool_client.{client}.id}}",
        "cognitoEndpoint": "https://cognito-idp.us-east-1.amazonaws.com",
        "apiEndpoint": f"${{aws_api_gateway_stage.{stage}.invoke_url}}",
    } == runtime_config(local)


def test_endpoints_run_it_on_one_machine() -> None:
    """Loopback addresses reach the pages, the CSP and CORS alike."""
    config = synth_environment(
        "local",
        website__hosting="cloudfront",
        endpoints__api="http://{api_id}.execute-api.localhost:4566/{stage}",
        endpoints__cognito="http://127.0.0.1:4566",
        endpoints__site="http://{bucket}.s3-website.localhost:4566",
    )
    (api,) = config["resource"]["aws_api_gateway_rest_api"]
    (stage,) = config["resource"]["aws_api_gateway_stage"]
    account = "${data.aws_caller_identity.Account.account_id}"
    connect = content_security_policy(config)["connect-src"]

    assert connect == (
        "'self' http://127.0.0.1:4566 http://*.execute-api.localhost:4566"
    )
    assert cors_origins(config) == {
        f"http://mysfits-local-site-{account}-us-east-1.s3-website.localhost:4566"
    }
    assert runtime_config(config)["apiEndpoint"] == (
        f"http://${{aws_api_gateway_rest_api.{api}.id}}.execute-api.localhost:4566/"
        f"${{aws_api_gateway_stage.{stage}.stage_name}}"
    )


def test_own_names_close_the_other_ways_in(own_domain: Config) -> None:
    """With names of its own the API answers at its name only."""
    assert only(own_domain, "aws_api_gateway_rest_api")["disable_execute_api_endpoint"]
    assert own_domain["output"]["api_url"]["value"] == "https://api.example.com"
    assert own_domain["output"]["site_url"]["value"] == "https://www.example.com"
    assert len(own_domain["resource"]["aws_route53_record"]) == 3


def test_existing_link_and_pool_are_used(own_domain: Config) -> None:
    """A link and a pool that exist are named, never defined."""
    text = body_text(own_domain)

    assert "aws_api_gateway_vpc_link" not in own_domain["resource"]
    assert "aws_cognito_user_pool" not in own_domain["resource"]
    assert own_domain["output"]["vpc_link_id"]["value"] == "abc123"
    assert '"connectionId": "abc123"' in text
    assert (
        "arn:aws:cognito-idp:us-west-2:"
        "${data.aws_caller_identity.Account.account_id}:userpool/us-west-2_aBcDeFgHi"
    ) in text
    assert "https://mysfits.internal.example.com:8443/v1/mysfits" in text


def test_another_service_is_another_file() -> None:
    """A second document and site need no change of code."""
    config = synth_environment("orders")

    assert only(config, "aws_api_gateway_rest_api")["name"] != "MysfitsApi"
    assert "mysfit" not in json.dumps(config).lower()


def test_warnings_are_shown() -> None:
    """A warning of the document is an annotation, which the CLI shows."""
    stack = new_gateway_stack(
        replace(load_gateway(FILES["local"]), warnings=("swagger.json: mended",))
    )

    assert [("@cdktf/warn", "swagger.json: mended")] == [
        (entry.type, entry.data)
        for entry in stack.node.metadata
        if entry.type == "@cdktf/warn"
    ]
