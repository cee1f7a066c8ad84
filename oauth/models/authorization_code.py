"""An authorization code (RFC 6749 section 4.1.2): kept by digest, good once, bound to everything it came with."""

import uuid
from datetime import datetime

from django.db import models
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy as _
from oauth2_provider.models import AbstractGrant

from accounts.models import Session
from accounts.vocabulary import Acr
from oauth.vocabulary import OFFLINE_ACCESS
from trust.lib.clock import DatabaseNow


class AuthorizationCodeQuerySet(models.QuerySet["AuthorizationCode"]):
    """Codes by digest, state and owner."""

    def by_digest(self, digest: str) -> "AuthorizationCodeQuerySet":
        """The code whose value has this SHA-256."""
        return self.filter(code=digest)

    def by_pk(self, pk: int) -> "AuthorizationCodeQuerySet":
        """The code of this row."""
        return self.filter(pk=pk)

    def redeemable(self) -> "AuthorizationCodeQuerySet":
        """Codes not used yet and not too old, by the database's clock, whose session is alive."""
        session = Session.objects.alive().filter(pk=OuterRef("session_id"))
        return self.filter(Exists(session), used_at__isnull=True, expires__gt=DatabaseNow())

    def redeem(self) -> bool:
        """Use one of these codes; of several at once, one wins."""
        return self.redeemable().update(used_at=DatabaseNow()) == 1

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
        return self.filter(expires__lt=moment)


class AuthorizationCode(AbstractGrant):
    """A code on its way to a client. `code` is its digest; `grant` names the authorization in tokens.

    `claims` are those that the claims parameter asked for, as oauth.grant.AskedClaims writes them.
    """

    user_id: uuid.UUID
    application_id: int
    grant = models.UUIDField(_("grant"), default=uuid.uuid4, editable=False, unique=True)
    session = models.ForeignKey(Session, on_delete=models.CASCADE, verbose_name=_("session"))
    redirect_uri_given = models.BooleanField(_("redirect URI was in the request"), default=True)
    acr = models.CharField(_("authentication level told"), max_length=8, choices=Acr.choices, blank=True, default="")
    used_at = models.DateTimeField(_("used"), null=True, editable=False)

    objects = AuthorizationCodeQuerySet.as_manager()

    class Meta(AbstractGrant.Meta):
        """Found by digest (the toolkit's unique index), by person for their apps, cleared by expires."""

        verbose_name = _("authorization code")
        verbose_name_plural = _("authorization codes")
        indexes = [models.Index(name="oauth_code_by_end", fields=["expires"])]
