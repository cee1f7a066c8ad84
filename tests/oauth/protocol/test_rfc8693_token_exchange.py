"""What an exchange costs, what staff read of those that were refused, and what people read of those that were not."""

import pytest
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext

from oauth.services import clients
from tests.clients import SECRET, basic, post_form
from tests.exchanging import (
    ACCESS_TOKEN,
    ORDERS,
    STOCK,
    app_of,
    exchange,
    exchanged,
    make_api,
    own_token,
    put,
    set_up,
    token_for_orders,
)
from tests.explained import last_explained
from trust.explain.vocabulary import Found
from trust.lib.remembered import FRESH_SECONDS
from trust.revocation.conf import REFRESH_AFTER_SECONDS
from trust.revocation.feed import feed

pytestmark = pytest.mark.django_db
_OF_TRANSACTIONS = {"BEGIN", "SAVEPOINT", "RELEASE", "COMMIT", "ROLLBACK"}


@pytest.fixture
def subject(person):
    set_up()
    return token_for_orders(app_of(person))


def test_it_asks_for_the_person_and_whom_the_clients_admit_and_writes_one_event(subject):
    feed.refresh_after, clients.memory.fresh_for = REFRESH_AFTER_SECONDS, FRESH_SECONDS
    exchanged(subject, resource=STOCK)
    with CaptureQueriesContext(connection) as seen:
        exchanged(subject, resource=STOCK)
    statements = [query["sql"] for query in seen if query["sql"].split()[0] not in _OF_TRANSACTIONS]
    assert [sql.split()[0] for sql in statements] == ["SELECT", "SELECT", "INSERT"]
    assert "audit_auditevent" in statements[-1]


def test_staff_read_what_was_found(subject, person):
    make_api("stranger")
    make_api("unlet", policy="none")
    put(ORDERS, "orders", "stock", client_id="orders")
    for found, changed in (
        (Found.EXCHANGE_NOT_ALLOWED, {"client_id": "unlet"}),
        (Found.EXCHANGED_NOT_MEANT, {"client_id": "stranger"}),
        (Found.EXCHANGED_NOT_LIVE, {"subject_token": f"{subject}x"}),
        (Found.EXCHANGED_NOT_LIVE, {"subject_token": own_token(resource=ORDERS)}),
        (Found.ACTOR_NOT_ALLOWED, {"actor_token": subject, "actor_token_type": ACCESS_TOKEN}),
        (Found.VALUE_UNSUPPORTED, {"requested_token_type": "x"}),
        (Found.TARGET_UNKNOWN, {"resource": "https://nobody.example"}),
        (Found.TARGETS_TOO_MANY, {"audience": "orders"}),
        (Found.SCOPE_NOT_ALLOWED, {"scope": "orders"}),
    ):
        answer = exchange(**({"subject_token": subject, "resource": STOCK} | changed))
        assert answer.status_code == 400
        assert last_explained().finding == found, changed
        assert subject not in str(vars(last_explained()))


def test_the_person_reads_of_it_among_their_activity(subject, person):
    exchanged(subject, resource=STOCK)
    browser = Browser()
    browser.force_login(person)
    page = browser.get("/accounts/activity/").content.decode()
    assert "An application had another one do something for you." in page


def test_introspection_tells_the_api_who_acts(subject):
    new = exchanged(subject, resource=STOCK)["access_token"]
    told = post_form("/oauth/introspect", {"token": new}, authorization=basic("stock", SECRET)).json()
    assert (told["active"], told["client_id"], told["act"]) == (True, "orders", {"sub": "orders"})
