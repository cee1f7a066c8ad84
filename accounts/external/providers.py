"""External providers that are kept in the table, put there by scripts; the administration has a form for them."""

from collections.abc import Mapping
from typing import Any

from allauth.socialaccount.models import SocialApp
from django.db import transaction

from accounts.external import secret as provider_secret
from trust.audit.record import record

_KIND = "openid_connect"


def standing() -> dict[str, SocialApp]:
    """Return the providers of the table by their ids."""
    return {app.provider_id: app for app in SocialApp.objects.order_by("provider_id")}


@transaction.atomic
def put(*, provider_id: str, name: str, client_id: str, settings: Mapping[str, Any], secret: str | None) -> None:
    """Make a provider, or change the one of this id, checked before; without a secret the old one stays.

    A new one must come with its secret.
    """
    app = standing().get(provider_id)
    action = "provider.created" if app is None else "provider.changed"
    app = app or SocialApp(provider=_KIND, provider_id=provider_id)
    app.name, app.client_id, app.settings = name, client_id, dict(settings)
    if secret is not None:
        app.secret = provider_secret.sealed(secret)
    app.save()
    record(action, details={"provider_id": provider_id, "client_id": client_id, "settings": dict(settings)})


@transaction.atomic
def delete(*, provider_id: str) -> None:
    """Delete a provider; people who signed in by it need another way."""
    standing()[provider_id].delete()
    record("provider.deleted", details={"provider_id": provider_id})
