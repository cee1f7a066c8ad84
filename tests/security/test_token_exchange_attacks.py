"""Exchanges (RFC 8693) by those who should not, of what they should not have, for more than they may."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Group

from accounts.services import people
from oauth.models import Client, RefreshToken
from oauth.services import access_tokens, registration
from tests import bearer
from tests.client_keys import b64, unsigned
from tests.clients import SECRET, Application, basic, make_client, post_form
from tests.dpop import ProofKey
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
from trust.audit.models import AuditEvent
from trust.lib import clock
from trust.lib.origin import Origin
from trust.tokens.access_token import AccessToken, mint

pytestmark = pytest.mark.django_db
ACTOR = {"actor_token_type": ACCESS_TOKEN}


@pytest.fixture
def app_(person):
    set_up()
    return app_of(person)


@pytest.fixture
def subject(app_):
    return token_for_orders(app_)


def minted(person, **changed: Any) -> str:
    """Mint a token for the orders' API, with changes."""
    said: dict[str, Any] = {"subject": str(person.pk), "client_id": "app", "scope": ("orders", "stock")}
    said |= {"grant": "a-grant", "audience": ORDERS} | changed
    return mint(AccessToken(**said), now=clock.now()).value


# --- Who asks


@pytest.mark.spec("RFC 8693", "5")
def test_cve_2022_1245_nobody_exchanges_who_was_not_let(subject):
    make_client("app-evil")
    make_client("public", public=True, grant_types=EXCHANGE, token_exchange="delegation")
    make_api("unlet", policy="none")
    put(ORDERS, "orders", "stock", client_id="unlet")
    refused(exchange(subject, client_id="app-evil", resource=STOCK), "unauthorized_client")
    refused(exchange(subject, client_id="unlet", resource=STOCK), "unauthorized_client")
    form = {"grant_type": EXCHANGE, "client_id": "public", "subject_token": subject, "subject_token_type": ACCESS_TOKEN}
    refused(post_form("/oauth/token", form | {"resource": STOCK}), "unauthorized_client")
    form["client_id"] = "orders"
    refused(post_form("/oauth/token", form), "invalid_client", 401)
    assert not AuditEvent.objects.filter(action="token.exchanged").exists()


def test_a_disabled_api_is_no_target(subject):
    registration.disable(client_pk=Client.objects.get(client_id="stock").pk)
    refused(exchange(subject, resource=STOCK), "invalid_target")


def test_a_disabled_client_exchanges_nothing(subject):
    registration.disable(client_pk=Client.objects.get(client_id="orders").pk)
    refused(exchange(subject, resource=STOCK), "invalid_client", 401)


def test_who_registers_themselves_cannot_be_let_exchange(client, settings):
    settings.DCR = "open"
    asked = {"redirect_uris": ["https://app.example/cb"], "x_token_exchange": "impersonation"}
    answer = client.post("/oauth/register", asked, content_type="application/json")
    assert (answer.status_code, Client.objects.get().token_exchange) == (201, "none")
    asked["grant_types"] = ["authorization_code", EXCHANGE]
    assert client.post("/oauth/register", asked, content_type="application/json").status_code == 400


# --- What they have


def test_another_clients_token_is_nobody_elses_to_exchange(app_):
    make_api("stranger")
    for audience in (ORDERS, ISSUER):
        stolen = token_for_orders(app_, resource=audience)
        refused(exchange(stolen, client_id="stranger", resource=STOCK))
        refused(exchange(stolen, client_id="stranger"))
    refused(exchange(token_for_orders(app_, resource=ISSUER), resource=STOCK))  # for us, and not for the orders


def test_a_token_of_our_own_api_is_not_exchanged(subject, person):
    token = bearer.first_party(person)
    refused(exchange(token, resource=STOCK))
    refused(exchange(token))


@pytest.mark.spec("RFC 8725", "3.11")
def test_an_id_token_or_a_refresh_token_is_no_access_token(app_):
    tokens = app_.tokens(scope="openid offline_access orders stock", resource=ORDERS)
    jwt = "urn:ietf:params:oauth:token-type:jwt"
    for kind in ("id_token", "refresh_token"):
        for named in (ACCESS_TOKEN, jwt):
            refused(exchange(tokens[kind], resource=STOCK, subject_token_type=named))
            refused(exchange(tokens["access_token"], resource=STOCK, actor_token=tokens[kind], actor_token_type=named))


@pytest.mark.spec("RFC 8725", "2.1")
@pytest.mark.spec("RFC 8725", "3.2")
def test_a_forged_token_is_refused(subject):
    head, payload, signature = subject.split(".")
    none = unsigned(verified(subject, audience=ORDERS), {"alg": "none", "typ": "at+jwt"})
    for forged in (none, f"{head}.{payload}.", f"{head}.{payload}.{b64(b'0' * 64)}", f"{head}.{payload}", subject * 2):
        refused(exchange(forged, resource=STOCK))
    assert exchange(f"{subject}.{signature}", resource=STOCK).status_code == 400
    assert exchange("x" * 10_000, resource=STOCK).status_code == 400
    assert exchange("x" * 100_000, resource=STOCK).status_code == 413
    assert exchange("\0", resource=STOCK).status_code == 400


