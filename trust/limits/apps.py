"""The installed app of the counters."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class LimitsConfig(AppConfig):
    """Rate limits."""

    name = "trust.limits"
    label = "limits"
    verbose_name = _("Rate limits")
