"""What staff read of assertions that were refused, and how a subject may be written."""

import pytest

from oauth.protocol.rfc7523_trusted_issuer import problems_of_workload, ways_to_write
from oauth.workload_description import WorkloadDescription
from tests.client_keys import ClientKey
from tests.explained import last_explained
from tests.workloads import CI, JWT_BEARER, MAIN, know, make_service, said_by_ci, show, trust
from trust.explain.vocabulary import Found


@pytest.mark.django_db
def test_staff_read_what_was_found():
    make_service()
    make_service("reader")
    trust()
    know()
    for found, shown in (
        (Found.ISSUER_UNKNOWN, {"claims": said_by_ci(iss=f"{CI}/")}),
        (Found.WORKLOAD_NOT_VERIFIED, {"key": ClientKey("RS256", "other")}),
        (Found.WORKLOAD_NOT_MEANT_SO, {"claims": said_by_ci(aud="https://elsewhere.example")}),
        (Found.WORKLOAD_UNKNOWN, {"claims": said_by_ci(sub="repo:org/app:ref:refs/heads/other")}),
        (Found.WORKLOAD_UNKNOWN, {"client_id": "reader"}),
        (Found.ASSERTION_UNREADABLE, {"assertion": "x"}),
        (Found.TOO_LONG_LIVED, {"claims": said_by_ci(exp=99999999999)}),
        (Found.ASSERTION_USED, {"claims": said_by_ci(jti=None)}),
    ):
        assert show(**shown).status_code == 400
        assert last_explained().finding == found
    know("repo:org/app:*", client_id="reader")
    assert show().status_code == 400
    assert last_explained().finding == Found.WORKLOAD_AMBIGUOUS


heard: list[tuple[str, str]] = []


def token_issued(*, grant_type: str, client_id: str) -> None:
    heard.append((grant_type, client_id))


@pytest.mark.django_db
def test_the_token_is_counted_for_the_client_whom_the_request_did_not_name(settings):
    settings.TOKEN_ISSUED = [f"{__name__}.token_issued"]
    make_service()
    trust()
    know()
    assert show().status_code == 200
    assert heard == [(JWT_BEARER, "deployer")]


def test_a_subject_may_be_written_as_it_is_or_by_each_of_its_beginnings():
    assert list(ways_to_write("repo:org/app:x")) == ["repo:org/app:x", "repo:*", "repo:org/*", "repo:org/app:*"]
    assert list(ways_to_write("plain")) == ["plain"]
    assert [*ways_to_write(""), *ways_to_write("a:*"), *ways_to_write("x" * 501)] == []


@pytest.mark.parametrize(
    ("subject", "may_be"),
    [
        (MAIN, True),
        ("repo:org/app:*", True),
        ("repo:org@1/*", True),
        ("system:serviceaccount:shop:*", True),
        ("spiffe://cluster.example/*", True),
        ("repo:org/app:environment:Production (EU)", True),
        ("*", False),
        ("repo:*", False),
        ("repo:org/app*", False),
        ("repo:*:x", False),
        ("https://*", False),
        ("://*", False),
        ("repo:org/**", False),
        (" repo:org/app:x", False),
        ("repo:org/app:\n", False),
        ("", False),
    ],
)
def test_a_subject_that_could_be_anybody_is_refused(subject, may_be):
    problems = problems_of_workload(WorkloadDescription(name="x", subject=subject))
    assert [problem.member for problem in problems] == ([] if may_be else ["subject"])
