"""The address that a proof is for: `htu`, compared with where the request went (RFC 9449 section 4.3, item 9)."""

from typing import Final
from urllib.parse import SplitResult, unquote, urlsplit

_PORTS: Final = {"http": 80, "https": 443}


def is_same(htu: str, url: str) -> bool:
    """Tell whether `htu` names the address `url`, which is ours, without its query and fragment."""
    if htu == url:
        return True
    try:
        return _normal(urlsplit(htu)) == _normal(urlsplit(url))
    except ValueError:  # no port, or no address of IPv6
        return False


def _normal(split: SplitResult) -> tuple[str, str, str, int | None, str]:
    """Return an address by its syntax and its scheme (RFC 3986 sections 6.2.2, 6.2.3).

    The path is compared as it is routed here: its escapes undone.
    """
    user = split.netloc.rpartition("@")[0]
    port = split.port if split.port is not None else _PORTS.get(split.scheme)
    return split.scheme, user, split.hostname or "", port, _without_dots(unquote(split.path) or "/")


def _without_dots(path: str) -> str:
    """Return a path without dot segments (RFC 3986 section 5.2.4)."""
    if "/." not in path:
        return path
    kept: list[str] = []
    segments = path.split("/")
    for segment in segments:
        if segment == ".." and len(kept) > 1:
            kept.pop()
        elif segment not in {".", ".."}:
            kept.append(segment)
    return "/".join([*kept, ""] if segments[-1] in {".", ".."} else kept)
