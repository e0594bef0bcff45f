"""
The keys of an environment file: defaults, the rule of each, and the rules between them.
"""

from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from modules.settings import Service
from modules.settings_reference import keys_of
from modules.swagger import UndeclaredOperations
from tests.environment_files import NLB_ARN, load, problems_of, write_environment

TEXT = "must be text in quotes"
WHOLE = "must be a whole number"
BOOLEAN = "must be true or false"
LIST = "must be a list in brackets"
TABLE = "must be a table"
PATH = "must be a path in quotes"
TEMPLATE = "must not contain ${ or %{: Terraform would read a template"
REGION = "must be an AWS region such as eu-west-1"
STATE_KEY = "must be a state's object key such as network/prod.tfstate"
ROLE = "must be the ARN of an IAM role"
NLB = (
    "must be the ARN of a network load balancer "
    "(arn:aws:elasticloadbalancing:REGION:ACCOUNT:loadbalancer/net/NAME/ID)"
)
CERTIFICATE = (
    "must be the ARN of an ACM certificate (arn:aws:acm:REGION:ACCOUNT:certificate/ID)"
)
PREFIX = (
    "must be at most 24 lower-case letters, digits and hyphens, with no hyphen at "
    "either end"
)
COGNITO_NAME = "must be 1 to 128 letters, digits, spaces and _+=,.@- only"
ADDRESS = (
    "must be an address such as no-reply@example.com or Name <no-reply@example.com>"
)
HOST_NAME = "must be a host name in lower case such as www.example.com"
ORIGIN = (
    "must be an origin without a path: https://HOST[:PORT], or http:// on "
    "127.0.0.1, [::1] or localhost"
)
URL = (
    "must be an URL without a slash at its end: https://HOST[:PORT][/PATH], or "
    "http:// on 127.0.0.1, [::1] or localhost"
)
RETENTION = (
    "must be 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, "
    "1827, 2192, 2557, 2922, 3288 or 3653"
)
BUCKET = (
    "must be a bucket's name of 3 to 63 lower-case letters, digits, dots and hyphens"
)
S3_STATE = {
    "backend": '"s3"',
    "bucket": '"states"',
    "key": '"net.tfstate"',
    "region": '"eu-west-1"',
}
CLOUD_STATE = {
    "backend": '"cloud"',
    "organization": '"acme"',
    "workspace": '"network"',
}
DOMAIN = {
    "domain.site": '"www.example.com"',
    "domain.site_certificate_arn": (
        '"arn:aws:acm:us-east-1:111111111111:certificate/aaaa-1111"'
    ),
    "domain.api": '"api.example.com"',
    "domain.api_certificate_arn": (
        '"arn:aws:acm:eu-west-1:111111111111:certificate/bbbb-2222"'
    ),
    "domain.hosted_zone_id": '"Z0123456789ABC"',
}
EMAIL = {
    "email.from_address": '"no-reply@example.com"',
    "email.ses_identity_arn": (
        '"arn:aws:ses:eu-west-1:111111111111:identity/example.com"'
    ),
}


def _network_state(form: dict[str, str]) -> dict[str, str | None]:
    state = {f"network.state.{key}": value for key, value in form.items()}
    return {"network.nlb_arn": None, **state}


def _own_state(form: dict[str, str]) -> dict[str, str | None]:
    return {"state.path": None, **{f"state.{key}": form[key] for key in form}}


