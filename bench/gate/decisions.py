"""Whole decisions: every rule, a signature by a key of our own, sealed permits, evidence behind its hash.

In batches of 500, as the hopper and the engine ask, in one transaction each; and one at a time, as a manual dial.
The garbage collector is told what stays, as in the pacing daemon.
"""

from __future__ import annotations

import gc
import random
import time
import uuid
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from datetime import time as clock_time
from statistics import quantiles
from typing import Any

BATCH = 500
BATCHES, SMALL_BATCHES = 60, 20
SINGLES, SMALL_SINGLES = 2_000, 500
WARM_UP = 3
HUNDRED = 100
NOON = datetime(2026, 11, 20, 18, 0, tzinfo=UTC)
"""A Friday, one in the afternoon in New York, ten in the morning in California."""
AREA_CODES = ("212", "312", "404", "216", "503", "614", "617", "713", "415", "602")


def measure(small: bool) -> dict[str, Any]:
    """``decisions_per_s`` with evidence in batches, ``decision_p99_ms`` and ``decision_p50_ms`` singly."""
    from .installation import caller_ids, gate_at, organisation_with_everything

    organisation, signer = organisation_with_everything(NOON)
    gate = gate_at(NOON)
    requests = _requests(organisation.pk, signer, caller_ids(organisation))
    for _ in range(WARM_UP):
        gate.decide([next(requests) for _ in range(BATCH)])
    gc.collect()
    gc.freeze()
    return _batches(gate, requests, SMALL_BATCHES if small else BATCHES) | _singles(
        gate, requests, SMALL_SINGLES if small else SINGLES
    )


def _batches(gate: Any, requests: Iterator[Any], count: int) -> dict[str, Any]:
    from compliance.gate import Granted

    batches = [[next(requests) for _ in range(BATCH)] for _ in range(count)]
    started, cpu = time.perf_counter(), time.process_time()
    answers = [answer for batch in batches for answer in gate.decide(batch)]
    wall_s, cpu_s = time.perf_counter() - started, time.process_time() - cpu
    granted = sum(isinstance(answer, Granted) for answer in answers)
    return {
        "decisions_per_s": round(len(answers) / wall_s),
        "decisions_per_cpu_s": round(len(answers) / cpu_s),
        "decisions_granted_share": round(granted / len(answers), 3),
    }


def _singles(gate: Any, requests: Iterator[Any], count: int) -> dict[str, Any]:
    taken_ms = []
    for _ in range(count):
        request = next(requests)
        started = time.perf_counter()
        gate.decide([request])
        taken_ms.append((time.perf_counter() - started) * 1000)
    cuts = quantiles(taken_ms, n=HUNDRED)
    return {"decision_p50_ms": round(cuts[49], 3), "decision_p99_ms": round(cuts[98], 3)}


def _requests(organisation: int, signer: int, offers: tuple[Any, ...]) -> Iterator[Any]:
    """Sales calls to leads of ten states, each to a number and a lead of its own."""
    from compliance.choices import DialKind, Purpose
    from compliance.gate import CampaignHours, DialRequest

    chance = random.Random(1)
    template = DialRequest(
        call="",
        organisation=organisation,
        campaign=1,
        epoch=1,
        node="line-1",
        trunk=1,
        trunk_is_loopback=True,
        subject="",
        number="",
        kind=DialKind.AUTO,
        attempts=0,
        max_attempts=5,
        caller_ids=offers,
        trunk_presents_caller_id=False,
        state="",
        postal_code="",
        time_zone="",
        hours=CampaignHours(clock_time(0), clock_time(0), "1234567", "America/New_York"),
        dialing_stopped=False,
        campaign_dialing=True,
        purpose=Purpose.SALES,
        topic="campaign:1",
        signer=signer,
    )
    lead = 0
    while True:
        lead += 1
        number = f"+1{chance.choice(AREA_CODES)}{chance.randrange(2_220_000, 9_990_000)}"
        yield replace(template, call=uuid.uuid4().hex, subject=f"lead:{lead}", number=number)
