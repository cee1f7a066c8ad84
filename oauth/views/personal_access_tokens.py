"""/accounts/tokens/: the personal access tokens of a person: what each may do, a new one, and the end of them."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.views.person import person_of
from accounts.views.recent_proof import recent_proof_required
from oauth.conf import MOST_PERSONAL_TOKENS
from oauth.forms.personal_access_token import PersonalAccessTokenForm
from oauth.models import PersonalAccessToken
from oauth.services import personal_access_tokens
from oauth.services.personal_access_tokens import SessionOver, TooManyTokens
from oauth.views.permissions import Permissions, in_words
from trust.lib import clock
from trust.lib.origin import origin_of


@dataclass(frozen=True, slots=True)
class ShownToken:
    """A token as its person sees it."""

    token: PersonalAccessToken
    permissions: list[Permissions]
    has_expired: bool

    @property
    def number(self) -> str:
        """The token's row as text: a part of its heading's id."""
        return str(self.token.pk)


@login_required
@require_safe
def tokens(request: HttpRequest) -> HttpResponse:
    """Show the tokens that there are."""
    now, given = clock.now(), set(personal_access_tokens.scopes_to_give())
    rows = PersonalAccessToken.objects.of_user(person_of(request).pk)
    context = {"tokens": [_shown(row, given, now) for row in rows], "may_make": bool(given)}
    return render(request, "oauth/personal_access_tokens.html", context)


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@recent_proof_required
def new(request: HttpRequest) -> HttpResponse:
    """Ask what it is to be, or make it and show its value, this once."""
    offered = personal_access_tokens.scopes_to_give()
    if not offered:  # which says so
        return redirect("account_tokens")
    form = PersonalAccessTokenForm(request.POST if request.method == "POST" else None, offered=offered)
    if form.is_valid():
        try:
            token, value = _make(request, form)
        except TooManyTokens:
            most = ngettext(
                "Nobody may have more than %(most)d.", "Nobody may have more than %(most)d.", MOST_PERSONAL_TOKENS
            )
            form.add_error(None, most % {"most": MOST_PERSONAL_TOKENS})
        except SessionOver:
            return redirect("account_tokens")  # which finds out who it is
        else:
            example = f'curl -H "Authorization: Bearer $TOKEN" {settings.ISSUER}{reverse("api_user_info")}'
            context = {"token": token, "value": value, "example": example}
            return render(request, "oauth/personal_access_token_made.html", context)
    unticked = set(offered) - set(form["scope"].value() or ())
    context = {"form": form, "permissions": in_words(offered), "unticked": unticked, "needed": ()}
    return render(request, "oauth/personal_access_token_new.html", context)


@login_required
@require_POST
def end(request: HttpRequest, token_id: uuid.UUID) -> HttpResponse:
    """End one token of the person; another's does not exist for them."""
    person = person_of(request)
    ended = personal_access_tokens.end(
        user_id=person.pk, token_id=token_id, reason="ended_by_person", origin=origin_of(request)
    )
    if not ended:
        raise Http404
    messages.success(request, _("The token is refused from now on."))
    return redirect("account_tokens")


@login_required
@require_POST
def end_all(request: HttpRequest) -> HttpResponse:
    """End every token of the person."""
    personal_access_tokens.end_all(user_id=person_of(request).pk, reason="ended_by_person", origin=origin_of(request))
    messages.success(request, _("All your tokens are refused from now on."))
    return redirect("account_tokens")


def _make(request: HttpRequest, form: PersonalAccessTokenForm) -> tuple[PersonalAccessToken, str]:
    session = getattr(request, "account_session", None)
    if session is None:
        raise SessionOver
    return personal_access_tokens.make(
        user=person_of(request),
        session_id=session.pk,
        name=form.cleaned_data["name"],
        scope=form.cleaned_data["scope"],
        lifetime=form.kept(),
        origin=origin_of(request),
    )


def _shown(row: PersonalAccessToken, given: set[str], now: datetime) -> ShownToken:
    """Return a token with what it may do still."""
    may = in_words(name for name in row.scope.split() if name in given)
    return ShownToken(row, may, has_expired=row.expires_at <= now)
