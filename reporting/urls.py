"""Addresses of the app's pages."""

from django.urls import path

from .views import calls, compliance_report, decisions, floor, why

app_name = "reporting"
urlpatterns = [
    path("floor/", floor.floor, name="floor"),
    path("floor/hour/", floor.hour, name="hour"),
    path("calls/", calls.calls, name="calls"),
    path("calls/export/", calls.export, name="export_calls"),
    path("calls/<slug:pk>/", calls.call, name="call"),
    path("compliance/", decisions.decisions, name="decisions"),
    path("compliance/why/", why.why, name="why"),
    path("compliance/report/", compliance_report.report, name="compliance_report"),
    path("compliance/report/pdf/", compliance_report.pdf, name="compliance_report_pdf"),
    path("compliance/report/csv/", compliance_report.csv, name="compliance_report_csv"),
]
