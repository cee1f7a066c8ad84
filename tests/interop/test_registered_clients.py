"""npm openid-client 6 and oauth4webapi 3 as clients that register themselves, with all that a provider offers them."""

from typing import Any

import pytest

from accounts.models import User
from oauth.models import Client, PairwiseSubject
from tests.clients import CALLBACK
from tests.interop.person import Person
from tests.interop.program import run
from tests.live_site import LiveSite

pytestmark = [pytest.mark.node, pytest.mark.django_db(transaction=True)]

BYE = "https://app.example/bye"


@pytest.mark.parametrize("algorithm", ["ES256", "PS256"])
def test_openid_client_registers_and_goes_the_whole_way(
    site: LiveSite, worker: None, leave: str, alice: User, browser_of_alice: Person, algorithm: str
) -> None:
    told = _run("openid-client-registered", site, browser_of_alice, leave, algorithm, post_logout_redirect_uri=BYE)
    subject = _subject(alice, sector="app.example")
    assert (told["not_echoed"], told["posted_to"]) == ([], CALLBACK)
    _check_names(told, subject)
    assert (told["claims"]["email"], told["claims"]["acr"]) == ("alice@example.com", "aal1")
    assert (told["userinfo"]["given_name"], "family_name" in told["userinfo"]) == ("Alice", False)
    assert told["refreshed"]["auth_time"] == told["claims"]["auth_time"]
    assert (told["after_revocation"], told["gone_to"]) == ("invalid_grant", BYE)
    assert browser_of_alice.pages == ["/accounts/login/", "/oauth/authorize", "/oauth/authorize"]


@pytest.mark.parametrize("algorithm", ["RS256", "ES256"])
def test_oauth4webapi_registers_and_goes_the_whole_way(
    site: LiveSite, worker: None, leave: str, alice: User, browser_of_alice: Person, algorithm: str
) -> None:
    told = _run("oauth4webapi-registered", site, browser_of_alice, leave, algorithm)
    subject = _subject(alice, sector="127.0.0.1")
    _check_names(told, subject)
    assert told["before_sign_in"] == "login_required"
    assert (told["userinfo"]["name"], told["userinfo"]["email_verified"]) == ("Alice Liddell", True)
    assert told["renewed"]["auth_time"] == told["claims"]["auth_time"]


def _run(program: str, site: LiveSite, person: Person, leave: str, algorithm: str, **more: str) -> dict[str, Any]:
    assert site.authority
    return run(
        program,
        person,
        issuer=site.url,
        initial_access_token=leave,
        certificate=str(site.authority.certified("127.0.0.1")),
        redirect_uri=CALLBACK,
        algorithm=algorithm,
        **more,
    )


def _subject(person: User, sector: str) -> str:
    """What clients of a sector call a person: not what others do."""
    subject = str(PairwiseSubject.objects.get(user=person, sector=sector).subject)
    assert subject != str(person.pk)
    return subject


def _check_names(told: dict[str, Any], subject: str) -> None:
    """The id token, userinfo and the logout token call the person and the session the same."""
    assert {told["claims"]["sub"], told["userinfo"]["sub"], told["logout"]["sub"]} == {subject}
    assert told["logout"]["sid"] == told["claims"]["sid"]
    assert not Client.objects.get(client_id=told["client_id"]).reviewed
