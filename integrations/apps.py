"""Registration of the app."""

from django.apps import AppConfig


class IntegrationsConfig(AppConfig):
    """REST API and webhooks."""

    name = "integrations"
    label = "integrations"
