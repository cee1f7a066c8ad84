"""A third party's token opens no view that was not opened to it, whatever the view's author wrote or forgot."""

import pytest
from rest_framework.decorators import api_view, authentication_classes, permission_classes
from rest_framework.permissions import AllowAny, BasePermission, DjangoModelPermissions, IsAdminUser, IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.test import APIRequestFactory
from rest_framework.viewsets import ViewSet

from oauth.api.authentication import BearerAuthentication
from tests.bearer import BARE, ask, authorization, first_party, of_client, third_party, view_of
from trust.guard.errors import Refused
from trust.guard.permissions import HasAcr, HasRole, HasScope, RecentAuth

pytestmark = pytest.mark.django_db

EVERYTHING = ("openid", "profile", "email", "roles", "notes", "read", "write", "introspection")


class Inscrutable(BasePermission):
    """Holds a scope permission where nobody can see it."""

    inner = HasScope("notes")

    def has_permission(self, request, view) -> bool:
        return self.inner.has_permission(request, view)


@pytest.mark.parametrize(
    "permissions",
    [
        (),
        (AllowAny,),
        (IsAuthenticated,),
        (IsAdminUser,),
        (DjangoModelPermissions,),
        (IsAuthenticated & IsAdminUser,),
        (AllowAny | IsAdminUser,),
        (HasRole("editor"),),
        (RecentAuth(max_age=300), HasAcr("aal1")),
        (HasRole("editor") | IsAuthenticated,),
        (~HasScope("nonesuch"),),
        (AllowAny | ~HasScope("nonesuch"),),
        (~(HasScope("notes") & IsAdminUser),),
        (Inscrutable,),
    ],
)
def test_a_view_that_names_no_scope_is_closed(make_person, permissions) -> None:
    admin = make_person("admin", staff=True, superuser=True)
    view = view_of(*permissions, queryset=type(admin).objects.all())

    for token in (third_party(admin, *EVERYTHING, roles=("editor",), acr="phr"), of_client(*EVERYTHING)):
        response = ask(view, token)

        assert response.status_code == 403
        assert response.headers["WWW-Authenticate"] == (
            f'{BARE}, error="insufficient_scope", error_description="The view is not open to this client"'
        )


@pytest.mark.parametrize(
    "permissions",
    [
        (HasScope("notes"),),
        (AllowAny | HasScope("notes"),),
        (HasScope("notes") | IsAuthenticated,),
        (IsAdminUser | (IsAuthenticated & HasScope("notes")),),
        (HasScope("notes") | HasRole("editor"), IsAuthenticated),
    ],
)
def test_a_view_that_names_a_scope_is_closed_without_that_scope(make_person, permissions) -> None:
    """Also where the view would let everybody else in."""
    admin = make_person("admin", staff=True)
    view = view_of(*permissions)

    response = ask(view, third_party(admin, "openid", "profile", roles=("editor",)))

    assert response.status_code == 403
    assert 'error="insufficient_scope"' in response.headers["WWW-Authenticate"]
    assert response.headers["WWW-Authenticate"].endswith('scope="notes"')
    assert ask(view, third_party(admin, "notes")).status_code == 200


@pytest.mark.parametrize("scopes", [None, (), [], "", "notes", [""]])
def test_required_scopes_that_name_nothing_open_nothing(person, scopes) -> None:
    """A string is no list: its letters are no scopes."""
    assert ask(view_of(IsAuthenticated, required_scopes=scopes), third_party(person, *EVERYTHING)).status_code == 403


def test_required_scopes_alone_are_demanded_whole(person) -> None:
    view = view_of(IsAuthenticated, required_scopes=["notes", "files"])

    assert ask(view, third_party(person, "notes")).status_code == 403
    assert ask(view, third_party(person, "notes", "files")).status_code == 200


def test_the_scope_alone_does_not_open_what_else_the_view_demands(person) -> None:
    assert ask(view_of(HasScope("notes"), IsAdminUser), third_party(person, "notes")).status_code == 403
    assert ask(view_of(HasScope("notes"), HasScope("files")), third_party(person, "notes")).status_code == 403


