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
    path("leads/", lists.lists, name="lists"),
    path("leads/lists/new/", lists.new_list, name="new_list"),
    path("leads/lists/<int:pk>/", lists.lead_list, name="list"),
    path("leads/lists/<int:pk>/recycle/", lists.recycle, name="recycle_list"),
    path("leads/lists/<int:pk>/add/", lists.new_lead, name="new_lead"),
    path("leads/search/", lists.leads, name="leads"),
    path("leads/<int:pk>/", lists.lead, name="lead"),
    path("leads/<int:pk>/retire/", lists.retire, name="retire_lead"),
    path("leads/callbacks/", lists.callbacks, name="callbacks"),
    path("leads/callbacks/<int:pk>/close/", lists.close_callback, name="close_callback"),
    path("leads/imports/", imports.imports, name="imports"),
    path("leads/imports/new/", imports.new_import, name="new_import"),
    path("leads/imports/<int:pk>/", imports.import_job, name="import"),
    path("leads/imports/<int:pk>/check/", imports.check, name="check_import"),
    path("leads/imports/<int:pk>/commit/", imports.commit, name="commit_import"),
    path("leads/imports/<int:pk>/resume/", imports.resume, name="resume_import"),
    path("leads/imports/<int:pk>/cancel/", imports.cancel, name="cancel_import"),
    path("leads/imports/<int:pk>/roll-back/", imports.roll_back, name="roll_back_import"),
    path("leads/imports/<int:pk>/progress/", imports.progress, name="import_progress"),
    path("leads/imports/<int:pk>/rejected.csv", imports.rejected, name="rejected_rows"),
]
