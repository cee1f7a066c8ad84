"""What people read of scopes: in their language, by the API that they open."""

import pytest
from django.utils import translation

from accounts.models import User
from oauth.scope_description import ResourceDescription, ScopeDescription
from oauth.services import scope_registration, scopes
from oauth.views.permissions import in_words
from tests.clients import Application, make_client

READ = ScopeDescription(
    name="orders:read",
    title_en="See your orders",
    title_ko="주문을 볼 수 있습니다",
    description_en="Of the last two years.",
)
API = ResourceDescription(
    identifier="https://orders.example", name_en="The Shop", name_ko="가게", scopes=("orders:read", "orders:write")
)


def _words(*names: str, language: str = "en") -> list[tuple[str, list[tuple[str, str]]]]:
    scopes.memory.forget()
    with translation.override(language):
        return [
            (group.resource, [(str(one.title), one.description) for one in group.listed]) for group in in_words(names)
        ]


@pytest.fixture
def api(db: None) -> None:
    scope_registration.put_scope(READ)
    scope_registration.put_resource(API)


@pytest.mark.usefixtures("api")
def test_scopes_stand_under_their_api_in_the_order_asked() -> None:
    assert _words("orders:write", "openid", "orders:read", "openid") == [
        ("", [("Know who you are", "")]),
        ("The Shop", [("Use the permission “orders:write”", ""), ("See your orders", "Of the last two years.")]),
    ]


@pytest.mark.usefixtures("api")
def test_words_are_korean_on_a_korean_page_where_there_are_any() -> None:
    assert _words("orders:read", language="ko") == [
        ("가게", [("주문을 볼 수 있습니다", "Of the last two years.")]),
    ]


@pytest.mark.usefixtures("db")
def test_words_chosen_for_a_built_in_scope_stand_before_the_houses_own() -> None:
    scope_registration.put_scope(ScopeDescription(name="email", title_en="Write to you"))
    assert _words("email") == [("", [("Write to you", "")])]
    (_none, ((korean, _more),)) = _words("email", language="ko")[0]
    assert korean not in {"Write to you", "See your e-mail address"}


@pytest.mark.usefixtures("api")
def test_a_scope_of_two_apis_stands_once_under_the_names_of_both() -> None:
    scope_registration.put_resource(
        ResourceDescription(identifier="urn:example:stock", name_en="Stock", scopes=("orders:read",))
    )
    assert [group for group, _listed in _words("orders:write", "orders:read")] == ["The Shop", "The Shop, Stock"]


@pytest.mark.usefixtures("api", "person")
def test_the_consent_page_and_the_connected_apps_show_the_words_escaped(person: User) -> None:
    scope_registration.put_scope(ScopeDescription(name="orders:read", title_en="See <b>orders</b>"))
    scopes.memory.forget()
    application = Application(make_client(scopes="openid orders:read"))
    application.sign_in()
    page = application.authorize(scope="openid orders:read").content.decode()
    assert "See &lt;b&gt;orders&lt;/b&gt;" in page
    assert page.index("Know who you are") < page.index("The Shop") < page.index("See &lt;b&gt;")
    application.tokens(scope="openid orders:read")
    apps = application.browser.get("/accounts/apps/").content.decode()
    assert "The Shop" in apps
    assert "<b>orders</b>" not in apps
