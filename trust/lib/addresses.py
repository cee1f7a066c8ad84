"""Which addresses an outbound fetch may go to: global unicast alone, by the special-purpose registries (RFC 6890)."""

import ipaddress
from typing import Final

_NOT_GLOBAL_IPV4: Final = [
    ipaddress.IPv4Network(block)
    for block in (
        "0.0.0.0/8",
        "10.0.0.0/8",
        "100.64.0.0/10",  # shared by carriers (RFC 6598); a cloud's metadata stands here too
        "127.0.0.0/8",
        "168.63.129.16/32",  # looks public, and is a cloud's own host
        "169.254.0.0/16",  # link-local: most clouds' metadata
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.2.0/24",
        "192.88.99.0/24",
        "192.168.0.0/16",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/3",  # multicast, reserved, broadcast
    )
]
# In IPv6 only this block is global unicast (RFC 4291 section 2.4), less the parts that are not.
_GLOBAL_IPV6: Final = ipaddress.IPv6Network("2000::/3")
_NOT_GLOBAL_IPV6: Final = [
    ipaddress.IPv6Network(block)
    for block in (
        "2001::/23",  # protocol assignments, Teredo among them
        "2001:db8::/32",
        "2002::/16",  # 6to4
        "3fff::/20",
    )
]
_NAT64: Final = ipaddress.IPv6Network("64:ff9b::/96")


def is_global(text: str) -> bool:
    """Tell whether an address is global unicast, an IPv4 address inside an IPv6 one looked at as such."""
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return False
    if isinstance(address, ipaddress.IPv6Address):
        embedded = _embedded(address)
        if embedded is None:
            return address in _GLOBAL_IPV6 and not any(address in block for block in _NOT_GLOBAL_IPV6)
        address = embedded
    return not any(address in block for block in _NOT_GLOBAL_IPV4)


def is_loopback(text: str) -> bool:
    """Tell whether an address is this very machine's loopback, 127.0.0.0/8 or ::1."""
    try:
        return ipaddress.ip_address(text).is_loopback
    except ValueError:
        return False


def _embedded(address: ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    if address.ipv4_mapped is not None:
        return address.ipv4_mapped
    return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF) if address in _NAT64 else None
