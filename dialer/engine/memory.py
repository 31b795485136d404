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

LOOK_EVERY_S = 10.0
CALM_EVERY_S = 600.0
MOST_NEW = 500_000
"""So many objects more than at the last collection are some 50 MB: hours of a busy floor, minutes of errors that hold
what they were raised in."""


async def keep_clean(calm: Callable[[], bool]) -> None:
    """Collect where nobody waits for an answer, else at ``MOST_NEW``, until cancelled."""
    gc.disable()
    gc.collect()
    gc.freeze()  # What has been loaded stays: it need not be looked through again.
    passed_s = 0.0
    try:
        while True:
            await asyncio.sleep(LOOK_EVERY_S)
            passed_s += LOOK_EVERY_S
            if gc.get_count()[0] >= MOST_NEW or (passed_s >= CALM_EVERY_S and calm()):
                gc.collect()
                passed_s = 0.0
    finally:
        gc.unfreeze()
        gc.enable()
