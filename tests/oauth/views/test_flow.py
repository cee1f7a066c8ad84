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
