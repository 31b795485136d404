"""Phone numbers as a role may see them."""

from __future__ import annotations

from accounts.choices import Capability
from accounts.models import User
from dialer.logs import mask_number


def shown_number(user: User, number: str) -> str:
    """The number whole for those who may see numbers, else masked."""
    return number if user.can(Capability.SEE_NUMBERS) else mask_number(number)
