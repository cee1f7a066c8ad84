"""OpenID Connect Registration 1.0 section 2, Back-Channel Logout 1.0 section 2.2: what a provider's clients may be."""

from collections.abc import Callable
from typing import Final
from urllib.parse import urlsplit

from django.utils.translation import gettext_noop

from oauth.client_metadata import ClientDescription
from oauth.conf import MOST_CLAIMS
from oauth.protocol.oidc import claim_mapping
from oauth.protocol.rfc7591_metadata import Problem
from oauth.services import client_documents
from oauth.vocabulary import AuthMethod, SubjectType
from trust.lib.fetch import FetchFailed
from trust.lib.fetch_target import parse_target

_SHOWN: Final = ("client_uri", "policy_uri", "tos_uri")
_FETCHED: Final = ("logo_uri", "jwks_uri", "sector_identifier_uri", "backchannel_logout_uri")


def _links(client: ClientDescription) -> list[Problem]:
    """Pages that people are led to: https, so that nothing else is ever a link of ours."""
    wrong = gettext_noop("must be an https address")
    return [Problem(name, wrong, uri) for name in _SHOWN if (uri := getattr(client, name)) and not _is_web_page(uri)]


def _is_web_page(uri: str) -> bool:
    try:
        parts = urlsplit(uri)
    except ValueError:
        return False
    return parts.scheme == "https" and bool(parts.hostname) and "@" not in parts.netloc


def _documents(client: ClientDescription) -> list[Problem]:
    """What we fetch, or post to, ourselves."""
    given = [(name, getattr(client, name)) for name in _FETCHED]
    # The fragment is the digest of what is there (Core section 6.2), and never sent.
    given += [("request_uris", uri.partition("#")[0]) for uri in client.request_uris]
    return [
        Problem(name, gettext_noop("must be an https address that can be fetched"), uri)
        for name, uri in given
        if uri and not _may_be_fetched(uri)
    ]


def _may_be_fetched(uri: str) -> bool:
    try:
        parse_target(uri)
    except FetchFailed:
        return False
    return True


def _keys(client: ClientDescription) -> list[Problem]:
    problems = []
    if client.jwks and client.jwks_uri:
        problems.append(Problem("jwks", gettext_noop("cannot stand beside jwks_uri")))
    has_keys = bool(client.jwks or client.jwks_uri)
    if client.auth_method is AuthMethod.PRIVATE_KEY_JWT and not has_keys:
        problems.append(Problem("jwks_uri", gettext_noop("is missing, and so is jwks: its key is not known")))
    if client.request_object_signing_alg not in {"", "none"} and not has_keys:
        problems.append(Problem("request_object_signing_alg", gettext_noop("needs jwks or jwks_uri")))
    if client.token_endpoint_auth_signing_alg and client.auth_method is not AuthMethod.PRIVATE_KEY_JWT:
        problems.append(Problem("token_endpoint_auth_signing_alg", gettext_noop("is for private_key_jwt alone")))
    return problems


def _sector(client: ClientDescription) -> list[Problem]:
    """Pairwise subjects need one sector; a document that names the redirect URIs must name all (section 5)."""
    if not client.sector_identifier_uri:
        hosts = {_host(uri) for uri in client.redirect_uris}
        if client.subject_type is SubjectType.PAIRWISE and (len(hosts) != 1 or "" in hosts):
            return [Problem("sector_identifier_uri", gettext_noop("is needed: the redirect URIs have no one host"))]
        return []
    if not _may_be_fetched(client.sector_identifier_uri):
        return []  # told already
    try:
        named = client_documents.sector_redirect_uris(client.sector_identifier_uri)
    except FetchFailed:
        return [Problem("sector_identifier_uri", gettext_noop("cannot be fetched, or is no JSON array of URIs"))]
    missing = [uri for uri in client.redirect_uris if uri not in named]
    return [Problem("sector_identifier_uri", gettext_noop("does not name this redirect URI"), uri) for uri in missing]


def _host(uri: str) -> str:
    """Return the host of an https redirect URI; loopback is everybody's, and a private scheme has none."""
    try:
        parts = urlsplit(uri)
    except ValueError:
        return ""  # told already
    return (parts.hostname or "") if parts.scheme == "https" else ""


def _claims(client: ClientDescription) -> list[Problem]:
    if len(client.claims) > MOST_CLAIMS:
        return [Problem("x_claims", gettext_noop("has too many claims"))]
    checked = {name: claim_mapping.problem_with(name, source) for name, source in client.claims.items()}
    return [Problem("x_claims", wrong, name) for name, wrong in checked.items() if wrong]


# The sector last: it alone asks somebody, which a client that is wrong already is not worth.
RULES: Final[tuple[Callable[[ClientDescription], list[Problem]], ...]] = (_links, _documents, _keys, _claims, _sector)
