"""Policy of accounts: lengths, ages and lifetimes. Sections are of NIST SP 800-63B-4 where it decides."""

from datetime import timedelta
from typing import Final

from trust.lib.fetch import Limits

USERNAME_LENGTH: Final = 64  # characters
LONGEST_ATTRIBUTE_NAME: Final = 100  # characters
LARGEST_ATTRIBUTES: Final = 8 * 1024  # bytes, of all attributes of a person as JSON: id tokens carry them
LONG_PASSWORD: Final = 15  # characters, where the password is the only factor (3.1.1.2)
SHORT_PASSWORD: Final = 8  # characters, beside a second factor (3.1.1.2)
LONGEST_PASSWORD: Final = 256  # characters: at least 64 must be accepted, and hashing must stay bounded
# The range service of breached passwords: who sets a password waits for it.
RANGE_LIMITS: Final = Limits(connect=1.0, total=2.0, size=256 * 1024)
RANGE_REST_SECONDS: Final = 30.0  # for which a service that did not answer is left alone
RANGES_KEPT: Final = 100  # answers, each of about 40 KiB
RANGES_KEPT_SECONDS: Final = 3600.0
SESSION_LIFETIME: Final = timedelta(days=30)  # absolute, aal1 (2.1.3)
UNVERIFIED_LIFETIME: Final = timedelta(days=7)  # accounts whose address was never verified
LAST_SEEN_RESOLUTION: Final = timedelta(minutes=1)  # last_seen is written no more often than this
CHALLENGE_ATTEMPTS: Final = 5
PENDING_LIFETIME: Final = timedelta(minutes=15)  # the steps of an app's sign-in, as those of a browser
CHALLENGE_LIFETIME: Final = timedelta(minutes=5)
MOST_PASSKEYS: Final = 20  # of a person
LONGEST_PASSKEY_NAME: Final = 64  # characters
LONGEST_CREDENTIAL_ID: Final = 1023  # bytes (Web Authentication Level 3, 4)
LONGEST_PASSKEY_ANSWER: Final = 16 * 1024  # characters of JSON: attestations with their certificates are long
FIRST_PARTY_SCOPE: Final = ("openid", "profile", "email")
ADMIN_SESSION_AGE: Final = timedelta(hours=24)  # aal2 (2.2.3)
ADMIN_SESSION_IDLE: Final = timedelta(hours=1)
IMPERSONATION_LIFETIME: Final = timedelta(minutes=30)  # in which staff see the site as a person does
OVER_SESSIONS_KEPT: Final = timedelta(days=30)  # ended sessions stay this long for the devices page and the admin
EVENTS_SHOWN: Final = 25  # on one page of a person's activity
EXPORT_KEPT: Final = timedelta(days=7)  # ready, to be downloaded
EXPORT_PATIENCE: Final = timedelta(hours=1)  # an export that is not ready by then may be asked for anew
MOST_EXPORTS: Final = 3  # of a person in EXPORT_KEPT
EXPORT_ATTEMPTS: Final = 3
EXPORT_WAIT: Final = timedelta(minutes=10)  # between attempts, longer than one takes
ERASURE_GRACE: Final = timedelta(days=14)  # for coming back to a closed account
ERASED_AT_ONCE: Final = 1000  # people, in one run of the daily work
ERASURE_FINISHED_WITHIN: Final = timedelta(days=30)  # an erasure that was cut short is gone on with for this long
MAILED_CODE_LIFETIME: Final = timedelta(minutes=5)  # 10 at most (OWASP ASVS 5.0)
MAILED_CODE_ATTEMPTS: Final = 3  # wrong ones; then a new code is needed
INVITATION_LIFETIME: Final = timedelta(days=7)
OVER_INVITATIONS_KEPT: Final = timedelta(days=30)  # taken ones and old ones stay this long for the administration
NOT_ME_LIFETIME: Final = timedelta(days=7)  # of the link "this was not me"; the mails say a week
DEVICE_MEMORY: Final = timedelta(days=365)  # since it was last signed in from
DEVICES_OF_A_PERSON: Final = 50  # the ones not seen for longest are forgotten
MARKS_OF_A_BROWSER: Final = 8  # people who share a browser and are known there
