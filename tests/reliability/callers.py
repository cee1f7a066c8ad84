"""Those who use a site all the time, each over one connection from an address of loopback of its own."""

import base64
import hashlib
import http.client
import json
import re
import secrets
import ssl
import time
import urllib.request
from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final
from urllib.parse import parse_qsl, urlencode, urlsplit

from tests.clients import CALLBACK, SECRET, basic
from tests.people import PASSWORD
from tests.reliability.ledger import Chain, Held, Ledger, Reply, generation_of

PROMISE: Final = 2.0  # seconds until what was ended is refused everywhere: DESIGN section 6
_EXCUSED_AFTER: Final = 8.0  # seconds: a lost answer is given once more within 10
_PATIENCE: Final = 40.0  # seconds: the proxy answers sooner
_FORM: Final = "application/x-www-form-urlencoded"


class Line:
    """A connection that is kept, to the proxy or to a node itself."""

    def __init__(self, url: str, ledger: Ledger, *, address: str, trusted: ssl.SSLContext | None = None) -> None:
        self._parts, self._ledger, self._trusted = urlsplit(url), ledger, trusted
        self._address = address
        # A node is told by the proxy, or by whoever stands in for it, whence and how a request came.
        self._always = {} if trusted else {"x-forwarded-proto": "https", "x-forwarded-for": address}
        self._connection: http.client.HTTPConnection | None = None

    def send(self, kind: str, method: str, path: str, *, body: Any = None, form: Any = None, **headers: str) -> Reply:
        """Ask once, and note the answer, whatever it is."""
        named = self._always | {name.replace("_", "-"): value for name, value in headers.items()}
        content = None
        if body is not None:
            named, content = named | {"content-type": "application/json"}, json.dumps(body)
        if form is not None:
            named, content = named | {"content-type": _FORM}, urlencode(form)
        sent = time.monotonic()
        try:
            connection = self._connected()
            connection.request(method, path, content, named)
            response = connection.getresponse()
            answer = response.read()
            status, head = response.status, {name.lower(): value for name, value in response.headers.items()}
        except (OSError, http.client.HTTPException):
            self.move(self._address)
            status, answer, head = 0, b"", {}
        reply = Reply(kind, status, _parsed(answer), head, sent, time.monotonic())
        self._ledger.replies.append(reply)
        if status == 503 and "retry-after" not in head:
            self._ledger.wrong.append(f"{kind}: 503 without Retry-After")
        return reply

    def move(self, address: str) -> None:
        """Ask from another address from now on, by a new connection."""
        if self._connection is not None:
            self._connection.close()
        self._connection, self._address = None, address

    def _connected(self) -> http.client.HTTPConnection:
        if self._connection is None:
            where, source = self._parts.netloc, (self._address, 0)
            self._connection = (
                http.client.HTTPSConnection(where, timeout=_PATIENCE, source_address=source, context=self._trusted)
                if self._parts.scheme == "https"
                else http.client.HTTPConnection(where, timeout=_PATIENCE, source_address=source)
            )
        return self._connection


def _parsed(answer: bytes) -> Any:
    try:
        return json.loads(answer)
    except ValueError:
        return answer.decode(errors="replace")


def settled(ask: Callable[..., Reply], *arguments: Any, **named: Any) -> Reply:
    """Ask until there is an answer."""
    deadline = time.monotonic() + _PATIENCE
    while (reply := ask(*arguments, **named)).is_lost and time.monotonic() < deadline:
        time.sleep(0.05)
    return reply


def sign_in(line: Line, username: str) -> Reply:
    return settled(line.send, "sign-in", "POST", "/api/token/", body={"username": username, "password": PASSWORD})


def sign_out(line: Line, held: Held) -> Reply:
    return settled(line.send, "sign-out", "POST", "/api/token/logout/", body={"refresh": held.refresh})


def me(line: Line, held: Held) -> Reply:
    return line.send("me", "GET", "/api/me/", authorization=f"Bearer {held.access}")


