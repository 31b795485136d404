"""Runs a prepared drill: starts the processes, waits until no lead is left, lets the calls end, stops."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db.models import Q
from django.utils import timezone

from accounts.models import User
from campaigns.choices import DIALABLE
from campaigns.models import Campaign, Lead
from campaigns.services.campaign_status import drain_campaign
from dialer.calls.models import Call
from dialer.engine import database
from dialer.supervise.programs import carrier_program, practice_agents_program, product_programs
from dialer.supervise.readiness import wait_for_rank
from dialer.supervise.supervisor import Supervisor

from . import figures
from .cpu import CpuClock
from .scratch import BadDrill
from .setup import Plan

POLL_S = 0.5
CPU_EVERY_S = 3.0
QUIET_S = 2.0
"""No lead and no call for this long: the drill is over."""
LAST_CALLS_S = 90.0
START_LIMIT_S = 90.0


async def run(plan: Plan, campaign: Campaign, say: Callable[[str], None]) -> dict[str, Any]:
    """Run to the end; returns the figures."""
    home = Path(settings.DATA_DIR)
    crew_report, carrier_report = home / "crew.json", home / "carrier.json"
    programs = product_programs()
    options = (
        "--talk",
        plan.talk,
        "--wrap",
        plan.wrap,
        "--campaign",
        campaign.name,
        "--report",
        str(crew_report),
    )
    programs.append(practice_agents_program(plan.agents, *options))
    if plan.practice:
        scale = str(plan.delay_scale)
        programs.append(carrier_program("--report", str(carrier_report), "--delay-scale", scale))
    supervisor, cpu = Supervisor(programs, say), CpuClock()
    began = time.monotonic()
    watching = asyncio.create_task(_watch_cpu(cpu, supervisor))
    try:
        await _start(supervisor)
        began = time.monotonic()
        await _until_done(plan, campaign, began, say)
        drained_at = await _let_calls_end(campaign)
        wall = time.monotonic() - began
        cpu.read(supervisor.pids())
    finally:
        watching.cancel()
        await supervisor.stop()
    found = await database.read(figures.collect, campaign, crew_report, wall)
    found |= await database.read(figures.agents_time, campaign, drained_at)
    if plan.practice:
        await database.read(figures.add_far_end, found, carrier_report)
    found["cpu_seconds"] = cpu.seconds()
    found["peak_memory_mb"] = round(cpu.peak_memory_bytes / 1e6)
    return found


async def _start(supervisor: Supervisor) -> None:
    try:
        async with asyncio.timeout(START_LIMIT_S):
            await supervisor.start(wait_for_rank)
    except TimeoutError:
        raise BadDrill(
            f"Not every process came up within {START_LIMIT_S:.0f} s; the lines above say why."
        ) from None


async def _watch_cpu(cpu: CpuClock, supervisor: Supervisor) -> None:
    while True:
        cpu.read(supervisor.pids())
        await asyncio.sleep(CPU_EVERY_S)


async def _until_done(plan: Plan, campaign: Campaign, began: float, say: Callable[[str], None]) -> None:
    deadline = timezone.now() + timedelta(seconds=plan.seconds)
    quiet_since = told_at = time.monotonic()
    while time.monotonic() - began < plan.seconds:
        left, live, outcomes = await database.read(progress, campaign, deadline)
        if left or live:
            quiet_since = time.monotonic()
        elif time.monotonic() - quiet_since >= QUIET_S:
            return
        if time.monotonic() - told_at >= 5:
            told_at = time.monotonic()
            say(f"{left} leads left, {live} calls up, {dict(outcomes)}")
        await asyncio.sleep(POLL_S)


def progress(campaign: Campaign, deadline: Any) -> tuple[int, int, Counter[str]]:
    """Leads not called yet that may be before ``deadline``, calls not ended or not disposed of, outcomes so far."""
    due = Q(next_call_at=None) | Q(next_call_at__lte=deadline)
    left = Lead.objects.filter(due, lead_list__campaign=campaign, status__in=DIALABLE, calls=None).count()
    calls = Call.objects.filter(campaign=campaign)
    undisposed = Q(ended_at=None) | Q(connected_at__isnull=False, disposed_at=None)
    outcomes = Counter(calls.exclude(outcome="").values_list("outcome", flat=True))
    return left, calls.filter(undisposed).count(), outcomes


async def _let_calls_end(campaign: Campaign) -> datetime:
    """No new dials; the last talks come to their end, and their records to the database. What has not come to an
    end within the limit is counted as unresolved. Returns when dialing ended."""
    supervisor = await database.read(User.objects.get, username="supervisor")
    drained_at = timezone.now()
    await database.write(drain_campaign, campaign.pk, supervisor)
    began = time.monotonic()
    while time.monotonic() - began < LAST_CALLS_S:
        if not (await database.read(progress, campaign, timezone.now()))[1]:
            break
        await asyncio.sleep(POLL_S)
    return drained_at
