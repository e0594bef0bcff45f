"""
Define the user pool.
"""

import cdktf
from constructs import Construct

from modules import aws

# https://docs.aws.amazon.com/cognito/latest/developerguide/managing-users-passwords.html
TEMPORARY_PASSWORD_DAYS = 7


class UserPool(Construct):
    """
    Define a pool whose users sign in by e-mail and confirm it with a mailed code.

    Replacing a pool loses every account. Terraform replaces one when
    `username_attributes` or `username_configuration` change, and Cognito never lets a
    custom attribute be changed or removed:
    https://registry.terraform.io/providers/hashicorp/aws/6.25.0/docs/resources/cognito_user_pool

    Attributes:
        user_pool_id: the pool's id.
        user_pool_arn: the pool's ARN.

    Args:
        name: the pool's name.
        minimum_password_length: characters of the shortest password, 8 to 99; it also
            needs a lower-case and an upper-case letter, a digit and a symbol.
        deletion_protection: whether Cognito refuses to delete the pool. Defaults to
            false.
        prevent_destroy: whether Terraform refuses a plan that destroys or replaces it.
            Defaults to false.
        from_address: the sender of its mails, through SES. Defaults to Cognito's own
            sender, which sends about 50 mails a day.
        ses_identity_arn: the verified SES identity of *from_address*. Required with it.
        reply_to: where answers to its mails go. Defaults to the sender.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        name: str,
        minimum_password_length: int,
        deletion_protection: bool = False,
        prevent_destroy: bool = False,
        from_address: str | None = None,
        ses_identity_arn: str | None = None,
        reply_to: str | None = None,
    ) -> None:
        super().__init__(scope, id_)
        email = _configure_email(from_address, ses_identity_arn, reply_to)
        pool = aws.CognitoUserPool(
            self,
            "Resource",
            name=name,
            # Refresh token rotation needs Essentials:
            # https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-sign-in-feature-plans.html
            user_pool_tier="ESSENTIALS",
            username_attributes=["email"],
            username_configuration=aws.CognitoUserPoolUsernameConfiguration(
                case_sensitive=False
            ),
            auto_verified_attributes=["email"],
            user_attribute_update_settings=(
                aws.CognitoUserPoolUserAttributeUpdateSettings(
                    attributes_require_verification_before_update=["email"]
                )
            ),
            verification_message_template=(
                aws.CognitoUserPoolVerificationMessageTemplate(
                    default_email_option="CONFIRM_WITH_CODE"
                )
            ),
            admin_create_user_config=aws.CognitoUserPoolAdminCreateUserConfig(
                allow_admin_create_user_only=False
            ),
            password_policy=aws.CognitoUserPoolPasswordPolicy(
                minimum_length=minimum_password_length,
                require_lowercase=True,
                require_numbers=True,
                require_symbols=True,
                require_uppercase=True,
                temporary_password_validity_days=TEMPORARY_PASSWORD_DAYS,
            ),
            account_recovery_setting=aws.CognitoUserPoolAccountRecoverySetting(
                recovery_mechanism=[
                    aws.CognitoUserPoolAccountRecoverySettingRecoveryMechanism(
                        name="verified_email", priority=1
                    )
                ]
            ),
            email_configuration=email,
            deletion_protection="ACTIVE" if deletion_protection else "INACTIVE",
            lifecycle=_configure_lifecycle(prevent_destroy=prevent_destroy),
        )
        self.user_pool_id = pool.id
        self.user_pool_arn = pool.arn


def _configure_email(
    from_address: str | None, ses_identity_arn: str | None, reply_to: str | None
) -> aws.CognitoUserPoolEmailConfiguration:
    if from_address is None:
        return aws.CognitoUserPoolEmailConfiguration(
            email_sending_account="COGNITO_DEFAULT"
        )
    return aws.CognitoUserPoolEmailConfiguration(
        email_sending_account="DEVELOPER",
        from_email_address=from_address,
        source_arn=ses_identity_arn,
        reply_to_email_address=reply_to,
    )


def _configure_lifecycle(
    *, prevent_destroy: bool
) -> cdktf.TerraformResourceLifecycle | None:
    if not prevent_destroy:
        return None
    return cdktf.TerraformResourceLifecycle(prevent_destroy=True)
