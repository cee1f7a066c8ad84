"""The installed app of the notary: it brings its commands."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NotaryConfig(AppConfig):
    """Notary of the audit trail."""

    name = "trust.notary"
    label = "notary"
    verbose_name = _("Notary")
