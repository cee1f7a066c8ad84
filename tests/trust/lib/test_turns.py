"""Turns at computing, given away while something slow is waited for."""

import threading

import pytest

from trust.lib import turns


class Kept:
    """Turns that write down what becomes of them."""

    def __init__(self):
        self.said = []

    def give_away(self):
        self.said.append("given away")

    def take_back(self):
        self.said.append("taken back")


def in_a_thread(work):
    thread = threading.Thread(target=work)
    thread.start()
    thread.join()


def test_who_waits_gives_the_turn_away_and_takes_it_back():
    kept = Kept()

    def work():
        turns.hold(kept)
        with turns.given_away():
            kept.said.append("waited")

    in_a_thread(work)
    assert kept.said == ["given away", "waited", "taken back"]


def test_it_is_taken_back_after_an_error_too():
    kept = Kept()

    def work():
        turns.hold(kept)
        with pytest.raises(OSError, match="lost"), turns.given_away():
            raise OSError("lost")

    in_a_thread(work)
    assert kept.said == ["given away", "taken back"]


def test_who_holds_none_waits_as_ever():
    kept = Kept()
    in_a_thread(lambda: turns.hold(kept))
    with turns.given_away():
        kept.said.append("waited")
    assert kept.said == ["waited"]
