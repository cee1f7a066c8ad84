"""/accounts/apps/: the applications that a person connected, what each may do, since when, and the way to end it."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.views.person import person_of
from oauth.authorization_detail import each_of
from oauth.models import Consent, RefreshToken
from oauth.services import grants
from oauth.views.details_in_words import DetailInWords, details_in_words
from oauth.views.permissions import Permissions, in_words
from trust.lib.origin import origin_of


@dataclass(frozen=True, slots=True)
class ConnectedApp:
    """A consent as its person sees it, and what the client may do by it."""

    consent: Consent
    permissions: list[Permissions]
    details: list[DetailInWords]

    @property
    def number(self) -> str:
        """The client's row as text: a part of its heading's id."""
        return str(self.consent.client_id)


@login_required
@require_safe
def apps(request: HttpRequest) -> HttpResponse:
    """Show the connected applications."""
    person = person_of(request)
    held = list(RefreshToken.objects.of_user(person.pk).alive())
    shown = [_connected(consent, held) for consent in Consent.objects.of_user(person.pk)]
    return render(request, "oauth/apps.html", {"apps": shown})


def _connected(consent: Consent, held: Iterable[RefreshToken]) -> ConnectedApp:
    """Tell what the client was allowed last, and what it holds still by what it was allowed before."""
    its_own = [token for token in held if token.application_id == consent.client_id]
    scopes = [*consent.scope.split(), *(name for token in its_own for name in token.scope.split())]
    arrays = [consent.authorization_details, *(token.authorization_details for token in its_own)]
    details = dict.fromkeys(detail for array in arrays for detail in each_of(array))
    return ConnectedApp(consent, in_words(scopes), details_in_words(details))


@login_required
@require_POST
def revoke(request: HttpRequest, client_pk: int) -> HttpResponse:
    """Take back what was allowed; an application that was never connected does not exist here."""
    person = person_of(request)
    consent = Consent.objects.given(person.pk, client_pk).select_related("client").first()
    if consent is None:
        raise Http404
    grants.revoke_app(user_id=person.pk, client_pk=client_pk, origin=origin_of(request))
    messages.success(request, _("%(name)s is no longer connected.") % {"name": consent.client})
    return redirect("account_apps")
