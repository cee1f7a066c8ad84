import json

import pytest
from django.http import HttpResponse, JsonResponse

from tests.accounts.api.client import Api
from trust.guard.permissions import HasRole, HasScope
from trust.guard.plain_view import guarded

pytestmark = pytest.mark.django_db


@guarded(HasRole("editor"))
def edit(request, word):
    """Edit something."""
    return JsonResponse({"word": word, "who": request.user.username, "sid": request.auth.session_id})


@guarded()
def anything(request):
    """Show anything."""
    return HttpResponse("shown", content_type="text/plain")


@guarded(HasScope("profile"))
def profile(request):
    """Show a profile."""
    return HttpResponse("profile")


def bearer(person):
    api = Api()
    api.sign_in(person)
    return {"HTTP_AUTHORIZATION": f"Bearer {api.bearer}"}


def test_a_role_opens_a_plain_view(rf, person):
    person.groups.create(name="editor")
    response = edit(rf.post("/edit", **bearer(person)), word="hello")
    assert response.status_code == 200
    assert json.loads(response.content)["who"] == "alice"
    assert edit.__name__ == "edit"


@pytest.mark.spec("RFC 6750", "3.1")
def test_without_the_role_it_is_403_with_a_challenge(rf, person):
    response = edit(rf.get("/edit", **bearer(person)), word="hello")
    assert response.status_code == 403
    assert 'error="insufficient_scope"' in response["WWW-Authenticate"]


def test_without_a_token_it_is_401_in_the_language_of_the_request(rf):
    response = anything(rf.get("/"))
    response.render()
    assert response.status_code == 401
    assert json.loads(response.content)["error"] == "not_authenticated"


def test_any_answer_passes_as_it_is(rf, person):
    assert anything(rf.get("/", **bearer(person))).content == b"shown"


def test_a_third_party_comes_in_by_a_named_scope_alone(rf, person):
    from django.conf import settings

    from trust.lib import clock
    from trust.tokens.access_token import AccessToken, mint

    token = AccessToken(
        subject=str(person.pk), client_id="app", scope=("profile",), grant="g", audience=settings.ISSUER
    )
    header = {"HTTP_AUTHORIZATION": f"Bearer {mint(token, now=clock.now()).value}"}
    assert profile(rf.get("/", **header)).status_code == 200
    assert anything(rf.get("/", **header)).status_code == 403
