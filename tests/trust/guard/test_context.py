"""What a verified request carries, and what a client that acts as itself may not."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Group
from rest_framework.permissions import DjangoModelPermissions, IsAdminUser, IsAuthenticated

from tests.bearer import CLIENT_ID, ask, of_client, view_of
from trust.guard.context import AccessContext, ClientPrincipal, Proof
from trust.guard.permissions import HasScope
from trust.lib import clock
from trust.tokens.access_token import AccessToken


def context(**claims) -> AccessContext:
    defaults = {"subject": CLIENT_ID, "client_id": CLIENT_ID, "scope": ("a", "b"), "grant": "g", "audience": "x"}
    return AccessContext(token=AccessToken(**defaults | claims))


@pytest.mark.parametrize(
    ("scopes", "allowed"),
    [(None, True), ([], True), (["a"], True), (["b", "a"], True), (["c"], False), (["a", "c"], False)],
)
def test_allows_scopes_that_the_token_has_all_of(scopes, allowed) -> None:
    current = context(expires_at=clock.now() + timedelta(minutes=1))

    assert current.allow_scopes(scopes) is current.is_valid(scopes) is allowed


def test_a_token_that_expired_meanwhile_is_not_valid() -> None:
    assert context(expires_at=clock.now()).is_expired()
    assert not context(expires_at=clock.now()).is_valid(["a"])
    assert context().is_expired()


def test_has_room_for_a_key_and_its_proof() -> None:
    bound = context(cnf={"jkt": "abc"})

    assert bound.cnf == {"jkt": "abc"}
    assert AccessContext(token=bound.token, proof=Proof({"jkt": "abc"})).proof == Proof({"jkt": "abc"})


def test_a_client_is_authenticated_and_has_no_permission() -> None:
    principal = context().principal

    assert isinstance(principal, ClientPrincipal)
    assert (str(principal), principal.get_username(), principal.pk) == (CLIENT_ID, CLIENT_ID, None)
    assert principal.is_authenticated
    assert not principal.is_anonymous
    assert [principal.has_perm("a.b"), principal.has_perms([]), principal.has_module_perms("a")] == [False] * 3


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("permission", "status"), [(IsAuthenticated, 200), (IsAdminUser, 403), (DjangoModelPermissions, 403)]
)
def test_drfs_own_permissions_take_a_client_for_nobody_in_particular(permission, status) -> None:
    view = view_of(HasScope("a"), permission, queryset=Group.objects.all())

    assert ask(view, of_client("a")).status_code == status
