"""Addresses of the app's pages."""

from django.urls import path

from . import views

app_name = "agents"
urlpatterns = [
    path("", views.console, name="console"),
]
