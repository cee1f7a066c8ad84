"""OpenID Connect Core section 3.1, as the relying party: where to send the person, and what the code is good for."""

import base64
import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final
from urllib.parse import quote_plus, urlencode

from accounts.external import discovery, id_token
from accounts.external.configuration import ProviderSettings
from accounts.external.discovery import Metadata
from accounts.external.errors import ExternalSignInFailed, ProviderUnavailable
from accounts.external.identity import Identity
from trust.lib import fetch

# What asks a provider to let its person sign in anew, and to say when that was (section 3.1.2.1).
_ANEW: Final = {"prompt": "login", "max_age": "0"}


@dataclass(frozen=True, slots=True)
class RelyingParty:
    """We, as a provider knows us."""

    client_id: str
    secret: str = field(repr=False)
    redirect_uri: str
    settings: ProviderSettings


@dataclass(frozen=True, slots=True)
class Pending:
    """What is kept in the browser's session until the provider answers."""

    nonce: str = field(default_factory=lambda: secrets.token_urlsafe(32))
    code_verifier: str = field(default_factory=lambda: secrets.token_urlsafe(48), repr=False)


def authorization_url(party: RelyingParty, pending: Pending, *, state: str, anew: bool) -> str:
    """Return where the person signs in. Raises ProviderUnavailable."""
    challenge = hashlib.sha256(pending.code_verifier.encode("ascii")).digest()
    parameters = {
        "response_type": "code",
        "client_id": party.client_id,
        "redirect_uri": party.redirect_uri,
        "scope": " ".join(party.settings.scope),
        "state": state,
        "nonce": pending.nonce,
        "code_challenge": base64.urlsafe_b64encode(challenge).rstrip(b"=").decode("ascii"),
        "code_challenge_method": "S256",
        **(_ANEW if anew else {}),
    }
    endpoint = discovery.load(party.settings.issuer).authorization_endpoint
    return f"{endpoint}{'&' if '?' in endpoint else '?'}{urlencode(parameters)}"


def check_issuer(party: RelyingParty, answer: Mapping[str, str]) -> Metadata:
    """Refuse an answer that another provider gave (RFC 9207 section 2.4); return the metadata of the right one."""
    metadata = discovery.load(party.settings.issuer)
    if ("iss" in answer or metadata.names_itself) and answer.get("iss") != metadata.issuer:
        raise ExternalSignInFailed("another issuer answered")
    return metadata


def identify(
    party: RelyingParty, pending: Pending, *, metadata: Metadata, code: str, now: datetime, since: datetime | None
) -> Identity:
    """Exchange the code and return whom it names. Raises ExternalSignInFailed.

    `since` is when the person was asked to sign in anew, if that was so.
    """
    tokens = _exchange(party, pending, metadata, code)
    expected = id_token.Expected(metadata.issuer, party.client_id, pending.nonce, now, since)
    claims = id_token.verify(tokens.get("id_token"), jwks_uri=metadata.jwks_uri, expected=expected)
    if party.settings.fetches_userinfo and metadata.userinfo_endpoint:
        claims = _joined(claims, _userinfo(metadata, tokens, subject=claims["sub"]))
    return Identity.of(claims, issuer=metadata.issuer, trusted_domains=party.settings.trusted_domains)


def _joined(claims: Mapping[str, Any], userinfo: Mapping[str, Any]) -> dict[str, Any]:
    """Prefer userinfo, which says more; an address and whether it is verified come from one and the same place."""
    replaced = {"email", "email_verified"} if "email" in userinfo else set()
    return {name: value for name, value in claims.items() if name not in replaced} | dict(userinfo)


def _exchange(party: RelyingParty, pending: Pending, metadata: Metadata, code: str) -> dict[str, Any]:
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": party.redirect_uri,
        "code_verifier": pending.code_verifier,
    }
    authorization = ""
    if _uses_basic(party, metadata):
        authorization = _basic(party.client_id, party.secret)
    else:
        form |= {"client_id": party.client_id, "client_secret": party.secret}
    try:
        answer = fetch.send(metadata.token_endpoint, form, authorization=authorization)
    except fetch.FetchFailed as failed:
        raise ProviderUnavailable(f"token endpoint: {failed}") from failed
    if 400 <= answer.status < 500:
        raise ExternalSignInFailed(f"the token endpoint refused with status {answer.status}")
    return discovery.read_object(answer)


def _uses_basic(party: RelyingParty, metadata: Metadata) -> bool:
    """Prefer what every provider must know (RFC 6749 section 2.3.1) unless configured or discovered otherwise."""
    chosen = party.settings.token_auth_method
    return chosen == "client_secret_basic" if chosen else "client_secret_basic" in metadata.token_auth_methods


def _basic(client_id: str, secret: str) -> str:
    credentials = f"{quote_plus(client_id)}:{quote_plus(secret)}"
    return f"Basic {base64.b64encode(credentials.encode('ascii')).decode('ascii')}"


def _userinfo(metadata: Metadata, tokens: Mapping[str, Any], *, subject: str) -> dict[str, Any]:
    """Return the claims of the UserInfo endpoint, if they are about the same person (section 5.3.2)."""
    access_token = tokens.get("access_token")
    if not isinstance(access_token, str) or not access_token.isascii() or not access_token.isprintable():
        raise ExternalSignInFailed("there is no access token")
    try:
        answer = fetch.fetch(metadata.userinfo_endpoint, authorization=f"Bearer {access_token}")
    except fetch.FetchFailed as failed:
        raise ProviderUnavailable(f"userinfo endpoint: {failed}") from failed
    claims = discovery.read_object(answer)
    if claims.get("sub") != subject:
        raise ExternalSignInFailed("userinfo is about another subject")
    return claims
