"""A busy floor, as the engine would publish it."""

from __future__ import annotations

import asyncio
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any


def busy_floor(campaign: int, agents: list[tuple[int, str]]) -> list[tuple[str, str, Any]]:
    """(type, id, data) of a running campaign with agents in several states."""
    now = time.time()
    states = ["talking", "ready", "wrapup", "paused", "hold", "ready", "talking", "reserved"]
    entries: list[tuple[str, str, Any]] = []
    for index, (agent, name) in enumerate(agents):
        state = states[index % len(states)]
        call = (
            {"id": f"c{agent}", "number": "+1518…42", "since": now - 75}
            if state in ("talking", "hold")
            else None
        )
        entries.append(
            (
                "agent",
                str(agent),
                {
                    "id": agent,
                    "name": name,
                    "state": state,
                    "since": now - 20 - 37 * index,
                    "reason": "Lunch" if state == "paused" else "",
                    "campaign": campaign,
                    "campaign_name": "Spring renewals",
                    "call": call,
                    "calls": 14 + index,
                    "connected_s": 1250.0 + 90 * index,
                    "lagged": index == 5,
                    "media": "lost" if index == 6 else "up",
                },
            )
        )
    entries.append(
        (
            "campaign",
            str(campaign),
            {
                "id": campaign,
                "name": "Spring renewals",
                "method": "predictive",
                "status": "running",
                "notice": "",
                "agents": {"ready": 2, "talking": 2, "hold": 1, "wrapup": 1, "paused": 1, "reserved": 1},
                "lines": {"placed": 3, "ringing": 9, "answered": 1, "connected": 3, "message": 0},
                "today": {"placed": 1840, "answered": 612, "connected": 590, "abandoned": 14, "machine": 8},
                "answered_30d": 4120,
                "abandoned_30d": 103,
                "abandon_share": 0.025,
                "abandon_limit": 0.03,
                "leads_due": 420,
                "line_limit": 100,
                "refused": {"window": 212, "own_dnc": 31, "attempts": 8},
                "target": 0.03,
                "measured_over": "30 days",
                "held_back": "",
                "updated_at": now,
            },
        )
    )
    entries += [
        ("pacing", str(campaign), pacing_of(campaign, now)),
        ("course", str(campaign), course_of(now)),
    ]
    entries.append(
        (
            "trunk",
            "1",
            {
                "id": 1,
                "name": "Northern SIP",
                "state": "ok",
                "why": "",
                "until": None,
                "calls": 13,
                "failures": {"486": 41, "404": 6},
            },
        )
    )
    entries.append(
        (
            "trunk",
            "2",
            {
                "id": 2,
                "name": "Backup carrier",
                "state": "resting",
                "why": "503 Service Unavailable",
                "until": now + 48,
                "calls": 0,
                "failures": {"503": 5},
            },
        )
    )
    entries.append(
        ("node", "line-1", {"id": "line-1", "kind": "line", "used": 13, "capacity": 64, "draining": False})
    )
    entries.append(
        ("node", "media-1", {"id": "media-1", "kind": "media", "used": 8, "capacity": 50, "draining": False})
    )
    entries.append(("daemon", "", {"alive_at": now}))
    return entries


def pacing_of(campaign: int, now: float) -> dict[str, Any]:
    """Why the campaign places what it places."""
    text = (
        "0 lines now, the trunks take no more calls a second. 2 ready, 13 out, 31% answered, "
        "abandoned 2.5% of at most 3.0%"
    )
    return {
        "campaign": campaign,
        "text": text,
        "limit": "trunks",
        "wanted": 22,
        "out": 13,
        "log": [
            {"at": now - 40, "limit": "trunks", "text": text},
            {
                "at": now - 220,
                "limit": "account",
                "text": "2 lines now, the next may miss an agent with over 2.1%. 3 ready, 14 out, 24% answered, "
                "abandoned 2.8% of at most 3.0%",
            },
            {
                "at": now - 900,
                "limit": "leads",
                "text": "0 lines now, no more leads to dial now. 5 ready, 0 out",
            },
        ],
    }


def course_of(now: float) -> dict[str, list[Any]]:
    """An hour of a room that gets busier."""
    start = int(now) // 60 * 60 - 3600
    return {
        "minutes": [start + 60 * minute for minute in range(60)],
        "occupancy": [round(0.62 + 0.004 * minute + 0.05 * (minute % 7 / 7), 4) for minute in range(60)],
        "answered": [9 + minute % 4 for minute in range(60)],
        "abandoned": [int(minute % 9 == 4) for minute in range(60)],
    }


def publish_all(redis_url: str, organisation: int, entries: list[tuple[str, str, Any]]) -> None:
    """Put the entries into the organisation's floor topic."""
    from dialer.bus.streams import connect
    from dialer.live.topics import floor_topic, publish

    async def put() -> None:
        redis = connect(redis_url)
        for type_, id_, data in entries:
            await publish(redis, floor_topic(organisation), type_, data, id_=id_)
        await redis.aclose()

    # In a thread of its own: the browser's driver keeps an event loop in this one.
    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, put()).result()
