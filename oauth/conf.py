"""Policy of the authorization server: lifetimes, sizes, and what a new client may do."""

from datetime import timedelta
from typing import Final

from trust.limits.conf import RatePolicy
from trust.tokens.conf import LONGEST_ACCESS_TOKEN_LIFETIME

AUTHORIZATION_CODE_LIFETIME: Final = timedelta(seconds=60)  # RFC 9700 section 2.1.1; FAPI 2.0 section 5.3.2.1
DEVICE_CODE_LIFETIME: Final = timedelta(minutes=10)  # RFC 8628 section 6.1: as short as people can type
DEVICE_POLLING_SECONDS: Final = 5  # that a device waits before it asks again (RFC 8628 section 3.2)
# What nobody decided in time stays a while, so that its device hears that it expired.
UNDECIDED_DEVICES_KEPT: Final = timedelta(hours=1)
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
LONGEST_ISSUER: Final = 255  # characters
LONGEST_SUBJECT: Final = 500  # characters, of a workload; that of a person has 255 at most
LONGEST_WORKLOAD_NAME: Final = 120  # characters
MOST_WORKLOAD_CLAIMS: Final = 20
MOST_EXCHANGES: Final = 5  # of a token for a token for a token
PREVIOUS_SECRET_KEPT: Final = timedelta(days=7)  # a client's old secret is good so long beside a new one
PREVIOUS_SECRET_LONGEST: Final = timedelta(days=90)
SHORTEST_GIVEN_SECRET: Final = 32  # characters, of a secret that somebody else chose
LONGEST_GIVEN_SECRET: Final = 512  # characters
LONGEST_URI: Final = 2048  # characters
LONGEST_PERSONAL_TOKEN_NAME: Final = 100  # characters
MOST_PERSONAL_TOKENS: Final = 50  # of one person that have not expired
PERSONAL_TOKEN_DAYS: Final = (7, 30, 90, 365)  # that a person may choose from
PERSONAL_TOKEN_DEFAULT_DAYS: Final = 30
PERSONAL_TOKEN_USE_RESOLUTION: Final = timedelta(minutes=1)  # when a token was last used is written no more often
EXPIRED_PERSONAL_TOKENS_KEPT: Final = timedelta(days=30)  # for their person to see what expired
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
PUSHED_REQUEST_LIFETIME: Final = timedelta(seconds=60)  # FAPI 2.0 section 5.3.2.2: less than 600 s; to be brought here
# What is kept for clients that prove who they are, and what anybody may push as a public one.
PUSHED_REQUEST_BY_CLIENT: Final = RatePolicy("pushed-request-client", attempts=6000, window=60)
PUSHED_REQUEST_BY_ADDRESS: Final = RatePolicy("pushed-request", attempts=120, window=60)
LONGEST_SIGNED_REQUEST: Final = timedelta(hours=1)  # FAPI 2.0 Message Signing section 5.3.1: between nbf and exp
SIGNED_RESPONSE_LIFETIME: Final = timedelta(minutes=5)  # JARM section 2.1: ten minutes at most
# A new sign-in that a request asked for counts for it so long: an open consent page may find somebody else before it.
PROOF_LIFETIME: Final = timedelta(minutes=10)
LARGEST_LOGO: Final = 128 * 1024  # bytes
# One who was trusted with it and is not to be any more can shut out so many people in the time that it takes to notice.
GLOBAL_REVOCATION_BY_CLIENT: Final = RatePolicy("global-revocation", attempts=600, window=60)
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
# Client ID metadata documents: clients whose id is the address of what they say of themselves.
LARGEST_CLIENT_DOCUMENT: Final = 5 * 1024  # bytes (Client ID metadata documents section 6.6)
CLIENT_DOCUMENT_AGES: Final = (300, 86_400)  # seconds: shortest and longest that one is good, whatever it says
CLIENT_DOCUMENT_UNNAMED_SECONDS: Final = 3600  # where it says nothing
CLIENT_DOCUMENT_PAUSE_SECONDS: Final = 10.0  # at least, between two fetches of one by one process
# How long one that cannot be fetched any more is still good: its server may be down.
CLIENT_DOCUMENT_GRACE: Final = timedelta(days=1)
# Anybody can name one, and have us fetch it: from one address, and at one host.
CLIENT_DOCUMENT_BY_ADDRESS: Final = RatePolicy("client-document", attempts=100, window=3600)
CLIENT_DOCUMENT_BY_HOST: Final = RatePolicy("client-document-host", attempts=60, window=60)
UNUSED_PUBLISHED_CLIENTS_KEPT: Final = timedelta(days=1)  # those that nobody ever used come back when they are named
MOST_UNUSED_PUBLISHED_CLIENTS: Final = 5_000  # at once; beyond it the oldest go
# Scopes that a client may register itself for; others are an administrator's to give.
REGISTRABLE_SCOPES: Final = ("openid", "profile", "email", "address", "phone", "offline_access")
# Where everybody may register; a change may have us fetch documents, too.
REGISTRATION_BY_ADDRESS: Final = RatePolicy("registration", attempts=100, window=3600)
REGISTRATION_CHANGE_BY_ADDRESS: Final = RatePolicy("registration-change", attempts=100, window=3600)
MOST_REGISTRATIONS: Final = 1_000_000  # by one initial access token
LONGEST_INITIAL_ACCESS_TOKEN: Final = timedelta(days=3650)
