"""A scenario that makes no sense is refused in a sentence that says what is wrong."""

from __future__ import annotations

import math

import pytest

from dialer.engine.virtual.shift import run_shift
from dialer.engine.virtual.values import Spell

from .shifts import with_crew, with_far_end, with_settings

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(
    ("scenario", "words"),
    [
        (with_settings(method="manual"), "not with 'manual'"),
        (with_settings(method="psychic"), "not with 'psychic'"),
        (with_settings(hours=0.0), "Hours must lie between"),
        (with_settings(hours=math.nan), "Hours must lie between"),
        (with_settings(hours=30.0), "Hours must lie between"),
        (with_settings(leads=0), "at least one lead"),
        (with_settings(abandon_limit=1.5), "abandonment limit"),
        (with_settings(abandon_target=0.5), "abandonment target"),
        (with_settings(line_limit=0), "line limit"),
        (with_settings(calls_per_s=0.0), "Calls a second"),
        (with_settings(ring_limit_s=5.0), "ring limit"),
        (with_settings(dial_ratio=0.5), "dial ratio"),
        (with_crew(agents=0), "number of agents"),
        (with_crew(staffing=((60.0, -1),)), "number of agents"),
        (with_crew(talks=()), "Talk needs at least one"),
        (with_crew(talks=(Spell(0.0, 0.5),)), "Talk: the mean"),
        (with_crew(wrapups=(Spell(10.0, -1.0),)), "Wrap-up: the coefficient"),
        (with_far_end(answer_share=()), "share of dials that people answer"),
        (with_far_end(answer_share=(0.5, 1.2)), "share that people answer"),
        (with_far_end(answer_share=(0.6,), machine_share=0.4, busy_share=0.1), "more than all dials"),
        (with_far_end(rings=(Spell(math.inf, 0.5),)), "Ringing: the mean"),
    ],
)
def test_what_makes_no_sense_is_refused_in_words(scenario, words):
    with pytest.raises(ValueError, match=words) as refused:
        run_shift(scenario)
    assert str(refused.value).endswith(".")
