"""The law's calling hours, on every clock and in every state in which the called party may be."""

from __future__ import annotations

from ..choices import Refused
from ..law import places, windows
from ..law.overrides import NONE
from ..law.places import Place, UnknownPlace
from ..law.windows import Kind
from ..law.zones import UnknownZone
from ..values import DialRequest
from .base import Allowed, Facts, Forbidden, Rule, Verdict


def ask(request: DialRequest, facts: Facts) -> Verdict:
    """Allowed only where the law of every state allows it by every clock; a place that is not known is refused."""
    try:
        place = places.place_of(request.number, request.postal_code, request.state, request.time_zone)
    except UnknownZone as unknown:
        return Forbidden(Refused.UNKNOWN_ZONE, str(unknown))
    except UnknownPlace as unknown:
        return Forbidden(Refused.UNKNOWN_PLACE, str(unknown))
    key = place, request.purpose, request.message, request.organisation
    verdict = facts.window_verdicts.get(key)
    if verdict is None:
        verdict = facts.window_verdicts[key] = _judge(request, place, facts)
    return verdict


def _judge(request: DialRequest, place: Place, facts: Facts) -> Verdict:
    kind = Kind(request.purpose, request.message)
    overrides = facts.overrides.get(request.organisation, NONE)
    closed = windows.closed_by(place, kind, facts.now, overrides)
    if closed is None:
        clocks = ", ".join(f"{zone.key} {facts.now.astimezone(zone):%H:%M}" for zone in place.zones)
        return Allowed(f"{' '.join(place.states)}: {clocks}")
    if closed.rule is None:
        return Forbidden(Refused.UNKNOWN_PLACE, str(closed))
    return Forbidden(Refused.WINDOW, str(closed), windows.opens_next(place, kind, facts.now, overrides))


RULE = Rule("window", f"2/{windows.version()}", ask)
