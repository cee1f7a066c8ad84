"""Statements that are compiled once: what they find, and how they fail, is the ORM's."""

import asyncio
import uuid

import pytest
from django.contrib.auth.models import Group
from django.core.exceptions import SynchronousOnlyOperation, ValidationError
from django.db import DatabaseError, connection
from django.db.models import CharField, F, UUIDField, Value
from django.db.models.functions import Upper
from django.test.utils import CaptureQueriesContext

from accounts.models import Session, User
from tests.at_once import at_once
from trust.lib.compiled import CompiledQuery

pytestmark = pytest.mark.django_db

ANYBODY = CompiledQuery(User.objects.by_id, UUIDField())


def test_finds_the_very_row_that_the_orm_finds(make_person):
    make_person("bob")
    alice = make_person("alice")
    User.objects.by_id(alice.pk).update(attributes={"department": ["é", None]}, name="Alice 'L' %s")
    found, expected = ANYBODY.find(alice.pk), User.objects.get(pk=alice.pk)
    assert (type(found), found) == (User, expected)
    fields = [field.attname for field in User._meta.concrete_fields]
    assert [getattr(found, name) for name in fields] == [getattr(expected, name) for name in fields]
    assert (found._state.adding, found._state.db, found.get_deferred_fields()) == (False, "default", set())


def test_what_it_found_can_be_changed_and_saved(person):
    found = ANYBODY.find(person.pk)
    found.name = "Someone else"
    found.save()
    person.refresh_from_db()
    assert person.name == "Someone else"


@pytest.mark.parametrize("form", [str, "{{{}}}".format, lambda user_id: user_id.urn, lambda user_id: user_id.hex])
def test_takes_a_value_in_each_form_that_its_field_takes(form, person):
    assert ANYBODY.find(form(person.pk)) == person


def test_finds_nothing_where_there_is_nothing(person):
    assert ANYBODY.find(uuid.uuid4()) is None
    assert ANYBODY.find(None) is None


def test_refuses_a_value_that_is_none_of_the_fields(person):
    with pytest.raises(ValidationError):
        ANYBODY.find("alice")


def test_is_one_statement_and_compiled_once(person):
    made = []

    def make(user_id):
        made.append(user_id)
        return User.objects.by_id(user_id)

    query = CompiledQuery(make, UUIDField())
    with CaptureQueriesContext(connection) as seen:
        assert [query.find(person.pk), query.find(person.pk)] == [person, person]
    assert (len(seen), len(made)) == (2, 1)


def test_annotations_come_with_the_row(person):
    person.groups.set([Group.objects.create(name=name) for name in "ba"])
    told = CompiledQuery(lambda user_id: User.objects.by_id(user_id).as_told(verified=True, roles=True), UUIDField())
    found = told.find(person.pk)
    assert (found.told_verified, found.told_roles) == (True, ["a", "b"])


def test_several_values_stand_where_they_belong(make_person):
    alice, _bob = make_person("alice"), make_person("bob")

    def make(name, user_id):
        named = User.objects.alias(upper=Upper("username")).annotate(constant=Value("%s"), again=F("email"))
        return named.by_id(user_id).filter(upper=Upper(name))

    query = CompiledQuery(make, CharField(), UUIDField())
    assert query.find("aLice", alice.pk) == alice
    assert query.find("bob", alice.pk) is None
    found = query.find("alice", str(alice.pk))
    assert (found.constant, found.again) == ("%s", "alice@example.com")


def test_related_rows_are_not_for_it(person):
    query = CompiledQuery(lambda sid: Session.objects.select_related("user").by_id(sid), UUIDField())
    with pytest.raises(TypeError, match="related"):
        query.find(uuid.uuid4())


def test_an_event_loop_may_not_ask(person):
    async def ask():
        return ANYBODY.find(person.pk)

    with pytest.raises(SynchronousOnlyOperation):
        asyncio.run(ask())


def test_errors_are_djangos(person):
    broken = CompiledQuery(lambda user_id: User.objects.by_id(user_id).extra(where=["no_such_column = 1"]), UUIDField())
    with pytest.raises(DatabaseError):
        broken.find(person.pk)


@pytest.mark.django_db(transaction=True)
def test_each_thread_asks_by_a_connection_of_its_own(make_person):
    alice = make_person("alice")
    query = CompiledQuery(User.objects.by_id, UUIDField())
    assert at_once(4, lambda: query.find(alice.pk)) == [alice] * 4
