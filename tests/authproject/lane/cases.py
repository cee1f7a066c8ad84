"""The table of requests that the three ways must answer alike, and which of them the lane takes."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode

from tests.authproject.lane.world import World
from tests.client_keys import by_assertion
from tests.clients import SECRET, basic
from tests.lane import FORM, JSON, Asked, get, post, post_form
from trust.limits import failures
from trust.limits.conf import CLIENT_SECRET_BY_ADDRESS

APP, API = basic("app", SECRET), basic("api", SECRET)
ORIGIN, STRANGER = "https://app.example", "https://evil.example"
CREDENTIALS: Final = {"grant_type": "client_credentials", "scope": "read"}
LANE, LOOP = "lane", "loop"
BOTH, NOBODY = frozenset({LANE, LOOP}), frozenset[str]()
Make = Callable[[World], Asked]


@dataclass(frozen=True)
class Case:
    """A request, the status of its answer, and who takes it from Django."""

    make: Make
    status: int
    taken_by: frozenset[str] = BOTH


def api(path: str, members: object, **headers: str) -> Asked:
    return post(f"/api/token/{path}/", json.dumps(members).encode(), JSON, **headers)


def token(form: dict[str, str] | None = None, **headers: str) -> Asked:
    return post_form("/oauth/token", CREDENTIALS if form is None else form, **{"authorization": APP} | headers)


def introspect(value: str, authorization: str = API) -> Asked:
    return post_form("/oauth/introspect", {"token": value}, authorization=authorization)


def revoke(value: str, authorization: str = APP, **headers: str) -> Asked:
    return post_form("/oauth/revoke", {"token": value}, authorization=authorization, **headers)


def of_token(body: bytes, content_type: str = FORM, **headers: str) -> Asked:
    return post("/oauth/token", body, content_type, **{"authorization": APP} | headers)


def guessed_too_often(world: World) -> Asked:
    for _ in range(CLIENT_SECRET_BY_ADDRESS.attempts):
        failures.take((CLIENT_SECRET_BY_ADDRESS, "192.0.2.9")).failed()
    return token(authorization=basic("app", "wrong")).but(client="192.0.2.9:5")


PLAIN: Final[dict[str, Case]] = {
    "a token for a client": Case(lambda world: token(), 200),
    "with a slash": Case(lambda world: token().but(path="/oauth/token/"), 200),
    "by the form": Case(lambda world: token(CREDENTIALS | {"client_id": "app", "client_secret": SECRET}).but(
        headers=tuple(one for one in token(CREDENTIALS | {"client_id": "app", "client_secret": SECRET}).headers if one[0] != "authorization")), 200),
    "an opaque token": Case(lambda world: token(authorization=basic("opaque", SECRET)), 200),
    "an assertion": Case(lambda world: post_form("/oauth/token", CREDENTIALS | by_assertion(world.assertion())), 200),
    "a wrong assertion": Case(lambda world: post_form("/oauth/token", CREDENTIALS | by_assertion("a.b.c")), 401),
    "a code": Case(lambda world: world.exchange(), 200),
    "a code of a pairwise client": Case(lambda world: world.exchange("pairwise"), 200),
    "a code for an opaque token": Case(lambda world: world.exchange("opaque"), 200),
    "a code of a client with a mapping": Case(lambda world: world.exchange("mapped"), 200),
    "a code of a client that hears of logouts": Case(lambda world: world.exchange("told"), 200),
    "an unknown code": Case(lambda world: world.exchange(code="nobody's"), 400),
    "a wrong verifier": Case(lambda world: world.exchange(code_verifier="x" * 43), 400),
    "no code": Case(lambda world: token({"grant_type": "authorization_code"}), 400),
    "a refresh": Case(lambda world: world.refresh(), 200),
    "a narrower scope": Case(lambda world: world.refresh(scope="openid"), 200),
    "a wider scope": Case(lambda world: world.refresh(scope="openid email"), 400),
    "a forged refresh token": Case(lambda world: world.refresh(token="a.b.c"), 400),
    "a wrong secret": Case(lambda world: token(authorization=basic("app", "wrong")), 401),
    "an unknown client": Case(lambda world: token(authorization=basic("nobody", "wrong")), 401),
    "broken credentials": Case(lambda world: token(authorization="Basic %%%"), 401),
    "another scheme": Case(lambda world: token(authorization="Digest x"), 401),
    "two methods": Case(lambda world: token(CREDENTIALS | {"client_secret": SECRET}), 400),
    "an unknown grant type": Case(lambda world: token({"grant_type": "password"}), 400),
    "a grant type that is not the client's": Case(lambda world: world.exchange(code="x").by(authorization=API), 400),
    "too many failures": Case(guessed_too_often, 429),
    "nothing": Case(lambda world: of_token(b""), 400),
    "introspection": Case(lambda world: introspect(world.access("openid", session_id=None)), 200),
    "introspection with a slash": Case(lambda world: introspect("x").but(path="/oauth/introspect/"), 200),
    "introspection of a dead token": Case(lambda world: introspect(world.access(grant="a dead grant")), 200),
    "introspection of a refresh token": Case(lambda world: introspect(world.token_response()["refresh_token"], APP), 403),
    "introspection by nobody": Case(lambda world: introspect("x", basic("api", "wrong")), 401),
    "introspection of nothing": Case(lambda world: introspect(""), 400),
    "revocation": Case(lambda world: revoke(world.token_response()["access_token"]), 200),
    "revocation of a grant": Case(lambda world: revoke(world.token_response()["refresh_token"]), 200),
    "revocation of nonsense": Case(lambda world: revoke("nonsense").but(path="/oauth/revoke/"), 200),
    "revocation by nobody": Case(lambda world: revoke("nonsense", basic("app", "wrong")), 401),
    "userinfo": Case(lambda world: get("/oauth/userinfo", authorization=world.bearer()), 200),
    "userinfo with a slash": Case(lambda world: get("/oauth/userinfo/", authorization=world.bearer()), 200),
    "userinfo by POST": Case(lambda world: post_form("/oauth/userinfo", {"access_token": world.access()}), 200),
    "userinfo by an empty POST": Case(lambda world: post("/oauth/userinfo", b"", authorization=world.bearer()), 200),
    "userinfo by two ways": Case(
        lambda world: post_form("/oauth/userinfo", {"access_token": "x"}, authorization=world.bearer()), 400
    ),
    "userinfo of a pairwise client": Case(
        lambda world: get("/oauth/userinfo", authorization=f"Bearer {world.token_response('pairwise')['access_token']}"), 200
    ),
    "userinfo by an opaque token": Case(
        lambda world: get("/oauth/userinfo", authorization=f"Bearer {world.token_response('opaque')['access_token']}"), 200
    ),
    "userinfo without a token": Case(lambda world: get("/oauth/userinfo"), 401),
    "userinfo by a dead token": Case(lambda world: get("/oauth/userinfo", authorization=world.bearer(grant="a dead grant")), 401),
    "userinfo by an expired token": Case(lambda world: get("/oauth/userinfo", authorization=f"Bearer {world.expired()}"), 401),
    "userinfo of another audience": Case(
        lambda world: get("/oauth/userinfo", authorization=world.bearer(audience="https://api.example")), 401
    ),
    "userinfo without openid": Case(lambda world: get("/oauth/userinfo", authorization=world.bearer("profile")), 403),
    "userinfo by no token at all": Case(lambda world: get("/oauth/userinfo", authorization="Bearer %"), 401),
    "keys": Case(lambda world: get("/oauth/jwks"), 200),
    "keys with a slash": Case(lambda world: get("/oauth/jwks/"), 200),
    "discovery": Case(lambda world: get("/.well-known/openid-configuration"), 200),
    "discovery with a slash": Case(lambda world: get("/.well-known/openid-configuration/", origin=STRANGER), 200),
    "metadata": Case(lambda world: get("/.well-known/oauth-authorization-server"), 200),
    "refresh": Case(lambda world: api("refresh", {"refresh": world.session_token()}), 200),
    "refresh without a slash": Case(
        lambda world: api("refresh", {"refresh": world.session_token()}).but(path="/api/token/refresh"), 200
    ),
    "refresh by a form": Case(lambda world: post_form("/api/token/refresh/", {"refresh": world.session_token()}), 200),
    "refresh with an access token": Case(lambda world: api("refresh", {"refresh": world.session_access()}), 401),
    "refresh of nothing": Case(lambda world: api("refresh", {}), 400),
    "refresh of a number": Case(lambda world: api("refresh", {"refresh": 1}), 400),
    "refresh of a list": Case(lambda world: api("refresh", ["refresh"]), 400),
    "refresh without a body": Case(lambda world: post("/api/token/refresh/", b"", JSON), 400),
    "verify": Case(lambda world: api("verify", {"token": world.session_access()}), 200),
    "verify without a slash": Case(
        lambda world: api("verify", {"token": world.session_access()}).but(path="/api/token/verify"), 200
    ),
    "verify of an expired token": Case(lambda world: api("verify", {"token": world.expired()}), 401),
    "verify of a dead token": Case(lambda world: api("verify", {"token": world.access(grant="a dead grant")}), 401),
    "verify of nobody's token": Case(lambda world: api("verify", {"token": "a.b.c"}), 401),
}  # fmt: skip

HEAD: Final[dict[str, Case]] = {
    "Korean": Case(lambda world: api("verify", {}, accept_language="ko-KR,ko;q=0.9,en;q=0.8"), 400),
    "English": Case(lambda world: api("verify", {}, accept_language="en-GB"), 400),
    "a language that nobody speaks": Case(lambda world: api("verify", {}, accept_language="xx-YY, zz"), 400),
    "any language": Case(lambda world: api("verify", {}, accept_language="xx, *, ko;q=0.1"), 400),
    "nonsense for a language": Case(lambda world: api("verify", {}, accept_language="ko;;q=é=1,,;".replace("é", "e")), 400),
    "a language by its quality": Case(lambda world: api("verify", {}, accept_language="en;q=0.1, ko"), 400),
    "a long list of languages": Case(lambda world: api("verify", {}, accept_language="xx," * 160 + "ko" * 20), 400),
    "an id": Case(lambda world: get("/oauth/jwks", x_request_id="abcDEF-1.2_3"), 200),
    "an id that is none": Case(lambda world: get("/oauth/jwks", x_request_id="a b c d e f g h"), 200),
    "an id that is too long": Case(lambda world: get("/oauth/jwks", x_request_id="a" * 65), 200),
    "a registered origin": Case(lambda world: token(origin=ORIGIN), 200),
    "a registered origin, refused": Case(lambda world: token({"grant_type": "x"}, origin=ORIGIN), 400),
    "a registered origin, unauthenticated": Case(lambda world: token(authorization=basic("app", "x"), origin=ORIGIN), 401),
    "a registered origin at userinfo": Case(lambda world: get("/oauth/userinfo", origin=ORIGIN), 401),
    "a registered origin, revoking": Case(lambda world: revoke("x", origin=ORIGIN), 200),
    "a foreign origin": Case(lambda world: token(origin=STRANGER), 200),
    "the origin null": Case(lambda world: token(origin="null"), 200),
    "a preflight": Case(lambda world: Asked("/oauth/token", "OPTIONS").by(
        origin=ORIGIN, access_control_request_method="POST"), 204, NOBODY),
    "a foreign preflight": Case(lambda world: Asked("/oauth/userinfo", "OPTIONS").by(origin=STRANGER), 204, NOBODY),
    "OPTIONS of the API": Case(lambda world: Asked("/api/token/verify/", "OPTIONS"), 200, NOBODY),
    "HEAD": Case(lambda world: Asked("/oauth/jwks", "HEAD"), 200, NOBODY),
    "HEAD of userinfo": Case(lambda world: Asked("/oauth/userinfo", "HEAD").by(authorization=world.bearer()), 200, NOBODY),
    "GET of the token endpoint": Case(lambda world: get("/oauth/token"), 405, NOBODY),
    "PUT": Case(lambda world: token().but(method="PUT"), 405, NOBODY),
    "DELETE": Case(lambda world: get("/oauth/userinfo").but(method="DELETE"), 405, NOBODY),
    "GET of the API": Case(lambda world: get("/api/token/refresh/"), 405, NOBODY),
    "a method in small letters": Case(lambda world: token().but(method="post"), 200, NOBODY),
    "POST of the keys": Case(lambda world: post("/oauth/jwks", b""), 405, NOBODY),
    "a query": Case(lambda world: token().but(query="grant_type=password"), 200, NOBODY),
    "a query with a token": Case(lambda world: get("/oauth/userinfo").but(query="access_token=x"), 401, NOBODY),
    "a broken query": Case(lambda world: token().but(query="a=%ff"), 400, NOBODY),
    "a format that nobody gives": Case(lambda world: api("verify", {}).but(query="format=xml"), 404, NOBODY),
    "a cookie": Case(lambda world: token(cookie="a=b"), 200, NOBODY),
    "a language in a cookie": Case(lambda world: api("verify", {}, cookie="language=ko"), 400, NOBODY),
    "a session in a cookie": Case(lambda world: get("/oauth/userinfo", cookie="sessionid=abcdefgh"), 401, NOBODY),
    "no JSON, please": Case(lambda world: api("verify", {}, accept="text/html"), 406, NOBODY),
    "nothing at all, please": Case(lambda world: api("verify", {}, accept=""), 406, NOBODY),
    "JSON or anything": Case(lambda world: api("verify", {}, accept="application/json, text/plain, */*"), 400),
    "no JSON from an endpoint that has nothing else": Case(lambda world: token(accept="text/html"), 200),
    "another host": Case(lambda world: token(host="evil.example"), 400, NOBODY),
    "no host": Case(lambda world: get("/oauth/jwks").but(headers=(("host", ""),)), 400, NOBODY),
    "a host with a port": Case(lambda world: token(host="testserver:8443"), 200),
    "a host in capitals": Case(lambda world: token(host="TestServer"), 200),
    "a host that is none": Case(lambda world: token(host="a/b@testserver"), 400, NOBODY),
    "the name of HTTP/2": Case(lambda world: token().but(
        headers=token().headers[1:], authority="testserver", http_version="2"), 200),
    "another name of HTTP/2": Case(lambda world: token().but(
        headers=token().headers[1:], authority="evil.example", http_version="2"), 400, NOBODY),
    "a header twice": Case(lambda world: api("verify", {}).but(
        headers=(*api("verify", {}).headers, ("accept-language", "xx"), ("accept-language", "ko"))), 400, frozenset({LANE})),
    "credentials twice": Case(lambda world: token().but(headers=(*token().headers, ("authorization", APP))), 401, frozenset({LANE})),
    "a header with an underscore": Case(lambda world: token().but(headers=(*token().headers, ("x_forwarded_for", "1.1.1.1"))), 200),
    "NUL in a header": Case(lambda world: token(x_a="a\0b"), 400, NOBODY),
    "a header that is not ASCII": Case(lambda world: token(user_agent="café"), 200, NOBODY),
    "headers without end": Case(lambda world: token(x_a="a" * 17_000), 431, NOBODY),
    "a path without end": Case(lambda world: get("/oauth/token" + "/a" * 5000), 414, NOBODY),
    "no such path": Case(lambda world: get("/oauth/tokens"), 404, NOBODY),
    "a path that is longer": Case(lambda world: get("/oauth/token//"), 404, NOBODY),
    "another charset, without a body": Case(lambda world: get("/oauth/jwks", content_type="text/plain; charset=utf-16"), 415, NOBODY),
    "Expect": Case(lambda world: token(expect="100-continue"), 200, NOBODY),
}  # fmt: skip

BODY: Final[dict[str, Case]] = {
    "UTF-8 by name": Case(lambda world: of_token(b"grant_type=x", f"{FORM}; charset=UTF-8"), 400),
    "UTF-8 otherwise": Case(lambda world: of_token(b"grant_type=x", f"{FORM};charset=utf8"), 400, NOBODY),
    "another charset": Case(lambda world: of_token(b"grant_type=x", f"{FORM}; charset=latin-1"), 415, NOBODY),
    "JSON in another charset": Case(lambda world: post("/api/token/verify/", b"{}", f"{JSON}; charset=utf-16"), 415, NOBODY),
    "JSON in UTF-8": Case(lambda world: post("/api/token/verify/", b"{}", f"{JSON};charset=utf-8"), 400),
    "JSON for a form": Case(lambda world: of_token(b"{}", JSON), 400),
    "text": Case(lambda world: of_token(b"grant_type=x", "text/plain"), 400, NOBODY),
    "text for JSON": Case(lambda world: post("/api/token/verify/", b"x", "text/plain"), 415, NOBODY),
    "a type in capitals": Case(lambda world: of_token(urlencode(CREDENTIALS).encode(), FORM.upper()), 200, NOBODY),
    "no type": Case(lambda world: of_token(b"grant_type=x", ""), 400, NOBODY),
    "parts": Case(lambda world: of_token(b"--x--", "multipart/form-data; boundary=x"), 400, NOBODY),
    "no JSON": Case(lambda world: post("/api/token/verify/", b"{", JSON), 400),
    "a member twice": Case(lambda world: post("/api/token/verify/", b'{"token":"a","token":"b"}', JSON), 400),
    "NUL in JSON": Case(lambda world: post("/api/token/verify/", rb'{"token":"\u0000"}', JSON), 400, NOBODY),
    "half a character": Case(lambda world: post("/api/token/verify/", rb'{"token":"\ud800"}', JSON), 400, NOBODY),
    "a deep body": Case(lambda world: post("/api/token/verify/", b"[" * 100, JSON), 400, NOBODY),
    "a parameter twice": Case(lambda world: of_token(b"grant_type=x&grant_type=y"), 400),
    "a broken escape": Case(lambda world: of_token(b"grant_type=%zz"), 400, NOBODY),
    "no UTF-8": Case(lambda world: of_token(b"grant_type=\xff"), 400, NOBODY),
    "no UTF-8, escaped": Case(lambda world: of_token(b"grant_type=%ff"), 400, NOBODY),
    "NUL in a form": Case(lambda world: of_token(b"grant_type=%00"), 400, NOBODY),
    "too many parameters": Case(lambda world: of_token(b"a=b&" * 200), 400, NOBODY),
    "many parameters": Case(lambda world: of_token(b"&".join(b"a%d=b" % number for number in range(70))), 400),
    "more fields than the API has": Case(
        lambda world: post("/api/token/verify/", b"&".join(b"a%d=b" % number for number in range(21))), 400
    ),
    "a long parameter": Case(lambda world: of_token(b"grant_type=" + b"x" * 20_000), 400),
    "too large": Case(lambda world: of_token(b"a=" + b"x" * 66_000), 413, NOBODY),
    "a length that is none": Case(lambda world: of_token(b"", content_length="abc"), 400, NOBODY),
    "a negative length": Case(lambda world: of_token(b"", content_length="-1"), 400, NOBODY),
    "a length in odd digits": Case(lambda world: of_token(b"", content_length="²"), 400, NOBODY),
    "nothing, at length": Case(lambda world: of_token(b"", content_length="00"), 400),
    "a length beyond all": Case(lambda world: of_token(b"", content_length="9" * 30), 413, NOBODY),
    "less than was said": Case(lambda world: of_token(b"grant_type=x", content_length="13"), 400, NOBODY),
    "a type with a parameter in no charset": Case(lambda world: of_token(b"a=b", "text/plain; x*=no-such''y"), 415, NOBODY),
    "in chunks": Case(lambda world: Asked("/oauth/token", "POST", body=b"grant_type=x").by(
        content_type=FORM, transfer_encoding="chunked", authorization=APP), 400, NOBODY),
    "compressed": Case(lambda world: of_token(b"grant_type=x", content_encoding="gzip"), 400, NOBODY),
}  # fmt: skip
CASES: Final = PLAIN | HEAD | BODY
assert len(CASES) == len(PLAIN) + len(HEAD) + len(BODY)
