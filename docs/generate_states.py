"""Draws the state machines into ``docs/states.md`` from the tables that the code runs on.

.venv/bin/python docs/generate_states.py
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
TARGET = HERE / "states.md"


def diagram(table: Mapping[Any, Mapping[Any, Any]], first: str) -> str:
    """A Mermaid state diagram of a transition table; transitions between the same two states share an arrow."""
    arrows: dict[tuple[str, str], list[str]] = {}
    for state, transitions in table.items():
        for event, after in transitions.items():
            arrows.setdefault((str(state), str(after)), []).append(str(event))
    lines = ["```mermaid", "stateDiagram-v2", f"    [*] --> {first}"]
    lines += [f"    {before} --> {after}: {', '.join(events)}" for (before, after), events in arrows.items()]
    return "\n".join([*lines, "```"])


def render() -> str:
    """The whole page."""
    from agents.states import TRANSITIONS as AGENT
    from campaigns.states import TRANSITIONS as CAMPAIGN
    from dialer.calls.states import TRANSITIONS as CALL

    parts = [
        "# State machines",
        "Drawn from the tables by `docs/generate_states.py`; a test keeps them the same.",
    ]
    for title, place, table, first in (
        ("An agent", "agents/states.py", AGENT, "offline"),
        ("A call", "dialer/calls/states.py", CALL, "placed"),
        ("A campaign", "campaigns/states.py", CAMPAIGN, "stopped"),
    ):
        parts += [f"## {title}", f"`{place}`", diagram(table, first)]
    return "\n\n".join(parts) + "\n"


if __name__ == "__main__":
    sys.path.insert(0, str(HERE.parent))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dialer.settings")
    import django

    django.setup()
    TARGET.write_text(render())
