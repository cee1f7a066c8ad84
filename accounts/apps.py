"""The installed app of people."""

from typing import Final

from django.apps import AppConfig, apps
from django.utils.translation import gettext_lazy as _

PROVIDE_STAFF_GROUPS: Final = "accounts.provide_staff_groups"


class AccountsConfig(AppConfig):
    """People and their sessions."""

    name = "accounts"
    verbose_name = _("Accounts")

    def ready(self) -> None:
        """Hand SimpleJWT our key ring, receive the libraries' signals, register the checks."""
        from django.db.models.signals import post_migrate

        from accounts import checks, receivers  # noqa: F401
        from accounts.api.token_backend import install

        install()
        # After all others, when every app's permissions are there.
        last = [config for config in apps.get_app_configs() if config.models_module is not None][-1]
        post_migrate.connect(receivers.provide_staff_groups, sender=last, dispatch_uid=PROVIDE_STAFF_GROUPS)
