"""Refusals as pages: what went wrong in a sentence, and the way back."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Say that the form was not sent from our page, without saying why to whoever forged it."""
    return render(request, "errors/403_csrf.html", status=403)
