"""The pages of a device: where its code is typed, who asks for what and from where, and that it is not for one."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from accounts.user_agent import describe
from oauth.errors import AccessDenied
from oauth.forms.device_code import DeviceCodeForm
from oauth.protocol.pending import AuthorizationRequest, Person
from oauth.services.device_authorizations import WaitingDevice
from oauth.views import explaining
from oauth.views.consent import asked_in_words, initials
from oauth.views.device_review import Review
from trust.explain.vocabulary import Endpoint
from trust.lib.origin import origin_of
from trust.limits import rates


def code_page(
    request: HttpRequest, form: DeviceCodeForm, *, is_typed: bool = False, is_over: bool = False
) -> HttpResponse:
    """Ask for a code, or, where a link brought it, whether it is the one; say so where a device waits no more."""
    return render(request, "oauth/device.html", {"form": form, "is_typed": is_typed, "is_over": is_over})


def review_page(
    request: HttpRequest, review: Review, waiting: WaitingDevice, asked: AuthorizationRequest, person: Person
) -> HttpResponse:
    """Say who asks, for what, and from where; what the person unticked before comes unticked."""
    client = waiting.client
    context = {
        "client": client,
        "client_name": client.shown_name,
        "initials": initials(client.shown_name),
        **asked_in_words(asked),
        "unticked": person.consented.declined if person.consented else (),
        "user_code": review.user_code,
        "waiting": waiting,
        "device": describe(waiting.user_agent),
        "is_elsewhere": _is_elsewhere(waiting.client_address, origin_of(request).client_address),
    }
    return render(request, "oauth/device_review.html", context)


def not_open_page(request: HttpRequest, waiting: WaitingDevice, denied: AccessDenied) -> HttpResponse:
    """Say that the client is not for this person. The device is told nothing: somebody else may be meant."""
    client = waiting.client
    explained_at = explaining.uri_of(
        denied, endpoint=Endpoint.DEVICE, client_id=client.client_id, step="check_person_may_use_client"
    )
    context = {"client_name": client.shown_name, **explaining.shown(explained_at)}
    return render(request, "oauth/device_not_open.html", context, status=403)


def _is_elsewhere(device_address: str, browser_address: str) -> bool:
    """Tell whether a device is in another network than its person: those of two versions of IP cannot be compared."""
    is_comparable = bool(device_address) and (":" in device_address) == (":" in browser_address)
    return is_comparable and rates.network(device_address) != rates.network(browser_address)
