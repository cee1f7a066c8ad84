"""What Django answers is counted: by the name of its pattern, its method, its status and its time."""

import pytest
from django.test import Client

from authproject.metrics import count_sign_in, count_token, observe
from authproject.metrics.conf import BUCKETS
from authproject.metrics.recorder import recorder
from tests.authproject.metrics.scraped import scrape

pytestmark = pytest.mark.django_db
DURATION = "authproject_request_duration_seconds"


def test_answers_are_counted_by_the_name_of_their_pattern(client: Client) -> None:
    for path in ("/api/me/", "/api/me/", "/accounts/login/", "/health/live", "/admin/"):
        client.get(path)
    client.post("/api/token/", {"username": "nobody", "password": "wrong"}, content_type="application/json")
    found = scrape()
    assert found.answers("api_me", status="401") == 2
    assert found.answers("account_login") == 1
    assert found.answers("health_live") == 1
    assert found.answers("admin:index", status="302") == 1
    assert [
        labels["status"] for labels in found.series("authproject_requests_total") if labels["method"] == "POST"
    ] == ["401"]


def test_a_scrape_is_counted_when_it_is_over() -> None:
    assert scrape().answers("metrics") == 0
    assert scrape().answers("metrics") == 1


def test_the_time_of_answers_is_told_in_buckets(client: Client) -> None:
    client.get("/health/live")
    found = scrape()
    assert found.value(f"{DURATION}_count", route="health_live") == 1
    assert found.value(f"{DURATION}_sum", route="health_live") > 0
    assert found.value(f"{DURATION}_bucket", route="health_live", le="+Inf") == 1
    ends = [float(labels["le"]) for labels in found.series(f"{DURATION}_bucket") if labels["route"] == "health_live"]
    assert ends == [*BUCKETS, float("inf")]


@pytest.mark.parametrize(
    ("seconds", "end"), [(0.0, "0.0005"), (0.0005, "0.0005"), (0.00051, "0.001"), (5.0, "5.0"), (9.0, "+Inf")]
)
def test_a_bucket_holds_what_took_no_longer_than_its_end(seconds: float, end: str) -> None:
    observe("token", "POST", 200, seconds)
    found = scrape()
    full = [labels["le"] for labels in found.series(f"{DURATION}_bucket") if labels["route"] == "token"]
    full = [le for le in full if found.value(f"{DURATION}_bucket", route="token", le=le)]
    assert min(full, key=float) == end
    assert found.value(f"{DURATION}_sum", route="token") == seconds


def test_addresses_that_nobody_has_make_no_series(client: Client) -> None:
    client.get("/nothing/0")
    before = len(scrape().values)
    for number in range(1000):
        client.get(f"/nothing/{number}?token={number}")
    found = scrape()
    assert found.answers("unknown", status="404") == 1001
    assert len(found.values) - before <= len(BUCKETS) + 4  # of the scrape between the two


def test_parts_of_addresses_make_no_series(client: Client) -> None:
    for number in range(20):
        client.get(f"/accounts/password/reset/key/{number}-abc/")
    found = scrape()
    assert found.answers("account_reset_password_from_key") == 20
    assert not [
        value for labels in found.series("authproject_requests_total") for value in labels.values() if "/" in value
    ]


def test_methods_that_clients_make_up_are_one_series(client: Client) -> None:
    for number in range(100):
        client.generic(f"MADEUP{number}", "/nothing")
    found = scrape()
    assert found.answers("unknown", "other", "404") == 100
    assert {labels["method"] for labels in found.series("authproject_requests_total")} == {"other"}
    assert not [key for key in recorder._slots if key[1].startswith("MADEUP")]


def test_what_is_refused_before_its_address_is_looked_at_is_counted(client: Client) -> None:
    assert client.get(f"/api/me/?{'x' * 9000}").status_code == 414
    assert scrape().answers("unknown", status="414") == 1


def test_static_files_are_one_series(client: Client) -> None:
    assert client.get("/static/authproject/none.css").status_code == 404
    static = client.get("/static/admin/css/base.css")
    assert static.status_code == 200
    static.close()
    found = scrape()
    assert (found.answers("static"), found.answers("unknown", status="404")) == (1, 1)


def test_a_request_is_in_progress_until_it_is_answered(client: Client) -> None:
    client.get("/health/live")
    assert scrape().value("authproject_requests_in_progress") == 1  # the scrape itself


def test_tokens_are_counted_by_known_grant_types() -> None:
    for grant_type in ("client_credentials", "client_credentials", "password", "no-such-grant", "x" * 500):
        count_token(grant_type, "a-client")
    found = scrape()
    name = "authproject_tokens_issued_total"
    assert found.value(name, grant_type="client_credentials") == 2
    assert found.value(name, grant_type="password") == 1
    assert found.value(name, grant_type="other") == 2
    assert len(found.series(name)) == 3


def test_sign_ins_are_counted_by_known_methods_and_outcomes() -> None:
    count_sign_in("password", "failure")
    count_sign_in("alice@example.com", "failure")
    count_sign_in("passkey", "alice")
    found = scrape()
    name = "authproject_sign_ins_total"
    assert found.value(name, method="password", outcome="failure") == 1
    assert found.value(name, method="other", outcome="failure") == 1
    assert found.value(name, method="passkey", outcome="other") == 1


def test_what_there_is_no_room_for_is_not_counted_and_hurts_nobody() -> None:
    for number in range(3000):
        observe(f"route-{number}", "GET", 200, 0.001)
    observe("route-0", "GET", 200, 0.001)
    found = scrape()
    assert found.answers("route-0") == 2
    assert len(found.series("authproject_requests_total")) < 3000
