"""Campaigns, their lists and leads, what agents may say of a call, and the files that leads come from."""

from __future__ import annotations

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models

from accounts.models import Organisation
from compliance.choices import ConsentNeed, Purpose
from compliance.models import CallerId

from .choices import (
    CampaignStatus,
    Duplicates,
    ImportStatus,
    LeadStatus,
    Meaning,
    Method,
    Outcome,
    PhoneStatus,
    Routing,
    Scope,
)

RING_LIMIT_MIN_S = 15
"""16 CFR 310.4(b)(4)(ii): an unanswered call rings for at least 15 seconds or four rings."""
DIAL_RATIO_MIN, DIAL_RATIO_MAX = 1.0, 10.0
"""Lines for each ready agent: with less than one somebody waits for nothing, with more than ten nobody is served."""


class Campaign(models.Model):
    """A purpose to call for: how, when, whom, and what agents say."""

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="campaigns")
    name = models.CharField(max_length=80)
    method = models.CharField(max_length=16, choices=Method.choices, default=Method.PREDICTIVE)
    status = models.CharField(max_length=16, choices=CampaignStatus.choices, default=CampaignStatus.STOPPED)
    status_changed_at = models.DateTimeField(null=True, blank=True)
    status_changed_by = models.CharField(max_length=150, blank=True)
    abandon_limit = models.FloatField(
        default=0.03, validators=[MinValueValidator(0.0), MaxValueValidator(0.03)]
    )
    """Largest share of answering people who met nobody (16 CFR 310.4(b)(4)(i): 3 % a campaign in 30 days)."""
    abandon_target = models.FloatField(
        null=True, blank=True, validators=[MinValueValidator(0.0), MaxValueValidator(0.03)]
    )
    """The share that predictive pacing steers to, never above the limit; empty: the limit itself."""
    dial_ratio = models.FloatField(
        default=1.5, validators=[MinValueValidator(DIAL_RATIO_MIN), MaxValueValidator(DIAL_RATIO_MAX)]
    )
    """Lines for each ready agent, where the method is the fixed ratio."""
    routing = models.CharField(max_length=12, choices=Routing.choices, default=Routing.LONGEST)
    ring_limit_s = models.PositiveSmallIntegerField(
        default=25, validators=[MinValueValidator(RING_LIMIT_MIN_S), MaxValueValidator(120)]
    )
    answer_wait_s = models.FloatField(
        default=2.0, validators=[MinValueValidator(0.0), MaxValueValidator(2.0)]
    )
    """How long a person who answered waits for an agent before the safe-harbour message."""
    line_limit = models.PositiveIntegerField(default=100)
    wrapup_limit_s = models.PositiveSmallIntegerField(default=60, validators=[MinValueValidator(5)])
    preview_limit_s = models.PositiveSmallIntegerField(default=60, validators=[MinValueValidator(5)])
    max_attempts = models.PositiveSmallIntegerField(default=5, validators=[MinValueValidator(1)])
    opens = models.TimeField(default="08:00")
    closes = models.TimeField(default="21:00")
    """Campaign hours in the organisation's zone; the law's window at the lead is checked besides."""
    weekdays = models.CharField(max_length=7, default="1234567")
    """Days on which the campaign dials, 1 is Monday."""
    script = models.TextField(blank=True)
    """What agents read, with {{ first_name }} and other lead fields merged in."""
    mask_numbers = models.BooleanField(default=True)
    """Agents see area and last two digits only; numbers they dial by hand they see whole."""
    safe_harbour_text = models.CharField(max_length=400, blank=True)
    """Spoken with {{ organisation }} and {{ number }} merged in; ignored where a recording was uploaded."""
    safe_harbour_recorded = models.BooleanField(default=False)
    """The prompt was uploaded as a recording."""
    safe_harbour_prompt = models.CharField(max_length=64, blank=True)
    """SHA-256 of the prepared WAV (8 kHz, 16 bit, mono)."""
    caller_ids = models.ManyToManyField(CallerId, blank=True)
    purpose = models.CharField(max_length=12, choices=Purpose.choices, default=Purpose.SALES)
    """What it calls for: which rules of law hold depends on it."""
    topic = models.CharField(max_length=80, blank=True)
    """The subject matter that legal caps count by, shared by campaigns that write the same; empty: its own."""
    consent_need = models.CharField(max_length=8, choices=ConsentNeed.choices, default=ConsentNeed.LAW)
    check_reassigned = models.BooleanField(default=False)
    """Dial only what the Reassigned Numbers Database answered "no" for."""
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "name"], name="campaign_name_once"),
            models.CheckConstraint(
                condition=models.Q(ring_limit_s__gte=RING_LIMIT_MIN_S), name="campaign_rings_15_s_or_more"
            ),
            models.CheckConstraint(
                condition=models.Q(abandon_limit__gte=0, abandon_limit__lte=0.03),
                name="campaign_abandon_limit_lawful",
            ),
            models.CheckConstraint(
                condition=models.Q(abandon_target=None)
                | models.Q(abandon_target__gte=0, abandon_target__lte=models.F("abandon_limit")),
                name="campaign_target_within_limit",
            ),
            models.CheckConstraint(
                condition=models.Q(dial_ratio__gte=DIAL_RATIO_MIN, dial_ratio__lte=DIAL_RATIO_MAX),
                name="campaign_dial_ratio_sane",
            ),
            models.CheckConstraint(
                condition=models.Q(method__in=Method.values), name="campaign_method_known"
            ),
            models.CheckConstraint(
                condition=models.Q(status__in=CampaignStatus.values), name="campaign_status_known"
            ),
        ]
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Disposition(models.Model):
    """What an agent may say of a call, and what follows from it."""

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="dispositions")
    code = models.SlugField(max_length=24)
    name = models.CharField(max_length=40)
    meaning = models.CharField(max_length=16, choices=Meaning.choices)
    retry_after_min = models.PositiveIntegerField(default=0)
    is_machine = models.BooleanField(default=False)
    """The call was answered by a machine, not a person."""
    key = models.CharField(max_length=1, blank=True)
    """The key, 1 to 9, that chooses it in the console."""
    position = models.PositiveSmallIntegerField(default=0)
    is_default = models.BooleanField(default=False)
    """Used when wrap-up runs out without a word from the agent."""
    active = models.BooleanField(default=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["campaign", "code"], name="disposition_code_once")]
        ordering = ["position", "id"]

    def __str__(self) -> str:
        return self.name


