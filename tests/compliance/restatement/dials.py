"""Dials that may be asked for and events that may happen, for hypothesis to draw from."""

from __future__ import annotations

import itertools
import uuid
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

from hypothesis import strategies as st

from compliance.choices import ConsentNeed, DialKind, Message, Purpose
from compliance.gate import CallerIdOffer, CampaignHours, DialRequest

from . import places

OURS, THEIRS = 0, 1
HOT = [
    "+13055550123", "+14055550123", "+14105550123", "+12075550123", "+16175550123", "+12125550123", "+19155550123",
    "+12065550123", "+15045550123", "+14165550123", "+442079460123", "+441534123456",
]  # fmt: skip
"""The same few again and again: only so lists, caps and consents are met."""
ODD = [
    "911", "+1911", "+11234567890", "+12129110123", "+19005550123", "+12129760123", "+12125551212", "+18005550123",
    "+1 2125550123", "+121255501234", "+1212555012",
    "+1\uff12\uff11\uff12\uff15\uff15\uff15\uff10\uff11\uff12\uff13",
    "+\u0661\u0662\u0661\u0662\u0665\u0665\u0665\u0660\u0661\u0662\u0663", "12125550123", "", "+",
    "+449098790123", "+881612345678", "+2125550123", "+12125550123 ", "\n+12125550123", "+12125550123\n",
]  # fmt: skip
"""Nothing that may be dialed."""
CALLER_IDS = ["+13125550100", "+13055550100", "+12125550100"]
CODES = [*places.NO_ZIPS, *places.ZIPS, places.MILITARY_ZIP, "K1A 0B1", "v6b 1a1", "H2X 1Y4", "B3H 4R2"]
GIVEN_STATES = [
    "", "", "", "FL", "fl ", "Florida", "  rhode   island", "TN", "ut", "ON", "British Columbia", "Eastland",
    "\uff26\uff2c",
]  # fmt: skip
GIVEN_ZONES = ["", "", "", "", "", "America/Denver", " Europe/London ", "Eastern", "Mars/Olympus", "UTC"]
EDGES = [
    datetime(2026, 3, 8, 7, tzinfo=UTC),
    datetime(2026, 11, 1, 6, tzinfo=UTC),
    datetime(2026, 3, 29, 1, tzinfo=UTC),
    datetime(2028, 2, 29, 12, tzinfo=UTC),
    datetime(2027, 1, 1, 5, tzinfo=UTC),
    datetime(2026, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC),
    datetime(2026, 7, 3, 15, tzinfo=UTC),
    datetime(2028, 2, 29, 18, tzinfo=UTC),
]
NOON = datetime(2026, 11, 18, 17, 30, tzinfo=UTC)
"""A Wednesday: most calls are lawful then."""
JUMPS = [
    timedelta(seconds=1), timedelta(hours=1), timedelta(hours=8), timedelta(hours=24), timedelta(days=7),
    timedelta(hours=72), timedelta(days=31), timedelta(hours=24, microseconds=-1), timedelta(hours=-2),
]  # fmt: skip
CLOCK_TIMES = [
    time(h, m) for h, m in [(0, 0), (8, 0), (9, 0), (10, 0), (13, 30), (17, 0), (20, 0), (21, 0), (21, 30)]
]
PROMISES_NOTHING = {"list_unusable", "unsigned"}
"""Reasons whose ``retry_at`` is when to ask again, not when it is over."""

numbers = st.one_of(
    st.sampled_from(HOT),
    st.sampled_from(HOT),
    st.sampled_from(HOT),
    st.sampled_from(sorted(places.ABROAD)),
    st.sampled_from(ODD),
    st.builds(
        lambda area, rest: f"+1{area}{rest}", st.integers(200, 999), st.sampled_from(["5550123", "4110123"])
    ),
)
offers = st.lists(st.sampled_from([*CALLER_IDS, "none"]), max_size=3, unique=True).map(
    lambda chosen: tuple(CallerIdOffer(number) for number in chosen)
)
campaign_hours = st.builds(
    lambda opens, closes, weekdays: CampaignHours(opens, closes, weekdays, "America/New_York"),
    st.sampled_from([time(0), time(8), time(20)]),
    st.sampled_from([time(0), time(17), time(4)]),
    st.sampled_from(["1234567", "12345"]),
)
ALWAYS = CampaignHours(time(0), time(0), "1234567", "America/New_York")


def mostly(usual, others):
    """The usual value nine times in ten."""
    return st.sampled_from([True] * 9 + [False]).flatmap(
        lambda usually: st.just(usual) if usually else others
    )


