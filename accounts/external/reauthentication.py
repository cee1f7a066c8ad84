"""Proving oneself once more by signing in anew at a provider: the only way for who has no password here."""

from typing import Any

from allauth.account.internal.flows.login import record_authentication
from allauth.account.utils import get_login_redirect_url
from allauth.socialaccount.models import SocialAccount, SocialApp
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _

from accounts.external.errors import ExternalSignInFailed
from accounts.external.identity import Identity
from accounts.models import User


def methods(request: HttpRequest, user: Any) -> list[dict[str, Any]]:
    """Return a person's connected providers as allauth wants its methods."""
    found = [_provider_of(account, request) for account in User.objects.external_accounts(user.pk).order_by("pk")]
    return [
        {
            "id": f"external-{provider.sub_id}",
            "description": _("Sign in again with %(provider)s") % {"provider": provider.name},
            "url": provider.get_reauthentication_url(),
        }
        for provider in found
        if provider is not None
    ]


def finish(request: HttpRequest, identity: Identity, *, provider_id: str, next_url: str | None) -> HttpResponse:
    """Note the new proof if it is of the person who is signed in. Raises ExternalSignInFailed."""
    connected = request.user.is_authenticated and any(
        account.uid == identity.uid and account.provider == provider_id
        for account in User.objects.external_accounts(request.user.pk)
    )
    if not connected:
        raise ExternalSignInFailed("somebody else signed in than is signed in here")
    proof = {"provider": provider_id, "uid": identity.uid}
    record_authentication(request, request.user, "socialaccount", reauthenticated=True, **proof)
    return HttpResponseRedirect(next_url or get_login_redirect_url(request))


def _provider_of(account: SocialAccount, request: HttpRequest) -> Any:
    try:
        return account.get_provider(request)
    except SocialApp.DoesNotExist:  # no longer configured
        return None
