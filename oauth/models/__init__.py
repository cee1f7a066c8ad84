"""What the authorization server remembers: the toolkit's six shapes, swapped from the first migration, and our own."""

from oauth.models.access_token import AccessToken
from oauth.models.authorization_code import AuthorizationCode
from oauth.models.authorization_detail_type import AuthorizationDetailType
from oauth.models.client import Client
from oauth.models.client_session import ClientSession
from oauth.models.consent import Consent
from oauth.models.device_authorization import DeviceAuthorization
from oauth.models.id_token import IDToken
from oauth.models.initial_access_token import InitialAccessToken
from oauth.models.pairwise_subject import PairwiseSubject
from oauth.models.personal_access_token import PersonalAccessToken
from oauth.models.refresh_token import RefreshToken
from oauth.models.resource import Resource
from oauth.models.scope import Scope
from oauth.models.stored_request import StoredRequest
from oauth.models.trusted_issuer import TrustedIssuer
from oauth.models.workload import Workload

__all__ = [
    "AccessToken",
    "AuthorizationCode",
    "AuthorizationDetailType",
    "Client",
    "ClientSession",
    "Consent",
    "DeviceAuthorization",
    "IDToken",
    "InitialAccessToken",
    "PairwiseSubject",
    "PersonalAccessToken",
    "RefreshToken",
    "Resource",
    "Scope",
    "StoredRequest",
    "TrustedIssuer",
    "Workload",
]
