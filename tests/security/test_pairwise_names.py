"""A pairwise client learns who a person is by no answer of ours: neither their id nor that of their session."""

import base64
import json
import re

import pytest
from django.test import Client as Browser

from accounts.models import Session
from tests.clients import Application, basic, make_client, post_form

pytestmark = pytest.mark.django_db
_JWT = re.compile(r"eyJ[A-Za-z0-9_-]+\.eyJ[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*")
ADDRESSES = ["/oauth/userinfo", "/api/me/", "/api/user_info/", "/api/protected/", "/api/sessions/", "/api/schema/"]


@pytest.fixture(params=["jwt", "opaque"])
def sector(request, person):
    """An application whose people are pairwise, with access tokens of either form."""
    made = Application(
        make_client(
            subject_type="pairwise", access_token_format=request.param, introspects="own", claims={"g": "groups"}
        )
    )
    made.sign_in()
    return made


def seen_in(answer):
    """Return all that a client can read in an answer: the headers, the body, and what the tokens in it say."""
    text = f"{dict(answer.headers)} {answer.content.decode()}"
    parts = [part for token in _JWT.findall(text) for part in token.split(".")[:2]]
    return " ".join([text, *(base64.urlsafe_b64decode(part + "==").decode() for part in parts)])


def test_no_answer_has_the_id_of_the_person_or_of_their_session(sector, person):
    asked = {"id_token": {"email": None}, "userinfo": {"email": None}}
    scope = "openid profile email address phone roles offline_access"
    way = {"scope": scope, "claims": json.dumps(asked)}
    exchanged = sector.exchange(sector.code(**way))
    tokens = exchanged.json()
    refreshed = sector.refresh(tokens["refresh_token"])
    by_token = {"authorization": f"Bearer {refreshed.json()['access_token']}"}
    by_secret = {"authorization": basic(sector.client.client_id, sector.secret)}
    answers = [exchanged, refreshed, *(Browser().get(address, headers=by_token) for address in ADDRESSES)]
    for token in (refreshed.json()["access_token"], refreshed.json()["refresh_token"]):
        told = post_form("/oauth/introspect", {"token": token}, **by_secret)
        assert told.json()["active"]
        answers.append(told)
    answers.append(sector.authorize(**way, prompt="none"))
    answers.append(sector.authorize(**way, prompt="none", id_token_hint=tokens["id_token"]))
    secrets = {str(person.pk), person.pk.hex, str(Session.objects.get().pk)}
    for answer in answers:
        assert not [secret for secret in secrets if secret in seen_in(answer)], answer.content
    assert {answer.status_code for answer in answers} <= {200, 303, 403}
