"""What a person unticks is not granted, and is remembered: neither asked again nor given silently."""

import pytest

from oauth.models import AuthorizationCode, Consent
from oauth.views.consent import consent_page
from tests.clients import Application, answer_of, make_client
from tests.consent_form import ConsentForm
from tests.oauth.protocol.requests import registered, sent

pytestmark = pytest.mark.django_db
ALL = "openid profile email offline_access read"


@pytest.fixture
def application(person):
    application = Application(make_client())
    application.sign_in()
    return application


def asks(answer):
    return answer.status_code == 200 and b'name="decision"' in answer.content


def granted(application, answer):
    """The scopes that the token response of an answer names."""
    return application.exchange(answer_of(answer)["code"]).json().get("scope", "").split()


def test_everything_but_openid_has_a_box_that_is_ticked(application):
    form = ConsentForm(application, scope=ALL)
    assert form.boxes == form.ticked == ["profile", "email", "offline_access", "read"]
    assert "Untick what you do not want to allow." in form.page


def test_what_is_left_ticked_is_what_is_granted(application):
    answer = ConsentForm(application, scope=ALL).untick("email", "read").send()
    code = answer_of(answer)["code"]
    assert AuthorizationCode.objects.get().scope == "openid profile offline_access"
    tokens = application.exchange(code).json()
    assert tokens["scope"] == "openid profile offline_access"
    asked = application.browser.get("/oauth/userinfo", headers={"authorization": f"Bearer {tokens['access_token']}"})
    assert "preferred_username" in asked.json()
    assert "email" not in asked.json()


def test_offline_access_can_be_unticked_and_the_grant_then_ends_with_the_sign_in(application):
    form = ConsentForm(application, scope="openid offline_access").untick("offline_access")
    tokens = application.exchange(answer_of(form.send())["code"]).json()
    assert tokens["scope"] == "openid"
    application.browser.post("/accounts/logout/")
    assert application.refresh(tokens["refresh_token"]).json()["error"] == "invalid_grant"


def test_all_may_be_unticked(application):
    form = ConsentForm(application, scope="profile email").untick("profile", "email")
    tokens = application.exchange(answer_of(form.send())["code"]).json()
    assert tokens["access_token"]
    assert not tokens.get("scope")


def test_claims_asked_for_by_name_hang_on_the_box_of_their_scope(application):
    claims = '{"userinfo": {"email": {"essential": true}, "name": null}}'
    form = ConsentForm(application, scope="openid", claims=claims)
    assert form.boxes == ["profile", "email"]
    tokens = application.exchange(answer_of(form.untick("email").send())["code"]).json()
    asked = application.browser.get("/oauth/userinfo", headers={"authorization": f"Bearer {tokens['access_token']}"})
    assert "name" in asked.json()
    assert "email" not in asked.json()


def test_a_client_is_given_less_without_a_page_when_it_asks_again_for_what_was_unticked(application):
    ConsentForm(application, scope=ALL).untick("email").send()
    again = application.authorize(scope=ALL)
    assert granted(application, again) == ["openid", "profile", "offline_access", "read"]
    silently = application.authorize(scope=ALL, prompt="none")
    assert granted(application, silently) == ["openid", "profile", "offline_access", "read"]
    assert granted(application, application.authorize(scope="openid email")) == ["openid"]


def test_what_was_never_asked_brings_the_page_with_the_choices_before(application):
    ConsentForm(application, scope="openid profile email").untick("email").send()
    form = ConsentForm(application, scope=ALL)
    assert form.boxes == ["profile", "email", "offline_access", "read"]
    assert form.ticked == ["profile", "offline_access", "read"]
    assert answer_of(application.authorize(scope=ALL, prompt="none"))["error"] == "consent_required"


