"""Somebody at Alice's unlocked browser wants a client to believe that she has just signed in (docs/decisions/0018).

The client asked for a new sign-in; the page that asks for it is on the screen. They do not know her password. What
they get must be no code that the client takes for its own: it looks for its challenge, its nonce and its state.
"""

from urllib.parse import quote, urlencode, urlsplit

import pytest
from django.test import Client as Browser

from oauth.models import AuthorizationCode
from tests.clients import Application, answer_of, make_client
from tests.people import PASSWORD
from tests.proofs import asks_for_a_proof, prove
from tests.relying_party import verified
from tests.request_objects import object_of, send, signing_client

pytestmark = pytest.mark.django_db

ASKED = [{"prompt": "login"}, {"max_age": "0"}, {"prompt": "login consent"}, {"prompt": "login", "max_age": "600"}]
OTHER_CHALLENGE = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
EDITS = [
    {},
    {"prompt": ""},
    {"prompt": "consent"},
    {"prompt": "Login"},
    {"prompt": "select_account"},
    {"max_age": "999999"},
    {"scope": "openid"},
    {"scope": "profile openid"},
    {"nonce": None},
    {"nonce": "another"},
    {"state": None},
    {"state": "another"},
    {"code_challenge": OTHER_CHALLENGE},
    {"nonce": None, "state": None},
    {"code_challenge": OTHER_CHALLENGE, "state": "another"},
    {"code_challenge": OTHER_CHALLENGE, "nonce": None},
    {"acr_values": "aal1"},
    {"claims": "{}", "display": "popup", "ui_locales": "ko", "login_hint": "alice"},
]


@pytest.fixture
def unlocked(application):
    """Alice's browser, in which she has allowed the client before: nothing else stands in the way of a code."""
    application.code()
    AuthorizationCode.objects.all().delete()
    return application


@pytest.fixture
def lax(person):
    """Alice's browser before a client that may go without PKCE."""
    made = Application(make_client(pkce="optional"))
    made.sign_in()
    made.code()
    AuthorizationCode.objects.all().delete()
    return made


def without_what_was_asked(**edited):
    """Return the changes to a request that make it ask for nothing, and whatever else is edited."""
    return {"prompt": None, "max_age": None} | edited


@pytest.mark.parametrize("asked", ASKED, ids=str)
@pytest.mark.parametrize("edited", EDITS, ids=str)
def test_by_editing_the_address(unlocked, asked, edited):
    assert asks_for_a_proof(unlocked.authorize(**asked))
    answer = unlocked.authorize(**without_what_was_asked(**edited))
    if edited.get("prompt") == "select_account":
        answer = unlocked.decide("continue", **without_what_was_asked(**edited))
        answer = unlocked.browser.get(answer["Location"])
    assert asks_for_a_proof(answer)
    assert asks_for_a_proof(unlocked.decide(**without_what_was_asked(**edited)))
    assert not AuthorizationCode.objects.exists()


@pytest.mark.parametrize("edit", ["order", "escapes", "plus", "blanks", "slash", "unknown"])
def test_by_writing_the_same_request_in_another_way(unlocked, edit):
    assert asks_for_a_proof(unlocked.authorize(prompt="login"))
    plain = unlocked.parameters(**without_what_was_asked())
    written = {
        "order": urlencode(dict(reversed(plain.items()))),
        "escapes": "&".join(
            f"{name}={''.join(f'%{byte:02x}' for byte in text.encode())}" for name, text in plain.items()
        ),
        "plus": urlencode(plain, quote_via=quote),
        "blanks": f"{urlencode(plain)}&prompt=&max_age=",
        "slash": urlencode(plain),
        "unknown": f"PROMPT=none&{urlencode(plain)}&Prompt=none&x=1",
    }[edit]
    path = "/oauth/authorize/" if edit == "slash" else "/oauth/authorize"
    assert asks_for_a_proof(unlocked.browser.get(f"{path}?{written}"))
    assert not AuthorizationCode.objects.exists()


@pytest.mark.parametrize(
    "edited",
    [
        {"code_challenge": None, "code_challenge_method": None},
        {"code_challenge": None, "code_challenge_method": None, "nonce": None},
        {"code_challenge": None, "code_challenge_method": None, "nonce": None, "state": None},
    ],
    ids=["challenge", "challenge and nonce", "all of it"],
)
def test_by_leaving_out_what_the_client_knows_its_request_by(lax, edited):
    assert asks_for_a_proof(lax.authorize(prompt="login"))
    assert asks_for_a_proof(lax.authorize(**without_what_was_asked(**edited)))
    assert not AuthorizationCode.objects.exists()


