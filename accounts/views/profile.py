"""One's profile: the username and the standard claims of OpenID Connect Core section 5.1."""

from copy import copy

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.forms.profile import ProfileForm
from accounts.services import people
from accounts.views.person import person_of
from trust.lib.origin import origin_of


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def profile(request: HttpRequest) -> HttpResponse:
    """Show the profile, or save what was changed in it."""
    # A copy, for the form writes into its instance and the header shows the person as they are.
    form = ProfileForm(request.POST or None, instance=copy(person_of(request)))
    if form.is_valid() and _save(request, form):
        messages.success(request, _("Your profile is saved."))
        return redirect("account_profile")
    return render(request, "accounts/profile.html", {"form": form})


def _save(request: HttpRequest, form: ProfileForm) -> bool:
    try:
        if claims := form.claims():
            people.update_profile(user=person_of(request), claims=claims, origin=origin_of(request))
    except IntegrityError:
        form.refuse_username()
        return False
    return True
