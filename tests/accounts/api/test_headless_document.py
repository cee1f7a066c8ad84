"""The doors in the OpenAPI document: those that are open, as they are, and no others."""

import json
import re

import pytest
from django.test import Client
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.validation import validate_schema

from accounts.api.headless.urls import DOORS

ROOT = "/api/account/{client}/v1/"


@pytest.fixture(scope="module")
def document() -> dict:
    return SchemaGenerator().get_schema(request=None, public=True)


def test_is_valid_with_the_doors(document) -> None:
    validate_schema(document)

    assert document["paths"][f"{ROOT}auth/login/"]["post"]["tags"] == ["account"]


def test_describes_every_door_and_method_and_no_other(document) -> None:
    described = {
        (path.removeprefix(ROOT).rstrip("/"), method.upper())
        for path, operations in document["paths"].items()
        if path.startswith("/api/account/")
        for method in operations
    }

    assert described == {(path, method) for path, door in DOORS.items() for method in door.methods()}


def test_every_reference_leads_somewhere(document) -> None:
    for kind, name in re.findall(r'"#/components/(\w+)/(\w+)"', json.dumps(document)):
        assert name in document["components"][kind]


def test_takes_no_name_of_ours(document) -> None:
    of_doors = {name for named in document["components"].values() for name in named if name.startswith("Account")}

    assert {"AccountUser", "AccountErrorResponse"} <= of_doors
    assert {"Me", "TokenPair", "Refusal"} <= document["components"]["schemas"].keys()


def test_says_that_errors_have_our_members_and_what_the_pair_is(document) -> None:
    schemas = document["components"]["schemas"]

    assert {"status", "errors", "detail", "code", "message", "error"} <= schemas["AccountErrorResponse"][
        "properties"
    ].keys()
    assert {"access_token", "refresh_token", "expires_in"} <= schemas["AccountBaseAuthenticationMeta"][
        "properties"
    ].keys()


@pytest.mark.parametrize("word", ["_allauth", "provider_redirect", "socialaccount", '"phone"'])
def test_says_nothing_of_what_is_not_open(document, word) -> None:
    doors = {path: said for path, said in document["paths"].items() if path.startswith("/api/account/")}
    components = {
        name: said
        for named in document["components"].values()
        for name, said in named.items()
        if name.startswith("Account")
    }

    assert word not in json.dumps([doors, components])


def test_is_served_beside_the_rest(client: Client) -> None:
    paths = client.get("/api/schema/").json()["paths"]

    assert {"/api/me/", f"{ROOT}auth/signup/"} <= paths.keys()
