"""Which disposition a practice agent chooses."""

from __future__ import annotations

import random
from typing import Any

SHARES = {"success": 12, "callback": 6, "do_not_call": 2, "retry": 10, "final": 70}
"""How often, of 100 talks with a person, a disposition of each meaning is chosen."""

Rule = dict[str, Any]
"""As the console's ``dispositions`` type has them: id, code, name, key, meaning."""


def _is_machine(rule: Rule) -> bool:
    return "machine" in f"{rule['code']} {rule['name']}".lower()


def choose_disposition(offered: list[Rule], machine: bool, chance: random.Random) -> Rule | None:
    """A disposition that fits what answered, or None where the campaign offers none."""
    machines = [rule for rule in offered if _is_machine(rule)]
    if machine and machines:
        return machines[0]
    people = [rule for rule in offered if not _is_machine(rule)]
    meanings = sorted({rule["meaning"] for rule in people})
    if not meanings:
        return next(iter(offered), None)
    meaning = chance.choices(meanings, [SHARES.get(meaning, 1) for meaning in meanings])[0]
    return next(rule for rule in people if rule["meaning"] == meaning)
