"""The jitter buffer puts packets in order and finds the shortest delay that the network allows."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialer.media.jitter import MAX_FRAMES, QUIET_PULLS, START_FRAMES, JitterBuffer

pytestmark = pytest.mark.unit


def packet(number: int) -> bytes:
    return number.to_bytes(4, "big")


def number(payload: bytes | None) -> int | None:
    return None if payload is None else int.from_bytes(payload, "big")


def play(
    arrivals: list[tuple[float, int]], pulls: int, first: int = 0
) -> tuple[list[int | None], JitterBuffer]:
    """What is pulled at each 20 ms when packets arrive at the given times (in ms)."""
    buffer = JitterBuffer()
    waiting = sorted(arrivals)
    heard = []
    for turn in range(pulls):
        while waiting and waiting[0][0] <= turn * 20:
            sequence = waiting.pop(0)[1]
            buffer.push((first + sequence) & 0xFFFF, packet(sequence))
        heard.append(number(buffer.pull()))
    return heard, buffer


def test_a_steady_stream_comes_out_whole_with_one_frame_in_hand() -> None:
    heard, buffer = play([(20 * n, n) for n in range(100)], 100)
    assert heard[START_FRAMES - 1 :] == list(range(100 - START_FRAMES + 1))
    assert len(buffer) == START_FRAMES - 1


def test_packets_that_changed_places_are_put_in_order() -> None:
    swapped = [(20 * (n ^ 1), n) for n in range(2, 60)]
    heard, _ = play(swapped, 80)
    got = [n for n in heard if n is not None]
    assert got == sorted(got)
    assert len(got) >= 57


def test_the_sequence_number_may_wrap() -> None:
    heard, _ = play([(20 * n, n) for n in range(60)], 60, first=0xFFF0)
    assert heard[1:] == list(range(59))


def test_a_lost_packet_leaves_one_gap_and_costs_no_delay() -> None:
    heard, buffer = play([(20 * n, n) for n in range(100) if n != 30], 100)
    assert heard.count(None) == START_FRAMES - 1 + 1
    assert buffer.missing == 1
    assert len(buffer) == START_FRAMES - 1


def test_a_longer_outage_costs_no_delay_either() -> None:
    heard, buffer = play([(20 * n, n) for n in range(200) if not 50 <= n < 65], 200)
    assert heard[-1] == 198
    assert len(buffer) == START_FRAMES - 1


def test_a_burst_after_a_stall_is_kept_and_then_worked_off() -> None:
    arrivals = [(20 * n if not 50 <= n < 54 else 1080, n) for n in range(1000)]
    heard, buffer = play(arrivals, 1000)
    lengthened = heard[200]
    assert lengthened is not None
    assert lengthened < 198
    assert heard[-1] == 998, "after some quiet seconds the delay is as short as before"
    assert buffer.late == 0


def test_jitter_of_30_ms_settles_without_losing_more_than_two_in_a_hundred() -> None:
    rng = random.Random(1)
    heard, _ = play([(20 * n + rng.uniform(0, 30), n) for n in range(1500)], 1500)
    assert sum(n is None for n in heard[100:]) < 0.02 * 1400


def test_a_sender_whose_clock_is_fast_never_fills_the_buffer() -> None:
    heard, buffer = play([(19.98 * n, n) for n in range(10_000)], 9990)
    assert len(buffer) <= START_FRAMES + 1
    assert sum(n is None for n in heard[2:]) == 0


def test_a_sender_whose_clock_is_slow_costs_single_gaps() -> None:
    heard, _ = play([(20.02 * n, n) for n in range(10_000)], 10_000)
    assert sum(n is None for n in heard) <= 0.002 * 10_000


def test_a_new_stream_begins_at_once() -> None:
    heard, _ = play([(20 * n, n if n < 50 else n + 30_000) for n in range(100)], 100)
    assert heard[-1] == 98 + 30_000


@given(st.lists(st.tuples(st.integers(0, 0xFFFF), st.booleans()), max_size=4 * QUIET_PULLS))
def test_whatever_comes_the_buffer_stays_small_and_never_fails(steps: list[tuple[int, bool]]) -> None:
    buffer = JitterBuffer()
    for sequence, pull in steps:
        buffer.push(sequence, b"x")
        if pull:
            buffer.pull()
        assert len(buffer) <= MAX_FRAMES
