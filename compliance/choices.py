"""The rules of the gate by name, and how dials are classed."""

from __future__ import annotations

from django.db import models


class Refused(models.TextChoices):
    """Why the gate refused a dial."""

    INVALID_NUMBER = "invalid_number", "Not a number that can be dialed"
    OWN_DNC = "own_dnc", "On the organisation's do-not-call list"
    WINDOW = "window", "Outside the calling window where the number may be"
    UNKNOWN_ZONE = "unknown_zone", "The number's time zone is not known"
    ATTEMPTS = "attempts", "As many attempts as the campaign allows"
    CAMPAIGN_HOURS = "campaign_hours", "Outside the campaign's hours"
    STOPPED = "stopped", "All dialing is stopped"
    CAMPAIGN_STATUS = "campaign_status", "The campaign is not dialing"
    NO_CALLER_ID = "no_caller_id", "No caller ID may be shown"
    CLOCK = "clock", "The clock is not believable"


class DialKind(models.TextChoices):
    """What asks for the dial."""

    AUTO = "auto", "Campaign"
    PREVIEW = "preview", "Preview"
    MANUAL = "manual", "Manual"
    CALLBACK = "callback", "Callback"


class DncSource(models.TextChoices):
    """How a number came onto the organisation's own list."""

    DISPOSITION = "disposition", "Asked an agent"
    IMPORT = "import", "Brought in by file"
    MANUAL = "manual", "Entered by hand"
    API = "api", "Sent by another system"
