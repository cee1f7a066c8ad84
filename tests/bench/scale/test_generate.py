"""A generated house is one that the house could have made itself: people sign in, clients get tokens, all is cleared."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

from accounts.models import Session, User
from bench.scale import generate, names, rows, writing
from bench.scale.explain import InProcess
from bench.scale.generate import HoldsPeople, fill, is_fresh, refuse_real_people
from bench.scale.material import material
from bench.scale.rows import House
from bench.scale.sheets import sheets_of
from bench.scale.workloads import WORKLOADS
from oauth.models import AuthorizationCode, Client, Consent, RefreshToken
from oauth.services import housekeeping
from tests.clients import app as app
from trust.lib import clock
from trust.revocation.models import Revocation

pytestmark = pytest.mark.django_db
SIZE = 50


@pytest.fixture
def house() -> House:
    generated = House(SIZE, clock.now())
    fill(generated)
    return generated


def test_people_clients_and_grants_are_there_and_refer_to_one_another(house: House) -> None:
    models = (User, Client, Consent)
    assert [model.objects.count() for model in models] == [SIZE] * len(models)
    connection.check_constraints()


def test_every_row_is_valid(house: House) -> None:
    for model in {sheet.model for sheet in sheets_of(house)}:
        for row in model._base_manager.all():
            empty = [field.name for field in row._meta.fields if not getattr(row, field.attname)]
            row.clean_fields(exclude=empty)
            row.validate_constraints()


def test_a_person_and_their_client_do_all_that_is_measured(house: House) -> None:
    site = InProcess(0, material(SIZE, among=SIZE, count=1))
    (visitor,) = site.visitors
    for ask in WORKLOADS.values():
        ask(site, visitor)
    codes = AuthorizationCode.objects.filter(user=names.uuid_of("person", int(visitor["username"][6:])))
    assert codes.get().used_at is not None


def test_the_ids_of_what_comes_later_are_free(house: House) -> None:
    Client.objects.create(client_id="later", name="Later", client_type="public", token_endpoint_auth_method="none")
    assert Client.objects.get(client_id="later").pk > SIZE


def test_a_house_that_is_over_is_cleared_but_for_people_and_clients(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rows, "STILL_HERE", 10)
    fill(House(SIZE, clock.now(), over=True))
    cleared = housekeeping.clear(now=clock.now())
    assert cleared["browser_sessions"] == SIZE - 10
    assert Session.objects.filter(ended_at=None).count() == RefreshToken.objects.filter(revoked=None).count() == 10
    assert Revocation.objects.count() == 10
    assert not AuthorizationCode.objects.exclude(
        user_id__in=[names.uuid_of("person", n) for n in range(1, 11)]
    ).exists()
    assert User.objects.count() == Client.objects.count() == Consent.objects.count() == SIZE


def test_a_database_that_holds_people_is_refused(person: User) -> None:
    with pytest.raises(HoldsPeople):
        refuse_real_people()


def test_a_database_that_holds_clients_is_refused(app: Client) -> None:
    with pytest.raises(HoldsPeople):
        refuse_real_people()


def test_a_database_that_was_generated_is_used_again_until_it_is_old_or_cleared(house: House) -> None:
    refuse_real_people()
    assert is_fresh(house)
    assert not is_fresh(House(SIZE, house.now + timedelta(days=1)))
    assert not is_fresh(House(SIZE + 1, house.now))
    Session.objects.all().delete()
    assert not is_fresh(house)


def test_refuses_before_anything_is_lost(person: User, monkeypatch: pytest.MonkeyPatch) -> None:
    called: list[str] = []
    monkeypatch.setattr(generate, "call_command", lambda name, **options: called.append(name))
    with pytest.raises(HoldsPeople):
        generate.generate(SIZE)
    assert called == ["migrate"]


@pytest.mark.parametrize(
    ("value", "written"),
    [(None, r"\N"), (True, "t"), (b"\x01", r"\\x01"), ("a\tb\\c\nd", r"a\tb\\c\nd"), (7, "7")],
)
def test_values_are_written_as_copy_reads_them(value: Any, written: str) -> None:
    assert writing._text(value) == written
