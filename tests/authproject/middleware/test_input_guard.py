import pytest
from django.test import Client

pytestmark = pytest.mark.django_db
FORM = "application/x-www-form-urlencoded"


@pytest.mark.parametrize(
    "query", ["a=%00", "a=%zz", "a=%", "a=%f", "a=%ff", "a=%ed%a0%80", "a=\x00", "&" * 100, "a=\xff"]
)
def test_refuses_a_malformed_query(client: Client, query: str) -> None:
    answer = client.get("/api/me/", QUERY_STRING=query)
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid_request")


@pytest.mark.parametrize("query", ["next=/accounts/%3Fa%3Db", "q=%EA%B9%80&r=a+b%25", "", "a=1&a=2"])
def test_lets_a_sensible_query_through(client: Client, query: str) -> None:
    assert client.get("/accounts/login/", QUERY_STRING=query).status_code == 200


def test_refuses_nul_in_a_path(client: Client) -> None:
    assert client.get("/api/%00").status_code == 400


@pytest.mark.parametrize("path", ["/api/%ff", "/%ed%a0%80/", "/%EA%B9%80/", "/%C3%A9/", "/%25ff/"])
def test_finds_nothing_at_other_odd_paths(client: Client, path: str) -> None:
    assert client.get(path).status_code == 404


def test_refuses_an_address_that_is_too_long(client: Client) -> None:
    assert client.get("/" + "a" * 8192).status_code == 414
    assert client.get("/api/me/?a=" + "a" * 8192).json()["code"] == "uri_too_long"


def test_refuses_headers_that_are_too_large(client: Client) -> None:
    assert client.get("/", headers={"X-Any": "a" * 17_000}).status_code == 431
    halves = {"X-One": "a" * 9_000, "X-Two": "a" * 9_000}
    assert client.get("/", headers=halves).status_code == 431


@pytest.mark.parametrize("content_type", [FORM, "application/json", "text/plain", "multipart/form-data; boundary=x"])
def test_refuses_a_body_that_is_too_large_before_it_is_read(client: Client, content_type: str) -> None:
    answer = client.post("/api/token/", data=b"x", content_type=content_type, CONTENT_LENGTH=str(64 * 1024 + 1))
    assert (answer.status_code, answer.json()["code"]) == (413, "content_too_large")


@pytest.mark.parametrize("length", ["-1", "1e3", "0x10", "٣", "nonsense", "9" * 5000])
def test_refuses_a_length_that_is_none(client: Client, length: str) -> None:
    assert client.post(
        "/api/token/", data=b"{}", content_type="application/json", CONTENT_LENGTH=length
    ).status_code in {
        *(400, 413),
    }


@pytest.mark.parametrize(
    "body", [b"a=%00", b"a=\x00", b"a=%zz", b"a=%ff", b"a=\xff", b"a=%ed%a0%80", b"&".join([b"a=1"] * 101)]
)
def test_refuses_a_malformed_form(client: Client, body: bytes) -> None:
    assert client.post("/accounts/login/", data=body, content_type=FORM).status_code == 400


@pytest.mark.parametrize(
    "part",
    [
        b"\r\n\r\na\x00b",
        b"\r\n\r\n\xff",
        b"\r\nContent-Transfer-Encoding: base64\r\n\r\nAA==",
    ],
    ids=["NUL", "not UTF-8", "NUL in base64"],
)
def test_refuses_a_malformed_part(client: Client, part: bytes) -> None:
    body = b'--x\r\nContent-Disposition: form-data; name="login"' + part + b"\r\n--x--\r\n"
    answer = client.post("/accounts/login/", data=body, content_type="multipart/form-data; boundary=x")
    assert answer.status_code == 400


def test_refuses_json_that_is_too_deep(client: Client) -> None:
    answer = client.post("/api/token/", data=b"[" * 5000, content_type="application/json")
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid_request")


def test_refusals_have_the_headers_of_every_answer(client: Client) -> None:
    answer = client.get("/?a=%00")
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["X-Request-ID"]
