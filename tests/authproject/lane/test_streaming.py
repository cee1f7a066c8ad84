"""A long answer of Django, sent as it is made."""

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest
from django.http import StreamingHttpResponse
from granian.rsgi import ProtocolClosed

from tests.lane import Protocol, Scope, get, in_loop


class Streaming(Protocol):
    """The other end, which takes an answer in pieces and goes away after so many."""

    def __init__(self, leaves_after: int = 1000) -> None:
        super().__init__()
        self.pieces: list[bytes] = []
        self.status = 0
        self.leaves_after = leaves_after

    def response_stream(self, status: int, headers: list[tuple[str, str]]) -> "Streaming":
        self.status = status
        return self

    async def send_bytes(self, piece: bytes) -> None:
        await asyncio.sleep(0)
        if len(self.pieces) == self.leaves_after:
            raise ProtocolClosed
        self.pieces.append(piece)


class Longwinded:
    """An application that streams, and knows how far it came."""

    def __init__(self, pieces: int, **headers: str) -> None:
        self.pieces = pieces
        self.headers = headers
        self.made = 0
        self.closed = False
        self.asked = 0

    def __call__(self, environ: Any, start_response: Any) -> Any:
        self.asked += 1
        start_response("200 OK", list(self.headers.items()))
        response = StreamingHttpResponse(self._made())
        response._resource_closers.append(self._close)
        return response

    def _made(self) -> Iterator[bytes]:
        for number in range(self.pieces):
            self.made += 1
            yield b"" if number % 2 else f"{number} ".encode()

    def _close(self) -> None:
        self.closed = True


def answered(django: Longwinded, protocol: Streaming) -> Streaming:
    in_loop(lambda site: site.__rsgi__(Scope(get("/admin/long/")), protocol), django)
    return protocol


def test_goes_out_piece_by_piece_and_is_closed() -> None:
    django = Longwinded(5)
    protocol = answered(django, Streaming())
    assert (protocol.status, protocol.pieces) == (200, [b"0 ", b"2 ", b"4 "])
    assert protocol.answers == []
    assert django.closed


def test_is_made_no_further_than_somebody_reads() -> None:
    django = Longwinded(100_000)
    answered(django, Streaming(leaves_after=3))
    assert django.made < 10
    assert django.closed


def test_what_says_its_length_goes_out_whole() -> None:
    django = Longwinded(3, **{"Content-Length": "4"})
    [told] = answered(django, Streaming()).answers
    assert told.body == b"0 2 "
    assert django.closed


def test_what_fails_on_the_way_is_closed_and_not_ended_well() -> None:
    class Failing(Longwinded):
        def _made(self) -> Iterator[bytes]:
            yield b"first"
            raise RuntimeError("gone")

    django = Failing(0)
    with pytest.raises(RuntimeError):
        answered(django, Streaming())
    assert django.closed