def userinfo(line: Line, held: Held) -> Reply:
    return line.send("userinfo", "GET", "/oauth/userinfo", authorization=f"Bearer {held.access}")


def refresh(line: Line, held: Held, *, is_oauth: bool) -> Reply:
    """Ask for the next token, again and again until there is an answer."""
    if is_oauth:
        form = {"grant_type": "refresh_token", "refresh_token": held.refresh}
        return settled(line.send, "refresh", "POST", "/oauth/token", form=form, authorization=basic("app", SECRET))
    return settled(line.send, "refresh", "POST", "/api/token/refresh/", body={"refresh": held.refresh})


def pair_of(reply: Reply) -> Held:
    """Return what a token response gives."""
    body = reply.body
    is_oauth = "access_token" in body
    names = ("refresh_token", "access_token") if is_oauth else ("refresh", "access")
    return Held(*(body[name] for name in names), at=reply.received)


def keep_refreshing(line: Line, ledger: Ledger, chain: Chain) -> None:
    """Rotate one token for ever: what was acknowledged is good for exactly one successor."""
    ledger.chains.append(chain)
    while not ledger.stop.wait(0.03):
        begun = time.monotonic()
        reply = refresh(line, chain.held, is_oauth=chain.is_oauth)
        if reply.status != 200 and reply.sent - begun > _EXCUSED_AFTER:
            chain.is_over = True
            return
        if not ledger.is_right("an acknowledged refresh token", reply, 200):
            return
        held, before = pair_of(reply), generation_of(chain.held.refresh)
        if generation_of(held.refresh) != before + 1:
            ledger.wrong.append(f"generation {before} was followed by {generation_of(held.refresh)}")
        chain.held, chain.rotations = held, chain.rotations + 1


def keep_signing_in(line: Line, ledger: Ledger, usernames: list[str], number: int) -> None:
    """Sign in over and over; every second time out again, until that is acknowledged."""
    count = 0
    while not ledger.stop.wait(0.15):
        count += 1
        line.move(f"127.0.{10 + number}.{1 + count % 200}")  # an address may only sign in so often
        reply = sign_in(line, usernames[count % len(usernames)])
        if not ledger.is_right("a sign-in", reply, 200):
            continue
        held = pair_of(reply)
        if count % 2:
            ledger.signed_in.append(held)
            continue
        # It may be refused where an answer was lost: the session is over by then.
        gone = sign_out(line, held)
        if ledger.is_right("a sign-out", gone, 204, 401):
            ledger.signed_out.append(replace(held, at=gone.received))


def keep_exchanging(line: Line, ledger: Ledger, cookie: str) -> None:
    """Get codes and exchange them; revoke every second refresh token, until that is acknowledged."""
    count = 0
    while not ledger.stop.wait(0.1):
        count += 1
        verifier = secrets.token_urlsafe(48)
        code = _authorized(line, ledger, cookie, verifier)
        reply = exchange(line, code, verifier)
        if reply.is_lost:
            # Good once, and only if it was not redeemed unheard.
            again = settled(exchange, line, code, verifier)
            ledger.is_right("a code whose answer was lost", again, 200, 400)
            continue
        if not ledger.is_right("an exchange", reply, 200):
            continue
        held = replace(pair_of(reply), code=code, verifier=verifier)
        if count % 2:
            ledger.exchanged.append(held)
            continue
        gone = settled(revoke, line, held.refresh)
        if ledger.is_right("a revocation", gone, 200):
            ledger.revoked.append(replace(held, at=gone.received))


def exchanged(line: Line, ledger: Ledger, cookie: str) -> Held:
    """Get a code and exchange it, on a quiet day."""
    verifier = secrets.token_urlsafe(48)
    return pair_of(exchange(line, _authorized(line, ledger, cookie, verifier), verifier))


def exchange(line: Line, code: str, verifier: str) -> Reply:
    form = {"grant_type": "authorization_code", "code": code, "redirect_uri": CALLBACK, "code_verifier": verifier}
    return line.send("exchange", "POST", "/oauth/token", form=form, authorization=basic("app", SECRET))


