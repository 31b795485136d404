"""Choices of trunks and calls."""

from __future__ import annotations

from django.db import models


class Transport(models.TextChoices):
    """How SIP reaches a trunk."""

    UDP = "udp", "UDP"
    TCP = "tcp", "TCP"
    TLS = "tls", "TLS"


class Srtp(models.TextChoices):
    """Whether the audio is encrypted (SDES)."""

    OFF = "off", "Off"
    OPTIONAL = "optional", "Offered"
    REQUIRED = "required", "Required"


class Stage(models.TextChoices):
    """Where a call stands."""

    PLACED = "placed", "Placed"
    RINGING = "ringing", "Ringing"
    ANSWERED = "answered", "Answered, waiting for an agent"
    CONNECTED = "connected", "With an agent"
    MESSAGE = "message", "Hearing the safe-harbour message"
    ENDED = "ended", "Ended"
