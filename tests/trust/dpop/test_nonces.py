"""Nonces that are made of the time, and good for two minutes."""

from datetime import timedelta

import pytest

from trust.dpop import nonces
from trust.dpop.conf import NONCE_STEP_SECONDS, NONCE_STEPS
from trust.dpop.nonces import Place
from trust.lib import clock

NOW = clock.from_epoch(1_800_000_000)


@pytest.mark.spec("RFC 9449", "8")
@pytest.mark.parametrize("place", Place)
def test_a_nonce_says_where_its_proofs_are_remembered(place) -> None:
    assert nonces.place_of(nonces.fresh(place, now=NOW), now=NOW) is place


@pytest.mark.spec("RFC 9449", "8")
def test_a_nonce_is_good_for_a_while_and_no_longer() -> None:
    nonce = nonces.fresh(Place.CACHE, now=NOW)
    good_for = timedelta(seconds=(NONCE_STEPS - 1) * NONCE_STEP_SECONDS)
    assert nonces.place_of(nonce, now=NOW + good_for) is Place.CACHE
    assert nonces.place_of(nonce, now=NOW + good_for + timedelta(seconds=NONCE_STEP_SECONDS)) is None


def test_a_node_whose_clock_is_behind_knows_the_nonces_of_the_others() -> None:
    step = timedelta(seconds=NONCE_STEP_SECONDS)
    nonce = nonces.fresh(Place.CACHE, now=NOW)
    assert nonces.place_of(nonce, now=NOW - step) is Place.CACHE
    assert nonces.place_of(nonce, now=NOW - 2 * step) is None


@pytest.mark.spec("RFC 9449", "8.1")
def test_nonces_change_and_are_hard_to_guess() -> None:
    some = {nonces.fresh(place, now=NOW + timedelta(seconds=30 * n)) for n in range(50) for place in Place}
    assert len(some) == 100
    assert all(len(nonce) == 22 for nonce in some)


@pytest.mark.parametrize("nonce", ["", "nonsense", "A" * 22, "é", "x" * 5000])
def test_what_is_none_of_ours_is_not_good(nonce) -> None:
    assert nonces.place_of(nonce, now=NOW) is None


def test_a_nonce_of_a_former_key_is_good_while_that_is_listed(settings) -> None:
    settings.SEALING_KEYS = ["the former key, which is long enough for this"]
    nonce = nonces.fresh(Place.CACHE, now=NOW)
    settings.SEALING_KEYS = ["the new key, which is long enough for this too", *settings.SEALING_KEYS]
    assert nonces.place_of(nonce, now=NOW) is Place.CACHE
    assert nonces.fresh(Place.CACHE, now=NOW) != nonce
    settings.SEALING_KEYS = settings.SEALING_KEYS[:1]
    assert nonces.place_of(nonce, now=NOW) is None
