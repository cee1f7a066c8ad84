"""Assertions about workloads (RFC 7523) that nobody trusted signed, or that say too much: nobody gets in by them."""

import hashlib
import hmac
import json

import pytest
from cryptography.hazmat.primitives import serialization

from oauth.models import Client, Workload
from oauth.services import workload_registration
from tests.client_keys import ISSUER, ClientKey, b64, unsigned
from tests.clients import SECRET, basic, make_client, post_form
from tests.conformance.plans.client_site import ClientSite
from tests.exchanging import refused
from tests.workloads import CI, JWT_BEARER, KEY, MAIN, know, make_service, said_by_ci, show, trust
from trust.audit.models import AuditEvent
from trust.limits.models import GuessCounter

pytestmark = pytest.mark.django_db
EVIL = ClientKey("RS256", "evil")
EVIL_CI = "https://evil-ci.example"


@pytest.fixture(autouse=True)
def known(db, settings):
    settings.RATE_LIMITS = False  # each refusal is for its own reason, however many there were
    make_service()
    trust()
    know()


def out(claims=None, **named):
    return refused(show(claims, **named), "invalid_grant")


def test_the_assertion_that_the_attacks_change_is_good():
    assert show().status_code == 200


# --- Who signed


@pytest.mark.spec("RFC 8725", "3.2")
def test_nobody_is_let_in_by_no_signature():
    for alg in ("none", "None", "NONE", ""):
        out(assertion=unsigned(said_by_ci(), {"alg": alg, "kid": "ci"}))
    out(assertion=unsigned(said_by_ci(), {"alg": "RS256", "kid": "ci"}))
    out(assertion=unsigned(said_by_ci(), {"alg": "RS256", "kid": "ci"}) + "AA")


@pytest.mark.spec("RFC 8725", "2.1")
def test_the_public_key_is_no_shared_secret():
    form, public = serialization.PublicFormat.SubjectPublicKeyInfo, KEY.private.public_key()
    for alg in ("HS256", "RS256", "ES256"):
        for secret in (
            public.public_bytes(serialization.Encoding.PEM, form),
            public.public_bytes(serialization.Encoding.DER, form),
            json.dumps(KEY.jwk()).encode(),
            b"",
        ):
            signed = unsigned(said_by_ci(), {"alg": alg, "kid": "ci"})[:-1]
            out(assertion=f"{signed}.{b64(hmac.digest(secret, signed.encode(), hashlib.sha256))}")


def test_one_issuers_key_signs_for_itself_alone():
    trust(EVIL_CI, key=EVIL)
    know("repo:evil/app:*", issuer=EVIL_CI)
    assert show(said_by_ci(iss=EVIL_CI, sub="repo:evil/app:x"), key=EVIL).status_code == 200
    for kid in ("evil", "ci", None):
        out(key=EVIL, header={"kid": kid})
        out(said_by_ci(iss=EVIL_CI), key=KEY, header={"kid": kid})
    out(said_by_ci(iss=EVIL_CI), key=EVIL)  # our issuer's workload, as another issuer says it
    out(said_by_ci(sub="repo:evil/app:x"))


@pytest.mark.spec("RFC 8725", "3.10")
def test_no_key_of_the_header_is_looked_at():
    with ClientSite() as site:
        uri = site.publish("/keys", EVIL.key_set())
        out(key=EVIL, header={"jwk": EVIL.jwk(), "jku": uri, "x5u": uri, "kid": "../../etc/passwd"})
        out(key=EVIL, header={"kid": "' OR 1=1 --"})
        out(key=KEY, header={"crit": ["exp"]})
        assert site.received("/keys") == []


def test_a_key_is_for_the_algorithm_that_it_says(settings):
    elliptic = ClientKey("ES256", "ci")
    out(key=elliptic)
    trust(jwks={"keys": [KEY.jwk(alg="PS256")]})
    out()
    trust(jwks={"keys": [KEY.jwk(use="enc")]})
    out()
    trust(jwks={"keys": [KEY.jwk(), EVIL.jwk(kid="ci")]})  # two of one kid: no choice is made
    out()


def test_an_issuer_is_known_character_by_character():
    for other in (f"{CI}/", CI.upper(), f"{CI}.", f"{CI}:443", f"{CI}?x", CI.replace("https", "http"), f" {CI}", ""):
        out(said_by_ci(iss=other))
    out(said_by_ci(iss=ISSUER))


def test_our_own_tokens_and_clients_assertions_are_no_assertions_of_workloads():
    key = ClientKey("ES256", "own")
    make_client("keyed", jwks=key.key_set(), token_endpoint_auth_method="private_key_jwt", client_secret="")
    out(said_by_ci(iss="keyed", sub="keyed"), key=key)
    form = {"grant_type": "client_credentials"}
    Client.objects.filter(client_id="deployer").update(grant_types=f"client_credentials {JWT_BEARER}")
    own = post_form("/oauth/token", form, authorization=basic("deployer", SECRET)).json()["access_token"]
    out(assertion=own)


def test_only_registered_issuers_are_ever_asked_and_seldom(settings):
    settings.OUTBOUND_ALLOW_PRIVATE = True
    with ClientSite() as site, ClientSite() as stranger:
        trust(site.url, jwks_uri=site.publish("/keys", KEY.key_set()))
        for number in range(20):
            out(said_by_ci(iss=stranger.url), header={"jku": f"{stranger.url}/keys"})
            out(said_by_ci(iss=site.url), key=EVIL, header={"kid": f"unknown-{number}"})
        assert stranger.received("/keys") == []
        assert len(site.received("/keys")) <= 2  # at first, and once more for a key that was not there


