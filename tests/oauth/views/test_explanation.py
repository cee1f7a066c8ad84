"""A refusal names its record; the page says in general how to mend it, and staff see what was found."""

import time
from datetime import timedelta
from urllib.parse import urlencode

import pytest
from django.conf import settings
from django.contrib.auth.models import Group
from django.test import Client as Browser

from oauth.models import AuthorizationCode, RefreshToken
from oauth.vocabulary import AuthMethod
from tests.client_keys import ClientKey, assertion_claims, by_assertion
from tests.clients import CALLBACK, SECRET, Application, answer_of, basic, make_client, post_form
from tests.clients import app as app
from tests.clients import spa as spa
from tests.explained import explained, last_explained, reference_of
from tests.registration import register
from tests.staff import sign_in_strongly
from trust.explain.vocabulary import Endpoint, Found
from trust.lib import clock

pytestmark = pytest.mark.django_db
KEY = ClientKey("ES256", "explained")
CREDENTIALS = {"grant_type": "client_credentials"}


@pytest.fixture
def application(person, app):
    program = Application(app)
    program.sign_in()
    return program


def found(answer=None):
    """Return what was found of the last request, by what it was named after."""
    row = last_explained()
    if answer is not None:
        assert reference_of(answer) == row.reference
    return row.finding


def page_of(reference, browser=None):
    return (browser or Browser()).get(f"/oauth/errors/{reference}")


# --- An authorization request


def test_the_page_of_a_refused_request_shows_its_reference(app):
    page = Browser().get("/oauth/authorize", {"client_id": "app", "redirect_uri": f"{CALLBACK}/x?code=abc"})
    row = last_explained()
    assert f'href="{settings.ISSUER}/oauth/errors/{row.reference}"' in page.content.decode()
    assert (row.endpoint, row.client_id, row.error) == (Endpoint.AUTHORIZATION, "app", "invalid_request")
    assert (row.step, row.finding) == ("choose_redirect_uri", Found.REDIRECT_URI_DIFFERS)
    assert (row.came, row.expected) == (f"{CALLBACK}/x?code=…", CALLBACK)


@pytest.mark.spec("RFC 6749", "4.1.2.1")
def test_the_redirect_carries_the_reference(application):
    answer = application.authorize(scope="openid admin everything")
    assert answer_of(answer)["error_uri"] == f"{settings.ISSUER}/oauth/errors/{last_explained().reference}"
    assert found(answer) == Found.SCOPE_NOT_ALLOWED
    assert last_explained().came == "admin everything"
    assert "profile" in last_explained().expected


@pytest.mark.parametrize(
    ("changed", "what"),
    [
        ({"code_challenge": None, "code_challenge_method": None}, Found.CHALLENGE_MISSING),
        ({"code_challenge_method": "plain"}, Found.CHALLENGE_METHOD),
        ({"code_challenge": "short"}, Found.CHALLENGE_MALFORMED),
        ({"response_type": "token"}, Found.VALUE_UNSUPPORTED),
        ({"response_type": None}, Found.PARAMETER_MISSING),
        ({"response_mode": "fragment"}, Found.VALUE_UNSUPPORTED),
        ({"nonce": "n" * 300}, Found.VALUE_MALFORMED),
        ({"prompt": "none login"}, Found.PROMPT_CONTRADICTS),
        ({"max_age": "soon"}, Found.VALUE_MALFORMED),
        ({"claims": "{"}, Found.VALUE_MALFORMED),
        ({"prompt": "none", "scope": "openid email"}, Found.PAGE_NEEDED),
        ({"request": "nothing"}, Found.OBJECT_UNREADABLE),
        ({"request_uri": "https://app.example/object"}, Found.REQUEST_URI_UNREGISTERED),
    ],
)
def test_a_redirected_refusal_says_what_was_found(application, changed, what):
    assert found(application.authorize(**changed)) == what


def test_a_form_carries_the_reference_too(application):
    page = application.authorize(response_mode="form_post", response_type="token").content.decode()
    assert f'name="error_uri" value="{settings.ISSUER}/oauth/errors/{last_explained().reference}"' in page


