"""GET /oauth/forward-auth: a proxy asks who is signed in; the page of who is not let in (docs/forward-auth.md)."""

from collections.abc import Mapping
from typing import Final
from urllib.parse import parse_qs, urlencode, urlsplit

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.http.cookie import parse_cookie
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from oauth.forward_auth import site_pass, visitor, way_back
from oauth.forward_auth.site_pass import SitePass
from oauth.forward_auth.visit import CALLBACK_PATH, UnknownVisit, Visit, visit_of
from oauth.protocol import rfc7636_pkce
from oauth.registered_client import RegisteredClient
from oauth.services import clients, codes
from oauth.services.codes import PresentedCode
from oauth.services.digests import new_value
from trust.guard.refusal import Refusal
from trust.lib import clock
from trust.lib.wire import Request, Response

_NOBODY: Final = Refusal(status=401, code="not_authenticated")
_UNKNOWN_SITE: Final = Refusal(status=403, code="permission_denied")
_BAD: Final = Refusal(status=400, code="invalid_request")
_REASONS: Final = frozenset({"denied", "cookies", "late"})
_PASS_AGE: Final = settings.SESSION_COOKIE_AGE  # seconds at most: no session is older


async def forward_auth(request: Request) -> Response:
    """Answer 200 with the headers Remote-* for who is signed in, else send the browser to sign in.

    The query names the client, and says `unauthorized=401` where the proxy cannot hand a redirect on by itself.
    """
    asked = _members(request.query)
    client = clients.find_known(asked.get("client_id", ""))
    try:
        visit = visit_of(request.headers)
    except UnknownVisit:
        return _BAD.response()
    if client is None or visit.callback not in client.redirect_uris:
        return _UNKNOWN_SITE.response()
    cookies = parse_cookie(request.headers.get("cookie", ""))
    if visit.is_callback:
        return await _come_back(request, client, visit, cookies)
    told = _told(client, visit, cookies)
    if told is not None:
        return Response(headers=told)
    return _sent_to_sign_in(client, visit, cookies, status=401 if asked.get("unauthorized") == "401" else 302)


def _told(client: RegisteredClient, visit: Visit, cookies: Mapping[str, str]) -> Mapping[str, str] | None:
    value = cookies.get(_name("pass", visit), "")
    known = site_pass.unseal(value, client_id=client.client_id, origin=visit.origin, now=clock.now())
    return None if known is None else visitor.headers_of(known, client)


def _sent_to_sign_in(client: RegisteredClient, visit: Visit, cookies: Mapping[str, str], *, status: int) -> Response:
    """Send the browser to the authorization endpoint; who is no browser, or a script in one, is refused plainly."""
    if not visit.navigates:
        return _NOBODY.response()
    secret = cookies.get(_name("browser", visit)) or new_value()
    state = way_back.state_for(visit.origin + visit.path, origin=visit.origin)
    asked = {
        "response_type": "code",
        "client_id": client.client_id,
        "redirect_uri": visit.callback,
        "scope": " ".join(visitor.scope_of(client)),
        "state": state,
        "code_challenge": rfc7636_pkce.challenge_for(way_back.verifier_of(secret, state)),
        "code_challenge_method": rfc7636_pkce.METHOD,
    }
    refused = _NOBODY.response().headers if status == 401 else {}
    return _redirect(
        f"{settings.ISSUER}{reverse('authorization')}?{urlencode(asked)}",
        {**refused, "Set-Cookie": _cookie(_name("browser", visit), secret, visit)},
        status=status,
    )


async def _come_back(request: Request, client: RegisteredClient, visit: Visit, cookies: Mapping[str, str]) -> Response:
    """Take the code that the authorization endpoint gave, and give the browser a pass for it."""
    answer = _members(visit.query)
    state, secret = answer.get("state", ""), cookies.get(_name("browser", visit), "")
    url = way_back.address_in(state, origin=visit.origin)
    if "code" not in answer:
        return _not_let_in(client, "denied")
    if not secret or url is None or answer.get("iss") != settings.ISSUER:
        return _not_let_in(client, "cookies")
    presented = PresentedCode(
        value=answer["code"],
        redirect_uri=visit.callback,
        code_challenge=rfc7636_pkce.challenge_for(way_back.verifier_of(secret, state)),
    )
    redeemed = await codes.redeem(client=client, presented=presented, origin=request.origin)
    session_id = redeemed[0].session_id if redeemed else None
    if redeemed is None or session_id is None:
        return _not_let_in(client, "late")
    if redeemed[0].act:  # the headers have no word for who acts in a person's place
        return _not_let_in(client, "denied")
    now = clock.now()
    made = SitePass(session_id, client.client_id, visit.origin, int(now.timestamp()) + _PASS_AGE)
    cookie = _cookie(_name("pass", visit), site_pass.seal(made, now=now), visit)
    return _redirect(url, {"Set-Cookie": cookie}, status=303)


def _members(query: str) -> dict[str, str]:
    return {name: values[-1] for name, values in parse_qs(query).items()}


def _not_let_in(client: RegisteredClient, reason: str) -> Response:
    query = urlencode({"client_id": client.client_id, "reason": reason})
    return _redirect(f"{settings.ISSUER}{reverse('forward_auth_refused')}?{query}", {}, status=303)


def _redirect(url: str, headers: Mapping[str, str], *, status: int) -> Response:
    return Response(status=status, headers={"Cache-Control": "no-store", **headers, "Location": url})


def _name(of: str, visit: Visit) -> str:
    return f"__Host-authproject-{of}" if visit.origin.startswith("https:") else f"authproject-{of}"


def _cookie(name: str, value: str, visit: Visit) -> str:
    """Return a cookie of the site's own origin (RFC 6265bis section 4.1.3.2), for as long as the browser runs."""
    secure = "; Secure" if visit.origin.startswith("https:") else ""
    return f"{name}={value}; Path=/; HttpOnly; SameSite=Lax{secure}"


@require_safe
def forward_auth_refused(request: HttpRequest) -> HttpResponse:
    """Tell a person why a site did not let them in, and how to try again."""
    client = clients.find(request.GET.get("client_id", ""))
    reason = request.GET.get("reason", "")
    sites = [uri for uri in client.redirect_uris if uri.endswith(CALLBACK_PATH)] if client else []
    if client is None or not sites or reason not in _REASONS:
        raise Http404
    site = urlsplit(sites[0])
    context = {"client_name": client.shown_name, "reason": reason, "site": f"{site.scheme}://{site.netloc}/"}
    return render(request, "oauth/forward_auth_refused.html", context, status=403)
