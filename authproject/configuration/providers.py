"""External providers that people sign in by, of the table; those of OIDC_PROVIDERS belong to the environment."""

from collections.abc import Mapping
from typing import Any, Final

from accounts.external import providers
from accounts.external import secret as provider_secret
from accounts.external.configuration import BadConfiguration, checked_provider
from authproject.configuration.section import Entry, WrongEntry, check_members

_MEMBERS: Final = {"provider_id": "", "name": "", "client_id": "", "settings": {}, "secret": ""}


class Providers:
    """The section of providers."""

    name = "providers"
    key = "provider_id"

    def standing(self, *, with_secrets: bool) -> list[Entry]:
        """Return the providers of the table."""
        return [_entry(app, with_secrets=with_secrets) for app in providers.standing().values()]

    def wanted(self, entry: Entry) -> Entry:
        """Return the provider as it would be; a new one needs its secret, an old one may keep it."""
        check_members(entry, _MEMBERS)
        if "secret" not in entry and entry["provider_id"] not in providers.standing():
            raise WrongEntry("secret: is missing, and a new provider needs it")
        try:
            checked_provider({"secret": "stays as it is"} | entry)
        except BadConfiguration as bad:
            raise WrongEntry(str(bad)) from bad
        return entry

    def put(self, entry: Entry) -> Mapping[str, str]:
        """Make the provider, or change it."""
        named: dict[str, Any] = {"secret": None} | entry
        providers.put(**named)
        return {}

    def is_spared(self, entry: Entry) -> bool:
        """None is."""
        return False

    def remove(self, key: str) -> None:
        """Delete the provider."""
        providers.delete(provider_id=key)


def _entry(app: Any, *, with_secrets: bool) -> Entry:
    secret = {"secret": provider_secret.of(app)} if with_secrets else {}
    named = {"provider_id": app.provider_id, "name": app.name, "client_id": app.client_id}
    return {**named, "settings": app.settings, **secret}
