"""What needs the keys of the audit trail's chain: its heads are signed, old events cut off, and all of it verified."""
