"""A list of values as one column, on either engine."""

import pytest
from django.contrib.auth.models import Group
from django.db import connection
from django.db.models import F, OuterRef
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from trust.lib.subqueries import ListSubquery

pytestmark = pytest.mark.django_db

NAMES = ["a", "Zoo", 'with "quotes" and \\', "한글", "null", "7", "{curly, [square]}", "b"]


def with_groups(order):
    named = Group.objects.filter(user=OuterRef("pk")).order_by(order).values(one=F("name"))
    return User.objects.annotate(names=ListSubquery(named)).order_by("username")


def test_is_the_rows_of_each_as_one_list(make_person):
    alice, bob = make_person("alice"), make_person("bob")
    make_person("carol")
    alice.groups.set([Group.objects.create(name=name) for name in NAMES])
    bob.groups.set(Group.objects.filter(name__in=["a", "b"]))
    with CaptureQueriesContext(connection) as seen:
        found = list(with_groups("name").values_list("username", "names"))
    assert len(seen) == 1
    expected = [group.name for group in alice.groups.order_by("name")]
    assert found == [("alice", expected), ("bob", ["a", "b"]), ("carol", [])]
    assert set(expected) == set(NAMES)


@pytest.mark.parametrize(("order", "expected"), [("pk", ["c", "a", "b"]), ("-pk", ["b", "a", "c"])])
def test_is_in_the_order_of_the_query(person, order, expected):
    person.groups.set([Group.objects.create(name=name) for name in "cab"])
    assert with_groups(order).get().names == expected


def test_numbers_stay_numbers(person):
    groups = [Group.objects.create(name=name) for name in "ab"]
    person.groups.set(groups)
    ids = Group.objects.filter(user=OuterRef("pk")).order_by("pk").values(one=F("pk"))
    assert User.objects.annotate(ids=ListSubquery(ids)).get().ids == [group.pk for group in groups]