def test_an_expired_token_is_refused(subject, person):
    an_hour_ago = clock.now() - timedelta(hours=1)
    said = AccessToken(subject=str(person.pk), client_id="app", scope=("stock",), grant="a", audience=ORDERS)
    refused(exchange(mint(said, now=an_hour_ago).value, resource=STOCK))


def test_a_revoked_token_is_refused(subject):
    access_tokens.revoke(access_tokens.read_issued(subject, now=clock.now()))
    refused(exchange(subject, resource=STOCK))


def test_a_deactivated_persons_token_is_refused(subject, person):
    people.deactivate(user=person, actor=None, origin=Origin())
    refused(exchange(subject, resource=STOCK))


def test_somebody_who_is_not_there_any_more_is_nobody(subject, person):
    token = minted(person, subject="7b8d9e7e-2222-4bbb-8aaa-0123456789ab")
    refused(exchange(token, resource=STOCK))


def test_a_clients_own_token_speaks_for_no_person(subject):
    refused(exchange(own_token(), resource=STOCK))
    refused(exchange(own_token("orders", resource=ORDERS), resource=STOCK))


# --- More than they may


def test_no_refresh_token_comes_of_it(subject):
    assert "refresh_token" not in exchanged(subject, resource=STOCK)
    assert not RefreshToken.objects.filter(application__client_id="orders").exists()


def test_the_scope_is_never_wider_than_the_old_tokens(app_):
    narrow = token_for_orders(app_, scope="openid orders")
    refused(exchange(narrow, resource=STOCK), "invalid_target")
    refused(exchange(narrow, scope="stock"), "invalid_scope")
    refused(exchange(narrow, scope="orders stock"), "invalid_scope")


def test_the_scope_is_never_wider_than_the_clients(app_):
    Client.objects.filter(client_id="orders").update(scopes="orders")
    subject = token_for_orders(app_)
    refused(exchange(subject, resource=STOCK), "invalid_target")
    refused(exchange(subject, scope="stock"), "invalid_scope")
    assert exchanged(subject)["scope"] == "orders"


def test_the_scope_is_never_wider_than_the_apis(subject):
    refused(exchange(subject, resource=STOCK, scope="orders"), "invalid_scope")
    refused(exchange(subject, resource=OTHER), "invalid_target")
    refused(exchange(subject, resource=STOCK, scope="stock\u00e9"), "invalid_scope")


def test_our_own_api_is_never_come_to(subject):
    for named in ({"resource": ISSUER}, {"audience": ISSUER}, {"audience": f"{ISSUER}/"}):
        refused(exchange(subject, **named), "invalid_target")


def test_what_was_issued_for_one_api_does_not_open_another(person):
    set_up()
    application = app_of(person, token_exchange="delegation", grant_types=f"authorization_code {EXCHANGE}")
    own = token_for_orders(application)
    refused(exchange(own, client_id="app", resource=STOCK), "invalid_target")
    assert exchanged(own, client_id="app", scope="orders")["scope"] == "orders"


def test_roles_go_on_only_with_their_scope(app_, person):
    person.groups.add(Group.objects.create(name="secret-group"))
    application = app_
    put(ORDERS, "orders", "stock", client_id="orders")
    subject = application.tokens(scope="openid roles orders stock", resource=ORDERS)["access_token"]
    assert "roles" not in verified(exchanged(subject, resource=STOCK)["access_token"], audience=STOCK)


def test_whom_the_apis_client_does_not_admit_gets_no_token_there(subject):
    Client.objects.get(client_id="stock").groups.add(Group.objects.create(name="few"))
    refused(exchange(subject, resource=STOCK))
    Client.objects.get(client_id="stock").groups.clear()
    Client.objects.get(client_id="orders").groups.add(Group.objects.get(name="few"))
    refused(exchange(subject, resource=STOCK))


def test_userinfo_tells_the_client_of_an_exchange_nothing(subject):
    new = exchanged(subject)["access_token"]
    assert post_form("/oauth/userinfo", {}, authorization=f"Bearer {new}").status_code == 401


# --- Who acts


def test_a_person_is_no_actor_because_their_token_was_at_hand(subject, make_person):
    bob = Application(Client.objects.get(client_id="app"))
    make_person("bob")
    bob.sign_in("bob")
    of_bob = token_for_orders(bob)
    refused(exchange(subject, resource=STOCK, actor_token=of_bob, **ACTOR))
    refused(exchange(of_bob, resource=STOCK, actor_token=subject, **ACTOR))


def test_another_client_is_no_actor(subject):
    make_api("third", policy="none")
    put(OTHER, "other", client_id="third")
    sent = own_token("third", resource=ORDERS)
    refused(exchange(subject, resource=STOCK, actor_token=sent, **ACTOR))
    refused(exchange(subject, resource=STOCK, actor_token=own_token("third"), **ACTOR))


