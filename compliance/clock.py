"""The gate's clock: the real one, unless a drill has set it ahead or back."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.utils import timezone


def gate_now() -> datetime:
    """The moment that every rule looks at, aware UTC: real time plus ``settings.GATE_OFFSET_S``."""
    return timezone.now() + timedelta(seconds=settings.GATE_OFFSET_S)


def is_offset() -> bool:
    """Whether the gate's clock differs from the real one; then only loopback trunks may be dialed."""
    return bool(settings.GATE_OFFSET_S)


def real_time(moment: datetime | None) -> datetime | None:
    """A moment on the gate's clock as real time, for what is stored (a lead's next call)."""
    return moment - timedelta(seconds=settings.GATE_OFFSET_S) if moment is not None else None


def gate_time(moment: datetime) -> datetime:
    """A stored, real moment on the gate's clock: the inverse of ``real_time``."""
    return moment + timedelta(seconds=settings.GATE_OFFSET_S)
