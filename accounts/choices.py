"""Roles and what each may do."""

from __future__ import annotations

from django.db import models


class Role(models.TextChoices):
    """What a person is in their organisation."""

    AGENT = "agent", "Agent"
    SUPERVISOR = "supervisor", "Supervisor"
    ADMINISTRATOR = "administrator", "Administrator"
    READER = "reader", "Read-only"


class Capability(models.TextChoices):
    """One thing that a role may be allowed to do; views and sockets name the one they need."""

    TAKE_CALLS = "take_calls", "Take calls in the agent console"
    WATCH_FLOOR = "watch_floor", "See the live floor"
    RUN_FLOOR = "run_floor", "Start, pause and stop campaigns and dialing"
    SEE_CALLS = "see_calls", "Search call records"
    EXPORT_CALLS = "export_calls", "Export call records"
    SEE_NUMBERS = "see_numbers", "See whole phone numbers"
    SEE_SETUP = "see_setup", "See campaigns, lists and leads"
    EDIT_CAMPAIGNS = "edit_campaigns", "Change campaigns, lists, leads and dispositions"
    IMPORT_LEADS = "import_leads", "Bring in leads"
    MANAGE_TRUNKS = "manage_trunks", "Change trunks and caller IDs"
    MANAGE_PEOPLE = "manage_people", "Change people and roles"
    MANAGE_DNC = "manage_dnc", "Change do-not-call lists"
    MANAGE_RULES = "manage_rules", "Change the rules of law for the organisation"
    APPROVE_RULES = "approve_rules", "Approve, as the second person, what loosens a rule of law"
    MANAGE_INTEGRATIONS = "manage_integrations", "Change API keys and webhooks"


ROLE_CAPABILITIES: dict[str, frozenset[Capability]] = {
    Role.AGENT: frozenset({Capability.TAKE_CALLS}),
    Role.READER: frozenset({Capability.WATCH_FLOOR, Capability.SEE_CALLS, Capability.SEE_SETUP}),
    Role.SUPERVISOR: frozenset(
        {
            Capability.WATCH_FLOOR,
            Capability.RUN_FLOOR,
            Capability.SEE_CALLS,
            Capability.EXPORT_CALLS,
            Capability.SEE_NUMBERS,
            Capability.SEE_SETUP,
            Capability.EDIT_CAMPAIGNS,
            Capability.IMPORT_LEADS,
            Capability.MANAGE_DNC,
            Capability.APPROVE_RULES,
        }
    ),
    Role.ADMINISTRATOR: frozenset(set(Capability) - {Capability.TAKE_CALLS}),
}
