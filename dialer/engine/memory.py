"""The garbage collector, kept out of the way of answers.

It stops every thread while it looks, and by itself it looks when many objects were made: in the middle of a
transaction, through all its rows, or through the leads of forty hoppers, 20 to 120 ms at a time on a busy floor. Nearly
everything here is freed without it, when its last holder lets go; what is not (three small objects a query, Django's)
comes to some 12 MB an hour.
"""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Callable

LOOK_EVERY_S = 60.0
CALM_EVERY_S = 600.0
LONGEST_S = 4 * 3600.0


async def keep_clean(calm: Callable[[], bool]) -> None:
    """Collect where nobody waits for an answer, else after ``LONGEST_S``, until cancelled."""
    gc.disable()
    gc.collect()
    gc.freeze()  # What has been loaded stays: it need not be looked through again.
    passed_s = 0.0
    try:
        while True:
            await asyncio.sleep(LOOK_EVERY_S)
            passed_s += LOOK_EVERY_S
            if passed_s >= (CALM_EVERY_S if calm() else LONGEST_S):
                gc.collect()
                passed_s = 0.0
    finally:
        gc.unfreeze()
        gc.enable()