def test_defaults_of_a_minimal_environment(tmp_path: Path) -> None:
    """What a file leaves out has these values, and no others."""
    expected: dict[str, Any] = {
        "name": "test",
        "region": "eu-west-1",
        "name_prefix": "shop",
        "allowed_account_ids": ("111111111111",),
        "tags": {},
        "state": {"backend": "local", "path": tmp_path / "shop.tfstate"},
        "protection": {"deletion_protection": False, "prevent_destroy": False},
        "network": {
            "state": None,
            "nlb_arn_output": "nlb_arn",
            "nlb_dns_name_output": None,
            "nlb_arn": NLB_ARN,
            "accepted_internet_facing_nlbs": (),
            "vpc_link_id": None,
            "vpc_link_name": "MysfitsApiVpcLink",
        },
        "service": {
            "scheme": "http",
            "port": None,
            "base_path": "",
            "host_name": None,
        },
        "user_pool": {
            "id": None,
            "name": "MysfitsUserPool",
            "client_name": "MysfitsUserPoolClient",
            "minimum_password_length": 12,
            "access_token_minutes": 60,
            "id_token_minutes": 60,
            "refresh_token_days": 30,
            "refresh_grace_seconds": 10,
        },
        "email": None,
        "api": {
            "document": tmp_path / "api.json",
            "name": "MysfitsApi",
            "stage_name": "prod",
            "stage_variables": {},
            "undeclared_operations": UndeclaredOperations.ERROR,
            "allowed_integration_hosts": (),
            "allowed_integration_credentials": (),
            "integration_timeout_milliseconds": 29000,
            "binary_media_types": (),
            "throttling_rate_limit": 100.0,
            "throttling_burst_limit": 200,
            "xray_tracing": False,
            "access_log_retention_days": 30,
            "account_log_role": "external",
        },
        "website": {
            "directory": tmp_path / "site",
            "hosting": "cloudfront",
            "index_document": "index.html",
            "error_document": "error.html",
            "image_origins": (),
            "price_class": "PriceClass_100",
        },
        "endpoints": {"aws": None, "api": None, "cognito": None, "site": None},
        "domain": None,
        "rehearsal": {
            "account_id": None,
            "region": None,
            "states": {},
            "data_sources": {},
        },
    }

    assert expected == load(tmp_path).model_dump()


def test_defaults_of_the_states(tmp_path: Path) -> None:
    """A state in S3 is read with Terraform's credentials, one in the cloud at HCP."""
    s3 = load(tmp_path, _own_state(S3_STATE)).state
    cloud = load(tmp_path, _network_state(CLOUD_STATE)).network.state

    assert cloud is not None
    assert {
        "backend": "s3",
        "bucket": "states",
        "key": "net.tfstate",
        "region": "eu-west-1",
        "role_arn": None,
    } == s3.model_dump()
    assert {
        "backend": "cloud",
        "organization": "acme",
        "workspace": "network",
        "hostname": "app.terraform.io",
    } == cloud.model_dump()


