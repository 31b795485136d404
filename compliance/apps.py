"""Registration of the app."""

from django.apps import AppConfig


class ComplianceConfig(AppConfig):
    """The gate and what it asks."""

    name = "compliance"
    label = "compliance"

    def ready(self) -> None:
        """No process starts with a file of law that is wrong."""
        from .law.checking import check_law

        check_law()
