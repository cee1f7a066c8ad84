"""The tables of the audit trail: its events, and the signed heads of the chain over them."""

from trust.audit.models.event import AuditEvent, AuditEventQuerySet
from trust.audit.models.head import SignedHead, SignedHeadQuerySet
from trust.audit.models.tail import Tail, tail

__all__ = ["AuditEvent", "AuditEventQuerySet", "SignedHead", "SignedHeadQuerySet", "Tail", "tail"]
