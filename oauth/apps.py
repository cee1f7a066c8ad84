"""The installed app of OAuth clients."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OAuthConfig(AppConfig):
    """OAuth and OpenID Connect."""

    name = "oauth"
    verbose_name = _("OAuth and OpenID Connect")

    def ready(self) -> None:
        """Let drf-spectacular know our authentication class."""
        from oauth.api import openapi  # noqa: F401