def test_an_unknown_and_a_disabled_client_are_told_apart_for_staff(app):
    ask = Browser().get
    unknown = ask("/oauth/authorize", {"client_id": "apq"})
    assert (found(), last_explained().client_id) == (Found.CLIENT_UNKNOWN, "apq")
    app.is_active = False
    app.save()
    disabled = ask("/oauth/authorize", {"client_id": "app"})
    assert (found(), last_explained().client_id) == (Found.CLIENT_DISABLED, "app")
    told = [answer.content.decode().partition("<h1>")[2].partition("Reference")[0] for answer in (disabled, unknown)]
    assert told[0] == told[1]
    pages = [page_of(row.reference).content.decode() for row in explained()]
    assert all("The client is disabled" not in page and "Compare the parameters" in page for page in pages)
    assert ask("/oauth/authorize").status_code == 400
    assert (found(), last_explained().about) == (Found.PARAMETER_MISSING, "client_id")


def test_a_repeated_parameter_is_named(application):
    query = f"{urlencode(application.parameters())}&state=again&{'x' * 40}=1&{'x' * 40}=2"
    answer = application.browser.get(f"/oauth/authorize?{query}")
    assert (found(answer), last_explained().about) == (Found.PARAMETER_REPEATED, "state")


def test_who_is_in_no_group_of_the_client_is_named_to_staff_and_sees_the_reference(application, person):
    application.client.groups.add(Group.objects.create(name="few"))
    page = application.authorize().content.decode()
    row = last_explained()
    assert (row.finding, row.person, row.step) == (Found.PERSON_NOT_ADMITTED, person.pk, "check_person_may_use_client")
    assert row.reference in page


def test_a_refusal_by_the_person_is_explained(application):
    assert found(application.decide("deny")) == Found.PERSON_REFUSED


# --- A token request


@pytest.mark.spec("RFC 6749", "5.2")
@pytest.mark.parametrize(
    ("form", "headers", "what"),
    [
        ({}, {"authorization": basic("app", "wrong")}, Found.SECRET_WRONG),
        ({}, {"authorization": basic("apq", SECRET)}, Found.CLIENT_UNKNOWN),
        ({"client_id": "app"}, {}, Found.SECRET_MISSING),
        (
            {"client_id": "app", "client_secret": SECRET},
            {"authorization": basic("app", SECRET)},
            Found.TWO_AUTH_METHODS,
        ),
        ({"client_id": "other"}, {"authorization": basic("app", SECRET)}, Found.CLIENT_DIFFERS),
        ({}, {"authorization": "Basic ???"}, Found.CREDENTIALS_UNREADABLE),
        ({}, {"authorization": "Bearer x"}, Found.CREDENTIALS_UNREADABLE),
        ({"grant_type": "password"}, {"authorization": basic("app", SECRET)}, Found.VALUE_UNSUPPORTED),
        ({"grant_type": ""}, {"authorization": basic("app", SECRET)}, Found.PARAMETER_MISSING),
        ({"scope": "admin"}, {"authorization": basic("app", SECRET)}, Found.SCOPE_NOT_ALLOWED),
        ({"scope": "openid"}, {"authorization": basic("app", SECRET)}, Found.NO_PERSON),
    ],
)
def test_a_token_request_says_what_was_found(app, form, headers, what):
    answer = post_form("/oauth/token", CREDENTIALS | form, **headers)
    assert found(answer) == what
    assert answer.json()["error_uri"].startswith(f"{settings.ISSUER}/oauth/errors/")
    assert last_explained().endpoint == Endpoint.TOKEN


def test_the_wrong_method_is_named_with_the_registered_one():
    make_client(token_endpoint_auth_method=AuthMethod.CLIENT_SECRET_POST)
    assert (
        found(post_form("/oauth/token", CREDENTIALS, authorization=basic("app", SECRET))) == Found.AUTH_METHOD_DIFFERS
    )
    assert (last_explained().came, last_explained().expected) == ("client_secret_basic", "client_secret_post")


def test_a_grant_that_is_not_registered_is_named_with_those_that_are():
    make_client(grant_types="authorization_code refresh_token")
    answer = post_form("/oauth/token", CREDENTIALS, authorization=basic("app", SECRET))
    assert found(answer) == Found.GRANT_TYPE_NOT_ALLOWED
    row = last_explained()
    assert (row.came, row.expected) == ("client_credentials", "authorization_code refresh_token")


