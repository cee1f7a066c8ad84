"""Clients, found for the rules and described. oauth/services/registration.py makes and changes them."""

import uuid
from datetime import timedelta

from oauth.client_metadata import ClientMetadata
from oauth.models import Client
from oauth.registered_client import RegisteredClient
from oauth.vocabulary import AccessTokenFormat, AuthMethod, GrantType, IdTokenAlg, Introspects, Pkce


def find(client_id: str) -> RegisteredClient | None:
    """Return the active client of this `client_id`, or None."""
    row = Client.objects.by_client_id(client_id).active().first() if client_id else None
    return None if row is None else registered(row)


def admits(*, client_pk: int, user_id: uuid.UUID) -> bool:
    """Tell whether a person may sign in to a client."""
    return Client.objects.by_pk(client_pk).admitting(user_id).exists()


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
    )


def known(client_id: str) -> Client | None:
    """Return the row of a client, disabled or not, or None."""
    return Client.objects.by_client_id(client_id).first()


def metadata_of(row: Client) -> ClientMetadata:
    """Return what a client is registered as."""
    client = registered(row)
    return ClientMetadata(
        name=row.name,
        auth_method=client.auth_method,
        grant_types=tuple(GrantType(name) for name in row.grant_types.split()),
        redirect_uris=client.redirect_uris,
        post_logout_redirect_uris=client.post_logout_redirect_uris,
        scopes=client.scopes,
        default_scopes=client.default_scopes,
        introspects=client.introspects,
        pkce=client.pkce,
        access_token_format=client.access_token_format,
        access_token_lifetime=row.access_token_lifetime,
        id_token_alg=client.id_token_alg,
        skips_consent=client.skips_consent,
        groups=tuple(sorted(group.name for group in row.groups.all())),
    )
