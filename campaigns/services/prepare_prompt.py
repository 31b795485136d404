"""Make the message that a person hears when nobody is free."""

from __future__ import annotations

import hashlib
import os
import tempfile
from pathlib import Path

from django.conf import settings

from accounts.models import User
from accounts.services.record_audit import record_audit
from campaigns.events import announce_change
from campaigns.models import Campaign
from campaigns.prompts.speech import speak
from campaigns.prompts.wav import to_prompt

BUNDLED = Path(__file__).resolve().parent.parent / "data" / "safe_harbour.wav"
"""Used where a campaign has neither text nor file; it names no caller, so each campaign should have its own."""
ORGANISATION_PLACE, NUMBER_PLACE = "{{ organisation }}", "{{ number }}"


def prepare_prompt(campaign: Campaign, actor: User | str, uploaded: bytes | None = None) -> str:
    """Make the campaign's message from an uploaded file, else its text, else the bundled one; returns its digest.

    The file rests under its SHA-256 in the data directory, where the pacing daemon finds it. Raises ``BadPrompt`` and
    changes nothing where the file or text cannot be used.
    """
    if uploaded is not None:
        content = to_prompt(uploaded)
    elif campaign.safe_harbour_text.strip():
        content = to_prompt(speak(merged_text(campaign)))
    else:
        content = BUNDLED.read_bytes()
    digest = _keep(content)
    if digest != campaign.safe_harbour_prompt:
        before, campaign.safe_harbour_prompt = campaign.safe_harbour_prompt, digest
        Campaign.objects.filter(pk=campaign.pk).update(safe_harbour_prompt=digest)
        record_audit(
            campaign.organisation,
            actor,
            "campaign.safe_harbour",
            campaign.name,
            {"prompt": before},
            {"prompt": digest},
        )
        announce_change(campaign.pk)
    return digest


def merged_text(campaign: Campaign) -> str:
    """The text with the organisation's name and the first caller ID, digit by digit, in their places."""
    shown = campaign.caller_ids.filter(active=True).order_by("pk").first()
    spoken = ", ".join(shown.number.removeprefix("+1").lstrip("+")) if shown else "the number shown"
    text = campaign.safe_harbour_text.replace(ORGANISATION_PLACE, campaign.organisation.name)
    return text.replace(NUMBER_PLACE, spoken)


def prompt_path(digest: str) -> Path:
    """Where a prepared message rests."""
    return Path(settings.DATA_DIR) / "prompts" / f"{digest}.wav"


def playable_prompt(campaign: Campaign) -> str:
    """The digest of a message that can be played now: the campaign's own, or the bundled one where it has none."""
    own = campaign.safe_harbour_prompt
    return own if own and prompt_path(own).is_file() else _keep(BUNDLED.read_bytes())


def _keep(content: bytes) -> str:
    """Written whole or not at all: a daemon never finds half a message."""
    digest = hashlib.sha256(content).hexdigest()
    path = prompt_path(digest)
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(file.name).replace(path)
    return digest
