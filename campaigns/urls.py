"""Addresses of the app's pages."""

from django.urls import path

from .views import campaigns, imports, lists

app_name = "campaigns"
urlpatterns = [
    path("campaigns/", campaigns.campaigns, name="campaigns"),
    path("campaigns/new/", campaigns.new_campaign, name="new_campaign"),
    path("campaigns/<int:pk>/", campaigns.campaign, name="campaign"),
    path("campaigns/<int:pk>/dispositions/", campaigns.dispositions, name="dispositions"),
    path("campaigns/<int:pk>/recycling/", campaigns.recycling, name="recycling"),
    path("campaigns/<int:pk>/message/", campaigns.message, name="message"),
    path("campaigns/<int:pk>/message.wav", campaigns.message_audio, name="message_audio"),
    path("campaigns/<int:pk>/step/", campaigns.step, name="step"),
    path("lists/", lists.lists, name="lists"),
    path("lists/new/", lists.new_list, name="new_list"),
    path("lists/<int:pk>/", lists.lead_list, name="list"),
    path("lists/<int:pk>/recycle/", lists.recycle, name="recycle_list"),
    path("lists/<int:pk>/leads/new/", lists.new_lead, name="new_lead"),
    path("leads/", lists.leads, name="leads"),
    path("leads/<int:pk>/", lists.lead, name="lead"),
    path("leads/<int:pk>/retire/", lists.retire, name="retire_lead"),
    path("callbacks/", lists.callbacks, name="callbacks"),
    path("callbacks/<int:pk>/close/", lists.close_callback, name="close_callback"),
    path("imports/", imports.imports, name="imports"),
    path("imports/new/", imports.new_import, name="new_import"),
    path("imports/<int:pk>/", imports.import_job, name="import"),
    path("imports/<int:pk>/check/", imports.check, name="check_import"),
    path("imports/<int:pk>/commit/", imports.commit, name="commit_import"),
    path("imports/<int:pk>/resume/", imports.resume, name="resume_import"),
    path("imports/<int:pk>/cancel/", imports.cancel, name="cancel_import"),
    path("imports/<int:pk>/roll-back/", imports.roll_back, name="roll_back_import"),
    path("imports/<int:pk>/progress/", imports.progress, name="import_progress"),
    path("imports/<int:pk>/rejected.csv", imports.rejected, name="rejected_rows"),
]
