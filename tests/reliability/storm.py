"""Everybody uses two nodes at once, while one part after the other is broken and mended."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from itertools import count
from typing import Final

from tests.reliability import callers
from tests.reliability.callers import Line, pair_of, sign_in
from tests.reliability.cluster_of_tests import PEOPLE, ClusterOfTests
from tests.reliability.ledger import Chain, Held, Ledger, Reply

UNNOTICED: Final = 1.0  # seconds from the death of the primary until the standby is promoted
_HELD_BACK: Final = 0.3  # seconds
_REDIS_AWAY: Final = 3.0  # seconds
_SPRAYED: Final = 200  # wrong passwords from one address while Redis is away
_PEOPLE: Final = [name for name in PEOPLE if name != "victor"]


@dataclass
class Storm:
    """What happened, by the monotonic clock."""

    cluster: ClusterOfTests
    ledger: Ledger = field(default_factory=Ledger)
    at: dict[str, float] = field(default_factory=dict)
    sprayed: list[Reply] = field(default_factory=list)
    right_meanwhile: list[Reply] = field(default_factory=list)  # sign-ins while Redis was away
    _addresses: "count[int]" = field(default_factory=lambda: count(1))

    def line(self) -> Line:
        """Return a connection to the proxy, from an address that nobody else has."""
        address = f"127.0.2.{next(self._addresses)}"
        return Line(self.cluster.url, self.ledger, address=address, trusted=self.cluster.trusted)

    def to_each_node(self) -> list[Line]:
        """Return a connection to each node itself."""
        return [Line(node.url, self.ledger, address="127.0.1.1") for node in self.cluster.nodes]

    def note(self, event: str) -> None:
        """Keep when it was."""
        self.at[event] = time.monotonic()

    def rage(self) -> None:
        """Let everybody begin, break and mend, and let everybody come to an end."""
        everybody = self._everybody()
        with ThreadPoolExecutor(len(everybody)) as pool:
            try:
                running = [pool.submit(one) for one in everybody]
                self.note("begun")
                time.sleep(2)
                self._kill_a_node()
                self._restart_redis()
                self._fail_over()
                self.note("over")
            finally:
                self.ledger.stop.set()
        for one in running:
            one.result()

    def _everybody(self) -> list[Callable[[], None]]:
        ledger = self.ledger
        cookie = callers.signed_in_cookie(self.cluster.url, _PEOPLE[0], self.cluster.trusted)
        first = callers.exchanged(self.line(), ledger, cookie)
        chains = [Chain(self._signed_in(), is_oauth=False) for _ in range(3)]
        chains += [Chain(callers.exchanged(self.line(), ledger, cookie), is_oauth=True) for _ in range(2)]
        return [
            *(partial(callers.keep_refreshing, self.line(), ledger, chain) for chain in chains),
            *(partial(callers.keep_signing_in, self.line(), ledger, _PEOPLE, number) for number in range(2)),
            partial(callers.keep_exchanging, self.line(), ledger, cookie),
            partial(callers.keep_introspecting, self.line(), ledger, first),
            partial(callers.keep_trying_what_is_over, self.line(), ledger),
            partial(callers.keep_guessing, self.line(), ledger),
        ]

    def _signed_in(self) -> Held:
        return pair_of(sign_in(self.line(), _PEOPLE[0]))

    def _kill_a_node(self) -> None:
        """Kill one, and start it again when the other has done its work for a while."""
        node = self.cluster.nodes[0]
        self.note("node killed")
        node.kill()
        self.note("node dead")
        time.sleep(3)
        node.start()
        self.note("node ready")
        time.sleep(3)

    def _restart_redis(self) -> None:
        """Start it anew, which forgets all; then stop it, guess, and start it again."""
        redis = self.cluster.redis
        self.note("redis killed")
        redis.kill()
        redis.start()
        time.sleep(1.5)
        redis.kill()
        self.note("redis away")
        self.right_meanwhile = [sign_in(self.line(), _PEOPLE[1]) for _ in range(3)]
        self._spray()
        time.sleep(max(_REDIS_AWAY - (time.monotonic() - self.at["redis away"]), 0))
        redis.start()
        self.note("redis back")
        time.sleep(1.5)

    def _spray(self) -> None:
        """Guess at many logins from one address, four at a time."""
        lines = [
            Line(self.cluster.url, self.ledger, address="127.0.3.3", trusted=self.cluster.trusted) for _ in range(4)
        ]

        def spray(number: int) -> Reply:
            return callers.guess(lines[number % 4], f"nobody{number}")

        with ThreadPoolExecutor(4) as pool:
            parts = [pool.submit(lambda own: [spray(n) for n in range(own, _SPRAYED, 4)], own) for own in range(4)]
        self.note("sprayed")
        self.sprayed = [reply for part in parts for reply in part.result()]

    def _fail_over(self) -> None:
        """Kill the primary; a while later, as long as it takes to be sure of it, promote the standby.

        The standby hears nothing of the primary's last moments: what was acknowledged in them would be lost.
        """
        self.cluster.hold_the_log_back()
        time.sleep(_HELD_BACK)
        self.note("primary killed")
        self.cluster.primary.kill()
        time.sleep(UNNOTICED)
        self.cluster.promote()
        self.note("promoted")
        time.sleep(6)
