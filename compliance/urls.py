"""Addresses of the app's pages."""

from django.urls import path

from .views import caller_ids, dnc

app_name = "compliance"
urlpatterns = [
    path("caller-ids/", caller_ids.caller_ids, name="caller_ids"),
    path("caller-ids/new/", caller_ids.new_caller_id, name="new_caller_id"),
    path("caller-ids/<int:pk>/", caller_ids.caller_id, name="caller_id"),
    path("do-not-call/", dnc.dnc, name="dnc"),
    path("do-not-call/add/", dnc.add, name="add_to_dnc"),
    path("do-not-call/remove/", dnc.remove, name="remove_from_dnc"),
]