# Key, value as TOML writes it, what the file's line says after the key.
BAD_VALUES = [
    ("region", "1", f"{TEXT}, got 1"),
    ("region", '"eu-west"', f"{REGION}, got 'eu-west'"),
    ("region", '"eu-west-1a"', f"{REGION}, got 'eu-west-1a'"),
    ("name_prefix", '""', f"{PREFIX}, got ''"),
    ("name_prefix", '"Shop"', f"{PREFIX}, got 'Shop'"),
    ("name_prefix", '"shop-"', f"{PREFIX}, got 'shop-'"),
    ("name_prefix", f'"{"s" * 25}"', f"{PREFIX}, got '{'s' * 25}'"),
    ("tags", '"a"', f"{TABLE}, got 'a'"),
    ("tags.Team", "1", f"{TEXT}, got 1"),
    ("protection.deletion_protection", '"yes"', f"{BOOLEAN}, got 'yes'"),
    ("protection.prevent_destroy", "1", f"{BOOLEAN}, got 1"),
    ("tags", '{Team = "${x}"}', TEMPLATE),
    ("tags", '{"%{x}" = "a"}', TEMPLATE),
    ("network.vpc_link_name", '"${x}"', f"{TEMPLATE}, got '${{x}}'"),
    (
        "network.accepted_internet_facing_nlbs",
        '["%{x}"]',
        f"{TEMPLATE}, got ['%{{x}}']",
    ),
    (
        "state.path",
        '"a\\nb"',
        "must be a path relative to the environment file, got 'a\\nb'",
    ),
    ("state.path", '"${x}"', f"{TEMPLATE}, got '${{x}}'"),
    ("state.path", "1", f"{PATH}, got 1"),
    ("state.path", '""', "must be a path relative to the environment file, got ''"),
    (
        "network.nlb_arn_output",
        '"a b"',
        "must be the name of a Terraform output, got 'a b'",
    ),
    (
        "network.nlb_dns_name_output",
        '"1a"',
        "must be the name of a Terraform output, got '1a'",
    ),
    ("network.nlb_arn", '"nope"', f"{NLB}, got 'nope'"),
    ("network.accepted_internet_facing_nlbs", '"shop"', f"{LIST}, got 'shop'"),
    ("network.vpc_link_id", '"VPC"', "must be a VPC link's id, got 'VPC'"),
    ("network.vpc_link_name", '""', "must have at least 1 character, got ''"),
    ("service.scheme", '"ftp"', "must be 'http' or 'https', got 'ftp'"),
    ("service.port", '"80"', f"{WHOLE}, got '80'"),
    ("service.port", "80.0", f"{WHOLE}, got 80.0"),
    ("service.port", "true", f"{WHOLE}, got true"),
    ("service.port", "[{a = 1}]", f"{WHOLE}, got [a table]"),
    ("service.port", "2026-11-22", f"{WHOLE}, got 2026-11-22"),
    ("service.port", "0", "must be greater than or equal to 1, got 0"),
    ("service.port", "65536", "must be less than or equal to 65535, got 65536"),
    ("service.base_path", '"/v1/"', "must be empty, or a path such as /v1, got '/v1/'"),
    ("service.host_name", '"a/b"', "must be a host name, got 'a/b'"),
    ("user_pool.id", '"pool"', "must be a user pool's id (REGION_ID), got 'pool'"),
    ("user_pool.name", '""', f"{COGNITO_NAME}, got ''"),
    ("user_pool.name", '"a/b"', f"{COGNITO_NAME}, got 'a/b'"),
    ("user_pool.name", '"Zoë"', f"{COGNITO_NAME}, got 'Zoë'"),
    ("user_pool.client_name", '"a*"', f"{COGNITO_NAME}, got 'a*'"),
    (
        "user_pool.minimum_password_length",
        "7",
        "must be greater than or equal to 8, got 7",
    ),
    (
        "user_pool.minimum_password_length",
        "100",
        "must be less than or equal to 99, got 100",
    ),
    (
        "user_pool.access_token_minutes",
        "4",
        "must be greater than or equal to 5, got 4",
    ),
    (
        "user_pool.access_token_minutes",
        "1441",
        "must be less than or equal to 1440, got 1441",
    ),
    ("user_pool.id_token_minutes", "4", "must be greater than or equal to 5, got 4"),
    (
        "user_pool.id_token_minutes",
        "1441",
        "must be less than or equal to 1440, got 1441",
    ),
    ("user_pool.refresh_token_days", "0", "must be greater than or equal to 1, got 0"),
    (
        "user_pool.refresh_token_days",
        "3651",
        "must be less than or equal to 3650, got 3651",
    ),
    (
        "user_pool.refresh_grace_seconds",
        "-1",
        "must be greater than or equal to 0, got -1",
    ),
    (
        "user_pool.refresh_grace_seconds",
        "61",
        "must be less than or equal to 60, got 61",
    ),
    ("api.document", "[]", f"{PATH}, got []"),
    ("api.name", '""', "must have at least 1 character, got ''"),
    ("api.stage_name", '"a b"', "must be letters, digits, _ and - only, got 'a b'"),
    ("api.stage_variables", "[1]", f"{TABLE}, got [1]"),
    ("api.stage_variables.a-b", '"x"', "must be letters, digits and _ only, got 'a-b'"),
    (
        "api.stage_variables.host",
        '"a b"',
        "must be made of letters, digits and -._~:/?#&=, only, got 'a b'",
    ),
    ("api.undeclared_operations", '"open"', "must be 'error' or 'public', got 'open'"),
    ("api.allowed_integration_hosts", '"a.test"', f"{LIST}, got 'a.test'"),
    ("api.allowed_integration_credentials", '"x"', f"{LIST}, got 'x'"),
    (
        "api.integration_timeout_milliseconds",
        "49",
        "must be greater than or equal to 50, got 49",
    ),
    (
        "api.integration_timeout_milliseconds",
        "29001",
        "must be less than or equal to 29000, got 29001",
    ),
    ("api.binary_media_types", '"*/*"', f"{LIST}, got '*/*'"),
    ("api.throttling_rate_limit", '"1"', "must be a number, got '1'"),
    ("api.throttling_rate_limit", "0", "must be greater than 0, got 0"),
    ("api.throttling_rate_limit", "inf", "must be a finite number, got inf"),
    ("api.throttling_burst_limit", "0", "must be greater than 0, got 0"),
    ("api.throttling_burst_limit", "1.5", f"{WHOLE}, got 1.5"),
    ("api.xray_tracing", '"on"', f"{BOOLEAN}, got 'on'"),
    ("api.access_log_retention_days", "31", f"{RETENTION}, got 31"),
    ("api.account_log_role", '"own"', "must be 'external' or 'managed', got 'own'"),
    ("website.directory", "1", f"{PATH}, got 1"),
    ("website.hosting", '"ftp"', "must be 'cloudfront' or 's3', got 'ftp'"),
    ("website.index_document", "1", f"{TEXT}, got 1"),
    ("website.error_document", "1", f"{TEXT}, got 1"),
    ("website.image_origins", '"x"', f"{LIST}, got 'x'"),
    (
        "website.price_class",
        '"All"',
        "must be 'PriceClass_100', 'PriceClass_200' or 'PriceClass_All', got 'All'",
    ),
    (
        "rehearsal.account_id",
        '"1"',
        "must be an AWS account id of 12 digits, got '1'",
    ),
    ("rehearsal.region", '"mars"', f"{REGION}, got 'mars'"),
    ("rehearsal.states.network", "1", f"{TABLE}, got 1"),
    ("rehearsal.states", "1", f"{TABLE}, got 1"),
    ("rehearsal.data_sources", '"aws_lb"', f"{TABLE}, got 'aws_lb'"),
    ("rehearsal.data_sources.aws_lb.internal", "true", f"{TABLE}, got true"),
    ("endpoints.aws", '"http://example.com"', f"{ORIGIN}, got 'http://example.com'"),
    (
        "endpoints.aws",
        '"https://{bucket}.test"',
        "must have no placeholder, got 'https://{bucket}.test'",
    ),
    ("endpoints.api", '"https://a.test/"', f"{URL}, got 'https://a.test/'"),
    (
        "endpoints.api",
        '"https://{id}.test"',
        "must have no placeholder but {api_id} and {stage}, got 'https://{id}.test'",
    ),
    (
        "endpoints.api",
        '"https://a.{api_id}.test"',
        f"{URL}, got 'https://a.{{api_id}}.test'",
    ),
    ("endpoints.cognito", '"https://a.test/x"', f"{ORIGIN}, got 'https://a.test/x'"),
    (
        "endpoints.cognito",
        '"https://{stage}.test"',
        "must have no placeholder, got 'https://{stage}.test'",
    ),
    ("endpoints.site", '"ftp://a.test"', f"{ORIGIN}, got 'ftp://a.test'"),
    (
        "endpoints.site",
        '"https://{stage}.test"',
        "must have no placeholder but {bucket}, got 'https://{stage}.test'",
    ),
    (
        "endpoints.site",
        '"https://{bucket.test"',
        f"{ORIGIN}, got 'https://{{bucket.test'",
    ),
]


