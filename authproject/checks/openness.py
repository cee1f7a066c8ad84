"""Rules of what is open: limits, fetches, registration, how people sign in."""

from typing import Final

from django.conf import settings

from authproject.checks.rule import Rule
from authproject.checks.wires import is_plain_http

# The first hashes; others only know the hashes of people who were imported.
_HASHER: Final = "accounts.passwords.BoundedArgon2PasswordHasher"


def _providers_in_clear() -> bool:
    providers = settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"]
    return any(is_plain_http(provider["settings"]["server_url"]) for provider in providers)


RULES: Final = (
    Rule("E002", "RATE_LIMITS is off.", "It is for test beds only.", lambda: not settings.RATE_LIMITS),
    Rule(
        "E003",
        "OUTBOUND_ALLOW_PRIVATE is on.",
        "It is for test beds only.",
        lambda: settings.OUTBOUND_ALLOW_PRIVATE,
    ),
    Rule(
        "E016",
        "Staff need no second factor to use the administration.",
        "Leave ADMIN_TWO_FACTORS as settings.py has it.",
        lambda: not settings.ADMIN_TWO_FACTORS,
    ),
    Rule(
        "E017",
        "Passwords are not hashed as the site hashes them.",
        "Let DJANGO_SETTINGS_MODULE be authproject.settings.",
        lambda: settings.PASSWORD_HASHERS[0] != _HASHER,
    ),
    Rule(
        "E018",
        "OIDC_PROVIDERS names a provider by http: whoever is on the way signs in as anybody.",
        "Name its issuer by https.",
        _providers_in_clear,
    ),
    Rule("W002", "Whoever likes may register a client.", "Set DCR to token or off.", lambda: settings.DCR == "open"),
    Rule(
        "W003",
        "Confidential clients that register themselves need not use PKCE.",
        "Set DCR_PKCE to required.",
        lambda: settings.DCR_PKCE == "optional",
    ),
    Rule(
        "W015",
        "Whoever likes may make an account with an address that is not theirs.",
        "Set EMAIL_VERIFICATION to mandatory, or SIGNUP to invite or closed.",
        lambda: settings.EMAIL_VERIFICATION == "optional" and settings.SIGNUP == "open",
    ),
)
