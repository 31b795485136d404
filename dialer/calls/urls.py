"""Addresses of the app's pages."""

from django.urls import path

from . import views

app_name = "calls"
urlpatterns = [
    path("trunks/", views.trunks, name="trunks"),
    path("trunks/new/", views.new_trunk, name="new_trunk"),
    path("trunks/<int:pk>/", views.trunk, name="trunk"),
]
