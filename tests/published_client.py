"""A client that publishes what it is (client ID metadata document): its web site on loopback, and its program."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

import pytest

from oauth.models import Client
from oauth.services import client_documents
from tests.clients import CALLBACK, Application
from tests.conformance.plans.client_site import ClientSite

PATH = "/agent.json"


class PublishedClient(Application):
    """A public client's program, whose client_id is the address of its document."""

    def __init__(self, site: ClientSite, path: str = PATH) -> None:
        self.site, self.path = site, path
        super().__init__(Client(client_id=f"{site.url}{path}", client_type="public", redirect_uris=CALLBACK))

    @property
    def client_id(self) -> str:
        return self.client.client_id

    @property
    def row(self) -> Client:
        """What stands of it here."""
        return Client.objects.get(client_id=self.client_id)

    def publish(self, *, max_age: int = 3600, **changed: Any) -> None:
        """Publish the document, with changes; None takes a member away. We look at it again when it must be."""
        document = {
            "client_id": self.client_id,
            "client_name": "The Agent",
            "redirect_uris": [CALLBACK],
            "grant_types": ["authorization_code", "refresh_token"],
            "response_types": ["code"],
            "token_endpoint_auth_method": "none",
        } | changed
        said = {name: value for name, value in document.items() if value is not None}
        self.site.publish(self.path, said, cache_control=f"max-age={max_age}")
        forget_fetched()

    def authorize_url(self, **changed: Any) -> str:
        """Return the address of an authorization request."""
        return f"/oauth/authorize?{urlencode(self.parameters(**changed))}"

    @property
    def looked_up(self) -> int:
        """How often we fetched its document."""
        return len(self.site.received(self.path))


def forget_fetched() -> None:
    """Let no pause hold between two fetches: as if some seconds had passed."""
    client_documents._client_metadata._kept.clear()


@pytest.fixture
def agents(settings: Any, db: None) -> Iterator[ClientSite]:
    """A site of clients that publish what they are, where such are let in."""
    settings.AGENT_CLIENTS = settings.OUTBOUND_ALLOW_PRIVATE = True
    forget_fetched()
    with ClientSite() as running:
        yield running


@pytest.fixture
def agent(agents: ClientSite) -> PublishedClient:
    """One that has published."""
    client = PublishedClient(agents)
    client.publish()
    return client
