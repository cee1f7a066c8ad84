"""The installed app of the revocation feed."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RevocationConfig(AppConfig):
    """Revocations."""

    name = "trust.revocation"
    label = "revocation"
    verbose_name = _("Revocations")
