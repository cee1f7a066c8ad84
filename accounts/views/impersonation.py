"""The end of seeing the site as somebody else: by the button on every page, or because it is over."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.impersonation.middleware import impersonation_of
from accounts.impersonation.middleware import stop as end


@require_POST
def stop(request: HttpRequest) -> HttpResponse:
    """Stop, and go back to the administration's page of the person."""
    found = impersonation_of(request)
    if found is None:
        return redirect("front")
    end(request, found, reason="stopped")
    messages.success(request, _("You see the site as yourself again."))
    return redirect("admin:accounts_user_change", found.person_id)


@require_safe
def over(request: HttpRequest) -> HttpResponse:
    """Say that it is over: nothing that was asked meanwhile was done, as the one or as the other."""
    return render(request, "accounts/impersonation_over.html")
