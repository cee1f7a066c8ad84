"""A client (RFC 6749 section 2): the toolkit's shape, with the policies that we hold it to."""

import uuid

from django.contrib.auth.models import Group
from django.db import models
from django.db.models import OuterRef, Q
from django.utils.translation import gettext_lazy as _
from oauth2_provider.models import AbstractApplication

from oauth.conf import ACCESS_TOKEN_LIFETIMES, DEFAULT_CLIENT_SCOPES
from oauth.vocabulary import AccessTokenFormat, AuthMethod, GrantType, IdTokenAlg, Introspects, Pkce


class ClientQuerySet(models.QuerySet["Client"]):
    """Clients by what identifies them."""

    def by_client_id(self, client_id: str) -> "ClientQuerySet":
        """The client of this `client_id`."""
        return self.filter(client_id=client_id)

    def by_pk(self, pk: int) -> "ClientQuerySet":
        """The client of this row."""
        return self.filter(pk=pk)

    def active(self) -> "ClientQuerySet":
        """Clients that are not disabled."""
        return self.filter(is_active=True)

    def admitting(self, user_id: "uuid.UUID | OuterRef") -> "ClientQuerySet":
        """Clients that a person may sign in to: those that name no groups, or one of theirs."""
        return self.filter(Q(groups__isnull=True) | Q(groups__user=user_id))

    def naming(self, origin: str) -> "ClientQuerySet":
        """Active clients with a redirect URI that begins like this origin; the exact check is the caller's."""
        return self.active().filter(redirect_uris__contains=origin)


class Client(AbstractApplication):
    """A registered client. Its secret, 256 random bits, is kept as one salted SHA-256 (docs/decisions/0001)."""

    client_secret = models.CharField(_("digest of the client secret"), max_length=128, blank=True, editable=False)
    hash_client_secret = None
    algorithm = models.CharField(
        _("id token algorithm"), max_length=5, choices=IdTokenAlg.choices, default=IdTokenAlg.RS256
    )
    authorization_grant_type = models.CharField(
        max_length=44, default=AbstractApplication.GRANT_AUTHORIZATION_CODE, editable=False
    )
    is_active = models.BooleanField(_("active"), default=True)
    grant_types = models.TextField(
        _("grant types"), default=f"{GrantType.AUTHORIZATION_CODE} {GrantType.REFRESH_TOKEN}"
    )
    scopes = models.TextField(_("scopes"), default=" ".join(DEFAULT_CLIENT_SCOPES))
    default_scopes = models.TextField(_("scopes when none is asked for"), blank=True, default="")
    token_endpoint_auth_method = models.CharField(
        _("client authentication"), max_length=32, choices=AuthMethod.choices, blank=True, default=""
    )
    introspects = models.CharField(
        _("may introspect"), max_length=4, choices=Introspects.choices, default=Introspects.NONE
    )
    pkce = models.CharField(_("code challenge"), max_length=8, choices=Pkce.choices, default=Pkce.REQUIRED)
    access_token_format = models.CharField(
        _("access token format"), max_length=6, choices=AccessTokenFormat.choices, default=AccessTokenFormat.JWT
    )
    access_token_lifetime = models.PositiveIntegerField(_("access token lifetime in seconds"), default=600)
    groups = models.ManyToManyField(
        Group, blank=True, related_name="clients", verbose_name=_("groups that may sign in (none: everybody)")
    )

    objects = ClientQuerySet.as_manager()

    class Meta(AbstractApplication.Meta):
        """A public client has no secret to guess with, never goes without PKCE and never acts as itself."""

        verbose_name = _("client")
        verbose_name_plural = _("clients")
        constraints = [
            models.CheckConstraint(
                name="oauth_client_public_is_bound",
                condition=Q(client_type="confidential")
                | Q(
                    client_type="public",
                    client_secret="",
                    pkce=Pkce.REQUIRED,
                    token_endpoint_auth_method=AuthMethod.NONE,
                    introspects=Introspects.NONE,
                ),
            ),
            models.CheckConstraint(
                name="oauth_client_confidential_has_a_secret",
                condition=Q(client_type="public") | ~Q(client_secret=""),
            ),
            models.CheckConstraint(
                name="oauth_client_lifetime_in_bounds",
                condition=Q(access_token_lifetime__range=ACCESS_TOKEN_LIFETIMES),
            ),
        ]
