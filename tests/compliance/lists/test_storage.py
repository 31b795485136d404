"""Files of lists hold what a plain set holds, and say so when they no longer do."""

from __future__ import annotations

import os

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from compliance.lists import building
from compliance.lists.building import Builder
from compliance.lists.changing import change_bits, change_sorted
from compliance.lists.checking import check_whole
from compliance.lists.layout import HEADER_BYTES, PAGE_BYTES, Form, Header
from compliance.lists.numbers import BitList, open_list
from compliance.lists.plans import NANP
from compliance.lists.problems import Damaged

pytestmark = pytest.mark.unit

NUMBER = st.integers(NANP.base, NANP.base + 3_000_000) | st.sampled_from(
    [NANP.base, NANP.base + NANP.span - 1, NANP.base + 65_536 * 8]
)
NUMBERS = st.lists(NUMBER, max_size=60)
QUIET = settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def array(numbers):
    return np.array(sorted(numbers), np.int64)


def build(path, numbers, large=True):
    path.unlink(missing_ok=True)
    builder = Builder(path, NANP)
    if large:
        builder._to_bits(NANP)
    builder.add(np.array(numbers, np.int64))
    return builder.finish()


@pytest.fixture
def path(tmp_path):
    return tmp_path / "list.numbers"


@QUIET
@given(NUMBERS, NUMBERS, st.booleans())
def test_a_list_holds_what_a_set_holds(path, numbers, others, large):
    header = build(path, numbers, large)
    stored = open_list(path)
    asked = [*numbers, *others, 1, 442079460018, NANP.base - 1, NANP.base + NANP.span]
    expected = [number in set(numbers) for number in asked]
    assert [stored.has(number) for number in asked] == expected
    assert stored.has_many(np.array(asked, np.int64)).tolist() == expected
    assert header.count == check_whole(path) == len(set(numbers))


@QUIET
@given(NUMBERS, st.lists(st.tuples(NUMBERS, NUMBERS), max_size=3), st.booleans())
def test_changes_in_their_order_give_what_a_set_gives(path, tmp_path, numbers, changes, large):
    build(path, numbers, large)
    expected, at = set(numbers), path
    for sequence, (added, removed) in enumerate(changes, 1):
        removed = set(removed) - set(added)
        expected = (expected | set(added)) - removed
        if large:
            change_bits(at, sequence, array(set(added)), array(removed))
        else:
            new = tmp_path / f"list-{sequence}.numbers"
            new.unlink(missing_ok=True)
            change_sorted(at, new, sequence, array(set(added)), array(removed), NANP)
            at = new
    stored = open_list(at, len(changes))
    assert {number for number in {*numbers, *expected} if stored.has(number)} == expected
    assert check_whole(at) == len(expected)


@QUIET
@given(NUMBERS, NUMBERS, NUMBERS)
def test_a_change_done_twice_is_as_one_done_once(path, numbers, added, removed):
    build(path, numbers)
    change = (array(set(added) - set(removed)), array(set(removed)))
    once = change_bits(path, 1, *change)
    assert change_bits(path, 1, *change) == once
    assert check_whole(path) == once.count == len((set(numbers) | set(added)) - set(removed))


def test_a_process_that_has_it_open_sees_a_change_at_once(path):
    build(path, [NANP.base + 5])
    stored = open_list(path)
    change_bits(path, 1, array([NANP.base + 9]), array([NANP.base + 5]))
    assert (stored.has(NANP.base + 9), stored.has(NANP.base + 5)) == (True, False)


def test_a_list_becomes_a_bit_array_when_it_grows_large_and_takes_little_disk(path, monkeypatch):
    monkeypatch.setattr(building, "LARGE", 1000)
    builder = Builder(path, NANP)
    for start in range(0, 3000, 500):
        builder.add(np.arange(start, start + 500) + NANP.base)
    assert builder.finish().count == 3000
    assert isinstance(open_list(path), BitList)
    assert path.stat().st_size > 10**9
    assert path.stat().st_blocks * 512 < 10**6


def test_dense_and_scattered_numbers_are_set_alike(path):
    rng = np.random.default_rng(1)
    dense = rng.permutation(np.arange(50_000)) + NANP.base + 777
    scattered = rng.integers(NANP.base, NANP.base + NANP.span, 5_000)
    build(path, np.concatenate([dense, dense[:100]]))
    assert open_list(path).has_many(dense).all()
    assert check_whole(path) == 50_000
    build(path, scattered)
    assert open_list(path).has_many(scattered).all()


def spoil(path, at, data=b"\xff"):
    with path.open("r+b") as file:
        file.seek(at)
        file.write(data)


def test_damage_is_seen_at_opening(path, tmp_path):
    build(path, [NANP.base + 5], large=False)
    header = Header.unpack(path.read_bytes()[:HEADER_BYTES])
    for at in (2, 20, PAGE_BYTES, header.payload_at):
        copy = tmp_path / f"copy-{at}"
        copy.write_bytes(path.read_bytes())
        spoil(copy, at)
        with pytest.raises(Damaged):
            open_list(copy)


@pytest.mark.parametrize("length", [0, 10, 5000, -1])
def test_a_file_that_is_cut_off_is_seen_at_opening(path, length):
    build(path, [NANP.base + 5, NANP.base + 6])
    os.truncate(path, length if length >= 0 else path.stat().st_size - 1)
    with pytest.raises(Damaged):
        open_list(path)


def test_a_missing_file_is_damage(path):
    with pytest.raises(Damaged, match="missing"):
        open_list(path)


def test_a_file_that_lacks_the_last_change_is_damage(path):
    build(path, [NANP.base + 5])
    with pytest.raises(Damaged, match="holds the changes up to 0, not up to 1"):
        open_list(path, change=1)


def test_the_whole_check_finds_one_flipped_bit_also_in_a_hole(path):
    header = build(path, [NANP.base + 5])
    assert header.form is Form.BITS
    spoil(path, header.payload_at + 700_000_000, b"\x01")
    open_list(path)
    with pytest.raises(Damaged, match="1 blocks"):
        check_whole(path)
