"""What the fixtures promise to every test, whatever ran before it."""

import pytest
from django.apps import apps
from django.contrib.auth.models import Permission
from django.db import transaction

from accounts.models import User
from tests.people import PASSWORD, MakePerson
from trust.keys.models import Algorithm
from trust.keys.ring import ring
from trust.lib import clock


@pytest.mark.django_db
def test_keys_sign_in_a_test_that_rolls_back() -> None:
    assert ring.can_sign(clock.now())


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("run", ["first", "again"])
def test_keys_sign_in_a_test_that_commits_also_after_another_that_did(run: str) -> None:
    token = ring.sign({"run": run}, typ="at+jwt", algorithm=Algorithm.ES256, now=clock.now())
    assert ring.verify(token, typ="at+jwt", algorithms=[Algorithm.ES256]) == {"run": run}
    assert not transaction.get_connection().in_atomic_block


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("run", ["first", "again"])
def test_nothing_is_left_of_a_test_that_committed_but_what_the_migrations_made(
    run: str, make_person: MakePerson
) -> None:
    left = {model._meta.label for model in apps.get_models() if model._base_manager.exists()}
    assert left == {"contenttypes.ContentType", "auth.Permission", "keys.SigningKey"}
    models = [model for model in apps.get_models() if model._meta.managed]
    assert Permission.objects.count() == sum(
        len(model._meta.default_permissions) + len(model._meta.permissions) for model in models
    )
    make_person()


def test_alice_is_active_and_signs_in_with_the_password(person: User) -> None:
    assert (person.username, person.email, person.is_active) == ("alice", "alice@example.com", True)
    assert person.check_password(PASSWORD)
    assert person.emailaddress_set.get().verified


def test_others_can_be_made_beside_alice(person: User, make_person: MakePerson) -> None:
    bob = make_person("bob", verified=False)
    assert bob.email == "bob@example.com"
    assert not bob.emailaddress_set.get().verified
