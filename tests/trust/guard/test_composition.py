"""Permissions compose with `&`, `|` and `~`, among themselves and with DRF's own, and the refusal still says why."""

import pytest
from rest_framework.permissions import AllowAny, BasePermission, IsAdminUser, IsAuthenticated
from rest_framework.response import Response

from tests.bearer import BARE, ask, first_party, third_party, view_of
from trust.guard.permissions import HasAcr, HasRole, HasScope, IsFirstParty

pytestmark = pytest.mark.django_db


def challenge(*permissions, token) -> tuple[int, str]:
    response = ask(view_of(*permissions), token)
    return response.status_code, response.headers.get("WWW-Authenticate", "").removeprefix(BARE)


@pytest.mark.parametrize(
    "permission",
    [
        HasScope("openid") & HasScope("email"),
        HasScope("openid") & IsAuthenticated,
        IsAuthenticated & HasScope("openid"),
        HasScope("notes") | HasScope("openid"),
        HasScope("notes") | IsAuthenticated,
        IsAdminUser | HasScope("openid"),
        ~HasScope("notes"),
        ~HasScope("notes") & IsFirstParty,
        (HasScope("notes") | HasRole("editor")) | (IsFirstParty & ~IsAdminUser),
    ],
)
def test_lets_through_what_the_composition_permits(person, permission) -> None:
    assert ask(view_of(permission), first_party(person)).status_code == 200


def test_of_and_the_one_that_refused_is_named(person) -> None:
    status, header = challenge(HasScope("openid") & HasAcr("aal2"), token=first_party(person))

    assert status == 401
    assert 'acr_values="aal2"' in header


def test_of_or_the_first_that_a_token_could_meet_is_named(person) -> None:
    status, header = challenge(IsAdminUser | HasScope("notes") | HasAcr("aal2"), token=first_party(person))

    assert status == 403
    assert 'scope="notes"' in header


def test_a_part_that_was_met_is_not_named(person) -> None:
    status, header = challenge((HasScope("notes") | IsAuthenticated) & IsAdminUser, token=first_party(person))

    assert (status, header) == (403, "")


@pytest.mark.parametrize("permission", [~HasScope("openid"), ~IsFirstParty, ~HasScope("notes") & IsAdminUser])
def test_a_negation_names_nothing_to_get(person, permission) -> None:
    assert challenge(permission, token=first_party(person)) == (403, "")


def test_a_later_permission_of_the_list_is_named_when_the_first_let_through(person) -> None:
    status, header = challenge(AllowAny, IsFirstParty, HasScope("notes"), token=first_party(person))

    assert (status, 'scope="notes"' in header) == (403, True)


def test_a_refusal_by_another_permission_has_the_bare_challenge_and_its_own_words(person) -> None:
    class NotToday(BasePermission):
        message = "Not today."
        code = "not_today"

        def has_permission(self, request, view) -> bool:
            return False

    response = ask(view_of(NotToday), first_party(person))

    assert (response.status_code, response.headers["WWW-Authenticate"]) == (403, BARE)
    assert (response.data["detail"], response.data["code"]) == ("Not today.", "not_today")


def test_a_negation_holds_for_objects_too(person) -> None:
    def get(self, request) -> Response:
        self.check_object_permissions(request, object())
        return Response({})

    assert ask(view_of(~HasScope("notes"), get=get), first_party(person)).status_code == 200
    assert ask(view_of(HasScope("email"), get=get), third_party(person, "email")).status_code == 200


def test_one_configured_permission_serves_many_views_without_remembering(person) -> None:
    permission = HasScope("notes")
    first, second = view_of(permission), view_of(permission)

    assert ask(first, third_party(person, "notes")).status_code == 200
    assert ask(second, third_party(person, "other")).status_code == 403
    assert ask(first, third_party(person, "notes")).status_code == 200
