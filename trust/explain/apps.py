"""The installed app of the explanations."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ExplainConfig(AppConfig):
    """Why requests were refused."""

    name = "trust.explain"
    label = "explain"
    verbose_name = _("Explanations")
