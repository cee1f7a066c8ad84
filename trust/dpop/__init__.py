"""DPoP (RFC 9449): proofs that whoever sends a request has a key, verified, good once, with nonces of ours.

What a proof is good for, a token at the token endpoint or a request at a resource, is decided above.
"""
