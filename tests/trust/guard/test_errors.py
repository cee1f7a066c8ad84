"""Every refusal has one shape, the right headers, and nothing of the inside."""

import pytest
from django.core import exceptions as django
from django.http import Http404, UnreadablePostError
from django.utils import translation
from django.utils.functional import Promise
from rest_framework import exceptions, serializers
from rest_framework.permissions import AllowAny
from rest_framework.renderers import JSONRenderer, TemplateHTMLRenderer
from rest_framework.response import Response
from rest_framework.test import APIRequestFactory
from rest_framework.views import APIView

from tests.bearer import BARE
from trust.guard.errors import Refused, Unauthorized, render_exception
from trust.guard.messages import MESSAGES
from trust.guard.refusal import Refusal
from trust.lib.busy import Busy
from trust.limits.errors import LimitExceeded
from trust.revocation.feed import FeedUnreadable


def refuse(error: Exception, **attributes) -> Response:
    class Refusing(APIView):
        authentication_classes = ()
        permission_classes = (AllowAny,)
        renderer_classes = attributes.get("renderer_classes", (JSONRenderer,))

        def get(self, request) -> Response:
            raise error

    response = Refusing.as_view()(APIRequestFactory().get("/", **attributes.get("extra", {})))
    return response.render()


@pytest.mark.parametrize(
    ("error", "status", "code"),
    [
        (exceptions.NotAuthenticated(), 401, "not_authenticated"),
        (exceptions.AuthenticationFailed(), 401, "authentication_failed"),
        (exceptions.AuthenticationFailed(code="invalid_credentials"), 401, "invalid_credentials"),
        (Unauthorized("mfa_required"), 401, "mfa_required"),
        (exceptions.PermissionDenied(), 403, "permission_denied"),
        (django.PermissionDenied("inside"), 403, "permission_denied"),
        (exceptions.NotFound(), 404, "not_found"),
        (Http404("No Secret matches the given query."), 404, "not_found"),
        (exceptions.MethodNotAllowed("<b>"), 405, "method_not_allowed"),
        (exceptions.NotAcceptable(), 406, "not_acceptable"),
        (exceptions.UnsupportedMediaType("<b>/x"), 415, "unsupported_media_type"),
        (exceptions.ParseError("inside"), 400, "parse_error"),
        (exceptions.ValidationError({"name": ["Too long."]}), 400, "invalid"),
        (exceptions.Throttled(wait=1.2), 429, "throttled"),
        (LimitExceeded(7), 429, "throttled"),
        (Busy(3), 503, "temporarily_unavailable"),
        (FeedUnreadable(), 503, "temporarily_unavailable"),
        (django.RequestDataTooBig("inside"), 413, "content_too_large"),
        (django.TooManyFieldsSent("inside"), 400, "invalid_request"),
        (UnreadablePostError("inside"), 400, "invalid_request"),
        (Refused(Refusal(status=409, code="name_taken", detail="Taken.")), 409, "name_taken"),
    ],
)
def test_every_refusal_has_one_shape(error, status, code) -> None:
    response = refuse(error)
    body = response.data

    assert response.status_code == status
    assert body["code"] == body["error"] == code
    assert body["detail"] == body["message"] == str(MESSAGES.get(code, "Taken."))
    assert response.headers["Cache-Control"] == "no-store"
    assert ("WWW-Authenticate" in response.headers) == (status == 401)
    assert ("Retry-After" in response.headers) == (status in {429, 503})
    assert b"inside" not in response.content
    assert b"<b>" not in response.content


@pytest.mark.parametrize(
    ("error", "seconds"),
    [(exceptions.Throttled(wait=1.2), "2"), (exceptions.Throttled(), "1"), (LimitExceeded(7), "7"), (LimitExceeded(0), "1"),
     (Busy(3), "3"), (FeedUnreadable(), "2")],
)  # fmt: skip
def test_says_in_whole_seconds_when_to_come_again(error, seconds) -> None:
    assert refuse(error).headers["Retry-After"] == seconds


@pytest.mark.spec("RFC 9110", "15.5.2")
def test_a_401_has_a_challenge_also_where_a_view_authenticates_nobody() -> None:
    response = refuse(exceptions.AuthenticationFailed(code="invalid_credentials"))

    assert (response.status_code, response.headers["WWW-Authenticate"]) == (401, BARE)


@pytest.mark.spec("RFC 9110", "15.5.6")
def test_a_405_names_the_methods_that_are_allowed() -> None:
    class Reading(APIView):
        authentication_classes = ()
        permission_classes = (AllowAny,)

        def get(self, request) -> Response:
            return Response({})

    response = Reading.as_view()(APIRequestFactory().delete("/"))

    assert (response.status_code, response.headers["Allow"]) == (405, "GET, HEAD, OPTIONS")
    assert response.data["code"] == "method_not_allowed"


def test_a_form_that_is_not_valid_names_its_fields() -> None:
    class Form(serializers.Serializer):
        name = serializers.CharField(max_length=2)
        age = serializers.IntegerField()

    form = Form(data={"name": "long"})
    form.is_valid()

    response = refuse(exceptions.ValidationError(form.errors))

    assert response.data["errors"].keys() == {"name", "age"}
    assert response.data["errors"]["age"] == ["This field is required."]


def test_what_is_wrong_with_no_single_field_has_a_name_too() -> None:
    assert refuse(exceptions.ValidationError("Not so.")).data["errors"] == {"non_field_errors": ["Not so."]}


def test_the_raisers_own_words_are_kept() -> None:
    response = refuse(exceptions.PermissionDenied("Only on weekdays.", code="not_today"))

    assert (response.data["message"], response.data["error"]) == ("Only on weekdays.", "not_today")


def test_a_detail_that_is_an_object_is_flattened() -> None:
    """As SimpleJWT raises it."""
    response = refuse(exceptions.AuthenticationFailed({"detail": "Given by hand.", "code": "token_not_valid"}))

    assert response.data == {
        "detail": "Given by hand.", "message": "Given by hand.", "code": "token_not_valid", "error": "token_not_valid"
    }  # fmt: skip


def test_further_members_of_the_body_are_kept() -> None:
    response = refuse(Unauthorized("mfa_required", extra={"challenge": "c", "methods": ["totp"]}))

    assert (response.data["challenge"], response.data["methods"]) == ("c", ["totp"])


def test_errors_are_json_whatever_the_view_renders() -> None:
    response = refuse(exceptions.NotFound(), renderer_classes=(TemplateHTMLRenderer,))

    assert response.headers["Content-Type"] == "application/json"
    assert b'"code":"not_found"' in response.content


def test_what_was_asked_for_in_an_unknown_form_is_refused_in_json() -> None:
    response = refuse(exceptions.NotFound(), extra={"HTTP_ACCEPT": "image/png"})

    assert (response.status_code, response.headers["Content-Type"]) == (406, "application/json")
    assert response.data["code"] == "not_acceptable"


def test_a_bug_is_left_to_django_which_logs_it() -> None:
    assert render_exception(KeyError("inside"), {"request": None, "view": None}) is None
    with pytest.raises(KeyError):
        refuse(KeyError("inside"))


def test_a_message_is_translated_when_it_is_said_and_not_before() -> None:
    refusal = Refusal(status=403, code="permission_denied")

    with translation.override("en"):
        assert refusal.body()["detail"] == "You may not do this."
    assert all(isinstance(message, Promise) for message in MESSAGES.values())
