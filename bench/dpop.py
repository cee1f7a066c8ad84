"""What a DPoP-bound request costs beside a bearer one, of ours alone: the same resource, in turns (RFC 9449)."""

import base64
import hashlib
import json
import secrets
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Final

from cryptography.hazmat.primitives.asymmetric import ec
from jwt.algorithms import ECAlgorithm

from bench import driver
from bench.driver import CONNECTIONS, Load, Outcome
from bench.http import Request, call, form, get
from bench.measurements import processor_seconds
from bench.processes import Failed
from bench.systems import Ground, System
from bench.world import SCOPE

GOAL: Final = 2.0  # times what a bearer request takes, of the server's processors and of its time
# One that the lane answers, and a view of Django REST framework.
_PATHS: Final = {"userinfo": "/oauth/userinfo", "a guarded view": "/api/user_info/"}
_SPARE: Final = 1.2  # times the proofs that would be used if they cost nothing
_WARM_UP: Final = 1.0  # seconds
_ES256: Final = ECAlgorithm(ECAlgorithm.SHA256)


class Prover:
    """A client's key, and the proofs that it makes."""

    def __init__(self) -> None:
        self._key = ec.generate_private_key(ec.SECP256R1())
        jwk = json.loads(ECAlgorithm.to_jwk(self._key.public_key()))
        public = {name: jwk[name] for name in ("kty", "crv", "x", "y")}
        self._header = _encoded({"typ": "dpop+jwt", "alg": "ES256", "jwk": public})

    def proof(self, method: str, url: str, *, token: str = "") -> str:
        """Return a proof of this moment."""
        claims: dict[str, Any] = {"jti": secrets.token_urlsafe(16), "htm": method, "htu": url, "iat": int(time.time())}
        if token:
            claims["ath"] = _b64(hashlib.sha256(token.encode()).digest())
        signed = f"{self._header}.{_encoded(claims)}"
        return f"{signed}.{_b64(_ES256.sign(signed.encode(), self._key))}"


@dataclass(frozen=True)
class Cost:
    """What came of a run: processor time in microseconds for each request."""

    outcome: Outcome
    server: float
    database: float
    redis: float


@dataclass(frozen=True)
class Pair:
    """One resource asked by both schemes, in as many rounds."""

    name: str
    bearer: list[Cost]
    dpop: list[Cost]

    def of(self, what: Callable[[Cost], float]) -> tuple[float, float]:
        """Return the medians of both."""
        return statistics.median(map(what, self.bearer)), statistics.median(map(what, self.dpop))


def measured(ground: Ground, system: System, *, rounds: int, seconds: float) -> list[Pair]:
    """Measure each resource by a token of each kind."""
    prover = Prover()
    issuer = ground.world.issuer
    bearer, bound = _token(system, ""), _token(system, prover.proof("POST", issuer + system.paths.token))
    pairs = []
    for name, path in _PATHS.items():
        pair = Pair(name, [], [])
        plain = get(path, bearer)
        rate = _measured(ground, system, _load(ground, plain, []), _WARM_UP).outcome.rate
        for _ in range(rounds):
            pair.bearer.append(_measured(ground, system, _load(ground, plain, []), seconds))
            proofs = [
                prover.proof("GET", issuer + path, token=bound)
                for _ in range(int(rate * seconds * _SPARE) + CONNECTIONS)
            ]
            by_dpop = Request("GET", path, {"Authorization": f"DPoP {bound}"})
            _check(system, replace(by_dpop, headers={**by_dpop.headers, "DPoP": proofs.pop()}))
            pair.dpop.append(_measured(ground, system, _load(ground, by_dpop, proofs), seconds))
        pairs.append(pair)
    return pairs


def lines(pairs: list[Pair]) -> list[str]:
    """Return what is told of it."""
    return [line for pair in pairs for line in _lines(pair)]


def _lines(pair: Pair) -> list[str]:
    rates, servers = pair.of(lambda cost: cost.outcome.rate), pair.of(lambda cost: cost.server)
    databases, redis = pair.of(lambda cost: cost.database), pair.of(lambda cost: cost.redis)
    latencies = pair.of(lambda cost: cost.outcome.p50), pair.of(lambda cost: cost.outcome.p99)
    times = servers[1] / servers[0]
    slower = rates[0] / rates[1]
    said = "reached" if max(times, slower) <= GOAL else "NOT reached"
    both = [f"{first:,.0f}, {second:,.0f}" for first, second in (rates, servers, databases, redis)]
    waits = [f"{first:.1f}, {second:.1f}" for first, second in latencies]
    return [
        f"{pair.name}, bearer and DPoP: {both[0]} a second; p50 {waits[0]} ms; p99 {waits[1]} ms",
        f"  processor for each: server {both[1]} µs, database {both[2]} µs, Redis {both[3]} µs",
        f"  DPoP takes {times:.2f} times the server's processor, {slower:.2f} the time; goal {GOAL}: {said}",
    ]


def _measured(ground: Ground, system: System, load: Load, seconds: float) -> Cost:
    roots = [[system.pid], [ground.cluster.pid], ground.redis.pids]
    before = [processor_seconds(root) for root in roots]
    outcome = driver.run(system.url, load, seconds=seconds)
    spent = [processor_seconds(root) - used for root, used in zip(roots, before, strict=True)]
    if outcome.refused or outcome.broken or not outcome.requests:
        raise Failed(f"{outcome.refused} refused, {outcome.broken} broken of {outcome.requests}")
    print(f"{load.script:8}{outcome.rate:10,.0f}/s", file=sys.stderr, flush=True)
    server, database, redis = (each / outcome.requests * 1e6 for each in spent)
    return Cost(outcome, server, database, redis)


def _token(system: System, proof: str) -> str:
    (code,) = system.codes(1, scope=SCOPE)
    request = form(system.paths.token, system.exchange_form() | {"code": code})
    answer = call(system.url, replace(request, headers={**request.headers, **({"DPoP": proof} if proof else {})}))
    members = answer.json()
    if answer.status != 200 or members["token_type"] != ("DPoP" if proof else "Bearer"):
        raise Failed(f"no token: {answer.status} {answer.body[:300]!r}")
    token: str = members["access_token"]
    return token


def _load(ground: Ground, request: Request, proofs: list[str]) -> Load:
    path = ground.folder / "request"
    request.write(path)
    if not proofs:
        return Load("static", (path,))
    (ground.folder / "proofs").write_text("\n".join(proofs) + "\n", encoding="utf-8")
    return Load("dpop", (path, ground.folder / "proofs"))


def _check(system: System, request: Request) -> None:
    answer = call(system.url, request)
    if answer.status != 200:
        raise Failed(f"{request.path}: {answer.status} {answer.body[:300]!r}")


def _encoded(value: dict[str, Any]) -> str:
    return _b64(json.dumps(value, separators=(",", ":")).encode())


def _b64(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
