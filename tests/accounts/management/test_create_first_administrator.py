"""The first administrator: made once, by the rules that hold for everybody."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from accounts.models import User
from tests.people import PASSWORD, MakePerson

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def no_wishes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ADMIN_EMAIL", raising=False)
    monkeypatch.delenv("ADMIN_PASSWORD", raising=False)


def create() -> str:
    output = StringIO()
    call_command("create_first_administrator", stdout=output)
    return output.getvalue()


def test_makes_admin_with_a_verified_address_and_prints_a_long_random_password_once() -> None:
    printed = create()
    admin = User.objects.get()
    password = printed.strip().rsplit(" ", 1)[1]
    assert (admin.username, admin.email) == ("admin", "admin@example.com")
    assert admin.is_active
    assert admin.is_staff
    assert admin.is_superuser
    assert admin.emailaddress_set.get().verified
    assert len(password) >= 20
    assert admin.check_password(password)


def test_takes_the_address_and_the_password_from_the_environment_and_keeps_the_password_to_itself(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("ADMIN_EMAIL", "alice@example.org")
    monkeypatch.setenv("ADMIN_PASSWORD", PASSWORD)
    printed = create()
    admin = User.objects.get()
    assert admin.email == "alice@example.org"
    assert admin.check_password(PASSWORD)
    assert PASSWORD not in printed


def test_does_nothing_where_there_is_an_administrator(make_person: MakePerson, monkeypatch: pytest.MonkeyPatch) -> None:
    make_person("root", staff=True, superuser=True)
    monkeypatch.setenv("ADMIN_PASSWORD", "short")
    assert create() == ""
    assert User.objects.count() == 1


def test_an_administrator_who_may_not_sign_in_does_not_count(make_person: MakePerson) -> None:
    make_person("root", staff=True, superuser=True)
    User.objects.update(is_active=False)
    create()
    assert User.objects.active().get().username == "admin"


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("ADMIN_PASSWORD", "hunter2"),
        ("ADMIN_PASSWORD", "admin@example.com"),
        ("ADMIN_EMAIL", "not an address"),
    ],
)
def test_refuses_a_bad_value_with_status_2_and_names_it(
    variable: str, value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(variable, value)
    with pytest.raises(CommandError, match=rf"^{variable}: \w") as refused:
        create()
    assert refused.value.returncode == 2
    assert value not in str(refused.value) or variable == "ADMIN_EMAIL"
    assert not User.objects.exists()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("taken", [{"username": "Admin"}, {"username": "bob", "email": "ADMIN@example.com"}])
def test_takes_nothing_from_somebody_of_the_same_name_or_address(
    taken: dict[str, str], make_person: MakePerson
) -> None:
    make_person(**taken)
    with pytest.raises(CommandError, match="ADMIN_EMAIL") as refused:
        create()
    assert refused.value.returncode == 2
    assert not User.objects.get().is_superuser
