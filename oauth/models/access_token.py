"""An opaque access token (RFC 6749 section 1.4), for clients that are set to such: kept by digest."""

from datetime import datetime

from django.db import models
from django.utils.translation import gettext_lazy as _
from oauth2_provider.models import AbstractAccessToken

from accounts.models import Session
from accounts.vocabulary import Acr
from oauth.conf import LONGEST_RESOURCE_IDENTIFIER
from trust.lib.clock import DatabaseNow


class AccessTokenQuerySet(models.QuerySet["AccessToken"]):
    """Opaque tokens by digest and age."""

    def by_digest(self, digest: str) -> "AccessTokenQuerySet":
        """The token whose value has this SHA-256."""
        return self.filter(token_checksum=digest)

    def unexpired(self) -> "AccessTokenQuerySet":
        """Tokens that have not expired, by the database's clock."""
        return self.filter(expires__gt=DatabaseNow())

    def over_since(self, moment: datetime) -> "AccessTokenQuerySet":
        """Tokens that expired before `moment`."""
        return self.filter(expires__lt=moment).order_by("expires")


class AccessToken(AbstractAccessToken):
    """An opaque access token. The signed ones (RFC 9068) are never stored."""

    token = None
    source_refresh_token = None
    id_token = None
    token_checksum = models.CharField(_("digest"), max_length=64, editable=False)
    jti = models.UUIDField(_("identifier"), editable=False)
    grant = models.CharField(_("grant"), max_length=64, editable=False)
    session = models.ForeignKey(Session, null=True, on_delete=models.CASCADE, verbose_name=_("session"))
    audience = models.CharField(_("audience"), max_length=LONGEST_RESOURCE_IDENTIFIER)
    auth_time = models.DateTimeField(_("authenticated"), null=True)
    amr = models.CharField(_("authentication methods"), max_length=64, blank=True)
    acr = models.CharField(_("authentication level"), max_length=8, choices=Acr.choices, blank=True)

    subject = models.CharField(_("subject as the client is told"), max_length=64, blank=True, default="")
    told_session_id = models.CharField(_("session as the client is told"), max_length=64, blank=True, default="")
    userinfo_claims = models.TextField(_("further claims of userinfo"), blank=True, default="")
    # The key that it is bound to (RFC 7800), what it allows in detail (RFC 9396), who acts (RFC 8693): as claims say.
    cnf = models.JSONField(_("key that it is bound to"), null=True, default=None)
    authorization_details = models.JSONField(_("authorization details"), null=True, default=None)
    act = models.JSONField(_("who acts"), null=True, default=None)
    exchanged_from = models.JSONField(_("tokens that it was exchanged from"), null=True, default=None)

    objects = AccessTokenQuerySet.as_manager()

    class Meta(AbstractAccessToken.Meta):
        """Found by digest; cleared by expires; gone with its client, person or session by the foreign keys' indexes."""

        verbose_name = _("access token")
        verbose_name_plural = _("access tokens")
        indexes = [models.Index(name="oauth_access_by_end", fields=["expires"])]
        constraints = [models.UniqueConstraint(fields=["token_checksum"], name="oauth_access_once")]
