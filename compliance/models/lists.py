"""Large lists: what each is, its versions, and every change to it. The numbers themselves rest in files."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from accounts.models import Organisation

from ..choices import ListKind, VersionStatus


class DncList(models.Model):
    """A list of numbers that forbids, or that tells what a number is."""

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="dnc_lists")
    kind = models.CharField(max_length=16, choices=ListKind.choices)
    name = models.CharField(max_length=80)
    country = models.CharField(max_length=2, blank=True)
    """Whose numbers it holds (US, CA, GB): others are rejected; empty: any, written with their country code."""
    state = models.CharField(max_length=2, blank=True)
    """Of a state's registry: its two letters."""
    campaign = models.BigIntegerField(null=True, blank=True)
    """The only campaign it holds for; empty: all."""
    max_age_days = models.PositiveSmallIntegerField(null=True, blank=True)
    """Older than this it closes the gate for what needs it (16 CFR 310.4(b)(3)(iv): 31 days); empty: never old."""
    active = models.BooleanField(default=True)
    current = models.ForeignKey(
        "DncVersion", on_delete=models.SET_NULL, null=True, blank=True, related_name="current_of"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "name"], name="dnc_list_name_once")]
        ordering = ["kind", "state", "name"]

    def __str__(self) -> str:
        return self.name


class DncVersion(models.Model):
    """One full load of a list, and the changes since."""

    dnc_list = models.ForeignKey(DncList, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    """Counts up with every load of the list."""
    status = models.CharField(max_length=12, choices=VersionStatus.choices, default=VersionStatus.STAGED)
    as_of = models.DateField()
    """The date of the data, as the registry gives it."""
    fresh_as_of = models.DateField()
    """The same, or the date of the last change: the age counts from here."""
    file = models.CharField(max_length=120, blank=True)
    """The name of the list's file in the data directory, made by us."""
    upload = models.CharField(max_length=120, blank=True)
    """The name of the file that waits to be loaded, made by us; empty once it was."""
    source_name = models.CharField(max_length=200, blank=True)
    source_sha256 = models.CharField(max_length=64, blank=True)
    accept_shrink = models.BooleanField(default=False)
    """Whoever delivered it knows that it is much shorter than the version before."""
    entries = models.BigIntegerField(default=0)
    change = models.PositiveIntegerField(default=0)
    """The sequence number of the last change that its file holds."""
    bytes_total = models.BigIntegerField(default=0)
    bytes_done = models.BigIntegerField(default=0)
    rejected = models.BigIntegerField(default=0)
    message = models.CharField(max_length=400, blank=True)
    """For a person: what is wrong with the file and what to do."""
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    ready_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["dnc_list", "number"], name="dnc_version_once_a_list")]
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.dnc_list_id} v{self.number}"


class DncChange(models.Model):
    """The journal: one file of changes that was applied to a version."""

    version = models.ForeignKey(DncVersion, on_delete=models.CASCADE, related_name="changes")
    sequence = models.PositiveIntegerField()
    as_of = models.DateField()
    source_name = models.CharField(max_length=200, blank=True)
    source_sha256 = models.CharField(max_length=64)
    journal = models.CharField(max_length=120)
    """The name of the file with its numbers, kept so that a change cut short by a crash is applied again."""
    added = models.BigIntegerField(default=0)
    removed = models.BigIntegerField(default=0)
    rejected = models.BigIntegerField(default=0)
    applied_at = models.DateTimeField(null=True, blank=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["version", "sequence"], name="dnc_change_in_sequence")]
        ordering = ["id"]

    def __str__(self) -> str:
        return f"Change {self.sequence} of {self.version_id}"


class Wildcard(models.Model):
    """All numbers that begin so: an area code, an exchange, a longer prefix."""

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE)
    prefix = models.BigIntegerField()
    """Digits with the country code, without the plus: 1212, 1212555."""
    campaign = models.BigIntegerField(null=True, blank=True)
    note = models.CharField(max_length=200, blank=True)
    created_by = models.CharField(max_length=150, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "prefix", "campaign"], name="wildcard_once"),
            models.UniqueConstraint(
                fields=["organisation", "prefix"],
                condition=models.Q(campaign__isnull=True),
                name="wildcard_of_all_once",
            ),
        ]
        ordering = ["prefix"]

    def __str__(self) -> str:
        return f"Wildcard {self.prefix}"
