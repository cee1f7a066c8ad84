"""Rules of who we are to a browser: the issuer, hosts, proxies, cookies."""

from typing import Final

from django.conf import settings

from authproject.checks.rule import Rule

_COOKIES: Final = ("SESSION", "CSRF", "LANGUAGE")
_MOST_PROXIES: Final = 5  # in a row, and of ours


def _cookies_are_loose() -> bool:
    """Tell whether a cookie lacks Secure, HttpOnly, SameSite or the prefix that no other host can set (RFC 6265bis)."""
    secure = (settings.SESSION_COOKIE_SECURE, settings.CSRF_COOKIE_SECURE, settings.LANGUAGE_COOKIE_SECURE)
    hidden = (settings.SESSION_COOKIE_HTTPONLY, settings.CSRF_COOKIE_HTTPONLY, settings.LANGUAGE_COOKIE_HTTPONLY)
    same = (settings.SESSION_COOKIE_SAMESITE, settings.CSRF_COOKIE_SAMESITE, settings.LANGUAGE_COOKIE_SAMESITE)
    names = (settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME, settings.DEVICE_COOKIE_NAME)
    prefixed = all(name.startswith("__Host-") for name in names)
    return not (all(secure) and all(hidden) and set(same) <= {"Lax", "Strict"} and prefixed)


RULES: Final = (
    Rule("E001", "ISSUER is not https.", "Set ISSUER to an https origin.", lambda: not settings.HTTPS),
    Rule("E007", "DEBUG is on.", "Set DEBUG to 0: it shows settings to strangers.", lambda: settings.DEBUG),
    Rule(
        "E008",
        "ALLOWED_HOSTS takes any host.",
        "Name the host of ISSUER; a check by its address needs no other.",
        lambda: any(host in {"*", "."} for host in settings.ALLOWED_HOSTS),
    ),
    Rule(
        "E009",
        "TRUSTED_PROXY_COUNT is no number of proxies.",
        f"Set it to the number of your proxies in a row, {_MOST_PROXIES} at most: what is too high lets clients "
        "choose their address.",
        lambda: not 0 <= settings.TRUSTED_PROXY_COUNT <= _MOST_PROXIES,
    ),
    Rule(
        "E010",
        "A cookie lacks Secure, HttpOnly, SameSite or its __Host- prefix.",
        "Set ISSUER to an https origin, and leave the cookies' settings as they are.",
        lambda: settings.HTTPS and _cookies_are_loose(),
    ),
    Rule(
        "W005",
        "ISSUER is https, and no proxy is trusted: every request counts as plain http, and is sent elsewhere.",
        "Set TRUSTED_PROXY_COUNT to the number of proxies of yours in a row, which set X-Forwarded-Proto.",
        lambda: settings.HTTPS and settings.TRUSTED_PROXY_COUNT == 0,
    ),
    Rule(
        "W006",
        "ALLOWED_HOSTS takes every subdomain of a name.",
        "Name each host: whoever gets a subdomain would be answered as this site.",
        lambda: any(host.startswith(".") and host != "." for host in settings.ALLOWED_HOSTS),
    ),
)
