"""A person: username, e-mail, password, and what they are called."""

import unicodedata
import uuid
from datetime import datetime, timedelta
from typing import Any, ClassVar, Final

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import Group, PermissionsMixin
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Exists, F, OuterRef, Value
from django.db.models.functions import Lower, Upper
from django.utils.translation import gettext_lazy as _

from accounts.conf import LONG_PASSWORD, USERNAME_LENGTH
from accounts.models.conditions import roles_of
from accounts.models.standard_claims import StandardClaims, full_name

USERNAME_VALIDATORS: Final = [
    RegexValidator(
        r"\A[\w.+-]+\Z", _("A username has letters, digits and . + - _ only: no spaces, no @."), code="invalid"
    )
]


def _kept(email: str) -> str:
    """Return an address as it is kept, and as whatever looks one up compares it: in lower case."""
    return email.strip().lower()


class UserQuerySet(models.QuerySet["User"]):
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

    def in_group(self, group: Group) -> "UserQuerySet":
        """The people of a group."""
        return self.filter(groups=group)

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
        return self.filter(email=_kept(email))

    def holding(self, email: str) -> "UserQuerySet":
        """The people who have this address, as their first or as another one, whatever its case."""
        kept = _kept(email)
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


class UserManager(BaseUserManager.from_queryset(UserQuerySet)):  # type: ignore[misc]
    """Makes people; accounts.services.people is the door that scripts and pages use."""

    @classmethod
    def normalize_email(cls, email: str | None) -> str:
        """Return an address as it is kept."""
        return _kept(email or "")

    def get_by_natural_key(self, username: str | None) -> "User":
        """Find a person by username, whatever its case."""
        person: User = self.by_username(username or "").get()
        return person

    def create_user(self, username: str, email: str, password: str | None = None, **claims: Any) -> "User":
        """Make a person; without a password nobody can sign in by one."""
        person: User = self.model(
            username=self.model.normalize_username(username), email=self.normalize_email(email), **claims
        )
        person.set_password(password)
        person.save(using=self._db)
        return person

    def create_superuser(self, username: str, email: str, password: str | None = None, **claims: Any) -> "User":
        """Make an administrator whose address counts as verified, so that sign-in works at once."""
        from allauth.account.models import EmailAddress  # it names this very model

        person = self.create_user(username, email, password, is_staff=True, is_superuser=True, **claims)
        EmailAddress.objects.create(user=person, email=person.email, primary=True, verified=True)
        return person


class User(StandardClaims, AbstractBaseUser, PermissionsMixin):
    """A person. `id` is the subject (`sub`) of every token; groups are their roles."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    username = models.CharField(_("username"), max_length=USERNAME_LENGTH, validators=USERNAME_VALIDATORS)
    email = models.EmailField(_("e-mail address"), unique=True)
    is_active = models.BooleanField(_("active"), default=True)
    is_staff = models.BooleanField(_("may use the administration"), default=False)
    has_long_password = models.BooleanField(_("long password"), default=False, editable=False)
    attributes = models.JSONField(
        _("attributes"),
        default=dict,
        blank=True,
        help_text=_("Facts of your own as a JSON object, such as the department: clients may be told of them."),
    )
    erase_at = models.DateTimeField(_("will be erased"), null=True, editable=False)
    created = models.DateTimeField(_("created"), auto_now_add=True)
    updated_at = models.DateTimeField(_("updated"), auto_now=True)

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["email"]
    objects = UserManager()

    class Meta:
        """One person per address and per username, whatever the case.

        Usernames keep theirs: unique by UPPER, as `iexact` asks PostgreSQL. Addresses are kept in lower case and
        compared exactly: by UPPER one could equal another that only looks like it (CVE-2019-19844).
        The administration lists people by username, and their keys where names are equal. Those who closed their
        accounts are found by erase_at, which few have. Sign-ups that nobody finished are looked for among all, daily.
        """

        verbose_name = _("person")
        verbose_name_plural = _("people")
        indexes = [
            models.Index(
                name="accounts_user_to_be_erased", fields=["erase_at"], condition=models.Q(erase_at__isnull=False)
            ),
            models.Index(name="accounts_user_by_username", fields=["username", "-id"]),
        ]
        constraints = [
            models.CheckConstraint(name="accounts_user_email_lower", condition=models.Q(email=Lower("email"))),
            models.UniqueConstraint(Upper("username"), name="accounts_user_username_once"),
            models.CheckConstraint(name="accounts_user_username_no_at", condition=~models.Q(username__contains="@")),
            models.CheckConstraint(name="accounts_user_email_given", condition=~models.Q(email="")),
        ]

    def set_password(self, raw_password: str | None) -> None:
        """Hash the password and keep whether it was long enough to stand alone (NIST SP 800-63B-4 3.1.1.2)."""
        super().set_password(raw_password)
        # Counted as it is hashed: accounts.passwords.
        self.has_long_password = len(unicodedata.normalize("NFC", raw_password or "")) >= LONG_PASSWORD

    def get_full_name(self) -> str:
        """Return how the person is called on pages and in mails."""
        return full_name(self)

    def get_short_name(self) -> str:
        """Return the shortest name that the person goes by."""
        return self.nickname or self.given_name or self.username

    @property
    def has_verified_email(self) -> bool:
        """Whether the address that clients are told is verified."""
        from allauth.account.models import EmailAddress  # it names this very model

        verified: bool = EmailAddress.objects.filter(user=self, email__iexact=self.email, verified=True).exists()
        return verified

    @property
    def roles(self) -> list[str]:
        """The names of the person's groups, sorted: the `roles` claim."""
        return sorted(self.groups.values_list("name", flat=True))
