"""A client (RFC 6749 section 2): the toolkit's shape, with the policies that we hold it to."""

import uuid
from collections.abc import Collection
from datetime import datetime
from typing import Final

from django.contrib.auth.models import Group
from django.db import models
from django.db.models import OuterRef, Q
from django.utils.translation import gettext_lazy as _
from oauth2_provider.models import AbstractApplication

from oauth.conf import ACCESS_TOKEN_LIFETIMES, DEFAULT_CLIENT_SCOPES
from oauth.vocabulary import (
    AccessTokenFormat,
    AuthMethod,
    ClientProfile,
    GrantType,
    IdTokenAlg,
    Introspects,
    Pkce,
    SubjectType,
    TokenExchange,
)
from trust.lib.prefix_index import PrefixIndex

# Clients of which there are few among many, by what they are.
_FEW: Final = {
    "disabled": Q(is_active=False),
    "unreviewed": Q(reviewed=False),
    "registered": Q(registration_source="dcr"),
    "published": Q(registration_source="cimd"),
    "public": Q(client_type="public"),
    "unasked": Q(skip_authorization=True),
}


class ClientQuerySet(models.QuerySet["Client"]):
    """Clients by what identifies them."""

    def by_client_id(self, client_id: str) -> "ClientQuerySet":
        """The client of this `client_id`."""
        return self.filter(client_id=client_id)

    def by_client_ids(self, client_ids: Collection[str]) -> "ClientQuerySet":
        """The clients that are known by one of these ids, disabled or not."""
        return self.filter(client_id__in=client_ids)

    def by_pk(self, pk: int) -> "ClientQuerySet":
        """The client of this row."""
        return self.filter(pk=pk)

    def unchanged_since(self, version: datetime) -> "ClientQuerySet":
        """Clients whose registration is still the one that was written then."""
        return self.filter(updated=version)

    def active(self) -> "ClientQuerySet":
        """Clients that are not disabled."""
        return self.filter(is_active=True)

    def without_pkce(self) -> "ClientQuerySet":
        """Clients that may leave PKCE out."""
        return self.filter(pkce=Pkce.OPTIONAL)

    def admitting(self, user_id: "uuid.UUID | OuterRef") -> "ClientQuerySet":
        """Clients that a person may sign in to: those that name no groups, or one of theirs."""
        return self.filter(Q(groups__isnull=True) | Q(groups__user=user_id))

    def role_names(self, pk: int) -> list[str]:
        """The names of the roles that a client has when it acts as itself, sorted."""
        return sorted(Group.objects.filter(service_accounts=pk).values_list("name", flat=True))

    def having_role(self, group_id: int) -> "ClientQuerySet":
        """Clients that have a role when they act as themselves."""
        return self.filter(roles=group_id)

    def held(self) -> "ClientQuerySet":
        """Clients that stay as they are until the transaction ends.

        The key may still be referred to: an exchange under way holds its code, which whoever changes a client
        waits for.
        """
        return self.select_for_update(no_key=True)

    def with_expired_secret(self, now: datetime) -> "ClientQuerySet":
        """Clients whose secret before is good no longer, and still kept."""
        return self.filter(previous_secret_until__lte=now)

    def drop_previous_secret(self) -> int:
        """Forget the secret before of each; what is known of a client stays true, so its version stays."""
        return self.update(previous_secret="", previous_secret_until=None)

    def never_used(self, created_before: datetime) -> "ClientQuerySet":
        """Clients that registered themselves before a time, that nobody looked at and nobody ever signed in to."""
        newcomers = self.filter(registration_source=AbstractApplication.RegistrationSource.DCR)
        return newcomers.filter(reviewed=False, created__lt=created_before).unused().order_by("created")

    def unused(self) -> "ClientQuerySet":
        """Clients that nobody ever signed in to."""
        return self.filter(consents__isnull=True, authorizationcode__isnull=True, refreshtoken__isnull=True)

    def published(self) -> "ClientQuerySet":
        """Clients whose client_id is the address of what they say of themselves."""
        return self.filter(registration_source=AbstractApplication.RegistrationSource.CIMD)

    def published_and_unused(self) -> "ClientQuerySet":
        """Those of them that nobody ever signed in to; but what staff decided stays: reviewed, or shut out."""
        return self.published().filter(reviewed=False, is_active=True).unused()

    def published_before(self, created_before: datetime) -> "ClientQuerySet":
        """Those that came before a time, the oldest first."""
        return self.filter(created__lt=created_before).order_by("created")

    def by_pks(self, pks: Collection[int]) -> "ClientQuerySet":
        """The clients of these rows."""
        return self.filter(pk__in=pks)

    def good_until(self, moment: datetime) -> int:
        """Note until when what they publish is good; what is known of them stays true, so their version stays."""
        return self.update(cimd_expires_at=moment)

    def containing_scope(self, name: str) -> "ClientQuerySet":
        """Clients whose scopes contain this text, which may be a part of one; the exact check is the caller's."""
        return self.filter(scopes__contains=name).order_by("name", "client_id")

    def made_here(self) -> "ClientQuerySet":
        """Clients that administrators and scripts made, not those that registered themselves."""
        return self.filter(registration_source=AbstractApplication.RegistrationSource.MANUAL)

    def searched(self, term: str) -> "ClientQuerySet":
        """Clients whose name or client_id begins so; with a dot or a colon in it, whose redirect URIs contain it.

        A client_id may be a URL itself. The first is by an index. For redirect URIs there is one where an operator made
        it (docs/operations.md).
        """
        term = term.strip()
        if "." in term or ":" in term:
            return self.filter(Q(redirect_uris__contains=term) | Q(client_id__istartswith=term))
        return self.filter(Q(name__istartswith=term) | Q(client_id__istartswith=term))

    def naming(self, origin: str) -> "ClientQuerySet":
        """Active clients with a redirect URI that begins like this origin; the exact check is the caller's."""
        return self.active().filter(redirect_uris__contains=origin)


