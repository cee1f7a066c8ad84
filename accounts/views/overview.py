"""The overview of one's account: what it holds, and the way to each part."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts import second_factor
from accounts.models import Session
from accounts.views.person import person_of


@login_required
@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """Show the parts of the account, each with its state."""
    person = person_of(request)
    state = {
        "has_second_factor": second_factor.has_one(person),
        "session_count": Session.objects.of_user(person.pk).alive().count(),
    }
    return render(request, "accounts/overview.html", state)
