"""What accounts write: one use case, one transaction each, with its audit row."""
