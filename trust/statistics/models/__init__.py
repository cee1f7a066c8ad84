"""The rows of the counts by time."""

from trust.statistics.models.count import Amounts, Count, Key, Resolution, beginning
from trust.statistics.models.meter import Meter

__all__ = ["Amounts", "Count", "Key", "Meter", "Resolution", "beginning"]
