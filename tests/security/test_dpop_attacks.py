"""Attacks on tokens that are bound to a key (RFC 9449 section 11), by name."""

import hmac
import http.client
import json
import time
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlsplit

import pytest
from django.core.cache import caches
from django.test import Client as Browser

from tests.bearer import third_party
from tests.client_keys import b64, unsigned
from tests.clients import CALLBACK, SECRET, Application, answer_of, basic, make_client, post_form
from tests.dpop import ISSUER, USERINFO_URL, BoundApplication, ProofKey, ask, ath_of, userinfo
from tests.live_site import LiveSite, live_site
from tests.redis_server import BINARY, RedisServer
from trust.dpop.conf import AHEAD_SECONDS, OLDEST_SECONDS
from trust.lib import clock

pytestmark = pytest.mark.django_db

KEY = BoundApplication.key
THIEFS = ProofKey(kid="the thief's")
MACHINE = {"grant_type": "client_credentials", "scope": "read"}


@pytest.fixture
def bound(person, app) -> BoundApplication:
    program = BoundApplication(app)
    program.sign_in()
    return program


@pytest.fixture
def token(person, app) -> str:
    """A token of Alice's that is bound to KEY, as the token endpoint mints it."""
    return third_party(person, "openid", "profile", "email", client_id="app", cnf={"jkt": KEY.thumbprint})


def machine(proof: str, *, secret: str = SECRET):
    """Ask for a client's own token with a proof."""
    return post_form("/oauth/token", MACHINE, authorization=basic("app", secret), dpop=proof)


def assert_refused(answer, error: str = "invalid_dpop_proof") -> None:
    """See that nothing was given, at the token endpoint or at a resource, and that nothing broke."""
    assert (answer.status_code, answer.json()["error"]) in {(400, error), (401, error)}, answer.content
    assert "access_token" not in answer.json()


# --- Replay


@pytest.mark.spec("RFC 9449", "11.1")
def test_replay_of_a_captured_request(token):
    proof = KEY.proof("GET", USERINFO_URL, token=token)
    assert ask("/oauth/userinfo", token, proof).status_code == 200
    assert_refused(ask("/oauth/userinfo", token, proof))
    assert_refused(ask("/oauth/userinfo", token, proof, scheme="dpop"))


def test_replay_at_another_view_of_the_same_address_in_other_words(token):
    """The jti is used up for its key, not for the text of an address or of a proof."""
    jti = "one"
    assert userinfo(token, KEY, jti=jti).status_code == 200
    assert_refused(userinfo(token, KEY, jti=jti, htu=f"{USERINFO_URL}?x=y"))
    assert_refused(machine(KEY.proof(jti=jti)))


def test_replay_of_a_refused_attempt_of_the_owner_is_no_lock_out(token):
    """What was refused before it was used is not used up by whoever sent it."""
    proof = KEY.proof("GET", USERINFO_URL, token=token)
    assert_refused(ask("/oauth/userinfo", token, proof, method="POST"))
    assert_refused(ask("/api/user_info/", token, proof))
    assert ask("/oauth/userinfo", token, proof).status_code == 200


def test_a_stranger_cannot_use_up_the_jti_of_another_key(token):
    assert userinfo(token, THIEFS, jti="one").status_code == 401
    assert userinfo(token, KEY, jti="one").status_code == 200


@pytest.mark.django_db(transaction=True)
def test_replay_at_another_process_and_in_parallel(person):
    program = BoundApplication(make_client())
    program.sign_in()
    value = program.tokens()["access_token"]
    proofs = [KEY.proof("GET", USERINFO_URL, token=value) for _ in range(2)]
    assert ask("/oauth/userinfo", value, proofs[0]).status_code == 200
    with live_site(blocking_threads=20) as site:
        assert _status(site, value, proofs[0]) == 401
        with ThreadPoolExecutor(20) as pool:
            statuses = list(pool.map(lambda _: _status(site, value, proofs[1]), range(20)))
        assert sorted(statuses) == [200] + [401] * 19
        _two_headers(site, value)
    assert ask("/oauth/userinfo", value, proofs[1]).status_code == 401


