"""A person: username, e-mail, password, and what they are called."""

import unicodedata
import uuid
from typing import Any, ClassVar, Final

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.hashers import check_password
from django.contrib.auth.models import PermissionsMixin
from django.core.validators import RegexValidator
from django.db import models
from django.db.models.functions import Lower, Upper
from django.utils.translation import gettext_lazy as _

from accounts.conf import LONG_PASSWORD, USERNAME_LENGTH
from accounts.models.standard_claims import StandardClaims, full_name
from accounts.models.user_queryset import SEARCHED, UserQuerySet, kept_address
from trust.lib.prefix_index import PrefixIndex

USERNAME_VALIDATORS: Final = [
    RegexValidator(
        r"\A[\w.+-]+\Z", _("A username has letters, digits and . + - _ only: no spaces, no @."), code="invalid"
    )
]


class UserManager(BaseUserManager.from_queryset(UserQuerySet)):  # type: ignore[misc]
    """Makes people; accounts.services.people is the door that scripts and pages use."""

    @classmethod
    def normalize_email(cls, email: str | None) -> str:
        """Return an address as it is kept."""
        return kept_address(email or "")

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
        The administration lists people by username, and their keys where names are equal; those who are shut out,
        and staff, are few among them. It finds people by how a name or an address begins. Those who closed their
        accounts are found by erase_at, which few have. Sign-ups that nobody finished are looked for among all, daily.
        """

        verbose_name = _("person")
        verbose_name_plural = _("people")
        permissions = [
            ("send_links", _("send links by which a password is set or an address confirmed")),
            ("reset_factors", _("take second factors away")),
            ("manage_staff", _("manage staff: say who is, in which groups, and act on them")),
            ("impersonate_user", _("see the site as a person does")),
        ]
        indexes = [
            models.Index(
                name="accounts_user_to_be_erased", fields=["erase_at"], condition=models.Q(erase_at__isnull=False)
            ),
            models.Index(name="accounts_user_by_username", fields=["username", "-id"]),
            models.Index(name="accounts_user_by_created", fields=["-created", "-id"]),
            models.Index(name="accounts_user_shut_out", fields=["username"], condition=models.Q(is_active=False)),
            models.Index(name="accounts_user_staff", fields=["username"], condition=models.Q(is_staff=True)),
            *(PrefixIndex(name=f"accounts_user_find_{name}", fields=[name]) for name in SEARCHED),
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

    def check_password(self, raw_password: str | None) -> bool:
        """Tell whether this is the password. A hash of another system, or of older parameters, is made anew.

        Only in place of the hash that was checked: whoever changed the password meanwhile has the last word.
        """
        checked = self.password

        def renew(raw_password: str) -> None:
            self.set_password(raw_password)
            renewed = {"password": self.password, "has_long_password": self.has_long_password}
            User.objects.by_id(self.pk).with_password(checked).update(**renewed)

        return check_password(raw_password, checked, renew)

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
