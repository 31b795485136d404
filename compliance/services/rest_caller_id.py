"""Do not show a caller ID for a time."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import Q

from accounts.models import User
from accounts.services.record_audit import record_audit

from ..models import CallerId

BY_ITSELF = "gate"
"""Who put a number to rest where nobody did: the table of rests."""


@transaction.atomic
def rest_caller_id(caller_id: CallerId, actor: User | str, until: datetime, because: str) -> bool:
    """Whether this made the rest longer; a rest that lasts longer already stays as it is.

    The audit log keeps who, until when and why: it is the number's history.
    """
    longer = Q(rests_until=None) | Q(rests_until__lt=until)
    rows = CallerId.objects.filter(longer, pk=caller_id.pk)
    if not rows.update(rests_until=until, rests_because=because):
        return False
    before = {"rests_until": _text(caller_id.rests_until)}
    after = {"rests_until": _text(until), "because": because}
    record_audit(caller_id.organisation, actor, "caller_id.rested", caller_id.number, before, after)
    caller_id.rests_until, caller_id.rests_because = until, because
    return True


def _text(moment: datetime | None) -> str:
    return moment.isoformat() if moment is not None else ""