LAWFUL = DialRequest(
    call="", organisation=OURS, campaign=7, epoch=3, node="line-1", trunk=2, trunk_is_loopback=False, subject="lead:1",
    number="+12125550123", kind=DialKind.AUTO, attempts=0, max_attempts=9,
    caller_ids=tuple(CallerIdOffer(number) for number in CALLER_IDS), trunk_presents_caller_id=False, state="",
    postal_code="", time_zone="", hours=ALWAYS, dialing_stopped=False, campaign_dialing=True, purpose=Purpose.SALES,
    topic="roofs",
)  # fmt: skip
"""At noon nothing forbids it, where the registries are in order."""
ONE_THING_CHANGED = [
    {"dialing_stopped": True},
    {"campaign_dialing": False},
    {"attempts": 9},
    {"hours": CampaignHours(time(0), time(0), "67", "America/New_York")},
    {"caller_ids": LAWFUL.caller_ids[:1]},
    {"number": "+442079460123"},
    {"check_reassigned": True},
]
"""Each may be all that forbids the lawful dial: by itself, or by what happened to it."""
campaigns = st.sampled_from([7, 8])
requests = st.builds(
    DialRequest,
    call=st.builds(lambda: uuid.uuid4().hex),
    organisation=st.sampled_from([OURS, OURS, OURS, THEIRS]),
    campaign=campaigns,
    epoch=st.just(3),
    node=st.just("line-1"),
    trunk=st.just(2),
    trunk_is_loopback=st.just(False),
    subject=st.sampled_from(["lead:1", "lead:2", "lead:3", "number:+13055550123"]),
    number=numbers,
    kind=st.sampled_from(list(DialKind)),
    attempts=st.sampled_from([0, 0, 0, 8, 9]),
    max_attempts=st.just(9),
    caller_ids=mostly(tuple(CallerIdOffer(number) for number in CALLER_IDS), offers),
    trunk_presents_caller_id=st.booleans(),
    state=mostly("", st.sampled_from(GIVEN_STATES)),
    postal_code=mostly("", st.sampled_from(CODES)),
    time_zone=mostly("", st.sampled_from(GIVEN_ZONES)),
    hours=mostly(ALWAYS, campaign_hours),
    dialing_stopped=mostly(False, st.booleans()),
    campaign_dialing=mostly(True, st.booleans()),
    purpose=st.sampled_from([Purpose.SALES, Purpose.SALES, Purpose.COLLECTION, *Purpose]),
    message=st.sampled_from([Message.LIVE, Message.LIVE, Message.LIVE, Message.RECORDED]),
    topic=st.sampled_from(["roofs", "roofs", "Roofs", "", "campaign:7"]),
    consent_need=mostly(ConsentNeed.LAW, st.sampled_from(list(ConsentNeed))),
    check_reassigned=mostly(False, st.booleans()),
)
batches = st.lists(
    st.tuples(requests, st.sampled_from([1, 1, 1, 2, 5])).map(
        lambda pair: [replace(pair[0], call=uuid.uuid4().hex) for _ in range(pair[1])]
    ),
    min_size=1,
    max_size=5,
).map(lambda several: list(itertools.chain.from_iterable(several)))
which = st.sampled_from([OURS, OURS, OURS, THEIRS])
hot = st.sampled_from(HOT)
some = st.sets(hot, min_size=1, max_size=4)
LIST_SORTS = [
    ("national", "US", "", None), ("national", "CA", "", None), ("national", "GB", "", None),
    ("state", "US", "FL", None), ("internal", "", "", None), ("campaign", "", "", 7),
    ("litigator", "", "", None), ("wireless", "US", "", None),
]  # fmt: skip
USUAL_DAYS = {"national US": 31, "national CA": 31, "national GB": 28, "state US": 31, "wireless US": 31}
CHANGES = [
    ("us-fl-calls", "limit", [1, 2, 5]),
    ("us-debt-calls", "limit", [1, 9]),
    ("us-solicitation", "opens", ["09:00", "11:00", "07:00"]),
    ("us-fl", "closes", ["17:00", "21:00"]),
    ("gb-abandoned", "hours", [24, 100]),
    ("us-abandoned", "hours", [48]),
]
TIGHTER = {"limit": min, "opens": max, "closes": min, "hours": max}
LAWS = {
    ("us-fl-calls", "limit"): 3,
    ("us-debt-calls", "limit"): 7,
    ("us-solicitation", "opens"): "08:00",
    ("us-fl", "closes"): "20:00",
    ("gb-abandoned", "hours"): 72,
    ("us-abandoned", "hours"): 0,
}
FROM_COUNTRY = {"+1416": "CA", "+44": "GB"}


def country_of(number: str) -> str:
    """Of a hot number."""
    return next((country for start, country in FROM_COUNTRY.items() if number.startswith(start)), "US")