@pytest.mark.parametrize(("key", "value", "sentence"), BAD_VALUES)
def test_fails_when_a_value_is_wrong(
    tmp_path: Path, key: str, value: str, sentence: str
) -> None:
    """A wrong value is one line: file, key, rule and the value got."""
    file = write_environment(tmp_path, {key: value})

    assert (f"test.toml: {key}: {sentence}",) == problems_of(file)


@pytest.mark.parametrize(
    ("form", "key", "value", "sentence"),
    [
        (S3_STATE, "bucket", '"ab"', f"{BUCKET}, got 'ab'"),
        (S3_STATE, "bucket", '"Not_One"', f"{BUCKET}, got 'Not_One'"),
        (S3_STATE, "key", '"/a"', f"{STATE_KEY}, got '/a'"),
        (S3_STATE, "region", '"here"', f"{REGION}, got 'here'"),
        (S3_STATE, "role_arn", '"me"', f"{ROLE}, got 'me'"),
        (CLOUD_STATE, "organization", '""', "must have at least 1 character, got ''"),
        (CLOUD_STATE, "workspace", '""', "must have at least 1 character, got ''"),
        (CLOUD_STATE, "hostname", '"a/b"', "must be a host name, got 'a/b'"),
        (
            CLOUD_STATE,
            "backend",
            '"azure"',
            "must be one of 'local', 's3', 'cloud', got 'azure'",
        ),
    ],
)
def test_fails_when_a_value_of_the_network_state_is_wrong(
    tmp_path: Path, form: dict[str, str], key: str, value: str, sentence: str
) -> None:
    """The form of a state is no part of the key that a person wrote."""
    file = write_environment(tmp_path, _network_state({**form, key: value}))

    assert (f"test.toml: network.state.{key}: {sentence}",) == problems_of(file)


