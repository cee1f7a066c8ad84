"""An app, the API that it calls, and the API behind that one, which the first calls for the person (RFC 8693)."""

from typing import Any, Final

from oauth.models import Client
from oauth.scope_description import ResourceDescription
from oauth.services import scope_registration
from oauth.services.scopes import memory
from tests.clients import SECRET, Application, basic, make_client, post_form

ISSUER: Final = "http://testserver"
EXCHANGE: Final = "urn:ietf:params:oauth:grant-type:token-exchange"
ACCESS_TOKEN: Final = "urn:ietf:params:oauth:token-type:access_token"
ORDERS, STOCK, OTHER = "https://orders.example", "https://stock.example/v1", "https://other.example"
APP_SCOPES: Final = "openid profile roles offline_access orders stock other"


def put(identifier: str, *scopes: str, **named: Any) -> None:
    """Make an API, or make it what is said here."""
    described = ResourceDescription(identifier=identifier, name_en=identifier, scopes=scopes, **named)
    scope_registration.put_resource(described)
    memory.forget()  # as after the commit, which a test has none of


def make_api(client_id: str = "orders", *, policy: str = "delegation", **named: Any) -> Client:
    """Make the client of an API, which may exchange tokens."""
    defaults: dict[str, Any] = {"token_exchange": policy, "grant_types": f"client_credentials {EXCHANGE}"}
    defaults |= {"redirect_uris": "", "scopes": "orders stock other", "introspects": "own"}
    return make_client(client_id, **(defaults | named))


def set_up() -> None:
    """Make the APIs and the clients that they are of: what opens the orders opens the stock behind them."""
    make_api()
    make_api("stock", policy="none")
    put(ORDERS, "orders", "stock", client_id="orders")
    put(STOCK, "stock", client_id="stock")
    put(OTHER, "other")


def app_of(person: Any, **named: Any) -> Application:
    """Return an application of that person's, signed in; it may do what both APIs do."""
    application = Application(make_client(scopes=APP_SCOPES, **named))
    application.sign_in(person.username)
    return application


def token_for_orders(application: Application, **changed: Any) -> str:
    """Return what the application sends to the orders' API."""
    asked = {"scope": "openid orders stock", "resource": ORDERS} | changed
    value: str = application.tokens(**asked)["access_token"]
    return value


def exchange(subject_token: str, *, client_id: str = "orders", headers: Any = None, **changed: Any) -> Any:
    """Exchange a token; None takes a parameter away."""
    form = {"grant_type": EXCHANGE, "subject_token": subject_token, "subject_token_type": ACCESS_TOKEN} | changed
    sent = {name: value for name, value in form.items() if value is not None}
    return post_form("/oauth/token", sent, **({"authorization": basic(client_id, SECRET)} | (headers or {})))


def exchanged(subject_token: str, **changed: Any) -> dict[str, Any]:
    """Exchange a token, and return the answer."""
    answer = exchange(subject_token, **changed)
    assert answer.status_code == 200, answer.content
    said: dict[str, Any] = answer.json()
    return said


def own_token(client_id: str = "orders", **more: str) -> str:
    """Return a token that a client got for itself."""
    form = {"grant_type": "client_credentials", "scope": "orders"} | more
    answer = post_form("/oauth/token", form, authorization=basic(client_id, SECRET))
    value: str = answer.json()["access_token"]
    return value


def refused(answer: Any, error: str = "invalid_request", status: int = 400) -> dict[str, Any]:
    """Check how a request was refused, and return what was said but for the reference."""
    assert (answer.status_code, answer.json()["error"]) == (status, error), answer.content
    return {name: value for name, value in answer.json().items() if name != "error_uri"}
