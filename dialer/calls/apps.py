"""Registration of the app."""

from django.apps import AppConfig


class CallsConfig(AppConfig):
    """Trunks, the call and its record."""

    name = "dialer.calls"
    label = "calls"
