"""Clients and requests as the rules see them: values, without a database."""

from typing import Any

from oauth.protocol.pending import AuthorizationRequest
from oauth.protocol.rfc6749_parameters import Parameters
from oauth.registered_client import RegisteredClient
from oauth.vocabulary import AccessTokenFormat, AuthMethod, GrantType, IdTokenAlg, Introspects, Pkce
from trust.lib import clock

ISSUER = "https://issuer.example"
WRITTEN = clock.from_epoch(0)
CHALLENGE = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"


def registered(**named: Any) -> RegisteredClient:
    """Return a confidential client that may do everything."""
    defaults: dict[str, Any] = {
        "pk": 1, "client_id": "app", "name": "The App", "secret_digest": "", "auth_method": AuthMethod.ANY_SECRET,
        "grant_types": tuple(GrantType), "redirect_uris": ("https://app.example/callback",), "post_logout_redirect_uris": (),
        "scopes": ("openid", "profile"), "default_scopes": (), "introspects": Introspects.NONE, "pkce": Pkce.REQUIRED,
        "access_token_format": AccessTokenFormat.JWT, "access_token_lifetime": 600, "id_token_alg": IdTokenAlg.RS256,
        "skips_consent": False, "version": WRITTEN, "known_at": WRITTEN,
    }  # fmt: skip
    return RegisteredClient(**(defaults | named))


def sent(client: RegisteredClient | None = None, **changed: str | None) -> AuthorizationRequest:
    """Return an authorization request before its first check; None takes a parameter away."""
    client = client or registered()
    values = {
        "client_id": client.client_id,
        "redirect_uri": client.redirect_uris[0],
        "response_type": "code",
        "scope": "openid",
    }
    values |= {"state": "s", "code_challenge": CHALLENGE, "code_challenge_method": "S256"}
    kept = {name: value for name, value in (values | changed).items() if value is not None}
    return AuthorizationRequest(
        parameters=Parameters(kept),
        find_client=lambda client_id: client if client_id == client.client_id else None,
        issuer=ISSUER,
        received_at=clock.now(),
    )
