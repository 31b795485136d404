"""What an API key may do."""

from __future__ import annotations

from django.db import models


class Scope(models.TextChoices):
    """One right of an API key; each endpoint names the one it needs."""

    HOOKS_READ = "hooks:read", "See webhooks and samples of events"
    HOOKS_WRITE = "hooks:write", "Subscribe and unsubscribe webhooks"
    CALLS_READ = "calls:read", "Read call records"
    CAMPAIGNS_READ = "campaigns:read", "Read campaigns"
    DIALS_WRITE = "dials:write", "Dial for an agent"
    CONSENTS_WRITE = "consents:write", "Enter and revoke consents"
    DNC_WRITE = "dnc:write", "Add numbers to the do-not-call list"
