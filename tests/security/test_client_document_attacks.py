"""Attacks by and on clients that publish what they are (client ID metadata documents)."""

import time
from datetime import timedelta
from itertools import count
from urllib.parse import urlsplit

import pytest
from django.test import Client as Browser

from oauth.conf import CLIENT_DOCUMENT_BY_ADDRESS, MOST_WAITING_FOR_CLIENTS, UNUSED_PUBLISHED_CLIENTS_KEPT
from oauth.models import AuthorizationCode, Client, Consent
from oauth.protocol import client_id_discovery, client_id_document
from oauth.services import client_documents, client_review, housekeeping, published_clients, registration
from tests.at_once import at_once
from tests.clients import CALLBACK, Application, answer_of, make_client, post_form
from tests.explained import last_explained
from tests.loopback import Server, saying
from tests.oauth.grants import change
from tests.published_client import PublishedClient, forget_fetched
from trust.audit.models import AuditEvent
from trust.lib import clock, fetch_connection
from trust.lib.origin import Origin
from trust.limits.conf import RatePolicy

pytestmark = pytest.mark.django_db

LOCAL = "http://localhost:33418/callback"


def found() -> str:
    """What staff read of the last refusal."""
    return last_explained().finding


def ask(client_id, **more):
    query = {"response_type": "code", "client_id": client_id, "redirect_uri": CALLBACK, **more}
    return Browser().get("/oauth/authorize", query)


def expire(client):
    change(client, cimd_expires_at=clock.now() - timedelta(seconds=1))
    forget_fetched()


# --- What we are made to fetch -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "address",
    ["127.0.0.1", "10.0.0.1", "169.254.169.254", "192.168.1.1", "::1", "fd00::1", "::ffff:10.0.0.1", "64:ff9b::7f00:1"],
)
def test_a_name_that_leads_inside_is_not_followed(agents, settings, monkeypatch, address):
    """SSRF by a name of the attacker's; also where one of its addresses is public."""
    settings.OUTBOUND_ALLOW_PRIVATE = False
    asked = []

    def resolve(host, port):
        asked.append(host)
        return ["1.1.1.1", address]

    network = fetch_connection.Network(resolve=resolve)
    monkeypatch.setattr(
        client_documents._client_metadata, "_get", lambda url: client_documents._fetch_metadata(url, network=network)
    )
    assert ask("https://inside.evil.example/agent.json").status_code == 400
    assert len(asked) == 1
    assert found() == "client_document_unreachable"


@pytest.mark.parametrize(
    "client_id",
    [
        "https://127.0.0.1/agent.json",
        "https://[::1]/agent.json",
        "https://[::ffff:7f00:1]/agent.json",
        "https://2130706433/agent.json",
        "https://0x7f.1/agent.json",
        "https://127.1/agent.json",
        "https://localhost/agent.json",
        "https://intranet/agent.json",
        "http://app.example/agent.json",
        "http://127.0.0.1:8000/agent.json",
        "https://app.example:22/agent.json",
        "https://app.example:99999/agent.json",
        "https://app.example:/agent.json",
        "https://user@app.example/agent.json",
        "https://user:secret@app.example/agent.json",
        "https://app.example\\@evil.example/agent.json",
        "https://app.example#@evil.example/agent.json",
        "https://app.example/agent.json#fragment",
        "https://app.example",
        "https://app.example?agent.json",
        "https://app.example/agent.json?id=1",
        "https://app.example/agent.json?",
        "https://app.example/./agent.json",
        "https://app.example/a/../agent.json",
        "https://app.example/a/%2e%2E/agent.json",
        "https://app.example/a/.%2e",
        "https://app.example/agent json",
        "https://app.exämple/agent.json",
        "https://app.example./agent.json",
        "https://.example/agent.json",
        "https:///agent.json",
        "https://testserver.example:443/agent.json",
        f"https://app.example/{'a' * 300}",
        "https://app.example/\x00",
        "https://app.example/\r\nHost:evil.example",
    ],
)
def test_nothing_is_fetched_for_an_id_that_is_no_plain_address(agents, settings, monkeypatch, client_id):
    settings.OUTBOUND_ALLOW_PRIVATE = False
    monkeypatch.setattr(client_documents, "client_metadata", lambda _: pytest.fail("it was fetched"))
    assert ask(client_id).status_code == 400
    assert not Client.objects.exists()


