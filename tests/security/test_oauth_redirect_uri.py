"""Redirect URIs, altered in every way that ever fooled a server: a page of ours, never a redirect."""

from urllib.parse import quote, urlencode

import pytest
from django.test import Client as Browser

from tests.clients import Application, make_client

pytestmark = pytest.mark.django_db

HTTPS = "https://app.example/callback"
NATIVE = "http://127.0.0.1/callback"
SCHEME = "com.example.app:/callback"

# What was altered, by the registered URI that it imitates.
OF_HTTPS = [
    # Another place
    "https://evil.example/callback", "https://evil.example", "//app.example/callback", "/callback", "callback", "?", "#", "",
    "https://app.example.evil.example/callback", "https://evil.example/app.example/callback", "https://evilapp.example/callback",
    "https://sub.app.example/callback", "https://app.exampl/callback", "https://app.example./callback", "https://app-example/callback",
    # Scheme and port
    "http://app.example/callback", "HTTPS://app.example/callback", "Https://app.example/callback", "ftp://app.example/callback",
    "https://app.example:443/callback", "https://app.example:8443/callback", "https://app.example:/callback", "https:app.example/callback",
    "https:/app.example/callback", "https:///app.example/callback", "https://app.example:443@evil.example/callback", "wss://app.example/callback",
    # Case
    "https://APP.example/callback", "https://app.EXAMPLE/callback", "https://app.example/CALLBACK", "https://app.example/Callback",
    # Path
    "https://app.example", "https://app.example/", "https://app.example/callback/", "https://app.example/callback/..", "https://app.example//callback",
    "https://app.example/callback/../evil", "https://app.example/x/../callback", "https://app.example/./callback", "https://app.example/callback/.",
    "https://app.example/callback;a=b", "https://app.example/callback;", "https://app.example/callbackx", "https://app.example/callbac",
    "https://app.example/callback%2f", "https://app.example/callback%2F..%2Fevil", "https://app.example/%63allback", "https://app.example/callback%00",
    "https://app.example/callback%20", "https://app.example/callback%0d%0aSet-Cookie:x=y", "https://app.example/..;/callback",
    "https://app.example/callback%252f", "https://app.example/callback%5c..", "https://app.example/callback/%2e%2e",
    # Query and fragment
    "https://app.example/callback?", "https://app.example/callback?x=y", "https://app.example/callback?next=https://evil.example",
    "https://app.example/callback#", "https://app.example/callback#x", "https://app.example/callback#access_token=x", "https://app.example/callback&x=y",
    "https://app.example/callback?code=stolen", "https://app.example/callback?iss=https://evil.example", "https://app.example/callback%23",
    # User information (CVE-2024-8883 and before)
    "https://app.example@evil.example/callback", "https://app.example:x@evil.example/callback", "https://evil.example@app.example/callback",
    "https://app.example%40evil.example/callback", "https://app.example%2f@evil.example/callback", "https://:@app.example/callback",
    "https://@app.example/callback", "https://app.example&@evil.example/callback", "https://evil.example#@app.example/callback",
    "https://evil.example?@app.example/callback", "https://evil.example/@app.example/callback", "http://localhost:80@evil.example/callback",
    # Backslashes, white space and control characters, which browsers read in their own way
    "https://app.example\\@evil.example/callback", "https://evil.example\\app.example/callback", "https:\\\\app.example\\callback",
    "https:/\\evil.example/callback", "\\\\evil.example/callback", "https://evil.example\\.app.example/callback", "https://app.example/callback\\",
    " https://app.example/callback", "https://app.example/callback ", "https://app.example/call back", "\thttps://app.example/callback",
    "https://app.example/callback\n", "https://app.example/callback\r\nLocation: https://evil.example", "ht\ntps://app.example/callback",
    "https://app.example\t/callback", "https://app.example/callback\u00a0", "https://app.example/callback\u2028", "\u200bhttps://app.example/callback",
    # Unicode that looks or normalises like it
    "https://\uff41pp.example/callback", "https://app\u3002example/callback", "https://app.ex\u0430mple/callback", "https://app.example\u2044callback",
    "https://app.example/c\u0430llback", "https://\u24d0pp.example/callback", "https://app.example\uff0fcallback", "https://app.example\u200d/callback",
    "https://xn--pp-8ja.example/callback", "https://app.example/callback\u202e", "https://app.\u00e9xample/callback",
    # IPv6 and other addresses (CVE-2022-36087)
    "https://[::::]/callback", "http://[::::]", "https://[/callback", "https://]/callback", "https://[::1/callback", "https://[::1]evil.example/callback",
    "https://[v1.x]/callback", "https://[::ffff:127.0.0.1]/callback", "https://[fe80::1%25eth0]/callback", "https://0x7f000001/callback",
    "https://2130706433/callback", "https://127.1/callback", "https://[app.example]/callback",
    # Wildcards and patterns
    "https://*.example/callback", "https://app.example/*", "https://app.example/callback*", "*", ".*", "https://app.example/callback|x", "https://%/callback",
    "https://app.example/callback,https://evil.example", "https://app.example/callback https://evil.example", HTTPS + HTTPS,
    # Schemes that run or show something
    "javascript:alert(1)", "JavaScript:alert(1)", "java\nscript:alert(1)", "javascript://app.example/callback%0aalert(1)", "data:text/html,<script>",
    "vbscript:x", "file:///etc/passwd", "about:blank", "blob:https://app.example/x", "view-source:https://app.example/callback", "intent://x#Intent;end",
    "mailto:x@app.example", "com.example.app:/callback", "urn:ietf:wg:oauth:2.0:oob", "https", "https:", "https://", ":", "://", "null", "undefined",
]  # fmt: skip
OF_NATIVE = [
    "http://127.0.0.2/callback", "http://127.0.0.1.evil.example/callback", "http://127.0.0.1:80@evil.example/callback", "http://127.1/callback",
    "http://localhost/callback", "http://localhost:80/callback", "http://[::1]/callback", "http://[::]/callback", "http://0.0.0.0/callback",
    "https://127.0.0.1/callback", "https://127.0.0.1:8443/callback", "HTTP://127.0.0.1:99/callback", "http://127.0.0.1:99/other", "http://127.0.0.1:99",
    "http://127.0.0.1:99/callback/", "http://127.0.0.1:99/callback?", "http://127.0.0.1:99/callback?x", "http://127.0.0.1:99/callback#",
    "http://127.0.0.1:/callback", "http://127.0.0.1:-1/callback", "http://127.0.0.1:99999/callback", "http://127.0.0.1:port/callback", "http://127.0.0.1:9 9/callback",
    "http://127.0.0.1:99:99/callback", "http://127.0.0.1:\u0661/callback", "http://user@127.0.0.1:99/callback", "http://127.0.0.1:99\\@evil.example/callback",
    "http://127.0.0.1:99@evil.example/callback", "http://127.0.0.1:99.evil.example/callback", "http://0x7f.1/callback", "http://2130706433/callback",
    "http://[::ffff:127.0.0.1]:99/callback", "http://127.0.0.1%3a99/callback", "http://[127.0.0.1]:99/callback",
]  # fmt: skip
OF_SCHEME = [
    "com.example.app:/", "com.example.app:callback", "com.example.app://callback", "com.example.app:/callback/", "com.example.app:/callback?",
    "com.example.app:/callback#x", "COM.example.app:/callback", "com.example.app2:/callback", "com.example:/callback", "com.example.app.evil:/callback",
    "com.example.app:/call%62ack", "com.example.app:/callback x", "com.example.app:\\callback", "com.example.app:/callback:80",
]  # fmt: skip


