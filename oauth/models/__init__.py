"""What the authorization server remembers: the toolkit's six shapes, swapped from the first migration, and consents."""

from oauth.models.access_token import AccessToken
from oauth.models.authorization_code import AuthorizationCode
from oauth.models.client import Client
from oauth.models.consent import Consent
from oauth.models.device_authorization import DeviceAuthorization
from oauth.models.id_token import IDToken
from oauth.models.refresh_token import RefreshToken

__all__ = ["AccessToken", "AuthorizationCode", "Client", "Consent", "DeviceAuthorization", "IDToken", "RefreshToken"]
