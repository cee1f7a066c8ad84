"""Who a username or an address names, as a sign-in by password wants to know them: by one statement (decision 0023)."""

import unicodedata
import uuid
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, NamedTuple, Self

from django.db import DEFAULT_DB_ALIAS

from accounts.models.user import User
from trust.lib.shared_statements import SharedStatement


class LoginAsk(NamedTuple):
    """What somebody typed in, as it is kept: the one or the other."""

    email: str | None
    username: str | None

    @classmethod
    def of(cls, login: str) -> Self:
        """Return the ask of a login; a username never looks like an address."""
        if "@" in login:
            return cls(User.objects.normalize_email(login), None)
        return cls(None, unicodedata.normalize("NFKC", login))


@dataclass(frozen=True, slots=True)
class Named:
    """A person whom a login names. Of `user` only COLUMNS were read: the others are looked up when they are asked."""

    user: User
    has_proved_address: bool
    has_factor: bool


COLUMNS: Final = ("id", "username", "email", "password", "is_active")


def _one(ask: LoginAsk) -> Named | None:
    named = User.objects.by_email(ask.email) if ask.email is not None else User.objects.by_username(ask.username or "")
    row = named.as_signing_in().values_list(*COLUMNS, "has_proved_address", "has_factor").first()
    return None if row is None else _named(*row)


# Not EXISTS, for which the database may make a list of all who have one, while they are few.
_MANY: Final = f"""
SELECT asked.place, {", ".join(f"person.{column}" for column in COLUMNS)},
    (SELECT true FROM account_emailaddress address WHERE address.user_id = person.id AND address.verified LIMIT 1),
    (SELECT true FROM mfa_authenticator factor WHERE factor.user_id = person.id LIMIT 1)
FROM unnest(%s::text[], %s::text[]) WITH ORDINALITY AS asked (email, username, place)
CROSS JOIN LATERAL (
    SELECT * FROM accounts_user this WHERE this.email = asked.email
    UNION ALL
    SELECT * FROM accounts_user this WHERE upper(this.username) = upper(asked.username)
) person
"""  # noqa: S608 - made of our own words alone


def _named(*values: uuid.UUID | str | bool) -> Named:
    *read, has_proved_address, has_factor = values
    given = dict(zip(COLUMNS, read, strict=True))
    user = User.from_db(DEFAULT_DB_ALIAS, COLUMNS, [given[column] for column in _in_order()])
    return Named(user, bool(has_proved_address), bool(has_factor))


@lru_cache(1)
def _in_order() -> tuple[str, ...]:
    """Return the columns in the order in which the model has its fields."""
    return tuple(field.attname for field in User._meta.concrete_fields if field.attname in COLUMNS)


FIND_NAMED: Final = SharedStatement(name="the look-up of a login", one=_one, many=_MANY, answer=_named)
