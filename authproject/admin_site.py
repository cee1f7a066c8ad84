"""Our AdminSite: it never shows Django's own password form, and outside of debugging demands two factors."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _


class AuthAdminSite(admin.AdminSite):
    """The administration. Whom it lets in is decided by accounts.services.admin_access."""

    site_header = site_title = _("Administration")
    index_title = _("People, clients, keys")
