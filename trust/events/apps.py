"""The installed app of the security events."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class EventsConfig(AppConfig):
    """Security events."""

    name = "trust.events"
    label = "events"
    verbose_name = _("Security events")
