"""The defects of SimpleJWT, one by one: ours is free of each."""

import json
import time
from base64 import urlsafe_b64decode
from functools import partial
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.test import Client
from rest_framework_simplejwt import state

from accounts.api.tokens import RefreshToken
from accounts.models import Session
from accounts.services import people, sessions
from tests.accounts.api.client import Api
from tests.at_once import at_once
from tests.bearer import forged
from tests.people import PASSWORD
from tests.security.waits import lengthen_waits
from trust.keys.models import Algorithm
from trust.keys.ring import ring
from trust.lib import clock
from trust.lib.origin import Origin

pytestmark = pytest.mark.django_db


def part(token: str, number: int) -> dict[str, Any]:
    text = token.split(".")[number]
    found: dict[str, Any] = json.loads(urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    return found


def refresh(token: Any):
    return Api().post("/api/token/refresh/", {"refresh": token})


def test_a_second_factor_is_not_bypassed(person, totp):
    """S1: the password alone gave tokens to a person with a second factor."""
    answer = Api().post("/api/token/", {"username": "alice", "password": PASSWORD})
    assert (answer.status_code, answer.json()["code"]) == (401, "mfa_required")
    assert not Session.objects.exists()


def test_an_unverified_address_is_not_bypassed(make_person):
    """S1: nor was the address's verification asked for."""
    make_person(verified=False)
    answer = Api().post("/api/token/", {"username": "alice", "password": PASSWORD})
    assert (answer.status_code, answer.json()["code"]) == (401, "email_unverified")


def test_thirty_bad_tries_and_then_the_right_one_are_refused(person):
    """S1: thirty wrong passwords, then 200."""
    for _ in range(30):
        Api().post("/api/token/", {"username": "alice", "password": "wrong"})
    lengthen_waits()
    assert Api().post("/api/token/", {"username": "alice", "password": PASSWORD}).status_code == 429


@pytest.mark.django_db(transaction=True)
def test_eight_refreshes_at_once_leave_one_live_token(person):
    """S2: six at once got six successors, each with a life of its own."""
    token = Api().sign_in(person)["refresh"]
    for _ in range(3):
        answers = at_once(8, partial(refresh, token))
        assert {answer.status_code for answer in answers} == {200}
        [token] = {answer.json()["refresh"] for answer in answers}
    assert Session.objects.get().generation == part(token, 1)["gen"] == 4


@pytest.mark.spec("RFC 9700", "4.14.2")
def test_a_replayed_token_ends_its_successor_too(person):
    """S3: a replay got 401, and the successor lived on."""
    first = Api().sign_in(person)["refresh"]
    second = refresh(first).json()["refresh"]
    third = refresh(second).json()
    assert refresh(first).status_code == 401
    assert refresh(third["refresh"]).status_code == 401
    assert Api().post("/api/token/verify/", {"token": third["access"]}).status_code == 401


def test_a_replaced_password_ends_every_token(person):
    """S4: nothing was revoked by a change of the password."""
    pair = Api().sign_in(person)
    people.replace_password(user=person, password="a quite different passphrase", keep=None, origin=Origin())
    assert refresh(pair["refresh"]).status_code == 401
    assert Api().post("/api/token/verify/", {"token": pair["access"]}).status_code == 401


def test_no_token_tells_of_the_password(person):
    """S4: the library's cure put an MD5 of the password's hash into a readable token."""
    pair = Api().sign_in(person)
    claims = {*part(pair["access"], 1), *part(pair["refresh"], 1)}
    assert not {claim for claim in claims if "hash" in claim or "revoke" in claim or "pw" in claim}


@pytest.mark.parametrize("subject", ["7", "not-a-uuid", "", "None", "' OR 1=1", "0" * 32])
def test_a_subject_that_is_no_person_is_a_401(person, subject):
    """S5: an id that is none, or of a deleted person, was a 500."""
    token = forged(person, sub=subject)
    api = Api()
    api.bearer = token
    assert api.get("/api/me/").status_code == 401
    assert api.post("/api/token/verify/", {"token": token}).status_code == 401


@pytest.mark.parametrize(
    "claims",
    [{"jti": "x", "gen": 1}, {"jti": 1, "gen": 1}, {"gen": 1}, {"jti": "0" * 32, "gen": "x"}, {"jti": "0" * 32}, {}],
)
def test_a_sealed_counter_that_counts_nothing_is_a_401(person, claims):
    """S5: signed by our own key, and still not a 500."""
    now = clock.now()
    token = ring.sign(claims | {"exp": int(now.timestamp()) + 60}, typ="rt+jwt", algorithm=Algorithm.HS256, now=now)
    assert refresh(token).status_code == 401


def test_the_refresh_of_a_deleted_person_is_a_401(person):
    """S5."""
    token = Api().sign_in(person)["refresh"]
    person.delete()
    assert refresh(token).status_code == 401


def test_no_refresh_token_is_kept(person):
    """S6: live refresh tokens stood in a table, in clear, a row for each refresh."""
    assert not [app for app in settings.INSTALLED_APPS if "token_blacklist" in app]
    kept = {model._meta.label for model in apps.get_models()}
    assert not {label for label in kept if "OutstandingToken" in label or "BlacklistedToken" in label}
    pair = Api().sign_in(person)
    refresh(pair["refresh"])
    rows = "".join(str(row) for model in apps.get_models() for row in model._base_manager.values())
    assert pair["refresh"] not in rows
    assert pair["refresh"].split(".")[2] not in rows


def test_tokens_are_signed_by_the_ring_and_say_whose_and_for_whom(person):
    """S7: HS256 under SECRET_KEY, without kid, iss, aud; user_id for sub."""
    access = Api().sign_in(person)["access"]
    header, claims = part(access, 0), part(access, 1)
    assert (header["alg"], header["typ"]) == ("ES256", "at+jwt")
    assert header["kid"] in {key["kid"] for key in ring.jwks()["keys"]}
    assert (claims["iss"], claims["aud"], claims["sub"]) == (settings.ISSUER, settings.ISSUER, str(person.pk))
    assert "user_id" not in claims


@pytest.mark.parametrize("key", [settings.SECRET_KEY, settings.SECRET_KEY.encode().hex(), ""])
def test_a_token_signed_with_the_secret_key_is_none(person, key):
    """S7."""
    import hashlib
    import hmac
    from base64 import urlsafe_b64encode

    header, payload, _ = Api().sign_in(person)["refresh"].split(".")
    signature = hmac.new(key.encode(), f"{header}.{payload}".encode(), hashlib.sha256).digest()
    assert refresh(f"{header}.{payload}.{urlsafe_b64encode(signature).rstrip(b'=').decode()}").status_code == 401


def test_one_kind_never_passes_for_another(person):
    """S7: the kind stood in a claim, and `typ` was not looked at."""
    pair = Api().sign_in(person)
    assert refresh(pair["access"]).status_code == 401
    assert Api().post("/api/token/verify/", {"token": pair["refresh"]}).status_code == 401
    api = Api()
    api.bearer = pair["refresh"]
    assert api.get("/api/me/").status_code == 401
    assert Session.objects.alive().count() == 1


@pytest.mark.parametrize("scheme", ["Bearer", "bearer", "BEARER", "bEaReR"])
def test_the_scheme_has_no_case(person, scheme):
    """S8: `bearer` in lower case was refused."""
    access = Api().sign_in(person)["access"]
    assert Client().get("/api/me/", headers={"authorization": f"{scheme} {access}"}).status_code == 200


def test_no_answer_with_or_about_a_token_is_stored(person):
    """S8."""
    api = Api()
    pair = api.sign_in(person)
    answers = [
        api.post("/api/token/", {"username": "alice", "password": PASSWORD}),
        api.post("/api/token/", {"username": "alice", "password": "wrong"}),
        api.post("/api/token/verify/", {"token": pair["access"]}),
        api.post("/api/token/refresh/", {"refresh": pair["refresh"]}),
        api.post("/api/token/refresh/", {"refresh": "x"}),
        api.get("/api/sessions/"),
        api.get("/api/me/"),
        api.post("/api/token/logout/"),
    ]
    assert [answer["Cache-Control"] for answer in answers] == ["no-store"] * len(answers)


def test_a_disabled_person_is_out_before_the_token_expires(person):
    """S9: the stateless user let the disabled in until the token's end."""
    api = Api()
    api.sign_in(person)
    people.deactivate(user=person, actor=None)
    assert api.get("/api/me/").status_code == 401


@pytest.mark.parametrize(
    "claim", [{"is_staff": True}, {"is_superuser": True}, {"username": "root"}, {"roles": "admin"}]
)
def test_a_claim_is_no_attribute_of_the_person(person, claim):
    """S9: the stateless user had whatever attribute the token named."""
    api = Api()
    api.bearer = forged(person, **claim)
    answer = api.get("/api/me/")
    assert answer.status_code in {200, 401}
    if answer.status_code == 200:
        assert (answer.json()["username"], answer.json()["roles"]) == ("alice", [])


def test_keys_are_kept_as_objects(person):
    """S10: a PEM text given to the library is checked anew for each signature: 52 ms for RS256."""
    now = clock.now()
    ring.sign({}, typ="JWT", algorithm=Algorithm.RS256, now=now)
    started = time.process_time()
    for _ in range(20):
        ring.sign({}, typ="JWT", algorithm=Algorithm.RS256, now=now)
    assert (time.process_time() - started) / 20 < 0.02


def test_the_library_signs_and_verifies_by_our_ring_alone(person):
    """S7, S10: its own backend would have a key of its own."""
    session = sessions.start(user=person, kind=Session.Kind.API, authentication=_by_password(), origin=Origin())
    token = RefreshToken.for_session(session)
    assert type(state.token_backend).__name__ == "KeyRingBackend"
    assert part(str(token), 0)["kid"] not in {key["kid"] for key in ring.jwks()["keys"]}
    assert RefreshToken.read(str(token)).row_id == session.pk


def _by_password():
    from accounts.authentication import by_password

    return by_password(auth_time=clock.now())