def revoke(line: Line, token: str) -> Reply:
    return line.send("revocation", "POST", "/oauth/revoke", form={"token": token}, authorization=basic("app", SECRET))


def _authorized(line: Line, ledger: Ledger, cookie: str, verifier: str) -> str:
    challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
    request = {
        "response_type": "code",
        "client_id": "app",
        "redirect_uri": CALLBACK,
        "scope": "openid offline_access",
        "state": "s",
        "code_challenge": challenge,
        "code_challenge_method": "S256",
        "prompt": "none",
    }
    reply = settled(line.send, "authorization", "GET", f"/oauth/authorize?{urlencode(request)}", cookie=cookie)
    if not ledger.is_right("an authorization", reply, 303):
        return ""
    answer = dict(parse_qsl(urlsplit(reply.headers["location"]).query))
    if "code" not in answer:
        ledger.wrong.append(f"an authorization: {answer}")
    return answer.get("code", "")


def keep_introspecting(line: Line, ledger: Ledger, held: Held) -> None:
    """Ask what a good token is worth, at both doors: it is good all the time, or there is no answer."""
    while not ledger.stop.wait(0.03):
        reply = introspect(line, held.access)
        if not reply.is_lost and ledger.is_right("an introspection", reply, 200) and not reply.body["active"]:
            ledger.wrong.append("a good token was inactive")
        reply = userinfo(line, held)
        if not reply.is_lost:
            ledger.is_right("a good token", reply, 200)


def introspect(line: Line, token: str) -> Reply:
    credentials = basic("app", SECRET)
    return line.send("introspection", "POST", "/oauth/introspect", form={"token": token}, authorization=credentials)


def keep_trying_what_is_over(line: Line, ledger: Ledger) -> None:
    """Use tokens whose end was acknowledged longer than the promise ago: none of them ever opens anything."""
    while not ledger.stop.wait(0.05):
        old = time.monotonic() - PROMISE
        for held in [held for held in ledger.signed_out[-20:] if held.at < old][-3:]:
            reply = me(line, held)
            if not reply.is_lost:
                ledger.is_right("a token that was signed out", reply, 401)
        for held in [held for held in ledger.revoked[-20:] if held.at < old][-3:]:
            reply = introspect(line, held.access)
            if (
                not reply.is_lost
                and ledger.is_right("an introspection", reply, 200)
                and reply.body != {"active": False}
            ):
                ledger.wrong.append("a revoked token was active")


def keep_guessing(line: Line, ledger: Ledger) -> None:
    """Guess at Victor's password, each time from another address."""
    count = 0
    while not ledger.stop.wait(0.1):
        count += 1
        line.move(f"127.0.{30 + count % 100}.7")
        reply = guess(line, "victor")
        if not reply.is_lost and ledger.is_right("a guess", reply, 401, 429) and reply.status == 401:
            ledger.judged.append(reply)


def guess(line: Line, login: str) -> Reply:
    return line.send("guess", "POST", "/api/token/", body={"username": login, "password": "a wrong password, surely"})


def signed_in_cookie(url: str, username: str, trusted: ssl.SSLContext) -> str:
    """Sign in on the page, as a browser does, and return the cookie of it."""
    cookies = urllib.request.HTTPCookieProcessor()
    browser = urllib.request.build_opener(cookies, urllib.request.HTTPSHandler(context=trusted))
    browser.addheaders.append(("Referer", f"{url}/accounts/login/"))
    page = browser.open(f"{url}/accounts/login/", timeout=_PATIENCE).read().decode()
    [token] = re.findall(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)[:1]
    form = {"csrfmiddlewaretoken": token, "login": username, "password": PASSWORD}
    browser.open(f"{url}/accounts/login/", urlencode(form).encode(), timeout=_PATIENCE)
    return "; ".join(f"{cookie.name}={cookie.value}" for cookie in cookies.cookiejar)
