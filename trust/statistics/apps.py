"""The installed app of the counts by time."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class StatisticsConfig(AppConfig):
    """Counts by minute, hour and day."""

    name = "trust.statistics"
    label = "statistics"
    verbose_name = _("Statistics")
