"""Clients: what third-party applications may do, and what they were granted."""
