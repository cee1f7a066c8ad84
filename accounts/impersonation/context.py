"""What every page knows of who sees it as somebody else."""

from typing import Any

from django.http import HttpRequest

from accounts.impersonation.middleware import impersonation_of


def impersonation(request: HttpRequest) -> dict[str, Any]:
    """Give pages what the banner says."""
    return {"impersonation": impersonation_of(request)}
