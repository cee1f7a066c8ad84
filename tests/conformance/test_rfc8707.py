"""RFC 8707: a token is for the API that was named, and says the scopes of that API alone."""

import pytest

from oauth.models import AuthorizationCode, Client, RefreshToken
from oauth.scope_description import ResourceDescription
from oauth.services import scope_registration
from oauth.vocabulary import AccessTokenFormat
from tests.clients import SECRET, Application, answer_of, basic, make_client, post_form
from tests.relying_party import verified

pytestmark = pytest.mark.django_db

FILES, MAIL, ISSUER = "https://files.example/v1", "https://mail.example", "http://testserver"
SCOPES = "openid profile offline_access files:read files:write mail:read"


def put(identifier: str, *scopes: str, **named) -> None:
    described = ResourceDescription(identifier=identifier, name_en=identifier, scopes=scopes, **named)
    scope_registration.put_resource(described)


@pytest.fixture(autouse=True)
def apis(db):
    put(FILES, "files:read", "files:write")
    put(MAIL, "mail:read")


@pytest.fixture
def client_of_apis(person):
    """A client that may ask for both APIs, and its person's browser."""
    application = Application(make_client(scopes=SCOPES))
    application.sign_in()
    return application


def said(tokens, audience):
    return verified(tokens["access_token"], audience=audience)


@pytest.mark.spec("RFC 8707", "2.1")
@pytest.mark.spec("RFC 8707", "2.2")
def test_a_token_is_for_the_resource_of_the_authorization_request(client_of_apis):
    tokens = client_of_apis.tokens(scope="openid files:read mail:read", resource=FILES)
    claims = said(tokens, FILES)
    assert (claims["aud"], claims["scope"], tokens["scope"]) == (FILES, "files:read", "files:read")
    assert "id_token" in tokens


@pytest.mark.spec("RFC 8707", "2.2")
def test_each_refresh_may_name_another_of_the_granted_resources(client_of_apis):
    tokens = client_of_apis.tokens(scope="openid files:read mail:read", resource=[FILES, MAIL])
    assert said(tokens, FILES)["scope"] == "files:read"  # the first, where none is named
    mail = client_of_apis.refresh(tokens["refresh_token"], resource=MAIL).json()
    assert said(mail, MAIL)["scope"] == "mail:read"
    assert RefreshToken.objects.get().scope == "openid files:read mail:read"


@pytest.mark.spec("RFC 8707", "2.2")
def test_the_code_exchange_may_name_one_of_them(client_of_apis):
    code = client_of_apis.code(scope="openid files:read mail:read", resource=[FILES, MAIL])
    assert said(client_of_apis.exchange(code, resource=MAIL).json(), MAIL)["scope"] == "mail:read"


@pytest.mark.spec("RFC 8707", "2")
def test_without_a_scope_those_of_the_resource_are_asked_for(client_of_apis):
    tokens = client_of_apis.tokens(scope=None, resource=MAIL)
    assert said(tokens, MAIL)["scope"] == "mail:read"


@pytest.mark.spec("RFC 8707", "2")
@pytest.mark.parametrize(
    "resource",
    [
        *("https://unknown.example", f"{FILES}/", FILES.upper(), "files", "https://files.example/v1#", "javascript:1"),
        [FILES, "https://unknown.example"],
        [f"https://files.example/{number}" for number in range(50)],
    ],
    ids=str,
)
def test_an_unknown_resource_is_refused_by_a_redirect(client_of_apis, resource):
    answer = answer_of(client_of_apis.authorize(scope="openid files:read", resource=resource))
    assert answer["error"] == "invalid_target"


def test_a_resource_none_of_whose_scopes_is_asked_for_is_refused(client_of_apis):
    assert answer_of(client_of_apis.authorize(scope="openid mail:read", resource=FILES))["error"] == "invalid_target"


@pytest.mark.spec("RFC 8707", "2.2")
@pytest.mark.parametrize("resource", [MAIL, "https://unknown.example", [FILES, MAIL]], ids=str)
def test_a_token_request_for_another_resource_is_refused_and_the_code_stays_good(client_of_apis, resource):
    code = client_of_apis.code(scope="openid files:read mail:read", resource=FILES)
    refused = client_of_apis.exchange(code, resource=resource)
    assert (refused.status_code, refused.json()["error"]) == (400, "invalid_target")
    assert AuthorizationCode.objects.get().used_at is None
    assert client_of_apis.exchange(code).status_code == 200


