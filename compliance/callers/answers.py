"""Which answers of the network say that a call was blocked, and not that a person declined it."""

from __future__ import annotations

import re

DECLINED = 603
UNWANTED, REJECTED = 607, 608
"""RFC 8197: the called party, or what acts for it, does not want calls from here. RFC 8688: analytics refused it."""
NETWORK_BLOCKED = re.compile(r"network\s+blocked|\bv=analytics", re.IGNORECASE)
"""What makes a 603 a 603+ (ATIS-1000099): its phrase, or the text of its Reason header (``text="v=analytics1;…"``)."""
SHORT_S = 6.0
"""An answered call that ended sooner counts as short: what analytics engines hold against a number."""


def is_blocked(sip_code: int | None, sip_reason: str) -> bool:
    """``sip_reason`` is the phrase and the Reason header, as the call record keeps them.

    A plain 603 is a person who declined: it says nothing about the caller ID.
    """
    if sip_code in (UNWANTED, REJECTED):
        return True
    return sip_code == DECLINED and NETWORK_BLOCKED.search(sip_reason) is not None


def is_short(answered: bool, talk_s: float) -> bool:
    """Whether somebody answered and was gone at once."""
    return answered and talk_s < SHORT_S
