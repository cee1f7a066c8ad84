"""RFC 7523 section 3: issuers whose word is taken for workloads, and the workloads, as values that nothing changes."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class TrustedIssuerDescription:
    """Who signs assertions about its workloads: a cluster, a CI service. Known by its `iss`.

    Its keys are published at `jwks_uri`, or `jwks` has them. `algorithms`: none is all that we take. `audience`: what
    its assertions must be for; empty is ourselves. `is_single_use`: each is good once, by its `jti`.
    """

    issuer: str
    name: str = ""
    jwks_uri: str = ""
    jwks: Mapping[str, Any] | None = None
    algorithms: tuple[str, ...] = ()
    audience: str = ""
    is_single_use: bool = True
    is_active: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkloadDescription:
    """A program that an issuer vouches for, and the one client that it is here.

    `subject` is its `sub`, or a beginning of it and `*`; `claims` are further claims that must say just this.
    """

    name: str
    issuer: str = ""
    subject: str = ""
    claims: Mapping[str, str] = field(default_factory=dict)
    client_id: str = ""
