"""Addresses of the REST API."""

from django.urls import path

from accounts.access import by_api_key

from .base import Me, Unknown
from .calls import OneCall
from .campaigns import Campaigns
from .consents import Consents, Revocations
from .dials import Dials
from .do_not_call import DoNotCall
from .hooks import Hooks, OneHook, Samples

urlpatterns = [
    path("me", by_api_key(Me.as_view()), name="api_me"),
    path("campaigns", by_api_key(Campaigns.as_view()), name="api_campaigns"),
    path("calls/<str:pk>", by_api_key(OneCall.as_view()), name="api_call"),
    path("consents", by_api_key(Consents.as_view()), name="api_consents"),
    path("consents/revocations", by_api_key(Revocations.as_view()), name="api_revocations"),
    path("dials", by_api_key(Dials.as_view()), name="api_dials"),
    path("do-not-call", by_api_key(DoNotCall.as_view()), name="api_do_not_call"),
    path("hooks", by_api_key(Hooks.as_view()), name="api_hooks"),
    path("hooks/samples/<str:event>", by_api_key(Samples.as_view()), name="api_samples"),
    path("hooks/<str:pk>", by_api_key(OneHook.as_view()), name="api_hook"),
    path("<path:rest>", by_api_key(Unknown.as_view()), name="api_unknown"),
]
