"""The errors of OAuth, one class for each registered code (RFC 6749 section 11.4 and the registries after it).

`description` goes to the client's developer, in English and in the characters that RFC 6749 section 5.2 allows;
what caused a refusal is its `__cause__`, for the log only. `redirectable` says whether the authorization endpoint
may tell the client by a redirect: only once the client and its redirect URI are known to be right. `finding` is
what the check found, for those who must mend it (trust/explain); `usual` where the error says that already. What is
no refusal leaves no record.
"""

import re
from collections.abc import Mapping
from typing import ClassVar, Final

from trust.explain.finding import NOTHING, Finding
from trust.explain.vocabulary import Found

_ALLOWED: Final = re.compile(r"[\x20-\x21\x23-\x5B\x5D-\x7E]*")


class OAuthError(Exception):
    """A refusal in the words of the RFCs."""

    error: ClassVar[str]
    status_code: ClassVar[int] = 400
    redirectable: ClassVar[bool] = True
    public: ClassVar[str] = ""
    headers: Mapping[str, str] = {}
    usual: ClassVar[Finding] = NOTHING
    is_refusal: ClassVar[bool] = True

    def __init__(self, description: str = "", *, finding: Finding | None = None) -> None:
        """Keep what is told to the client, instead of the code's own sentence, and what was found, which is not."""
        self.description, self.finding = description or self.public, finding or self.usual
        if not _ALLOWED.fullmatch(self.description):
            raise ValueError("characters that an error_description may not have")
        super().__init__(f"{self.error}: {self.description}")

    def members(self, *, uri: str = "") -> dict[str, str]:
        """Return the members of an error response (RFC 6749 section 5.2); `uri` leads to its explanation."""
        optional = {"error_description": self.description, "error_uri": uri}
        return {"error": self.error, **{name: value for name, value in optional.items() if value}}


class InvalidRequest(OAuthError):
    """RFC 6749 sections 4.1.2.1, 5.2: a parameter is missing, repeated or malformed."""

    error = "invalid_request"
    public = "A parameter is missing, repeated or malformed."


class UnshowableRequest(InvalidRequest):
    """A request whose client or redirect URI is not known to be right: told by a page, never by a redirect."""

    redirectable = False


class StaleRequest(UnshowableRequest):
    """A request that was kept here for its person, who came back too late, or a second time."""

    public = "The request is too old, or was answered already: begin again at the application."
    usual = Finding(found=Found.REQUEST_TOO_OLD)


class UnauthorizedClient(OAuthError):
    """RFC 6749 sections 4.1.2.1, 5.2: this client may not use this grant type."""

    error = "unauthorized_client"
    public = "The client may not use this grant type."


class AccessDenied(OAuthError):
    """RFC 6749 section 4.1.2.1: the person or the server refused."""

    error = "access_denied"
    status_code = 403
    public = "The request was denied."


class UnsupportedResponseType(OAuthError):
    """RFC 6749 section 4.1.2.1: only `code` is spoken here."""

    error = "unsupported_response_type"
    public = "The only response_type is code."


class InvalidDpopProof(OAuthError):
    """RFC 9449 section 5: the proof of the request is missing or not good. Its finding says what is wrong."""

    error = "invalid_dpop_proof"
    redirectable = False
    public = "The DPoP proof is not valid."


class UseDpopNonce(InvalidDpopProof):
    """RFC 9449 section 8: the proof needs a nonce of ours, which the answer brings. Nothing is refused for good."""

    error = "use_dpop_nonce"
    is_refusal = False

    def __init__(self, nonce: str) -> None:
        """Keep the nonce."""
        super().__init__("The DPoP proof needs the nonce of the DPoP-Nonce header.")
        self.headers = {"DPoP-Nonce": nonce}


class InvalidScope(OAuthError):
    """RFC 6749 sections 4.1.2.1, 5.2: the scope is unknown, malformed, or more than the client may have."""

    error = "invalid_scope"
    public = "The scope is unknown or more than this client may have."


class ServerError(OAuthError):
    """RFC 6749 section 4.1.2.1: something of ours failed, and nothing more is said."""

    error = "server_error"
    status_code = 500


class InvalidClient(OAuthError):
    """RFC 6749 section 5.2: client authentication failed; never told why. A 401 has a challenge (RFC 9110 15.5.2)."""

    error = "invalid_client"
    status_code = 401
    headers = {"WWW-Authenticate": 'Basic realm="oauth", charset="UTF-8"'}
    redirectable = False
    public = "Client authentication failed."


class InvalidGrant(OAuthError):
    """RFC 6749 section 5.2: the code or refresh token is not good, for whatever reason."""

    error = "invalid_grant"
    public = "The authorization code or refresh token is not valid."


