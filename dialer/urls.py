"""Every page's address."""

from django.urls import include, path

urlpatterns = [
    path("", include("accounts.urls")),
    path("agent/", include("agents.urls")),
    path("", include("agents.routing_urls")),
    path("", include("reporting.urls")),
    path("", include("campaigns.urls")),
    path("", include("dialer.calls.urls")),
    path("", include("compliance.urls")),
    path("", include("integrations.urls")),
]
