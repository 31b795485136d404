"""Registration of the app."""

from django.apps import AppConfig


class ReportingConfig(AppConfig):
    """The live floor, call search, exports."""

    name = "reporting"
    label = "reporting"