def send(client_id, redirect_uri, prompt=None):
    application = Application.__new__(Application)  # its parameters alone
    application.verifier, application.redirect_uri = "v" * 43, redirect_uri
    application.client = type("Named", (), {"client_id": client_id})
    parameters = application.parameters(redirect_uri=redirect_uri, prompt=prompt)
    return Browser().get(f"/oauth/authorize?{urlencode(parameters)}")


def is_a_page(answer):
    return answer.status_code == 400 and not {"Location", "Refresh"} & set(answer.headers)


@pytest.fixture(autouse=True)
def clients(db):
    make_client("web", redirect_uris=HTTPS + " https://app.example/second")
    make_client("browser", public=True, redirect_uris=HTTPS + " https://app.example/second")
    make_client("native", public=True, redirect_uris=f"{NATIVE} {SCHEME}")
    make_client("server", redirect_uris=f"{NATIVE} {SCHEME}")


def test_the_tables_are_long_enough():
    assert len(set(OF_HTTPS)) == len(OF_HTTPS) > 120
    assert len(set(OF_NATIVE)) == len(OF_NATIVE)


@pytest.mark.spec("RFC 9700", "4.1.3")
@pytest.mark.parametrize(("client_id", "prompt"), [("web", None), ("browser", "none")])
def test_an_altered_web_address_is_never_gone_to(client_id, prompt):
    for altered in OF_HTTPS:
        assert is_a_page(send(client_id, altered, prompt)), altered
    assert send(client_id, HTTPS).status_code == 303


