"""A provider's metadata (OpenID Connect Discovery 1.0), fetched safely and kept for as long as it says."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from accounts.external.errors import ProviderUnavailable
from trust.lib.fetch import Fetched, FetchFailed
from trust.lib.fetch_cache import FetchCache
from trust.lib.fetch_target import parse_target
from trust.lib.strict_json import MalformedJson, parse_json

documents: Final = FetchCache(unnamed=600.0)  # discovery and keys of all providers, in this process


@dataclass(frozen=True, slots=True)
class Metadata:
    """Where a provider is asked what. `userinfo_endpoint` is empty if it has none."""

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    userinfo_endpoint: str
    token_auth_methods: tuple[str, ...]
    names_itself: bool  # authorization responses carry `iss` (RFC 9207 section 3)


def load(issuer: str) -> Metadata:
    """Return the metadata of an issuer (section 4.1). Raises ProviderUnavailable.

    The document must be about the very issuer that was asked for (section 4.3), or any site could speak for another.
    Where the discovery URL was configured, whether the issuer ends in a slash is not known before.
    """
    members = fetch_object(f"{issuer.rstrip('/')}/.well-known/openid-configuration")
    named = members.get("issuer")
    if not isinstance(named, str) or named.rstrip("/") != issuer.rstrip("/"):
        raise ProviderUnavailable(f"the metadata of {issuer} is about another issuer")
    methods = members.get("token_endpoint_auth_methods_supported")
    return Metadata(
        issuer=named,
        authorization_endpoint=_endpoint(members, "authorization_endpoint"),
        token_endpoint=_endpoint(members, "token_endpoint"),
        jwks_uri=_endpoint(members, "jwks_uri"),
        userinfo_endpoint=_endpoint(members, "userinfo_endpoint") if members.get("userinfo_endpoint") else "",
        token_auth_methods=tuple(methods) if isinstance(methods, list) else ("client_secret_basic",),
        names_itself=members.get("authorization_response_iss_parameter_supported") is True,
    )


def key_sets(jwks_uri: str) -> Iterator[object]:
    """Yield a provider's keys (RFC 7517 section 5) as they are known, then fetched anew. Raises ProviderUnavailable.

    Keys change: where none of those that are kept fits, another may (OpenID Connect Core section 10.1.1).
    """
    yield fetch_object(jwks_uri)
    yield fetch_object(jwks_uri, anew=True)


def fetch_object(url: str, *, anew: bool = False) -> dict[str, Any]:
    """Fetch a JSON object, or take the one that was kept. Raises ProviderUnavailable."""
    try:
        return read_object(documents.renewed(url) if anew else documents.get(url))
    except FetchFailed as failed:
        raise ProviderUnavailable(f"{url}: {failed}") from failed


def read_object(answer: Fetched) -> dict[str, Any]:
    """Return the JSON object of a good answer. Raises ProviderUnavailable."""
    try:
        value = parse_json(answer.body) if answer.status == 200 else None
    except MalformedJson:
        value = None
    if not isinstance(value, dict):
        raise ProviderUnavailable(f"status {answer.status} without a JSON object")
    return value


def _endpoint(members: Mapping[str, Any], name: str) -> str:
    url = members.get(name)
    try:
        parse_target(url if isinstance(url, str) else "")
    except FetchFailed as refused:
        raise ProviderUnavailable(f"the metadata's {name}: {refused}") from refused
    return str(url)