@pytest.mark.parametrize(
    ("changed", "what"),
    [
        ({"code_verifier": "v" * 43}, Found.VERIFIER_WRONG),
        ({"code_verifier": None}, Found.VERIFIER_MISSING),
        ({"code_verifier": "short"}, Found.VERIFIER_MALFORMED),
        ({"redirect_uri": f"{CALLBACK}/"}, Found.CODE_REDIRECT_URI),
        ({"redirect_uri": None}, Found.PARAMETER_MISSING),
        ({"code": "nothing"}, Found.CODE_UNKNOWN),
        ({"code": None}, Found.PARAMETER_MISSING),
    ],
)
def test_an_exchange_says_what_was_found(application, changed, what):
    code = application.code()
    assert found(application.exchange(**{"code": code} | changed)) == what


def test_a_code_of_another_client_and_one_used_or_too_old_are_told_apart(application):
    code = application.code()
    other = Application(make_client("other"))
    assert found(other.exchange(code, redirect_uri=CALLBACK)) == Found.CODE_OF_ANOTHER_CLIENT
    assert application.exchange(code).status_code == 200
    assert found(application.exchange(code)) == Found.CODE_USED
    old = application.code()
    AuthorizationCode.objects.filter(used_at=None).update(expires=clock.now() - timedelta(seconds=30))
    assert found(application.exchange(old)) == Found.CODE_EXPIRED
    assert 30 <= last_explained().number < 60


def test_a_code_whose_sign_in_is_over_is_explained(application):
    code = application.code()
    application.browser.post("/accounts/logout/")
    assert found(application.exchange(code)) in {Found.SIGN_IN_OVER, Found.CODE_USED}


def test_refresh_tokens_of_others_replaced_and_ended_ones_are_told_apart(application):
    first = application.tokens()["refresh_token"]
    other = Application(make_client("other"))
    assert found(other.refresh(first)) == Found.REFRESH_TOKEN_OF_ANOTHER_CLIENT
    assert found(application.refresh("nothing")) == Found.REFRESH_TOKEN_UNKNOWN
    second = application.refresh(first).json()["refresh_token"]
    application.refresh(second)
    RefreshToken.objects.update(rotated_at=clock.now() - timedelta(minutes=5))
    assert found(application.refresh(first)) == Found.REFRESH_TOKEN_SUPERSEDED
    assert found(application.refresh(second)) == Found.REFRESH_TOKEN_ENDED


@pytest.mark.parametrize(
    ("changed", "what", "about", "number"),
    [
        ({"exp": -100}, Found.CLOCK_BEHIND, "exp", 100),
        ({"iat": 300}, Found.CLOCK_AHEAD, "iat", 300),
        ({"nbf": 300}, Found.CLOCK_AHEAD, "nbf", 300),
        ({"exp": 10_000}, Found.TOO_LONG_LIVED, "exp", 10_000 - 3660),
        ({"exp": "soon"}, Found.TIME_MISSING, "exp", None),
        ({"aud": "https://other.example"}, Found.ASSERTION_NOT_MEANT_SO, "aud", None),
        ({"iss": "other"}, Found.ASSERTION_NOT_MEANT_SO, "iss", None),
        ({"jti": None}, Found.ASSERTION_USED, "", None),
    ],
)
def test_an_assertion_says_what_is_wrong_and_by_how_many_seconds(changed, what, about, number):
    make_client(jwks=KEY.key_set(), token_endpoint_auth_method="private_key_jwt", client_secret="")
    now = int(time.time())
    moved = {name: now + value if isinstance(value, int) else value for name, value in changed.items()}
    answer = post_form("/oauth/token", CREDENTIALS | by_assertion(KEY.sign(assertion_claims(**moved))))
    assert answer.status_code == 401
    assert (found(answer), last_explained().about) == (what, about)
    if number is not None:
        assert abs(last_explained().number - number) <= 2


def test_an_assertion_of_another_key_or_of_who_has_a_secret_is_explained(app):
    assert found(post_form("/oauth/token", CREDENTIALS | by_assertion(KEY.sign(assertion_claims())))) == (
        Found.AUTH_METHOD_DIFFERS
    )
    app.jwks, app.token_endpoint_auth_method, app.client_secret = KEY.key_set(), "private_key_jwt", ""
    app.save()
    other = ClientKey("ES256", "another").sign(assertion_claims(), kid="explained")
    assert found(post_form("/oauth/token", CREDENTIALS | by_assertion(other))) == Found.ASSERTION_NOT_VERIFIED


