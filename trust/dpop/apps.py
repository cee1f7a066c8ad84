"""The installed app of DPoP: what remembers which proofs were used."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DpopConfig(AppConfig):
    """DPoP."""

    name = "trust.dpop"
    label = "dpop"
    verbose_name = _("DPoP")
