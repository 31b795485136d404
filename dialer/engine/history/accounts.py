"""The account of abandonment: what steps, records, gate and floor say is one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from campaigns.choices import Outcome

from .values import Account, CallStory, Violation

RULE = "one account of abandonment"


class Counter:
    """Counts a campaign's account from the steps of its calls, one after the other."""

    def __init__(self) -> None:
        self.answered = self.abandoned = 0

    def add(self, story: CallStory) -> None:
        """Take one call: who was answered by nobody, though no machine picked up, was abandoned."""
        if not story.having("answered") or story.outcome == Outcome.MACHINE:
            return
        self.answered += 1
        self.abandoned += not story.having("connected")

    def account(self) -> Account:
        """As the steps have it."""
        return Account("the steps of its calls", self.answered, self.abandoned)


def judge(subject: str, accounts: Sequence[Account]) -> Iterator[Violation]:
    """Whoever says something else than the first, who is believed."""
    first = accounts[0]
    for other in accounts[1:]:
        if (other.answered, other.abandoned) != (first.answered, first.abandoned):
            yield Violation(RULE, subject, f"{_told(first)}; {_told(other)}")


def _told(account: Account) -> str:
    return f"{account.source}: {account.abandoned} abandoned of {account.answered}"
