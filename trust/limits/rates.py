"""Attempts from one address, counted in the shared cache; with Redis down, in the process, never not at all."""

import ipaddress
import time
from functools import lru_cache

from django.conf import settings

from trust.lib.cache import count
from trust.lib.hooks import tell
from trust.limits.conf import RatePolicy
from trust.limits.errors import LimitExceeded


def take(policy: RatePolicy, client_address: str) -> None:
    """Count one attempt from `client_address` and let it through, or raise LimitExceeded."""
    if not settings.RATE_LIMITS:
        return
    window, elapsed = divmod(int(time.time()), policy.window)
    key = f"rate:{policy.name}:{network(client_address)}:{window}"
    if count(key, seconds=policy.window) > policy.attempts:
        tell(settings.LIMIT_HIT, limit=policy.name)
        raise LimitExceeded(policy.window - elapsed)


@lru_cache(4096)
def network(client_address: str) -> str:
    """Return what counts as one address: an IPv4 address, or the /64 of an IPv6 one, or the text if it is neither."""
    try:
        address = ipaddress.ip_address(client_address)
    except ValueError:
        return client_address
    if address.version == 4:
        return str(address)
    return str(ipaddress.ip_network((address, 64), strict=False).network_address)
