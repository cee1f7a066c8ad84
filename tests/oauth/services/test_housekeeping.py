"""The daily work: what is over goes, what lives stays, and the work goes on by itself for ever, once a day."""

from datetime import timedelta
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.contrib.sessions.models import Session as BrowserSession
from django.db import connection
from django.db.models import F
from django_tasks_db.models import DBTaskResult

from accounts.models import Session, SignInChallenge, User
from oauth.models import AccessToken, AuthorizationCode, Client, Consent, PersonalAccessToken, RefreshToken
from oauth.services import housekeeping
from tests.clients import Application, make_client
from tests.clients import app as app
from tests.people import MakePerson
from tests.personal_tokens import token_of
from trust.audit.models import AuditEvent
from trust.keys.models import SigningKey
from trust.lib import clock
from trust.lib.batches import Shift, delete_in_batches
from trust.limits import guesses
from trust.limits.conf import SIGN_IN
from trust.limits.models import GuessCounter
from trust.revocation.models import Kind, Revocation
from trust.revocation.revoke import revoke

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def used(app: Client, person: User) -> Application:
    """An application with opaque tokens that Alice uses: a row of everything."""
    Client.objects.update(access_token_format="opaque")
    application = Application(app)
    application.sign_in()
    application.tokens(scope="openid offline_access")
    SignInChallenge.objects.create(digest="d", user=person, auth_time=clock.now(), expires_at=clock.now() + DAY)
    revoke(Kind.TOKEN, "a-token")
    guesses.take(SIGN_IN, "alice")
    return application


def test_what_lives_stays(used: Application) -> None:
    cleared = housekeeping.clear(now=clock.now())
    assert not any(cleared.values())


def test_what_is_over_goes_everywhere_and_consents_stay(used: Application) -> None:
    AuthorizationCode.objects.update(expires=F("expires") - 3 * DAY)
    AccessToken.objects.update(expires=F("expires") - DAY)
    RefreshToken.objects.update(expires_at=F("expires_at") - 61 * DAY)
    BrowserSession.objects.update(expire_date=F("expire_date") - 61 * DAY)
    SignInChallenge.objects.update(expires_at=F("expires_at") - 2 * DAY)
    Revocation.objects.update(expires_at=F("expires_at") - DAY)
    GuessCounter.objects.update(forget_at=F("forget_at") - 61 * DAY)
    cleared = housekeeping.clear(now=clock.now())
    Session.objects.update(expires_at=F("expires_at") - 61 * DAY)
    assert housekeeping.clear(now=clock.now())["sessions"] == 1
    once = {"authorization_codes", "access_tokens", "refresh_tokens", "browser_sessions", "challenges", "revocations"}
    assert {name for name in once if cleared[name] == 1} == once
    assert cleared["guess_counters"] >= 1
    models = (AuthorizationCode, AccessToken, RefreshToken, BrowserSession, SignInChallenge, Revocation, GuessCounter)
    assert not any(model.objects.exists() for model in (*models, Session))
    assert Consent.objects.count() == 1


def test_an_ended_grant_stays_a_month_to_be_looked_at(used: Application) -> None:
    RefreshToken.objects.update(revoked=clock.now() - 29 * DAY)
    assert housekeeping.clear(now=clock.now())["refresh_tokens"] == 0
    assert housekeeping.clear(now=clock.now() + 2 * DAY)["refresh_tokens"] == 1


def test_an_expired_personal_access_token_stays_a_month_for_its_person_to_see(person: User) -> None:
    row, _value = token_of(person, "profile")
    expired_in = row.expires_at - clock.now()
    assert housekeeping.clear(now=clock.now() + expired_in + 29 * DAY)["personal_access_tokens"] == 0
    assert housekeeping.clear(now=clock.now() + expired_in + 31 * DAY)["personal_access_tokens"] == 1
    assert not PersonalAccessToken.objects.exists()


def test_a_code_that_a_replay_could_still_meet_stays(used: Application) -> None:
    AuthorizationCode.objects.update(expires=clock.now() - timedelta(hours=23))
    assert housekeeping.clear(now=clock.now())["authorization_codes"] == 0


def test_accounts_never_verified_go_after_a_week_and_others_stay(make_person: MakePerson) -> None:
    stranger, verified = make_person("stranger", verified=False), make_person("verified")
    staff = make_person("staff", verified=False, staff=True)
    User.objects.update(created=clock.now() - 8 * DAY)
    young = make_person("young", verified=False)
    assert housekeeping.clear(now=clock.now())["unverified"] == 1
    assert set(User.objects.all()) == {verified, staff, young}
    assert not EmailAddress.objects.filter(email=stranger.email).exists()
    assert AuditEvent.objects.of_action("person.removed_unverified").get().subject == stranger.pk


def test_keys_are_made_before_the_old_ones_end_and_go_when_nothing_needs_them() -> None:
    before = set(SigningKey.objects.values_list("kid", flat=True))
    later = clock.now() + 100 * DAY
    assert housekeeping.clear(now=later)["signing_keys_made"] == len(before)
    assert housekeeping.clear(now=later)["signing_keys_made"] == 0
    assert housekeeping.clear(now=later + 60 * DAY)["signing_keys"] == len(before)
    assert not before & set(SigningKey.objects.values_list("kid", flat=True))
    assert AuditEvent.objects.of_action("signing_key.deleted").count() == len(before)


