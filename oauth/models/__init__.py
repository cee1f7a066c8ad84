"""What the authorization server remembers: the toolkit's six shapes, swapped for ours from the first migration."""

from oauth.models.access_token import AccessToken
from oauth.models.authorization_code import AuthorizationCode
from oauth.models.client import Client
from oauth.models.device_authorization import DeviceAuthorization
from oauth.models.id_token import IDToken
from oauth.models.refresh_token import RefreshToken

__all__ = ["AccessToken", "AuthorizationCode", "Client", "DeviceAuthorization", "IDToken", "RefreshToken"]
