"""An application to which an administrator signs in as somebody else: only as far as that person allowed it before."""

from datetime import timedelta
from typing import Any

import jwt
import pytest

from accounts.models import Session, User
from oauth.models import AuthorizationCode, Consent, RefreshToken
from tests.clients import Application, answer_of, app, basic, make_client, post_form
from tests.impersonation import impersonating, impersonation_on, root, the_impersonation
from trust.audit.models import AuditEvent
from trust.lib import clock

__all__ = ["app", "impersonation_on", "root"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("impersonation_on")]
SCOPE = "openid profile offline_access"


def _claims(token: str) -> dict[str, Any]:
    return jwt.decode(token, options={"verify_signature": False})


@pytest.fixture
def application(app: Any, root: User, person: User) -> Application:
    """The application that Alice allowed something, in the browser of root who sees the site as her."""
    hers = Application(app)
    hers.sign_in()
    hers.tokens(scope=SCOPE)
    application = Application(app)
    impersonating(root, person, application.browser)
    return application


def test_the_tokens_say_who_acts_and_end_with_it(application: Application, root: User, person: User) -> None:
    Session.objects.filter(impersonator=root).update(expires_at=clock.now() + timedelta(seconds=90))
    answer = application.tokens(scope=SCOPE)
    assert answer["expires_in"] <= 90
    assert "refresh_token" not in answer
    assert answer["scope"] == "openid profile"
    for token in (answer["access_token"], answer["id_token"]):
        said = _claims(token)
        assert (said["sub"], said["act"]) == (str(person.pk), {"sub": str(root.pk)})
        assert said["exp"] <= the_impersonation(person).expires_at.timestamp()
        assert said["acr"] == "aal1"
        assert said.get("amr") in (None, [])


def test_their_own_tokens_name_nobody(app: Any, person: User) -> None:
    hers = Application(app)
    hers.sign_in()
    answer = hers.tokens(scope=SCOPE)
    assert "act" not in _claims(answer["access_token"])
    assert "act" not in _claims(answer["id_token"])
    assert answer["refresh_token"]


def test_the_grant_is_noted_in_the_name_of_who_acts(application: Application, root: User, person: User) -> None:
    application.tokens(scope=SCOPE)
    event = AuditEvent.objects.of_action("grant.issued").first()
    assert event is not None
    assert (event.subject, event.actor, event.session) == (person.pk, root.pk, the_impersonation(person).pk)
    assert RefreshToken.objects.count() == 1  # hers


def test_the_tokens_die_when_it_stops(application: Application) -> None:
    token = application.tokens(scope=SCOPE)["access_token"]
    bearer = {"authorization": f"Bearer {token}"}
    assert application.browser.get("/oauth/userinfo", headers=bearer).status_code == 200
    application.browser.post("/accounts/impersonation/stop/")
    assert application.browser.get("/oauth/userinfo", headers=bearer).status_code == 401


def test_a_code_of_it_is_worth_nothing_when_it_stopped(application: Application) -> None:
    code = application.code(scope=SCOPE)
    application.browser.post("/accounts/impersonation/stop/")
    assert application.exchange(code).json()["error"] == "invalid_grant"


def test_introspection_says_who_acts(application: Application, app: Any, root: User) -> None:
    app.introspects = "own"
    app.save()
    token = application.tokens(scope=SCOPE)["access_token"]
    said = post_form("/oauth/introspect", {"token": token}, authorization=basic(app.client_id, application.secret))
    assert said.json()["act"] == {"sub": str(root.pk)}


@pytest.mark.parametrize(
    "asked",
    [
        {"scope": "openid profile email"},  # more than she allowed
        {"prompt": "consent"},
        {"prompt": "login"},
        {"prompt": "select_account"},
        {"max_age": "0"},
    ],
)
def test_whatever_the_person_would_be_asked_is_refused(application: Application, asked: dict[str, str]) -> None:
    before = AuthorizationCode.objects.count()
    for answer in (application.authorize(**asked), application.decide(**asked), application.decide("deny", **asked)):
        assert answer.status_code == 403
        assert "This is for them alone" in answer.content.decode()
    assert AuthorizationCode.objects.count() == before
    assert "email" not in Consent.objects.get().scope


def test_a_new_application_is_told_nothing(application: Application) -> None:
    other = Application(make_client("other"))
    other.browser = application.browser
    assert other.authorize().status_code == other.decide().status_code == 403
    assert answer_of(other.authorize(prompt="none"))["error"] == "consent_required"
    assert not Consent.objects.filter(client__client_id="other").exists()


def test_a_level_that_must_be_reached_is_not(application: Application, totp: Any) -> None:
    Session.objects.filter(impersonator__isnull=False).update(acr="aal1")
    wanted = '{"id_token": {"acr": {"essential": true, "values": ["aal2"]}}}'
    assert application.authorize(scope=SCOPE, claims=wanted).status_code == 403


def test_opaque_tokens_say_it_too(root: User, person: User) -> None:
    client = make_client("opaque", access_token_format="opaque", introspects="own")
    hers = Application(client)
    hers.sign_in()
    hers.tokens()
    application = Application(client)
    impersonating(root, person, application.browser)
    token = application.tokens()["access_token"]
    said = post_form("/oauth/introspect", {"token": token}, authorization=basic("opaque", application.secret))
    assert said.json()["act"] == {"sub": str(root.pk)}
