"""Django's own browser sessions, by age. What they hold is trust/lib/browser_store's."""

from datetime import datetime

from django.contrib.sessions.models import Session as BrowserSession
from django.db.models import QuerySet


def over_since(moment: datetime) -> "QuerySet[BrowserSession]":
    """Browser sessions that expired before `moment`."""
    return BrowserSession.objects.filter(expire_date__lt=moment).order_by("expire_date")
