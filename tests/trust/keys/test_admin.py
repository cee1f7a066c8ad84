from collections.abc import Callable
from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission
from django.test import Client

from tests.people import MakePerson
from tests.staff import sign_in_strongly
from trust.audit.models import AuditEvent
from trust.keys.models import Algorithm, SigningKey
from trust.lib import clock

pytestmark = pytest.mark.django_db
LIST = "/admin/keys/signingkey/"


@pytest.fixture
def root(client: Client, make_person: MakePerson) -> Client:
    sign_in_strongly(client, make_person("root", staff=True, superuser=True))
    return client


@pytest.fixture
def browser_with(make_person: MakePerson) -> Callable[..., Client]:
    """A browser of staff who have these permissions alone."""

    def signed_in(*permissions: str) -> Client:
        clerk, client = make_person("clerk", staff=True), Client()
        clerk.user_permissions.set(Permission.objects.filter(codename__in=permissions))
        sign_in_strongly(client, clerk)
        return client

    return signed_in


def _key(algorithm: Algorithm = Algorithm.ES256) -> SigningKey:
    return SigningKey.objects.of(algorithm).last() or SigningKey()


def test_shows_states_and_no_key(root: Client) -> None:
    key = _key()
    for path in (LIST, f"{LIST}{key.pk}/change/"):
        page = root.get(path).content.decode()
        assert key.kid in page
        assert "signing until" in page
        assert "access tokens" in page
        assert key.sealed_private not in page


def test_a_state_is_told_with_its_date(root: Client) -> None:
    now, day = clock.now(), timedelta(days=1)
    dates = ("published_from", "signs_from", "signs_until", "published_until")
    for shift, said in (
        (1, "waiting: it signs from"),
        (-1, "signing until"),
        (-3, "verifying only, until"),
        (-5, "gone"),
    ):
        ends = (now - 9 * day, now + shift * day, now + (shift + 2) * day, now + (shift + 4) * day)
        SigningKey.objects.filter(algorithm="EdDSA").update(**dict(zip(dates, ends, strict=True)))
        assert said in root.get(f"{LIST}?algorithm__exact=EdDSA").content.decode()


def test_asks_how_and_says_what_becomes_of_tokens(root: Client) -> None:
    before = SigningKey.objects.count()
    page = root.get(f"{LIST}rotate/").content.decode()
    for said in ("stays good until its own end", "the old ones are deleted", "sign in again"):
        assert said in page
    assert root.get(f"{LIST}rotate/?way=now").status_code == 200
    assert SigningKey.objects.count() == before


def test_rotates_as_planned(root: Client) -> None:
    before = SigningKey.objects.count()
    assert root.post(f"{LIST}rotate/", {"way": "planned"})["Location"] == LIST
    assert SigningKey.objects.count() == 2 * before
    details = AuditEvent.objects.of_action("signing_keys.rotated").get().details
    assert details == {"immediately": False, "distrusted": False, "made": before}
    assert b"waiting: it signs from" in root.get(LIST).content
    again = root.post(f"{LIST}rotate/", {"way": "planned"}, follow=True)
    assert b"The next keys wait already" in again.content
    assert SigningKey.objects.count() == 2 * before


def test_rotates_at_once_and_keeps_the_old_keys(root: Client) -> None:
    old = _key()
    root.post(f"{LIST}rotate/", {"way": "now"})
    retired = SigningKey.objects.get(pk=old.pk)
    assert retired.signs_until < old.signs_until


def test_after_a_leak_the_old_keys_are_gone(root: Client) -> None:
    old = set(SigningKey.objects.values_list("kid", flat=True))
    root.post(f"{LIST}rotate/", {"way": "distrust", "is_sure": "on"})
    assert not old & set(SigningKey.objects.values_list("kid", flat=True))
    assert AuditEvent.objects.of_action("signing_keys.rotated").get().details["distrusted"]


def test_whoever_shuts_everybody_out_says_so_twice(root: Client) -> None:
    old = set(SigningKey.objects.values_list("kid", flat=True))
    answer = root.post(f"{LIST}rotate/", {"way": "distrust"})
    assert answer.context["form"].errors["is_sure"]
    assert set(SigningKey.objects.values_list("kid", flat=True)) == old
    done = root.post(f"{LIST}rotate/", {"way": "distrust", "is_sure": "on"}, follow=True)
    assert b"The old keys are deleted" in done.content


@pytest.mark.parametrize("way", ["", "yesterday", None])
def test_without_a_way_nothing_happens(root: Client, way: str | None) -> None:
    before = SigningKey.objects.count()
    answer = root.post(f"{LIST}rotate/", {"way": way} if way is not None else {})
    assert answer.context["form"].errors["way"]
    assert SigningKey.objects.count() == before


def test_who_may_look_does_not_rotate(browser_with: Callable[..., Client]) -> None:
    before, clerk = SigningKey.objects.count(), browser_with("view_signingkey")
    assert b"rotate/" not in clerk.get(LIST).content
    assert clerk.get(f"{LIST}rotate/").status_code == 403
    assert clerk.post(f"{LIST}rotate/", {"way": "now"}).status_code == 403
    assert Client().post(f"{LIST}rotate/", {"way": "now"}).status_code == 302
    assert SigningKey.objects.count() == before


def test_who_may_change_keys_rotates_and_deletes_none(browser_with: Callable[..., Client]) -> None:
    kids, clerk = (
        set(SigningKey.objects.values_list("kid", flat=True)),
        browser_with("view_signingkey", "change_signingkey"),
    )
    assert b"rotate/" in clerk.get(LIST).content
    assert clerk.post(f"{LIST}rotate/", {"way": "distrust"}).context["form"].errors["way"]
    assert clerk.post(f"{LIST}rotate/", {"way": "now"}).status_code == 302
    assert kids < set(SigningKey.objects.values_list("kid", flat=True))


def test_rotation_needs_the_token_of_the_form(root: Client) -> None:
    strict, before = Client(enforce_csrf_checks=True), SigningKey.objects.count()
    strict.cookies = root.cookies
    assert strict.post(f"{LIST}rotate/", {"way": "distrust"}).status_code == 403
    assert SigningKey.objects.count() == before


def test_changes_nothing_by_hand(root: Client) -> None:
    key = SigningKey.objects.of(Algorithm.ES256).get()
    for verb in ("change", "delete"):
        assert root.post(f"{LIST}{key.pk}/{verb}/", {"post": "yes"}).status_code == 403
    assert root.post(f"{LIST}add/").status_code == 403
    root.post(LIST, {"action": "delete_selected", "_selected_action": [key.pk], "post": "yes"})
    assert SigningKey.objects.filter(pk=key.pk).exists()
