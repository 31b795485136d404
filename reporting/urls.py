"""Addresses of the app's pages."""

from django.urls import path

from .views import calls, floor

app_name = "reporting"
urlpatterns = [
    path("floor/", floor.floor, name="floor"),
    path("floor/hour/", floor.hour, name="hour"),
    path("calls/", calls.calls, name="calls"),
    path("calls/export/", calls.export, name="export_calls"),
    path("calls/<slug:pk>/", calls.call, name="call"),
]