class RecycleRule(models.Model):
    """When a lead is called again after an outcome that no agent disposed of."""

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="recycle_rules")
    outcome = models.CharField(max_length=16, choices=Outcome.choices)
    retry_after_min = models.PositiveIntegerField()
    max_attempts = models.PositiveSmallIntegerField(default=5)
    """With this outcome; afterwards the lead is exhausted."""

    class Meta:
        constraints = [models.UniqueConstraint(fields=["campaign", "outcome"], name="recycle_rule_once")]

    def __str__(self) -> str:
        return f"{self.outcome} → {self.retry_after_min} min"


class Skill(models.Model):
    """Something that some agents can and a list may ask for, such as a language."""

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="skills")
    name = models.CharField(max_length=40)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "name"], name="skill_name_once")]
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class LeadList(models.Model):
    """Leads that came together; of one campaign at a time at most, so that no two campaigns dial one lead."""

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="lists")
    campaign = models.ForeignKey(
        Campaign, on_delete=models.SET_NULL, null=True, blank=True, related_name="lists"
    )
    name = models.CharField(max_length=80)
    active = models.BooleanField(default=True)
    priority = models.SmallIntegerField(default=0)
    """Higher is dialed first."""
    skill = models.ForeignKey(Skill, on_delete=models.SET_NULL, null=True, blank=True, related_name="lists")
    """Only agents who have it may take the people of this list; empty: any agent."""
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "name"], name="list_name_once")]
        ordering = ["-priority", "name"]

    def __str__(self) -> str:
        return self.name


