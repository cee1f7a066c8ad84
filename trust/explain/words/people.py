"""What is found of the person: who they are, and what they may. A sign-in is explained to staff alone."""

from collections.abc import Mapping
from typing import Final

from django.utils.translation import gettext_lazy as _

from trust.explain.vocabulary import Found
from trust.explain.words.words import Words

WORDS: Final[Mapping[str, Words]] = {
    Found.PERSON_NOT_ADMITTED: Words(
        _("The person is in none of the client's groups."),
        _("Those who look after the application can have the person put into one of its groups."),
        is_for_all=True,
    ),
    Found.OTHER_PERSON: Words(
        _("Another person is signed in than the request is about (id_token_hint, or claims with a sub)."),
        _("Send the request without the hint, or with prompt=select_account."),
    ),
    Found.PERSON_REFUSED: Words(
        _("The person refused."),
        _("Nothing is broken. The application can explain what it asks for, and ask again when the person wants it."),
        is_for_all=True,
    ),
    Found.ACCOUNT_UNKNOWN: Words(
        _("No account has the name or address that was typed. It is not kept: people type passwords there."),
        _("Ask the person which address they signed up with."),
    ),
    Found.PASSWORD_WRONG: Words(
        _("The password was wrong."),
        _("The person can reset it by the link on the sign-in page; staff can have that mail sent."),
    ),
    Found.ACCOUNT_DEACTIVATED: Words(
        _("The password was right, and the account is deactivated."),
        _("Activate the account, if the person should be let in."),
    ),
    Found.ADDRESS_UNPROVED: Words(
        _("The password was right, and the person has not proved an e-mail address yet."),
        _("The person signs in on the page, which sends the link again; look at the outbox if no mail comes."),
    ),
    Found.SECOND_FACTOR_WRONG: Words(
        _("The code of the second factor was wrong, or was used before."),
        _("Have the clock of the telephone set automatically, or use a recovery code."),
    ),
    Found.CHALLENGE_OVER: Words(
        _("The sign-in was begun too long ago, was answered, or had too many wrong answers."),
        _("Begin the sign-in again with the password."),
    ),
    Found.PASSKEY_WRONG: Words(
        _("The passkey's answer was not good (%(about)s)."),
        _("Try again, or use another way; the passkey may have been removed from the account."),
    ),
    Found.MAILED_CODE_WRONG: Words(
        _("The code from the mail was wrong, or was used before, or the address was changed meanwhile."),
        _("Have the newest mail looked at: each new code replaces the one before."),
    ),
    Found.EXTERNAL_SIGN_IN_FAILED: Words(
        _("Signing in by the provider “%(about)s” came to nothing: %(came)s."),
        _("Compare what is registered at the provider with its page here: client ID, secret, redirect URI, issuer."),
    ),
}
