"""Clients, as `manage.py create_client --json` takes them: the metadata of RFC 7591 and our own policies.

A secret is never known here. With secrets, an export has the digests of those that are good; whoever brings them to
another installation need not give their clients new ones.
"""

from collections.abc import Mapping
from typing import Final

from authproject.configuration.section import Entry, WrongEntry
from oauth.client_metadata import ClientMetadata
from oauth.errors import OAuthError
from oauth.models import Client
from oauth.protocol.rfc7591_metadata import written
from oauth.protocol.rfc7591_registration import changes_of_kind, check_client_id, check_secret, described
from oauth.services import client_review, client_secrets, clients, registration, scopes
from oauth.services.client_secrets import NoDigest
from oauth.services.digests import secret_is_right

_ACTIVE: Final = "x_active"
_DIGEST: Final = "client_secret_digest"
_SECRET: Final = "client_secret"
_APART: Final = frozenset({"client_id", _ACTIVE, _DIGEST, _SECRET})


class Clients:
    """The section of clients. Those that registered themselves are not configuration: they stay where they are."""

    name = "clients"
    key = "client_id"

    def standing(self, *, with_secrets: bool) -> list[Entry]:
        """Return the clients that administrators and scripts made."""
        rows = Client.objects.made_here().prefetch_related("groups", "roles").order_by("client_id")
        return [_entry(row, with_secrets=with_secrets) for row in rows]

    def wanted(self, entry: Entry) -> Entry:
        """Return the client as it would be, and the secret or its digest if it is another one."""
        _check(entry)
        metadata, row = _described(entry), clients.known(entry["client_id"])
        if row and client_review.describes_itself(row):
            raise WrongEntry("client_id: is of a client that describes itself at this address; delete that one first")
        for problem in changes_of_kind(clients.metadata_of(row), metadata) if row else ():
            raise WrongEntry(f"{problem.member}: {problem.message}")
        if {_SECRET, _DIGEST} & set(entry) and not metadata.has_secret:
            raise WrongEntry(f"{_SECRET}: a client that is public, or has a key, has none")
        digest = row.client_secret if row else ""
        secrets: Entry = {member: entry[member] for member in (_SECRET, _DIGEST) if member in entry}
        if _SECRET in entry and secret_is_right(digest, entry[_SECRET]):
            del secrets[_SECRET]
        active = {_ACTIVE: entry.get(_ACTIVE, True)}
        return {"client_id": entry["client_id"], **written(metadata), **active, **secrets}

    def put(self, entry: Entry) -> Mapping[str, str]:
        """Make the client, or change it; a new one's secret, if it was made here, is returned."""
        client_id, row = entry["client_id"], clients.known(entry["client_id"])
        made: Mapping[str, str] = {}
        if row is None:
            row, secret = registration.register(
                metadata=_described(entry), client_id=client_id, secret=entry.get(_SECRET, "")
            )
            made = {client_id: secret} if secret and not {_SECRET, _DIGEST} & set(entry) else {}
        else:
            registration.change(client_pk=row.pk, metadata=_described(entry))
            if _SECRET in entry:
                client_secrets.rotate(client_pk=row.pk, secret=entry[_SECRET])
        if _DIGEST in entry:
            client_secrets.adopt(client_pk=row.pk, digest=entry[_DIGEST])
        if row.is_active != entry[_ACTIVE]:
            (registration.enable if entry[_ACTIVE] else registration.disable)(client_pk=row.pk)
        return made

    def is_spared(self, entry: Entry) -> bool:
        """None is."""
        return False

    def remove(self, key: str) -> None:
        """Delete the client, with the consents and grants that it has."""
        row = clients.known(key)
        if row is not None:
            registration.delete(client_pk=row.pk)


def _entry(row: Client, *, with_secrets: bool) -> Entry:
    digest = {_DIGEST: row.client_secret} if with_secrets and row.client_secret else {}
    return {"client_id": row.client_id, **written(clients.metadata_of(row)), _ACTIVE: row.is_active, **digest}


def _check(entry: Entry) -> None:
    """Refuse an id, a secret or a digest that cannot be one."""
    if problem := check_client_id(entry["client_id"]):
        raise WrongEntry(f"client_id: {problem}")
    if not isinstance(entry.get(_ACTIVE, True), bool):
        raise WrongEntry(f"{_ACTIVE}: must be true or false")
    if _SECRET in entry and (problem := check_secret(str(entry[_SECRET]))):
        raise WrongEntry(f"{_SECRET}: {problem}")
    try:
        client_secrets.check_digest(entry.get(_DIGEST))
    except NoDigest as wrong:
        raise WrongEntry(f"{_DIGEST}: is no digest of a secret that was exported") from wrong


def _described(entry: Entry) -> ClientMetadata:
    """Hold it to the rules that every door has. Raises WrongEntry."""
    metadata = {member: value for member, value in entry.items() if member not in _APART}
    try:
        return described(metadata, default_scopes=scopes.given_by_default())
    except OAuthError as wrong:
        raise WrongEntry(wrong.description) from wrong
