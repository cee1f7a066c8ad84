"""What the authorization server writes: one use case, one transaction each, with its audit row."""
