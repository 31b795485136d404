"""Addresses of the pages of routing."""

from django.urls import path

from . import routing_views

app_name = "routing"
urlpatterns = [
    path("campaigns/<int:pk>/agents/", routing_views.campaign_agents, name="campaign"),
    path("people/<int:pk>/skills/", routing_views.person_talents, name="person"),
    path("leads/skills/", routing_views.skills, name="skills"),
    path("leads/skills/<int:pk>/", routing_views.skill, name="skill"),
    path("leads/skills/<int:pk>/delete/", routing_views.delete, name="delete_skill"),
]
