import pytest

from tests.clients import Application
from tests.clients import app as app

pytestmark = pytest.mark.django_db


def test_a_person_signs_in_to_an_application(person, app):
    application = Application(app)
    first = application.authorize()
    assert first.status_code == 303
    assert first["Location"].startswith("/accounts/login/?next=%2Foauth%2Fauthorize")
    application.sign_in()
    tokens = application.tokens()
    assert set(tokens) == {"access_token", "token_type", "expires_in", "scope", "refresh_token", "id_token"}
    again = application.refresh(tokens["refresh_token"])
    assert again.status_code == 200, again.content
    info = application.browser.get("/oauth/userinfo", headers={"authorization": f"Bearer {tokens['access_token']}"})
    assert info.json()["sub"] == str(person.pk)
    assert application.token(grant_type="client_credentials", scope="read").status_code == 200


def test_who_only_asks_leaves_a_row_for_an_hour_and_who_signs_in_stays(person, app):
    application = Application(app)
    application.authorize()
    assert application.browser.session.get_expiry_age() == 3600
    application.sign_in()
    assert application.browser.session.get_expiry_age() == 30 * 24 * 3600
