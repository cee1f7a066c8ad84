"""An issuer of workload tokens, such as a CI service or a cluster, and workloads that show what it signed."""

import time
import uuid
from typing import Any, Final

from oauth.models import Client
from oauth.services import workload_registration
from oauth.workload_description import TrustedIssuerDescription, WorkloadDescription
from tests.client_keys import ISSUER, ClientKey
from tests.clients import make_client, post_form

JWT_BEARER: Final = "urn:ietf:params:oauth:grant-type:jwt-bearer"
CI: Final = "https://ci.example"
MAIN: Final = "repo:org/app:ref:refs/heads/main"
KEY: Final = ClientKey("RS256", "ci")


def make_service(client_id: str = "deployer", **named: Any) -> Client:
    """Make the client that a workload is."""
    defaults = {"grant_types": JWT_BEARER, "redirect_uris": "", "scopes": "deploy read", "default_scopes": "deploy"}
    return make_client(client_id, **(defaults | named))


def trust(issuer: str = CI, *, key: ClientKey = KEY, **named: Any) -> None:
    """Trust an issuer, whose keys stand with us unless they are published."""
    keys = {} if "jwks_uri" in named else {"jwks": key.key_set()}
    described = {"issuer": issuer, "name": issuer, **keys, **named}
    workload_registration.put_issuer(TrustedIssuerDescription(**described))


def know(subject: str = MAIN, *, client_id: str = "deployer", issuer: str = CI, **named: Any) -> None:
    """Know a workload as a client."""
    described = {"name": f"{issuer} {subject} {client_id}", "subject": subject, "issuer": issuer} | named
    workload_registration.put_workload(WorkloadDescription(client_id=client_id, **described))


def said_by_ci(**changed: Any) -> dict[str, Any]:
    """Return what a token of the CI service says; None takes a claim away."""
    now = int(time.time())
    claims = {
        "iss": CI, "sub": MAIN, "aud": ISSUER, "jti": str(uuid.uuid4()),
        "iat": now, "nbf": now - 5, "exp": now + 300, "repository": "org/app", "repository_id": "74",
    }  # fmt: skip
    return {name: value for name, value in (claims | changed).items() if value is not None}


def show(claims: Any = None, *, key: ClientKey = KEY, header: Any = None, assertion: str = "", **form: Any) -> Any:
    """Show what the issuer signed, and return the answer."""
    assertion = assertion or key.sign(said_by_ci() if claims is None else claims, **(header or {}))
    sent = {"grant_type": JWT_BEARER, "assertion": assertion} | form
    return post_form("/oauth/token", {name: value for name, value in sent.items() if value is not None})
