"""/oauth/device: a person types the code of a device, sees who asks and for what, and decides (RFC 8628 section 3.3).

A link may bring the code (section 3.3.1), and never more: it is shown to be compared, and nothing is looked up, let
alone decided, before its person sends it. Codes are guesses until they are right: each is counted, then looked up.
"""

from typing import Final
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.views.person import person_of as signed_in
from oauth.errors import AccessDenied
from oauth.forms.device_code import DeviceCodeForm, typed_ahead
from oauth.protocol import rfc8628_device
from oauth.protocol.oidc.authentication_request import told_level
from oauth.protocol.pending import Person, ReauthenticationNeeded, StepUpNeeded
from oauth.services import clients, device_authorizations, user_codes
from oauth.services.device_authorizations import Decision, WaitingDevice
from oauth.views import device_review
from oauth.views.decided import Decided, decided
from oauth.views.device_pages import code_page, not_open_page, review_page
from oauth.views.device_review import Review
from oauth.views.from_anywhere import DECISION
from oauth.views.person import person_of
from trust.lib import clock
from trust.lib.origin import origin_of
from trust.limits import guesses, rates
from trust.limits.conf import DEVICE_USER_CODE, DEVICE_USER_CODE_BY_ADDRESS, DEVICE_USER_CODE_BY_ALL

_REVIEW: Final = "review"  # in the query: which device this page is about, by a name that this browser alone has
_ALLOW: Final = "allow"
_PAGES: Final[dict[type[ReauthenticationNeeded], str]] = {
    ReauthenticationNeeded: "account_reauthenticate",
    StepUpNeeded: "account_prove_again",
}


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def device(request: HttpRequest) -> HttpResponse:
    """Ask for the code, say what it stands for, and take the decision; each on a page of its own."""
    name = request.GET.get(_REVIEW, "")
    review = device_review.find(request, name) if name else None
    if review is not None:
        return _reviewed(request, name, review)
    if request.method == "POST" and DECISION not in request.POST:
        return _entered(request)
    typed = typed_ahead(request.GET.get("user_code", ""))
    return code_page(request, DeviceCodeForm(initial={"user_code": typed}), is_typed=bool(typed), is_over=bool(name))


def _entered(request: HttpRequest) -> HttpResponse:
    """Look a code up, and go on to its device."""
    form = DeviceCodeForm(request.POST)
    if not form.is_valid():
        return code_page(request, form)
    _count_guess(request)
    found = device_authorizations.find(form.cleaned_data["user_code"])
    if found is None:
        form.add_error("user_code", _("No device waits with this code. Codes are good for ten minutes, and once."))
        return code_page(request, form)
    shown = user_codes.shown(user_codes.letters_of(form.cleaned_data["user_code"]))
    return _to_review(device_review.begin(request, pk=found.pk, user_code=shown))


def _count_guess(request: HttpRequest) -> None:
    """Count a code before it is looked up (section 5.1). Raises LimitExceeded."""
    rates.take(DEVICE_USER_CODE_BY_ADDRESS, origin_of(request).client_address)
    guesses.take(DEVICE_USER_CODE, str(signed_in(request).pk))
    rates.take(DEVICE_USER_CODE_BY_ALL, "all")


def _reviewed(request: HttpRequest, name: str, review: Review) -> HttpResponse:
    """Say who asks for what, or take the decision, if the person may decide now."""
    if review.outcome:
        return render(request, "oauth/device_done.html", {"allowed": review.outcome == _ALLOW})
    waiting = device_authorizations.waiting(review.pk)
    if waiting is None:
        return code_page(request, DeviceCodeForm(), is_over=True)
    asked = rfc8628_device.recalled(waiting, find_client=clients.find, issuer=settings.ISSUER, now=review.began_at)
    person = person_of(request, asked)
    assert person is not None
    try:
        rfc8628_device.check_person(asked, person, asked_at=review.began_at, now=clock.now())
    except ReauthenticationNeeded as needed:
        return redirect(f"{reverse(_PAGES[type(needed)])}?{urlencode({'next': request.get_full_path()})}")
    except AccessDenied as denied:
        return not_open_page(request, waiting, denied)
    if request.method == "POST" and request.POST.get(DECISION) in {_ALLOW, "deny"}:
        answer = decided(request.POST, asked)
        if answer is not None:
            return _decided(request, name, waiting, answer, person)
    return review_page(request, review, waiting, asked, person)


def _decided(request: HttpRequest, name: str, waiting: WaitingDevice, answer: Decided, person: Person) -> HttpResponse:
    """Keep the decision, unless somebody decided meanwhile, and say so on a page that can be loaded again."""
    outcome, left = request.POST[DECISION], answer.left
    decision = Decision(
        user_id=person.user_id,
        session_id=person.session_id,
        scope=left.scope,
        consented=answer.allowed,
        declined=answer.declined,
        authorization_details=left.authorization_details,
        acr=told_level(left, person),
        act=person.act,
    )
    decide = device_authorizations.approve if outcome == _ALLOW else device_authorizations.deny
    if decide(waiting, decision, origin=origin_of(request)):
        device_review.finish(request, name, outcome=outcome)
    return _to_review(name)


def _to_review(name: str) -> HttpResponse:
    return redirect(f"{reverse('device')}?{urlencode({_REVIEW: name})}")
