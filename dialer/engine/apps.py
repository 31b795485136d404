"""Registration of the app."""

from django.apps import AppConfig


class EngineConfig(AppConfig):
    """The pacing daemon."""

    name = "dialer.engine"
    label = "engine"
