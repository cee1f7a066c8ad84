"""The audit trail's page in the administration."""

from trust.audit.admin import event

__all__ = ["event"]
