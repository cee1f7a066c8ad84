"""Claims of one client: which names and sources there may be, and what becomes of them beside the standard ones."""

import pytest

from oauth.protocol.oidc.claim_mapping import applied, problem_with
from oauth.protocol.rfc7591_registration import examined

WEB = {"redirect_uris": ["https://app.example/callback"]}


@pytest.mark.parametrize(
    ("name", "source"),
    [
        ("groups", "groups"),
        ("https://app.example/claims/roles", "groups"),
        ("preferred_username", "email"),
        ("department", "attributes.department"),
        ("team", "attributes.소속"),
        ("verified", "email_verified"),
    ],
)
def test_a_claim_is_taken_from_groups_a_standard_claim_or_an_attribute(name: str, source: str) -> None:
    assert problem_with(name, source) is None


@pytest.mark.parametrize(
    "name",
    [
        *("iss", "sub", "aud", "exp", "iat", "nonce", "auth_time", "acr", "amr", "azp", "sid", "at_hash"),
        *("email", "email_verified", "phone_number_verified", "events", "cnf", "act", "_claim_sources", "sub_id"),
    ],
)
def test_no_claim_stands_in_for_who_a_person_is_or_for_what_was_proved(name: str) -> None:
    assert problem_with(name, "attributes.chosen") == "cannot be replaced"


@pytest.mark.parametrize("name", ["", "two words", "new\nline", "x" * 101, "\u202eabc"])
def test_a_name_is_one_visible_word(name: str) -> None:
    assert problem_with(name, "groups") == "is not the name of a claim"


@pytest.mark.parametrize(
    "source",
    ["", "address", "password", "is_superuser", "attributes", "attributes.", "attributes.a b", "attributes.a=b", "id"],
)
def test_nothing_else_of_a_person_is_a_source(source: str) -> None:
    assert "is taken from nothing" in str(problem_with("role", source))


@pytest.mark.parametrize(
    "claims", [["role"], {"role": 7}, "role = groups", {f"c{number}": "groups" for number in range(51)}]
)
def test_a_mapping_is_a_bounded_object_of_texts(claims: object) -> None:
    _client, problems = examined(WEB | {"x_claims": claims})
    assert [problem.member for problem in problems] == ["x_claims"]


def test_values_keep_their_types_and_no_groups_are_told_as_none() -> None:
    values = {"groups": [], "attributes.floor": 0, "attributes.guest": False, "attributes.teams": ["a", "b"]}
    mapping = {"roles": "groups", "floor": "attributes.floor", "guest": "attributes.guest", "teams": "attributes.teams"}
    assert applied(mapping, values, to={}) == {"roles": [], "floor": 0, "guest": False, "teams": ["a", "b"]}


def test_a_mapping_stands_in_the_place_of_a_standard_claim() -> None:
    standard = {"name": "Alice", "preferred_username": "alice"}
    told = applied({"preferred_username": "email"}, {"email": "a@example.com"}, to=standard)
    assert told == {"name": "Alice", "preferred_username": "a@example.com"}


@pytest.mark.parametrize("value", [{}, {"attributes.uid": ""}, {"attributes.uid": None}])
def test_who_has_no_value_is_not_told_by_the_standard_claim_instead(value: dict[str, object]) -> None:
    """Else a username that one chooses could pass for what the mapping says of somebody else."""
    standard = {"preferred_username": "the uid of somebody else"}
    assert applied({"preferred_username": "attributes.uid"}, value, to=standard) == {}
