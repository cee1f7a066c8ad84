"""A realm that Keycloak exported, as a configuration document: clients, groups, scopes, external providers.

What cannot be had here is said in notes, and left out: redirect URIs with wildcards, flows that OAuth 2.1 has not.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from authproject.configuration.document import VERSION
from authproject.configuration.section import Entry
from oauth.protocol.rfc7591_registration import check_secret
from oauth.scope_description import BUILT_IN_SCOPES

# What every realm has for Keycloak's own use.
_OWN_CLIENTS: Final = frozenset(
    {"account", "account-console", "admin-cli", "broker", "realm-management", "security-admin-console"}
)
_OWN_SCOPES: Final = frozenset(
    {"web-origins", "acr", "basic", "microprofile-jwt", "organization", "role_list", "saml_organization"}
)
_OWN_ROLES: Final = ("default-roles-", "offline_access", "uma_authorization")
_MASK: Final = "**********"  # what an export has in place of a secret


@dataclass(slots=True)
class Converted:
    """The document, and what of the realm is not in it."""

    document: dict[str, Any] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)


def converted(realm: Mapping[str, Any]) -> Converted:
    """Return a realm as a document."""
    made = Converted()
    made.document = {
        "version": VERSION,
        "groups": [{"name": name} for name in sorted(set(_groups(realm)))],
        "scopes": list(_scopes(realm)),
        "clients": [client for one in realm.get("clients", []) if (client := _client(one, made.notes))],
        "providers": [one for each in realm.get("identityProviders", []) if (one := _provider(each, made.notes))],
    }
    return made


def _groups(realm: Mapping[str, Any]) -> Iterator[str]:
    """Yield groups and the realm's roles by name: both are groups here."""
    waiting = list(realm.get("groups", []))
    while waiting:
        group = waiting.pop()
        yield group["name"]
        waiting += group.get("subGroups", [])
    for role in realm.get("roles", {}).get("realm", []):
        if not role["name"].startswith(_OWN_ROLES):
            yield role["name"]


def _scopes(realm: Mapping[str, Any]) -> Iterator[Entry]:
    for scope in realm.get("clientScopes", []):
        is_own = scope["name"] in {*_OWN_SCOPES, *BUILT_IN_SCOPES}
        if scope.get("protocol") == "openid-connect" and not is_own:
            yield {"name": scope["name"], "title_en": scope.get("description", "")}


def _client(client: Mapping[str, Any], notes: list[str]) -> Entry | None:
    name = client["clientId"]
    if name in _OWN_CLIENTS or client.get("protocol", "openid-connect") != "openid-connect":
        return None
    grants = _grant_types(client)
    redirect_uris = [uri for uri in client.get("redirectUris", []) if "*" not in uri]
    notes += [
        f"client {name}: redirect URI {uri} has a wildcard and is left out"
        for uri in client.get("redirectUris", [])
        if "*" in uri
    ]
    if not grants or ("authorization_code" in grants and not redirect_uris):
        notes.append(f"client {name}: nothing is left of it that could be used here")
        return None
    entry = {
        "client_id": name,
        "client_name": client.get("name") or name,
        "grant_types": grants,
        "redirect_uris": redirect_uris if "authorization_code" in grants else [],
        "scope": " ".join(_scope(client)),
        "x_skip_consent": not client.get("consentRequired", False),
        "x_active": client.get("enabled", True),
    }
    return entry | _attributes(client) | _authentication(client, notes)


def _grant_types(client: Mapping[str, Any]) -> list[str]:
    public = client.get("publicClient", False)
    code = ["authorization_code", "refresh_token"] if client.get("standardFlowEnabled", True) else []
    return code + (["client_credentials"] if client.get("serviceAccountsEnabled") and not public else [])


def _scope(client: Mapping[str, Any]) -> list[str]:
    named = [*client.get("defaultClientScopes", []), *client.get("optionalClientScopes", [])]
    return list(dict.fromkeys(["openid", *(name for name in named if name not in _OWN_SCOPES)]))


def _attributes(client: Mapping[str, Any]) -> Entry:
    attributes = client.get("attributes", {})
    after_logout = attributes.get("post.logout.redirect.uris", "").split("##")
    found: Entry = {
        "post_logout_redirect_uris": [uri for uri in after_logout if uri not in {"", "+", "-"} and "*" not in uri],
    }
    if uri := attributes.get("backchannel.logout.url"):
        found["backchannel_logout_uri"] = uri
    if not client.get("publicClient") and attributes.get("pkce.code.challenge.method") != "S256":
        found["x_pkce"] = "optional"  # as before: it may not know how
    return found


def _authentication(client: Mapping[str, Any], notes: list[str]) -> Entry:
    if client.get("publicClient"):
        return {"token_endpoint_auth_method": "none"}
    name, secret = client["clientId"], client.get("secret", "")
    if client.get("clientAuthenticatorType", "client-secret") != "client-secret":
        notes.append(f"client {name}: it authenticated otherwise than by a secret; it gets a new secret")
        return {}
    if secret == _MASK or check_secret(secret):
        notes.append(f"client {name}: the export has no secret that can be kept; it gets a new one")
        return {}
    return {"client_secret": secret}


def _provider(provider: Mapping[str, Any], notes: list[str]) -> Entry | None:
    alias, config = provider["alias"], provider.get("config", {})
    secret = config.get("clientSecret", _MASK)
    if provider.get("providerId") != "oidc" or not config.get("issuer"):
        notes.append(f"provider {alias}: only OpenID providers with an issuer can be had here")
        return None
    if secret == _MASK:
        notes.append(f"provider {alias}: the export has not its secret; add it in the administration")
        return None
    return {
        "provider_id": alias,
        "name": provider.get("displayName") or alias,
        "client_id": config["clientId"],
        "secret": secret,
        "settings": {"server_url": config["issuer"], "scope": config.get("defaultScope", "openid email").split()},
    }
