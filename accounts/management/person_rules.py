"""What a script may say of a person: by the rules that hold where people say it themselves."""

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from accounts.forms.profile import ProfileForm
from accounts.management.person_document import WantedPerson
from accounts.management.scripting import refusal
from accounts.models import User
from accounts.services import provisioning


def profile_of(person: WantedPerson, stands: User | None, place: str) -> ProfileForm:
    """Return the profile page's form of a person, whose rules the username and the claims are held to.

    Raises CommandError.
    """
    now = {name: getattr(stands, name) for name in ProfileForm.Meta.fields} if stands else {}
    form = ProfileForm({"username": person.username, **now, **person.claims}, instance=stands or User())
    for member, errors in form.errors.items():
        raise refusal(place, f"{member}:", *errors)
    return form


def check_email(person: WantedPerson, stands: User | None, place: str) -> None:
    """Refuse an address that is none, or somebody else's; a new person needs one. Raises CommandError."""
    if person.email is None:
        if stands is None:
            raise refusal(place, "email: is missing")
        return
    try:
        validate_email(person.email)
    except ValidationError as wrong:
        raise refusal(place, "email:", *wrong.messages) from wrong
    if provisioning.holder_of(person.email) not in {None, stands}:
        raise refusal(place, "email: somebody else has this address")
