"""The rules of OpenID Connect Core 1.0 and its companions."""
