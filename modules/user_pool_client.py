"""
Define the website's app client.
"""

from constructs import Construct

from modules import aws


class UserPoolClient(Construct):
    """
    Define a public client: no secret, sign-in by SRP alone, rotating refresh tokens.

    With rotation Cognito refuses `ALLOW_REFRESH_TOKEN_AUTH`; clients refresh with
    GetTokensFromRefreshToken, and each refresh gives a new refresh token:
    https://docs.aws.amazon.com/cognito/latest/developerguide/amazon-cognito-user-pools-using-the-refresh-token.html

    Attributes:
        user_pool_client_id: the client's id.

    Args:
        name: the client's name.
        user_pool_id: the pool that it signs in to.
        access_token_minutes: minutes for which an access token is valid, 5 to 1440.
        id_token_minutes: minutes for which an ID token is valid, 5 to 1440.
        refresh_token_days: days for which a refresh token is valid, 1 to 3650.
        refresh_grace_seconds: seconds for which a rotated refresh token still works,
            0 to 60.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        name: str,
        user_pool_id: str,
        access_token_minutes: int,
        id_token_minutes: int,
        refresh_token_days: int,
        refresh_grace_seconds: int,
    ) -> None:
        super().__init__(scope, id_)
        client = aws.CognitoUserPoolClient(
            self,
            "Resource",
            name=name,
            user_pool_id=user_pool_id,
            generate_secret=False,
            explicit_auth_flows=["ALLOW_USER_SRP_AUTH"],
            supported_identity_providers=["COGNITO"],
            prevent_user_existence_errors="ENABLED",
            enable_token_revocation=True,
            refresh_token_rotation=[
                aws.CognitoUserPoolClientRefreshTokenRotation(
                    feature="ENABLED",
                    retry_grace_period_seconds=refresh_grace_seconds,
                )
            ],
            access_token_validity=access_token_minutes,
            id_token_validity=id_token_minutes,
            refresh_token_validity=refresh_token_days,
            token_validity_units=[
                aws.CognitoUserPoolClientTokenValidityUnits(
                    access_token="minutes",  # noqa: S106 - a unit
                    id_token="minutes",  # noqa: S106 - a unit
                    refresh_token="days",  # noqa: S106 - a unit
                )
            ],
            # Without a list a client may write every attribute that is not read-only.
            read_attributes=["email", "email_verified"],
            write_attributes=["email"],
        )
        self.user_pool_client_id = client.id
