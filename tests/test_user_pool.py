"""
The user pool.
"""

from typing import Any

import pytest

from modules.user_pool import UserPool
from tests.synth import Config, new_stack, only, synth


def synth_pool(**options: Any) -> Config:  # noqa: ANN401
    stack = new_stack()
    UserPool(stack, "Pool", name="People", minimum_password_length=12, **options)
    return only(synth(stack), "aws_cognito_user_pool")


def test_default() -> None:
    """People sign up by e-mail, and confirm it and recover by a mailed code."""
    assert {
        "name": "People",
        "user_pool_tier": "ESSENTIALS",
        "username_attributes": ["email"],
        "username_configuration": {"case_sensitive": False},
        "auto_verified_attributes": ["email"],
        "user_attribute_update_settings": {
            "attributes_require_verification_before_update": ["email"]
        },
        "verification_message_template": {"default_email_option": "CONFIRM_WITH_CODE"},
        "admin_create_user_config": {"allow_admin_create_user_only": False},
        "password_policy": {
            "minimum_length": 12,
            "require_lowercase": True,
            "require_numbers": True,
            "require_symbols": True,
            "require_uppercase": True,
            "temporary_password_validity_days": 7,
        },
        "account_recovery_setting": {
            "recovery_mechanism": [{"name": "verified_email", "priority": 1}]
        },
        "email_configuration": {"email_sending_account": "COGNITO_DEFAULT"},
        "deletion_protection": "INACTIVE",
    } == synth_pool()


@pytest.mark.parametrize(
    ("options", "key", "expected"),
    [
        ({"deletion_protection": True}, "deletion_protection", "ACTIVE"),
        ({"prevent_destroy": True}, "lifecycle", {"prevent_destroy": True}),
        (
            {"from_address": "a@b.example", "ses_identity_arn": "arn:ses"},
            "email_configuration",
            {
                "email_sending_account": "DEVELOPER",
                "from_email_address": "a@b.example",
                "source_arn": "arn:ses",
            },
        ),
        (
            {
                "from_address": "a@b.example",
                "ses_identity_arn": "arn:ses",
                "reply_to": "c@b.example",
            },
            "email_configuration",
            {
                "email_sending_account": "DEVELOPER",
                "from_email_address": "a@b.example",
                "reply_to_email_address": "c@b.example",
                "source_arn": "arn:ses",
            },
        ),
    ],
)
def test_option(options: dict[str, Any], key: str, expected: object) -> None:
    """Each option changes its own key."""
    assert expected == synth_pool(**options)[key]
