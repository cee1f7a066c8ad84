"""One live server for the tests of a module, with Alice and Bob; each test has clients and browsers of its own."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.core.management import call_command

from tests.conformance.plans.browser import Browser, Person
from tests.conformance.plans.client_keys import ClientKey
from tests.conformance.plans.client_site import ClientSite
from tests.conformance.plans.house import CALLBACK, House
from tests.conformance.plans.provider import Provider
from tests.conformance.plans.relying_party import RelyingParty
from tests.live_site import LiveSite, job_worker, live_site
from tests.signing_keys import put_back
from trust.keys.models import SigningKey

ENVIRONMENT = {"OUTBOUND_ALLOW_PRIVATE": "1", "RATE_LIMITS": "off", "DCR": "open", "DCR_PKCE": "optional"}
# A person who has told everything that there is a standard claim for.
ALICE = {
    "name": "Alice Pleasance Liddell",
    "given_name": "Alice",
    "family_name": "Liddell",
    "middle_name": "Pleasance",
    "nickname": "Al",
    "profile": "https://alice.example/",
    "picture": "https://alice.example/picture.png",
    "website": "https://blog.alice.example/",
    "gender": "female",
    "birthdate": "1852-05-04",
    "zoneinfo": "Europe/London",
    "locale": "en-GB",
    "phone_number": "+44 1865 276492",
    "phone_number_verified": True,
    "address": {
        "street_address": "Christ Church", "locality": "Oxford", "region": "Oxfordshire",
        "postal_code": "OX1 1DP", "country": "United Kingdom",
    },
    "groups": ["readers"],
}  # fmt: skip

NewBrowser = Callable[..., Browser]
NewClient = Callable[..., RelyingParty]


@pytest.fixture
def _django_db_helper(django_db_setup: list[SigningKey], django_db_blocker: Any) -> Iterator[None]:
    """Instead of pytest-django's, which empties every table after each test: here they share a server for a module."""
    with django_db_blocker.unblock():
        yield


@pytest.fixture(scope="module")
def site(django_db_setup: list[SigningKey], django_db_blocker: Any) -> Iterator[LiveSite]:
    """The server; at the end its tables are emptied, as after every test that commits."""
    with django_db_blocker.unblock():
        put_back(django_db_setup)
        with live_site(own_issuer=True, **ENVIRONMENT) as running:
            yield running
        call_command("flush", verbosity=0, interactive=False)


@pytest.fixture(scope="module")
def worker(site: LiveSite, django_db_blocker: Any) -> Iterator[None]:
    """The worker of the job queue, which delivers logout tokens."""
    with django_db_blocker.unblock(), job_worker(site, **ENVIRONMENT):
        yield


@pytest.fixture(scope="module")
def provider(site: LiveSite) -> Iterator[Provider]:
    """The provider as programs see it."""
    provider = Provider(site.url)
    yield provider
    provider.http.close()


@pytest.fixture(scope="module")
def house(site: LiveSite, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory) -> House:
    """Who makes people and clients."""
    return House(django_db_blocker.unblock, tmp_path_factory.mktemp("house"))


@pytest.fixture(scope="module")
def client_site() -> Iterator[ClientSite]:
    """The clients' own web server."""
    with ClientSite() as running:
        yield running


@pytest.fixture(scope="module")
def alice(house: House) -> Person:
    return house.person("alice", **ALICE)


@pytest.fixture(scope="module")
def bob(house: House) -> Person:
    return house.person("bob")


@pytest.fixture
def open_browser(site: LiveSite) -> Iterator[NewBrowser]:
    """Open browsers, for a person or with nobody before them."""
    opened: list[Browser] = []

    def open_one(person: Person | None = None) -> Browser:
        opened.append(Browser(site.url, person))
        return opened[-1]

    yield open_one
    for browser in opened:
        browser.close()


@pytest.fixture
def browser(open_browser: NewBrowser, alice: Person) -> Browser:
    """Alice's browser, not yet signed in."""
    return open_browser(alice)


@pytest.fixture
def response_mode() -> str:
    """How answers travel; modules run their tests a second time with form_post by parametrizing this."""
    return "query"


@pytest.fixture
def static_client(provider: Provider, house: House, response_mode: str) -> NewClient:
    """Register a client by hand, with these metadata."""
    asks = {} if response_mode == "query" else {"response_mode": response_mode}
    return lambda **metadata: RelyingParty(provider, house.client(**metadata), asks=asks)


@pytest.fixture
def rp(static_client: NewClient) -> RelyingParty:
    """A static client."""
    return static_client()


@pytest.fixture
def register(provider: Provider) -> NewClient:
    """Register a client over HTTP, with these metadata; `key` is what it authenticates or signs with."""

    def register_one(*, key: ClientKey | None = None, **metadata: Any) -> RelyingParty:
        defaults = {"client_name": "A Newcomer", "redirect_uris": [CALLBACK]}
        answer = provider.send_json("POST", provider.endpoint("registration"), defaults | metadata)
        assert answer.status_code == 201, answer.text
        registered = answer.json()
        return RelyingParty(provider, registered, method=registered["token_endpoint_auth_method"], key=key)

    return register_one