@pytest.mark.parametrize("added", [{}, {"state": "x"}, {"nonce": "x"}, {"state": "x", "nonce": "x"}], ids=str)
def test_by_adding_what_the_client_did_not_send(lax, added):
    bare = {"code_challenge": None, "code_challenge_method": None, "nonce": None, "state": None}
    assert asks_for_a_proof(lax.authorize(prompt="login", **bare))
    assert asks_for_a_proof(lax.authorize(**without_what_was_asked(**bare | added)))
    assert not AuthorizationCode.objects.exists()


def test_by_a_challenge_left_out_and_a_nonce_put_in_its_place(lax):
    """The code is not bound to the client's verifier then, and so not good with it (RFC 9700 section 4.8.2)."""
    only = {"nonce": None, "state": None}
    assert asks_for_a_proof(lax.authorize(prompt="login", **only))
    answer = lax.authorize(**without_what_was_asked(code_challenge=None, code_challenge_method=None, nonce="x"))
    assert lax.exchange(answer_of(answer).get("code", "")).json()["error"] == "invalid_grant"


def test_by_editing_where_the_page_leads_to(unlocked):
    """Nothing but the password goes on, and then it is a proof."""
    unlocked.authorize(prompt="login")
    edited = f"/oauth/authorize?{urlencode(unlocked.parameters(**without_what_was_asked()))}"
    page = f"/accounts/reauthenticate/?{urlencode({'next': edited})}"
    assert unlocked.browser.post(page, {"password": "a guess"}).status_code == 200
    assert asks_for_a_proof(unlocked.browser.get(edited))
    for elsewhere in ("/accounts/login/", "/accounts/signup/", "/accounts/2fa/reauthenticate/"):
        answer = unlocked.browser.get(f"{elsewhere}?{urlencode({'next': edited})}")
        assert asks_for_a_proof(unlocked.browser.get(edited)), answer
    assert not AuthorizationCode.objects.exists()
    assert "code" in answer_of(prove(unlocked, unlocked.authorize(prompt="login")))


def test_by_going_back_after_she_signed_in(unlocked):
    answer_of(prove(unlocked, unlocked.authorize(prompt="login")))
    for _ in range(2):
        assert asks_for_a_proof(unlocked.authorize(prompt="login"))
    assert asks_for_a_proof(unlocked.authorize(**without_what_was_asked()))


def test_by_a_request_that_is_refused_in_between(unlocked):
    assert asks_for_a_proof(unlocked.authorize(prompt="login"))
    assert answer_of(unlocked.authorize(**without_what_was_asked(prompt="none")))["error"] == "login_required"
    assert answer_of(unlocked.authorize(**without_what_was_asked(scope="unknown")))["error"] == "invalid_scope"
    assert unlocked.authorize(redirect_uri="https://evil.example/").status_code == 400
    assert asks_for_a_proof(unlocked.authorize(**without_what_was_asked()))


def test_by_denying_and_going_back(person, app):
    application = Application(app)
    application.sign_in()
    assert prove(application, application.authorize(prompt="login")).status_code == 200  # she is asked, and leaves
    assert answer_of(application.decide("deny", prompt="login"))["error"] == "access_denied"
    fresh = {"nonce": "of a new request", "code_challenge": OTHER_CHALLENGE}  # the state is a page's address
    assert asks_for_a_proof(application.authorize(prompt="login", **fresh))
    assert asks_for_a_proof(application.decide("allow", prompt="login", **fresh))


def test_by_a_flood_of_other_requests(unlocked):
    unlocked.authorize(prompt="login")
    for number in range(40):
        other = {"state": f"state {number}", "nonce": f"nonce {number}", "code_challenge": f"{number:043}"}
        unlocked.authorize(prompt="login", **other)
    assert asks_for_a_proof(unlocked.authorize(**without_what_was_asked()))
    assert len(unlocked.browser.session["asked_of_person"]) <= 30
    assert "code" in answer_of(prove(unlocked, unlocked.authorize(**without_what_was_asked())))


