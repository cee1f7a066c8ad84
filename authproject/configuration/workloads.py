"""Trusted issuers and the workloads that they vouch for (RFC 7523 section 3). They have no secrets."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Final

from django.conf import settings

from authproject.configuration.section import Entry, WrongEntry, check_members, text_of, texts_of
from oauth.protocol import rfc7523_trusted_issuer
from oauth.protocol.rfc7591_metadata import Problem
from oauth.services import workload_registration
from oauth.workload_description import TrustedIssuerDescription, WorkloadDescription

_FLAGS: Final = ("is_single_use", "is_active")
_OBJECTS: Final = ("jwks", "claims")


class TrustedIssuers:
    """The section of trusted issuers."""

    name = "trusted_issuers"
    key = "issuer"

    def standing(self, *, with_secrets: bool) -> list[Entry]:
        """Return all trusted issuers."""
        return [_listed(trusted) for trusted in workload_registration.issuers()]

    def wanted(self, entry: Entry) -> Entry:
        """Return the issuer as it would be."""
        _check(entry, asdict(TrustedIssuerDescription(issuer="")))
        trusted = _issuer(entry)
        _refuse_the_first(rfc7523_trusted_issuer.problems_of_issuer(trusted, issuer=settings.ISSUER))
        return _listed(trusted)

    def put(self, entry: Entry) -> Mapping[str, str]:
        """Trust the issuer, or change it."""
        workload_registration.put_issuer(_issuer(entry))
        return {}

    def is_spared(self, entry: Entry) -> bool:
        """None is."""
        return False

    def remove(self, key: str) -> None:
        """Trust the issuer no more."""
        workload_registration.delete_issuer(issuer=key)


class Workloads:
    """The section of workloads. Whether their client is there is asked when they are put: it may come just before."""

    name = "workloads"
    key = "name"

    def standing(self, *, with_secrets: bool) -> list[Entry]:
        """Return all workloads."""
        return [asdict(workload) for workload in workload_registration.workloads()]

    def wanted(self, entry: Entry) -> Entry:
        """Return the workload as it would be."""
        _check(entry, asdict(WorkloadDescription(name="")))
        workload = WorkloadDescription(**entry)
        _refuse_the_first(rfc7523_trusted_issuer.problems_of_workload(workload))
        return asdict(workload)

    def put(self, entry: Entry) -> Mapping[str, str]:
        """Make the workload, or change it. Raises WrongEntry."""
        workload = WorkloadDescription(**entry)
        _refuse_the_first(rfc7523_trusted_issuer.problems_of_whom_it_names(workload))
        workload_registration.put_workload(workload)
        return {}

    def is_spared(self, entry: Entry) -> bool:
        """None is."""
        return False

    def remove(self, key: str) -> None:
        """Delete the workload, which may be gone with its issuer or its client."""
        workload_registration.delete_workload(name=key)


def _issuer(entry: Entry) -> TrustedIssuerDescription:
    return TrustedIssuerDescription(**entry | {"algorithms": tuple(texts_of(entry, "algorithms"))})


def _listed(trusted: TrustedIssuerDescription) -> Entry:
    return asdict(trusted) | {"algorithms": list(trusted.algorithms)}


def _check(entry: Entry, known: Entry) -> None:
    """Refuse members that are not known, and values of another type. Raises WrongEntry."""
    check_members(entry, known)
    for member, value in entry.items():
        if member in _FLAGS and not isinstance(value, bool):
            raise WrongEntry(f"{member}: must be true or false")
        if member in _OBJECTS and not isinstance(value, dict | type(known[member])):
            raise WrongEntry(f"{member}: must be an object")
        if member not in {*_FLAGS, *_OBJECTS, "algorithms"}:
            text_of(entry, member)


def _refuse_the_first(problems: list[Problem]) -> None:
    for problem in problems:
        raise WrongEntry(f"{problem.member}: {problem.message}")
