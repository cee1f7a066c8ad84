"""The cellar that both apps rest on: keys, tokens, revocation, audit, limits, guards. It knows neither app."""
