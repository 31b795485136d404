"""Registration of the app."""

from django.apps import AppConfig


class ComplianceConfig(AppConfig):
    """The gate and what it asks."""

    name = "compliance"
    label = "compliance"
