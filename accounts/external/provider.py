"""A configured provider as allauth sees it: its pages and models, with our client of the protocol behind them."""

from collections.abc import Mapping
from typing import Any, Final

from allauth.account.models import EmailAddress
from allauth.account.utils import get_next_redirect_url
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from accounts.external import code_flow, secret
from accounts.external.code_flow import Pending, RelyingParty
from accounts.external.configuration import BadConfiguration, read_settings
from accounts.external.errors import ExternalSignInFailed
from accounts.external.identity import Identity
from trust.lib import clock
from trust.lib.sealing import SealBroken

LOGIN: Final = "login"
CONNECT: Final = "connect"
REAUTHENTICATE: Final = "reauthenticate"


class ExternalProvider(OpenIDConnectProvider):
    """An external OpenID provider: named as `provider_class` in settings."""

    supports_token_authentication = False  # an id token that was not asked for with our nonce proves nothing to us

    @property
    def party(self) -> RelyingParty:
        """Return who we are to this provider. Raises ExternalSignInFailed if its row is spoilt."""
        try:
            return RelyingParty(
                client_id=self.app.client_id,
                secret=secret.of(self.app),
                redirect_uri=f"{settings.ISSUER}{self.get_callback_url()}",
                settings=read_settings(self.app.settings),
            )
        except (SealBroken, BadConfiguration) as spoilt:
            raise ExternalSignInFailed(f"its configuration: {spoilt!r}") from spoilt

    def get_reauthentication_url(self) -> str:
        """Return the page by which a person signs in there anew."""
        return reverse("openid_connect_reauthenticate", kwargs={"provider_id": self.app.provider_id})

    def get_redirect_from_request_kwargs(self, request: HttpRequest) -> dict[str, Any]:
        """Take the process and the way back from a request: never the scope or other parameters, as allauth would."""
        connects = request.GET.get("process") == CONNECT and request.user.is_authenticated
        return {"process": CONNECT if connects else LOGIN, "next_url": get_next_redirect_url(request)}

    def redirect(
        self, request: HttpRequest, process: str, next_url: str | None = None, data: Any = None, **kept: Any
    ) -> HttpResponse:
        """Send the browser to the provider. Raises ExternalSignInFailed.

        By a page that goes on by itself, not by a redirect: CSP form-action would govern each hop of a redirect
        that answers a form, and providers send people on to origins that nobody can list.
        """
        pending = Pending()
        protocol = {"nonce": pending.nonce, "code_verifier": pending.code_verifier, "at": clock.now().timestamp()}
        state = self.stash_redirect_state(request, process, next_url, data, protocol=protocol, **kept)
        url = code_flow.authorization_url(self.party, pending, state=state, anew=process == REAUTHENTICATE)
        return render(request, "socialaccount/leaving.html", {"provider": self, "authorization_url": url})

    def serialize(self) -> dict[str, Any]:
        """Name the provider by its own id: several may know us by one client_id."""
        return {"id": self.sub_id, "app.client_id": self.app.client_id}

    def extract_uid(self, data: Identity) -> str:
        """Return what the account is linked by."""
        return data.uid

    def extract_extra_data(self, data: Identity) -> Mapping[str, str]:
        """Keep no more than tells a person which of their accounts this is, and an administrator whose."""
        return {"iss": data.issuer, "sub": data.subject, "email": data.email, "name": data.name}

    def extract_common_fields(self, data: Identity) -> dict[str, str]:
        """Return the claims that a new person starts with; never the username."""
        fields = {"email": data.email, "name": data.name}
        return fields | {"given_name": data.given_name, "family_name": data.family_name}

    def extract_email_addresses(self, data: Identity) -> list[EmailAddress]:
        """Return the address, verified only if the provider is trusted with its domain."""
        if not data.email:
            return []
        return [EmailAddress(email=data.email, verified=data.is_email_trusted, primary=True)]
