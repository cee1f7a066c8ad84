"""The installed app of people."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    """People and their sessions."""

    name = "accounts"
    verbose_name = _("Accounts")

    def ready(self) -> None:
        """Hand SimpleJWT our key ring, receive the libraries' signals, register the checks."""
        from accounts import checks, receivers  # noqa: F401
        from accounts.api.token_backend import install

        install()