def test_a_redirect_to_a_good_document_is_not_followed(agent):
    agent.site.publish("/moved", "", status="302 Found", location=f"{agent.site.url}{agent.path}")
    assert PublishedClient(agent.site, "/moved").authorize().status_code == 400
    assert agent.looked_up == 0


def test_a_secret_in_the_place_of_an_id_is_not_kept(agents):
    assert ask("https://app.example/agent.json?client_secret=a-long-secret-of-somebody").status_code == 400
    kept = last_explained()
    assert (kept.finding, kept.client_id, kept.came) == ("client_id_unusable", "", "")


def test_our_own_pages_are_no_documents(agents, settings):
    settings.ISSUER = agents.url
    client = PublishedClient(agents)
    client.publish()
    assert client.authorize().status_code == 400
    assert (client.looked_up, found()) == (0, "client_id_unusable")


def test_a_slow_site_holds_a_request_for_seconds_and_few_at_once(agents, monkeypatch):
    slow = client_documents.Limits(total=0.5)
    get = client_documents.fetch
    monkeypatch.setattr(client_documents._client_metadata, "_get", lambda url: get(url, limits=slow))

    def drip(connection, request):
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n")
        for _ in range(20):
            time.sleep(0.2)
            connection.sendall(b" ")

    with Server(drip) as server:
        began = time.monotonic()
        numbers = count()
        outcomes = at_once(
            MOST_WAITING_FOR_CLIENTS + 4, lambda: _kind(f"http://127.0.0.1:{server.port}/{next(numbers)}")
        )
        assert time.monotonic() - began < 5
    assert outcomes.count("Busy") == 4
    assert set(outcomes) == {"Busy", "FetchFailed"}


def _kind(url):
    try:
        client_documents.client_metadata(url)
    except Exception as refused:
        return type(refused).__name__
    return "fetched"


def test_a_huge_document_is_not_read_to_its_end(agent):
    with Server(saying(b" " * 1_000_000)) as server:
        assert ask(f"http://127.0.0.1:{server.port}/huge").status_code == 400
    assert found() == "client_document_unreachable"


@pytest.mark.parametrize("limit", ["CLIENT_DOCUMENT_BY_ADDRESS", "CLIENT_DOCUMENT_BY_HOST"])
def test_a_stranger_has_few_documents_fetched(agents, monkeypatch, limit):
    """A flood of new ids: beyond the limit nothing is fetched and no row is made."""
    assert CLIENT_DOCUMENT_BY_ADDRESS.attempts <= 100
    monkeypatch.setattr(client_id_discovery, limit, RatePolicy("few", attempts=3, window=10**9))
    for number in range(3):
        assert ask(f"{agents.url}/{number}").status_code == 400
    assert ask(f"{agents.url}/more").status_code == 429
    assert agents.received("/more") == []
    plain = make_client("plain")
    assert ask(plain.client_id).status_code == 303, "what other clients ask costs none of it"


def test_the_token_endpoint_fetches_nothing(agent, person):
    for path in ("/oauth/token", "/oauth/introspect", "/oauth/revoke"):
        form = {"grant_type": "authorization_code", "client_id": agent.client_id, "code": "x", "token": "x"}
        assert post_form(path, form).status_code == 401
    agent.sign_in(person.username)
    code = agent.code()
    expire(agent.row)
    assert agent.exchange(code).status_code == 200
    assert agent.looked_up == 1


def test_rows_that_nobody_uses_are_few(agents, monkeypatch):
    monkeypatch.setattr(published_clients, "MOST_UNUSED_PUBLISHED_CLIENTS", 3)
    for number in range(6):
        client = PublishedClient(agents, f"/{number}")
        client.publish()
        assert client.authorize().status_code == 303
    assert set(Client.objects.values_list("client_id", flat=True)) == {f"{agents.url}/{number}" for number in (3, 4, 5)}


