"""Addresses of the app's pages."""

from django.urls import path

from .views import organisation, own, people, signing

app_name = "accounts"
urlpatterns = [
    path("", signing.home, name="home"),
    path("sign-in/", signing.SignInView.as_view(), name="sign_in"),
    path("sign-out/", signing.SignOutView.as_view(), name="sign_out"),
    path("welcome/<uidb64>/<token>/", signing.WelcomeView.as_view(), name="welcome"),
    path("profile/", own.profile, name="profile"),
    path("profile/password/", own.own_password, name="own_password"),
    path("people/", people.people, name="people"),
    path("people/new/", people.new_person, name="new_person"),
    path("people/<int:pk>/", people.person, name="person"),
    path("people/<int:pk>/role/", people.role, name="role"),
    path("people/<int:pk>/password/", people.password, name="password"),
    path("people/<int:pk>/invite/", people.invite, name="invite"),
    path("people/<int:pk>/active/", people.active, name="active"),
    path("organisation/", organisation.organisation, name="organisation"),
    path("audit/", organisation.audit, name="audit"),
]
