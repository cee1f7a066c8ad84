"""What is known of a provider before it is asked: OIDC_PROVIDERS, or a row in the administration; refused where wrong.

The JSON is a list of {"provider_id", "name", "client_id", "secret", "settings": {"server_url", ...}}, the form that
allauth has for it. settings.py reads it, so nothing here needs the app registry.
"""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

from accounts.external.conf import DEFAULT_SCOPE

TOKEN_AUTH_METHODS: Final = ("client_secret_basic", "client_secret_post")
_WELL_KNOWN: Final = "/.well-known/openid-configuration"
_PROVIDER_ID: Final = re.compile(r"(?!openid_connect\Z)[a-z0-9][a-z0-9_-]{0,39}")
_DOMAIN: Final = re.compile(r"([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z][a-z0-9-]*[a-z0-9]")
_LONGEST: Final = {"name": 40, "client_id": 191, "secret": 191}  # characters, as the table has them


class BadConfiguration(ValueError):
    """A provider's configuration is wrong; the message says what and where."""


@dataclass(frozen=True, slots=True)
class ProviderSettings:
    """How a provider is asked and how far it is believed. `token_auth_method` is empty where discovery decides."""

    issuer: str
    scope: tuple[str, ...]
    trusted_domains: frozenset[str]
    token_auth_method: str
    fetches_userinfo: bool


def read_settings(members: Mapping[str, Any]) -> ProviderSettings:
    """Return the settings of one provider. Raises BadConfiguration."""
    if "server_url" not in members:
        raise BadConfiguration("settings must have server_url")
    for name, value in members.items():
        if name not in _SETTINGS:
            raise BadConfiguration(f"settings has {name}, which is not known here: {', '.join(_SETTINGS)} are")
        is_right, wanted = _SETTINGS[name]
        if not is_right(value):
            raise BadConfiguration(f"settings.{name} must be {wanted}")
    return ProviderSettings(
        issuer=members["server_url"].removesuffix(_WELL_KNOWN),
        scope=tuple(members.get("scope", DEFAULT_SCOPE)),
        trusted_domains=frozenset(members.get("trusted_domains", ())),
        token_auth_method=members.get("token_auth_method", ""),
        fetches_userinfo=members.get("fetch_userinfo", True),
    )


def allauth_providers(text: str) -> dict[str, dict[str, Any]]:
    """Return allauth's setting of the same name from OIDC_PROVIDERS. Raises ImproperlyConfigured."""
    ours = "accounts.external.provider.ExternalProvider"
    return {"openid_connect": {"APPS": read_providers(text), "provider_class": ours}}


def read_providers(text: str) -> list[dict[str, Any]]:
    """Return OIDC_PROVIDERS as allauth wants it. Raises ImproperlyConfigured, saying what is wrong."""
    try:
        listed = json.loads(text)
    except ValueError as malformed:
        raise ImproperlyConfigured(f"OIDC_PROVIDERS is not JSON: {malformed}") from None
    if not isinstance(listed, list):
        raise ImproperlyConfigured("OIDC_PROVIDERS must be a JSON list of providers.")
    providers = [_provider(entry, number) for number, entry in enumerate(listed, start=1)]
    ids = [provider["provider_id"] for provider in providers]
    if len(set(ids)) != len(ids):
        raise ImproperlyConfigured("OIDC_PROVIDERS names a provider_id twice.")
    return providers


def check_provider_id(provider_id: Any) -> None:
    """Refuse an id that cannot stand in the callback's path. Raises BadConfiguration."""
    if not isinstance(provider_id, str) or not _PROVIDER_ID.fullmatch(provider_id):
        raise BadConfiguration("provider_id must have 1 to 40 of a-z, 0-9, - and _, and not be openid_connect")


def checked_provider(entry: Any) -> dict[str, Any]:
    """Return one provider as allauth wants it. Raises BadConfiguration."""
    if not isinstance(entry, dict):
        raise BadConfiguration("it must be an object")
    check_provider_id(entry.get("provider_id"))
    provider = {"provider_id": entry["provider_id"], **{name: _text(entry, name) for name in _LONGEST}}
    # trusted_domains and the like may stand beside settings too.
    beside = {name: value for name, value in entry.items() if name not in {*provider, "settings"}}
    provider["settings"] = {**beside, **_settings(entry)}
    read_settings(provider["settings"])
    return provider


def _provider(entry: Any, number: int) -> dict[str, Any]:
    try:
        return checked_provider(entry)
    except BadConfiguration as bad:
        raise ImproperlyConfigured(f"OIDC_PROVIDERS, provider {number}: {bad}.") from None


def _settings(entry: dict[str, Any]) -> dict[str, Any]:
    settings = entry.get("settings")
    if not isinstance(settings, dict):
        raise BadConfiguration("settings must be an object that has server_url")
    return settings


def _text(entry: dict[str, Any], name: str) -> str:
    value = entry.get(name)
    if not isinstance(value, str) or not 0 < len(value) <= _LONGEST[name]:
        raise BadConfiguration(f"{name} must be text of 1 to {_LONGEST[name]} characters")
    return value


def _is_url(value: Any) -> bool:
    if not isinstance(value, str) or not value.isascii() or value.isspace():
        return False
    parts = urlsplit(value)
    is_http = parts.scheme in {"https", "http"} and bool(parts.hostname)
    return is_http and not (parts.query or parts.fragment or "@" in parts.netloc)


def _are_domains(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(each, str) and _DOMAIN.fullmatch(each) for each in value)


def _is_scope(value: Any) -> bool:
    words = isinstance(value, list) and all(isinstance(each, str) and each and " " not in each for each in value)
    return words and "openid" in value


# What settings may hold, each with what it must be. PKCE cannot be switched off; allauth's name for it may stay.
_SETTINGS: Final[dict[str, tuple[Callable[[Any], bool], str]]] = {
    "server_url": (_is_url, "the issuer, an http or https URL, or its discovery URL"),
    "trusted_domains": (_are_domains, "a list of domains in lower case, such as example.com"),
    "token_auth_method": (lambda value: value in TOKEN_AUTH_METHODS, f"one of {', '.join(TOKEN_AUTH_METHODS)}"),
    "scope": (_is_scope, "a list of scopes with openid among them"),
    "fetch_userinfo": (lambda value: isinstance(value, bool), "true or false"),
    "oauth_pkce_enabled": (lambda value: value is True, "true: PKCE is always used"),
}
