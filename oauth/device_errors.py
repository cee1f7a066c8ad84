"""The errors that a device hears that asks for its tokens (RFC 8628 section 3.5), as oauth.errors has the others."""

from oauth.errors import AccessDenied, OAuthError
from trust.explain.finding import Finding
from trust.explain.vocabulary import Found


class AuthorizationPending(OAuthError):
    """RFC 8628 section 3.5: the person has not decided yet. Nothing is refused: the device asks again."""

    error = "authorization_pending"
    is_refusal = False
    redirectable = False
    public = "The person has not decided yet."


class SlowDown(AuthorizationPending):
    """RFC 8628 section 3.5: the same, and the device asked too early: it waits 5 seconds longer from now on."""

    error = "slow_down"
    public = "The person has not decided yet. Ask 5 seconds less often."


class ExpiredToken(OAuthError):
    """RFC 8628 section 3.5: nobody decided in time; the device begins anew."""

    error = "expired_token"
    redirectable = False
    public = "The device code has expired."


class DeviceDenied(AccessDenied):
    """RFC 8628 section 3.5: the person refused the device."""

    status_code = 400
    redirectable = False
    public = "The person refused."
    usual = Finding(found=Found.PERSON_REFUSED)
