"""
The origins of Cognito and the API, and the content security policy.
"""

import pytest

from modules.origins import (
    api_source,
    cognito_origin,
    content_security_policy,
    source_of_template,
)


def test_names_the_region_s_cognito_endpoint() -> None:
    """Cognito answers under the domain of the region's partition."""
    assert "https://cognito-idp.eu-west-1.amazonaws.com" == cognito_origin("eu-west-1")
    assert "https://cognito-idp.cn-north-1.amazonaws.com.cn" == cognito_origin(
        "cn-north-1"
    )


def test_names_every_rest_api_of_a_region() -> None:
    """Without an own domain the policy lets pages call any REST API of the region."""
    assert "https://*.execute-api.eu-west-1.amazonaws.com" == api_source("eu-west-1")
    assert "https://*.execute-api.cn-north-1.amazonaws.com.cn" == api_source(
        "cn-north-1"
    )


@pytest.mark.parametrize(
    ("url", "source"),
    [
        ("https://api.example.com", "https://api.example.com"),
        ("https://api.example.com/v1/orders", "https://api.example.com"),
        ("https://api.example.com:8443/v1", "https://api.example.com:8443"),
        ("https://{api_id}.execute-api.test/{stage}", "https://*.execute-api.test"),
        ("https://api-{api_id}-{stage}.test:8443", "https://*.test:8443"),
        ("http://{api_id}.localhost:4566/{stage}", "http://*.localhost:4566"),
        ("http://127.0.0.1:4566/restapis/{api_id}/{stage}", "http://127.0.0.1:4566"),
        ("http://[::1]:4566/{api_id}", "http://[::1]:4566"),
    ],
)
def test_reads_the_source_of_a_url_template(url: str, source: str) -> None:
    """A placeholder in the first label becomes a wildcard, and the path is dropped."""
    assert source == source_of_template(url)


def test_policy_lets_pages_load_only_their_own_files() -> None:
    """What no argument names is the site's own, or nothing at all."""
    policy = (
        "default-src 'none'; script-src 'self'; style-src 'self'; "
        "img-src 'self' data:; font-src 'self'; manifest-src 'self'; "
        "connect-src 'self'; base-uri 'none'; form-action 'none'; "
        "frame-ancestors 'none'"
    )

    assert policy == content_security_policy(connect=())


def test_policy_names_services_and_image_origins() -> None:
    """Scripts may call the services given, and images may come from the origins."""
    policy = content_security_policy(
        connect=("https://a.test", "https://b.test"), images=("https://i.test",)
    )

    assert "connect-src 'self' https://a.test https://b.test" in policy.split("; ")
    assert "img-src 'self' data: https://i.test" in policy.split("; ")
