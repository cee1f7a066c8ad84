"""The part of a client's program that hears of logouts (Back-Channel Logout 1.0 section 2.5), on loopback."""

import socket
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs

from tests.job_queue import run_queue
from tests.loopback import Answer, Server, saying
from tests.relying_party import verified


class LogoutReceiver(Server):
    """Answers logout requests by `answers`, which a test may change on the way, and keeps what it was sent."""

    def __init__(self, answer: Answer = saying(b"")) -> None:
        super().__init__(self._answer_now)
        self.answers = answer

    def _answer_now(self, connection: socket.socket, request: bytes) -> None:
        self.answers(connection, request)

    @property
    def uri(self) -> str:
        """Its backchannel_logout_uri."""
        return f"http://127.0.0.1:{self.port}/backchannel-logout"

    @property
    def tokens(self) -> list[str]:
        """The logout tokens that came, in their order."""
        forms = [parse_qs(request.partition(b"\r\n\r\n")[2].decode(), strict_parsing=True) for request in self.requests]
        assert all(list(form) == ["logout_token"] and len(form["logout_token"]) == 1 for form in forms)
        return [form["logout_token"][0] for form in forms]

    def claims(self, audience: str) -> list[dict[str, Any]]:
        """What the tokens say, verified by the published keys."""
        return [verified(token, audience=audience) for token in self.tokens]


def run_logouts(later: timedelta = timedelta(0)) -> None:
    """Run what the worker of the queue of logouts would run after `later`."""
    run_queue("logout", later=later)
