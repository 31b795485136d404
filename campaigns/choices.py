"""Choices of campaigns, lists and leads."""

from __future__ import annotations

from django.db import models


class Method(models.TextChoices):
    """How a campaign dials."""

    PREDICTIVE = "predictive", "Predictive"
    PROGRESSIVE = "progressive", "Progressive"
    RATIO = "ratio", "Fixed ratio"
    PREVIEW = "preview", "Preview"
    MANUAL = "manual", "Manual"


METHOD_NOTES: dict[str, str] = {
    Method.PREDICTIVE: (
        "Places as many lines as keep agents busy, and steers to the target of abandoned calls. Learns as it dials."
    ),
    Method.PROGRESSIVE: "One line for each agent who is ready: nobody who answers meets no agent.",
    Method.RATIO: (
        "So many lines for each agent who is ready, whatever people do. Over the limit of abandoned calls it places "
        "one, until the share has fallen."
    ),
    Method.PREVIEW: "Each agent sees a lead first and says when it is dialed.",
    Method.MANUAL: "Agents enter the numbers; lists are not dialed.",
}
"""What each method does, for those who choose one."""


class Routing(models.TextChoices):
    """Which of the ready agents gets the next person; among equals always the one who has waited longest."""

    LONGEST = "longest", "Longest waiting"
    RANK = "rank", "Best rank, then longest waiting"
    SKILL = "skill", "Best at the list's skill, then rank, then longest waiting"


class CampaignStatus(models.TextChoices):
    """Whether a campaign dials."""

    STOPPED = "stopped", "Stopped"
    RUNNING = "running", "Running"
    PAUSED = "paused", "Paused"
    DRAINING = "draining", "Draining"


class Meaning(models.TextChoices):
    """What a disposition does with the lead."""

    FINAL = "final", "Final: never call again in this campaign"
    RETRY = "retry", "Call again later"
    DO_NOT_CALL = "do_not_call", "Do not call: the number goes on the own list"
    CALLBACK = "callback", "Call back at a time"
    SUCCESS = "success", "Success: final, and counted as a conversion"


class LeadStatus(models.TextChoices):
    """Where a lead stands."""

    NEW = "new", "New"
    RETRY = "retry", "To be called again"
    CALLBACK = "callback", "Callback agreed"
    DIALING = "dialing", "In a call now"
    FINAL = "final", "Done"
    SUCCESS = "success", "Success"
    DO_NOT_CALL = "do_not_call", "Do not call"
    EXHAUSTED = "exhausted", "No attempts left"
    UNUSABLE = "unusable", "No number that can be dialed"


DIALABLE = (LeadStatus.NEW, LeadStatus.RETRY, LeadStatus.CALLBACK)


class Outcome(models.TextChoices):
    """What became of a call: each ends in exactly one."""

    CONNECTED = "connected", "Talked with an agent"
    ABANDONED = "abandoned", "Answered, nobody free in time"
    MACHINE = "machine", "Answering machine"
    BUSY = "busy", "Busy"
    NO_ANSWER = "no_answer", "No answer"
    REJECTED = "rejected", "Rejected"
    INVALID = "invalid", "Number not in service"
    FAILED = "failed", "Carrier or network failure"
    CANCELLED = "cancelled", "Cancelled by us before an answer"
    LOST = "lost", "Cut off by a failure of ours"


class PhoneStatus(models.TextChoices):
    """Whether a phone of a lead may be tried."""

    USABLE = "usable", "Usable"
    INVALID = "invalid", "Not in service"
    DO_NOT_CALL = "do_not_call", "Do not call"


class ImportStatus(models.TextChoices):
    """Where an import stands."""

    STAGED = "staged", "Uploaded"
    VALIDATING = "validating", "Checking"
    READY = "ready", "Checked, waiting for your word"
    COMMITTING = "committing", "Bringing in"
    DONE = "done", "Done"
    CANCELLED = "cancelled", "Cancelled"
    FAILED = "failed", "Failed"
    ROLLED_BACK = "rolled_back", "Taken back"


class Duplicates(models.TextChoices):
    """What to do with a row whose number is already there."""

    SKIP = "skip", "Skip the row"
    UPDATE = "update", "Update the lead"
    ALLOW = "allow", "Bring it in as another lead"


class Scope(models.TextChoices):
    """Where the number of a row is looked for."""

    LIST = "list", "In the same list"
    ORGANISATION = "organisation", "In every list"
