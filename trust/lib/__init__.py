"""Nouns that several rooms of the house need: the clock, sealing, client address, safe fetch, the wire."""
