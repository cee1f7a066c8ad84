"""Where a request came from, trusting exactly as many proxies as there are (TRUSTED_PROXY_COUNT)."""

import ipaddress
from dataclasses import dataclass
from typing import Final

from django.conf import settings
from django.http import HttpRequest

from trust.lib.settled import settled

USER_AGENT_LENGTH: Final = 255


@dataclass(frozen=True, slots=True)
class Origin:
    """The client's address and user agent, as they are kept with sessions and audit events."""

    client_address: str = ""
    user_agent: str = ""


def origin_of(request: HttpRequest) -> Origin:
    """Return where a request came from."""
    meta = request.META
    return Origin(
        client_address=client_address(meta.get("REMOTE_ADDR", ""), meta.get("HTTP_X_FORWARDED_FOR", "")),
        user_agent=meta.get("HTTP_USER_AGENT", "")[:USER_AGENT_LENGTH],
    )


@settled(4096)
def client_address(remote: str, forwarded_for: str) -> str:
    """Return the client's address in canonical text.

    Each trusted proxy appends the address that it was called from to X-Forwarded-For; what stands before those
    was written by the client and is not believed. Where the header is shorter than it should be or not an
    address, the peer's own address counts, so that no limit is escaped by nonsense.
    """
    count = settings.TRUSTED_PROXY_COUNT
    hops = [hop.strip() for hop in forwarded_for.split(",")] if forwarded_for else []
    candidate = hops[-count] if 0 < count <= len(hops) else remote
    return _canonical(candidate) or _canonical(remote) or "unknown"


def _canonical(text: str) -> str:
    try:
        address = ipaddress.ip_address(text.strip("[]"))
    except ValueError:
        return ""
    if getattr(address, "scope_id", None):  # free text of any length
        return ""
    mapped = getattr(address, "ipv4_mapped", None)
    return str(mapped or address)
