"""The rows of a house with so many people, clients and grants: each is one that the house could have made itself.

The n-th person signed in by a browser on one day of the last month, and allowed one client. Of ten, one came today, and
the code is there still; one has an API session that ended; of twenty, one took a grant back.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from accounts.conf import SESSION_LIFETIME
from accounts.vocabulary import Acr
from bench.scale import names
from oauth.conf import AUTHORIZATION_CODE_LIFETIME
from oauth.services.digests import secret_digest_of
from trust.audit.record import personal_digest
from trust.lib.digests import digest_of
from trust.revocation.conf import ENTRY_LIFETIME
from trust.tokens.conf import REFRESH_TOKEN_LIFETIME

SCOPE: Final = "openid profile email offline_access"
CLIENT_SECRET_DIGEST: Final = secret_digest_of(names.CLIENT_SECRET)
_GIVEN: Final = ("Minjun", "Alice", "Seo-yeon", "Bob", "Jiho", "Carol", "Haeun", "David", "Yuna", "Erin", "Dohyun")
_FAMILY: Final = (
    "Kim",
    "Lee",
    "Park",
    "Smith",
    "Choi",
    "Jones",
    "Jung",
    "Brown",
    "Kang",
    "Miller",
    "Cho",
    "Yoon",
    "Lim",
)
_MONTH: Final = timedelta(days=29)
_DAY: Final = timedelta(hours=23)
_LONG_AGO: Final = timedelta(days=200)
STILL_HERE: Final = 1000  # people of a house where all else is over
Row = dict[str, Any]


@dataclass(frozen=True)
class House:
    """So many of each. Where it is `over`, all but what the first thousand people did happened long ago."""

    size: int
    now: datetime
    over: bool = False

    def person(self, n: int) -> Row:
        given, family = _GIVEN[n % len(_GIVEN)], _FAMILY[n % len(_FAMILY)]
        return {
            "id": names.uuid_of("person", n),
            "username": names.username_of(n),
            "email": names.email_of(n),
            "name": f"{given} {family} {n}",
            "given_name": given,
            "family_name": family,
            "created": self.signed_up(n),
            "updated_at": self.signed_up(n),
            "last_login": self.came(n),
        }

    def address(self, n: int) -> Row:
        return {"user_id": names.uuid_of("person", n), "email": names.email_of(n)}

    def client(self, n: int) -> Row:
        registered = self.now - _LONG_AGO
        site = f"https://app{n}.{names.DOMAIN}"
        return {
            "id": n,
            "client_id": names.client_id_of(n),
            "name": f"Application {n}",
            "redirect_uris": f"{site}/callback",
            "backchannel_logout_uri": f"{site}/logout" if self.hears(n) else "",
            "created": registered,
            "updated": registered,
        }

    def session(self, n: int) -> Row:
        came = self.came(n)
        row = {
            "id": names.uuid_of("session", n),
            "user_id": names.uuid_of("person", n),
            "client_address": address_of(n),
        }
        times = {"auth_time": came, "created": came, "last_seen": came, "expires_at": came + SESSION_LIFETIME}
        return row | times | {"ended_at": None}

    def ended_session(self, n: int) -> Row | None:
        ended = self.came(n)
        began = ended - timedelta(days=1)
        row = {"id": names.uuid_of("ended session", n), "auth_time": began, "created": began, "last_seen": began}
        row |= {"expires_at": began + SESSION_LIFETIME, "ended_at": ended, "client_address": address_of(n)}
        return row | {"user_id": names.uuid_of("person", n)} if n % 10 == 3 else None

    def device(self, n: int) -> Row:
        digest = digest_of(names.uuid_of("device", n).hex)
        times = {"first_seen": self.came(n), "last_seen": self.came(n)}
        return {"user_id": names.uuid_of("person", n), "digest": digest} | times

    def consent(self, n: int) -> Row:
        row = {"user_id": names.uuid_of("person", n), "client_id": self.client_of(n)}
        return row | {"created": self.came(n), "updated": self.came(n)}

    def refresh_token(self, n: int) -> Row:
        ids = {"id": names.uuid_of("refresh token", n), "grant": names.uuid_of("grant", n), "revoked": None}
        return ids | {"session_id": names.uuid_of("session", n)} | self._of_token(n)

    def revoked_token(self, n: int) -> Row | None:
        ids = {"id": names.uuid_of("revoked token", n), "grant": names.uuid_of("revoked grant", n)}
        row = ids | {"session_id": names.uuid_of("session", n), "revoked": self.came(n)}
        return row | self._of_token(n) if n % 20 == 7 else None

    def _of_token(self, n: int) -> Row:
        came = self.came(n)
        row = {"user_id": names.uuid_of("person", n), "application_id": self.client_of(n), "auth_time": came}
        return row | {"created": came, "updated": came, "expires_at": came + REFRESH_TOKEN_LIFETIME}

    def code(self, n: int) -> Row | None:
        """The code by which the grant came, spent; or one that nobody fetched."""
        if n % 10 == 0:
            return self.code_row(n, names.uuid_of("grant", n), self.came(n)) | {
                "used_at": self.came(n) + timedelta(seconds=1)
            }
        if n % 50 == 1:
            return self.code_row(n, names.uuid_of("unused grant", n), self._ago(n, _DAY)) | {"used_at": None}
        return None

    def code_row(self, n: int, grant: Any, issued: datetime) -> Row:
        return {
            "code": digest_of(names.code_of(n)),
            "grant": grant,
            "session_id": names.uuid_of("session", n),
            "user_id": names.uuid_of("person", n),
            "application_id": self.client_of(n),
            "redirect_uri": f"https://app{self.client_of(n)}.{names.DOMAIN}/callback",
            "created": issued,
            "updated": issued,
            "expires": issued + AUTHORIZATION_CODE_LIFETIME,
        }

    def client_session(self, n: int) -> Row | None:
        person, session = names.uuid_of("person", n), names.uuid_of("session", n)
        row = {"session_id": session, "person": person, "subject": str(person), "told_session_id": str(session)}
        told = row | {"client_id": self.client_of(n), "created": self.came(n)}
        return told if self.hears(self.client_of(n)) else None

    def revocation(self, n: int) -> Row | None:
        revoked = self._ago(n, timedelta(hours=1))
        row = {"key": str(names.uuid_of("revoked grant", n)), "revoked_at": revoked}
        return row | {"expires_at": revoked + ENTRY_LIFETIME} if self.over or n % 200 == 7 else None

    def signed_in(self, n: int) -> Row:
        return self._event(n, "session.started")

    def allowed(self, n: int) -> Row:
        return self._event(n, "consent.given") | {"client_id": names.client_id_of(self.client_of(n))}

    def granted(self, n: int) -> Row:
        return self._event(n, "grant.issued") | {"client_id": names.client_id_of(self.client_of(n))}

    def _event(self, n: int, action: str) -> Row:
        salt = names.salt_of(action, n)
        subject, session = names.uuid_of("person", n), names.uuid_of("session", n)
        digest = personal_digest(salt, address_of(n), names.USER_AGENT, "")
        row = {"at": self.came(n), "subject": subject, "session": session, "salt": salt, "personal_digest": digest}
        return row | {"client_address": address_of(n)}

    def client_of(self, n: int) -> int:
        return names.client_of_grant(n, self.size)

    @staticmethod
    def hears(client: int) -> bool:
        """Tell whether a client hears of logouts."""
        return client % 10 == 5

    def signed_up(self, n: int) -> datetime:
        """Return when the n-th person signed up: one after another, for half a year."""
        return self.now - _LONG_AGO - timedelta(days=180) * (self.size - n) / self.size

    def came(self, n: int) -> datetime:
        """Return when the n-th person signed in."""
        return self._ago(n, _DAY if n % 10 == 0 else _MONTH)

    def _ago(self, n: int, span: timedelta) -> datetime:
        then = self.now - span * (n * 48271 % 65537) / 65537 - timedelta(minutes=1)
        return then - _LONG_AGO if self.over and n > STILL_HERE else then


def address_of(n: int) -> str:
    """Return the address that the n-th person comes from: of RFC 2544's networks for measuring."""
    return f"198.{18 + n // 65536 % 2}.{n // 256 % 256}.{n % 256}"


BY_PASSWORD: Final = {"amr": "pwd", "acr": Acr.AAL1}
