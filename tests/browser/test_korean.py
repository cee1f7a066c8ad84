"""The site as somebody sees it who reads Korean: every word, every mail, and how lines break."""

import re
from collections.abc import Callable
from urllib.parse import urlencode

import pyotp
import pytest
from django.core.mail import EmailMessage

from accounts.models import User
from oauth.models import Consent
from tests.browser.conftest import Visit
from tests.browser.korean import SAID, english_at, english_on, told
from tests.browser.test_appearance import OWN, STRANGERS
from tests.browser.visitor import Visitor, follow
from tests.clients import CALLBACK, make_client
from tests.korean import english_in
from tests.people import PASSWORD, MakePerson

pytestmark = pytest.mark.browser
DeliverMail = Callable[[], list[EmailMessage]]
EMAIL = "dana@example.com"
NEW_PASSWORD = "기억하기 쉬운 새로운 문장 하나"


@pytest.fixture
def dana(visit: Visit) -> Visitor:
    """Somebody whose browser asks for Korean."""
    return visit("ko-KR")


def test_a_person_goes_the_whole_way_by_korean_words_alone(dana: Visitor, deliver_mail: DeliverMail) -> None:
    dana.go("/")
    _follow_link(dana, "계정 만들기")
    _fill(dana, {"이메일 주소": EMAIL, "아이디(선택)": "dana", "비밀번호": PASSWORD, "비밀번호 확인": PASSWORD})
    _press(dana, "계정 만들기")
    assert dana.heading == "메일을 확인하세요"

    dana.go(_link_in_korean_mail(deliver_mail))
    assert dana.heading == "이메일 주소를 인증하세요"
    _press(dana, "네, 인증합니다")
    assert told(dana) == [f"{EMAIL} 주소가 인증되었습니다."]

    _fill(dana, {"이메일 주소 또는 아이디": "dana", "비밀번호": PASSWORD})
    _press(dana, "로그인")
    assert dana.heading == "안녕하세요, dana 님"

    _follow_link(dana, "비밀번호 변경")
    _fill(dana, {"현재 비밀번호": PASSWORD, "새 비밀번호": NEW_PASSWORD, "새 비밀번호 확인": NEW_PASSWORD})
    _press(dana, "비밀번호 변경")
    assert told(dana) == ["비밀번호를 변경했습니다."]

    follow(dana.page.get_by_role("button", name="로그아웃"))
    assert (told(dana), dana.is_signed_in) == (["로그아웃되었습니다."], False)
    dana.sign_in("dana", NEW_PASSWORD)
    assert dana.is_signed_in


def test_no_english_is_left_on_the_pages_of_strangers(dana: Visitor) -> None:
    pages = [*STRANGERS, "/accounts/password/reset/done/", "/accounts/inactive/", "/accounts/confirm-email/x:y:z/"]
    assert {path: left for path in pages if (left := english_at(dana, path))} == {}


def test_no_english_is_left_on_the_pages_of_an_account(dana: Visitor, make_person: MakePerson) -> None:
    make_person("dana")
    dana.sign_in("dana", PASSWORD)
    pages = [*OWN, "/accounts/password/reset/", "/accounts/2fa/totp/activate/"]
    assert {path: left for path in pages if (left := english_at(dana, path))} == {}
    dana.send(password=PASSWORD)
    assert dana.heading == "인증 앱 설정"
    assert english_on(dana) == []


def test_no_english_is_left_on_the_pages_of_the_second_factor(dana: Visitor, person: User, totp: pyotp.TOTP) -> None:
    dana.sign_in("alice", PASSWORD)
    assert english_on(dana, "alice") == []
    dana.send(code="wrong")
    assert english_on(dana, "alice") == []
    dana.send(code=totp.now())
    assert dana.is_signed_in
    assert english_at(dana, "/accounts/2fa/totp/deactivate/", "alice") == []
    dana.send(password=PASSWORD)
    pages = [f"/accounts/2fa/{page}" for page in ("", "totp/deactivate/", "recovery-codes/generate/")]
    assert {path: left for path in pages if (left := english_at(dana, path, "alice"))} == {}
    dana.send()
    assert told(dana) == ["복구 코드를 새로 만들었습니다. 안전한 곳에 보관하세요."]
    assert english_on(dana, "alice") == []


