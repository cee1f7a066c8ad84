"""Signing in by an account elsewhere, and connecting one."""

from urllib.parse import parse_qs, urlencode, urlsplit

from playwright.sync_api import Route

from tests.accounts.external.issuer import Issuer
from tests.browser.visitor import Visitor
from tests.browser.walk import Walk
from tests.people import PASSWORD

_CALLBACK = "/accounts/oidc/corp/login/callback/"


def by_a_provider(walk: Walk) -> None:
    """Every page on the way to a provider and back. The browser stays here: the way itself has tests of its own."""
    with Issuer() as issuer:
        by_class = walk.settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]
        walk.settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": by_class | {"APPS": [issuer.app()]}}
        walk.settings.OUTBOUND_ALLOW_PRIVATE = True
        _as_somebody_new(walk, issuer)
        _to_connect_it(walk, issuer)


def _as_somebody_new(walk: Walk, issuer: Issuer) -> None:
    lena = walk.visit()
    lena.page.route(f"{issuer.url}/**", _stays)
    walk.go(lena, "/accounts/login/", "Sign in")
    walk.go(lena, "/accounts/oidc/corp/login/", "Continue with Corp")
    walk.go(lena, "/accounts/3rdparty/login/cancelled/", "Not signed in")
    walk.go(lena, "/accounts/3rdparty/login/error/", "That did not work", status=401)
    walk.go(lena, f"{_CALLBACK}?code=c&state=unknown", "That did not work", status=400)
    issuer.userinfo = {"email": None}
    lena.go("/accounts/oidc/corp/login/")
    lena.send()
    walk.look(lena, "On to Corp")
    _comes_back(lena, issuer)
    walk.look(lena, "Create an account")


def _to_connect_it(walk: Walk, issuer: Issuer) -> None:
    walk.make_person("mary")
    mary = walk.visit()
    mary.page.route(f"{issuer.url}/**", _stays)
    mary.sign_in("mary", PASSWORD)
    walk.go(mary, "/accounts/3rdparty/", "External accounts")
    walk.go(mary, "/accounts/oidc/corp/login/?process=connect", "Connect Corp")
    mary.send()
    _comes_back(mary, issuer)
    mary.send(password=PASSWORD)
    walk.look(mary, "External accounts")
    walk.go(mary, "/accounts/oidc/corp/reauthenticate/", "Is it you?")
    mary.sign_out()
    mary.page.route(f"{walk.url}/api/protected/", _stays)
    mary.go("/accounts/oidc/corp/login/?next=/api/protected/")
    mary.send()
    _comes_back(mary, issuer)
    walk.look(mary, "You are signed in")


def _comes_back(visitor: Visitor, issuer: Issuer) -> None:
    """Bring the answer of the provider, as it would send it."""
    link = visitor.page.get_by_role("link", name="Nothing happens? Go on here.").get_attribute("href")
    asked = {name: values[0] for name, values in parse_qs(urlsplit(link or "").query).items()}
    issuer.nonce = asked["nonce"]
    visitor.go(f"{_CALLBACK}?{urlencode({'code': 'c', 'state': asked['state']})}")


def _stays(route: Route) -> None:
    """Answer so that the browser stays on the page where it is."""
    route.fulfill(status=204)
