"""The installed app of the outgoing mail."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MailConfig(AppConfig):
    """Outgoing mail."""

    name = "trust.mail"
    label = "mail"
    verbose_name = _("Outgoing mail")
