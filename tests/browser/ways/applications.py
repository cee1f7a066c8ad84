"""The pages between a person and an application."""

from urllib.parse import urlencode

from django.contrib.auth.models import Group

from oauth.models import Client
from tests.browser.visitor import follow
from tests.browser.walk import Walk
from tests.clients import Application, make_client
from tests.explained import last_explained
from tests.people import PASSWORD

_LINKS = ("client", "policy", "tos", "logo")
_REFUSED = "This request cannot be answered"


def to_an_application(walk: Walk) -> None:
    """Sign in for an application, allow it, be asked once more, and sign out for it."""
    walk.make_person("jane")
    client = make_client("album", name="Photo Album", **{f"{kind}_uri": "https://app.example/" for kind in _LINKS})
    jane = walk.visit()
    walk.go(jane, _request(client), "Sign in")
    jane.send(login="jane", password=PASSWORD)
    walk.look(jane, "Continue to Photo Album?", status=404)  # of its logo, in whose place its initials stand
    walk.go(jane, _request(client, prompt="login"), "Is it you?")
    walk.go(jane, _request(client, prompt="select_account"), "Choose an account")
    walk.go(jane, _request(client, redirect_uri="https://elsewhere.example/"), _REFUSED, status=400)
    walk.go(jane, f"/oauth/errors/{last_explained().reference}", "Why a request was refused")
    walk.go(jane, "/oauth/errors/aaaaaaaaaaaa", "No record of this", status=404)
    walk.go(jane, "/oauth/end-session?client_id=album", "Sign out?")
    follow(jane.page.get_by_role("main").get_by_role("button", name="Sign out"))
    walk.look(jane, "You are signed out")


def to_others(walk: Walk) -> None:
    """A program on the device that registered itself, one that is not open, one that is answered by a form."""
    walk.make_person("kate")
    kate = walk.visit()
    kate.sign_in("kate", PASSWORD)
    local = {"public": True, "redirect_uris": "http://127.0.0.1/callback", "reviewed": False}
    walk.go(kate, _request(make_client("tool", name="Tool", **local)), "Continue to Tool?")
    closed = make_client("closed", name="Closed Shop")
    closed.groups.add(Group.objects.create(name="few"))
    walk.go(kate, _request(closed), "Closed Shop is not open to you", status=403)
    walk.go(kate, _request(closed, response_mode="form_post"), "Closed Shop is not open to you", status=403)
    make_client("wiki", name="Wiki", redirect_uris="https://wiki.example/.authproject/callback")
    for reason in ("denied", "cookies", "late"):
        refused = f"/oauth/forward-auth/refused/?client_id=wiki&reason={reason}"
        walk.go(kate, refused, "Wiki did not let you in", status=403)
    kate.page.route("**/form-post*.js", lambda route: route.fulfill(body="", content_type="text/javascript"))
    form = _request(make_client("form", name="Form"), response_mode="form_post", prompt="none")
    walk.go(kate, form, "Continue to Form")


def _request(client: Client, **changed: str) -> str:
    parameters = Application(client).parameters(**{"scope": "openid email read"} | changed)
    return f"/oauth/authorize?{urlencode(parameters)}"
