"""Which rows go into which tables, and what all rows of a table have in common."""

from collections.abc import Iterator
from typing import Final

from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.auth.hashers import make_password
from django.contrib.sessions.models import Session as BrowserSession

from accounts.middleware import SID_KEY
from accounts.models import KnownDevice, Session, User
from bench.scale import names
from bench.scale.rows import BY_PASSWORD, CLIENT_SECRET_DIGEST, SCOPE, House, Row
from bench.scale.writing import Sheet
from oauth.models import AuthorizationCode, Client, ClientSession, Consent, RefreshToken
from oauth.vocabulary import AuthMethod, Introspects
from trust.audit.models import AuditEvent
from trust.lib.browser_store import SessionStore
from trust.revocation.models import Kind, Revocation

LAST_WRITTEN: Final = "grant.issued"


def sheets_of(house: House) -> Iterator[Sheet]:
    """Yield the tables in the order in which they refer to one another."""
    yield from _people(house)
    yield from _grants(house)
    yield from _trail(house)


def _people(house: House) -> Iterator[Sheet]:
    person = User(password=make_password(names.PASSWORD), has_long_password=True)
    kept = {"password": person.password, "has_long_password": True}
    yield Sheet(User, kept, house.person)
    yield Sheet(EmailAddress, {"primary": True, "verified": True}, house.address)
    browser = {"kind": Session.Kind.BROWSER, "user_agent": names.USER_AGENT} | BY_PASSWORD
    yield Sheet(Session, browser, house.session)
    yield Sheet(Session, browser | {"kind": Session.Kind.API}, house.ended_session)
    yield Sheet(KnownDevice, {}, house.device)
    yield Sheet(BrowserSession, {}, _Browsers(house, person.get_session_auth_hash()).row)


def _grants(house: House) -> Iterator[Sheet]:
    client = {
        "client_type": Client.CLIENT_CONFIDENTIAL,
        "client_secret": CLIENT_SECRET_DIGEST,
        "token_endpoint_auth_method": AuthMethod.ANY_SECRET,
        "grant_types": "authorization_code refresh_token client_credentials",
        "introspects": Introspects.ALL,
    }
    yield Sheet(Client, client, house.client)
    yield Sheet(Consent, {"scope": SCOPE}, house.consent)
    token = {"scope": SCOPE, "offline": True} | BY_PASSWORD
    yield Sheet(RefreshToken, token, house.refresh_token)
    yield Sheet(RefreshToken, token, house.revoked_token)
    yield Sheet(AuthorizationCode, {"scope": SCOPE}, house.code)
    yield Sheet(ClientSession, {}, house.client_session)
    yield Sheet(Revocation, {"kind": Kind.GRANT}, house.revocation)


def _trail(house: House) -> Iterator[Sheet]:
    """Of each person their three events, in the order in which they happen: not all of one kind before the next."""
    signed_in: Row = {"action": "session.started", "details": {"kind": "browser", "amr": "pwd", "acr": "aal1"}}
    allowed: Row = {"action": "consent.given", "details": {"scope": SCOPE}}
    granted: Row = {"action": LAST_WRITTEN, "details": {"scope": SCOPE}}
    kinds = ((signed_in, house.signed_in), (allowed, house.allowed), (granted, house.granted))

    def row(place: int) -> Row:
        of, event = kinds[(place - 1) % len(kinds)]
        return {"client_id": ""} | of | event((place - 1) // len(kinds) + 1)

    yield Sheet(AuditEvent, {"user_agent": names.USER_AGENT}, row, each=len(kinds))


class _NewStore(SessionStore):
    """A session that is not looked up first."""

    def load(self) -> Row:
        return {}


class _Browsers:
    """Browser sessions, sealed as the house seals them."""

    def __init__(self, house: House, password_hash: str) -> None:
        self.house, self.password_hash = house, password_hash

    def row(self, n: int) -> Row:
        held = {
            SESSION_KEY: str(names.uuid_of("person", n)),
            BACKEND_SESSION_KEY: settings.AUTHENTICATION_BACKENDS[0],
            HASH_SESSION_KEY: self.password_hash,
            SID_KEY: str(names.uuid_of("session", n)),
        }
        kept = _NewStore(names.cookie_of(n)).create_model_instance(held)
        ends = self.house.session(n)["expires_at"]
        return {"session_key": kept.session_key, "session_data": kept.session_data, "expire_date": ends}