class InvalidAssertion(InvalidGrant):
    """RFC 7523 section 3.1: the assertion of the request is not good, for whatever reason."""

    public = "The assertion is not valid."


class UnsupportedGrantType(OAuthError):
    """RFC 6749 section 5.2: no such grant type here."""

    error = "unsupported_grant_type"
    public = "The grant type is not supported."


class InvalidAuthorizationDetails(OAuthError):
    """RFC 9396 section 5: a detail is malformed, of an unknown type, or more than the client may ask for."""

    error = "invalid_authorization_details"
    public = "The authorization_details are malformed, of an unknown type, or more than this client may ask for."


class InvalidTarget(OAuthError):
    """RFC 8707 section 2: the resource is unknown or not for this client."""

    error = "invalid_target"
    public = "The resource is unknown or not for this client."


class LoginRequired(OAuthError):
    """OpenID Connect Core section 3.1.2.6: nobody is signed in, and no page may be shown."""

    error = "login_required"
    public = "The person is not signed in."
    usual = Finding(found=Found.PAGE_NEEDED)


class ConsentRequired(OAuthError):
    """OpenID Connect Core section 3.1.2.6: consent is needed, and no page may be shown."""

    error = "consent_required"
    public = "The person has not consented."
    usual = Finding(found=Found.PAGE_NEEDED)


class InteractionRequired(OAuthError):
    """OpenID Connect Core section 3.1.2.6: a page is needed, and none may be shown."""

    error = "interaction_required"
    public = "The person must be asked."
    usual = Finding(found=Found.PAGE_NEEDED)


class AccountSelectionRequired(OAuthError):
    """OpenID Connect Core section 3.1.2.6: the person must choose an account, and no page may be shown."""

    error = "account_selection_required"
    public = "The person must choose an account."
    usual = Finding(found=Found.PAGE_NEEDED)


class UnmetAuthenticationRequirements(OAuthError):
    """OpenID Connect Core Error Code unmet_authentication_requirements 1.0: the acr asked for cannot be reached."""

    error = "unmet_authentication_requirements"
    public = "The person cannot authenticate at the level that is asked for."


class InvalidRequestObject(OAuthError):
    """RFC 9101 section 7, OpenID Connect Core section 3.1.2.6: the request object is not good."""

    error = "invalid_request_object"
    public = "The request object is not valid."
    usual = Finding(found=Found.OBJECT_UNREADABLE)


class InvalidRequestUri(OAuthError):
    """RFC 9101 section 7, OpenID Connect Core section 3.1.2.6: the request_uri leads to nothing good."""

    error = "invalid_request_uri"
    public = "The request_uri is not registered, or has no request object."
    usual = Finding(found=Found.REQUEST_URI_UNREGISTERED)


class RequestNotSupported(OAuthError):
    """OpenID Connect Core section 3.1.2.6: this client may not send request objects of this kind."""

    error = "request_not_supported"
    public = "The request parameter is not supported."
    usual = Finding(found=Found.OBJECT_UNSIGNED)


class RequestUriNotSupported(OAuthError):
    """OpenID Connect Core section 3.1.2.6: this client may not send request objects by reference."""

    error = "request_uri_not_supported"
    public = "The request_uri parameter is not supported."
    usual = Finding(found=Found.REQUEST_URI_UNREGISTERED)


class InvalidRedirectUri(OAuthError):
    """RFC 7591 section 3.2.2: a redirect URI that may not be registered."""

    error = "invalid_redirect_uri"
    redirectable = False


class InvalidClientMetadata(OAuthError):
    """RFC 7591 section 3.2.2: a member of the client's metadata may not be so."""

    error = "invalid_client_metadata"
    redirectable = False


class TokenMissing(OAuthError):
    """RFC 6750 section 3.1: no bearer token came; the challenge names no error, since nothing is wrong with one."""

    error = "invalid_token"
    status_code = 401
    headers = {"WWW-Authenticate": 'Bearer realm="oauth"'}
    redirectable = False
    public = "A bearer token is needed."
    usual = Finding(found=Found.REGISTRATION_TOKEN_MISSING)


class InvalidToken(OAuthError):
    """RFC 6750 section 3.1: the bearer token is not good, for whatever reason."""

    error = "invalid_token"
    status_code = 401
    headers = {"WWW-Authenticate": 'Bearer realm="oauth", error="invalid_token"'}
    redirectable = False
    public = "The token is not valid."
    usual = Finding(found=Found.REGISTRATION_TOKEN_WRONG)


class RegistrationClosed(AccessDenied):
    """RFC 7591 section 3: this server registers nobody who asks by themselves."""

    redirectable = False
    public = "Clients cannot register themselves here."
    usual = Finding(found=Found.REGISTRATION_CLOSED)
