"""Policy of DPoP proofs: algorithms, sizes, and how old one may be."""

from typing import Final

# FAPI 2.0 security profile section 5.4.1, item 1: no RS256.
ALGORITHMS: Final = ("ES256", "PS256", "EdDSA")
LONGEST_PROOF: Final = 4096  # characters: one of an RSA key of 8192 bits has its place
LONGEST_JTI: Final = 256  # characters
# RFC 9449 section 11.1: a proof is good for seconds or minutes. FAPI wants clocks that are 10 s ahead to be accepted.
OLDEST_SECONDS: Final = 60
AHEAD_SECONDS: Final = 10
# A used proof is remembered beyond its end, by what the clocks of our nodes may differ.
REMEMBERED_SECONDS: Final = OLDEST_SECONDS + AHEAD_SECONDS + 60
# A nonce is new every so often, and good for so many such steps (RFC 9449 section 8.2), and one ahead of our clock.
NONCE_STEP_SECONDS: Final = 30
NONCE_STEPS: Final = 4
KEYS_KEPT: Final = 4096  # of headers that came before, in each process
