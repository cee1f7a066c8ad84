"""A provider named corp, which is trusted with the addresses of corp.example, and a visitor from it."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.accounts.external.issuer import Issuer, Visitor

Configure = Callable[..., None]


@pytest.fixture
def configure(settings: Any) -> Configure:
    """Configure providers by their entries of OIDC_PROVIDERS."""

    def put(*apps: dict[str, Any]) -> None:
        by_class = settings.SOCIALACCOUNT_PROVIDERS["openid_connect"] | {"APPS": list(apps)}
        settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": by_class}
        settings.OUTBOUND_ALLOW_PRIVATE = True

    return put


@pytest.fixture
def issuer(configure: Configure) -> Iterator[Issuer]:
    """The provider corp."""
    with Issuer() as running:
        configure(running.app(trusted_domains=["corp.example"]))
        yield running


@pytest.fixture
def visitor(issuer: Issuer, db: None) -> Visitor:
    """Bob, who has an account at corp and none here."""
    return Visitor(issuer)
