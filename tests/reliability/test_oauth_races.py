"""The same code, the same refresh token, by eight at once: one winner, one chain, no error (RFC 9700 sections 4.5, 4.14.2).

By threads in this process, and over two processes of the site on one database, one of which is killed on the way.
"""

import json
import os
import signal
import threading
import time
from collections import Counter
from collections.abc import Iterator
from http.client import HTTPException
from itertools import cycle
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import urlencode, urlsplit
from urllib.request import Request, urlopen

import pytest

from accounts.services import people, sessions
from oauth.models import AuthorizationCode, RefreshToken
from oauth.services import grants
from tests.at_once import at_once
from tests.clients import SECRET, Application, basic, make_client
from tests.live_site import LiveSite, live_site
from tests.relying_party import userinfo
from trust.lib.origin import Origin

pytestmark = pytest.mark.django_db(transaction=True)

WINNER_AND_LOSERS = Counter({(200, None): 1, (400, "invalid_grant"): 7})


@pytest.fixture
def application(person):
    made = Application(make_client())
    made.sign_in()
    return made


@pytest.fixture
def two() -> Iterator[tuple[LiveSite, LiveSite]]:
    with live_site() as first, live_site() as second:
        yield first, second


def outcome(answer):
    return answer.status_code, answer.json().get("error")


def send(site, path, form, authorization):
    """Send a form to a process of the site; return the status and the JSON."""
    named = {"authorization": authorization, "content-type": "application/x-www-form-urlencoded"}
    try:
        with urlopen(Request(site.url + path, urlencode(form).encode(), named), timeout=30) as answer:
            return answer.status, json.load(answer)
    except HTTPError as refused:
        return refused.code, json.load(refused)


def token(site, **form):
    return send(site, "/oauth/token", form, basic("app", SECRET))


def exchange(site, application, code):
    form = {"code": code, "redirect_uri": application.redirect_uri, "code_verifier": application.verifier}
    return token(site, grant_type="authorization_code", **form)


def refresh(site, value):
    return token(site, grant_type="refresh_token", refresh_token=value)


@pytest.mark.spec("RFC 9700", "4.5.3")
def test_of_eight_exchanges_of_a_code_at_once_one_wins(application):
    code = application.code()
    answers = at_once(8, lambda: application.exchange(code))
    assert Counter(map(outcome, answers)) == WINNER_AND_LOSERS
    assert RefreshToken.objects.count() == 1
    winner = next(answer.json() for answer in answers if answer.status_code == 200)
    assert outcome(application.exchange(code)) == (400, "invalid_grant")  # the replay ends the grant
    assert userinfo(winner["access_token"]).status_code == 401
    assert outcome(application.refresh(winner["refresh_token"])) == (400, "invalid_grant")


@pytest.mark.spec("RFC 9700", "4.14.2")
def test_eight_refreshes_at_once_leave_one_live_generation(application):
    value = application.tokens()["refresh_token"]
    answers = at_once(8, lambda: application.refresh(value))
    assert {answer.status_code for answer in answers} == {200}
    assert RefreshToken.objects.get().generation == 2
    successors = {answer.json()["refresh_token"] for answer in answers}
    assert len(successors) == 1
    assert application.refresh(successors.pop()).status_code == 200


@pytest.mark.spec("RFC 9700", "4.14.2")
def test_a_theft_seen_by_eight_at_once_ends_the_grant_once(application):
    first = application.tokens()["refresh_token"]
    last = application.refresh(application.refresh(first).json()["refresh_token"]).json()
    answers = at_once(8, lambda: application.refresh(first))
    assert set(map(outcome, answers)) == {(400, "invalid_grant")}
    assert outcome(application.refresh(last["refresh_token"])) == (400, "invalid_grant")
    assert userinfo(last["access_token"]).status_code == 401


def both_at_once(one, other):
    """Run two different things at the same moment; return what the first one gave."""
    turns, lock = iter([(0, one), (1, other)]), threading.Lock()

    def act():
        with lock:
            number, mine = next(turns)
        return number, mine()

    return dict(at_once(2, act))[0]


