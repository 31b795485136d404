"""Addresses of the app's pages."""

from django.urls import path

from .views import calls, compliance_report, decisions, floor, what_if, why

app_name = "reporting"
urlpatterns = [
    path("floor/", floor.floor, name="floor"),
    path("floor/hour/", floor.hour, name="hour"),
    path("calls/", calls.calls, name="calls"),
    path("calls/export/", calls.export, name="export_calls"),
    path("calls/<slug:pk>/", calls.call, name="call"),
    path("what-if/", what_if.what_if, name="what_if"),
    path("what-if/<int:pk>/", what_if.simulation, name="simulation"),
    path("what-if/<int:pk>/progress/", what_if.progress, name="simulation_progress"),
    path("what-if/<int:pk>/cancel/", what_if.cancel, name="cancel_simulation"),
    path("what-if/<int:pk>/resume/", what_if.resume, name="resume_simulation"),
    path("compliance/", decisions.decisions, name="decisions"),
    path("compliance/why/", why.why, name="why"),
    path("compliance/report/", compliance_report.report, name="compliance_report"),
    path("compliance/report/pdf/", compliance_report.pdf, name="compliance_report_pdf"),
    path("compliance/report/csv/", compliance_report.csv, name="compliance_report_csv"),
]
