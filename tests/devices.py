"""A device without a browser, and what its person does with the code that it shows, over HTTP alone (RFC 8628)."""

from datetime import timedelta
from typing import Any, Final

from django.test import Client as Browser

from oauth.models import Client, DeviceAuthorization
from tests.clients import SECRET, basic, make_client, post_form
from tests.oauth.grants import change
from tests.people import PASSWORD
from trust.lib import clock
from trust.lib.digests import digest_of

GRANT: Final = "urn:ietf:params:oauth:grant-type:device_code"
PAGE: Final = "/oauth/device"


def make_device_client(client_id: str = "tv", *, public: bool = True, **named: Any) -> Client:
    """Make a client of devices: it has no redirect URI."""
    defaults = {"name": "The Television", "redirect_uris": "", "grant_types": f"{GRANT} refresh_token"}
    return make_client(client_id, public=public, **(defaults | named))


class Device:
    """The program on a device, and the codes that it got."""

    def __init__(self, client: Client) -> None:
        self.client = client
        self.codes: dict[str, Any] = {}

    def begin(self, **more: str) -> Any:
        """Ask for codes."""
        answer = self._post("/oauth/device-authorization", {"scope": "openid profile offline_access"} | more)
        self.codes = answer.json()
        return answer

    def poll(self, *, patient: bool = True, **more: str) -> Any:
        """Ask for tokens, as if the interval had passed, unless impatient."""
        if patient:
            change(self.row, last_polled=clock.now() - timedelta(minutes=5))
        return self._post("/oauth/token", {"grant_type": GRANT, "device_code": self.codes["device_code"]} | more)

    @property
    def row(self) -> DeviceAuthorization:
        """What the server keeps of it."""
        return DeviceAuthorization.objects.get(device_code=digest_of(self.codes["device_code"]))

    def _post(self, path: str, form: dict[str, str]) -> Any:
        name = self.client.client_id
        if self.client.client_type == "public":
            return post_form(path, {"client_id": name} | form)
        return post_form(path, form, authorization=basic(name, SECRET))


def sign_in(username: str = "alice", *, browser: Browser | None = None) -> Browser:
    """Return a browser in which somebody is signed in."""
    browser = browser or Browser()
    answer = browser.post("/accounts/login/", {"login": username, "password": PASSWORD})
    assert answer.status_code == 302
    return browser


def type_code(browser: Browser, code: str) -> Any:
    """Type a code on the page."""
    return browser.post(PAGE, {"user_code": code})


def review_of(browser: Browser, device: Device) -> str:
    """Type the device's code; return where its review is."""
    answer = type_code(browser, device.codes["user_code"])
    assert answer.status_code == 302, answer.content.decode()
    return str(answer["Location"])


def decide(browser: Browser, device: Device, decision: str = "allow", **form: Any) -> Any:
    """Go the whole way with the code that a device shows."""
    return browser.post(review_of(browser, device), {"decision": decision} | form)


def connected(username: str = "alice", *, client: Client, **asked: str) -> Device:
    """Return a device that its person has allowed, and that knows nothing of it yet."""
    device = Device(client)
    assert device.begin(**asked).status_code == 200
    assert decide(sign_in(username), device).status_code == 302
    return device