def test_what_nobody_used_for_a_day_goes_and_what_staff_decided_stays(agents, person):
    made = {name: PublishedClient(agents, f"/{name}") for name in ("unused", "used", "reviewed", "shut-out", "new")}
    for client in made.values():
        client.publish()
        client.authorize()
    Consent.objects.create(user=person, client=made["used"].row, scope="openid")
    change(made["reviewed"].row, reviewed=True)
    registration.disable(client_pk=made["shut-out"].row.pk)
    for name, client in made.items():
        if name != "new":
            change(client.row, created=clock.now() - UNUSED_PUBLISHED_CLIENTS_KEPT - timedelta(seconds=1))
    assert housekeeping.clear(now=clock.now())["published_clients"] == 1
    left = {client_id.rpartition("/")[2] for client_id in Client.objects.values_list("client_id", flat=True)}
    assert left == set(made) - {"unused"}


# --- Whose document it is ----------------------------------------------------------------------------------


@pytest.mark.parametrize("said", ["https://good.example/agent.json", "", None, "/agent.json", ["x"]])
def test_a_document_of_another_id_is_nobodys(agent, said):
    agent.publish(client_id=said)
    assert agent.authorize().status_code == 400
    assert found() == "client_document_refused"
    assert last_explained().client_id == agent.client_id
    assert not Client.objects.exists()


def test_an_id_has_one_spelling(agent):
    """Who is shut out by one does not come back by another; nor does a document speak for two."""
    agent.authorize()
    registration.disable(client_pk=agent.row.pk)
    origin, port = agent.site.url, agent.site.url.rpartition(":")[2]
    for other in (
        f"HTTP://127.0.0.1:{port}{agent.path}",
        f"http://127.0.0.1:0{port}{agent.path}",
        f"http://127.1:{port}{agent.path}",
        f"http://LOCALHOST:{port}{agent.path}",
        f"{origin}/x/..{agent.path}",
        f"{origin}{agent.path}?",
        f"{origin}{agent.path}#",
        f" {agent.client_id}",
        f"{agent.client_id}\x00",
        f"{origin}/%61gent.json",
    ):
        agent.site.publish("/%61gent.json", {"client_id": agent.client_id, "redirect_uris": [CALLBACK]})
        assert ask(other).status_code == 400, other
    assert Client.objects.count() == 1


def test_a_disabled_client_does_not_come_back_by_what_it_publishes(agent, person):
    agent.sign_in(person.username)
    tokens = agent.tokens(scope="openid offline_access")
    registration.disable(client_pk=agent.row.pk)
    expire(agent.row)
    agent.publish(client_name="Another Agent")
    assert agent.authorize().status_code == 400
    assert agent.refresh(tokens["refresh_token"]).status_code == 401
    assert (agent.row.is_active, agent.row.name, agent.looked_up) == (False, "The Agent", 1)
    registration.enable(client_pk=agent.row.pk)
    assert agent.authorize().status_code == 200
    assert agent.row.name == "Another Agent"


def test_a_client_of_staff_with_a_url_for_an_id_is_never_looked_up(agent, person):
    """Who has the domain has not the client that staff made of that id."""
    made = make_client(agent.client_id, public=True, redirect_uris="https://staff.example/callback")
    assert agent.authorize().status_code == 400
    application = Application(made)
    application.sign_in(person.username)
    assert application.tokens()["access_token"]
    registration.disable(client_pk=made.pk)
    assert agent.authorize().status_code == 400
    made.refresh_from_db()
    assert (agent.looked_up, made.registration_source, made.is_active) == (0, "manual", False)


def test_a_client_of_staff_was_not_made_over_by_a_document_meanwhile(agent):
    """Two at once: the document was being fetched when staff made the client."""
    make_client(agent.client_id, redirect_uris="https://staff.example/callback")
    described = client_documents.client_metadata(agent.client_id)
    metadata = client_id_document.described(described.members, client_id=agent.client_id)
    put = {"client_id": agent.client_id, "metadata": metadata, "seconds": 300, "origin": Origin()}
    published_clients.put(before=None, **put)
    published_clients.put(before=metadata, **put)
    row = Client.objects.get()
    assert (row.registration_source, row.redirect_uris) == ("manual", "https://staff.example/callback")