class Lead(models.Model):
    """A person to call."""

    # The indexes below begin with these keys: a further one each would only slow imports down.
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, db_index=False)
    lead_list = models.ForeignKey(LeadList, on_delete=models.CASCADE, related_name="leads", db_index=False)
    external_id = models.CharField(max_length=80, blank=True)
    first_name = models.CharField(max_length=80, blank=True)
    last_name = models.CharField(max_length=80, blank=True)
    company = models.CharField(max_length=120, blank=True)
    email = models.CharField(max_length=254, blank=True)
    address = models.CharField(max_length=200, blank=True)
    city = models.CharField(max_length=80, blank=True)
    state = models.CharField(max_length=40, blank=True)
    postal_code = models.CharField(max_length=16, blank=True)
    country = models.CharField(max_length=2, default="US")
    time_zone = models.CharField(max_length=64, blank=True)
    """Given with the lead; added to what number and ZIP say, never instead of it."""
    custom = models.JSONField(default=dict, blank=True)
    notes = models.TextField(blank=True)
    status = models.CharField(max_length=16, choices=LeadStatus.choices, default=LeadStatus.NEW)
    window_class = models.PositiveIntegerField(default=0, db_default=0)
    """Where the law may place the lead (``compliance.law``); 0: not worked out yet, the gate is asked."""
    attempts = models.PositiveSmallIntegerField(default=0)
    outcome_counts = models.JSONField(default=dict, blank=True)
    """Outcome → how often, for recycling rules."""
    last_attempt_at = models.DateTimeField(null=True, blank=True)
    next_call_at = models.DateTimeField(null=True, blank=True)
    """Not before; empty: now."""
    import_job = models.ForeignKey(
        "ImportJob", on_delete=models.SET_NULL, null=True, blank=True, related_name="leads"
    )
    live_call = models.CharField(max_length=32, blank=True)
    """The call the lead is in; set by the claim that precedes each dial, cleared when the call ends."""
    claimed_from = models.CharField(max_length=16, blank=True)
    """The status before the last claim: where a lead goes back to that a person dialed by hand although it
    was done.
    """
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["lead_list", "status", "next_call_at", "id", "window_class"], name="lead_due"
            ),
            models.Index(fields=["organisation", "external_id"], name="lead_by_external_id"),
        ]
        constraints = [
            models.CheckConstraint(condition=models.Q(status__in=LeadStatus.values), name="lead_status_known")
        ]

    def __str__(self) -> str:
        return f"Lead {self.pk}"

    @property
    def name(self) -> str:
        """First and last name, or the company."""
        return f"{self.first_name} {self.last_name}".strip() or self.company


class LeadPhone(models.Model):
    """One phone of a lead, tried in the order of ``position``."""

    # Index and constraint below begin with these keys.
    lead = models.ForeignKey(Lead, on_delete=models.CASCADE, related_name="phones", db_index=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, db_index=False)
    number = models.CharField(max_length=16)
    kind = models.CharField(max_length=12, blank=True)
    position = models.PositiveSmallIntegerField(default=0)
    status = models.CharField(max_length=16, choices=PhoneStatus.choices, default=PhoneStatus.USABLE)
    attempts = models.PositiveSmallIntegerField(default=0)

    class Meta:
        indexes = [models.Index(fields=["organisation", "number"], name="phone_by_number")]
        constraints = [models.UniqueConstraint(fields=["lead", "number"], name="phone_once_a_lead")]
        ordering = ["position", "id"]

    def __str__(self) -> str:
        return f"Phone {self.pk}"


