"""The second factor: codes are good once however they are written, wherever and however often at once."""

import threading
from itertools import cycle

import pytest
from allauth.mfa.models import Authenticator
from django.core.cache import cache
from django.test import Client

from accounts.models import Session, SignInChallenge
from tests.accounts.api.client import Api
from tests.at_once import at_once
from tests.people import PASSWORD
from trust.audit.models import AuditEvent
from trust.limits.models import GuessCounter

pytestmark = pytest.mark.django_db


def challenge() -> str:
    return str(Api().post("/api/token/", {"username": "alice", "password": PASSWORD}).json()["challenge"])


def answer(given: str, code: str):
    return Api().post("/api/token/", {"challenge": given, "code": code})


@pytest.mark.parametrize(
    "rewrite",
    [
        lambda code: f" {code[:3]} {code[3:]} ",
        "-".join,
        lambda code: f"{code}.",
        lambda code: f"({code})",
    ],
)
def test_a_code_written_otherwise_is_the_same_code(totp, rewrite):
    """Another process has not the library's memory of used codes: ours alone must know."""
    code = totp.now()
    assert answer(challenge(), code).status_code == 200
    cache.clear()
    assert answer(challenge(), rewrite(code)).json()["code"] == "invalid_code"


def test_a_recovery_code_written_otherwise_is_the_same_code(recovery_codes):
    assert answer(challenge(), recovery_codes[0]).status_code == 200
    cache.clear()
    GuessCounter.objects.all().delete()  # as after the three minutes that a used code is remembered
    spaced = " ".join(recovery_codes[0])
    assert answer(challenge(), spaced).json()["code"] == "invalid_code"


@pytest.mark.parametrize("code", ["", " ", "-", "000000", "٠٠٠٠٠٠", "１２３４５６", "None", "0" * 32])
def test_no_other_code_is_right(totp, code):
    assert answer(challenge(), code).status_code in {400, 401}
    assert not Session.objects.exists()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("kind", ["totp", "recovery"])
def test_of_eight_at_once_with_one_code_one_signs_in(totp, recovery_codes, kind):
    code = totp.now() if kind == "totp" else recovery_codes[0]
    challenges, lock = iter([challenge() for _ in range(8)]), threading.Lock()

    def use() -> int:
        with lock:
            given = next(challenges)
        return answer(given, code).status_code

    statuses = at_once(8, use)
    assert statuses.count(200) == 1
    assert set(statuses) <= {200, 401}
    assert Session.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_eight_codes_at_once_none_comes_back(totp, recovery_codes):
    """Each is marked as used in one row: none of the marks may be lost."""
    pairs, lock = iter([(challenge(), code) for code in recovery_codes[:5]]), threading.Lock()

    def use() -> int:
        with lock:
            given, code = next(pairs)
        return answer(given, code).status_code

    statuses = at_once(5, use)
    left = Authenticator.objects.get(type="recovery_codes").wrap().get_unused_codes()
    assert len(left) == len(recovery_codes) - statuses.count(200)
    assert not set(left) & set(recovery_codes[: statuses.count(200)]) or statuses.count(200) < 5


@pytest.mark.django_db(transaction=True)
def test_one_challenge_answered_by_eight_at_once_begins_one_session(totp, recovery_codes):
    given = challenge()
    codes, lock = cycle([totp.now(), *recovery_codes]), threading.Lock()

    def use() -> int:
        with lock:
            code = next(codes)
        return answer(given, code).status_code

    statuses = at_once(8, use)
    assert statuses.count(200) == 1
    assert Session.objects.count() == 1
    assert not SignInChallenge.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_guesses_at_once_do_not_beat_the_challenge(totp, settings):
    """CVE-2025-64102, GHSA-85v8-vx4w-q684."""
    given = challenge()
    answers = at_once(8, lambda: answer(given, "000000").json()["code"])
    assert answers.count("invalid_code") <= 5
    assert answer(given, totp.now()).json()["code"] in {"invalid_challenge", "invalid_code"}
    assert not Session.objects.exists()


def test_a_challenge_is_of_its_person_alone(totp, make_person):
    """CVE-2023-26481: a step of one person answered by another."""
    other = make_person("bob")
    given = challenge()
    api = Api()
    api.sign_in(other)
    assert api.post("/api/token/", {"challenge": given, "code": totp.now()}).status_code == 200
    assert set(Session.objects.values_list("user__username", "acr")) == {("bob", "aal1"), ("alice", "aal2")}


@pytest.mark.parametrize("extra", [{"username": "alice", "password": PASSWORD}, {"user": "1"}, {"methods": []}])
def test_nothing_beside_the_code_answers_a_challenge(totp, extra):
    assert Api().post("/api/token/", {"challenge": challenge(), "code": "000000", **extra}).status_code == 401
    assert not Session.objects.exists()


@pytest.mark.parametrize(
    "path", ["/accounts/", "/accounts/profile/", "/accounts/sessions/", "/accounts/email/", "/accounts/2fa/", "/admin/"]
)
def test_a_half_finished_sign_in_opens_no_page(totp, path):
    client = Client()
    client.post("/accounts/login/", {"login": "alice", "password": PASSWORD})
    answered = client.get(path)
    assert answered.status_code == 302
    assert not Session.objects.exists()


def test_the_password_is_not_kept_between_the_steps(totp):
    """CVE-2020-15105."""
    client = Client()
    client.post("/accounts/login/", {"login": "alice", "password": PASSWORD})
    assert PASSWORD not in str(dict(client.session))


def test_a_wrong_code_is_noted_at_both_doors(totp, person):
    answer(challenge(), "000000")
    client = Client()
    client.post("/accounts/login/", {"login": "alice", "password": PASSWORD})
    client.post("/accounts/2fa/authenticate/", {"code": "000000"})
    noted = AuditEvent.objects.of_action("one_time_code.refused")
    assert [event.subject for event in noted] == [person.pk] * 2
    assert "000000" not in str(list(noted.values()))


@pytest.mark.parametrize("path", ["totp/activate", "totp/deactivate", "recovery-codes/generate", "recovery-codes"])
def test_factors_are_not_touched_without_a_fresh_proof(person, totp, recovery_codes, path):
    client = Client()
    client.post("/accounts/login/", {"login": "alice", "password": PASSWORD})
    client.post("/accounts/2fa/authenticate/", {"code": totp.now()})
    stored = client.session
    stored["account_authentication_methods"] = [
        record | {"at": record["at"] - 86400} for record in stored["account_authentication_methods"]
    ]
    stored.save()
    before = list(Authenticator.objects.values("type", "data"))
    for answered in (client.get(f"/accounts/2fa/{path}/"), client.post(f"/accounts/2fa/{path}/", {"code": "1"})):
        assert answered.status_code in {302, 405}
        assert not any(code in answered.content.decode() for code in recovery_codes)
    assert list(Authenticator.objects.values("type", "data")) == before