def test_fails_when_the_own_state_lies_in_the_cloud(tmp_path: Path) -> None:
    """An environment's own state is a local file or an object in S3."""
    file = write_environment(tmp_path, _own_state(CLOUD_STATE))

    assert (
        "test.toml: state.backend: must be one of 'local', 's3', got 'cloud'",
    ) == problems_of(file)


@pytest.mark.parametrize(
    ("key", "value", "place", "sentence"),
    [
        ("allowed_account_ids", '["1"]', "0", "must be an AWS account id of 12 digits"),
        ("api.allowed_integration_credentials", '["1"]', "0", ROLE),
        (
            "api.binary_media_types",
            '["a/b", "1"]',
            "1",
            "must be a media type such as */*",
        ),
        (
            "website.image_origins",
            '["1"]',
            "0",
            "must be an origin such as https://images.example.com, without a path",
        ),
    ],
)
def test_fails_when_an_item_of_a_list_is_wrong(
    tmp_path: Path, key: str, value: str, place: str, sentence: str
) -> None:
    """An item is named by its place, counted from 0."""
    file = write_environment(tmp_path, {key: value})

    assert (f"test.toml: {key}.{place}: {sentence}, got '1'",) == problems_of(file)


@pytest.mark.parametrize(
    ("key", "value", "sentence"),
    [
        ("from_address", '"nobody"', f"{ADDRESS}, got 'nobody'"),
        (
            "ses_identity_arn",
            '"example.com"',
            (
                "must be the ARN of an SES identity "
                "(arn:aws:ses:REGION:ACCOUNT:identity/DOMAIN), got 'example.com'"
            ),
        ),
        ("reply_to", '"nobody"', "must be an e-mail address, got 'nobody'"),
    ],
)
def test_fails_when_an_email_setting_is_wrong(
    tmp_path: Path, key: str, value: str, sentence: str
) -> None:
    """Addresses and the identity are checked before SES sees them."""
    file = write_environment(tmp_path, {**EMAIL, f"email.{key}": value})

    assert (f"test.toml: email.{key}: {sentence}",) == problems_of(file)


@pytest.mark.parametrize(
    "address", ["no-reply@example.com", "Name <no-reply@example.com>"]
)
def test_accepts_a_sender_with_and_without_name(tmp_path: Path, address: str) -> None:
    """SES takes an address alone or after a display name."""
    settings = load(tmp_path, {**EMAIL, "email.from_address": f'"{address}"'})

    assert settings.email is not None
    assert address == settings.email.from_address


@pytest.mark.parametrize(
    ("key", "value", "sentence"),
    [
        ("site", '"WWW.example.com"', f"{HOST_NAME}, got 'WWW.example.com'"),
        ("site_certificate_arn", '"x"', f"{CERTIFICATE}, got 'x'"),
        ("api", '"localhost"', f"{HOST_NAME}, got 'localhost'"),
        ("api_certificate_arn", '"x"', f"{CERTIFICATE}, got 'x'"),
        ("hosted_zone_id", '"z1"', "must be a hosted zone's id, got 'z1'"),
        (
            "site_certificate_arn",
            '"arn:aws:acm:eu-west-1:111111111111:certificate/a"',
            (
                "must be a certificate in us-east-1, got "
                "'arn:aws:acm:eu-west-1:111111111111:certificate/a'; request one there"
            ),
        ),
        (
            "api_certificate_arn",
            '"arn:aws:acm:us-east-1:111111111111:certificate/a"',
            (
                "must be a certificate in eu-west-1, got "
                "'arn:aws:acm:us-east-1:111111111111:certificate/a'; request one there"
            ),
        ),
        (
            "api",
            '"www.example.com"',
            "must differ from domain.site, got 'www.example.com' for both",
        ),
    ],
)
def test_fails_when_a_domain_setting_is_wrong(
    tmp_path: Path, key: str, value: str, sentence: str
) -> None:
    """Names, certificates and the zone fit each other and where AWS looks for them."""
    file = write_environment(tmp_path, {**DOMAIN, f"domain.{key}": value})

    assert (f"test.toml: domain.{key}: {sentence}",) == problems_of(file)


