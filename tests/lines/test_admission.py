"""No call without a permit that is ours, fresh, unused and of the campaign's present holder."""

from __future__ import annotations

import math

import msgspec
import pytest

from dialer.bus.permit import Permit, seal
from dialer.bus.schemas import Originate
from dialer.lines.admission import USED_KEPT_S, Admission, Refused

pytestmark = pytest.mark.unit
KEY = b"k" * 32
STARTED = 1000.0
NOW = 2000.0


def permit(**fields: object) -> Permit:
    given: dict = {
        "id": "p1",
        "call": "c1",
        "organisation": 1,
        "campaign": 7,
        "epoch": 3,
        "node": "here",
        "number": "+12025550100",
        "caller_id": "+12025550199",
        "trunk": 1,
        "granted_at": NOW,
        "expires_at": NOW + 10,
    }
    return Permit(**{**given, **fields})


def order(
    sealed: bytes | None = None, call: str = "c1", ring_limit: float = 20.0, **fields: object
) -> Originate:
    sealed = sealed if sealed is not None else seal(permit(**fields), KEY)
    return Originate(call=call, permit=sealed, ring_limit=ring_limit)


class Uptime:
    """Seconds since the node's start; the clock on the wall is what each test says."""

    seconds = NOW - STARTED

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def uptime() -> Uptime:
    return Uptime()


@pytest.fixture
def admission(uptime: Uptime) -> Admission:
    return Admission("here", KEY, uptime)


def refusal(admission: Admission, given: Originate, now: float = NOW) -> str:
    with pytest.raises(Refused) as caught:
        admission.open(given, now)
    return caught.value.why


def test_a_good_permit_opens_once(admission: Admission) -> None:
    assert admission.open(order(), NOW).number == "+12025550100"
    assert refusal(admission, order()) == "replayed"


def test_a_permit_of_another_key_is_forged(admission: Admission) -> None:
    assert refusal(admission, order(seal(permit(), b"x" * 32))) == "forged"


@pytest.mark.parametrize("sealed", [b"", b"short", b"\x00" * 200])
def test_garbage_is_forged(admission: Admission, sealed: bytes) -> None:
    assert refusal(admission, order(sealed)) == "forged"


def test_a_sealed_body_of_another_shape_is_forged(admission: Admission) -> None:
    import hashlib
    import hmac

    body = msgspec.msgpack.encode({"call": "c1"})
    assert refusal(admission, order(hmac.digest(KEY, body, hashlib.sha256) + body)) == "forged"


def test_a_changed_number_is_forged(admission: Admission) -> None:
    sealed = seal(permit(), KEY).replace(b"+12025550100", b"+12025550101")
    assert refusal(admission, order(sealed)) == "forged"


def test_an_expired_permit_is_refused(admission: Admission) -> None:
    assert refusal(admission, order(), NOW + 10.1) == "expired"


def test_a_permit_from_far_in_the_future_is_refused(admission: Admission) -> None:
    assert refusal(admission, order(granted_at=NOW + 60, expires_at=NOW + 70)) == "expired"


def test_a_permit_for_another_node_is_refused(admission: Admission) -> None:
    assert refusal(admission, order(node="elsewhere")) == "wrong_node"


def test_a_permit_for_another_call_is_refused(admission: Admission) -> None:
    assert refusal(admission, order(call="c2")) == "bad_request"


def test_a_permit_from_before_the_start_counts_as_used(admission: Admission) -> None:
    assert refusal(admission, order(granted_at=STARTED - 1)) == "replayed"


@pytest.mark.parametrize("ring_limit", [14.9, -1, 301, math.nan, math.inf])
def test_the_ring_limit_must_be_lawful(admission: Admission, ring_limit: float) -> None:
    assert refusal(admission, order(ring_limit=ring_limit)) == "bad_request"


def test_a_lower_epoch_is_stale_after_a_claim(admission: Admission) -> None:
    admission.claim(7, 4)
    assert refusal(admission, order(epoch=3)) == "stale_epoch"
    assert admission.open(order(epoch=4), NOW).epoch == 4


def test_a_lower_epoch_is_stale_after_an_originate_of_a_higher_one(admission: Admission) -> None:
    admission.open(order(epoch=5), NOW)
    assert refusal(admission, order(id="p2", epoch=4)) == "stale_epoch"


def test_epochs_of_other_campaigns_do_not_matter(admission: Admission) -> None:
    admission.claim(8, 100)
    assert admission.open(order(), NOW).campaign == 7


def test_a_refused_permit_is_not_used_up(admission: Admission) -> None:
    assert refusal(admission, order(ring_limit=1)) == "bad_request"
    assert admission.open(order(), NOW).id == "p1"


def test_a_used_permit_stays_used_until_it_has_expired(admission: Admission) -> None:
    admission.open(order(), NOW)
    admission.open(order(id="p2", granted_at=NOW + 9, expires_at=NOW + 19), NOW + 9)
    assert refusal(admission, order(), NOW + 9) == "replayed"
    assert refusal(admission, order(), NOW + 15) == "expired"


def test_a_clock_that_is_set_back_makes_no_used_permit_fresh(admission: Admission, uptime: Uptime) -> None:
    admission.open(order(), NOW)
    uptime.seconds += 600
    assert refusal(admission, order(), NOW + 5) == "replayed"


def test_a_clock_that_is_set_back_an_hour_makes_no_new_permit_used(
    admission: Admission, uptime: Uptime
) -> None:
    uptime.seconds += 60
    behind = NOW + 60 - 3600
    assert admission.open(order(granted_at=behind, expires_at=behind + 10), behind).id == "p1"


def test_used_permits_do_not_pile_up_for_ever(admission: Admission, uptime: Uptime) -> None:
    admission.open(order(), NOW)
    uptime.seconds += USED_KEPT_S + 1
    admission.open(order(id="p2"), NOW)
    assert admission.open(order(), NOW).id == "p1", "forgotten, after any clock would have been set right"