@pytest.mark.spec("RFC 8693", "4.4")
def test_may_act_says_who_may(subject, person, make_person):
    bob = make_person("bob")
    of_bob = minted(bob)
    for named, allowed in (
        ({"sub": "orders"}, {"orders"}),
        ({"sub": str(bob.pk)}, {"bob"}),
        ({"sub": str(bob.pk), "client_id": "app"}, {"bob"}),
        ({"sub": str(bob.pk), "client_id": "other"}, set()),
        ({"sub": "orders", "iss": ISSUER}, {"orders"}),
        ({"sub": "orders", "iss": "https://elsewhere.example"}, set()),
        ({"sub": "orders", "badge": 7}, set()),
        ({"client_id": "orders"}, set()),
        ({"sub": "somebody"}, set()),
    ):
        token = minted(person, may_act=named)
        by_itself = exchange(token, resource=STOCK)
        by_bob = exchange(token, resource=STOCK, actor_token=of_bob, **ACTOR)
        came = {name for name, answer in (("orders", by_itself), ("bob", by_bob)) if answer.status_code == 200}
        assert came == allowed, named
    act = exchanged(minted(person, may_act={"sub": str(bob.pk)}), resource=STOCK, actor_token=of_bob, **ACTOR)
    claims = verified(act["access_token"], audience=STOCK)
    assert (claims["sub"], claims["act"]) == (str(person.pk), {"sub": str(bob.pk), "client_id": "app"})
    assert "may_act" not in claims


def test_the_chain_of_actors_is_ours_to_write_and_bounded(app_):
    subject = token_for_orders(app_)
    new = exchanged(subject, resource=STOCK, act='{"sub":"admin"}', may_act='{"sub":"admin"}')["access_token"]
    assert verified(new, audience=STOCK)["act"] == {"sub": "orders"}
    for _ in range(4):
        new = exchanged(new)["access_token"]
    assert verified(new, audience=STOCK)["act"] == {"sub": "orders"}
    refused(exchange(new))


# --- Bound tokens (RFC 9449)


def test_a_bound_token_stays_bound(person):
    set_up()
    key, other = ProofKey("ES256", "own"), ProofKey("ES256", "other")
    bound = minted(person, cnf={"jkt": key.thumbprint})
    refused(exchange(bound, resource=STOCK))
    answer = exchange(bound, resource=STOCK, headers={"DPoP": other.proof()})
    assert (answer.status_code, answer.json()["token_type"]) == (200, "DPoP")
    claims = verified(answer.json()["access_token"], audience=STOCK)
    assert claims["cnf"] == {"jkt": other.thumbprint}
    own = answer.json()["access_token"]
    refused(exchange(own, headers={"DPoP": key.proof()}))
    refused(exchange(own))
    assert exchange(own, headers={"DPoP": other.proof()}).status_code == 200


def test_a_bound_actor_token_is_shown_with_its_key(subject):
    key = ProofKey("ES256", "own")
    form = {"grant_type": "client_credentials", "scope": "orders"}
    sent = {"authorization": basic("orders", SECRET), "DPoP": key.proof()}
    actor = post_form("/oauth/token", form, **sent).json()["access_token"]
    refused(exchange(subject, resource=STOCK, actor_token=actor, **ACTOR))
    proved = {"DPoP": key.proof()}
    assert exchange(subject, resource=STOCK, actor_token=actor, **ACTOR, headers=proved).status_code == 200


def test_a_client_whose_tokens_are_bound_gets_no_other(subject):
    Client.objects.filter(client_id="orders").update(dpop_bound_access_tokens=True)
    assert exchange(subject, resource=STOCK).status_code == 400


# --- What is told


def test_pairwise_names_stay_apart(person):
    set_up()
    Client.objects.filter(client_id="stock").update(
        subject_type="pairwise", sector_identifier_uri="https://stock.example/sector"
    )
    application = app_of(person, subject_type="pairwise")
    subject = token_for_orders(application)
    before = verified(subject, audience=ORDERS)
    claims = verified(exchanged(subject, resource=STOCK)["access_token"], audience=STOCK)
    assert len({before["sub"], claims["sub"], str(person.pk)}) == 3
    assert claims["sid"] != before["sid"]
    assert str(person.pk) not in str({**claims, "own": ""})


def test_why_is_never_told(subject, person):
    access_tokens.revoke(access_tokens.read_issued(minted(person), now=clock.now()))
    answers = [
        refused(exchange(token, resource=STOCK))
        for token in ("nothing", minted(person, client_id="x", audience=ISSUER), minted(person, subject="nobody"))
    ]
    assert answers[0] == answers[1] == answers[2]


def test_each_exchange_stands_in_the_trail(subject, person):
    exchange("nothing", resource=STOCK)
    exchanged(subject, resource=STOCK)
    [event] = AuditEvent.objects.filter(action="token.exchanged")
    assert (event.subject, event.client_id) == (person.pk, "orders")
    assert event.details | {"grant": ""} == {
        "kind": "delegation", "grant": "", "from_client": "app", "audience": STOCK, "scope": "stock",
    }  # fmt: skip
    assert subject not in str(event.details)
