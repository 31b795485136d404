"""Registration of the app."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Organisations, people, roles, sign-in, API keys, audit log."""

    name = "accounts"
    label = "accounts"
