"""The pages on which people look after themselves, as somebody sees them who reads Korean."""

from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.utils.html import strip_tags

from accounts.models import User
from tests.browser.conftest import OpenMail, Visit
from tests.browser.korean import DEVICE, english_at, english_on, told
from tests.browser.test_passkeys import GiveKey
from tests.browser.test_passkeys import give_key as give_key
from tests.browser.visitor import Visitor, follow
from tests.invitations import invite
from tests.job_queue import run_queue
from tests.korean import english_in
from tests.notices import Deliver, not_me_path
from tests.people import PASSWORD, MakePerson

pytestmark = pytest.mark.browser
# The names that passkeys are given by what keeps them.
NAMED = ("Chrome", "Chromium", "on", "Linux")


@pytest.fixture(autouse=True)
def person(live_server: object, make_person: MakePerson) -> User:
    return make_person("dana")


@pytest.fixture
def dana(visit: Visit) -> Visitor:
    """Somebody whose browser asks for Korean, and who is signed in."""
    visitor = visit("ko-KR")
    visitor.sign_in("dana", PASSWORD)
    return visitor


def test_activity_and_a_copy_of_the_data(dana: Visitor, deliver_mail: Deliver) -> None:
    assert english_at(dana, "/accounts/data/") == []
    dana.send(password=PASSWORD)
    assert (dana.heading, english_on(dana)) == ("내 데이터", [])
    dana.send()
    assert told(dana) == ["데이터 사본을 준비하고 있습니다. 준비되면 메일로 알려 드립니다."]
    assert english_on(dana) == []
    run_queue("default")
    assert deliver_mail()[-1].subject == "[authproject] 데이터 사본이 준비되었습니다"
    assert english_at(dana, "/accounts/data/") == []
    assert dana.page.get_by_role("link", name="다운로드").count() == 1
    assert english_at(dana, "/accounts/activity/") == []
    first = dana.page.locator("main ol > li").first.inner_text()
    assert "내 데이터 사본이 요청되었습니다." in first
    assert "Linux의 Chrome" in first


def test_access_tokens(dana: Visitor) -> None:
    assert english_at(dana, "/accounts/tokens/") == []
    dana.go("/accounts/tokens/new/")
    dana.send(password=PASSWORD)
    assert (dana.heading, english_on(dana)) == ("새 액세스 토큰", [])
    dana.page.locator("main [name=scope]").first.check()
    dana.send(name="밤마다 백업")
    assert (dana.heading, english_on(dana, "Authorization", "UTC")) == ("새 액세스 토큰", [])
    assert english_at(dana, "/accounts/tokens/") == []
    follow(dana.page.get_by_role("button", name="폐기"))
    assert told(dana) == ["이제부터 이 토큰은 거부됩니다."]
    assert english_on(dana) == []


def test_the_deletion_of_an_account_and_the_way_back(dana: Visitor, open_mail: OpenMail) -> None:
    dana.go("/accounts/delete/")
    dana.send(password=PASSWORD)
    assert (dana.heading, english_on(dana)) == ("계정을 삭제할까요?", [])
    dana.send(confirmation="emil")
    assert dana.page.locator(".errorlist").inner_text() == "내 아이디와 일치하지 않습니다."
    dana.send(confirmation="dana")
    assert told(dana)[0].startswith("계정을 닫았습니다. 모든 정보는 20")
    assert english_on(dana) == []
    dana.sign_in("dana", PASSWORD)
    assert (dana.heading, english_on(dana)) == ("닫힌 계정", [])
    link = open_mail("dana@example.com")
    assert english_at(dana, link) == []
    dana.send()
    assert told(dana) == ["계정이 다시 열렸습니다. 이전과 같이 로그인하세요."]
    assert english_at(dana, link) == []
    assert dana.heading == "사용할 수 없는 링크입니다"
    dana.faults.clear()  # the browser notices the refusals


