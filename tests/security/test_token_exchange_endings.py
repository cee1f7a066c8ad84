"""What ends the token that was exchanged ends the one that came of it, and whatever came of that (RFC 8693)."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Group

from accounts.services import people, sessions
from oauth.models import Client
from oauth.services import access_tokens, grants, registration
from tests import bearer
from tests.clients import SECRET, basic, post_form
from tests.exchanging import STOCK, app_of, exchanged, set_up, token_for_orders
from trust.lib import clock
from trust.lib.origin import Origin
from trust.tokens.access_token import mint

pytestmark = pytest.mark.django_db


@pytest.fixture
def app_(person):
    set_up()
    return app_of(person)


def is_live(token: str, client_id: str = "stock") -> bool:
    told = post_form("/oauth/introspect", {"token": token}, authorization=basic(client_id, SECRET)).json()
    assert told["active"] or told == {"active": False}
    return bool(told["active"])


@pytest.mark.parametrize("how", ["grant", "session", "token", "app", "api", "person", "roles"])
def test_what_ends_the_old_token_ends_the_new_one(app_, person, how):
    subject = token_for_orders(app_)
    new = exchanged(subject, resource=STOCK)["access_token"]
    newest = exchanged(new, resource=STOCK)["access_token"]
    assert is_live(new)
    assert is_live(newest)
    bearer.wait_a_moment()
    END[how](subject, person)
    assert not is_live(new)
    assert not is_live(newest)


def _pk(client_id: str) -> int:
    return Client.objects.get(client_id=client_id).pk


END = {
    "grant": lambda subject, person: grants.revoke_app(user_id=person.pk, client_pk=_pk("app"), origin=Origin()),
    "session": lambda subject, person: sessions.end_all(user=person, reason="signed_out"),
    "token": lambda subject, person: access_tokens.revoke(access_tokens.read_issued(subject, now=clock.now())),
    "app": lambda subject, person: registration.disable(client_pk=_pk("app")),
    "api": lambda subject, person: registration.disable(client_pk=_pk("orders")),
    "person": lambda subject, person: people.deactivate(user=person, actor=None, origin=Origin()),
    "roles": lambda subject, person: person.groups.add(Group.objects.create(name="more")),
}


def test_a_token_that_is_exchanged_while_the_news_is_on_its_way_dies_all_the_same(app_, person):
    subject = token_for_orders(app_)
    bearer.wait_a_moment()
    read = access_tokens.read_issued(subject, now=clock.now())
    revoked = access_tokens.read_issued(exchanged(subject, resource=STOCK)["access_token"], now=clock.now())
    assert revoked.exchanged_from[0].jti == read.jti
    registration.disable(client_pk=_pk("app"))
    # Made a moment after the app was shut out, by a process that had not heard.
    late = mint(revoked._replace(jti="", issued_at=None, expires_at=None), now=clock.now() + timedelta(seconds=2)).value
    assert not is_live(late)
