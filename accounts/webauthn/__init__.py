"""The two ceremonies of Web Authentication Level 3, as a relying party: what is asked, and whether an answer is right.

The library does the cryptography. What it leaves to its caller is here: the origin is ISSUER's and no other, not even
of a subdomain; the algorithm is one of those that were offered; an answer comes in time and is of whom it was asked.
Nothing is read or written here: accounts.services.passkeys does that.
"""