def test_our_own_tokens_need_no_scope(person) -> None:
    assert ask(view_of(IsAuthenticated), first_party(person)).status_code == 200


def test_a_function_view_is_closed_too(person) -> None:
    @api_view(["GET"])
    @permission_classes([AllowAny])
    def forgetful(request) -> Response:
        return Response({})

    @api_view(["GET"])
    @permission_classes([HasScope("notes")])
    def open_to_notes(request) -> Response:
        return Response({})

    request = APIRequestFactory().get("/", headers=authorization(third_party(person, "notes")))

    assert forgetful(request).status_code == 403
    assert open_to_notes(request).status_code == 200


def test_an_attribute_of_a_function_is_not_seen_and_opens_nothing(person) -> None:
    def mistaken(request) -> Response:
        return Response({})

    mistaken.required_scopes = ["notes"]
    request = APIRequestFactory().get("/", headers=authorization(third_party(person, "notes")))

    assert api_view(["GET"])(mistaken)(request).status_code == 403


def test_each_action_of_a_view_set_is_judged_for_itself(person) -> None:
    class Notes(ViewSet):
        def get_permissions(self):
            return [HasScope("notes")] if self.action == "read" else [IsAuthenticated()]

        def read(self, request) -> Response:
            return Response({})

        write = read

    view = Notes.as_view({"get": "read", "post": "write"})
    headers = authorization(third_party(person, "notes"))

    assert view(APIRequestFactory().get("/", headers=headers)).status_code == 200
    assert view(APIRequestFactory().post("/", headers=headers)).status_code == 403


@pytest.mark.parametrize("method", ["get", "post", "put", "patch", "delete", "options", "head"])
def test_every_method_is_closed(client, person, method) -> None:
    response = getattr(client, method)("/api/protected/", headers=authorization(third_party(person, *EVERYTHING)))

    assert response.status_code == 403


def test_a_refused_token_leaves_no_user_behind(person) -> None:
    seen = {}

    class Forgiving(view_of(IsAuthenticated)):
        def handle_exception(self, error) -> Response:
            seen.update(user=self.request.user, auth=self.request.auth)
            return super().handle_exception(error)

    assert ask(Forgiving, third_party(person, "notes")).status_code == 403
    assert seen["user"].is_anonymous
    assert seen["auth"] is None


def test_a_request_without_a_view_is_closed(person) -> None:
    request = APIRequestFactory().get("/", headers=authorization(third_party(person, *EVERYTHING)))

    with pytest.raises(Refused):
        BearerAuthentication().authenticate(Request(request))


def test_a_view_that_authenticates_nobody_ignores_the_token(person) -> None:
    @api_view(["GET"])
    @authentication_classes([])
    @permission_classes([AllowAny])
    def public(request) -> Response:
        return Response({"user": str(request.user), "auth": request.auth})

    request = APIRequestFactory().get("/", headers=authorization(third_party(person, "notes")))

    assert public(request).data == {"user": "AnonymousUser", "auth": None}


def test_no_address_of_ours_is_open_to_a_token_with_every_scope_but_its_own(client, person) -> None:
    """Walks every GET address under /api/: what a third party's token gets is no more than nobody gets."""
    paths = ("me", "protected", "sessions", "schema", "docs", "token", "user_info", "nonesuch", "admin", "")
    headers = authorization(third_party(person, *(scope for scope in EVERYTHING if scope != "profile")))

    for path in paths:
        with_token, without = client.get(f"/api/{path}/", headers=headers), client.get(f"/api/{path}/")
        assert with_token.status_code in {403, without.status_code}, path


def test_two_addresses_of_ours_open_by_the_scope_profile(client, person) -> None:
    headers = authorization(third_party(person, "profile"))

    assert [client.get(f"/api/{path}/", headers=headers).status_code for path in ("me", "user_info")] == [200, 200]


@pytest.mark.parametrize("path", ["me", "user_info"])
def test_what_tells_of_a_person_is_closed_to_a_client_that_acts_as_itself(client, path) -> None:
    response = client.get(f"/api/{path}/", headers=authorization(of_client(*EVERYTHING)))

    assert response.status_code == 403
    assert 'error_description="A person is required"' in response.headers["WWW-Authenticate"]
