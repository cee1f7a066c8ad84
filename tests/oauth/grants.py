"""Sessions, refresh tokens and codes as rows, made at once, and the clients that they are of as the rules know them."""

from datetime import timedelta
from typing import Any

from django.contrib.auth.models import Group
from django.db.models import Model

from accounts.models import Session, User
from oauth.models import Client, RefreshToken
from oauth.registered_client import RegisteredClient
from oauth.services import clients, codes
from oauth.services.codes import Authorized
from trust.lib import clock
from trust.lib.clock import DatabaseNow

DAY = timedelta(days=1)


def change(row: Model, **columns: Any) -> None:
    """Change a row behind the back of whoever is asked: by a statement of its own, as another process would."""
    type(row)._base_manager.filter(pk=row.pk).update(**columns)


def session_of(person: User, **named: Any) -> Session:
    """Make a session."""
    now = clock.now()
    defaults: dict[str, Any] = {"kind": Session.Kind.BROWSER, "amr": "pwd otp", "acr": "aal2"}
    defaults |= {"auth_time": now, "last_seen": now, "expires_at": now + DAY}
    return Session.objects.create(user=person, **(defaults | named))


def refresh_token_of(session: Session, client: Client, **named: Any) -> RefreshToken:
    """Make the refresh token of a grant: `offline`, it outlives the session."""
    defaults: dict[str, Any] = {"user": session.user, "application": client, "session": session}
    defaults |= {"grant": session.pk, "scope": "openid profile", "claims": '[["email"], []]', "generation": 3}
    defaults |= {"auth_time": session.auth_time, "amr": session.amr, "acr": session.acr}
    defaults |= {"expires_at": clock.now() + DAY, "rotated_at": DatabaseNow(-timedelta(seconds=5))}
    made: RefreshToken = RefreshToken.objects.create(**(defaults | named))
    made.refresh_from_db()
    return made


def code_for(session: Session, client: Client, **named: Any) -> str:
    """Issue a code, and return it."""
    defaults: dict[str, Any] = {"redirect_uri": client.redirect_uris.split()[0], "redirect_uri_given": True}
    defaults |= {"client_pk": client.pk, "session_id": session.pk, "user_id": session.user_id}
    return codes.issue(Authorized(**(defaults | {"scope": ("openid", "profile")} | named)))


def known(client: Client) -> RegisteredClient:
    """Return a client as the rules know it."""
    found = clients.find(client.client_id)
    assert found is not None
    return found


def groups(*names: str) -> list[Group]:
    """Return the groups of these names."""
    return [Group.objects.get_or_create(name=name)[0] for name in names]
