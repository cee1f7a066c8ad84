"""RFC 9449: tokens bound to a key, by proofs at the token endpoint and at our own resources."""

import pytest
from django.test import Client as Browser

from oauth.models import RefreshToken
from tests.bearer import BARE, METADATA
from tests.clients import Application, basic, make_client, post_form
from tests.dpop import ISSUER, USERINFO_URL, BoundApplication, ProofKey, ask, userinfo
from tests.explained import last_explained
from tests.relying_party import verified
from trust.explain.vocabulary import Found

pytestmark = pytest.mark.django_db

ME_URL = f"{ISSUER}/api/me/"
OFFLINE = "openid profile email offline_access"
OTHER = ProofKey(kid="another")


@pytest.fixture
def bound(person, app) -> BoundApplication:
    """A confidential client's program that has a key; Alice is signed in."""
    program = BoundApplication(app)
    program.sign_in()
    return program


@pytest.fixture
def bound_spa(person, spa) -> BoundApplication:
    """A public client's program that has a key; Alice is signed in."""
    program = BoundApplication(spa)
    program.sign_in()
    return program


def refused(answer, error: str = "invalid_dpop_proof") -> str:
    """Check how the token endpoint refuses, and return what it says."""
    assert (answer.status_code, answer.json()["error"]) == (400, error), answer.content
    assert answer["Cache-Control"] == "no-store"
    return answer.json()["error_description"]


def unauthorized(answer) -> str:
    """Check how a resource refuses who came by DPoP, and return its challenge."""
    assert answer.status_code == 401, answer.content
    challenge = answer["WWW-Authenticate"]
    assert challenge.startswith(f'DPoP realm="api", {METADATA}, error="')
    assert challenge.endswith('algs="ES256 PS256 EdDSA"')
    return challenge


@pytest.mark.spec("RFC 9449", "5")
@pytest.mark.spec("RFC 9449", "6.1")
@pytest.mark.parametrize("algorithm", ["ES256", "PS256", "EdDSA"])
def test_a_proof_binds_the_token_to_its_key(bound, algorithm):
    key = ProofKey(algorithm)
    answer = bound.exchange(bound.code(), proof=key.proof())
    assert (answer.status_code, answer.json()["token_type"]) == (200, "DPoP")
    claims = verified(answer.json()["access_token"], audience=ISSUER)
    assert claims["cnf"] == {"jkt": key.thumbprint}


@pytest.mark.spec("RFC 9449", "5")
def test_without_a_proof_a_token_is_bound_to_nothing(bound):
    tokens = bound.exchange(bound.code(), proof="").json()
    assert tokens["token_type"] == "Bearer"
    assert "cnf" not in verified(tokens["access_token"], audience=ISSUER)


@pytest.mark.spec("RFC 9449", "5")
def test_every_grant_binds(bound):
    tokens = bound.tokens(scope=OFFLINE)
    answers = [
        bound.refresh(tokens["refresh_token"]),
        bound.token(grant_type="client_credentials", scope="read"),
    ]
    for answer in answers:
        assert answer.json()["token_type"] == "DPoP"
        claims = verified(answer.json()["access_token"], audience=ISSUER)
        assert claims["cnf"] == {"jkt": bound.key.thumbprint}


@pytest.mark.spec("RFC 9449", "5")
def test_a_refresh_token_of_a_public_client_is_bound(bound_spa):
    token = bound_spa.tokens(scope=OFFLINE)["refresh_token"]
    assert refused(bound_spa.refresh(token, proof=""), "invalid_grant")
    assert last_explained().finding == Found.KEY_DIFFERS
    assert refused(bound_spa.refresh(token, proof=OTHER.proof()), "invalid_grant")
    answer = bound_spa.refresh(token)
    assert (answer.status_code, answer.json()["token_type"]) == (200, "DPoP")


@pytest.mark.spec("RFC 9449", "5")
def test_a_refresh_token_of_a_confidential_client_is_not_bound(bound):
    """It is bound to the client, which may change its key."""
    token = bound.tokens(scope=OFFLINE)["refresh_token"]
    answer = bound.refresh(token, proof=OTHER.proof())
    assert verified(answer.json()["access_token"], audience=ISSUER)["cnf"] == {"jkt": OTHER.thumbprint}
    assert RefreshToken.objects.get().dpop_jkt == ""


