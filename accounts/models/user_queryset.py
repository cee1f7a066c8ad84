"""People in the database, by what identifies them and by what is to be done for them."""

import unicodedata
import uuid
from datetime import datetime, timedelta
from functools import reduce
from operator import or_
from typing import Any, Final

from django.contrib.auth.models import Group
from django.db import models
from django.db.models import Exists, Expression, F, OuterRef, Value
from django.db.models.functions import Upper

from accounts.models.conditions import roles_of
from trust.lib.clock import DatabaseNow

# What the administration's search looks at, each by an index of its own.
SEARCHED: Final = ("username", "email", "name", "given_name", "family_name")


def kept_address(email: str) -> str:
    """Return an address as it is kept, and as whatever looks one up compares it: in lower case."""
    return email.strip().lower()


class UserQuerySet(models.QuerySet[Any]):
    """People by what identifies them."""

    def by_id(self, user_id: uuid.UUID) -> "UserQuerySet":
        """The person of this `sub`."""
        return self.filter(pk=user_id)

    def by_subject(self, subject: str) -> "UserQuerySet":
        """The person of a token's `sub`, if it is an id at all."""
        try:
            return self.by_id(uuid.UUID(subject))
        except ValueError:
            return self.none()

    def by_login(self, login: str) -> "UserQuerySet":
        """The person whom this username or address names; a username never looks like an address."""
        return self.by_email(login) if "@" in login else self.by_username(login)

    def in_group(self, group: Group | int) -> "UserQuerySet":
        """The people of a group, which may be named by its key."""
        return self.filter(groups=group)

    def searched(self, term: str) -> "UserQuerySet":
        """The person with this ID, or the people of whom each word begins a name or an address (SEARCHED)."""
        try:
            return self.by_id(uuid.UUID(term.strip()))
        except ValueError:
            found = self
        for word in term.split():
            begins = [models.Q(**{f"{name}__istartswith": word}) for name in SEARCHED]
            found = found.filter(reduce(or_, begins))
        return found

    def addresses_asked_for(self, user_id: uuid.UUID) -> "models.QuerySet[Any]":
        """The addresses that a person asked to change to, and has not proved to be theirs."""
        from allauth.account.models import EmailAddress  # it names this very model

        asked: models.QuerySet[Any] = EmailAddress.objects.filter(user=user_id, verified=False, primary=False)
        return asked

    def external_accounts(self, user_id: uuid.UUID) -> "models.QuerySet[Any]":
        """The accounts elsewhere by which a person can sign in."""
        from allauth.socialaccount.models import SocialAccount  # it names this very model

        connected: models.QuerySet[Any] = SocialAccount.objects.filter(user=user_id)
        return connected

    def passkeys(self, user_id: uuid.UUID) -> "models.QuerySet[Any]":
        """The passkeys of a person, the oldest first."""
        from allauth.mfa.models import Authenticator  # it names this very model

        kept: models.QuerySet[Any] = Authenticator.objects.filter(user=user_id, type=Authenticator.Type.WEBAUTHN)
        return kept.order_by("pk")

    def factors(self, user_id: uuid.UUID) -> "models.QuerySet[Any]":
        """The second factors of a person, recovery codes among them."""
        from allauth.mfa.models import Authenticator  # it names this very model

        kept: models.QuerySet[Any] = Authenticator.objects.filter(user=user_id)
        return kept

    def signed_in_by(self, session_id: "uuid.UUID | Expression") -> "UserQuerySet":
        """The person whose session this is, if it counts now: as `SessionQuerySet.alive` has it."""
        return self.filter(
            sessions=session_id, sessions__ended_at__isnull=True, sessions__expires_at__gt=DatabaseNow()
        ).active()

    def as_told(self, *, verified: bool, roles: bool) -> "UserQuerySet":
        """People with `told_verified` and `told_roles`, as clients are told, as far as that is wanted."""
        from allauth.account.models import EmailAddress  # it names this very model

        # Not `iexact`, which on SQLite would take the underscores of an address for patterns.
        folded = EmailAddress.objects.alias(folded=Upper("email"))
        address = folded.filter(user=OuterRef("pk"), folded=Upper(OuterRef("email")), verified=True)
        annotated: UserQuerySet = self.annotate(
            told_verified=Exists(address) if verified else Value(False, output_field=models.BooleanField()),
            told_roles=roles_of("pk") if roles else Value([], output_field=models.JSONField()),
        )
        return annotated

    def as_signing_in(self) -> "UserQuerySet":
        """People with `has_proved_address` and `has_factor`, by which a sign-in goes on or not."""
        from allauth.account.models import EmailAddress  # these name this very model
        from allauth.mfa.models import Authenticator

        proved = EmailAddress.objects.filter(user=OuterRef("pk"), verified=True)
        factors = Authenticator.objects.filter(user=OuterRef("pk"))
        annotated: UserQuerySet = self.annotate(has_proved_address=Exists(proved), has_factor=Exists(factors))
        return annotated

    def role_names(self, user_id: uuid.UUID) -> list[str]:
        """The names of a person's groups, sorted."""
        return sorted(Group.objects.filter(user=user_id).values_list("name", flat=True))

    def never_verified(self, created_before: datetime) -> "UserQuerySet":
        """People who signed up before a time, verified no address, and never signed in.

        Sessions are kept for two months alone: a device that is known, or the time of the last sign-in, tells longer.
        """
        strangers = self.filter(created__lt=created_before, last_login__isnull=True, is_staff=False)
        never_came = strangers.filter(sessions__isnull=True, known_devices__isnull=True)
        return never_came.exclude(emailaddress__verified=True)

    def by_email(self, email: str) -> "UserQuerySet":
        """The person with this address, whatever its case, and nobody whose address only looks like it."""
        return self.filter(email=kept_address(email))

    def with_proved_address(self, email: str) -> "UserQuerySet":
        """The person who proved that this address is theirs, their first or another one, whatever its case."""
        return self.filter(emailaddress__email=kept_address(email), emailaddress__verified=True)

    def holding(self, email: str) -> "UserQuerySet":
        """The people who have this address, as their first or as another one, whatever its case."""
        kept = kept_address(email)
        return self.filter(models.Q(email=kept) | models.Q(emailaddress__email=kept)).distinct()

    def by_username(self, username: str) -> "UserQuerySet":
        """The person with this username, whatever its case."""
        return self.filter(username__iexact=unicodedata.normalize("NFKC", username))

    def active(self) -> "UserQuerySet":
        """People who may sign in."""
        return self.filter(is_active=True)

    def with_password(self, encoded: str) -> "UserQuerySet":
        """People whose password is still this one, by its hash."""
        return self.filter(password=encoded)

    def hold(self) -> bool:
        """Keep these people as they are until the transaction ends; False if there are none."""
        return bool(self.select_for_update(no_key=True).values_list("pk", flat=True))

    def to_be_erased(self, moment: datetime) -> "UserQuerySet":
        """People who closed their accounts, and whose days for coming back are over."""
        return self.filter(is_active=False, erase_at__lte=moment)

    def closed_until(self, erase_at: datetime) -> "UserQuerySet":
        """People who closed their accounts, which will be erased at this very time."""
        return self.filter(is_active=False, erase_at=erase_at)

    def end_way_back(self) -> int:
        """Let no mailed link open these accounts any more: it names the time of the erasure, which moves a moment."""
        return self.filter(erase_at__isnull=False).update(erase_at=F("erase_at") - timedelta(microseconds=1))

    def administrators(self) -> "UserQuerySet":
        """People who may do everything in the administration."""
        return self.filter(is_staff=True, is_superuser=True)

    def but_for(self, user_id: uuid.UUID) -> "UserQuerySet":
        """All but one."""
        return self.exclude(pk=user_id)
