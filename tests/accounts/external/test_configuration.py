"""OIDC_PROVIDERS: what is read, and what is refused at start-up with a message that says where."""

import json
import os
import subprocess
import sys
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured

from accounts.external.configuration import BadConfiguration, read_providers, read_settings

GOOD: dict[str, Any] = {
    "provider_id": "corp",
    "name": "Corp",
    "client_id": "us",
    "secret": "s3cret",
    "settings": {"server_url": "https://id.corp.example"},
}

WRONG: dict[str, tuple[str, str]] = {
    "no JSON": ("[{", "OIDC_PROVIDERS is not JSON"),
    "no list": ("{}", "must be a JSON list"),
    "no object": ("[7]", "provider 1: it must be an object"),
    "a second that is wrong": (json.dumps([GOOD, {}]), "provider 2: provider_id must have"),
    "one id twice": (json.dumps([GOOD, GOOD]), "names a provider_id twice"),
}
WRONG_MEMBERS: dict[str, tuple[dict[str, Any], str]] = {
    "no provider_id": ({"provider_id": None}, "provider_id must have"),
    "a provider_id that cannot stand in a path": ({"provider_id": "a/b"}, "provider_id must have"),
    "the library's own id": ({"provider_id": "openid_connect"}, "not be openid_connect"),
    "no name": ({"name": ""}, "name must be text of 1 to 40"),
    "no client_id": ({"client_id": None}, "client_id must be text"),
    "no secret": ({"secret": None}, "secret must be text"),
    "no settings": ({"settings": None}, "settings must be an object"),
    "no server_url": ({"settings": {}}, "settings must have server_url"),
    "a server_url without scheme": ({"settings": {"server_url": "id.corp.example"}}, "settings.server_url must be"),
    "a server_url that is a number": ({"settings": {"server_url": 7}}, "settings.server_url must be"),
    "a member that nobody knows": ({"trusted_domain": ["corp.example"]}, "settings has trusted_domain"),
    "trust in every address": (
        {"settings": {**GOOD["settings"], "verified_email": True}},
        "settings has verified_email",
    ),
    "linking by address": (
        {"settings": {**GOOD["settings"], "email_authentication": True}},
        "settings has email_authentication",
    ),
    "a domain that is none": ({"trusted_domains": ["*"]}, "settings.trusted_domains must be"),
    "a domain in capitals": ({"trusted_domains": ["Corp.example"]}, "settings.trusted_domains must be"),
    "domains as text": ({"trusted_domains": "corp.example"}, "settings.trusted_domains must be"),
    "an unknown method": ({"token_auth_method": "client_secret_jwt"}, "settings.token_auth_method must be"),
    "a scope without openid": ({"scope": ["email"]}, "settings.scope must be"),
    "PKCE switched off": ({"oauth_pkce_enabled": False}, "settings.oauth_pkce_enabled must be true"),
}


def test_reads_a_provider() -> None:
    assert read_providers(json.dumps([GOOD])) == [GOOD]


def test_reads_what_stands_beside_the_settings_as_if_it_stood_in_them() -> None:
    [provider] = read_providers(json.dumps([GOOD | {"trusted_domains": ["corp.example"]}]))
    assert provider["settings"] == GOOD["settings"] | {"trusted_domains": ["corp.example"]}


def test_takes_the_discovery_url_for_the_issuer() -> None:
    read = read_settings({"server_url": "https://id.corp.example/.well-known/openid-configuration"})
    assert read.issuer == "https://id.corp.example"


@pytest.mark.parametrize(("text", "message"), WRONG.values(), ids=WRONG.keys())
def test_refuses(text: str, message: str) -> None:
    with pytest.raises(ImproperlyConfigured, match=message):
        read_providers(text)


@pytest.mark.parametrize(("changed", "message"), WRONG_MEMBERS.values(), ids=WRONG_MEMBERS.keys())
def test_refuses_a_provider_that_has(changed: dict[str, Any], message: str) -> None:
    with pytest.raises(ImproperlyConfigured, match=f"OIDC_PROVIDERS, provider 1: .*{message}"):
        read_providers(json.dumps([GOOD | changed]))


def test_names_no_secret_in_what_it_says() -> None:
    with pytest.raises(ImproperlyConfigured) as refused:
        read_providers(json.dumps([GOOD | {"settings": {"server_url": "s3cret"}}]))
    assert "s3cret" not in str(refused.value)


def test_refuses_settings_without_an_issuer() -> None:
    with pytest.raises(BadConfiguration):
        read_settings({})


def test_the_site_does_not_start_with_a_wrong_one() -> None:
    environment = os.environ | {"OIDC_PROVIDERS": "[{}]"}
    command = [sys.executable, "manage.py", "check"]
    ended = subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=60)
    assert ended.returncode != 0
    assert "OIDC_PROVIDERS, provider 1: provider_id must have" in ended.stderr