def test_fails_when_a_domain_meets_what_has_no_certificate_or_other_addresses(
    tmp_path: Path,
) -> None:
    """Own names need CloudFront, and leave no room for other addresses."""
    file = write_environment(
        tmp_path,
        {
            **DOMAIN,
            "website.hosting": '"s3"',
            "endpoints.api": '"https://a.test"',
            "endpoints.site": '"https://b.test"',
        },
    )

    assert (
        (
            "test.toml: domain: needs website.hosting = 'cloudfront', got 's3'; a "
            "bucket's website endpoint has no certificate"
        ),
        (
            "test.toml: endpoints.api: must be left out when domain.api gives the "
            "address, got 'https://a.test'"
        ),
        (
            "test.toml: endpoints.site: must be left out when domain.site gives the "
            "address, got 'https://b.test'"
        ),
    ) == problems_of(file)


def test_accepts_a_domain(tmp_path: Path) -> None:
    """Own names with certificates where AWS looks for them are kept as given."""
    settings = load(tmp_path, DOMAIN)

    assert settings.domain is not None
    assert {
        key.removeprefix("domain."): value.strip('"') for key, value in DOMAIN.items()
    } == settings.domain.model_dump()


@pytest.mark.parametrize(
    "changes",
    [
        {"network.nlb_arn": None, "network.vpc_link_name": '"Link"'},
        {**_network_state(CLOUD_STATE), "network.nlb_arn": f'"{NLB_ARN}"'},
    ],
)
def test_fails_unless_the_load_balancer_has_one_source(
    tmp_path: Path, changes: dict[str, str | None]
) -> None:
    """The ARN comes from a state or from the file: not from both, nor from neither."""
    file = write_environment(tmp_path, changes)

    assert (
        "test.toml: network: must have either the table state or the key nlb_arn",
    ) == problems_of(file)


def test_fails_when_the_load_balancer_is_out_of_reach(tmp_path: Path) -> None:
    """A VPC link reaches load balancers of its own region and account only."""
    arn = NLB_ARN.replace("eu-west-1", "eu-west-2").replace("111111111111", "2" * 12)
    file = write_environment(tmp_path, {"network.nlb_arn": f'"{arn}"'})

    assert (
        (
            "test.toml: network.nlb_arn: must be in the environment's region "
            f"eu-west-1, got '{arn}'; a VPC link reaches load balancers of its own "
            "region only"
        ),
        (
            "test.toml: network.nlb_arn: must belong to one of allowed_account_ids, "
            f"got '{arn}'; a VPC link reaches load balancers of its own account only"
        ),
    ) == problems_of(file)


def test_fails_when_the_own_state_is_the_network_s(tmp_path: Path) -> None:
    """Terraform would plan to destroy what the network's state describes."""
    file = write_environment(
        tmp_path, {**_own_state(S3_STATE), **_network_state(S3_STATE)}
    )

    assert (
        (
            "test.toml: state: must not be the state of the network, got the S3 state "
            "s3://states/net.tfstate in eu-west-1 for both; give this environment "
            "its own"
        ),
    ) == problems_of(file)


def test_fails_when_https_has_no_host_name(tmp_path: Path) -> None:
    """No certificate is issued for a load balancer's own name."""
    file = write_environment(tmp_path, {"service.scheme": '"https"'})

    assert (
        (
            "test.toml: service: must have host_name when scheme is https: no "
            "certificate is issued for a load balancer's own DNS name"
        ),
    ) == problems_of(file)


@pytest.mark.parametrize(
    ("service", "url"),
    [
        (Service(), "http://nlb.test"),
        (Service(port=80), "http://nlb.test"),
        (Service(port=443), "http://nlb.test:443"),
        (Service(port=8080, base_path="/v1"), "http://nlb.test:8080/v1"),
        (Service(host_name="a.test"), "http://a.test"),
        (Service(scheme="https", host_name="a.test"), "https://a.test"),
        (Service(scheme="https", host_name="a.test", port=443), "https://a.test"),
        (Service(scheme="https", host_name="a.test", port=80), "https://a.test:80"),
    ],
)
def test_url_of_the_service(service: Service, url: str) -> None:
    """The URL leaves out a scheme's own port, and prefers the service's own name."""
    assert url == service.url("nlb.test")


