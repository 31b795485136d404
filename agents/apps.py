"""Registration of the app."""

from django.apps import AppConfig


class AgentsConfig(AppConfig):
    """Agents' sessions, states and console."""

    name = "agents"
    label = "agents"