@pytest.mark.parametrize("ends", ["revoke the app", "end all", "deactivate"])
def test_an_exchange_while_everything_is_taken_back_leaves_nothing_alive(person, application, ends):
    """Whichever of the two comes first."""
    for _ in range(3):
        code = application.code(scope="openid offline_access")
        take_back = {
            "revoke the app": lambda: grants.revoke_app(
                user_id=person.pk, client_pk=application.client.pk, origin=Origin()
            ),
            "end all": lambda: sessions.end_all(user=person, reason="test"),
            "deactivate": lambda: people.deactivate(user=person, actor=None),
        }[ends]
        exchanged = both_at_once(lambda code=code: application.exchange(code), take_back)
        people.activate(user=person, actor=None)
        assert outcome(exchanged) in {(200, None), (400, "invalid_grant")}
        if exchanged.status_code == 200:
            assert outcome(application.refresh(exchanged.json()["refresh_token"])) == (400, "invalid_grant")
            assert userinfo(exchanged.json()["access_token"]).status_code == 401
        application.browser.cookies.clear()
        application.sign_in()


def test_eight_first_consents_at_once_are_one(application):
    answers = at_once(8, application.decide)
    assert {answer.status_code for answer in answers} == {303}
    assert AuthorizationCode.objects.count() == 8
    assert application.client.consents.count() == 1


def test_over_two_processes_a_code_has_one_winner_and_a_refresh_token_one_chain(application, two):
    code = application.code()
    sites = cycle(two)
    lock = threading.Lock()

    def next_site():
        with lock:
            return next(sites)

    answers = at_once(8, lambda: exchange(next_site(), application, code))
    assert Counter((status, body.get("error")) for status, body in answers) == WINNER_AND_LOSERS

    tokens = exchange(two[0], application, application.code())[1]
    answers = at_once(8, lambda: refresh(next_site(), tokens["refresh_token"]))
    assert {status for status, _ in answers} == {200}
    successors = {body["refresh_token"] for _, body in answers}
    assert len(successors) == 1
    assert refresh(two[1], successors.pop())[0] == 200

    replayed = refresh(two[1], tokens["refresh_token"])
    assert (replayed[0], replayed[1]["error"]) == (400, "invalid_grant")
    assert not RefreshToken.objects.filter(revoked__isnull=True, generation__gt=1).exists()


def kill_at_once(site):
    """Kill -9 the processes that serve a site, known by the port in their command lines."""
    port = str(urlsplit(site.url).port)
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            command = (folder / "cmdline").read_text().split("\0")
        except OSError:  # it ended meanwhile
            continue
        if "granian" in command and port in command:
            os.kill(int(folder.name), signal.SIGKILL)


def test_what_was_acknowledged_outlives_a_process_that_is_killed_while_rotating(application, two):
    """SECURITY, failures to survive: no acknowledged token is lost, and no second chain is alive."""
    ledger = [exchange(two[0], application, application.code())[1]["refresh_token"] for _ in range(4)]
    first = list(ledger)
    acknowledged = Counter()

    def rotate(chain):
        while True:
            try:
                status, body = refresh(two[0], ledger[chain])
            except (OSError, HTTPException):
                return  # killed: this answer was not acknowledged
            assert status == 200, body
            ledger[chain] = body["refresh_token"]
            acknowledged[chain] += 1

    rotating = [threading.Thread(target=rotate, args=[chain]) for chain in range(4)]
    for thread in rotating:
        thread.start()
    while len(acknowledged) < 4 or min(acknowledged.values()) < 5:
        time.sleep(0.01)
    kill_at_once(two[0])
    for thread in rotating:
        thread.join(timeout=30)

    answers = [refresh(two[1], token) for token in ledger]
    assert [status for status, _ in answers] == [200] * 4
    for row in RefreshToken.objects.all():
        assert row.generation >= 6
        assert row.revoked is None
    assert refresh(two[1], first[0])[1]["error"] == "invalid_grant"  # an old one is theft, as ever
    assert refresh(two[1], answers[0][1]["refresh_token"])[1]["error"] == "invalid_grant"
