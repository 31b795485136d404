"""A decision in one plain line for a supervisor."""

from __future__ import annotations

from dataclasses import dataclass

MOST_LETTERS = 160


@dataclass(slots=True)
class Decision:
    """What the predictive method saw, and what it decided."""

    ready: int = 0
    out: int = 0
    """Lines that were out already."""
    most: int = 0
    """Lines that the world allowed."""
    limited_by: str = "nothing was asked yet"
    """What allowed no more than ``most``."""
    allowed: float = 0.0
    """The chance of meeting nobody that a line might carry."""
    placed: int = 0

    def in_words(self, answer_share: float, abandoned: float, limit: float) -> str:
        """For instance ``2 lines now, the next may miss an agent with over 2.1%. 3 ready, 14 out, 24% answered,
        abandoned 2.8% of at most 3.0%``."""
        lines = f"{self.placed} line{'' if self.placed == 1 else 's'} now"
        return (
            f"{lines}, {self._reason()}. {self.ready} ready, {self.out} out, {answer_share:.0%} answered, "
            f"abandoned {abandoned:.1%} of at most {limit:.1%}"
        )[:MOST_LETTERS]

    def _reason(self) -> str:
        if self.placed >= self.most:
            return self.limited_by
        return f"the next may miss an agent with over {self.allowed:.1%}"
