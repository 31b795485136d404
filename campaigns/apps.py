"""Registration of the app."""

from django.apps import AppConfig


class CampaignsConfig(AppConfig):
    """Campaigns, lists, leads, import, dispositions, callbacks."""

    name = "campaigns"
    label = "campaigns"
