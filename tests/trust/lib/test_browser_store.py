"""A copy of the table of browser sessions opens nothing: neither the cookie's value nor what is held is in it."""

import pytest
from asgiref.sync import async_to_sync
from django.contrib.sessions.models import Session as Row
from django.test import Client

from trust.lib.browser_store import SessionStore

pytestmark = pytest.mark.django_db


@pytest.fixture
def store() -> SessionStore:
    made = SessionStore()
    made["secret"] = "what a factor's app would know"
    made.create()
    return made


def test_what_is_put_in_comes_out(store):
    assert SessionStore(store.session_key)["secret"] == "what a factor's app would know"
    assert store.exists(store.session_key)


def test_neither_key_nor_content_is_in_the_table(store):
    row = str(Row.objects.values().get())
    assert store.session_key not in row
    assert "factor" not in row
    assert "secret" not in row


def test_what_stands_in_the_table_is_no_key(store):
    """The hash passed as the password: what was stolen from the database does not sign in."""
    assert SessionStore(Row.objects.get().session_key).load() == {}


def test_a_key_that_we_did_not_give_is_not_taken_over(client: Client):
    client.cookies["sessionid"] = "a" * 32
    client.get("/accounts/password/reset/key/1-set-password/")
    chosen = SessionStore("a" * 32)
    assert chosen.load() == {}
    assert chosen.session_key is None


def test_a_session_is_changed_in_place(store):
    again = SessionStore(store.session_key)
    again["more"] = 1
    again.save()
    assert Row.objects.count() == 1
    assert dict(SessionStore(store.session_key).items())["more"] == 1


def test_a_deleted_session_is_gone(store):
    SessionStore(store.session_key).delete()
    assert not Row.objects.exists()


def test_a_new_key_leaves_nothing_under_the_old_one(store):
    old = store.session_key
    store.cycle_key()
    assert store.session_key != old
    assert not store.exists(old)
    assert SessionStore(store.session_key)["secret"]


def test_one_sealed_by_a_key_that_is_gone_is_empty(store, settings):
    settings.SEALING_KEYS = ["another sealing key, as long as it has to be"]
    assert SessionStore(store.session_key).load() == {}


@pytest.mark.django_db(transaction=True)
def test_the_asynchronous_methods_keep_no_more(store):
    async def change() -> str:
        made = SessionStore()
        await made.aset("secret", "factor")
        await made.asave()
        assert await SessionStore(made.session_key).aget("secret") == "factor"
        assert await made.aexists(made.session_key)
        return str(made.session_key)

    key = async_to_sync(change)()
    assert key not in str(list(Row.objects.values()))
    async_to_sync(SessionStore(key).adelete)()
    assert Row.objects.count() == 1
