"""Ways around the limits: other spellings of one account, invented addresses, other doors."""

import pytest
from django.core.cache import cache
from django.test import Client

from tests.accounts.api.client import Api
from tests.people import PASSWORD
from tests.security.waits import lengthen_waits
from trust.limits import rates
from trust.limits.conf import SIGN_IN_BY_ADDRESS, SIGN_UP_BY_ADDRESS
from trust.limits.models import GuessCounter

pytestmark = pytest.mark.django_db


def guess(login: str, name: str = "username", **headers: str) -> int:
    return int(Api().post("/api/token/", {name: login, "password": "wrong"}, **headers).status_code)


SPELLINGS = (
    "alice",
    "ALICE",
    "Alice",
    "ａｌｉｃｅ",
    " alice ",
    "alice@example.com",
    "ALICE@EXAMPLE.COM",
    " Alice@Example.com ",
)


def test_every_spelling_of_one_account_counts_as_one(person):
    for number in range(10):
        assert guess(SPELLINGS[number % len(SPELLINGS)]) == 401
    lengthen_waits()
    assert {guess(spelling) for spelling in SPELLINGS} == {429}


@pytest.mark.parametrize("name", ["username", "email"])
def test_either_field_counts_as_one(person, name):
    for number in range(10):
        guess("alice@example.com" if name == "email" or number % 2 else "alice", name)
    lengthen_waits()
    assert guess("alice@example.com", name) == 429


@pytest.mark.parametrize(
    "login",
    [
        "alice.",
        "alice@example.com.",
        "alice+x@example.com",
        "al.ice@example.com",
        "alice@example.com\u200b",
        "al\u0131ce",
    ],
)
def test_a_spelling_that_is_not_counted_names_nobody(person, login):
    """What would be counted apart must not be the same account."""
    assert Api().post("/api/token/", {"username": login, "password": PASSWORD}).json()["code"] == "invalid_credentials"


def test_an_unknown_account_has_one_counter_for_its_spellings():
    spellings = ("nobody", "NOBODY", "Nobody", "ｎobody", "nobodY")
    assert [guess(login) for login in spellings * 2] == [401] * 10
    lengthen_waits()
    assert {guess(login) for login in spellings} == {429}


def test_the_counters_survive_the_loss_of_the_cache(person):
    """A limit that a restart forgets is none: Keycloak CVE-2026-9802 and its like."""
    for _ in range(10):
        guess("alice")
    lengthen_waits()
    cache.clear()
    assert guess("alice") == 429


def test_a_refused_guess_is_not_judged(person):
    """Right or wrong, while the account waits the answer is the same: the guess teaches nothing."""
    for _ in range(10):
        guess("alice")
    lengthen_waits()
    right = Api().post("/api/token/", {"username": "alice", "password": PASSWORD})
    wrong = Api().post("/api/token/", {"username": "alice", "password": "wrong"})
    assert (right.status_code, right.json()) == (wrong.status_code, wrong.json())


def test_the_hundred_and_first_guess_is_refused_though_right(person):
    """NIST SP 800-63B-4 section 3.2.2."""
    GuessCounter.objects.all().delete()
    guess("alice")
    GuessCounter.objects.update(count=100)
    GuessCounter.objects.update(open_at="2020-01-01 00:00:00+00:00")
    assert Api().post("/api/token/", {"username": "alice", "password": PASSWORD}).status_code == 429


NONSENSE = ("203.0.113.7", "unknown", "", "\t,", "' OR 1=1", "::1%eth0", "203.0.113.7:80", "[2001:db8::1]", "1" * 4000)


def use_up(address: str) -> None:
    for _ in range(SIGN_IN_BY_ADDRESS.attempts):
        rates.take(SIGN_IN_BY_ADDRESS, address)


@pytest.mark.usefixtures("early_in_the_minute")
@pytest.mark.parametrize("forwarded", NONSENSE)
def test_without_proxies_nobody_chooses_their_address(forwarded):
    """CVE-2024-47070, CVE-2023-36456: X-Forwarded-For believed, or its nonsense skipping the check."""
    use_up("127.0.0.1")
    assert [guess("alice", x_forwarded_for=f"{forwarded}{number}") for number in range(3)] == [429] * 3


@pytest.mark.usefixtures("early_in_the_minute")
@pytest.mark.parametrize("count", [1, 2])
def test_with_proxies_only_what_they_wrote_counts(settings, count):
    settings.TRUSTED_PROXY_COUNT = count
    use_up("198.51.100.9")
    proxies = ", ".join(["198.51.100.9"] * count)
    assert [guess("alice", x_forwarded_for=f"203.0.113.{number}, {proxies}") for number in range(3)] == [429] * 3


@pytest.mark.usefixtures("early_in_the_minute")
def test_with_a_proxy_each_client_has_its_own_count(settings):
    settings.TRUSTED_PROXY_COUNT = 1
    use_up("203.0.113.1")
    assert [guess("alice", x_forwarded_for=f"203.0.113.{number}") for number in (1, 2)] == [429, 401]


@pytest.mark.usefixtures("early_in_the_minute")
@pytest.mark.parametrize("forwarded", ["", "nonsense", "300.1.1.1", "a, b, c", "203.0.113.7:80, 203.0.113.7:80"])
def test_a_proxy_that_writes_nothing_of_use_counts_as_itself(settings, forwarded):
    settings.TRUSTED_PROXY_COUNT = 2
    use_up("127.0.0.1")
    assert guess("alice", x_forwarded_for=forwarded) == 429


@pytest.mark.usefixtures("early_in_the_minute")
def test_an_ipv6_network_counts_as_one_address():
    use_up("2001:db8:1:2::1")
    others = [Api(REMOTE_ADDR=address) for address in ("2001:db8:1:2:ffff::7", "2001:db8:1:3::1")]
    answers = [other.post("/api/token/", {"username": "alice", "password": "x"}) for other in others]
    assert [answer.status_code for answer in answers] == [429, 401]


def test_sign_ups_from_one_address_are_limited(settings):
    settings.ACCOUNT_RATE_LIMITS = False
    form = {"username": "", "password1": PASSWORD, "password2": PASSWORD}
    for _ in range(SIGN_UP_BY_ADDRESS.attempts):
        rates.take(SIGN_UP_BY_ADDRESS, "127.0.0.1")
    answer = Client().post("/accounts/signup/", form | {"email": "one.too.many@example.com"})
    assert answer.status_code == 429
    assert int(answer["Retry-After"]) >= 1


def test_reauthentication_is_a_door_too(person):
    client = Client()
    client.post("/accounts/login/", {"login": "alice", "password": PASSWORD})
    for _ in range(10):
        client.post("/accounts/reauthenticate/", {"password": "wrong"}, REMOTE_ADDR="203.0.113.5")
        cache.clear()
    lengthen_waits()
    assert guess("alice") == 429
