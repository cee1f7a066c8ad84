"""Policy of the limits. Counting comes before the work, so parallel guesses cannot beat a counter."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final


@dataclass(frozen=True, slots=True)
class GuessPolicy:
    """How often one secret may be guessed at without a success.

    The first `free` guesses are let through at once; then each waits twice as long as the last, up to
    `longest_wait`; after `most` none is let through until a success by another way resets the counter
    (NIST SP 800-63B-4 section 3.2.2: no more than 100). A counter untouched for `memory` is forgotten.
    """

    name: str
    free: int
    most: int
    longest_wait: timedelta
    memory: timedelta


@dataclass(frozen=True, slots=True)
class RatePolicy:
    """How many attempts one address may make in a window of seconds; a /64 counts as one address in IPv6."""

    name: str
    attempts: int
    window: int


SIGN_IN: Final = GuessPolicy(
    "sign-in", free=10, most=100, longest_wait=timedelta(minutes=15), memory=timedelta(days=30)
)
# Of each device that a person signed in from before, where strangers have used up SIGN_IN: few, for they come on top.
SIGN_IN_FROM_KNOWN_DEVICE: Final = GuessPolicy(
    "known-device", free=10, most=30, longest_wait=timedelta(minutes=15), memory=timedelta(days=30)
)
ONE_TIME_CODE: Final = GuessPolicy(
    "one-time-code", free=5, most=100, longest_wait=timedelta(minutes=15), memory=timedelta(days=30)
)
SIGN_IN_BY_ADDRESS: Final = RatePolicy("sign-in", attempts=60, window=60)
# Nothing is guessed here, but each costs a signature check; asking and answering count apart.
PASSKEY_BY_ADDRESS: Final = RatePolicy("passkey", attempts=120, window=60)
SIGN_UP_BY_ADDRESS: Final = RatePolicy("sign-up", attempts=100, window=3600)
RESET_BY_ADDRESS: Final = RatePolicy("reset", attempts=100, window=3600)
# Authorization requests too long for a URL, which are kept for an hour: at most 8 MiB of one address.
STORED_REQUEST_BY_ADDRESS: Final = RatePolicy("stored-request", attempts=120, window=3600)
CLIENT_LOGO_BY_ADDRESS: Final = RatePolicy("client-logo", attempts=120, window=60)
# Of one person: mails about new devices, so that a program that signs in over and over buries nobody's mailbox.
NEW_DEVICE_NOTICE: Final = RatePolicy("new-device-notice", attempts=10, window=3600)
# The link "this was not me" is signed; mail scanners open it too.
NOT_ME_BY_ADDRESS: Final = RatePolicy("not-me", attempts=60, window=60)
# Sign-in codes by mail: one person's guesses at all of them, and guesses at one of them.
MAILED_CODE: Final = GuessPolicy(
    "mailed-code", free=10, most=100, longest_wait=timedelta(minutes=15), memory=timedelta(days=30)
)
ONE_MAILED_CODE: Final = GuessPolicy(
    "one-mailed-code", free=3, most=3, longest_wait=timedelta(minutes=15), memory=timedelta(days=1)
)
CODE_BY_ADDRESS: Final = RatePolicy("code", attempts=100, window=3600)
# What strangers can have sent to one address, whoever has it; a sign-in by a mailed code starts it anew.
MAIL: Final = GuessPolicy("mail", free=10, most=10_000, longest_wait=timedelta(hours=1), memory=timedelta(days=1))
# Changes of address that one person asks for: each sends a mail to whom they like.
ADDRESS_CHANGE: Final = GuessPolicy(
    "address-change", free=5, most=10_000, longest_wait=timedelta(hours=1), memory=timedelta(days=1)
)
ADDRESS_CHANGE_BY_ADDRESS: Final = RatePolicy("address-change", attempts=100, window=3600)
# The link of an invitation cannot be guessed; whoever tries costs a query each time.
INVITATION_BY_ADDRESS: Final = RatePolicy("invitation", attempts=60, window=60)
# Wrong secrets and signatures of one client: from one address; from all that have not just given the right one; and
# from one address at all clients together.
CLIENT_SECRET: Final = RatePolicy("client-secret", attempts=20, window=60)
CLIENT_SECRET_BY_CLIENT: Final = RatePolicy("client-secret-client", attempts=1000, window=60)
CLIENT_SECRET_BY_ADDRESS: Final = RatePolicy("client-secret-address", attempts=120, window=60)
# Codes that people type off a device (RFC 8628 section 5.1), of 20^8: by one person, who must be signed in; from one
# address; and by everybody at once, so that many accounts and addresses help nobody. Who hit a code would only sign a
# stranger's device in to an account of their own.
DEVICE_USER_CODE: Final = GuessPolicy(
    "device-user-code", free=10, most=100, longest_wait=timedelta(minutes=15), memory=timedelta(hours=1)
)
DEVICE_USER_CODE_BY_ADDRESS: Final = RatePolicy("device-user-code", attempts=30, window=60)
DEVICE_USER_CODE_BY_ALL: Final = RatePolicy("device-user-code-all", attempts=1200, window=60)
# Each request of a device leaves a row for some minutes; a public client's costs whoever sends it nothing.
DEVICE_AUTHORIZATION_BY_ADDRESS: Final = RatePolicy("device-authorization", attempts=60, window=60)
