"""Revocation as a feed: entries written with what they revoke, held in memory by every process."""
