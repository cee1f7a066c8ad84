"""The tokens of both issuers: access tokens (RFC 9068) and the sealed counter that refreshes them."""
