"""Addresses of the app's pages and of the REST API."""

from django.urls import include, path

from .views import deliveries, hooks, keys

app_name = "integrations"
urlpatterns = [
    path("integrations/", hooks.hooks, name="hooks"),
    path("integrations/webhooks/new/", hooks.new_hook, name="new_hook"),
    path("integrations/webhooks/<str:pk>/", hooks.hook, name="hook"),
    path("integrations/webhooks/<str:pk>/switch/", hooks.switch_hook, name="switch_hook"),
    path("integrations/webhooks/<str:pk>/rotate/", hooks.rotate, name="rotate_hook"),
    path("integrations/webhooks/<str:pk>/remove/", hooks.remove, name="remove_hook"),
    path("integrations/keys/", keys.keys, name="keys"),
    path("integrations/keys/new/", keys.new_key, name="new_key"),
    path("integrations/keys/<int:pk>/revoke/", keys.revoke_key, name="revoke_key"),
    path("integrations/deliveries/", deliveries.deliveries, name="deliveries"),
    path("integrations/deliveries/<int:pk>/replay/", deliveries.replay, name="replay"),
    path("api/v1/", include("integrations.api.urls")),
]