@pytest.mark.spec("RFC 9449", "5.2")
@pytest.mark.parametrize("policy", [{"dpop_bound_access_tokens": True}, {"profile": "fapi2"}])
def test_a_client_that_binds_its_tokens_gets_no_other(db, policy):
    program = BoundApplication(make_client("machine", grant_types="client_credentials", redirect_uris="", **policy))
    assert refused(program.token(grant_type="client_credentials", scope="read", proof=""))
    assert last_explained().finding == Found.DPOP_MISSING
    answer = program.token(grant_type="client_credentials", scope="read")
    assert (answer.status_code, answer.json()["token_type"]) == (200, "DPoP")


@pytest.mark.spec("RFC 9449", "5")
@pytest.mark.parametrize(
    ("changed", "found"),
    [
        ({"htm": "GET"}, Found.DPOP_NOT_MEANT_SO),
        ({"htu": USERINFO_URL}, Found.DPOP_NOT_MEANT_SO),
        ({"header": {"typ": "JWT"}}, Found.DPOP_NOT_MEANT_SO),
        ({"header": {"jwk": None}}, Found.DPOP_KEY_UNFIT),
        ({"header": {"jwk": OTHER.public()}}, Found.DPOP_NOT_VERIFIED),
        ({"iat": 1}, Found.CLOCK_BEHIND),
        ({"iat": None}, Found.TIME_MISSING),
        ({"jti": None}, Found.DPOP_NOT_MEANT_SO),
    ],
)
def test_a_proof_that_is_not_good_is_refused_and_the_code_is_not_spent(bound, changed, found):
    code = bound.code()
    assert refused(bound.exchange(code, proof=bound.key.proof(**changed)))
    assert last_explained().finding == found
    assert last_explained().step == "rfc9449_dpop.key"
    assert bound.exchange(code).status_code == 200


@pytest.mark.spec("RFC 9449", "4.3")
def test_a_proof_is_good_once(bound):
    proof = bound.key.proof()
    assert bound.token(grant_type="client_credentials", scope="read", proof=proof).status_code == 200
    assert refused(bound.token(grant_type="client_credentials", scope="read", proof=proof))
    assert last_explained().finding == Found.DPOP_USED


@pytest.mark.spec("RFC 9449", "4.3")
def test_the_address_of_a_proof_is_the_issuers_with_or_without_a_slash(bound):
    form = {"grant_type": "client_credentials", "scope": "read"}
    credentials = basic("app", bound.secret)
    for path in ("/oauth/token", "/oauth/token/"):
        proof = bound.key.proof(url=f"{ISSUER}{path}")
        assert post_form(path, form, authorization=credentials, dpop=proof).json()["token_type"] == "DPoP"
    proof = bound.key.proof(url=f"{ISSUER}/oauth/token/")
    assert refused(post_form("/oauth/token", form, authorization=credentials, dpop=proof))


@pytest.mark.spec("RFC 9449", "5")
def test_who_the_client_is_matters_before_its_proof(bound, app):
    bound.secret = "wrong"
    answer = bound.token(grant_type="client_credentials", proof="nonsense")
    assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client")


# --- Nonces


@pytest.mark.spec("RFC 9449", "8")
def test_where_nonces_are_demanded_the_token_endpoint_gives_one(bound, settings):
    settings.DPOP_NONCE = "required"
    code = bound.code()
    answer = bound.exchange(code)
    assert refused(answer, "use_dpop_nonce")
    assert "error_uri" not in answer.json()
    answer = bound.exchange(code, proof=bound.key.proof(nonce=answer["DPoP-Nonce"]))
    assert answer.json()["token_type"] == "DPoP"
    assert answer["DPoP-Nonce"]


@pytest.mark.spec("RFC 9449", "8")
def test_a_nonce_that_is_none_of_ours_is_refused_though_none_is_demanded(bound):
    assert refused(bound.exchange(bound.code(), proof=bound.key.proof(nonce="nonsense")), "use_dpop_nonce")


def test_who_sends_no_nonce_where_none_is_demanded_is_given_none(bound):
    answer = bound.exchange(bound.code())
    assert "DPoP-Nonce" not in answer
    assert "DPoP-Nonce" not in userinfo(answer.json()["access_token"], bound.key)