def _status(site: LiveSite, value: str, *proofs: str, authorizations: tuple[str, ...] = ()) -> int:
    connection = http.client.HTTPConnection(urlsplit(site.url).netloc, timeout=30)
    connection.putrequest("GET", "/oauth/userinfo", skip_host=True)
    connection.putheader("Host", "testserver")
    for shown in authorizations or (f"DPoP {value}",):
        connection.putheader("Authorization", shown)
    for proof in proofs:
        connection.putheader("DPoP", proof)
    connection.endheaders()
    return connection.getresponse().status


def _two_headers(site: LiveSite, value: str) -> None:
    """RFC 9449 section 4.3: one DPoP header and no more; nor are there two Authorization headers."""

    def proof() -> str:
        return KEY.proof("GET", USERINFO_URL, token=value)

    assert _status(site, value, proof(), proof()) == 401
    assert _status(site, value, proof(), "") == 401
    same = proof()
    assert _status(site, value, same, same) == 401
    for second in (f"Bearer {value}", f"DPoP {value}", "Basic YTpi"):
        assert _status(site, value, proof(), authorizations=(f"DPoP {value}", second)) == 401
        assert _status(site, value, proof(), authorizations=(second, f"DPoP {value}")) == 401
    assert _status(site, value, proof()) == 200


@pytest.mark.skipif(BINARY is None, reason="needs Redis: apt install redis-server")
def test_replay_while_redis_is_down_and_when_it_is_back(token, settings, tmp_path):
    with RedisServer(tmp_path) as redis:
        settings.CACHES = {
            "default": {
                "BACKEND": "trust.lib.cache.FallbackRedisCache",
                "LOCATION": redis.url,
                "OPTIONS": {"socket_timeout": 0.25, "socket_connect_timeout": 0.25},
            }
        }
        used = KEY.proof("GET", USERINFO_URL, token=token)
        assert ask("/oauth/userinfo", token, used).status_code == 200
        redis.kill()
        answer = ask("/oauth/userinfo", token, used)
        assert_refused(answer, "use_dpop_nonce")
        second = KEY.proof("GET", USERINFO_URL, token=token, nonce=answer["DPoP-Nonce"])
        assert ask("/oauth/userinfo", token, second).status_code == 200
        assert_refused(ask("/oauth/userinfo", token, second))
        redis.start()
        assert_refused(ask("/oauth/userinfo", token, second))
        caches.close_all()


# --- Key substitution


@pytest.mark.spec("RFC 9449", "7.1")
def test_a_stolen_token_with_a_proof_by_the_thiefs_own_key(token):
    assert_refused(userinfo(token, THIEFS), "invalid_token")


@pytest.mark.spec("RFC 9449", "4.3")
def test_a_proof_that_names_the_owners_key_and_is_signed_by_the_thiefs(token):
    assert_refused(userinfo(token, THIEFS, header={"jwk": KEY.public()}))


@pytest.mark.parametrize(
    "header",
    [
        {"kid": "the application's"},
        {"x5c": ["MIIB"], "x5t": "abc"},
        {"jku": "https://evil.example/keys", "x5u": "https://evil.example/cert"},
    ],
)
def test_headers_that_lead_to_another_key_lead_nowhere(token, header):
    """The jwk alone says whose the proof is: with a foreign one it is foreign, whatever stands beside."""
    assert_refused(userinfo(token, THIEFS, header=header), "invalid_token")
    assert_refused(userinfo(token, THIEFS, header=header | {"jwk": None}))
    assert userinfo(token, KEY, header=header).status_code == 200


def test_a_jwk_with_its_private_part_is_refused(token):
    private = KEY.private.private_numbers().private_value.to_bytes(32)
    assert_refused(userinfo(token, KEY, header={"jwk": KEY.public(d=b64(private))}))


@pytest.mark.parametrize("alg", ["none", "None", "NONE", "", "HS256", "RS256", "ES512"])
def test_an_algorithm_that_proves_nothing(token, alg):
    assert_refused(userinfo(token, KEY, header={"alg": alg}))


def test_a_proof_without_a_signature(token):
    claims = {"jti": "a", "htm": "GET", "htu": USERINFO_URL, "iat": int(time.time()), "ath": ath_of(token)}
    for alg in ("none", "ES256"):
        shown = unsigned(claims, {"alg": alg, "typ": "dpop+jwt", "jwk": KEY.public()})
        assert_refused(ask("/oauth/userinfo", token, shown))


