"""The rules of the gate by name, and how dials, lists and consents are classed."""

from __future__ import annotations

from django.db import models


class Refused(models.TextChoices):
    """Why the gate refused a dial."""

    INVALID_NUMBER = "invalid_number", "Not a number that can be dialed"
    OWN_DNC = "own_dnc", "On the organisation's do-not-call list"
    CAMPAIGN_DNC = "campaign_dnc", "On the campaign's do-not-call list"
    NATIONAL_DNC = "national_dnc", "On the national do-not-call registry"
    STATE_DNC = "state_dnc", "On a state's do-not-call registry"
    LITIGATOR = "litigator", "On the list of litigators"
    WILDCARD = "wildcard", "In a blocked area code, exchange or prefix"
    LIST_UNUSABLE = "list_unusable", "A list that is needed is missing, too old or damaged"
    CONSENT = "consent", "No consent that this call needs"
    REASSIGNED = "reassigned", "The number may have been reassigned since the consent"
    CAP = "cap", "As many calls as the law allows"
    LOCKED_OUT = "locked_out", "Too soon after an abandoned call or a conversation"
    UNKNOWN_PLACE = "unknown_place", "Where the number may be is not known"
    WINDOW = "window", "Outside the calling window where the number may be"
    UNKNOWN_ZONE = "unknown_zone", "The number's time zone is not known"
    ATTEMPTS = "attempts", "As many attempts as the campaign allows"
    CAMPAIGN_HOURS = "campaign_hours", "Outside the campaign's hours"
    STOPPED = "stopped", "All dialing is stopped"
    CAMPAIGN_STATUS = "campaign_status", "The campaign is not dialing"
    NO_CALLER_ID = "no_caller_id", "No caller ID may be shown"
    CALLER_IDS_REST = "caller_ids_rest", "Every caller ID rests or has reached its daily limit"
    UNSIGNED = "unsigned", "The call could not be signed"
    CLOCK = "clock", "The clock is not believable"


class Finding(models.TextChoices):
    """What a check of the chain of decisions found wrong."""

    CHANGED = "changed", "It was changed, or is not in its place"
    MISSING = "missing", "It is missing"
    INSERTED = "inserted", "It was put in between"
    HEAD_DIFFERS = "head_differs", "The head of the chain is not its digest"
    BEHIND_HEAD = "behind_head", "It was put behind the head of the chain"
    CUT_OFF = "cut_off", "It was noted as a head, and the chain ends before it"
    REWRITTEN = "rewritten", "Its digest is not the one that was noted"


class DialKind(models.TextChoices):
    """What asks for the dial."""

    AUTO = "auto", "Campaign"
    PREVIEW = "preview", "Preview"
    MANUAL = "manual", "Manual"
    CALLBACK = "callback", "Callback"
    TRANSFER = "transfer", "Transfer"
    API = "api", "Another system"


class Purpose(models.TextChoices):
    """What a campaign calls for: which rules of law hold depends on it."""

    SALES = "sales", "Sales (telephone solicitation)"
    COLLECTION = "collection", "Debt collection"
    INFORMATION = "information", "Information to customers, no sale"
    CHARITY = "charity", "Charity"
    SURVEY = "survey", "Survey or political"


class Message(models.TextChoices):
    """What a called person hears first."""

    LIVE = "live", "A person"
    RECORDED = "recorded", "An artificial or recorded voice"


class ConsentNeed(models.TextChoices):
    """What a campaign asks of the ledger beyond the law; never less than the law."""

    LAW = "law", "What the law asks"
    EXPRESS = "express", "Consent for every number"
    WRITTEN = "written", "Written consent for every number"


class ConsentKind(models.TextChoices):
    """What an entry of the ledger says."""

    WRITTEN = "written", "Written consent (47 CFR 64.1200(f)(9))"
    EXPRESS = "express", "Express consent"
    PURCHASE = "purchase", "Bought (relationship for 18 months)"
    INQUIRY = "inquiry", "Asked (relationship for 3 months)"
    REVOKED = "revoked", "Revoked"


class ConsentMeans(models.TextChoices):
    """How it reached us."""

    WEB = "web", "Web form"
    PAPER = "paper", "Paper"
    VOICE = "voice", "In a call"
    TEXT = "text", "Text message"
    EMAIL = "email", "E-mail"
    KEY = "key", "Key press in a call"
    API = "api", "Another system"
    FILE = "file", "File"
    OTHER = "other", "Any other way"


class ConsentFile(models.TextChoices):
    """What a file on its way into the ledger holds."""

    CONSENTS = "consents", "Consents"
    ANSWERS = "answers", "Answers of the Reassigned Numbers Database"


class RndAnswer(models.TextChoices):
    """Answers of the Reassigned Numbers Database."""

    NO = "no", "No: not disconnected since"
    YES = "yes", "Yes: disconnected since"
    NO_DATA = "no_data", "No data"


class ContactKind(models.TextChoices):
    """What happened, as far as lock-outs look at it."""

    ABANDONED = "abandoned", "Answered, and nobody was there"
    CONVERSATION = "conversation", "Talked"


class ListKind(models.TextChoices):
    """What a large list is."""

    NATIONAL = "national", "National registry"
    STATE = "state", "State registry"
    CAMPAIGN = "campaign", "Do not call, one campaign"
    INTERNAL = "internal", "Do not call, whole organisation"
    LITIGATOR = "litigator", "Litigators"
    WIRELESS = "wireless", "Wireless numbers"
    PORTED_WIRELESS = "to_wireless", "Ported to wireless"
    PORTED_LANDLINE = "to_landline", "Ported to landline"


class VersionStatus(models.TextChoices):
    """Where a load stands."""

    STAGED = "staged", "Waiting"
    LOADING = "loading", "Loading"
    READY = "ready", "Ready"
    FAILED = "failed", "Failed"
    RETIRED = "retired", "Replaced"


class Attestation(models.TextChoices):
    """What the signature claims (ATIS-1000074 5.2.3)."""

    A = "A", "A: the customer and the right to the number are known"
    B = "B", "B: the customer is known"
    C = "C", "C: the call passed a gateway"


class SignerKind(models.TextChoices):
    """Who makes the signature."""

    CARRIER = "carrier", "The carrier signs"
    LOCAL = "local", "A key of our own"
    REMOTE = "remote", "A remote signing service"


class DncSource(models.TextChoices):
    """How a number came onto the organisation's own list."""

    DISPOSITION = "disposition", "Asked an agent"
    IMPORT = "import", "Brought in by file"
    MANUAL = "manual", "Entered by hand"
    API = "api", "Sent by another system"
    KEY = "key", "Pressed a key in a call"