def test_no_english_is_left_on_the_pages_of_applications(dana: Visitor, make_person: MakePerson) -> None:
    person = make_person("dana")
    everything = "openid profile email address phone roles offline_access"
    album = make_client("album", name="포토 앨범", scopes=everything)
    make_client("tool", name="도구", public=True, redirect_uris="http://127.0.0.1/callback", scopes="openid")
    dana.go(_authorization("album", CALLBACK, everything))
    dana.send(login="dana", password=PASSWORD)
    assert dana.heading.split() == ["포토", "앨범", "앱으로", "계속할까요?"]
    assert english_in(dana.page.evaluate(SAID), names=["dana", *CALLBACK.split("/")[2].split(".")]) == []
    Consent.objects.create(user=person, client=album, scope=everything)
    requests = {
        "to a program": _authorization("tool", "http://127.0.0.1:4711/callback", "openid"),
        "with a proof": f"{_authorization('album', CALLBACK, 'openid')}&max_age=0",
        "to sign out": "/oauth/end-session?client_id=album",
        "to connected apps": "/accounts/apps/",
    }
    assert {request: left for request, path in requests.items() if (left := english_at(dana, path))} == {}
    dana.send()
    assert told(dana) == ["포토 앨범 앱의 연결을 해제했습니다."]
    assert english_on(dana) == []


def test_no_english_is_left_on_the_other_pages_on_the_way(visit: Visit, make_person: MakePerson) -> None:
    make_person("dana")
    dana = visit("ko-KR", java_script_enabled=False)
    dana.sign_in("dana", PASSWORD)
    links = {name: f"https://app.example/{name}" for name in ("client_uri", "policy_uri", "tos_uri")}
    make_client("new", name="새 앱", reviewed=False, claims={"dept": "attributes.dept"}, **links)
    make_client("album", name="포토 앨범", skip_authorization=True)
    new, album = (_authorization(client_id, CALLBACK, "openid") for client_id in ("new", "album"))
    host = CALLBACK.split("/")[2].split(".")
    requests = {
        new: "새 앱 앱으로 계속할까요?",
        f"{new}&prompt=select_account": "계정 선택",
        f"{album}&response_mode=form_post": "포토 앨범 앱으로 계속",
    }
    for request, heading in requests.items():
        assert english_at(dana, request, "dana", "dept", *host) == []
        assert " ".join(dana.heading.split()) == heading


def test_a_request_that_is_not_right_is_refused_in_korean(dana: Visitor) -> None:
    make_client("album", name="포토 앨범")
    dana.go(_authorization("album", "https://somebody.example/else", "openid"))
    assert dana.heading == "요청을 처리할 수 없습니다"
    # The code and its description are for developers, and in ASCII (RFC 6749 section 4.1.2.1).
    dana.page.evaluate("document.querySelector('main details').remove()")
    assert english_on(dana) == []
    dana.faults.clear()  # the browser notices the 400


@pytest.mark.parametrize(
    ("path", "fields", "wrong"),
    [
        ("/accounts/login/", {"login": "dana", "password": "x"}, 1),
        ("/accounts/signup/", {"email": "no address", "username": "a b", "password1": "password", "password2": "x"}, 3),
        ("/accounts/signup/", {"email": "", "username": "dana", "password1": "", "password2": ""}, 4),
        ("/accounts/password/reset/", {"email": ""}, 1),
    ],
)
def test_what_is_wrong_with_a_form_is_said_in_korean(
    dana: Visitor, make_person: MakePerson, path: str, fields: dict[str, str], wrong: int
) -> None:
    make_person("dana")
    dana.go(path)
    _let_the_server_check(dana)
    dana.send(**fields)
    assert dana.page.locator(".errorlist").count() == wrong
    assert english_on(dana) == []