def test_a_public_key_as_the_secret_of_an_hmac(token):
    claims = {"jti": "a", "htm": "GET", "htu": USERINFO_URL, "iat": int(time.time()), "ath": ath_of(token)}
    for jwk in (KEY.public(), {"kty": "oct", "k": b64(json.dumps(KEY.public()).encode())}):
        signed = unsigned(claims, {"alg": "HS256", "typ": "dpop+jwt", "jwk": jwk})[:-1]
        mac = hmac.digest(json.dumps(KEY.public()).encode(), signed.encode(), "sha256")
        assert_refused(ask("/oauth/userinfo", token, f"{signed}.{b64(mac)}"))


def test_what_else_a_client_signs_is_no_proof(token):
    """An assertion, a request object or an id token, though it be by the same key."""
    for typ in ("JWT", "client-authentication+jwt", "oauth-authz-req+jwt", "at+jwt", None):
        assert_refused(userinfo(token, KEY, header={"typ": typ}))


def test_a_header_that_was_good_is_not_believed_for_another_signature(token):
    """The key of a known header is kept; its signature is looked at each time."""
    assert userinfo(token, KEY).status_code == 200
    head = KEY.proof("GET", USERINFO_URL, token=token).partition(".")[0]
    body = THIEFS.proof("GET", USERINFO_URL, token=token).partition(".")[2]
    assert_refused(ask("/oauth/userinfo", token, f"{head}.{body}"))


def test_crit_is_not_passed_over(token):
    assert_refused(userinfo(token, KEY, header={"crit": ["b64"], "b64": False}))


# --- The token


def test_the_token_of_another_key_is_not_had_by_an_own_proof(person, token):
    other = third_party(person, "openid", "email", cnf={"jkt": THIEFS.thumbprint})
    assert_refused(userinfo(other, KEY), "invalid_token")
    assert_refused(userinfo(token, THIEFS), "invalid_token")


@pytest.mark.spec("RFC 9449", "7.2")
@pytest.mark.parametrize(
    "path", ["/oauth/userinfo", "/api/user_info/", "/api/me/", "/api/protected/", "/api/sessions/"]
)
@pytest.mark.parametrize("scheme", ["Bearer", "bearer", "BEARER"])
def test_downgrade_to_bearer(token, path, scheme):
    assert_refused(ask(path, token, None, scheme=scheme), "invalid_token")
    assert_refused(ask(path, token, KEY.proof("GET", f"{ISSUER}{path}", token=token), scheme=scheme), "invalid_token")


def test_downgrade_by_the_form(token):
    assert_refused(post_form("/oauth/userinfo", {"access_token": token}), "invalid_token")
    answer = post_form("/oauth/userinfo", {"access_token": token}, dpop=KEY.proof(url=USERINFO_URL, token=token))
    assert_refused(answer, "invalid_token")


def test_downgrade_where_a_token_is_verified_for_others(token):
    assert Browser().post("/api/token/verify/", {"token": token}, content_type="application/json").status_code == 401


@pytest.mark.parametrize("cnf", [{"x5t#S256": "bwcK0esc3ACC"}, {"jwk": {}}, {"jkt": ["x"]}, {"jkt": ""}])
def test_a_token_that_is_bound_in_another_way_is_not_had_by_a_proof(person, cnf):
    value = third_party(person, "openid", cnf=cnf)
    assert_refused(userinfo(value, KEY), "invalid_token")
    assert_refused(ask("/oauth/userinfo", value, None, scheme="Bearer"), "invalid_token")


@pytest.mark.spec("RFC 9449", "4.3")
def test_the_proof_for_another_token_of_the_same_key(bound, token):
    other = bound.tokens()["access_token"]
    assert_refused(ask("/oauth/userinfo", token, KEY.proof("GET", USERINFO_URL, token=other)))
    assert_refused(ask("/oauth/userinfo", token, KEY.proof("GET", USERINFO_URL)))


def test_a_proof_for_the_token_endpoint_is_none_for_a_resource(token):
    assert_refused(ask("/oauth/userinfo", token, KEY.proof(ath=ath_of(token))))


