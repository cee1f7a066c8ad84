"""What scripts set for people: an address and whether it is theirs, and groups by name."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from allauth.account.models import EmailAddress
from django.contrib.auth.models import Group
from django.db import transaction

from accounts.models import User
from accounts.services import administration
from trust.audit.record import record
from trust.lib.locks import hold_until_commit
from trust.lib.origin import Origin

if TYPE_CHECKING:
    from django.db.models.fields.related_descriptors import RelatedManager


def wait_for_turn() -> None:
    """Let no other script make or change people until this transaction ends: each sees what the last one did."""
    hold_until_commit("accounts.provisioning")


@transaction.atomic
def take_in(*, user: User, verified: bool) -> None:
    """Make a person whom another system knew, as their unsaved row says: with their id and the hash of their password.

    Raises django.db.IntegrityError if the id, the username or the address is taken.
    """
    user.email = User.objects.normalize_email(user.email)
    user.save(force_insert=True)
    EmailAddress.objects.create(user=user, email=user.email, primary=True, verified=verified)
    record("person.imported", subject=user.pk, details={"has_password": user.has_usable_password()})


def holder_of(email: str) -> User | None:
    """Return who has an address, as their first or as another one, whatever its case; or None."""
    holder: User | None = User.objects.holding(email).first()
    return holder


@transaction.atomic
def set_address(*, user: User, email: str, verified: bool | None) -> None:
    """Make this the person's one address; `verified` None leaves an old one as it is and a new one unverified."""
    email = User.objects.normalize_email(email)
    addresses: RelatedManager[EmailAddress] = user.emailaddress_set  # type: ignore[attr-defined]  # allauth's
    stands = addresses.order_by("-primary").first()
    if stands is not None and stands.email == email and verified in {None, stands.verified}:
        return
    addresses.all().delete()
    EmailAddress.objects.create(user=user, email=email, primary=True, verified=bool(verified))
    user.email = email
    user.save(update_fields=["email", "updated_at"])
    record("person.email_changed", subject=user.pk, details={"verified": bool(verified)})


@transaction.atomic
def set_groups(*, user: User, names: Sequence[str]) -> None:
    """Give a person these groups and no others; a group that there is not is made, and gives nothing but its name."""
    if user.roles != sorted(names):
        groups = [Group.objects.get_or_create(name=name)[0] for name in names]
        administration.set_groups(user=user, groups=groups, actor=None, origin=Origin())


@transaction.atomic
def set_staff(*, user: User, staff: bool) -> None:
    """Let a person use the administration, or not any more."""
    if user.is_staff != staff:
        user.is_staff = staff
        administration.change_person(user=user, fields=["is_staff"], actor=None, origin=Origin())