def test_an_issuer_that_does_not_answer_lets_nobody_in(settings):
    settings.OUTBOUND_ALLOW_PRIVATE = True
    with ClientSite() as site:
        trust(site.url, jwks_uri=site.publish("/keys", b"<html>"))
        know(issuer=site.url)
        out(said_by_ci(iss=site.url))
    out(said_by_ci(iss=site.url))


# --- What it says


def test_a_subject_like_that_of_a_workload_is_another():
    for subject in (
        *("repo:org/app-evil:ref:refs/heads/main", "repo:org/app", "repo:org/app:ref:refs/heads/main-evil"),
        *("repo:org/app:ref:refs/heads/mai", "repo:ORG/app:ref:refs/heads/main", f"x{MAIN}", f"{MAIN}\n", f" {MAIN}"),
        *("repo:org/*", "*", "repo:org/app:*", f"{MAIN}*", "%", "repo:org/app:ref:refs/heads/%"),
    ):
        out(said_by_ci(sub=subject))


def test_a_beginning_ends_where_a_part_ends():
    Workload.objects.update(subject="repo:org/app:*")
    for inside in (MAIN, "repo:org/app:pull_request", "repo:org/app:environment:a b"):
        assert show(said_by_ci(sub=inside)).status_code == 200
    for outside in ("repo:org/app-evil:x", "repo:org/app", "repo:org/appx:y", "repo:org:app:x", "x:repo:org/app:y"):
        out(said_by_ci(sub=outside))


def test_a_claim_of_the_assertion_names_no_client():
    make_service("other", scopes="admin", default_scopes="admin")
    answer = show(said_by_ci(client_id="other", scope="admin", azp="other"))
    assert answer.json()["scope"] == "deploy"
    out(client_id="other")


def test_nobodys_assertion_speaks_for_a_person(person):
    for subject in (str(person.pk), person.username, person.email):
        out(said_by_ci(sub=subject))
    answer = show(scope="openid")
    assert answer.json()["error"] == "invalid_scope"


def test_an_assertion_is_good_once_also_if_its_request_is_refused():
    assertion = KEY.sign(said_by_ci())
    assert show(assertion=assertion).status_code == 200
    out(assertion=assertion)
    another = KEY.sign(said_by_ci())
    assert show(assertion=another, scope="admin").json()["error"] == "invalid_scope"
    out(assertion=another)
    out(assertion=assertion, client_id="deployer")


def test_one_issuers_jti_is_not_anothers():
    trust(EVIL_CI, key=EVIL)
    know("repo:evil/app:*", issuer=EVIL_CI)
    claims = said_by_ci()
    theirs = claims | {"iss": EVIL_CI, "sub": "repo:evil/app:x"}
    assert show(theirs, key=EVIL).status_code == 200
    assert show(claims).status_code == 200


def test_what_is_refused_uses_no_jti_and_leaves_no_row():
    before = GuessCounter.objects.count()
    out(key=EVIL)
    out(said_by_ci(sub="repo:org/other:x"))
    assert GuessCounter.objects.count() == before
    assert not AuditEvent.objects.filter(action="workload.admitted").exists()


def test_a_huge_or_odd_assertion_is_refused_at_once():
    assert show(assertion="a." * 3000).status_code == 400
    assert show(said_by_ci(more="x" * 10_000)).status_code == 400
    for odd in ("x", "..", "a.b.c", "\u00e9.\u00e9.\u00e9", KEY.sign(b"[]"), KEY.sign(b"{"), KEY.sign(b"[" * 500)):
        out(assertion=odd)
    deep = {"a": {}}
    for _ in range(60):
        deep = {"a": deep}
    out(assertion=KEY.sign({**said_by_ci(), "x": deep}))


# --- Trust that is taken back


def is_live(token: str) -> bool:
    told = post_form("/oauth/introspect", {"token": token}, authorization=basic("asks", SECRET)).json()
    return bool(told["active"])


@pytest.mark.parametrize("how", ["distrusted", "issuer deleted", "workload deleted", "another key", "another subject"])
def test_what_was_had_dies_when_the_trust_is_taken_back(how):
    make_client("asks", introspects="all")
    token = show().json()["access_token"]
    assert is_live(token)
    name = Workload.objects.get().name
    {
        "distrusted": lambda: trust(is_active=False),
        "issuer deleted": lambda: workload_registration.delete_issuer(issuer=CI),
        "workload deleted": lambda: workload_registration.delete_workload(name=name),
        "another key": lambda: trust(key=EVIL),
        "another subject": lambda: know("repo:org/app:other", name=name),
    }[how]()
    assert not is_live(token)
    out()


def test_wrong_assertions_are_counted_by_address(settings):
    settings.RATE_LIMITS = True
    statuses = [show(key=EVIL).status_code for _ in range(25)]
    assert statuses[:20] == [400] * 20
    assert 429 in statuses
    assert show().status_code == 429


def test_wrong_assertions_about_one_workload_do_not_shut_another_out(settings):
    settings.RATE_LIMITS = True
    for _ in range(25):
        show(said_by_ci(sub="repo:evil/app:x"), key=EVIL)
    assert show().status_code == 200