def test_fails_when_the_user_pool_is_elsewhere_or_gets_a_sender(
    tmp_path: Path,
) -> None:
    """An existing pool is of the same region and keeps its own sender."""
    file = write_environment(tmp_path, {**EMAIL, "user_pool.id": '"us-east-1_AbC123"'})

    assert (
        (
            "test.toml: user_pool.id: must be a pool of the environment's region "
            "eu-west-1, got 'us-east-1_AbC123'; the authorizer and the website look "
            "for it there"
        ),
        (
            "test.toml: email: must be left out when user_pool.id names an existing "
            "pool; set the sender where that pool is defined"
        ),
    ) == problems_of(file)


def test_accepts_an_existing_user_pool(tmp_path: Path) -> None:
    """A pool of the environment's region can be named instead of defined."""
    settings = load(tmp_path, {"user_pool.id": '"eu-west-1_AbC123"'})

    assert settings.user_pool.id == "eu-west-1_AbC123"


@pytest.mark.parametrize("value", [None, "[]"])
def test_fails_when_no_account_is_guarded(tmp_path: Path, value: str | None) -> None:
    """Every environment but the local one says which account it may change."""
    file = write_environment(tmp_path, {"allowed_account_ids": value})

    assert (
        (
            "test.toml: allowed_account_ids: is required in every environment but "
            "local; name the account that this environment deploys to"
        ),
    ) == problems_of(file)


@pytest.mark.parametrize(
    ("section", "key"), [("", "region"), ("network", "vpc_link_name"), ("api", "name")]
)
def test_fails_when_assigned(tmp_path: Path, section: str, key: str) -> None:
    """Settings are what a reviewer read, and no code changes them."""
    settings = load(tmp_path)

    with pytest.raises(ValidationError, match="Instance is frozen"):
        setattr(getattr(settings, section) if section else settings, key, "other")


def test_every_key_has_a_case() -> None:
    """Each key that has a rule of its own has a wrong value among these tests."""
    tried = {key for key, _, _ in BAD_VALUES}
    states = {"backend", "path", "bucket", "key", "region", "role_arn"}
    states |= {"organization", "workspace", "hostname"}
    elsewhere = {"allowed_account_ids", *DOMAIN, *EMAIL, "email.reply_to"}
    every = {
        f"{key.table}.{key.name}".lstrip(".")
        for key in keys_of()
        if not key.table.endswith("state") or key.name not in states
    }

    assert set() == every - tried - elsewhere


@pytest.mark.parametrize("path", ["cdktf.out/a.tfstate", "."])
def test_fails_when_a_state_would_not_last(tmp_path: Path, path: str) -> None:
    """A state is a file, and lies outside of what a synth writes anew."""
    file = write_environment(tmp_path, {"state.path": f'"{path}"'})

    assert (
        (
            "test.toml: state.path: must be a file outside of cdktf.out, which is "
            f"written anew, got '{path}'"
        ),
    ) == problems_of(file)


@pytest.mark.parametrize("directory", [".", "..", "/"])
def test_fails_when_the_site_holds_the_environment_file(
    tmp_path: Path, directory: str
) -> None:
    """All files of the site are published: the environment's are not among them."""
    file = write_environment(tmp_path, {"website.directory": f'"{directory}"'})

    assert (
        (
            "test.toml: website.directory: must not hold the environment file: all "
            "that is in it is published, so give the site its own folder, got "
            f"'{directory}'"
        ),
    ) == problems_of(file)


@pytest.mark.parametrize(
    ("key", "changes"),
    [
        ("api.document", {"api.document": '"site/api.json"'}),
        ("state.path", {"state.path": '"site/own.state"'}),
        (
            "network.state.path",
            {
                "network.nlb_arn": None,
                "network.state.backend": '"local"',
                "network.state.path": '"site/network.state"',
            },
        ),
    ],
)
def test_fails_when_the_site_holds_what_is_not_for_everybody(
    tmp_path: Path, key: str, changes: dict[str, str | None]
) -> None:
    """Neither the document nor a state is published with the site."""
    file = write_environment(tmp_path, changes)
    (problem,) = problems_of(file)

    assert problem.startswith(
        f"test.toml: website.directory: must not hold what {key} names, got "
    )


