"""Addresses of the app's pages."""

from django.urls import path

from . import views_caller_ids, views_dnc

app_name = "compliance"
urlpatterns = [
    path("caller-ids/", views_caller_ids.caller_ids, name="caller_ids"),
    path("caller-ids/new/", views_caller_ids.new_caller_id, name="new_caller_id"),
    path("caller-ids/<int:pk>/", views_caller_ids.caller_id, name="caller_id"),
    path("do-not-call/", views_dnc.dnc, name="dnc"),
    path("do-not-call/add/", views_dnc.add, name="add_to_dnc"),
    path("do-not-call/remove/", views_dnc.remove, name="remove_from_dnc"),
]
