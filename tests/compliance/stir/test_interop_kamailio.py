"""Real INVITEs with permits of the real gate: Kamailio proves them to the root, and turns away what is wrong.

Gate → sealed permit → line node → pjsua2 child → SIP on loopback → Kamailio with its secsipid module.
"""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from compliance.gate import CallerIdOffer, Gate, Granted
from compliance.models import CallerId
from compliance.stir.verdicts import Verstat
from dialer.bus import keys, schemas
from dialer.bus.permit import Permit
from tests.compliance.conftest import NOON_IN_NEW_YORK
from tests.lines.bench import SECRET, Bench
from tests.lines.conftest import bench, far_end  # noqa: F401 - fixtures

from .authority import new_authority, new_key
from .conftest import CALLED, CALLER, SERVED, Provider
from .kamailio import Kamailio
from .tokens import identity, shaken

pytestmark = pytest.mark.media
PERMITS, PERMIT_LIFE_S = 9, 60.0
OFFER = CallerIdOffer(CALLER, "Acme", "A")
PROVEN, STALE, UNSUPPORTED, INVALID, MISSING = 480, 403, 437, 438, 428


@pytest.fixture
def kamailio(provider: Provider, tmp_path):
    with Kamailio(tmp_path, provider.authority, provider.leaf, SERVED).running() as running:
        yield running


@pytest.fixture
def permits(provider: Provider, ask, bench: Bench) -> list[Permit]:  # noqa: F811
    """Permits of the gate, for this node and the provider's signer."""
    CallerId.objects.create(
        organisation=provider.organisation, number=CALLER, attestation="A", proof="Letter"
    )
    gate = Gate(keys.derive(SECRET, "permit"), clock=lambda: NOON_IN_NEW_YORK, life_s=PERMIT_LIFE_S)
    fields = {"node": bench.config.node, "trunk": 1, "epoch": bench.epoch, "number": CALLED}
    fields |= {"signer": provider.signer.pk, "caller_ids": (OFFER,)}
    answers = gate.decide([ask(subject=f"lead:{n}", **fields) for n in range(PERMITS)])
    assert all(isinstance(answer, Granted) for answer in answers), answers
    return [answer.permit for answer in answers]


async def dial(bench: Bench, permit: Permit) -> int:  # noqa: F811
    """The SIP status that the call ended with."""
    call = await bench.originate(permit=permit, call=permit.call)
    return (await bench.event(schemas.CallEnded, call)).code


def changed(permit: Permit, **fields: object) -> Permit:
    """What an attacker, or a fault, would send."""
    return msgspec.structs.replace(permit, **fields)


def by_hand(key, x5u: str = SERVED, at: float | None = None) -> str:
    claims = {"orig": {"tn": CALLER[1:]}, "dest": {"tn": [CALLED[1:]]}, "iat": int(at or time.time())}
    return identity(shaken(key, {"x5u": x5u}, **claims), info=x5u)


@pytest.mark.parametrize("transport", ["udp", "tcp"])
async def test_a_call_that_the_gate_permits_is_proven(bench, kamailio, permits, transport):  # noqa: F811
    await bench.trunk(kamailio.port, transport=transport)
    permit = permits.pop()
    assert (permit.attestation, permit.caller_id) == ("A", CALLER)
    assert await dial(bench, permit) == PROVEN


async def test_what_is_wrong_is_turned_away(bench, kamailio, permits, provider):  # noqa: F811
    await bench.trunk(kamailio.port, transport="tcp")
    stranger = new_authority(datetime.now(UTC) - timedelta(days=9), datetime.now(UTC) + timedelta(days=9))
    times = {"starts": datetime.now(UTC) - timedelta(days=5), "ends": datetime.now(UTC) + timedelta(days=5)}
    unknown = stranger.leaf(**times)
    ended = provider.authority.leaf(**times | {"ends": datetime.now(UTC) - timedelta(days=1)})
    kamailio.publish("https://certs.example.com/unknown.pem", stranger.chain(unknown))
    kamailio.publish("https://certs.example.com/ended.pem", provider.authority.chain(ended))
    good = permits.pop()
    header, payload, rest = good.identity.split(".", 2)
    tampered = f"{header}.{payload[:20]}{'A' if payload[20] != 'A' else 'B'}{payload[21:]}.{rest}"
    own = provider.leaf.key
    wrong = {
        "tampered": (changed(permits.pop(), identity=tampered), INVALID),
        "stale": (changed(permits.pop(), identity=by_hand(own, at=time.time() - 90)), STALE),
        "another key": (changed(permits.pop(), identity=by_hand(new_key())), INVALID),
        "another caller": (changed(permits.pop(), caller_id="+12025550101"), INVALID),
        "another called number": (changed(permits.pop(), number="+12125550124"), INVALID),
        "an authority that is not trusted": (
            changed(permits.pop(), identity=by_hand(unknown.key, "https://certs.example.com/unknown.pem")), UNSUPPORTED,
        ),
        "a certificate that has ended": (
            changed(permits.pop(), identity=by_hand(ended.key, "https://certs.example.com/ended.pem")), UNSUPPORTED,
        ),
        "no signature": (changed(permits.pop(), identity=""), MISSING),
    }  # fmt: skip
    answered = {name: await dial(bench, permit) for name, (permit, _) in wrong.items()}
    assert answered == {name: code for name, (_, code) in wrong.items()}
    assert await dial(bench, good) == PROVEN


def test_what_kamailio_signs_is_verified_here_to_the_root(kamailio, verify_here):
    found = verify_here(kamailio.sign(CALLER, CALLED))
    assert (found.verstat, found.attestation, found.why) == (Verstat.PASSED, "A", "")
    assert verify_here(kamailio.sign(CALLER, "+12125550124")).verstat == Verstat.FAILED
