"""The pages on which a person connects a device, in Chromium: typed, brought by a link, allowed, refused."""

from typing import Any

import pytest

from accounts.models import User
from oauth.models import Client
from tests.browser.conftest import Visit
from tests.browser.korean import english_at, english_on
from tests.browser.visitor import Visitor, follow
from tests.devices import Device, make_device_client
from tests.people import PASSWORD

pytestmark = pytest.mark.browser
LONG_NAME = "The Application With A Long Name Of The Ministry For Agriculture And Forests"


@pytest.fixture
def tv(live_server: Any, person: User) -> Client:
    return make_device_client()


@pytest.fixture
def device(tv: Client) -> Device:
    began = Device(tv)
    began.begin(scope="openid profile email offline_access")
    return began


@pytest.fixture
def alice(visit: Visit, device: Device) -> Visitor:
    visitor = visit()
    visitor.sign_in("alice", PASSWORD)
    return visitor


def test_a_stranger_signs_in_types_the_code_and_allows_it(visit: Visit, device: Device) -> None:
    stranger = visit()
    stranger.go("/oauth/device")
    stranger.send(login="alice", password=PASSWORD)
    assert (stranger.path, stranger.heading) == ("/oauth/device", "Connect a device")
    stranger.send(user_code=device.codes["user_code"].lower())
    assert stranger.heading == "Connect The Television on a device?"
    said = stranger.page.get_by_role("main").inner_text()
    assert device.codes["user_code"] in said
    assert "127.0.0.1" in said
    stranger.page.get_by_label("See your e-mail address").uncheck()
    follow(stranger.page.get_by_role("button", name="Allow"))
    assert stranger.heading == "The device is connected"
    assert device.poll().json()["scope"] == "openid profile offline_access"
    follow(stranger.page.get_by_role("link", name="See connected apps"))
    assert "The Television" in stranger.page.get_by_role("main").inner_text()


def test_a_link_brings_the_code_which_is_compared_first(alice: Visitor, device: Device) -> None:
    alice.go(f"/oauth/device?user_code={device.codes['user_code']}")
    assert "Compare it letter by letter" in alice.page.get_by_role("main").inner_text()
    assert alice.page.get_by_label("Code").input_value() == device.codes["user_code"]
    alice.send()
    follow(alice.page.get_by_role("button", name="Deny"))
    assert alice.heading == "The device was refused"
    assert device.poll().json()["error"] == "access_denied"


def test_a_wrong_code_is_said_beside_its_field(alice: Visitor) -> None:
    alice.go("/oauth/device")
    alice.send(user_code="BBBB-BBBB")
    assert "No device waits with this code" in alice.page.locator(".errorlist").inner_text()
    assert alice.page.get_by_label("Code").input_value() == "BBBB-BBBB"


def test_who_is_asked_for_the_password_again_comes_back_to_the_same_device(visit: Visit, tv: Client) -> None:
    tv.default_max_age = 0
    tv.save()
    device, alice = Device(tv), visit()
    device.begin()
    alice.sign_in("alice", PASSWORD)
    alice.go("/oauth/device")
    alice.send(user_code=device.codes["user_code"])
    assert alice.path == "/accounts/reauthenticate/"
    alice.send(password=PASSWORD)
    assert alice.heading == "Connect The Television on a device?"
    follow(alice.page.get_by_role("button", name="Allow"))
    assert device.poll().status_code == 200


@pytest.mark.parametrize("language", ["en-GB", "ko-KR"])
def test_the_pages_fit_a_narrow_screen(visit: Visit, tv: Client, language: str) -> None:
    tv.name = LONG_NAME
    tv.save()
    device, narrow = Device(tv), visit(language, width=360)
    device.begin()
    narrow.sign_in("alice", PASSWORD)
    narrow.go(f"/oauth/device?user_code={device.codes['user_code']}")
    for _ in range(3):  # the code, the review, and that it is done
        assert not narrow.page.evaluate("document.documentElement.scrollWidth > innerWidth"), narrow.page.url
        assert narrow.page.locator("h1").count() == 1
        if narrow.page.locator("main form").count():
            narrow.send()


def test_no_english_is_left_on_the_pages(visit: Visit, device: Device) -> None:
    dana = visit("ko-KR")
    dana.sign_in("alice", PASSWORD)
    left = {}
    for path in ("/oauth/device", f"/oauth/device?user_code={device.codes['user_code']}"):
        left[path] = english_at(dana, path, "alice", device.codes["user_code"])
    dana.send()
    left["review"] = english_on(dana, "alice", "The", "Television", device.codes["user_code"])
    dana.send()
    left["done"] = english_on(dana, "alice")
    assert {where: words for where, words in left.items() if words} == {}
