"""The commands of the audit trail's chain."""