@pytest.mark.spec("RFC 9449", "9")
@pytest.mark.parametrize(("path", "url"), [("/oauth/userinfo", USERINFO_URL), ("/api/me/", ME_URL)])
def test_where_nonces_are_demanded_a_resource_gives_one(bound, settings, path, url):
    token = bound.tokens(scope="openid profile email")["access_token"]
    settings.DPOP_NONCE = "required"
    answer = ask(path, token, bound.key.proof("GET", url, token=token))
    assert 'error="use_dpop_nonce"' in unauthorized(answer)
    nonce = answer["DPoP-Nonce"]
    answer = ask(path, token, bound.key.proof("GET", url, token=token, nonce=nonce))
    assert answer.status_code in {200, 403}  # "me" is not open to third parties
    assert answer["DPoP-Nonce"]


# --- Resources


@pytest.mark.spec("RFC 9449", "7.1")
@pytest.mark.parametrize("scheme", ["DPoP", "dpop", "DPOP"])
def test_a_bound_token_is_shown_with_a_proof(bound, person, scheme):
    token = bound.tokens()["access_token"]
    answer = ask("/oauth/userinfo", token, bound.key.proof("GET", USERINFO_URL, token=token), scheme=scheme)
    assert (answer.status_code, answer.json()["sub"]) == (200, str(person.pk))


@pytest.mark.spec("RFC 9449", "7.1")
def test_a_guarded_view_takes_a_bound_token(bound, person):
    token = bound.tokens(scope="openid profile email")["access_token"]
    answer = ask("/api/user_info/", token, bound.key.proof("GET", f"{ISSUER}/api/user_info/", token=token))
    assert (answer.status_code, answer.json()["sub"]) == (200, str(person.pk))


@pytest.mark.spec("RFC 9449", "7.2")
@pytest.mark.parametrize("path", ["/oauth/userinfo", "/api/user_info/"])
def test_a_bound_token_is_refused_as_a_bearer_token(bound, path):
    answer = ask(path, bound.tokens()["access_token"], None, scheme="Bearer")
    assert answer.status_code == 401
    assert answer["WWW-Authenticate"] == (
        f'{BARE}, error="invalid_token", error_description="The access token is bound to a key", '
        'DPoP realm="api", algs="ES256 PS256 EdDSA"'
    )


@pytest.mark.spec("RFC 9449", "7.1")
@pytest.mark.parametrize("path", ["/oauth/userinfo", "/api/user_info/"])
def test_a_token_that_is_not_bound_is_refused_by_dpop(bound, path):
    token = bound.exchange(bound.code(), proof="").json()["access_token"]
    answer = ask(path, token, bound.key.proof("GET", f"{ISSUER}{path}", token=token))
    assert 'error="invalid_token", error_description="The access token is not bound to a key"' in unauthorized(answer)


@pytest.mark.spec("RFC 9449", "7.1")
@pytest.mark.parametrize("path", ["/oauth/userinfo", "/api/user_info/"])
@pytest.mark.parametrize(
    ("changed", "error", "said"),
    [
        ({"htm": "POST"}, "invalid_dpop_proof", "The DPoP proof is not for this request: htm"),
        ({"htu": "http://testserver/"}, "invalid_dpop_proof", "The DPoP proof is not for this request: htu"),
        ({"ath": None}, "invalid_dpop_proof", "The DPoP proof is not for this request: ath"),
        ({"iat": 1}, "invalid_dpop_proof", "The DPoP proof is too old: iat"),
    ],
)
def test_a_resource_says_what_is_wrong_with_a_proof(bound, path, changed, error, said):
    token = bound.tokens()["access_token"]
    answer = ask(path, token, bound.key.proof("GET", f"{ISSUER}{path}", token=token, **changed))
    assert f'error="{error}", error_description="{said}"' in unauthorized(answer)
    assert answer.json()["error"] == error


@pytest.mark.spec("RFC 9449", "7.1")
@pytest.mark.parametrize("path", ["/oauth/userinfo", "/api/user_info/"])
def test_a_bound_token_without_a_proof_is_refused(bound, path):
    answer = ask(path, bound.tokens()["access_token"], None)
    assert 'error="invalid_dpop_proof", error_description="A DPoP proof is required"' in unauthorized(answer)


