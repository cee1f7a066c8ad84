"""People taken in from CSV and from another Django."""

import json
import uuid
from contextlib import suppress
from io import StringIO

import pytest
from django.contrib.auth import hashers
from django.core.management import call_command
from django.core.management.base import CommandError

from accounts.models import User
from tests.people import PASSWORD
from trust.audit.models import AuditEvent

pytestmark = pytest.mark.django_db
ID = str(uuid.UUID(int=7))
HASH = hashers.PBKDF2PasswordHasher().encode(PASSWORD, "somesalt", iterations=1000)
CSV = f"""\ufeffid,username,email,email_verified,given_name,password_hash,groups,is_active
{ID},kim,Kim@Example.com,true,김,{HASH},editors|대학원,
,lee@example.com,lee@example.com,,,,,false
"""


@pytest.fixture
def take_in(tmp_path):
    def take_in(text, *options):
        path = tmp_path / "people"
        path.write_text(text, encoding="utf-8")
        out = StringIO()
        call_command("import_users", str(path), *options, stdout=out)
        return out.getvalue()

    return take_in


def test_people_come_from_csv_with_their_ids_passwords_and_groups(take_in, client):
    said = take_in(CSV, "--yes")
    assert "2 to take in, 1 of them without a password that is known here; 0 are here already; 0 are refused." in said
    kim = User.objects.get(username="kim")
    assert (str(kim.pk), kim.email, kim.given_name, kim.roles) == (ID, "kim@example.com", "김", ["editors", "대학원"])
    assert kim.has_verified_email
    answer = client.post("/api/token/", {"username": "kim", "password": PASSWORD}, content_type="application/json")
    assert answer.status_code == 200
    lee = User.objects.get(username="lee.example.com")
    assert (lee.is_active, lee.has_verified_email, lee.has_usable_password()) == (False, False, False)
    assert AuditEvent.objects.filter(action="person.imported").count() == 2


def test_a_second_time_nobody_is_taken_in(take_in):
    take_in(CSV, "--yes")
    before = list(User.objects.order_by("pk").values_list("pk", "password"))
    said = take_in(CSV, "--yes")
    assert "0 to take in, 0 of them without a password that is known here; 2 are here already" in said
    assert list(User.objects.order_by("pk").values_list("pk", "password")) == before


def test_a_dry_run_takes_nobody_in(take_in):
    said = take_in(CSV, "--dry-run")
    assert "2 to take in" in said
    assert not User.objects.exists()


WRONG = {
    "no address": ("username,email\nkim,\n", "person 1: kim email: is missing"),
    "bad address": ("username,email\nkim,nobody\n", "person 1: kim email:"),
    "bad username": ("username,email\nki m,kim@example.com\n", "person 1: ki m username:"),
    "twice": ("username,email\nkim,a@example.com\nKIM,b@example.com\n", "person 2: has a username or an address"),
    "unknown column": ("username,email,shoe_size\nkim,a@example.com,42\n", "person 1: shoe_size: is not known here"),
}


@pytest.mark.parametrize("name", WRONG)
def test_who_cannot_be_taken_in_is_named_and_nobody_is_taken_in(name, take_in):
    text, said = WRONG[name]
    assert said in take_in(text + "lee,lee@example.com\n" if name != "unknown column" else text, "--dry-run")
    with pytest.raises(CommandError, match="Nobody was taken in"):
        take_in(text, "--yes")
    assert not User.objects.exists()


def test_the_others_are_taken_in_if_that_is_wanted(take_in):
    take_in("username,email\nkim,\nlee,lee@example.com\n", "--yes", "--skip-wrong")
    assert list(User.objects.values_list("username", flat=True)) == ["lee"]


def test_nobody_gets_the_address_or_the_id_of_somebody_here(take_in, person):
    text = f"id,username,email\n,kim,{person.email.upper()}\n{person.pk},lee,lee@example.com\n"
    said = take_in(text, "--dry-run")
    assert "person 1: kim email: somebody else has this address" in said
    assert "person 2: id: somebody else has it" in said


def test_people_come_from_a_dump_of_another_django(take_in):
    fields = {
        "username": "kim",
        "email": "kim@example.com",
        "password": HASH,
        "first_name": "Min",
        "last_name": "Kim",
        "is_active": True,
        "is_staff": True,
        "is_superuser": True,
        "last_login": None,
        "date_joined": "2020-01-01T00:00:00Z",
        "groups": [["editors"]],
        "user_permissions": [],
    }
    dump = [{"model": "auth.user", "pk": 5, "fields": fields}, {"model": "auth.group", "pk": 1, "fields": {}}]
    take_in(json.dumps(dump), "--format", "django", "--yes")
    kim = User.objects.get()
    assert (kim.get_full_name(), kim.is_staff, kim.is_superuser, kim.roles) == ("Min Kim", True, False, ["editors"])
    assert kim.check_password(PASSWORD)


@pytest.mark.parametrize("text", ["", "\x00", 'username,email\n"kim'])
def test_a_file_that_is_none_of_these_takes_nobody_in(text, take_in):
    with suppress(CommandError):
        assert "0 to take in" in take_in(text, "--dry-run")
    assert not User.objects.exists()


def test_nobody_there_to_agree_needs_yes(take_in, monkeypatch):
    monkeypatch.setattr("sys.stdin", StringIO())
    with pytest.raises(CommandError, match="say --yes"):
        take_in(CSV)
    assert not User.objects.exists()