def test_fails_when_local_has_a_shared_state(tmp_path: Path) -> None:
    """What variables may change is nobody else's."""
    changes = {
        "state.path": None,
        "state.backend": '"s3"',
        "state.bucket": '"states"',
        "state.key": '"a.tfstate"',
        "state.region": '"eu-west-1"',
    }
    file = write_environment(tmp_path, changes, name="local")

    assert (
        (
            "local.toml: state.backend: must be 'local' in the environment local, got "
            "'s3'; variables may change this environment, so give a shared one another "
            "name"
        ),
    ) == problems_of(file)


@pytest.mark.parametrize("key", ["nlb_arn_output", "nlb_dns_name_output"])
def test_fails_when_an_output_is_named_without_a_state(
    tmp_path: Path, key: str
) -> None:
    """A key that can do nothing is told."""
    file = write_environment(tmp_path, {f"network.{key}": '"x"'})

    assert (
        (
            f"test.toml: network.{key}: must be left out when network.nlb_arn gives "
            "the ARN: no state is read"
        ),
    ) == problems_of(file)


@pytest.mark.parametrize(
    ("key", "value"), [("name", '"x"'), ("minimum_password_length", "10")]
)
def test_fails_when_an_existing_pool_is_described(
    tmp_path: Path, key: str, value: str
) -> None:
    """What a pool that exists is like is said where it is defined."""
    file = write_environment(
        tmp_path, {"user_pool.id": '"eu-west-1_AbC123"', f"user_pool.{key}": value}
    )

    assert (
        (
            f"test.toml: user_pool.{key}: must be left out when user_pool.id names an "
            "existing pool; set it where that pool is defined"
        ),
    ) == problems_of(file)


@pytest.mark.parametrize(
    ("key", "value", "rule"),
    [
        ("service.base_path", '"/../x"', "must be empty, or a path such as /v1"),
        (
            "website.index_document",
            '"a/index.html"',
            "must be a file's name without a folder",
        ),
    ],
)
def test_fails_when_a_path_leads_elsewhere(
    tmp_path: Path, key: str, value: str, rule: str
) -> None:
    """No path climbs out of where it belongs."""
    file = write_environment(tmp_path, {key: value})

    assert (f"test.toml: {key}: {rule}, got {value[1:-1]!r}",) == problems_of(file)


@pytest.mark.parametrize("host", ["https://x/", "a b", ""])
def test_fails_when_an_allowed_host_can_match_nothing(
    tmp_path: Path, host: str
) -> None:
    """A host is a name, without scheme and path."""
    file = write_environment(tmp_path, {"api.allowed_integration_hosts": f'["{host}"]'})

    assert (
        (
            "test.toml: api.allowed_integration_hosts.0: must be a host name such as "
            f"api.example.com, or an ARN, got {host!r}"
        ),
    ) == problems_of(file)


@pytest.mark.parametrize("origin", ["https://*", "https://*example.com"])
def test_fails_when_images_may_come_from_everywhere(
    tmp_path: Path, origin: str
) -> None:
    """A wildcard stands for a label of a name, never for all names."""
    file = write_environment(tmp_path, {"website.image_origins": f'["{origin}"]'})
    (problem,) = problems_of(file)

    assert problem.endswith(f"without a path, got {origin!r}")


def test_fails_when_there_are_more_tags_than_an_object_takes(tmp_path: Path) -> None:
    """Tags reach every object, and S3 takes ten."""
    tags = ", ".join(f'k{number} = "v"' for number in range(11))
    file = write_environment(tmp_path, {"tags": f"{{ {tags} }}"})
    (problem,) = problems_of(file)

    assert problem.startswith("test.toml: tags: must have at most 10 items")


def test_fails_when_a_tag_is_reserved(tmp_path: Path) -> None:
    """Keys that begin with aws: are AWS's own."""
    file = write_environment(tmp_path, {"tags": '{ "AWS:x" = "v" }'})
    (problem,) = problems_of(file)

    assert "a tag's key of 1 to 128 characters that does not begin with aws:" in problem
