"""Whether the other end of an idle connection said farewell, or went without a word."""

import socket

import pytest

from trust.lib.farewell import has_been_told_something


@pytest.fixture
def ends():
    ours, theirs = socket.socketpair()
    with ours, theirs:
        yield ours, theirs


def test_nothing_is_to_be_read_on_a_connection_that_stands(ends):
    assert not has_been_told_something(ends[0].fileno())


def test_a_farewell_is_seen_and_not_read(ends):
    ours, theirs = ends
    theirs.send(b"E")
    assert has_been_told_something(ours.fileno())
    assert ours.recv(1) == b"E"


def test_the_end_is_seen(ends):
    ours, theirs = ends
    theirs.close()
    assert has_been_told_something(ours.fileno())