def test_after_a_flood_one_proof_is_enough(unlocked):
    for number in range(40):
        other = {"state": f"state {number}", "nonce": f"nonce {number}", "code_challenge": f"{number:043}"}
        unlocked.authorize(prompt="login", **other)
    new = {"state": "new", "nonce": "new", "code_challenge": OTHER_CHALLENGE}
    answer_of(prove(unlocked, unlocked.authorize(**new)))
    assert "code" in answer_of(unlocked.authorize(**new))


def test_by_a_second_tab(unlocked):
    """A proof given in one tab is one for the other, where nothing was sent in between; a code ends it."""
    first, second = unlocked.authorize(prompt="login"), unlocked.authorize(prompt="login")
    assert asks_for_a_proof(first)
    assert asks_for_a_proof(second)
    assert asks_for_a_proof(unlocked.authorize(**without_what_was_asked()))
    assert "code" in answer_of(prove(unlocked, first))
    assert asks_for_a_proof(unlocked.authorize(prompt="login"))


def test_by_signing_out_and_in_as_somebody_else(unlocked, make_person):
    """Whoever signs in gives a proof, as themselves."""
    bob = make_person("bob")
    unlocked.authorize(prompt="login")
    unlocked.browser.post("/accounts/logout/")
    assert urlsplit(unlocked.authorize(**without_what_was_asked())["Location"]).path == "/accounts/login/"
    unlocked.sign_in("bob")
    claims = verified(unlocked.exchange(unlocked.code()).json()["id_token"], audience="app")
    assert claims["sub"] == str(bob.pk)


def test_by_a_browser_without_her_session(unlocked):
    unlocked.authorize(prompt="login")
    unlocked.browser = Browser()
    assert urlsplit(unlocked.authorize(**without_what_was_asked())["Location"]).path == "/accounts/login/"


@pytest.mark.parametrize("padding", [0, 20_000], ids=["short", "stored"])
def test_by_sending_the_request_as_a_form(unlocked, padding):
    more = {f"padding_{number}": "x" * 4000 for number in range(padding // 4000)}

    def sent(**changed):
        form = urlencode(unlocked.parameters(**changed, **more))
        posted = unlocked.browser.post("/oauth/authorize", form, content_type="application/x-www-form-urlencoded")
        return unlocked.browser.get(posted["Location"])

    assert asks_for_a_proof(sent(prompt="login"))
    assert asks_for_a_proof(sent(**without_what_was_asked()))
    assert asks_for_a_proof(unlocked.authorize(**without_what_was_asked()))
    assert not AuthorizationCode.objects.exists()


def test_by_taking_a_request_object_apart(person):
    """Nobody else can sign it, but what it says can be read, and sent without it."""
    application = Application(signing_client())
    application.sign_in()
    application.code()
    AuthorizationCode.objects.all().delete()
    assert asks_for_a_proof(send(application, request=object_of(application, prompt="login")))
    assert asks_for_a_proof(application.authorize(**without_what_was_asked()))
    assert asks_for_a_proof(application.authorize(**without_what_was_asked(scope="openid", nonce=None)))
    assert not AuthorizationCode.objects.exists()


def test_another_client_is_not_held_to_it(unlocked):
    other = Application(make_client("other", skip_authorization=True))
    other.browser = unlocked.browser
    unlocked.authorize(prompt="login")
    assert "code" in answer_of(other.authorize())


def test_another_request_of_the_same_client_is_not_held_to_it(unlocked):
    unlocked.authorize(prompt="login")
    new = {"state": "new", "nonce": "new", "code_challenge": OTHER_CHALLENGE}
    assert "code" in answer_of(unlocked.authorize(**new))


def test_consent_that_was_asked_for_is_asked_for_whatever_the_address_says(unlocked):
    for answer in (unlocked.authorize(prompt="consent"), unlocked.authorize(**without_what_was_asked())):
        assert (answer.status_code, b'name="decision"' in answer.content) == (200, True)
    assert answer_of(unlocked.authorize(prompt="none"))["error"] == "consent_required"
    assert "code" in answer_of(unlocked.decide(**without_what_was_asked()))


def test_a_guessed_password_is_no_proof(unlocked):
    page = unlocked.authorize(prompt="login")["Location"]
    assert unlocked.browser.post(page, {"password": "a guess"}).status_code == 200
    assert asks_for_a_proof(unlocked.authorize(**without_what_was_asked()))
    assert unlocked.browser.post(page, {"password": PASSWORD}).status_code == 302
