"""What requests of every kind need: Alice and her session, clients of every kind, codes and tokens fresh or dead."""

from datetime import timedelta
from typing import Any, Final

from accounts.api.tokens import RefreshToken
from accounts.authentication import Authentication
from accounts.models import Session, User
from accounts.services import people, sessions
from accounts.vocabulary import Acr
from oauth.models import Client
from oauth.protocol import rfc7636_pkce
from oauth.services import codes
from oauth.services.codes import Authorized
from tests.bearer import first_party, third_party
from tests.client_keys import ClientKey, assertion_claims
from tests.clients import CALLBACK, SECRET, basic, make_client
from tests.lane import Asked, post_form, through_django
from trust.lib import clock
from trust.lib.origin import Origin
from trust.revocation.models import Kind
from trust.revocation.revoke import revoke

VERIFIER: Final = "a-verifier-that-is-long-enough-to-be-one-0123456789"
KEY: Final = ClientKey()
# Clients of which each asks for something more than memory and a shared statement.
PARTICULAR: Final[dict[str, dict[str, Any]]] = {
    "app": {},
    "pairwise": {"subject_type": "pairwise"},
    "opaque": {"access_token_format": "opaque"},
    "mapped": {"claims": {"nick": "preferred_username"}},
    "told": {"backchannel_logout_uri": "https://app.example/logged-out"},
}


class World:
    """What is there before a request."""

    def __init__(self) -> None:
        self.alice: User = people.create_person(username="alice", email="alice@x.example", password=None, verified=True)
        proved = Authentication(clock.now() - timedelta(seconds=5), ("pwd",), Acr.AAL1)
        self.session: Session = sessions.start(
            user=self.alice, kind=Session.Kind.API, authentication=proved, origin=Origin()
        )
        self.clients: dict[str, Client] = {name: make_client(name, **more) for name, more in PARTICULAR.items()}
        make_client("spa", public=True, redirect_uris="https://spa.example/callback")
        make_client("api", introspects="all", grant_types="client_credentials", redirect_uris="")
        make_client("keyed", client_secret="", token_endpoint_auth_method="private_key_jwt", jwks=KEY.key_set())
        revoke(Kind.GRANT, "a dead grant")

    def code(self, client_id: str = "app") -> str:
        """Return a code that nobody used."""
        return codes.issue(
            Authorized(
                client_pk=self.clients[client_id].pk,
                session_id=self.session.pk,
                user_id=self.alice.pk,
                redirect_uri=CALLBACK,
                redirect_uri_given=True,
                scope=("openid", "profile", "offline_access"),
                code_challenge=rfc7636_pkce.challenge_for(VERIFIER),
            )
        )

    def exchange(self, client_id: str = "app", **changed: str) -> Asked:
        """Return the request that exchanges a code, a new one unless one is given."""
        form = {"grant_type": "authorization_code", "redirect_uri": CALLBACK, "code_verifier": VERIFIER}
        form |= {"code": changed.pop("code", "") or self.code(client_id)} | changed
        return post_form("/oauth/token", form, authorization=basic(client_id, SECRET))

    def token_response(self, client_id: str = "app") -> dict[str, Any]:
        """Return what an exchange gave."""
        return through_django(self.exchange(client_id)).json()

    def refresh(self, client_id: str = "app", *, token: str = "", **more: str) -> Asked:
        """Return the request that refreshes, with a new token unless one is given."""
        value = token or self.token_response(client_id)["refresh_token"]
        form = {"grant_type": "refresh_token", "refresh_token": value} | more
        return post_form("/oauth/token", form, authorization=basic(client_id, SECRET))

    def session_token(self) -> str:
        """Return the refresh token of Alice's session as it is."""
        return str(RefreshToken.for_session(Session.objects.get(pk=self.session.pk)))

    def session_access(self) -> str:
        """Return an access token of that session."""
        return first_party(self.alice, session_id=str(self.session.pk))

    def assertion(self) -> str:
        """Return an assertion of the client that has a key."""
        return KEY.sign(assertion_claims("keyed"))

    def access(self, *scope: str, **changes: Any) -> str:
        """Return an access token of a client on Alice's behalf."""
        return third_party(self.alice, *(scope or ("openid", "profile")), **({"client_id": "app"} | changes))

    def bearer(self, *scope: str, **changes: Any) -> str:
        """Return the header with such a token."""
        return f"Bearer {self.access(*scope, **changes)}"

    def expired(self) -> str:
        """Return a token that was good a moment ago."""
        return first_party(self.alice, lifetime=timedelta(seconds=-5))