class Callback(models.Model):
    """A call promised for a time; with ``agent`` it is that agent's, without it anybody's."""

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE)
    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE)
    lead = models.ForeignKey(Lead, on_delete=models.CASCADE, related_name="callbacks")
    agent = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True)
    due_at = models.DateTimeField(db_index=True)
    note = models.CharField(max_length=400, blank=True)
    call = models.CharField(max_length=32, blank=True)
    """The call in which it was promised."""
    created_at = models.DateTimeField(auto_now_add=True)
    done_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["campaign", "due_at"],
                condition=models.Q(done_at__isnull=True),
                name="open_callback_due",
            )
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["lead"], condition=models.Q(done_at__isnull=True), name="one_open_callback_a_lead"
            )
        ]
        ordering = ["due_at"]

    def __str__(self) -> str:
        return f"Callback {self.pk}"


class ImportJob(models.Model):
    """One file on its way to becoming leads."""

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE)
    lead_list = models.ForeignKey(LeadList, on_delete=models.CASCADE, related_name="imports")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True)
    created_at = models.DateTimeField(auto_now_add=True)
    file = models.FileField(upload_to="imports/", blank=True)
    file_name = models.CharField(max_length=200)
    digest = models.CharField(max_length=64)
    """SHA-256 of the file: with the row number it makes a commit idempotent."""
    status = models.CharField(max_length=16, choices=ImportStatus.choices, default=ImportStatus.STAGED)
    run = models.CharField(max_length=32, blank=True)
    """The run that may write: a second worker that takes the job over puts its own here, and the first one
    stops.
    """
    encoding = models.CharField(max_length=40, blank=True)
    delimiter = models.CharField(max_length=4, blank=True)
    has_header = models.BooleanField(default=True)
    columns = models.JSONField(default=list)
    samples = models.JSONField(default=list)
    """The first rows as they stand, for the mapping page."""
    mapping = models.JSONField(default=dict)
    """Column index (as text) → lead field, ``phone``, ``phone:mobile``, ``custom:name``; left out: not
    brought in.
    """
    country = models.CharField(max_length=2, default="US")
    duplicates = models.CharField(max_length=8, choices=Duplicates.choices, default=Duplicates.SKIP)
    scope = models.CharField(max_length=12, choices=Scope.choices, default=Scope.LIST)
    rows_total = models.PositiveIntegerField(default=0)
    """An estimate by line ends until the file was checked."""
    rows_done = models.PositiveIntegerField(default=0)
    created = models.PositiveIntegerField(default=0)
    updated = models.PositiveIntegerField(default=0)
    skipped = models.PositiveIntegerField(default=0)
    rejected = models.PositiveIntegerField(default=0)
    errors = models.JSONField(default=dict, blank=True)
    """Problem code → how many rows were rejected or skipped for it."""
    message = models.CharField(max_length=400, blank=True)
    """For a person: what is wrong with the file and what to do."""
    started_at = models.DateTimeField(null=True, blank=True)
    """When the step began that runs now, or ran last."""
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["organisation", "digest"], name="import_by_digest")]
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"Import {self.pk}"


class LeadChange(models.Model):
    """What a lead looked like before an import updated it: what a roll-back puts back."""

    job = models.ForeignKey(ImportJob, on_delete=models.CASCADE, related_name="lead_changes")
    lead = models.ForeignKey(Lead, on_delete=models.CASCADE)
    before = models.JSONField()
    phones_added = models.JSONField(default=list)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"Change of lead {self.lead_id}"


class RejectedRow(models.Model):
    """A row that was not brought in, as it stood, with the error and the fix."""

    job = models.ForeignKey(ImportJob, on_delete=models.CASCADE, related_name="rejected_rows")
    row = models.PositiveIntegerField()
    values = models.JSONField()
    code = models.CharField(max_length=32)
    message = models.CharField(max_length=200)

    class Meta:
        ordering = ["row"]

    def __str__(self) -> str:
        return f"Row {self.row}: {self.code}"
