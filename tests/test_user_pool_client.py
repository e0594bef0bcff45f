"""
The website's app client.
"""

from modules.user_pool_client import UserPoolClient
from tests.synth import Config, new_stack, only, synth


def synth_client() -> Config:
    stack = new_stack()
    UserPoolClient(
        stack,
        "Client",
        name="Site",
        user_pool_id="pool",
        access_token_minutes=5,
        id_token_minutes=6,
        refresh_token_days=7,
        refresh_grace_seconds=8,
    )
    return only(synth(stack), "aws_cognito_user_pool_client")


def test_default() -> None:
    """The client is public, signs in by SRP alone and rotates refresh tokens."""
    assert {
        "name": "Site",
        "user_pool_id": "pool",
        "generate_secret": False,
        "explicit_auth_flows": ["ALLOW_USER_SRP_AUTH"],
        "supported_identity_providers": ["COGNITO"],
        "prevent_user_existence_errors": "ENABLED",
        "enable_token_revocation": True,
        "refresh_token_rotation": [
            {"feature": "ENABLED", "retry_grace_period_seconds": 8}
        ],
        "access_token_validity": 5,
        "id_token_validity": 6,
        "refresh_token_validity": 7,
        "token_validity_units": [
            {"access_token": "minutes", "id_token": "minutes", "refresh_token": "days"}
        ],
        "read_attributes": ["email", "email_verified"],
        "write_attributes": ["email"],
    } == synth_client()


def test_has_no_redirects() -> None:
    """Nobody is sent anywhere: the site has its own forms."""
    client = synth_client()

    assert "callback_urls" not in client
    assert "allowed_oauth_flows" not in client
