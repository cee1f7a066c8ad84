"""What the workloads need of one database: secrets, sealed tokens, codes and cookies, each for another person.

What is taken once, such as a refresh token or a code, is there as often as it will be asked for.
"""

import secrets
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import Any, Final

from django.conf import settings
from django.test import Client as Browser

from accounts.middleware import SID_KEY
from accounts.models import Session, User
from accounts.services import people
from accounts.vocabulary import Acr
from bench.scale import names
from bench.scale.rows import SCOPE, House, address_of
from oauth.models import AuthorizationCode, RefreshToken
from trust.lib import clock
from trust.tokens import refresh_token

_LONGER: Final = timedelta(hours=1)  # codes must outlive the measuring, and the house's live a minute
_VERIFIER: Final = "v" * 43
_CHALLENGE: Final = "7w_YNF9DSfIdPf_pRjSq646_kPr-2-o9NAl16JGghdM"  # RFC 7636 section 4.2, of the verifier


@dataclass(frozen=True)
class Visitor:
    """One person and the client that they use, and what both hold."""

    address: str
    username: str
    cookie: str
    client_id: str
    redirect_uri: str
    code: str
    code_verifier: str
    refresh_token: str


def material(size: int, *, among: int, count: int) -> dict[str, Any]:
    """Return so many visitors, chosen among the first anew each time, and the cookie of an administrator."""
    chosen = secrets.SystemRandom().sample(_without_a_code(among), count)
    return {
        "issuer": settings.ISSUER,
        "cookie_name": settings.SESSION_COOKIE_NAME,
        "administrator": _administrator(),
        "visitors": [asdict(visitor) for visitor in _visitors(House(size, clock.now()), chosen)],
    }


def _without_a_code(among: int) -> range:
    """Those whose code is not there still, so that they can have a new one, and more than were ever asked for."""
    return range(2, among, 5)


def _visitors(house: House, chosen: list[int]) -> Iterator[Visitor]:
    now = clock.now()
    _issue_codes(house, chosen)
    tokens = RefreshToken.objects.in_bulk([names.uuid_of("refresh token", n) for n in chosen])
    for n in chosen:
        row = tokens[names.uuid_of("refresh token", n)]
        sealed = refresh_token.RefreshToken(row.pk, row.generation, int(row.expires_at.timestamp()))
        yield Visitor(
            address=address_of(n),
            username=names.username_of(n),
            cookie=names.cookie_of(n),
            client_id=names.client_id_of(house.client_of(n)),
            redirect_uri=f"https://app{house.client_of(n)}.{names.DOMAIN}/callback",
            code=names.code_of(n),
            code_verifier=_VERIFIER,
            refresh_token=refresh_token.seal(sealed, now=now),
        )


def _issue_codes(house: House, chosen: list[int]) -> None:
    """Give each person a new code for a grant of its own, in the place of what was left of the last measuring."""
    issued = clock.now()
    rows = [
        AuthorizationCode(
            **house.code_row(n, names.uuid_of("measured grant", n), issued) | {"expires": issued + _LONGER},
            scope=SCOPE,
            code_challenge=_CHALLENGE,
            code_challenge_method="S256",
        )
        for n in chosen
    ]
    RefreshToken.objects.filter(grant__in=[row.grant for row in rows]).delete()
    AuthorizationCode.objects.filter(code__in=[row.code for row in rows]).delete()
    AuthorizationCode.objects.bulk_create(rows)


def _administrator() -> str:
    """Sign an administrator in as if with two factors, and return the cookie."""
    email = f"{names.ADMINISTRATOR}@{names.DOMAIN}"
    person = User.objects.by_email(email).first() or people.create_person(
        username=names.ADMINISTRATOR, email=email, password=None, verified=True, staff=True, superuser=True
    )
    browser = Browser()
    browser.force_login(person)
    Session.objects.by_id(browser.session[SID_KEY]).update(acr=Acr.AAL2, amr="mfa otp pwd")
    return browser.cookies[settings.SESSION_COOKIE_NAME].value
