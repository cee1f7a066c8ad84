"""Authorization requests as objects: signed, brought by value or by reference, and followed to their answer."""

import time
from typing import Any
from urllib.parse import urlencode

from oauth.models import Client
from tests.client_keys import ISSUER, ClientKey
from tests.clients import Application, answer_of, make_client

KEY = ClientKey("ES256", "objects")
OWN = "/oauth/authorize?"
FITS_A_URL = 4096  # characters


def signing_client(client_id: str = "app", **named: Any) -> Client:
    """Make a client that signs its request objects with KEY."""
    return make_client(client_id, **({"jwks": KEY.key_set()} | named))


def claims_of(application: Application, **changed: Any) -> dict[str, Any]:
    """Return what a good request object says; None takes a member away."""
    now = int(time.time())
    said = {"iss": application.client.client_id, "aud": ISSUER, "iat": now, "exp": now + 60}
    return {n: value for n, value in (said | application.parameters() | changed).items() if value is not None}


def object_of(application: Application, *, key: ClientKey = KEY, **changed: Any) -> str:
    """Return a good request object, signed."""
    return key.sign(claims_of(application, **changed), typ="oauth-authz-req+jwt")


def query_of(application: Application, **outside: Any) -> str:
    """Return a query with what Core section 6.1 demands outside, and more; None takes a parameter away."""
    demanded = {"client_id": application.client.client_id, "response_type": "code", "scope": "openid profile"}
    return urlencode({name: value for name, value in (demanded | outside).items() if value is not None})


def send(application: Application, **outside: Any) -> Any:
    """Send the browser to the authorization endpoint, and on as long as that sends it to itself."""
    query = query_of(application, **outside)
    if len(query) > FITS_A_URL:
        answer = application.browser.post("/oauth/authorize", query, content_type="application/x-www-form-urlencoded")
    else:
        answer = application.browser.get(OWN + query)
    while answer.status_code == 303 and answer["Location"].startswith(OWN):
        answer = application.browser.get(answer["Location"])
    return answer


def allow(application: Application, **outside: Any) -> dict[str, str]:
    """Send the browser there, allow what its page asks, and return the client's answer."""
    answer = send(application, **outside)
    if answer.status_code == 200:
        asked = answer.wsgi_request.get_full_path()
        answer = application.browser.post(asked, {"decision": "allow"})
    return answer_of(answer)


def error_of(application: Application, **outside: Any) -> str:
    """Return the error that the client is told, by a redirect to where it is registered."""
    answer = send(application, **outside)
    assert answer.status_code == 303, answer.content.decode()
    assert answer["Location"].startswith(application.redirect_uri)
    return answer_of(answer)["error"]
