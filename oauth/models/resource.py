"""Resources (RFC 8707 section 2): the APIs that clients' tokens are for, each with the scopes that open it."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from oauth.conf import ACCESS_TOKEN_LIFETIMES, LONGEST_RESOURCE_IDENTIFIER, LONGEST_RESOURCE_NAME
from oauth.models.client import Client
from oauth.models.scope import Scope
from oauth.vocabulary import AccessTokenFormat


class ResourceQuerySet(models.QuerySet["Resource"]):
    """Resources by what identifies them."""

    def by_identifier(self, identifier: str) -> "ResourceQuerySet":
        """The resource of this identifier."""
        return self.filter(identifier=identifier)

    def by_pk(self, pk: int) -> "ResourceQuerySet":
        """The resource of this row."""
        return self.filter(pk=pk)


class Resource(models.Model):
    """An API. People read its name above its scopes when they are asked to consent."""

    identifier = models.CharField(_("identifier"), max_length=LONGEST_RESOURCE_IDENTIFIER, unique=True)
    name_en = models.CharField(_("name in English"), max_length=LONGEST_RESOURCE_NAME)
    name_ko = models.CharField(_("name in Korean"), max_length=LONGEST_RESOURCE_NAME, blank=True, default="")
    scopes = models.ManyToManyField(Scope, blank=True, related_name="resources", verbose_name=_("scopes"))
    # What follows, the release before leaves at what the database says.
    access_token_format = models.CharField(
        _("access token format"), max_length=6, choices=AccessTokenFormat.choices, blank=True, default="", db_default=""
    )
    access_token_lifetime = models.PositiveIntegerField(_("access token lifetime in seconds"), null=True, blank=True)
    client = models.ForeignKey(
        Client,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="resources",
        verbose_name=_("client that introspects its tokens"),
    )
    is_registrable = models.BooleanField(_("open to unknown clients"), default=False, db_default=False)

    objects = ResourceQuerySet.as_manager()

    class Meta:
        """The table is small, and read whole."""

        verbose_name = _("resource")
        verbose_name_plural = _("resources")
        ordering = ("identifier",)
        constraints = [
            models.CheckConstraint(name="oauth_resource_is_named", condition=~Q(identifier="") & ~Q(name_en="")),
            models.CheckConstraint(
                name="oauth_resource_lifetime_in_bounds",
                condition=Q(access_token_lifetime__isnull=True)
                | Q(access_token_lifetime__range=ACCESS_TOKEN_LIFETIMES),
            ),
        ]

    def __str__(self) -> str:
        """Name the resource."""
        return self.name_en
