"""RFC 8693: a token for a token, for the API behind the one that the person's application called."""

import time

import pytest

from tests.clients import SECRET, basic, make_client, post_form
from tests.exchanging import (
    ACCESS_TOKEN,
    EXCHANGE,
    ISSUER,
    ORDERS,
    OTHER,
    STOCK,
    app_of,
    exchange,
    exchanged,
    make_api,
    own_token,
    put,
    refused,
    set_up,
    token_for_orders,
)
from tests.relying_party import verified

pytestmark = pytest.mark.django_db
TYPES = "urn:ietf:params:oauth:token-type:"


@pytest.fixture
def app_(person):
    set_up()
    return app_of(person)


def said(answer, audience=STOCK):
    return verified(answer["access_token"], audience=audience)


@pytest.mark.spec("RFC 8693", "2.2.1")
def test_the_answer_names_the_type_of_the_token(app_):
    answer = exchanged(token_for_orders(app_), resource=STOCK)
    assert answer.keys() == {"access_token", "issued_token_type", "token_type", "expires_in", "scope"}
    assert (answer["issued_token_type"], answer["token_type"], answer["scope"]) == (ACCESS_TOKEN, "Bearer", "stock")


@pytest.mark.spec("RFC 8693", "1.1")
@pytest.mark.spec("RFC 8693", "4.1")
@pytest.mark.spec("RFC 8693", "4.3")
def test_a_delegated_token_says_who_acts_for_whom(app_):
    subject = token_for_orders(app_)
    before, claims = verified(subject, audience=ORDERS), said(exchanged(subject, resource=STOCK))
    assert claims["act"] == {"sub": "orders"}
    assert (claims["sub"], claims["client_id"], claims["aud"]) == (before["sub"], "orders", STOCK)
    assert [claims[name] for name in ("grant", "sid", "auth_time", "acr")] == [
        before[name] for name in ("grant", "sid", "auth_time", "acr")
    ]


@pytest.mark.spec("RFC 8693", "1.1")
def test_an_impersonating_token_names_nobody_beside_the_person(person):
    set_up()
    make_api("gateway", policy="impersonation")
    put(ORDERS, "orders", "stock", client_id="gateway")
    claims = said(exchanged(token_for_orders(app_of(person)), client_id="gateway", resource=STOCK))
    assert "act" not in claims
    assert (claims["sub"], claims["client_id"]) == (str(person.pk), "gateway")


@pytest.mark.spec("RFC 8693", "4.1")
def test_actors_before_are_nested_also_where_the_last_one_impersonates(person):
    set_up()
    make_api("stock-keeper", policy="impersonation")
    put(STOCK, "stock", client_id="stock-keeper")
    put(OTHER, "stock")
    first = exchanged(token_for_orders(app_of(person)), resource=STOCK)["access_token"]
    second = exchanged(first, client_id="stock-keeper", resource=OTHER)
    assert said(second, OTHER)["act"] == {"sub": "orders"}
    named = exchanged(
        first, client_id="stock-keeper", resource=OTHER,
        actor_token=own_token("stock-keeper"), actor_token_type=ACCESS_TOKEN,
    )  # fmt: skip
    assert said(named, OTHER)["act"] == {"sub": "stock-keeper", "act": {"sub": "orders"}}


@pytest.mark.spec("RFC 8693", "2.1")
def test_the_target_is_named_by_its_identifier_or_its_client(app_):
    subject = token_for_orders(app_)
    for named in ({"resource": STOCK}, {"audience": STOCK}, {"audience": "stock"}):
        assert said(exchanged(subject, **named))["aud"] == STOCK


@pytest.mark.spec("RFC 8693", "2.1")
def test_without_a_target_the_audience_stays(app_):
    answer = exchanged(token_for_orders(app_), scope="orders")
    assert (said(answer, ORDERS)["scope"], said(answer, ORDERS)["client_id"]) == ("orders", "orders")


@pytest.mark.spec("RFC 8693", "2.1")
def test_both_ways_to_name_a_target_may_name_the_same_one(app_):
    subject = token_for_orders(app_)
    assert said(exchanged(subject, resource=STOCK, audience="stock"))["aud"] == STOCK
    refused(exchange(subject, resource=STOCK, audience=ORDERS), "invalid_target")
    refused(exchange(subject, resource=[STOCK, ORDERS]), "invalid_target")
    refused(exchange(subject, audience=[STOCK, ORDERS]))


