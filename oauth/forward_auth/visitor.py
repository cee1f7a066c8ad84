"""Who a pass stands for, now: looked up with each request, so that what ends a session ends the pass."""

from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import quote

from django.db.models import BigAutoField, Exists, OuterRef, QuerySet, Subquery, UUIDField

from accounts.models import User
from oauth.forward_auth.site_pass import SitePass
from oauth.models import Client, Consent
from oauth.registered_client import RegisteredClient
from oauth.services import subjects
from oauth.vocabulary import OPENID, ROLES
from trust.lib.compiled import CompiledQuery, Parameter

# What a site is told, if its client is registered for it.
SCOPES: Final = (OPENID, "profile", "email", ROLES)
_PLAIN: Final = " !#$&'()*+/:;=?@[]"  # of ASCII, beside letters and digits; not the comma, which parts groups


def scope_of(client: RegisteredClient) -> tuple[str, ...]:
    """Return what is asked for a site."""
    return tuple(name for name in SCOPES if name in client.scopes)


def headers_of(site_pass: SitePass, client: RegisteredClient) -> Mapping[str, str] | None:
    """Return what a site is told of who holds the pass, or None if it opens the site no more."""
    visitor: Any = _VISITOR.find(site_pass.session_id, client.pk)
    if visitor is None or not _may_enter(visitor, client):
        return None
    scope = scope_of(client)
    told = {"Remote-Subject": subjects.subject_of(client, user_id=visitor.pk)}
    if "profile" in scope:
        told |= {"Remote-User": visitor.username, "Remote-Name": visitor.get_full_name()}
    if "email" in scope and visitor.told_verified:
        told["Remote-Email"] = visitor.email
    written = {name: _written(value) for name, value in told.items()}
    if ROLES in scope:
        written["Remote-Groups"] = ",".join(map(_written, visitor.told_roles))
    return written


def _visitor(session_id: Parameter, client_pk: Parameter) -> "QuerySet[Any]":
    person: Any = OuterRef("pk")
    client: Any = client_pk
    found: QuerySet[Any] = User.objects.signed_in_by(session_id).as_told(verified=True, roles=True)
    annotated: QuerySet[Any] = found.annotate(
        is_admitted=Exists(Client.objects.by_pk(client).admitting(person)),
        consented=Subquery(Consent.objects.given(person, client).values("scope")),
    )
    return annotated


# Every page, picture and script of a site asks it: one statement, compiled once.
_VISITOR: Final[CompiledQuery[Any]] = CompiledQuery(_visitor, UUIDField(), BigAutoField())


def _may_enter(visitor: Any, client: RegisteredClient) -> bool:
    if not visitor.is_admitted:
        return False
    if client.skips_consent and client.reviewed:
        return True
    return visitor.consented is not None and set(visitor.consented.split()).issuperset(scope_of(client))


def _written(text: str) -> str:
    """Return a text as a header can carry it: what is not plain ASCII is percent-encoded (RFC 3986 section 2.1)."""
    return quote(text, safe=_PLAIN)
