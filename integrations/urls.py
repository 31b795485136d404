"""Addresses of the app's pages and of the REST API."""

from django.urls import include, path

app_name = "integrations"
urlpatterns = [
    path("api/v1/", include("integrations.api.urls")),
]
