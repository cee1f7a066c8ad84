"""Configuration of clients to copy, filled in: for the programs that most are written with, each by its own README.

Every value is written as a literal of its language: a client ID or a redirect URI may have any visible character.
"""

import json
from collections.abc import Callable, Mapping
from typing import Final, NamedTuple

from oauth.admin import device_snippets, service_snippets
from oauth.admin.connecting import Connection, literal
from oauth.admin.kinds import Kind
from oauth.vocabulary import AuthMethod


class Snippet(NamedTuple):
    """A piece of a program, under the name of what it is for."""

    name: str
    text: str


def snippets(connection: Connection) -> list[Snippet]:
    """Return what fits a client; nothing for one that proves itself by a key, which no two programs do alike."""
    if connection.auth_method is AuthMethod.PRIVATE_KEY_JWT:
        return []
    return [Snippet(name, write(connection)) for name, write in _OF_KIND[connection.kind].items()]


def _authlib(to: Connection) -> str:
    method = f'\n    token_endpoint_auth_method="{to.auth_method.value}",' if to.auth_method else ""
    return f"""\
# pip install Authlib requests
from authlib.integrations.django_client import OAuth  # or flask_client, starlette_client

oauth = OAuth()
oauth.register(
    "idp",
    client_id={literal(to.client_id)},
    client_secret={literal(to.secret)},
    server_metadata_url={literal(to.discovery)},{method}
    client_kwargs={{"scope": {literal(to.scope)}, "code_challenge_method": "S256"}},
)


def login(request):
    return oauth.idp.authorize_redirect(request, {literal(to.redirect_uri)})


def callback(request):
    token = oauth.idp.authorize_access_token(request)
    return oauth.idp.userinfo(token=token)  # who signed in: "sub" names them for good
"""


def _allauth(to: Connection) -> str:
    method = f'"token_auth_method": "{to.auth_method.value}", ' if to.auth_method else ""
    return f"""\
# settings.py, with allauth.socialaccount.providers.openid_connect in INSTALLED_APPS.
# Its redirect URI is https://YOUR-SITE/accounts/oidc/idp/login/callback/
SOCIALACCOUNT_PROVIDERS = {{
    "openid_connect": {{
        "OAUTH_PKCE_ENABLED": True,
        "SCOPE": {json.dumps(to.scope.split())},
        "APPS": [
            {{
                "provider_id": "idp",
                "name": "Single sign-on",
                "client_id": {literal(to.client_id)},
                "secret": {literal(to.secret)},
                "settings": {{{method}"server_url": {literal(to.issuer)}}},
            }}
        ],
    }}
}}
"""


def _openid_client(to: Connection) -> str:
    method = "ClientSecretPost" if to.auth_method is AuthMethod.CLIENT_SECRET_POST else "ClientSecretBasic"
    return f"""\
// npm install openid-client
import * as client from "openid-client";

const config = await client.discovery(
  new URL({literal(to.issuer)}),
  {literal(to.client_id)},
  undefined,
  client.{method}({literal(to.secret)}),
);

// Before signing in: keep both in the session, and send the person to `url`.
export const verifier = client.randomPKCECodeVerifier();
export const state = client.randomState();
export const url = client.buildAuthorizationUrl(config, {{
  redirect_uri: {literal(to.redirect_uri)},
  scope: {literal(to.scope)},
  code_challenge: await client.calculatePKCECodeChallenge(verifier),
  code_challenge_method: "S256",
  state,
}});

// When they come back to the redirect URI, with the whole address that they came to:
export async function signedIn(currentUrl) {{
  const checks = {{ pkceCodeVerifier: verifier, expectedState: state }};
  const tokens = await client.authorizationCodeGrant(config, new URL(currentUrl), checks);
  return tokens.claims(); // who signed in: "sub" names them for good
}}
"""


def _oidc_client_ts(to: Connection) -> str:
    back = (
        f"\n  post_logout_redirect_uri: {literal(to.post_logout_redirect_uri)}," if to.post_logout_redirect_uri else ""
    )
    return f"""\
// npm install oidc-client-ts
import {{ UserManager }} from "oidc-client-ts";

export const users = new UserManager({{
  authority: {literal(to.issuer)},
  client_id: {literal(to.client_id)},
  redirect_uri: {literal(to.redirect_uri)},{back}
  scope: {literal(to.scope)},
}});

// To sign in:                       await users.signinRedirect();
// On the page of the redirect URI:  const user = await users.signinCallback();
// To sign out:                      await users.signoutRedirect();
"""


def _appauth(to: Connection) -> str:
    return f"""\
// implementation("net.openid:appauth:0.11.1")
AuthorizationServiceConfiguration.fetchFromIssuer(Uri.parse({_kotlin(to.issuer)})) {{ found, problem ->
    val request = AuthorizationRequest.Builder(
        found ?: throw problem!!,
        {_kotlin(to.client_id)},
        ResponseTypeValues.CODE,
        Uri.parse({_kotlin(to.redirect_uri)}),
    ).setScope({_kotlin(to.scope)}).build()
    startActivityForResult(AuthorizationService(this).getAuthorizationRequestIntent(request), 1)
}}
"""


def _kotlin(text: str) -> str:
    return literal(text).replace("$", "\\$")


_OF_KIND: Final[Mapping[Kind, Mapping[str, Callable[[Connection], str]]]] = {
    Kind.WEB: {"Python: Authlib": _authlib, "Django: allauth": _allauth, "Node.js: openid-client": _openid_client},
    Kind.SPA: {"JavaScript: oidc-client-ts": _oidc_client_ts},
    Kind.NATIVE: {"Android: AppAuth": _appauth},
    Kind.DEVICE: {"curl": device_snippets.curl, "Python: requests": device_snippets.requests},
    Kind.SERVICE: {"curl": service_snippets.curl, "Python: requests": service_snippets.requests},
}
