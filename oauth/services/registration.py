"""Registration: clients made and changed for administrators and scripts, by values that the rules have checked."""

import uuid
from dataclasses import fields
from datetime import datetime

from django.contrib.auth.models import Group
from django.db import transaction

from oauth.client_metadata import ClientMetadata
from oauth.models import AuthorizationCode, Client, DeviceAuthorization
from oauth.services import client_row, scope_registration
from oauth.services.clients import forget_at_commit, metadata_of
from oauth.services.digests import new_client_id, new_value, secret_digest_of
from oauth.vocabulary import AuthMethod
from trust.audit.record import record
from trust.lib.digests import digest_of
from trust.lib.locks import hold_until_commit
from trust.lib.origin import Origin
from trust.revocation.models import Kind
from trust.revocation.revoke import revoke


def wait_for_turn() -> None:
    """Let no other script make or change clients until this transaction ends: each sees what the last one did."""
    hold_until_commit("oauth.clients")


@transaction.atomic
def register(
    *,
    metadata: ClientMetadata,
    client_id: str = "",
    secret: str = "",
    registration_token: str = "",
    published_until: datetime | None = None,
    actor: uuid.UUID | None = None,
    origin: Origin = Origin(),
) -> tuple[Client, str]:
    """Make a client, checked before, and return it with its secret: given or new, and empty for one that has none.

    One that registered itself gets a registration token by which it manages itself (RFC 7592); one that publishes what
    it is has said so until then.
    """
    secret = (secret or new_value()) if metadata.has_secret else ""
    row = Client(client_id=client_id or new_client_id(), client_secret=secret_digest_of(secret) if secret else "")
    if registration_token:
        row.registration_source = Client.RegistrationSource.DCR
        row.registration_token_digest = digest_of(registration_token)
    if published_until:
        row.registration_source, row.cimd_expires_at = Client.RegistrationSource.CIMD, published_until
    _save(row, metadata, actor, origin)
    action = "client.registered" if registration_token or published_until else "client.created"
    record(action, actor=actor, client_id=row.client_id, origin=origin, details=_values(metadata))
    return row, secret


@transaction.atomic
def change(
    *, client_pk: int, metadata: ClientMetadata, actor: uuid.UUID | None = None, origin: Origin = Origin()
) -> bool:
    """Make a client what `metadata` says, checked before; False if it is so already.

    Where the client may do less than before, the codes and access tokens that it has die.
    """
    row = locked(client_pk)
    before = metadata_of(row)
    if before == metadata:
        return False
    _save(row, metadata, actor, origin)
    if _takes_back(before, metadata):
        _end_what_is_out(row)
    was = _values(before)
    details = {name: value for name, value in _values(metadata).items() if value != was[name]}
    record("client.changed", actor=actor, client_id=row.client_id, origin=origin, details=details)
    return True


@transaction.atomic
def disable(*, client_pk: int, actor: uuid.UUID | None = None, origin: Origin = Origin()) -> None:
    """Shut a client out at once: it may ask for nothing, and its codes and tokens are dead."""
    row = locked(client_pk)
    row.is_active = False
    row.save(update_fields=["is_active", "updated"])
    _end_what_is_out(row)
    record("client.disabled", actor=actor, client_id=row.client_id, origin=origin)


@transaction.atomic
def enable(*, client_pk: int, actor: uuid.UUID | None = None, origin: Origin = Origin()) -> None:
    """Let a client in again; it can refresh, and the access tokens that died stay dead."""
    row = locked(client_pk)
    row.is_active = True
    row.save(update_fields=["is_active", "updated"])
    record("client.enabled", actor=actor, client_id=row.client_id, origin=origin)


@transaction.atomic
def delete(*, client_pk: int, actor: uuid.UUID | None = None, origin: Origin = Origin()) -> None:
    """Delete a client with the consents and grants that it has; its access tokens die."""
    row = locked(client_pk)
    _end_what_is_out(row)
    record("client.deleted", actor=actor, client_id=row.client_id, origin=origin)
    row.delete()


def locked(client_pk: int) -> Client:
    """Return a client's row, which nobody else changes until the caller's transaction ends; then it is known anew."""
    row = Client.objects.by_pk(client_pk).held().get()
    forget_at_commit(row.client_id)
    return row


def _save(row: Client, metadata: ClientMetadata, actor: uuid.UUID | None, origin: Origin) -> None:
    scope_registration.ensure_scopes(metadata.scopes, actor=actor, origin=origin)
    client_row.write(row, metadata)
    row.save()
    row.groups.set([Group.objects.get_or_create(name=name)[0] for name in metadata.groups])
    row.roles.set([Group.objects.get_or_create(name=name)[0] for name in metadata.roles])


def _takes_back(before: ClientMetadata, after: ClientMetadata) -> bool:
    """Tell whether the client may do less, or for fewer people, than it might."""
    lost = (
        set(before.redirect_uris) - set(after.redirect_uris),
        set(before.grant_types) - set(after.grant_types),
        set(before.scopes) - set(after.scopes),
        _keys_lost(before, after),
        set(before.roles) - set(after.roles),
        set(before.authorization_details_types) - set(after.authorization_details_types),
        after.binds_tokens and not before.binds_tokens,
        set(after.groups) and (set(before.groups) - set(after.groups) or not before.groups),
    )
    return any(lost)


def _keys_lost(before: ClientMetadata, after: ClientMetadata) -> bool:
    """Tell whether a client does not prove itself any more by a key that it had: it may have been stolen."""
    if before.auth_method is not AuthMethod.PRIVATE_KEY_JWT:
        return False
    kept = (after.jwks or {}).get("keys", [])
    lost = [key for key in (before.jwks or {}).get("keys", []) if key not in kept]
    return bool(lost) or (before.auth_method, before.jwks_uri) != (after.auth_method, after.jwks_uri)


def _end_what_is_out(row: Client) -> None:
    """Kill the codes and access tokens that a client has; its refresh tokens are judged when they come."""
    AuthorizationCode.objects.of_client(row.pk).spend()
    DeviceAuthorization.objects.of_client(row.pk).spend()
    revoke(Kind.CLIENT, row.client_id)


def _values(metadata: ClientMetadata) -> dict[str, object]:
    return {field.name: _plain(getattr(metadata, field.name)) for field in fields(metadata)}


def _plain(value: object) -> object:
    return list(value) if isinstance(value, tuple) else value
