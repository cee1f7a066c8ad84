"""Types of authorization details in a configuration."""

from typing import Any

import pytest

from authproject.configuration import document, plan
from authproject.configuration.section import WrongEntry
from oauth.services import authorization_detail_types
from tests.authorization_details import ACCOUNTS, PAYMENT, put_types
from tests.clients import make_client

pytestmark = pytest.mark.django_db
SECTION = "authorization_detail_types"


def put(entries: list[Any], *, prune: bool = False) -> list[str]:
    done, _secrets = plan.apply(document.read({"version": 1, SECTION: entries}), prune=prune)
    return [line for change in done for line in change.lines()]


def test_what_is_exported_brings_another_installation_to_the_same_types() -> None:
    put_types()
    exported = document.exported(with_secrets=False)[SECTION]
    assert [entry["type"] for entry in exported] == ["accounts", "payment"]
    assert put(exported) == []
    put([], prune=True)
    assert authorization_detail_types.read() == {}
    put(exported)
    assert dict(authorization_detail_types.read()) == {"accounts": ACCOUNTS, "payment": PAYMENT}


def test_an_entry_is_whole_and_a_change_is_told() -> None:
    put_types()
    assert put([{"type": "accounts", "title_en": "Look"}]) == [
        f"~ {SECTION} accounts",
        '    title_en: "See accounts" -> "Look"',
        "    asks_each_time: false -> true",
        "    is_registrable: true -> false",
    ]


def test_a_client_and_its_type_come_in_one_document() -> None:
    client = {
        "client_id": "app",
        "redirect_uris": ["https://app.example/cb"],
        "authorization_details_types": ["payment"],
    }
    whole = {"version": 1, SECTION: [PAYMENT.written()], "clients": [client]}
    plan.apply(document.read(whole), prune=False)
    assert document.exported(with_secrets=False)["clients"][0]["authorization_details_types"] == ["payment"]


def test_a_clients_types_and_indispensable_scopes_are_exported() -> None:
    make_client(authorization_details_types="payment", required_scopes="email")
    (entry,) = document.exported(with_secrets=False)["clients"]
    assert (entry["authorization_details_types"], entry["x_required_scopes"]) == (["payment"], ["email"])


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"title_en": ""}, "title_en: is missing"),
        ({"title_en": 1}, "title_en: must be a text"),
        ({"asks_each_time": "yes"}, "asks_each_time: must be true or false"),
        ({"fields": {}}, "fields: must be a list"),
        ({"fields": [{"name": "a", "kind": "date", "label_en": "A"}]}, "fields: is not known"),
        ({"fields": [{"name": "actions", "label_en": "A"}]}, "fields: is not the name of a field"),
        ({"label": "x"}, "label: is not known here"),
    ],
)
def test_a_wrong_entry_is_told(changed: dict[str, Any], said: str) -> None:
    with pytest.raises(WrongEntry, match=said):
        put([{"type": "t", "title_en": "T"} | changed])