@pytest.mark.spec("RFC 9449", "7.1")
@pytest.mark.parametrize("path", ["/oauth/userinfo", "/api/user_info/"])
def test_without_a_token_both_schemes_are_named(db, path):
    answer = Browser().get(path)
    assert answer["WWW-Authenticate"] == f'{BARE}, DPoP realm="api", algs="ES256 PS256 EdDSA"'


@pytest.mark.spec("RFC 9449", "7.1")
@pytest.mark.parametrize(("path", "scope"), [("/api/user_info/", "openid"), ("/oauth/userinfo", "profile")])
def test_what_a_bound_token_lacks_is_said_by_its_scheme(bound, path, scope):
    token = bound.tokens(scope=scope)["access_token"]
    answer = ask(path, token, bound.key.proof("GET", f"{ISSUER}{path}", token=token))
    assert answer.status_code == 403
    assert answer["WWW-Authenticate"].startswith(f'DPoP realm="api", {METADATA}, error="insufficient_scope"')


@pytest.mark.spec("RFC 9449", "6.2")
def test_introspection_tells_the_key(bound, app):
    app.introspects = "own"
    app.save()
    token = bound.tokens()["access_token"]
    told = post_form("/oauth/introspect", {"token": token}, authorization=basic("app", bound.secret)).json()
    assert (told["active"], told["token_type"], told["cnf"]) == (True, "DPoP", {"jkt": bound.key.thumbprint})


@pytest.mark.spec("RFC 9449", "6")
def test_an_opaque_token_is_bound_as_well(person):
    program = BoundApplication(make_client(access_token_format="opaque", introspects="own"))
    program.sign_in()
    token = program.tokens()["access_token"]
    assert userinfo(token, program.key).status_code == 200
    assert ask("/oauth/userinfo", token, None, scheme="Bearer").status_code == 401
    assert 'bound to another key"' in unauthorized(userinfo(token, OTHER))
    told = post_form("/oauth/introspect", {"token": token}, authorization=basic("app", program.secret)).json()
    assert (told["token_type"], told["cnf"]) == ("DPoP", {"jkt": program.key.thumbprint})


# --- The authorization request


@pytest.mark.spec("RFC 9449", "10")
def test_a_code_is_bound_to_the_key_that_the_request_names(bound):
    def code() -> str:
        return bound.code(dpop_jkt=bound.key.thumbprint)

    for proof in ("", OTHER.proof()):
        assert refused(bound.exchange(code(), proof=proof), "invalid_grant")
        assert last_explained().finding == Found.KEY_DIFFERS
    assert bound.exchange(code()).json()["token_type"] == "DPoP"


@pytest.mark.spec("RFC 9449", "10")
@pytest.mark.parametrize("thumbprint", ["x", "x" * 44, "x" * 42 + "=", "x" * 42 + " ", "é" * 43])
def test_a_malformed_dpop_jkt_is_refused(bound, thumbprint):
    answer = bound.authorize(dpop_jkt=thumbprint)
    assert "error=invalid_request" in answer["Location"]


# --- Metadata and browsers


@pytest.mark.spec("RFC 9449", "5.1")
@pytest.mark.parametrize("name", ["openid-configuration", "oauth-authorization-server"])
def test_the_metadata_names_the_algorithms(db, name):
    said = Browser().get(f"/.well-known/{name}").json()
    assert said["dpop_signing_alg_values_supported"] == ["ES256", "PS256", "EdDSA"]


@pytest.mark.spec("RFC 9449", "8.2")
def test_a_program_in_a_browser_may_send_proofs_and_read_nonces(bound_spa):
    origin = {"origin": "https://spa.example"}
    preflight = Browser().options("/oauth/token", headers=origin | {"access-control-request-method": "POST"})
    assert "DPoP" in preflight["Access-Control-Allow-Headers"]
    answer = post_form("/oauth/token", {"client_id": "spa"}, **origin, dpop="nonsense")
    assert "DPoP-Nonce" in answer["Access-Control-Expose-Headers"]


def test_a_client_that_knows_nothing_of_dpop_is_served_as_ever(person, app):
    program = Application(app)
    program.sign_in()
    tokens = program.tokens(scope=OFFLINE)
    assert tokens["token_type"] == "Bearer"
    assert program.refresh(tokens["refresh_token"]).json()["token_type"] == "Bearer"
    assert ask("/oauth/userinfo", tokens["access_token"], "nonsense", scheme="Bearer").status_code == 200
