"""The signing keys: kept sealed, rotated by dates, published as a JWK set (RFC 7517)."""
