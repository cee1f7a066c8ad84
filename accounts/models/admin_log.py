"""Django's own log of the administration, which names those whom it speaks of."""

import uuid

from django.contrib.admin.models import LogEntry
from django.db.models import QuerySet

from accounts.models.user import User


def about(user_id: uuid.UUID) -> "QuerySet[LogEntry]":
    """Entries on what was done to one person in the administration."""
    meta = User._meta
    return LogEntry.objects.filter(
        content_type__app_label=meta.app_label, content_type__model=meta.model_name, object_id=str(user_id)
    )