@pytest.mark.spec("RFC 8252", "7.3")
def test_an_altered_loopback_address_is_never_gone_to():
    for altered in OF_NATIVE:
        assert is_a_page(send("native", altered)), altered
        assert is_a_page(send("native", altered, prompt="none")), altered


@pytest.mark.spec("RFC 8252", "7.3")
def test_the_port_of_a_loopback_literal_may_differ_for_public_clients_alone():
    for port in ("", ":1", ":80", ":8080", ":65535"):
        assert send("native", f"http://127.0.0.1{port}/callback").status_code == 303, port
    assert is_a_page(send("server", "http://127.0.0.1:8080/callback"))
    assert send("server", NATIVE).status_code == 303


@pytest.mark.spec("RFC 8252", "7.1")
def test_an_altered_private_scheme_is_never_gone_to():
    for altered in OF_SCHEME:
        assert is_a_page(send("native", altered)), altered
    assert send("native", SCHEME).status_code == 303


def test_what_a_server_decoded_once_more_would_be_the_address_is_not_it():
    for times in (1, 2):
        altered = HTTPS
        for _ in range(times):
            altered = quote(altered, safe="")
        assert is_a_page(send("web", altered)), altered


@pytest.mark.parametrize("order", [1, -1])
def test_a_second_redirect_uri_is_not_chosen_from(order):
    """Parameter pollution: whichever of two a server takes, the other one is gone to (CVE-2026-9689 and before)."""
    pairs = [
        ("client_id", "web"),
        ("response_type", "code"),
        *[("redirect_uri", HTTPS), ("redirect_uri", "https://evil.example/")][::order],
    ]
    assert is_a_page(Browser().get(f"/oauth/authorize?{urlencode(pairs)}"))


@pytest.mark.parametrize("separator", [";", "%26", "%3b"])
def test_no_other_separator_smuggles_a_redirect_uri_in(separator):
    query = f"client_id=web&response_type=code&redirect_uri={quote(HTTPS)}{separator}redirect_uri=https://evil.example/"
    answer = Browser().get(f"/oauth/authorize?{query}")
    assert is_a_page(answer)


def test_the_body_of_a_post_does_not_mix_with_the_query():
    form = urlencode({"client_id": "web", "response_type": "code", "redirect_uri": "https://evil.example/"})
    path = f"/oauth/authorize?{urlencode({'client_id': 'web', 'redirect_uri': HTTPS})}"
    answer = Browser().post(path, form, content_type="application/x-www-form-urlencoded")
    assert answer.status_code == 303
    assert is_a_page(Browser().get(answer["Location"]))


def test_an_address_that_was_registered_under_another_client_is_not_gone_to():
    make_client("other", redirect_uris="https://other.example/callback")
    assert is_a_page(send("web", "https://other.example/callback"))
    assert is_a_page(send("other", HTTPS))
