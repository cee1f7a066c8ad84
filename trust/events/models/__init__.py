"""What is remembered: who is told, what is to be delivered, and how far the trail was followed."""

from trust.events.models.cursor import Cursor
from trust.events.models.delivery import Delivery
from trust.events.models.receiver import Receiver

__all__ = ["Cursor", "Delivery", "Receiver"]
