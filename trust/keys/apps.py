"""The installed app of the signing keys."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class KeysConfig(AppConfig):
    """Signing keys."""

    name = "trust.keys"
    label = "keys"
    verbose_name = _("Signing keys")
