"""A provider's public keys (RFC 7517), as key objects bound to one algorithm each."""

from collections.abc import Iterator
from typing import Any

from jwt import PyJWK
from jwt.exceptions import PyJWTError

from accounts.external import discovery
from accounts.external.conf import ALGORITHMS
from accounts.external.errors import ExternalSignInFailed


def find(jwks_uri: str, *, kid: str | None, alg: str) -> PyJWK:
    """Return the key that a token was signed with. Raises ExternalSignInFailed or ProviderUnavailable.

    Keys change: where none fits, what is kept may be old, and is fetched anew once.
    """
    key = _fitting(jwks_uri, kid, alg)
    if key is None:
        discovery.documents.forget(jwks_uri)
        key = _fitting(jwks_uri, kid, alg)
    if key is None:
        raise ExternalSignInFailed("no key of the provider fits the token")
    return key


def _fitting(jwks_uri: str, kid: str | None, alg: str) -> PyJWK | None:
    """Return the one key that fits; without a kid there must be no choice (OpenID Connect Core section 10.1)."""
    listed = discovery.fetch_object(jwks_uri).get("keys")
    jwks = listed if isinstance(listed, list) else []
    fitting = [key for jwk in jwks if _fits(jwk, kid, alg) for key in _loaded(jwk, alg)]
    return fitting[0] if len(fitting) == 1 else None


def _fits(jwk: Any, kid: str | None, alg: str) -> bool:
    """Tell by its members whether a key may have made the signature: it says the algorithm, not the token."""
    return (
        isinstance(jwk, dict)
        and (kid is None or jwk.get("kid") == kid)
        and jwk.get("use", "sig") == "sig"
        and jwk.get("alg", alg) == alg
        and alg in ALGORITHMS.get(str(jwk.get("kty")), ())
    )


def _loaded(jwk: dict[str, Any], alg: str) -> Iterator[PyJWK]:
    """Yield the key object; a key that is malformed is as if it were not there."""
    try:
        yield PyJWK(jwk, algorithm=alg)
    except (PyJWTError, ValueError):
        return
