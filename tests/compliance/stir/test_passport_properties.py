"""Whatever is signed verifies; whatever is changed does not."""

from __future__ import annotations

import json
import uuid

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from compliance.stir.identity_header import IdentityInvalid, IdentityWriter, parse_identity
from compliance.stir.passport import (
    Called,
    Caller,
    Div,
    PassportInvalid,
    Rcd,
    Rich,
    Shaken,
    from_base64url,
    verify,
)

from .authority import X5U, new_key
from .tokens import canonical

pytestmark = pytest.mark.unit
KEY = new_key()
WRITER = IdentityWriter(KEY, X5U)
numbers = st.from_regex(r"[1-9][0-9]{6,14}", fullmatch=True)
callers = numbers.map(Caller)
called = st.lists(numbers, min_size=1, max_size=10).map(lambda found: Called(tuple(found)))
moments = st.integers(0, 2**40)
names = st.text(st.characters(codec="utf-8"), min_size=1, max_size=80)
claims = st.one_of(
    st.builds(Shaken, st.sampled_from("ABC"), called, moments, callers, st.uuids().map(str)),
    st.builds(Div, called, callers, moments, callers),
    st.builds(Rcd, called, moments, callers, names.map(Rich)),
)
IDENTITY = WRITER.write(
    Shaken("A", Called(("13125550199",)), 1_800_000_000, Caller("12025550123"), str(uuid.UUID(int=7)))
)
SIGNED_LENGTH = IDENTITY.index(";")
INFO = range(IDENTITY.index("<"), IDENTITY.index(">"))


@given(claims)
def test_what_is_written_is_read_and_verifies(given_claims):
    found = parse_identity(WRITER.write(given_claims))
    verify(found.passport, KEY.public_key())
    assert found.passport.claims == given_claims


@given(claims)
def test_what_is_written_is_canonical_by_another_reckoning(given_claims):
    payload = from_base64url(WRITER.write(given_claims).split(".")[1])
    assert payload == canonical(json.loads(payload))


@given(st.one_of(st.integers(0, SIGNED_LENGTH - 1), st.sampled_from(INFO)), st.integers(0, 6))
@settings(max_examples=400)
def test_no_bit_of_token_or_address_may_flip(place, bit):
    flipped = chr(ord(IDENTITY[place]) ^ (1 << bit))
    with pytest.raises((IdentityInvalid, PassportInvalid)):
        verify(parse_identity(IDENTITY[:place] + flipped + IDENTITY[place + 1 :]).passport, KEY.public_key())


@given(st.text(max_size=300))
def test_no_text_does_anything_but_be_refused(text):
    with pytest.raises(IdentityInvalid):
        parse_identity(text)


@given(st.integers(0, len(IDENTITY)), st.text(max_size=20), st.booleans())
def test_nothing_put_into_a_header_does_anything_but_be_refused_or_be_harmless(place, text, canonical_only):
    try:
        found = parse_identity(IDENTITY[:place] + text + IDENTITY[place:], canonical_only)
        verify(found.passport, KEY.public_key())
    except (IdentityInvalid, PassportInvalid):
        return
    assert found.passport.claims == parse_identity(IDENTITY).passport.claims
