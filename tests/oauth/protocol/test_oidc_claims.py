"""Claims: by the scopes that were granted, with the types that the specification gives them, never empty."""

import pytest

from oauth.protocol.oidc.claims import CLAIMS_OF_SCOPE, names_for, of_person

VALUES = {
    "name": "Alice", "nickname": "", "updated_at": 1, "email": "a@example.com", "email_verified": False, "phone_number": "", "phone_number_verified": None,
    "address": {"street_address": "", "locality": "Seoul", "country": "KR"}, "roles": [],
}  # fmt: skip


def test_false_is_a_value_and_empty_is_none():
    said = of_person(VALUES, names=names_for(["profile", "email", "phone", "address", "roles", "openid", "unknown"]))
    assert said == {
        "name": "Alice", "updated_at": 1, "email": "a@example.com", "email_verified": False,
        "address": {"formatted": "Seoul\nKR", "locality": "Seoul", "country": "KR"},
    }  # fmt: skip


@pytest.mark.parametrize("scope", sorted(CLAIMS_OF_SCOPE))
def test_no_scope_tells_what_another_asks_for(scope):
    everything = dict.fromkeys([name for names in CLAIMS_OF_SCOPE.values() for name in names], "x") | {
        "address": {"locality": "x"}
    }
    assert (
        set(of_person(everything, names=names_for([scope]))) == set(CLAIMS_OF_SCOPE[scope]) == set(names_for([scope]))
    )


def test_no_scope_asks_for_nothing():
    assert of_person(VALUES, names=[]) == of_person(VALUES, names=names_for(["openid", "offline_access"])) == {}