# --- The other endpoints


def test_introspection_that_is_not_allowed_is_explained_and_what_is_inactive_is_not(app):
    header = {"authorization": basic("app", SECRET)}
    answer = post_form("/oauth/introspect", {"token": "x"}, **header)
    assert (answer.status_code, found(answer)) == (403, Found.INTROSPECTION_NOT_ALLOWED)
    app.introspects = "own"
    app.save()
    told = post_form("/oauth/introspect", {"token": "x"}, **header)
    assert told.content == b'{"active":false}'
    assert len(explained()) == 1


def test_a_revocation_without_a_token_is_explained(app):
    answer = post_form("/oauth/revoke", {}, authorization=basic("app", SECRET))
    assert (found(answer), last_explained().about) == (Found.PARAMETER_MISSING, "token")
    assert last_explained().endpoint == Endpoint.REVOCATION


def test_a_registration_says_which_member_is_refused_and_why(settings):
    assert found(register(redirect_uris=["http://app.example/cb?a=b"])) == Found.METADATA_REFUSED
    row = last_explained()
    assert (row.endpoint, row.about, row.came) == (Endpoint.REGISTRATION, "redirect_uris", "http://app.example/cb?a=…")
    assert row.expected == "must be https, except on loopback"
    assert found(register(token="wrong")) == Found.REGISTRATION_TOKEN_WRONG
    assert found(register(token=None)) == Found.REGISTRATION_TOKEN_MISSING
    settings.DCR = "off"
    assert found(register()) == Found.REGISTRATION_CLOSED


def test_too_many_wrong_secrets_are_explained_with_the_time_to_wait(app):
    for _ in range(40):
        answer = post_form("/oauth/token", CREDENTIALS, authorization=basic("app", "wrong"))
    assert answer.status_code == 429
    assert (found(), last_explained().number) == (Found.LIMITED, int(answer["Retry-After"]))


# --- The page


def test_the_page_says_what_the_answer_said_and_how_to_mend_it(app):
    answer = post_form("/oauth/token", CREDENTIALS | {"scope": "admin"}, authorization=basic("app", SECRET))
    row = last_explained()
    page = page_of(row.reference)
    assert (page.status_code, page["Cache-Control"], page["X-Robots-Tag"]) == (200, "no-store", "noindex")
    assert page["Referrer-Policy"] == "same-origin"  # its form for the language would not be taken from nobody
    text = page.content.decode()
    for shown in ("invalid_scope", "token", "rfc6749_client_credentials.grant", "Ask for fewer scopes", row.reference):
        assert shown in text
    for hidden in ("admin", "profile", "app<", SECRET):
        assert hidden not in text
    assert answer.json()["error_uri"].endswith(f"/oauth/errors/{row.reference}")


def test_the_page_speaks_the_language_of_who_reads(app):
    Browser().get("/oauth/authorize", {"client_id": "app", "redirect_uri": "https://evil.example/"})
    page = Browser().get(f"/oauth/errors/{last_explained().reference}", headers={"accept-language": "ko"})
    assert page["Content-Language"] == "ko"


@pytest.mark.parametrize("reference", ["a" * 12, "short", "A-B-C", "1" * 12, "x" * 3000])
def test_an_unknown_reference_is_kindly_not_found(db, reference):
    page = page_of(reference)
    assert page.status_code == 404
    assert "for an hour" in page.content.decode()
    assert page["X-Robots-Tag"] == "noindex"


def test_staff_who_may_are_led_to_the_administration(app, person, make_person):
    Browser().get("/oauth/authorize", {"client_id": "app", "redirect_uri": "https://evil.example/"})
    row = last_explained()
    path = f"/admin/explain/explanation/{row.pk}/change/"
    browser = Browser()
    sign_in_strongly(browser, person)
    assert path not in page_of(row.reference, browser).content.decode()
    person.is_staff = person.is_superuser = True
    person.save()
    assert path in page_of(row.reference, browser).content.decode()
    assert page_of(row.reference).content.decode().count("/admin/") == 0
    assert page_of(row.reference, browser).status_code == 200


@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_the_page_is_only_read(db, method):
    assert getattr(Browser(), method)("/oauth/errors/aaaaaaaaaaaa").status_code == 405
