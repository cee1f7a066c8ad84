"""The installed app of the audit trail."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AuditConfig(AppConfig):
    """Audit trail."""

    name = "trust.audit"
    label = "audit"
    verbose_name = _("Audit trail")