def test_what_is_wrong_with_a_profile_or_a_new_password_is_said_in_korean(
    dana: Visitor, make_person: MakePerson
) -> None:
    make_person("dana")
    make_person("emil")
    dana.sign_in("dana", PASSWORD)
    dana.go("/accounts/profile/")
    _let_the_server_check(dana)
    dana.send(username="emil", birthdate="어제", locale="?", zoneinfo="?", phone_number="1", website="?", picture="?")
    assert dana.page.locator(".errorlist").count() == 7
    assert english_on(dana) == []
    dana.go("/accounts/password/change/")
    dana.send(oldpassword="x", password1="password", password2="y")
    assert dana.page.locator(".errorlist").count() >= 2
    assert english_on(dana) == []


def test_an_address_that_nobody_has_is_answered_in_korean(dana: Visitor) -> None:
    dana.go("/nowhere")
    assert dana.heading == "페이지를 찾을 수 없습니다"
    assert english_on(dana) == []
    dana.faults.clear()  # the browser notices the 404


def test_the_switch_keeps_the_page_and_needs_no_script(visit: Visit) -> None:
    eve = visit("en-GB", java_script_enabled=False)
    eve.go("/accounts/login/?next=/accounts/profile/")
    page = eve.page
    for button, language in (("한국어", "ko"), ("English", "en"), ("한국어", "ko")):
        follow(page.get_by_role("button", name=button, exact=True))
        assert page.url.endswith("/accounts/login/?next=/accounts/profile/")
        assert page.locator("html").get_attribute("lang") == language
    assert page.get_by_role("button", name="한국어", exact=True).get_attribute("aria-current") == "true"


@pytest.mark.parametrize("width", [360, 1280])
def test_lines_break_between_words_and_nothing_overflows(visit: Visit, width: int) -> None:
    narrow = visit("ko-KR", width=width)
    for path in STRANGERS:
        narrow.go(path)
        assert narrow.page.evaluate("getComputedStyle(document.querySelector('h1')).wordBreak") == "keep-all"
        assert narrow.page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


@pytest.mark.parametrize("language", ["en-GB", "ko-KR"])
def test_the_name_of_the_site_is_never_broken(visit: Visit, make_person: MakePerson, language: str) -> None:
    make_person("d" * 64)
    narrow = visit(language, width=360)
    narrow.sign_in("d" * 64, PASSWORD)
    name = narrow.page.locator(".brand span")
    assert name.evaluate("span => span.scrollWidth <= span.clientWidth && span.getClientRects().length === 1")
    assert name.evaluate("span => span.clientHeight < 1.9 * parseFloat(getComputedStyle(span).fontSize)")


def _authorization(client_id: str, redirect_uri: str, scope: str) -> str:
    challenge = {"code_challenge": "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM", "code_challenge_method": "S256"}
    named = {"response_type": "code", "client_id": client_id, "redirect_uri": redirect_uri, "scope": scope}
    return f"/oauth/authorize?{urlencode(named | challenge)}"


def _fill(visitor: Visitor, fields: dict[str, str]) -> None:
    for label, value in fields.items():
        visitor.page.get_by_role("main").get_by_label(label, exact=True).fill(value)


def _press(visitor: Visitor, name: str) -> None:
    follow(visitor.page.get_by_role("main").get_by_role("button", name=name, exact=True))


def _follow_link(visitor: Visitor, name: str) -> None:
    follow(visitor.page.get_by_role("main").get_by_role("link", name=name, exact=True))


def _let_the_server_check(visitor: Visitor) -> None:
    visitor.page.evaluate("document.querySelectorAll('main form').forEach(form => { form.noValidate = true })")


def _link_in_korean_mail(deliver_mail: DeliverMail) -> str:
    mail = deliver_mail()[-1]
    assert mail.to == [EMAIL]
    assert mail.subject == "[authproject] 이메일 주소를 인증하세요"
    assert english_in(mail.body) == []
    link = re.search(r"http://testserver(/accounts/\S+)", mail.body)
    assert link
    return link[1]
