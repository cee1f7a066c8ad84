"""RFC 7523 section 3: which issuers can be trusted, and what may be written of a workload's subject.

A subject ends in `*` only behind a `:` or a `/`, with two parts before it at least: `repo:org/app:*` is one
repository, `repo:org/app*` would be `repo:org/app-evil` as well, and `repo:*` everybody whom the issuer knows.
"""

import re
from collections.abc import Iterator
from typing import Final
from urllib.parse import urlsplit

from django.utils.translation import gettext_noop

from oauth.conf import LONGEST_ISSUER, LONGEST_SUBJECT, LONGEST_URI, LONGEST_WORKLOAD_NAME, MOST_WORKLOAD_CLAIMS
from oauth.protocol import rfc7591_values
from oauth.protocol.rfc6749_scope import problems_of_words
from oauth.protocol.rfc7591_metadata import Problem
from oauth.protocol.rfc7591_values import Malformed
from oauth.services import clients, workload_registration
from oauth.vocabulary import CLIENT_ALGORITHMS, GrantType
from oauth.workload_description import TrustedIssuerDescription, WorkloadDescription
from trust.lib.fetch import FetchFailed
from trust.lib.fetch_target import parse_target

ANYTHING: Final = "*"
_SEPARATORS: Final = ":/"
_FEWEST_PARTS: Final = 2
_VISIBLE: Final = re.compile(r"[\x21-\x7E]+")
# A subject may have spaces: names of environments do.
_OF_ONE_LINE: Final = re.compile(r"[^\x00-\x1f\x7f-\x9f\u2028\u2029]+")
# Of every assertion, and checked by themselves.
_RULED: Final = frozenset({"iss", "sub", "aud", "exp", "nbf", "iat", "jti"})


def problems_of_issuer(trusted: TrustedIssuerDescription, *, issuer: str) -> list[Problem]:
    """Return what is wrong with an issuer that somebody describes; `issuer` are we."""
    problems = [] if trusted.name.strip() else [Problem("name", gettext_noop("is missing"))]
    problems += problems_of_words("name", trusted.name, longest=LONGEST_WORKLOAD_NAME)
    if wrong := _wrong_issuer(trusted.issuer, ours=issuer):
        problems.append(Problem("issuer", wrong, trusted.issuer))
    problems += _problems_of_keys(trusted)
    unknown = [name for name in trusted.algorithms if name not in CLIENT_ALGORITHMS]
    problems += [Problem("algorithms", gettext_noop("is not known here"), name) for name in unknown]
    if trusted.audience and not _is_text(trusted.audience, LONGEST_URI):
        problems.append(Problem("audience", gettext_noop("must be visible ASCII characters")))
    return problems


def problems_of_workload(workload: WorkloadDescription) -> list[Problem]:
    """Return what is wrong with what somebody says of a workload."""
    problems = [] if workload.name.strip() else [Problem("name", gettext_noop("is missing"))]
    problems += problems_of_words("name", workload.name, longest=LONGEST_WORKLOAD_NAME)
    if wrong := _wrong_subject(workload.subject):
        problems.append(Problem("subject", wrong, workload.subject))
    if len(workload.claims) > MOST_WORKLOAD_CLAIMS:
        problems.append(Problem("claims", gettext_noop("are too many")))
    for name, said in workload.claims.items():
        if name in _RULED:
            problems.append(Problem("claims", gettext_noop("is checked in any case"), name))
        elif not name or not _is_told(said):
            problems.append(Problem("claims", gettext_noop("must be said by a text"), name))
    return problems


def problems_of_whom_it_names(workload: WorkloadDescription) -> list[Problem]:
    """Return what is wrong with the issuer and the client of a workload: they are there, and the client may do this."""
    problems = _problems_of_client(workload.client_id)
    if not workload_registration.is_trusted(workload.issuer):
        problems.append(Problem("issuer", gettext_noop("is not among the trusted issuers"), workload.issuer))
    return problems


def ways_to_write(subject: str) -> Iterator[str]:
    """Yield the ways in which a workload's subject may be written: as it is, and each beginning and `*`.

    Nothing where the subject has a `*` itself, or is longer than what may be written.
    """
    if ANYTHING in subject or not 0 < len(subject) <= LONGEST_SUBJECT:
        return
    yield subject
    for end, character in enumerate(subject, 1):
        if character in _SEPARATORS:
            yield subject[:end] + ANYTHING


def _wrong_issuer(issuer: str, *, ours: str) -> str | None:
    if not _is_text(issuer, LONGEST_ISSUER):
        return gettext_noop("must be visible ASCII characters")
    try:
        parts = urlsplit(rfc7591_values.uri(issuer))
    except (Malformed, ValueError):
        return gettext_noop("is not a URI")
    if not parts.scheme or not parts.netloc:
        return gettext_noop("must be an absolute URI, such as https://token.actions.githubusercontent.com")
    return gettext_noop("is this server itself") if issuer.rstrip("/") == ours else None


def _problems_of_keys(trusted: TrustedIssuerDescription) -> list[Problem]:
    if trusted.jwks is None and not trusted.jwks_uri:
        return [Problem("jwks_uri", gettext_noop("is missing, and so is jwks: its key is not known"))]
    if trusted.jwks is not None and trusted.jwks_uri:
        return [Problem("jwks", gettext_noop("cannot stand beside jwks_uri"))]
    if trusted.jwks is not None:
        return _problems_of_key_set(trusted.jwks)
    try:
        parse_target(trusted.jwks_uri)
    except FetchFailed:
        return [Problem("jwks_uri", gettext_noop("must be an https address that can be fetched"), trusted.jwks_uri)]
    return []


def _problems_of_key_set(jwks: object) -> list[Problem]:
    try:
        rfc7591_values.key_set(jwks)
    except Malformed as malformed:
        return [Problem("jwks", malformed.message)]
    return []


def _problems_of_client(client_id: str) -> list[Problem]:
    row = clients.known(client_id)
    if row is None:
        return [Problem("client_id", gettext_noop("is not there"), client_id)]
    client = clients.metadata_of(row)
    if client.is_public or GrantType.JWT_BEARER not in client.grant_types:
        return [Problem("client_id", gettext_noop("is not registered for this grant type"), GrantType.JWT_BEARER.value)]
    return []


def _wrong_subject(subject: str) -> str | None:
    if not _OF_ONE_LINE.fullmatch(subject) or subject != subject.strip() or len(subject) > LONGEST_SUBJECT:
        return gettext_noop("must be a text of one line")
    if ANYTHING not in subject:
        return None
    beginning = subject.removesuffix(ANYTHING)
    if ANYTHING in beginning or not beginning.endswith(tuple(_SEPARATORS)):
        return gettext_noop("may have a * at its end alone, behind a : or a /")
    parts = [part for part in re.split(f"[{_SEPARATORS}]", beginning) if part]
    return None if len(parts) >= _FEWEST_PARTS else gettext_noop("would be everybody whom the issuer knows")


def _is_told(said: object) -> bool:
    return isinstance(said, str) and 0 < len(said) <= LONGEST_SUBJECT


def _is_text(value: str, longest: int) -> bool:
    return len(value) <= longest and _VISIBLE.fullmatch(value) is not None
