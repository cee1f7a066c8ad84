"""Access tokens as the two issuers mint them, and a guarded view to show them to."""

import time
from datetime import timedelta
from typing import Any, Final

from django.conf import settings
from rest_framework.response import Response
from rest_framework.test import APIRequestFactory
from rest_framework.views import APIView

from accounts.models import User
from trust.keys.models import Algorithm
from trust.keys.ring import ring
from trust.lib import clock
from trust.tokens.access_token import AccessToken, mint
from trust.tokens.conf import ACCESS_TOKEN_LIFETIME
from trust.tokens.vocabulary import FIRST_PARTY_CLIENT_ID

CLIENT_ID: Final = "a-third-party"
METADATA: Final = 'resource_metadata="http://testserver/.well-known/oauth-protected-resource"'
BARE: Final = f'Bearer realm="api", {METADATA}'
BOTH: Final = f'{BARE}, DPoP realm="api", algs="ES256 PS256 EdDSA"'  # where either scheme would do
INVALID: Final = f'{BARE}, error="invalid_token", error_description="The access token is not valid"'


def first_party(person: User, *, lifetime: timedelta = ACCESS_TOKEN_LIFETIME, **changes: Any) -> str:
    """Mint a token as /api/token/ does."""
    claims = {"client_id": FIRST_PARTY_CLIENT_ID, "scope": ("openid", "profile", "email"), "acr": "aal1"}
    return _minted(str(person.pk), claims | {"session_id": "a-session"} | changes, lifetime)


def third_party(person: User, *scope: str, **changes: Any) -> str:
    """Mint a token as a third party gets it on behalf of a person."""
    return _minted(str(person.pk), {"client_id": CLIENT_ID, "scope": scope, "acr": "aal1"} | changes)


def of_client(*scope: str, **changes: Any) -> str:
    """Mint a token of a client that acts as itself."""
    return _minted(CLIENT_ID, {"client_id": CLIENT_ID, "scope": scope} | changes)


def forged(person: User, *, typ: str = "at+jwt", algorithm: Algorithm = Algorithm.ES256, **changes: Any) -> str:
    """Sign the claims of a good first-party token with changes: a token that our own key signed for other uses."""
    seconds = int(clock.now().timestamp())
    claims = {
        "iss": settings.ISSUER, "aud": settings.ISSUER, "sub": str(person.pk), "client_id": FIRST_PARTY_CLIENT_ID,
        "scope": "openid profile email", "jti": "01890a5d-ac96-774b-bcce-b302099a8057", "iat": seconds,
        "exp": seconds + 600, "grant": "a-grant",
    }  # fmt: skip
    return ring.sign(claims | changes, typ=typ, algorithm=algorithm, now=clock.now())


def authorization(token: str) -> dict[str, str]:
    """Return the headers of a request with this token."""
    return {"Authorization": f"Bearer {token}"}


def wait_a_moment() -> None:
    """Let the millisecond pass: a revocation means the tokens of its own millisecond too."""
    time.sleep(0.01)


def view_of(*permissions: Any, **attributes: Any) -> type[APIView]:
    """Return a view that these permissions guard, with further attributes of its class."""

    def get(self: APIView, request: Any) -> Response:
        return Response({"user": str(request.user)})

    return type("GuardedView", (APIView,), {"permission_classes": permissions, "get": get, **attributes})


def ask(view: type[APIView], token: str | None = None) -> Response:
    """Send a GET with the token to the view."""
    request = APIRequestFactory().get("/", headers=authorization(token) if token else {})
    return view.as_view()(request)


def _minted(subject: str, claims: dict[str, Any], lifetime: timedelta = ACCESS_TOKEN_LIFETIME) -> str:
    now = clock.now()
    defaults = {"auth_time": now - timedelta(seconds=10), "grant": "a-grant", "audience": settings.ISSUER}
    return mint(AccessToken(subject=subject, **(defaults | claims)), now=now, lifetime=lifetime).value
