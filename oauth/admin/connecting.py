"""What a program has to know to connect as a client, taken from its registration."""

import json
from dataclasses import dataclass, field
from typing import Final

from django.conf import settings

from oauth.admin.kinds import Kind, kind_of
from oauth.client_metadata import ClientMetadata
from oauth.vocabulary import AuthMethod, Introspects

PLACEHOLDER: Final = "PUT-THE-CLIENT-SECRET-HERE"


@dataclass(frozen=True, slots=True, kw_only=True)
class Connection:
    """What a program has to know. `secret` is the placeholder unless it was just made."""

    kind: Kind
    issuer: str
    client_id: str
    secret: str = field(default=PLACEHOLDER, repr=False)
    auth_method: AuthMethod = AuthMethod.ANY_SECRET
    redirect_uri: str = ""
    post_logout_redirect_uri: str = ""
    scope: str = ""
    introspects: bool = False

    @property
    def discovery(self) -> str:
        """The address of the metadata."""
        return f"{self.issuer}/.well-known/openid-configuration"


def connection_to(client_id: str, client: ClientMetadata, *, secret: str = "") -> Connection:
    """Return it; a secret that nobody knows any more is a placeholder."""
    return Connection(
        kind=kind_of(client),
        issuer=settings.ISSUER,
        client_id=client_id,
        secret=secret or PLACEHOLDER,
        auth_method=client.auth_method,
        redirect_uri=next(iter(client.redirect_uris), ""),
        post_logout_redirect_uri=next(iter(client.post_logout_redirect_uris), ""),
        scope=" ".join(client.scopes),
        introspects=client.introspects is not Introspects.NONE,
    )


def literal(text: str) -> str:
    """Return a text as Python and JavaScript write it."""
    return json.dumps(text)