def test_a_revoked_token_is_dead_with_the_best_of_proofs(bound, token):
    time.sleep(0.01)
    assert post_form("/oauth/revoke", {"token": token}, authorization=basic("app", SECRET)).status_code == 200
    assert_refused(userinfo(token, KEY), "invalid_token")


# --- Where and when


@pytest.mark.parametrize(
    "htu",
    [
        "http://testserver/api/me/",
        "http://evil.example/oauth/userinfo",
        "https://testserver/oauth/userinfo",
        "http://testserver.evil.example/oauth/userinfo",
        "http://testserver@evil.example/oauth/userinfo",
        "http://localhost/oauth/userinfo",
        "/oauth/userinfo",
        "http://testserver/oauth/userinfo/../../api/me",
    ],
)
def test_a_proof_for_another_address(token, htu):
    assert_refused(userinfo(token, KEY, htu=htu))


def test_a_proof_for_the_address_that_a_host_header_invents(token):
    """A site of the attacker's collects proofs for itself: no header makes us that site."""
    for host in ("localhost", "127.0.0.1"):
        proof = KEY.proof("GET", f"http://{host}/oauth/userinfo", token=token)
        headers = {"authorization": f"DPoP {token}", "dpop": proof, "host": host, "x-forwarded-host": host}
        assert_refused(Browser().get("/oauth/userinfo", headers=headers))
        proof = KEY.proof("GET", USERINFO_URL, token=token)
        assert Browser().get("/oauth/userinfo", headers=headers | {"dpop": proof}).status_code == 200


@pytest.mark.parametrize("htm", ["POST", "get", "HEAD", "", "GET "])
def test_a_proof_for_another_method(token, htm):
    assert_refused(userinfo(token, KEY, htm=htm))


@pytest.mark.spec("RFC 9449", "11.2")
def test_proofs_made_in_advance_for_later(token):
    now = int(clock.now().timestamp())
    for ahead in (AHEAD_SECONDS + 2, 60, 3600, 10**8):
        assert_refused(userinfo(token, KEY, iat=now + ahead))
    for ago in (OLDEST_SECONDS + 2, 3600):
        assert_refused(userinfo(token, KEY, iat=now - ago))


@pytest.mark.spec("RFC 9449", "11.2")
def test_proofs_made_in_advance_need_a_nonce_that_nobody_knows_yet(token, settings):
    settings.DPOP_NONCE = "required"
    answer = userinfo(token, KEY)
    assert_refused(answer, "use_dpop_nonce")
    assert userinfo(token, KEY, nonce=answer["DPoP-Nonce"]).status_code == 200
    for nonce in ("", answer["DPoP-Nonce"][:-1], answer["DPoP-Nonce"] + "A", answer["DPoP-Nonce"].swapcase()):
        assert_refused(userinfo(token, KEY, nonce=nonce), "use_dpop_nonce")


# --- Codes and refresh tokens


def test_a_stolen_code_is_bound_to_the_key_of_who_began(person, spa):
    program = BoundApplication(spa)
    program.sign_in()
    code = answer_of(program.decide(dpop_jkt=KEY.thumbprint))["code"]
    assert_refused(program.exchange(code, proof=THIEFS.proof()), "invalid_grant")
    assert_refused(program.exchange(code, proof=""), "invalid_grant")
    assert program.exchange(code).status_code == 200


def test_a_stolen_refresh_token_of_a_public_client_is_worth_nothing_and_ends_nothing(person, spa):
    """Whoever has not the key cannot even end the grant by presenting an old one."""
    program = BoundApplication(spa)
    program.sign_in()
    first = program.tokens(scope="openid offline_access")["refresh_token"]
    second = program.refresh(first).json()["refresh_token"]
    third = program.refresh(second).json()["refresh_token"]
    for stolen in (first, second, third):
        assert_refused(program.refresh(stolen, proof=THIEFS.proof()), "invalid_grant")
        assert_refused(program.refresh(stolen, proof=""), "invalid_grant")
    assert program.refresh(third).status_code == 200


def test_a_client_cannot_be_talked_out_of_its_binding(person):
    client = make_client("strict", dpop_bound_access_tokens=True, redirect_uris=CALLBACK)
    program = Application(client)
    program.sign_in()
    code = program.code()
    assert_refused(program.exchange(code))
    assert_refused(post_form("/oauth/token", MACHINE, authorization=basic("strict", SECRET), dpop=""))