def test_it_gives_itself_no_policy(agent, person):
    agent.publish(
        x_skip_consent=True,
        x_reviewed=True,
        x_introspects="all",
        x_roles=["administrator"],
        x_profile="fapi2",
        x_token_exchange="impersonation",
        x_global_token_revocation=True,
        scope="openid roles admin",
        registration_source="manual",
        is_active=True,
    )
    agent.sign_in(person.username)
    assert agent.authorize(scope="openid").status_code == 200
    row = agent.row
    assert (row.skip_authorization, row.reviewed, row.introspects, row.token_exchange) == (False, False, "none", "none")
    assert (row.may_revoke_subjects, row.roles.exists(), row.scopes, row.registration_source) == (
        False,
        False,
        "openid",
        "cimd",
    )


# --- What people are shown and asked ------------------------------------------------------------------------


def test_an_impostor_of_a_known_name_is_shown_with_its_own_host(agent, person):
    make_client("good", name="Good Files")
    agent.publish(client_name="Good Files", redirect_uris=["https://evil.example/callback"])
    agent.sign_in(person.username)
    page = agent.authorize(redirect_uri="https://evil.example/callback").content.decode()
    assert f"<strong>{urlsplit(agent.client_id).netloc}</strong>" in page
    assert "<strong>evil.example</strong>" in page
    signing_in = Browser().get(agent.authorize_url(redirect_uri="https://evil.example/callback"), follow=True)
    assert "Good Files (127.0.0.1)" in signing_in.content.decode()


@pytest.mark.parametrize("redirect_uri", [CALLBACK, LOCAL])
def test_consent_is_not_remembered_of_a_client_that_nobody_looked_at(agent, person, redirect_uri):
    """Whoever has the domain today may be another than the one whom the person allowed; or it is a local program."""
    agent.publish(redirect_uris=[CALLBACK, LOCAL])
    agent.redirect_uri = redirect_uri
    agent.sign_in(person.username)
    agent.tokens()
    assert agent.authorize().status_code == 200
    assert answer_of(agent.authorize(prompt="none"))["error"] == "consent_required"


def test_a_reviewed_one_is_remembered_until_its_document_changes(agent, person):
    agent.sign_in(person.username)
    agent.tokens()
    client_review.mark_reviewed(client_pk=agent.row.pk, actor=person.pk, origin=Origin())
    assert "code" in answer_of(agent.authorize())
    expire(agent.row)
    agent.publish()
    assert "code" in answer_of(agent.authorize())
    expire(agent.row)
    agent.publish(client_uri="https://app.example/new")
    assert agent.authorize().status_code == 200
    assert not agent.row.reviewed


def test_a_local_redirect_is_asked_about_even_of_a_reviewed_one(agent, person):
    agent.publish(redirect_uris=[LOCAL])
    agent.redirect_uri = LOCAL
    agent.sign_in(person.username)
    agent.tokens()
    client_review.mark_reviewed(client_pk=agent.row.pk, actor=person.pk, origin=Origin())
    assert agent.authorize().status_code == 200


def test_a_document_swapped_while_the_page_is_read_is_judged_anew(agent, person):
    agent.sign_in(person.username)
    assert agent.authorize().status_code == 200
    expire(agent.row)
    agent.publish(redirect_uris=["https://evil.example/callback"])
    assert agent.decide().status_code == 400
    assert not AuthorizationCode.objects.exists()


def test_a_document_swapped_between_code_and_token_kills_the_code(agent, person):
    agent.sign_in(person.username)
    code = agent.code()
    expire(agent.row)
    agent.publish(redirect_uris=["https://evil.example/callback"])
    ask(agent.client_id, redirect_uri="https://evil.example/callback")
    assert agent.exchange(code).json()["error"] == "invalid_grant"
    assert AuditEvent.objects.of_action("client.changed").exists()


def test_names_cannot_break_out_of_the_page(agent, person):
    agent.publish(client_name="<script>alert(1)</script>")
    agent.sign_in(person.username)
    assert "<script>alert" not in agent.authorize().content.decode()
    agent.publish(client_name="good\u202eelif")
    expire(agent.row)
    change(agent.row, cimd_expires_at=clock.now() - timedelta(days=2))
    assert agent.authorize().status_code == 400