class Client(AbstractApplication):
    """A registered client. Its secret, 256 random bits, is kept as one salted SHA-256 (docs/decisions/0001)."""

    client_secret = models.CharField(_("digest of the client secret"), max_length=128, blank=True, editable=False)
    hash_client_secret = None
    # The secret before, which is good beside the present one until then. The last release, which runs beside this one
    # while a site is upgraded, writes neither.
    previous_secret = models.CharField(
        _("digest of the secret before"), max_length=128, blank=True, default="", db_default="", editable=False
    )
    previous_secret_until = models.DateTimeField(_("the secret before is good until"), null=True, editable=False)
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
    required_scopes = models.TextField(_("scopes that cannot be unticked"), blank=True, default="", db_default="")
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
    client_uri = models.TextField(_("home page"), blank=True, default="")
    logo_uri = models.TextField(_("logo"), blank=True, default="")
    policy_uri = models.TextField(_("privacy policy"), blank=True, default="")
    tos_uri = models.TextField(_("terms of service"), blank=True, default="")
    contacts = models.TextField(_("contacts"), blank=True, default="")
    jwks = models.JSONField(_("key set"), null=True, blank=True, default=None)
    jwks_uri = models.TextField(_("address of the key set"), blank=True, default="")
    token_endpoint_auth_signing_alg = models.CharField(_("assertion algorithm"), max_length=5, blank=True, default="")
    backchannel_logout_uri = models.TextField(_("back-channel logout URI"), blank=True, default="")
    request_uris = models.TextField(_("addresses of request objects"), blank=True, default="")
    request_object_signing_alg = models.CharField(_("request object algorithm"), max_length=5, blank=True, default="")
    default_max_age = models.PositiveIntegerField(_("greatest age of a sign-in in seconds"), null=True, blank=True)
    default_acr_values = models.TextField(_("authentication levels wanted"), blank=True, default="")
    subject_type = models.CharField(
        _("subject type"), max_length=8, choices=SubjectType.choices, default=SubjectType.PUBLIC
    )
    sector_identifier_uri = models.TextField(_("sector identifier URI"), blank=True, default="")
    userinfo_signed_response_alg = models.CharField(_("userinfo algorithm"), max_length=5, blank=True, default="")
    claims = models.JSONField(_("further claims"), blank=True, default=dict)
    reviewed = models.BooleanField(_("reviewed"), default=True)
    registration_token_digest = models.CharField(
        _("digest of the registration access token"), max_length=64, blank=True, default="", editable=False
    )
    groups = models.ManyToManyField(
        Group, blank=True, related_name="clients", verbose_name=_("groups that may sign in (none: everybody)")
    )
    # What follows, the release before leaves at what the database says.
    profile = models.CharField(
        _("profile"), max_length=16, choices=ClientProfile.choices, blank=True, default="", db_default=""
    )
    require_pushed_authorization_requests = models.BooleanField(
        _("authorization requests pushed alone"), default=False, db_default=False
    )
    require_signed_request_object = models.BooleanField(
        _("authorization requests signed alone"), default=False, db_default=False
    )
    dpop_bound_access_tokens = models.BooleanField(_("tokens bound to a key (DPoP)"), default=False, db_default=False)
    authorization_signed_response_alg = models.CharField(
        _("authorization response algorithm"), max_length=5, blank=True, default="", db_default=""
    )
    introspection_signed_response_alg = models.CharField(
        _("introspection response algorithm"), max_length=5, blank=True, default="", db_default=""
    )
    rotates_refresh_tokens = models.BooleanField(_("refresh tokens are replaced"), default=True, db_default=True)
    token_exchange = models.CharField(
        _("may exchange tokens for"),
        max_length=16,
        choices=TokenExchange.choices,
        default=TokenExchange.NONE,
        db_default=TokenExchange.NONE.value,
    )
    authorization_details_types = models.TextField(
        _("types of authorization details"), blank=True, default="", db_default=""
    )
    may_revoke_subjects = models.BooleanField(
        _("may end all that a person is signed in to"), default=False, db_default=False
    )
    roles = models.ManyToManyField(
        Group, blank=True, related_name="service_accounts", verbose_name=_("roles that it has when it acts as itself")
    )

    objects = ClientQuerySet.as_manager()

    class Meta(AbstractApplication.Meta):
        """A public client has no secret to guess with, never goes without PKCE and never acts as itself.

        Found by client_id (the toolkit's unique index); those whom an administrator made by the foreign key's. The few
        newcomers, which registered themselves and nobody looked at, are cleared by age. Listed by name, all and each of
        the few that the administration asks for; searched by the beginning of a name or of a client_id.
        """

        verbose_name = _("client")
        verbose_name_plural = _("clients")
        indexes = [
            models.Index(name="oauth_client_by_name", fields=["name", "client_id"]),
            *(
                models.Index(name=f"oauth_client_{name}", fields=["name", "client_id"], condition=condition)
                for name, condition in _FEW.items()
            ),
            *(PrefixIndex(name=f"oauth_client_find_{name}", fields=[name]) for name in ("name", "client_id")),
            models.Index(
                name="oauth_client_newcomers",
                fields=["created"],
                condition=Q(registration_source="dcr", reviewed=False),
            ),
            models.Index(
                name="oauth_client_just_published",
                fields=["created"],
                condition=Q(registration_source="cimd", reviewed=False, is_active=True),
            ),
        ]
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
                name="oauth_client_confidential_has_a_secret_or_key",
                condition=Q(client_type="public")
                | Q(token_endpoint_auth_method=AuthMethod.PRIVATE_KEY_JWT, client_secret="")
                | (~Q(token_endpoint_auth_method=AuthMethod.PRIVATE_KEY_JWT) & ~Q(client_secret="")),
            ),
            models.CheckConstraint(
                name="oauth_client_previous_secret_ends",
                condition=Q(previous_secret="", previous_secret_until__isnull=True)
                | (~Q(previous_secret="") & ~Q(client_secret="") & Q(previous_secret_until__isnull=False)),
            ),
            models.CheckConstraint(
                name="oauth_client_lifetime_in_bounds",
                condition=Q(access_token_lifetime__range=ACCESS_TOKEN_LIFETIMES),
            ),
        ]