def test_a_client_may_ask_anew_and_the_last_answer_counts(application):
    ConsentForm(application, scope=ALL).untick("email").send()
    form = ConsentForm(application, scope=ALL, prompt="consent")
    assert "email" not in form.ticked
    answer = form.send(scope=["profile", "email"])
    assert granted(application, answer) == ["openid", "profile", "email"]
    consent = Consent.objects.get()
    assert (set(consent.scope.split()), set(consent.declined.split())) == (
        {"openid", "profile", "email"},
        {"offline_access", "read"},
    )
    assert granted(application, application.authorize(scope=ALL)) == ["openid", "profile", "email"]


def test_a_client_that_skips_consent_is_not_given_what_was_unticked_when_it_did_ask(person):
    application = Application(make_client(skip_authorization=True))
    application.sign_in()
    ConsentForm(application, scope=ALL, prompt="consent").untick("email").send()
    assert "email" not in granted(application, application.authorize(scope=ALL))


def test_what_a_client_cannot_do_without_has_no_box_and_is_granted(person):
    application = Application(make_client(required_scopes="email"))
    application.sign_in()
    form = ConsentForm(application, scope="openid profile email")
    assert form.boxes == ["profile"]
    assert "It does not work without this." in form.page
    assert granted(application, form.untick("profile").send()) == ["openid", "email"]


def test_what_became_indispensable_after_it_was_unticked_is_asked_for_again(application):
    ConsentForm(application, scope="openid email").untick("email").send()
    application.client.required_scopes = "email"
    application.client.save()
    assert asks(application.authorize(scope="openid email"))


def test_a_form_without_boxes_allows_everything(application):
    assert granted(application, application.decide(scope=ALL)) == ALL.split()
    assert Consent.objects.get().declined == ""


def test_who_denies_changes_nothing_that_was_remembered(application):
    ConsentForm(application, scope=ALL).untick("email").send()
    before = Consent.objects.values("scope", "declined").get()
    ConsentForm(application, scope=ALL, prompt="consent").untick("read").send("deny")
    assert Consent.objects.values("scope", "declined").get() == before


def test_revoking_forgets_what_was_unticked_too(application):
    ConsentForm(application, scope=ALL).untick("email").send()
    application.browser.post(f"/accounts/apps/{application.client.pk}/revoke/")
    assert ConsentForm(application, scope=ALL).ticked == ["profile", "email", "offline_access", "read"]


def test_connected_apps_tell_what_a_grant_from_before_may_still_do(application):
    application.tokens(scope="openid email offline_access")
    ConsentForm(application, scope="openid email", prompt="consent").untick("email").send()
    apps = application.browser.get("/accounts/apps/").content.decode()
    assert "See your e-mail address" in apps
    application.browser.post(f"/accounts/apps/{application.client.pk}/revoke/")
    ConsentForm(application, scope="openid email").untick("email").send()
    assert "See your e-mail address" not in application.browser.get("/accounts/apps/").content.decode()


@pytest.mark.parametrize(
    ("redirect_uri", "told", "warned"),
    [
        ("https://app.example/cb", "<strong>app.example</strong>", False),
        ("https://evil.example/cb", "<strong>evil.example</strong>", True),
    ],
)
def test_a_client_by_document_is_told_by_its_domain_and_its_true_destination(rf, person, redirect_uri, told, warned):
    client = registered(
        client_id="https://app.example/client.json", name="Bank", registration_source="cimd", reviewed=False
    )
    request = rf.get("/oauth/authorize")
    request.user = person
    checked = sent(client).having(client=client, redirect_uri=redirect_uri, scope=("openid",))
    page = consent_page(request, checked, given=None).content.decode()
    assert '<p class="domain"><span>Described by</span> <strong>app.example</strong></p>' in page
    assert told in page
    assert ("leads to another site" in page) is warned
    assert "are what it says of itself" in page


@pytest.mark.parametrize(
    ("redirect_uri", "told"),
    [("http://127.0.0.1:4321/cb", "127.0.0.1:4321"), ("com.example.app:/cb", "com.example.app")],
)
def test_a_program_on_the_device_is_called_one_with_its_address(person, redirect_uri, told):
    application = Application(make_client("native", public=True, redirect_uris=redirect_uri))
    application.sign_in()
    assert f"a program on this device (<bdi>{told}</bdi>)" in application.authorize().content.decode()
