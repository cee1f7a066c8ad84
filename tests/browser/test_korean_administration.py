"""The administration of clients and of invitations, as somebody sees it who reads Korean."""

import pyotp
import pytest
from allauth.mfa.totp.internal.auth import TOTP

from oauth.admin.kinds import Kind
from tests.browser.conftest import Visit
from tests.browser.korean import SAID
from tests.browser.visitor import Visitor, follow
from tests.clients import make_client
from tests.korean import ENGLISH_SENTENCE, english_in
from tests.people import PASSWORD, MakePerson

pytestmark = pytest.mark.browser

# Wire values are shown as they are, above all in help texts and as choices: names of things are Korean, and sentences.
NAMES_OF_THINGS = "#content :is(h1, h2, h3, legend, th, .fieldset-heading, .form-row > div > div > label)"
SAID_SO = ("Id", "Userinfo", "root")


@pytest.fixture
def root(visit: Visit, make_person: MakePerson) -> Visitor:
    """An administrator whose browser asks for Korean, and who is there."""
    secret = pyotp.random_base32()
    TOTP.activate(make_person("root", staff=True, superuser=True), secret)
    visitor = visit("ko-KR")
    visitor.go("/admin/")
    visitor.send(login="root", password=PASSWORD)
    visitor.send(code=pyotp.TOTP(secret).now())
    assert visitor.path == "/admin/"
    return visitor


def test_no_english_is_left_in_the_administration_of_clients(root: Visitor) -> None:
    client = make_client("album", name="포토 앨범", claims={"dept": "attributes.dept"})
    pages = [
        *("client/", "client/add/", *(f"client/add/?kind={kind}" for kind in Kind)),
        *(f"client/{client.pk}/{page}/" for page in ("change", "preview", "secret")),
        *("clientsession/", "initialaccesstoken/", "consent/", "refreshtoken/"),
        *("scope/add/", "resource/", "resource/add/", "../keys/signingkey/rotate/"),
    ]
    assert {page: left for page in pages if (left := _english_at(root, f"/admin/oauth/{page}"))} == {}
    root.go(f"/admin/oauth/client/{client.pk}/preview/")
    root.page.locator("[name=person]").fill("nobody")
    follow(root.page.get_by_role("button", name="보기"))
    assert root.page.locator(".errorlist").inner_text() == "이 아이디, 이메일 주소 또는 ID의 사용자가 없습니다."
    root.page.locator("[name=person]").fill("root")
    follow(root.page.get_by_role("button", name="보기"))
    assert "포토 앨범 클라이언트에 전달되는 root 님의 정보" in root.page.locator("#content").inner_text()
    assert _english_on(root) == []


def test_what_is_wrong_with_a_client_is_said_in_korean(root: Visitor) -> None:
    root.go(f"/admin/oauth/client/{make_client(name='도구함').pk}/change/")
    page = root.page
    page.locator("[name=client_name]").fill("도구")
    page.locator("[name=redirect_uris]").fill("http://tool.example/callback")
    for claims, wrong in (
        ("groups", "1번째 줄: ‘클레임 = 출처’로 입력하세요."),
        ("", "루프백이 아니면 https여야 합니다"),
    ):
        page.locator("[name=x_claims]").fill(claims)
        follow(page.locator("[name=_save]"))
        assert wrong in page.locator(".errorlist").inner_text()
        assert _english_on(root) == []


def test_no_english_is_left_in_the_administration_of_people(root: Visitor) -> None:
    root.go("/admin/accounts/invitation/add/")
    root.page.locator("[name=email]").fill("emil@example.com")
    follow(root.page.locator("[name=_save]"))
    assert root.page.locator("#result_list tbody tr").count() == 1
    pages = ["invitation/", "invitation/add/", "user/", "user/add/", "session/"]
    assert {page: left for page in pages if (left := _english_at(root, f"/admin/accounts/{page}"))} == {}
    root.go("/admin/accounts/user/")
    follow(root.page.locator("#result_list tbody th a").first)
    assert _english_on(root) == []


def _english_at(visitor: Visitor, path: str) -> list[str]:
    visitor.go(path)
    return _english_on(visitor)


def _english_on(visitor: Visitor) -> list[str]:
    """Return the sentences of the page that are English, and the English words in what things are called."""
    assert visitor.language == "ko"
    called = visitor.page.locator(NAMES_OF_THINGS).all_inner_texts()
    sentences = ENGLISH_SENTENCE.findall(visitor.page.evaluate(SAID))
    return [*sentences, *(word for name in called for word in english_in(name, names=SAID_SO))]
