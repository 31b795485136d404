"""Addresses of the pages of routing."""

from django.urls import path

from . import routing_views

app_name = "routing"
urlpatterns = [
    path("campaigns/<int:pk>/", routing_views.campaign_agents, name="campaign"),
    path("people/<int:pk>/", routing_views.person_talents, name="person"),
    path("skills/", routing_views.skills, name="skills"),
    path("skills/<int:pk>/", routing_views.skill, name="skill"),
    path("skills/<int:pk>/delete/", routing_views.delete, name="delete_skill"),
]
