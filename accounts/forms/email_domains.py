"""Which domains an account's address may be of: SIGNUP_DOMAINS, matched whole, as mail is sent to them."""

from collections.abc import Iterable
from functools import cache

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _


def check_domain(email: str) -> None:
    """Raise ValidationError unless the address is of a domain that may have accounts; no domain named is any."""
    allowed = _normalised_all(tuple(settings.SIGNUP_DOMAINS))
    if not allowed:
        return
    try:
        is_allowed = normalised(email.rpartition("@")[2]) in allowed
    except UnicodeError:
        is_allowed = False
    if not is_allowed:
        message = _("Only addresses of these domains can be used here: %(domains)s.")
        raise ValidationError(message, code="email_domain", params={"domains": ", ".join(settings.SIGNUP_DOMAINS)})


def normalised(domain: str) -> str:
    """Return a domain as the mail server is asked for it (IDNA, RFC 3490). Raises UnicodeError."""
    return domain.encode("idna").decode("ascii").lower()


def malformed(domains: Iterable[str]) -> list[str]:
    """Return those of these that are no domain names."""
    return [domain for domain in domains if not _is_name(domain)]


def _is_name(domain: str) -> bool:
    try:
        labels = normalised(domain).split(".")
    except UnicodeError:
        return False
    return all(label and label.replace("-", "").isalnum() for label in labels)


@cache
def _normalised_all(domains: tuple[str, ...]) -> frozenset[str]:
    return frozenset(map(normalised, domains))
