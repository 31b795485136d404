"""The project itself as an app, for its management commands."""

from django.apps import AppConfig


class DialerConfig(AppConfig):
    """Holds the commands that start the processes."""

    name = "dialer"
