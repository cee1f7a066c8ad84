"""The administration of receivers and of what they are sent."""

from trust.events.admin.delivery import DeliveryAdmin
from trust.events.admin.receiver import ReceiverAdmin

__all__ = ["DeliveryAdmin", "ReceiverAdmin"]