def test_a_refused_refresh_leaves_the_refresh_token_as_it_is(client_of_apis):
    refresh_token = client_of_apis.tokens(scope="openid files:read mail:read", resource=FILES)["refresh_token"]
    assert client_of_apis.refresh(refresh_token, resource=MAIL).json()["error"] == "invalid_target"
    assert RefreshToken.objects.get().generation == 1
    assert client_of_apis.refresh(refresh_token, resource=FILES).status_code == 200


def test_our_own_api_is_named_by_the_issuer(client_of_apis):
    tokens = client_of_apis.tokens(scope="openid profile files:read", resource=[FILES, ISSUER])
    own = client_of_apis.refresh(tokens["refresh_token"], resource=ISSUER).json()
    assert said(own, ISSUER)["scope"] == "openid profile files:read"


@pytest.mark.spec("RFC 9068", "4")
def test_a_token_for_another_api_opens_none_of_ours(client_of_apis):
    token = client_of_apis.tokens(scope="openid profile files:read", resource=FILES)["access_token"]
    for path in ("/oauth/userinfo", "/api/user_info/", "/api/me/"):
        assert client_of_apis.browser.get(path, headers={"authorization": f"Bearer {token}"}).status_code == 401


def test_a_grant_without_a_resource_may_be_narrowed_to_one(client_of_apis):
    tokens = client_of_apis.tokens(scope="openid files:read")
    assert said(tokens, ISSUER)["scope"] == "openid files:read"
    narrowed = client_of_apis.refresh(tokens["refresh_token"], resource=FILES).json()
    assert said(narrowed, FILES)["scope"] == "files:read"


@pytest.mark.spec("RFC 8707", "2")
def test_a_client_that_acts_as_itself_names_a_resource_too(client_of_apis):
    answer = client_of_apis.token(grant_type="client_credentials", scope="files:read mail:read", resource=FILES).json()
    assert said(answer, FILES)["scope"] == "files:read"
    refused = client_of_apis.token(grant_type="client_credentials", scope="mail:read", resource=FILES)
    assert refused.json()["error"] == "invalid_target"


def test_the_resource_says_format_and_lifetime_of_its_tokens(client_of_apis):
    put(FILES, "files:read", access_token_format=AccessTokenFormat.OPAQUE, access_token_lifetime=90)
    tokens = client_of_apis.tokens(scope="openid files:read", resource=FILES)
    assert (tokens["access_token"].count("."), tokens["expires_in"]) == (0, 90)
    assert client_of_apis.tokens(scope="openid files:read")["expires_in"] == 600


@pytest.mark.parametrize("token_format", list(AccessTokenFormat))
def test_the_client_of_a_resource_may_introspect_its_tokens_and_no_other(client_of_apis, token_format):
    for client_id in ("files-api", "mail-api"):
        make_client(client_id, introspects="own", grant_types="client_credentials", redirect_uris="")
    put(FILES, "files:read", client_id="files-api", access_token_format=token_format)
    put(MAIL, "mail:read", client_id="mail-api")
    token = client_of_apis.tokens(scope="openid files:read", resource=FILES)["access_token"]

    def introspected(client_id):
        return post_form("/oauth/introspect", {"token": token}, authorization=basic(client_id, SECRET)).json()

    assert (introspected("files-api")["aud"], introspected("files-api")["scope"]) == (FILES, "files:read")
    assert introspected("mail-api") == {"active": False}
    Client.objects.by_client_id("files-api").get().delete()
    assert client_of_apis.tokens(scope="openid files:read", resource=FILES)["access_token"]


def test_a_token_for_an_api_is_given_back_as_any_other(client_of_apis):
    make_client("files-api", introspects="all", grant_types="client_credentials", redirect_uris="")
    token = client_of_apis.tokens(scope="openid files:read", resource=FILES)["access_token"]
    form, headers = {"token": token}, {"authorization": basic("files-api", SECRET)}
    assert post_form("/oauth/introspect", form, **headers).json()["active"] is True
    own = {"authorization": basic("app", SECRET)}
    assert post_form("/oauth/revoke", form, **own).status_code == 200
    assert post_form("/oauth/introspect", form, **headers).json() == {"active": False}


def test_a_deleted_resource_gives_no_tokens_any_more(client_of_apis, django_capture_on_commit_callbacks):
    refresh_token = client_of_apis.tokens(scope="openid files:read", resource=FILES)["refresh_token"]
    with django_capture_on_commit_callbacks(execute=True):
        scope_registration.delete_resource(identifier=FILES)
    refused = client_of_apis.refresh(refresh_token)
    assert (refused.status_code, refused.json()["error"]) == (400, "invalid_target")
