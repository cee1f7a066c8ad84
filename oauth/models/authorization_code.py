"""An authorization code (RFC 6749 section 4.1.2): kept by digest, good once, bound to everything it came with."""

import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import models
from django.db.models import Exists, OuterRef, Q, Subquery
from django.utils.translation import gettext_lazy as _
from oauth2_provider.models import AbstractGrant

from accounts.models import Session
from accounts.vocabulary import Acr
from oauth.models.client import Client
from oauth.models.conditions import roles_in_scope
from oauth.vocabulary import OFFLINE_ACCESS
from trust.lib.clock import DatabaseNow
from trust.lib.statements import update_returning


class AuthorizationCodeQuerySet(models.QuerySet["AuthorizationCode"]):
    """Codes by digest, state and owner."""

    def by_digest(self, digest: str) -> "AuthorizationCodeQuerySet":
        """The code whose value has this SHA-256."""
        return self.filter(code=digest)

    def by_pk(self, pk: int) -> "AuthorizationCodeQuerySet":
        """The code of this row."""
        return self.filter(pk=pk)

    def bound_as(
        self, *, client_pk: int, client_version: datetime, redirect_uri: str, challenge: str, jkt: str
    ) -> "AuthorizationCodeQuerySet":
        """Codes that this client may redeem with this redirect URI, empty if it was not sent, challenge and key."""
        known = Client.objects.active().admitting(OuterRef("user_id")).unchanged_since(client_version)
        at_the_uri = Q(redirect_uri=redirect_uri) | (Q(redirect_uri_given=False) if not redirect_uri else Q())
        return self.filter(
            at_the_uri, Exists(known.by_pk(client_pk)), application_id=client_pk, code_challenge=challenge
        ).filter(dpop_jkt__in=("", jkt))

    def with_sign_in(self) -> "AuthorizationCodeQuerySet":
        """Codes with what their session says of the sign-in, and with `roles`, as refresh tokens have them."""
        session = Session.objects.filter(pk=OuterRef("session_id"))
        annotated: AuthorizationCodeQuerySet = self.annotate(
            auth_time=Subquery(session.values("auth_time")),
            amr=Subquery(session.values("amr")),
            session_acr=Subquery(session.values("acr")),
            roles=roles_in_scope(),
        )
        return annotated

    def redeemable(self) -> "AuthorizationCodeQuerySet":
        """Codes not used yet and not too old, by the database's clock, whose session is alive."""
        session = Session.objects.alive().filter(pk=OuterRef("session_id"))
        return self.filter(Exists(session), used_at__isnull=True, expires__gt=DatabaseNow())

    def redeem(self, columns: Sequence[str]) -> tuple[Any, ...] | None:
        """Use one of these codes and return `columns`; of several at once, one wins."""
        return update_returning(self.redeemable(), {"used_at": DatabaseNow()}, columns)

    def spend(self) -> None:
        """Use these codes up, whatever became of their sessions. Waits for an exchange that is under way."""
        self.filter(used_at__isnull=True).update(used_at=DatabaseNow())

    def granted_to(self, user_id: uuid.UUID, client_pk: int) -> "AuthorizationCodeQuerySet":
        """Codes of one person at one client."""
        return self.filter(user_id=user_id, application_id=client_pk)

    def of_client(self, client_pk: int) -> "AuthorizationCodeQuerySet":
        """Codes of one client."""
        return self.filter(application_id=client_pk)

    def of_user(self, user_id: uuid.UUID) -> "AuthorizationCodeQuerySet":
        """Codes of one person."""
        return self.filter(user_id=user_id)

    def offline(self) -> "AuthorizationCodeQuerySet":
        """Codes whose grant will survive a sign-out."""
        return self.filter(scope__contains=OFFLINE_ACCESS)

    def of_session(self, session_id: uuid.UUID) -> "AuthorizationCodeQuerySet":
        """Codes that hang on a session."""
        return self.filter(session_id=session_id)

    def over_since(self, moment: datetime) -> "AuthorizationCodeQuerySet":
        """Codes that nothing needs any more."""
        return self.filter(expires__lt=moment).order_by("expires")


class AuthorizationCode(AbstractGrant):
    """A code on its way to a client. `code` is its digest; `grant` names the authorization in tokens.

    `claims` are those that the claims parameter asked for, as oauth.grant.AskedClaims writes them.
    """

    user_id: uuid.UUID
    application_id: int
    code = models.CharField(_("digest"), max_length=255, editable=False)
    grant = models.UUIDField(_("grant"), default=uuid.uuid4, editable=False, unique=True)
    session = models.ForeignKey(Session, on_delete=models.CASCADE, verbose_name=_("session"))
    redirect_uri_given = models.BooleanField(_("redirect URI was in the request"), default=True)
    acr = models.CharField(_("authentication level told"), max_length=8, choices=Acr.choices, blank=True, default="")
    used_at = models.DateTimeField(_("used"), null=True, editable=False)
    # The thumbprint of the key that it is bound to (RFC 9449), what it allows in detail (RFC 9396, as JSON), and who
    # acts in the person's place, if anybody does; the release before knows none of these.
    dpop_jkt = models.CharField(_("key that it is bound to"), max_length=43, blank=True, default="", db_default="")
    authorization_details = models.TextField(_("authorization details"), blank=True, default="", db_default="")
    act = models.CharField(_("who acts"), max_length=255, blank=True, default="", db_default="")

    objects = AuthorizationCodeQuerySet.as_manager()

    class Meta(AbstractGrant.Meta):
        """Found by digest; spent by client, by person and by session (the foreign keys' indexes); cleared by expires.

        Two codes of one grant would be two refresh tokens of it: hence its unique index.
        """

        verbose_name = _("authorization code")
        verbose_name_plural = _("authorization codes")
        indexes = [models.Index(name="oauth_code_by_end", fields=["expires"])]
        constraints = [models.UniqueConstraint(fields=["code"], name="oauth_code_once")]
