"""The JSON API in Korean: refusals follow Accept-Language, and say which language they are in."""

from datetime import timedelta

import pytest
from django.utils import translation

from accounts.models import User
from tests.accounts.api.client import Api
from tests.bearer import first_party
from tests.korean import english_in
from trust.guard.messages import MESSAGES, message_of

pytestmark = pytest.mark.django_db
KOREAN = {"accept_language": "ko-KR,ko;q=0.9,en;q=0.8"}


@pytest.fixture
def korean() -> Api:
    return Api(headers=KOREAN)


@pytest.mark.parametrize("code", MESSAGES)
def test_every_sentence_has_its_korean(code: str) -> None:
    with translation.override("ko"):
        assert english_in(message_of(code), names=("nonce",)) == []


def test_nobody_is_told_so(korean: Api) -> None:
    refused = korean.get("/api/me/")
    assert (refused.status_code, refused.json()["detail"]) == (401, "인증되지 않았습니다.")


def test_a_token_that_is_none_is_told_apart_from_one_that_is_old(korean: Api, person: User) -> None:
    korean.bearer = "no-token"
    assert korean.get("/api/protected/").json()["detail"] == "유효하지 않은 토큰입니다."
    korean.bearer = first_party(person, lifetime=timedelta(seconds=-60))
    assert korean.get("/api/protected/").json()["detail"] == "만료된 토큰입니다."


def test_detail_and_message_say_the_same_and_the_code_stays(korean: Api, person: User) -> None:
    body = korean.post("/api/token/", {"username": person.username, "password": "wrong"}).json()
    assert body["detail"] == body["message"] == "아이디 또는 비밀번호가 올바르지 않습니다."
    assert body["code"] == body["error"] == "invalid_credentials"


@pytest.mark.parametrize(
    ("path", "body", "field"),
    [
        ("/api/token/", {"username": "alice"}, "password"),
        ("/api/token/", {"challenge": "x"}, "code"),
        ("/api/token/", {"username": ["alice"], "password": "x"}, "username"),
        ("/api/token/", {"username": "", "password": "x"}, "username"),
        ("/api/token/", {"username": "a" * 300, "password": "x"}, "username"),
        ("/api/token/refresh/", {}, "refresh"),
        ("/api/token/refresh/", {"refresh": 1}, "refresh"),
        ("/api/token/verify/", {}, "token"),
    ],
)
def test_what_is_wrong_with_a_field_is_said_in_korean(korean: Api, path: str, body: object, field: str) -> None:
    refused = korean.post(path, body)
    assert refused.status_code == 400
    told = refused.json()
    assert list(told["errors"]) == [field]
    assert english_in(" ".join([told["detail"], *told["errors"][field]])) == []


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("get", "/api/nowhere", 404),
        ("get", "/api/token/", 405),
        ("get", "/oauth/token", 405),
        ("get", "/oauth/nowhere", 404),
    ],
)
def test_other_refusals_are_korean_too(korean: Api, method: str, path: str, status: int) -> None:
    refused = getattr(korean, method)(path)
    assert refused.status_code == status
    assert english_in(refused.json()["detail"]) == []


@pytest.mark.parametrize("path", ["/api/me/", "/api/protected/", "/api/sessions/", "/api/nowhere", "/oauth/userinfo"])
@pytest.mark.parametrize(("accepted", "spoken"), [("ko", "ko"), ("en", "en"), ("ja", "en"), ("ja, ko;q=0.5", "ko")])
def test_an_answer_names_its_language_and_what_it_depends_on(path: str, accepted: str, spoken: str) -> None:
    answer = Api(headers={"accept_language": accepted}).get(path)
    assert answer.headers["Content-Language"] == spoken
    assert "accept-language" in [name.strip().lower() for name in answer.headers["Vary"].split(",")]


def test_the_greeting_is_korean(korean: Api, person: User) -> None:
    korean.bearer = first_party(person)
    assert korean.get("/api/protected/").json() == {"message": "안녕하세요, alice 님"}


def test_without_a_wish_the_api_speaks_english(person: User) -> None:
    assert Api().get("/api/me/").json()["detail"] == "You are not signed in."