@pytest.mark.spec("RFC 8693", "2.2.2")
def test_an_unknown_target_is_an_invalid_target(app_):
    subject = token_for_orders(app_)
    for name in ("https://unknown.example", f"{STOCK}/", "app", "nobody"):
        refused(exchange(subject, resource=name), "invalid_target")
        refused(exchange(subject, audience=name), "invalid_target")


@pytest.mark.spec("RFC 8693", "2.1")
def test_a_token_of_its_own_is_narrowed(person):
    set_up()
    application = app_of(person, token_exchange="delegation", grant_types=f"authorization_code {EXCHANGE}")
    subject = application.tokens(scope="openid profile orders stock")["access_token"]
    narrowed = exchanged(subject, client_id="app", scope="profile")
    assert said(narrowed, ISSUER)["scope"] == "profile"
    assert said(exchanged(subject, client_id="app", resource=STOCK))["scope"] == "stock"


@pytest.mark.spec("RFC 8693", "2.1")
def test_takes_access_tokens_by_either_of_their_types(app_):
    subject = token_for_orders(app_)
    for name in ("access_token", "jwt"):
        answer = exchanged(subject, resource=STOCK, subject_token_type=TYPES + name)
        assert said(answer)["scope"] == "stock"


@pytest.mark.spec("RFC 8693", "2.1")
def test_what_cannot_be_exchanged_so_is_an_invalid_request(app_):
    subject = token_for_orders(app_)
    for changed in (
        {"subject_token": None},
        {"subject_token_type": None},
        {"subject_token_type": f"{TYPES}id_token"},
        {"subject_token_type": f"{TYPES}refresh_token"},
        {"subject_token_type": f"{TYPES}saml2"},
        {"requested_token_type": f"{TYPES}refresh_token"},
        {"requested_token_type": f"{TYPES}id_token"},
        {"requested_token_type": "urn:x:y"},
        {"actor_token": "x"},
        {"actor_token_type": ACCESS_TOKEN},
        {"actor_token": "x", "actor_token_type": f"{TYPES}id_token"},
        {"subject_token": "nothing"},
    ):
        refused(exchange(**({"subject_token": subject, "resource": STOCK} | changed)))


@pytest.mark.spec("RFC 8693", "2.1")
def test_the_requested_type_may_be_named(app_):
    assert exchanged(token_for_orders(app_), resource=STOCK, requested_token_type=ACCESS_TOKEN)["scope"] == "stock"


@pytest.mark.spec("RFC 8693", "2.1")
def test_an_actor_token_of_the_client_itself_names_it(app_):
    actor = {"actor_token": own_token(), "actor_token_type": ACCESS_TOKEN}
    assert said(exchanged(token_for_orders(app_), resource=STOCK, **actor))["act"] == {"sub": "orders"}


@pytest.mark.spec("RFC 8693", "2.2.1")
def test_the_new_token_lives_no_longer_than_the_old_one(person):
    set_up()
    put(STOCK, "stock", client_id="stock", access_token_lifetime=3600)
    subject = token_for_orders(app_of(person))
    old, answer = verified(subject, audience=ORDERS), exchanged(subject, resource=STOCK)
    assert said(answer)["exp"] <= old["exp"]
    assert answer["expires_in"] <= old["exp"] - int(time.time()) + 1
    put(STOCK, "stock", client_id="stock", access_token_lifetime=60)
    assert exchanged(subject, resource=STOCK)["expires_in"] == 60


@pytest.mark.spec("RFC 8693", "2.1")
def test_opaque_tokens_go_in_and_come_out(person):
    set_up()
    put(ORDERS, "orders", "stock", client_id="orders", access_token_format="opaque")
    put(STOCK, "stock", client_id="stock", access_token_format="opaque")
    answer = exchanged(token_for_orders(app_of(person)), resource=STOCK)
    told = post_form("/oauth/introspect", {"token": answer["access_token"]}, authorization=basic("stock", SECRET))
    assert (told.json()["active"], told.json()["act"], told.json()["aud"]) == (True, {"sub": "orders"}, STOCK)


@pytest.mark.spec("RFC 8414", "2")
def test_the_metadata_names_the_grant_type(client, db):
    assert EXCHANGE in client.get("/.well-known/oauth-authorization-server").json()["grant_types_supported"]


@pytest.mark.spec("RFC 8693", "5")
def test_a_client_without_the_grant_type_or_the_policy_may_not(app_):
    subject = token_for_orders(app_)
    make_client("plain")
    make_api("unlet", policy="none")
    for client_id in ("plain", "unlet"):
        refused(exchange(subject, client_id=client_id, resource=STOCK), "unauthorized_client")
    refused(exchange(subject, headers={"authorization": ""}), "invalid_client", 401)
