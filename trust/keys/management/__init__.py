"""The commands of the signing keys."""
