"""Organisations, the people in them, their API keys, and the log of what they changed."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models.functions import Lower

from .choices import ROLE_CAPABILITIES, Capability, Role
from .validators import validate_time_zone


class Organisation(models.Model):
    """A customer of this installation: every record belongs to one."""

    name = models.CharField(max_length=120, unique=True)
    time_zone = models.CharField(max_length=64, default="America/New_York", validators=[validate_time_zone])
    country = models.CharField(max_length=2, default="US")
    dialing_stopped_at = models.DateTimeField(null=True, blank=True)
    """Set while the switch that stops all dialing is on."""
    dialing_stopped_by = models.CharField(max_length=150, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.name


class User(AbstractUser):
    """A person who signs in; belongs to one organisation and has one role there."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="people")
    role = models.CharField(max_length=20, choices=Role.choices, default=Role.AGENT)
    shortcuts_enabled = models.BooleanField(default=True)
    """Single-key shortcuts in the console (WCAG 2.1.4 asks that they can be turned off)."""

    REQUIRED_FIELDS: ClassVar[list[str]] = ["email", "organisation"]

    class Meta:
        constraints = [models.UniqueConstraint(Lower("username"), name="username_unique_whatever_case")]

    def can(self, capability: Capability | str) -> bool:
        """Whether this person's role allows it."""
        return self.is_active and capability in ROLE_CAPABILITIES.get(self.role, frozenset())

    @property
    def display_name(self) -> str:
        """The name shown to colleagues."""
        return self.get_full_name() or self.username


class ApiKey(models.Model):
    """A secret that another system signs in with. Only its SHA-256 is kept; ``prefix`` finds and names it."""

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="api_keys")
    name = models.CharField(max_length=80)
    prefix = models.CharField(max_length=12, unique=True)
    digest = models.CharField(max_length=64)
    scopes = models.JSONField(default=list)
    created_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True)
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    last_used_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.name} ({self.prefix}…)"


class AuditEntry(models.Model):
    """One change that a person or key made: who, what, on which object, before and after. Never edited."""

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE)
    at = models.DateTimeField(auto_now_add=True, db_index=True)
    actor = models.CharField(max_length=150)
    action = models.CharField(max_length=60)
    target = models.CharField(max_length=160, blank=True)
    before = models.JSONField(default=dict, blank=True)
    after = models.JSONField(default=dict, blank=True)

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.actor} {self.action} {self.target}"


class OutboxEvent(models.Model):
    """Something other systems may want to know, written in the transaction in which it happened."""

    id = models.CharField(primary_key=True, max_length=40)
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE)
    campaign = models.BigIntegerField(null=True, blank=True)
    type = models.CharField(max_length=40)
    data = models.JSONField()
    at = models.DateTimeField(db_index=True)
    fanned_out_at = models.DateTimeField(null=True, blank=True, db_index=True)
    """When deliveries were made of it, one for each hook that wants it."""

    def __str__(self) -> str:
        return f"{self.type} {self.pk}"
