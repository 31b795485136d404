"""Choose what a campaign's safe-harbour message says."""

from __future__ import annotations

from django.db import transaction

from accounts.models import User
from campaigns.models import Campaign

from .prepare_prompt import prepare_prompt


@transaction.atomic
def set_message(campaign: Campaign, actor: User, text: str, recording: bytes | None) -> str:
    """Speak the text, or take the recording where one is given; returns the prompt's digest.

    Raises ``BadPrompt``, and the message stays as it was.
    """
    campaign.safe_harbour_text = text.strip()
    campaign.safe_harbour_recorded = recording is not None
    campaign.save(update_fields=["safe_harbour_text", "safe_harbour_recorded"])
    return prepare_prompt(campaign, actor, recording)
