"""Servers of clients that keep us waiting: whoever named them, they keep few threads, and strangers seldom have us ask."""

import threading
import time

import pytest

from oauth.conf import MOST_WAITING_FOR_CLIENTS, REQUEST_URI_BY_ADDRESS
from oauth.services import client_documents
from tests.client_keys import ClientKey, assertion_claims
from tests.clients import Application, make_client, post_form
from tests.loopback import Server, saying
from tests.registration import register
from tests.request_objects import signing_client
from trust.lib.fetch import FetchFailed

pytestmark = pytest.mark.django_db
KEY = ClientKey("ES256", "slow")
ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"


class Tarpit:
    """A server that takes connections and answers nobody before `go_on`."""

    def __init__(self):
        self.go_on, self._threads = threading.Event(), []
        self._server = Server(lambda connection, request: self.go_on.wait(5))

    def __enter__(self):
        self._server.__enter__()
        self.url = f"http://127.0.0.1:{self._server.port}"
        return self

    def __exit__(self, *_):
        self.go_on.set()
        for thread in self._threads:
            thread.join()
        self._server.__exit__()

    def keep_waiting(self, fetch, number):
        """Have so many threads wait for addresses here."""
        self._threads = [threading.Thread(target=self._fetch, args=[fetch, i]) for i in range(number)]
        for thread in self._threads:
            thread.start()
        deadline = time.monotonic() + 5
        while self._server.connections < number and time.monotonic() < deadline:
            time.sleep(0.01)
        assert self._server.connections == number

    def _fetch(self, fetch, number):
        with pytest.raises(FetchFailed):
            fetch(f"{self.url}/{number}")


@pytest.fixture
def tarpit(settings):
    settings.OUTBOUND_ALLOW_PRIVATE = True
    with Tarpit() as running:
        yield running


def by_request_uri(tarpit):
    uri = f"{tarpit.url}/object"
    application = Application(signing_client(request_uris=uri))
    return application.browser.get("/oauth/authorize", {"client_id": "app", "request_uri": uri})


def by_jwks_uri(tarpit):
    keyed = {"token_endpoint_auth_method": "private_key_jwt", "client_secret": ""}
    make_client(jwks_uri=f"{tarpit.url}/keys", **keyed)
    form = {"grant_type": "client_credentials", "client_assertion_type": ASSERTION}
    return post_form("/oauth/token", form | {"client_assertion": KEY.sign(assertion_claims())})


def by_sector_identifier_uri(tarpit):
    return register(sector_identifier_uri=f"{tarpit.url}/sector")


@pytest.mark.parametrize(
    ("fetch", "ask"),
    [
        (client_documents.request_object, by_request_uri),
        (client_documents.key_set, by_jwks_uri),
        (client_documents.sector_redirect_uris, by_sector_identifier_uri),
    ],
)
def test_slow_servers_of_clients_do_not_keep_every_thread_waiting(tarpit, fetch, ask):
    tarpit.keep_waiting(fetch, MOST_WAITING_FOR_CLIENTS)
    begun = time.monotonic()
    answer = ask(tarpit)
    assert (answer.status_code, answer["Retry-After"]) == (503, "1")
    assert time.monotonic() - begun < 2


def test_one_address_has_us_ask_for_request_objects_only_so_often(settings, early_in_the_minute):
    settings.OUTBOUND_ALLOW_PRIVATE = settings.RATE_LIMITS = True
    with Server(saying(status="404 Not Found")) as server:
        uri = f"http://127.0.0.1:{server.port}/object"
        application = Application(signing_client(request_uris=uri))
        query = {"client_id": "app", "request_uri": uri}
        statuses = [
            application.browser.get("/oauth/authorize", query).status_code
            for _ in range(REQUEST_URI_BY_ADDRESS.attempts + 1)
        ]
        assert (set(statuses[:-1]), statuses[-1]) == ({303}, 429)
        assert server.connections == REQUEST_URI_BY_ADDRESS.attempts
