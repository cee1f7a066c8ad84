"""What a person allowed a client, remembered until they take it back."""

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from oauth.models.client import Client


class ConsentQuerySet(models.QuerySet["Consent"]):
    """Consents by person and client."""

    def of_user(self, user_id: uuid.UUID) -> "ConsentQuerySet":
        """What a person allowed, the newest first."""
        return self.filter(user_id=user_id).select_related("client").order_by("-updated")

    def searched(self, term: str) -> "ConsentQuerySet":
        """What the client with this client_id was allowed, or what the people allowed whom the term finds."""
        client = Client.objects.by_client_id(term.strip()).first()
        return self.filter(client=client) if client else self.filter(user__in=User.objects.searched(term))

    def given(self, user_id: uuid.UUID, client_pk: int) -> "ConsentQuerySet":
        """What a person allowed one client."""
        return self.filter(user_id=user_id, client_id=client_pk)


class Consent(models.Model):
    """One row for each person and client: the scopes allowed so far, and those unticked when they were asked for.

    `authorization_details` is a JSON array of those that were allowed last (RFC 9396), bounded, or empty.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="consents",
        db_index=False,  # the constraint's index begins with it
        verbose_name=_("person"),
    )
    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="consents", verbose_name=_("client"))
    scope = models.TextField(_("scope"))
    declined = models.TextField(_("unticked"), blank=True, default="", db_default="")
    authorization_details = models.TextField(_("authorization details"), blank=True, default="", db_default="")
    created = models.DateTimeField(_("since"), auto_now_add=True)
    updated = models.DateTimeField(_("last given"), auto_now=True)

    objects = ConsentQuerySet.as_manager()

    class Meta:
        """Asked by person and client at every authorization; gone with its client by the foreign key's index."""

        verbose_name = _("consent")
        verbose_name_plural = _("consents")
        constraints = [models.UniqueConstraint(fields=["user", "client"], name="oauth_consent_once")]

    def __str__(self) -> str:
        """Name whom and what."""
        return f"{self.user_id} {self.client_id}"
