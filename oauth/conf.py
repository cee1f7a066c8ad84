"""Policy of the authorization server: lifetimes, sizes, and what a new client may do."""

from datetime import timedelta
from typing import Final

from trust.limits.conf import RatePolicy
from trust.tokens.conf import LONGEST_ACCESS_TOKEN_LIFETIME

AUTHORIZATION_CODE_LIFETIME: Final = timedelta(seconds=60)  # RFC 9700 section 2.1.1; FAPI 2.0 section 5.3.2.1
ID_TOKEN_LIFETIME: Final = timedelta(hours=1)
# Codes stay beyond their use, so that a replay is known and an app can be revoked: longer than any access token.
CODE_KEPT: Final = timedelta(days=1)
OVER_REFRESH_TOKENS_KEPT: Final = timedelta(days=30)  # ended ones stay this long for the administration
UNUSED_CLIENTS_KEPT: Final = timedelta(days=30)  # those that registered themselves, and that nobody ever used
# Seconds, shortest and longest that a client may be set to.
ACCESS_TOKEN_LIFETIMES: Final = (60, int(LONGEST_ACCESS_TOKEN_LIFETIME.total_seconds()))
DEFAULT_ACCESS_TOKEN_SECONDS: Final = 600
DEFAULT_CLIENT_SCOPES: Final = ("openid", "profile", "email", "offline_access")
LONGEST_CLIENT_ID: Final = 255  # characters
LONGEST_CLIENT_NAME: Final = 255  # characters
LONGEST_GROUP_NAME: Final = 150  # characters, as Django has it
LONGEST_SCOPE: Final = 255  # characters
LONGEST_SCOPE_TITLE: Final = 120  # characters, in each language
LONGEST_SCOPE_DESCRIPTION: Final = 255  # characters, in each language
LONGEST_RESOURCE_IDENTIFIER: Final = 500  # characters
LONGEST_RESOURCE_NAME: Final = 80  # characters, in each language
PREVIOUS_SECRET_KEPT: Final = timedelta(days=7)  # a client's old secret is good so long beside a new one
PREVIOUS_SECRET_LONGEST: Final = timedelta(days=90)
SHORTEST_GIVEN_SECRET: Final = 32  # characters, of a secret that somebody else chose
LONGEST_GIVEN_SECRET: Final = 512  # characters
LONGEST_URI: Final = 2048  # characters
MOST_KEYS: Final = 20  # of one client
MOST_CLAIMS: Final = 50  # that a client is given beyond its scopes, or asks for in one request
LONGEST_REQUEST_OBJECT: Final = 16 * 1024  # characters
LONGEST_ASSERTION_LIFETIME: Final = timedelta(hours=1)  # so long is its jti remembered (RFC 7523 section 3)
KEY_SETS_PAUSE_SECONDS: Final = 10.0  # at least, between two fetches of a client's keys that a signature asks for
# Threads of a process (of 64) that may wait at once for clients' documents, of each kind: slow servers keep no more.
MOST_WAITING_FOR_CLIENTS: Final = 12
# Anybody can have us fetch what a client registered as its request object.
REQUEST_URI_BY_ADDRESS: Final = RatePolicy("request-uri", attempts=60, window=60)
STORED_REQUEST_LIFETIME: Final = timedelta(hours=1)
MOST_STORED_REQUESTS: Final = 10_000  # at once; each has at most the 64 KiB of a body
# A new sign-in that a request asked for counts for it so long: an open consent page may find somebody else before it.
PROOF_LIFETIME: Final = timedelta(minutes=10)
LARGEST_LOGO: Final = 128 * 1024  # bytes
LONGEST_PARAMETER: Final = 4096  # characters of one request parameter
CODE_VERIFIER_LENGTHS: Final = (43, 128)  # RFC 7636 section 4.1
LOGOUT_TOKEN_LIFETIME: Final = timedelta(minutes=2)  # Back-Channel Logout 1.0 section 4: two minutes at most
LOGOUT_QUEUE: Final = "logout"
LOGOUT_PRIORITY: Final = -10  # behind mail and the daily work, which then wait for one attempt at most
LOGOUT_ATTEMPTS: Final = 11  # about five hours: an hour of doubling, then hourly
LOGOUT_FIRST_WAIT: Final = timedelta(seconds=30)  # doubled after each attempt
LOGOUT_LONGEST_WAIT: Final = timedelta(hours=1)
LOGOUT_SECONDS: Final = (2.0, 4.0)  # that one attempt may take: to connect, and in all
# Seconds for which a client that did not answer is left alone, whatever sessions of it wait: so that a dead one
# costs the worker little. Less than the first wait: an attempt that failed is not in the way of its own next one.
LOGOUT_REST_SECONDS: Final = 25
# Scopes that a client may register itself for; others are an administrator's to give.
REGISTRABLE_SCOPES: Final = ("openid", "profile", "email", "address", "phone", "offline_access")
# Where everybody may register; a change may have us fetch documents, too.
REGISTRATION_BY_ADDRESS: Final = RatePolicy("registration", attempts=100, window=3600)
REGISTRATION_CHANGE_BY_ADDRESS: Final = RatePolicy("registration-change", attempts=100, window=3600)
MOST_REGISTRATIONS: Final = 1_000_000  # by one initial access token
LONGEST_INITIAL_ACCESS_TOKEN: Final = timedelta(days=3650)
