"""What the labels of the counts are called on the page. What has no word here is shown as it is."""

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from oauth.vocabulary import GrantType

Words = dict[str, str | Promise]

METHODS: Final[Words] = {
    "password": _("Password"),
    "passkey": _("Passkey"),
    "mailed_code": _("Code by mail"),
    "external": _("Other provider"),
    "other": pgettext_lazy("dashboard", "Others"),
}
GRANTS: Final[Words] = {
    "authorization_code": _("Authorization code"),
    "refresh_token": _("Refresh token"),
    "client_credentials": _("Client credentials"),
    GrantType.DEVICE_CODE.value: _("Device code"),
    "password": _("Sign-in by JSON"),
    "passkey": _("Sign-in by JSON with a passkey"),
    "headless": _("Sign-in at /api/account/"),
    "other": pgettext_lazy("dashboard", "Others"),
}
LIMITS: Final[Words] = {
    "sign-in": _("Guesses at a password"),
    "known-device": _("Guesses from a known device"),
    "one-time-code": _("Guesses at a code"),
    "passkey": _("Passkeys asked for"),
    "sign-up": _("Sign-ups"),
    "reset": _("Password resets"),
    "stored-request": _("Stored authorization requests"),
    "client-logo": _("Logos of clients"),
    "new-device-notice": _("Mails about new devices"),
    "not-me": _("Links “this was not me”"),
    "mailed-code": _("Guesses at codes by mail"),
    "one-mailed-code": _("Guesses at one code by mail"),
    "code": _("Codes by mail"),
    "mail": _("Mails to one address"),
    "address-change": _("Changes of address"),
    "invitation": _("Links of invitations"),
    "device-user-code": _("Guesses at codes of devices"),
    "device-user-code-all": _("Guesses at codes of devices, of everybody"),
    "device-authorization": _("Devices that ask for codes"),
    "client-secret": _("Secrets of one client from one address"),
    "client-secret-client": _("Secrets of one client"),
    "client-secret-address": _("Secrets of clients from one address"),
    "other": pgettext_lazy("dashboard", "Others"),
}


def word(words: Words, label: str) -> str | Promise:
    """Return what a label is called."""
    return words.get(label, label)
