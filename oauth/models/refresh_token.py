"""A refresh token (RFC 6749 section 1.5): a row with a counter, no value and no digest (docs/decisions/0004)."""

import uuid
from datetime import datetime
from typing import ClassVar

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _
from oauth2_provider.models import AbstractRefreshToken

from accounts.models import Session, User
from accounts.vocabulary import Acr
from oauth.models.client import Client
from oauth.models.conditions import roles_in_scope
from trust.lib.clock import DatabaseNow
from trust.tokens.rotation import RotatingModel, RotatingQuerySet


class RefreshTokenQuerySet(RotatingQuerySet):
    """Refresh tokens by state and owner."""

    def alive(self) -> "RefreshTokenQuerySet":
        """Tokens that may refresh: in force, client and person active and at one, the session alive unless offline."""
        person = User.objects.active().filter(pk=OuterRef("user_id"))
        client = Client.objects.active().admitting(OuterRef("user_id")).filter(pk=OuterRef("application_id"))
        session = Session.objects.alive().filter(pk=OuterRef("session_id"))
        return self.not_revoked().filter(
            Q(offline=True) | Exists(session), Exists(person), Exists(client), expires_at__gt=DatabaseNow()
        )

    def not_revoked(self) -> "RefreshTokenQuerySet":
        """Tokens that nobody revoked."""
        return self.filter(revoked__isnull=True)

    def by_id(self, row_id: uuid.UUID) -> "RefreshTokenQuerySet":
        """The row that a token names."""
        return self.filter(pk=row_id)

    def of_client(self, client_pk: int) -> "RefreshTokenQuerySet":
        """Tokens of one client."""
        return self.filter(application_id=client_pk)

    def of_client_as_known(self, client_pk: int, version: datetime) -> "RefreshTokenQuerySet":
        """Tokens of one client, if its registration is still the one that was written at `version`."""
        known = Client.objects.by_pk(client_pk).unchanged_since(version)
        return self.of_client(client_pk).filter(Exists(known))

    def bound_to(self, jkt: str) -> "RefreshTokenQuerySet":
        """Tokens that are bound to no key, or to this one by its thumbprint."""
        return self.filter(dpop_jkt__in=("", jkt))

    def searched(self, term: str) -> "RefreshTokenQuerySet":
        """Tokens of the client with this client_id, or of the people whom the term finds."""
        client = Client.objects.by_client_id(term.strip()).first()
        return self.of_client(client.pk) if client else self.filter(user__in=User.objects.searched(term))

    def of_grant(self, grant: uuid.UUID) -> "RefreshTokenQuerySet":
        """Tokens of one authorization."""
        return self.filter(grant=grant)

    def of_user(self, user_id: uuid.UUID) -> "RefreshTokenQuerySet":
        """Tokens of one person."""
        return self.filter(user_id=user_id)

    def of_session(self, session_id: uuid.UUID) -> "RefreshTokenQuerySet":
        """Tokens that came from one session."""
        return self.filter(session_id=session_id)

    def with_session_alive(self) -> "RefreshTokenQuerySet":
        """Tokens with `session_alive`: whether the session that they came from is not over."""
        alive = Session.objects.alive().filter(pk=OuterRef("session_id"))
        annotated: RefreshTokenQuerySet = self.annotate(session_alive=Exists(alive))
        return annotated

    def with_roles(self) -> "RefreshTokenQuerySet":
        """Tokens with `roles`: those of their person, now, if the scope has them."""
        annotated: RefreshTokenQuerySet = self.annotate(roles=roles_in_scope())
        return annotated

    def online(self) -> "RefreshTokenQuerySet":
        """Tokens that end with their session."""
        return self.filter(offline=False)

    def offline(self) -> "RefreshTokenQuerySet":
        """Tokens that survive a sign-out."""
        return self.filter(offline=True)

    def granted_to(self, user_id: uuid.UUID, client_pk: int) -> "RefreshTokenQuerySet":
        """Tokens of one person at one client."""
        return self.filter(user_id=user_id, application_id=client_pk)

    def unexpired(self, now: datetime) -> "RefreshTokenQuerySet":
        """Tokens whose absolute end is to come."""
        return self.filter(expires_at__gt=now)

    def expired_since(self, moment: datetime) -> "RefreshTokenQuerySet":
        """Tokens whose absolute end was before `moment`."""
        expired: RefreshTokenQuerySet = self.filter(expires_at__lt=moment).order_by("expires_at")
        return expired

    def revoked_since(self, moment: datetime) -> "RefreshTokenQuerySet":
        """Tokens that somebody revoked before `moment`."""
        revoked: RefreshTokenQuerySet = self.filter(revoked__lt=moment).order_by("revoked")
        return revoked

    def over_since(self, moment: datetime) -> "RefreshTokenQuerySet":
        """Tokens past their end, or revoked, before `moment`."""
        return self.filter(Q(expires_at__lt=moment) | Q(revoked__lt=moment))


class RefreshToken(RotatingModel, AbstractRefreshToken):
    """One live chain of refreshes of one grant, with what its id and access tokens say of the sign-in."""

    token = None
    token_checksum = None
    token_family = None
    access_token = None
    user_id: uuid.UUID
    application_id: int
    session_id: uuid.UUID | None
    session_alive: bool  # of with_session_alive()
    grant = models.UUIDField(_("grant"), editable=False, unique=True)
    session = models.ForeignKey(Session, null=True, on_delete=models.SET_NULL, verbose_name=_("session"))
    scope = models.TextField(_("scope"))
    offline = models.BooleanField(_("survives sign-out"), default=False)
    auth_time = models.DateTimeField(_("authenticated"))
    amr = models.CharField(_("authentication methods"), max_length=64, blank=True)
    acr = models.CharField(_("authentication level"), max_length=8, choices=Acr.choices)

    claims = models.TextField(_("claims"), blank=True, default="")
    # The thumbprint of the key that it is bound to (RFC 9449), what it allows in detail (RFC 9396, as JSON), and who
    # acts in the person's place, if anybody does; the release before knows none of these.
    dpop_jkt = models.CharField(_("key that it is bound to"), max_length=43, blank=True, default="", db_default="")
    authorization_details = models.TextField(_("authorization details"), blank=True, default="", db_default="")
    act = models.CharField(_("who acts"), max_length=255, blank=True, default="", db_default="")

    objects: ClassVar = RefreshTokenQuerySet.as_manager()

    class Meta:
        """Own, since the toolkit's constraints are on the columns that are not here.

        Ended by grant, and by client, person and session (the foreign keys' indexes); cleared by either end. A rotation
        writes no indexed column.
        """

        verbose_name = _("refresh token")
        verbose_name_plural = _("refresh tokens")
        indexes = [
            models.Index(name="oauth_refresh_by_end", fields=["expires_at"]),
            models.Index(name="oauth_refresh_revoked", fields=["revoked"], condition=Q(revoked__isnull=False)),
        ]
