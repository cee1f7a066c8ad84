"""The page of the API in Chromium: it shows the document and calls the API, under the strict CSP."""

import pytest

from tests.bearer import first_party
from tests.browser.conftest import Visit
from tests.browser.visitor import Visitor

pytestmark = pytest.mark.browser


@pytest.fixture
def reader(visit: Visit) -> Visitor:
    reader = visit()
    reader.go("/api/docs/")
    reader.page.locator("#operations-me-me_retrieve").wait_for()
    return reader


def test_shows_every_address(reader: Visitor) -> None:
    expected = {"/api/me/", "/api/protected/", "/api/token/", "/api/account/{client}/v1/auth/login/"}
    for path in expected:
        reader.page.locator(f".opblock-summary-path[data-path='{path}']").first.wait_for()
    shown = reader.page.locator(".opblock-summary-path").all_inner_texts()

    assert expected <= {path.replace("\u200b", "") for path in shown}
    assert reader.page.locator("h1, h2.title").first.inner_text().startswith("authproject API")


def test_is_styled_by_our_own_files(reader: Visitor) -> None:
    summary = reader.page.locator("#operations-me-me_retrieve .opblock-summary").first

    assert summary.evaluate("element => getComputedStyle(element).display") == "flex"
    assert reader.page.evaluate("getComputedStyle(document.body).margin") == "0px"


def test_calls_the_api_with_a_token(reader: Visitor, person) -> None:
    page = reader.page
    page.locator(".auth-wrapper .authorize").first.click()
    page.locator(".auth-container input").wait_for()
    page.locator(".auth-container input").fill(first_party(person))
    page.locator(".auth-btn-wrapper .authorize").click()
    page.locator(".auth-btn-wrapper", has_text="Logout").wait_for()
    page.locator(".auth-btn-wrapper .btn-done").click()
    page.locator(".auth-container").wait_for(state="detached")
    operation = page.locator("#operations-me-me_retrieve")
    operation.locator(".opblock-summary-control").click()
    operation.locator(".try-out__btn").wait_for()
    operation.locator(".try-out__btn").click()
    operation.locator(".execute").wait_for()
    operation.locator(".execute").click()
    operation.locator(".live-responses-table .response", has_text='"username": "alice"').wait_for()

    assert "200" in operation.locator(".live-responses-table .response-col_status").last.inner_text()
    assert '"username": "alice"' in operation.locator(".live-responses-table").inner_text()