def _waiting(name: str) -> list[Any]:
    return list(DBTaskResult.objects.filter(status="READY", task_path=f"oauth.services.housekeeping.{name}"))


@pytest.mark.parametrize(("name", "pause"), [("daily", DAY), ("hourly", timedelta(hours=1))])
def test_each_run_enqueues_the_next_one_and_no_other(name: str, pause: timedelta) -> None:
    housekeeping.ensure_daily(first=clock.now())
    for _run in range(3):
        DBTaskResult.objects.filter(status="READY").update(status="RUNNING", started_at=clock.now())
        getattr(housekeeping, name).call()
        housekeeping.ensure_daily(first=clock.now())
        (next_run,) = _waiting(name)
        assert timedelta(minutes=-1) < next_run.run_after - clock.now() - pause <= timedelta(0)


def test_two_runs_at_once_make_one_next_run() -> None:
    for _run in range(2):
        housekeeping.daily.call()
    assert len(_waiting("daily")) == 1


def test_what_a_shift_has_no_time_for_is_gone_on_with_behind_the_mail(
    used: Application, monkeypatch: pytest.MonkeyPatch
) -> None:
    Revocation.objects.update(expires_at=F("expires_at") - DAY)
    monkeypatch.setattr(housekeeping, "_SHIFT_SECONDS", 0)
    assert housekeeping.hourly.call()["revocations"] == 0
    (left,) = _waiting("go_on")
    assert left.priority < 0
    assert left.run_after <= clock.now()
    DBTaskResult.objects.filter(pk=left.pk).update(status="RUNNING", started_at=clock.now())
    monkeypatch.setattr(housekeeping, "_SHIFT_SECONDS", 60)
    assert housekeeping.go_on.call()["revocations"] == 1
    assert not _waiting("go_on")


def test_one_thing_that_fails_keeps_nothing_else_from_being_done(
    used: Application, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(**named: Any) -> int:
        raise RuntimeError("the keys")

    monkeypatch.setattr(housekeeping.rotation, "rotate_due", fail)
    Revocation.objects.update(expires_at=F("expires_at") - DAY)
    with pytest.raises(ExceptionGroup) as failed:
        housekeeping.clear(now=clock.now())
    assert [str(failure) for failure in failed.value.exceptions] == ["the keys"]
    assert not Revocation.objects.exists()


def test_a_run_that_fails_has_enqueued_the_next_one(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*named: Any) -> None:
        raise RuntimeError

    monkeypatch.setattr(housekeeping, "do_each", fail)
    with pytest.raises(RuntimeError):
        housekeeping.daily.call()
    assert len(_waiting("daily")) == 1


@pytest.mark.parametrize("trace", ["last_login", "known device"])
def test_who_ever_signed_in_stays_though_never_verified_and_away_for_long(person: User, trace: str) -> None:
    EmailAddress.objects.update(verified=False)
    User.objects.update(created=clock.now() - 300 * DAY)
    if trace == "last_login":
        User.objects.update(last_login=clock.now() - 90 * DAY)
    else:
        person.known_devices.create(digest="d", last_seen=clock.now() - 90 * DAY)
    assert housekeeping.clear(now=clock.now())["unverified"] == 0


def test_clients_that_registered_themselves_and_that_nobody_ever_used_go(used: Application) -> None:
    month = timedelta(days=31)
    kept = {
        "used": {"reviewed": False},
        "reviewed": {},
        "by hand": {"reviewed": False, "registration_source": "manual"},
    }
    for client_id, named in (kept | {"unused": {"reviewed": False}}).items():
        make_client(client_id, **({"registration_source": "dcr"} | named))
    Consent.objects.update(client=Client.objects.get(client_id="used"))
    make_client("new", registration_source="dcr", reviewed=False)
    Client.objects.exclude(client_id="new").update(created=F("created") - month)
    assert housekeeping.clear(now=clock.now())["clients"] == 1
    assert set(Client.objects.values_list("client_id", flat=True)) == {*kept, "app", "new"}


# Of what few are ever kept, or of what only few could be over: no index is needed.
FEW = {"data_exports", "invitations", "initial_access_tokens", "clients"}


def test_what_may_be_many_is_found_by_an_index_and_in_its_order() -> None:
    now, shift = clock.now(), Shift()
    deleting = {name: chore.args for name, chore in housekeeping._all(now, shift).items() if _deletes(chore)}
    assert len(deleting) > len(FEW)
    if connection.vendor == "postgresql":
        connection.cursor().execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off")
    for name, querysets in deleting.items():
        plans = [rows.explain() for rows in querysets if name not in FEW]
        assert [plan for plan in plans if "INDEX" not in plan.upper() or "ORDER BY" in plan or "Sort" in plan] == []


def _deletes(chore: Any) -> bool:
    return getattr(chore, "func", None) is delete_in_batches
