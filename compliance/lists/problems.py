"""What can be wrong with a list or a file of numbers; every text is for a person and says what to do."""

from __future__ import annotations


class BadFile(ValueError):
    """The file that was delivered cannot be taken; nothing was changed."""


class Damaged(Exception):
    """A stored file is missing, cut off or not what was written."""


class Busy(Exception):
    """Somebody else loads or changes the same list at this moment."""

    def __init__(self) -> None:
        super().__init__("Another load or change of this list is running. Wait until it has ended.")
