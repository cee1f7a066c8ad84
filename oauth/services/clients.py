"""Clients: found for the rules, made and changed for administrators and scripts."""

from datetime import timedelta

from oauth.models import Client
from oauth.registered_client import RegisteredClient
from oauth.vocabulary import AccessTokenFormat, AuthMethod, GrantType, IdTokenAlg, Introspects, Pkce


def find(client_id: str) -> RegisteredClient | None:
    """Return the active client of this `client_id`, or None."""
    row = Client.objects.by_client_id(client_id).active().prefetch_related("groups").first() if client_id else None
    return None if row is None else registered(row)


def registered(row: Client) -> RegisteredClient:
    """Return a client as the rules see it."""
    return RegisteredClient(
        pk=row.pk,
        client_id=row.client_id,
        name=row.name or row.client_id,
        is_public=row.client_type == Client.CLIENT_PUBLIC,
        secret_digest=row.client_secret,
        auth_method=AuthMethod(row.token_endpoint_auth_method),
        grant_types=frozenset(GrantType(name) for name in row.grant_types.split()),
        redirect_uris=tuple(row.redirect_uris.split()),
        post_logout_redirect_uris=tuple(row.post_logout_redirect_uris.split()),
        scopes=tuple(row.scopes.split()),
        default_scopes=tuple(row.default_scopes.split()),
        introspects=Introspects(row.introspects),
        pkce=Pkce(row.pkce),
        access_token_format=AccessTokenFormat(row.access_token_format),
        access_token_lifetime=timedelta(seconds=row.access_token_lifetime),
        id_token_alg=IdTokenAlg(row.algorithm),
        skips_consent=row.skip_authorization,
        groups=frozenset(group.pk for group in row.groups.all()),
    )
