"""How often strangers may have us send mail: counted before anything is looked up, known address or not."""

from accounts.models import User
from trust.lib.origin import Origin
from trust.limits import guesses, rates
from trust.limits.conf import MAIL, RatePolicy
from trust.limits.errors import LimitExceeded


def take(*, to: str, origin: Origin, by_address: RatePolicy) -> None:
    """Count a mail to an address that somebody typed. Raises LimitExceeded."""
    rates.take(by_address, origin.client_address)
    guesses.take(MAIL, User.objects.normalize_email(to))


def may_repeat(*, to: str) -> bool:
    """Count a mail that only repeats an earlier one; False if it is left out, for the earlier one still holds."""
    try:
        guesses.take(MAIL, User.objects.normalize_email(to))
    except LimitExceeded:
        return False
    return True


def forget(*, to: str) -> None:
    """Begin anew: who asked has shown that the address is theirs."""
    guesses.reset(MAIL, User.objects.normalize_email(to))
