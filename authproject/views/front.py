"""The front page: what this is, and the ways in."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe


@require_safe
def front(request: HttpRequest) -> HttpResponse:
    """Show the front page."""
    return render(request, "authproject/front.html")