def test_what_was_not_done_by_the_person(dana: Visitor, visit: Visit, deliver_mail: Deliver) -> None:
    visit("ko-KR").sign_in("dana", PASSWORD)
    notice: Any = deliver_mail()[-1]
    for part in (notice.subject, notice.body, strip_tags(notice.alternatives[0][0])):
        assert english_in(part, names=DEVICE) == []
    link = not_me_path(notice)
    dana.go(link)
    assert (dana.heading, english_on(dana)) == ("본인이 한 일이 아닌가요?", [])
    dana.send()
    assert told(dana)[0].startswith("모든 기기에서 로그아웃했으며")
    assert english_at(dana, link) == []
    assert english_at(dana, "/accounts/not-me/a:b:c/") == []
    dana.faults.clear()  # the browser notices the refusals


def test_passkeys(dana: Visitor, give_key: GiveKey, live_server: Any, settings: Any) -> None:
    settings.ISSUER = live_server.url  # passkeys belong to it
    give_key(dana)
    dana.go("/accounts/2fa/webauthn/add/")
    dana.send(password=PASSWORD)
    assert english_on(dana) == []
    _use(dana, "추가")
    assert "패스키를 추가했습니다." in told(dana)
    number = Authenticator.objects.get(type="webauthn").pk
    own = ["", "add/", "reauthenticate/", f"keys/{number}/edit/", f"keys/{number}/remove/"]
    pages = [*(f"/accounts/2fa/webauthn/{page}" for page in own), "/accounts/2fa/"]
    assert {path: left for path in pages if (left := english_at(dana, path, "dana", *NAMED))} == {}
    dana.go("/accounts/2fa/webauthn/add/")
    dana.page.get_by_role("button", name="추가", exact=True).click()
    dana.page.get_by_text("이 기기에는 이미 이 계정의 패스키가 있습니다.").filter(visible=True).wait_for()
    dana.sign_out()
    dana.sign_in("dana", PASSWORD)
    assert (dana.heading, english_on(dana)) == ("2단계 인증", [])
    _use(dana, "패스키 사용")
    dana.sign_out()
    dana.go("/accounts/login/")
    _use(dana, "패스키로 로그인")
    assert dana.is_signed_in


def test_without_scripts_it_is_said_what_passkeys_need(visit: Visit) -> None:
    dana = visit("ko-KR", java_script_enabled=False)
    dana.go("/accounts/login/")
    assert "JavaScript가 필요하지만" in dana.page.locator("noscript").inner_text()
    assert english_on(dana) == []


def test_a_code_by_mail(visit: Visit, deliver_mail: Deliver) -> None:
    dana = visit("ko-KR")
    dana.go("/accounts/login/")
    follow(dana.page.get_by_role("link", name="메일로 받은 코드로 로그인"))
    assert (dana.heading, english_on(dana)) == ("코드로 로그인", [])
    dana.send(email="dana@example.com")
    assert (dana.heading, english_on(dana)) == ("메일을 확인하세요", [])
    dana.send(code="BBBB-BBBB")
    assert dana.page.locator(".errorlist").inner_text() == "코드가 올바르지 않습니다."
    assert english_on(dana) == []
    assert deliver_mail()[-1].subject == "[authproject] 로그인 코드"


def test_an_invitation(visit: Visit, settings: Any) -> None:
    settings.SIGNUP = "invite"
    emil = visit("ko-KR")
    assert english_at(emil, "/accounts/signup/") == []
    assert emil.heading == "가입을 받지 않습니다"
    link = invite("emil@example.com")
    assert english_at(emil, link) == []
    assert emil.page.get_by_text("이 주소로 초대를 받으셨으므로 이미 인증된 주소입니다.").count() == 1
    emil.send(username="emil", password1=PASSWORD, password2=PASSWORD)
    assert emil.is_signed_in
    emil.sign_out()
    assert english_at(emil, link) == []
    assert emil.heading == "더 이상 유효하지 않은 초대입니다"
    emil.faults.clear()  # the browser notices the refusals


def _use(visitor: Visitor, button: str) -> None:
    follow(visitor.page.get_by_role("button", name=button, exact=True))
