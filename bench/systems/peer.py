"""What peers have in common: they read the world from a file, and issue codes at an address of the bench."""

from bench.http import call, json_post
from bench.processes import Failed
from bench.systems.base import CODES_WITHIN, System, resource_of


class Peer(System):
    """A system that is not ours."""

    def codes(self, count: int, *, scope: str, variant: str = "") -> list[str]:
        """Have it issue them by its own models."""
        wanted: dict[str, object] = {
            "count": count,
            "seconds": CODES_WITHIN,
            "scope": scope,
            "challenge": self.ground.world.challenge,
            **resource_of(variant),
        }
        answer = call(self.url, json_post("/bench/codes", wanted))
        if answer.status != 200:
            raise Failed(f"{self.name} issued no codes: {answer.status} {answer.body[:300]!r}")
        return answer.body.decode().split()
