"""Addresses of the app's pages."""

from django.urls import path

from .views import caller_ids, certificates, consent, dnc, signing

app_name = "compliance"
urlpatterns = [
    path("compliance/consent/", consent.consent, name="consent"),
    path("compliance/consent/record/", consent.record, name="record_consent"),
    path("compliance/consent/revoke/", consent.revoke, name="revoke_consent"),
    path("compliance/consent/files/", consent.imports, name="consent_imports"),
    path("compliance/consent/files/new/", consent.upload, name="upload_consents"),
    path("compliance/consent/files/<int:pk>/", consent.import_job, name="consent_import"),
    path("compliance/consent/files/<int:pk>/progress/", consent.progress, name="consent_import_progress"),
    path("compliance/consent/files/<int:pk>/go-on/", consent.resume, name="resume_consent_import"),
    path("compliance/consent/export/", consent.export, name="export_consents"),
    path("compliance/consent/reassigned-queries/", consent.questions, name="reassigned_queries"),
    path("compliance/consent/<int:pk>/proof/", consent.proof, name="consent_proof"),
    path("compliance/signing/", signing.signing, name="signing"),
    path("compliance/signing/new/", signing.new_signer, name="new_signer"),
    path("compliance/signing/authorities/", certificates.trust, name="trust_roots"),
    path("compliance/signing/authorities/<int:pk>/remove/", certificates.distrust, name="distrust_root"),
    path("compliance/signing/certificates/<int:pk>/", certificates.certificate, name="certificate"),
    path("compliance/signing/certificates/<int:pk>/request/", certificates.download_request, name="csr"),
    path("compliance/signing/certificates/<int:pk>/chain/", certificates.download_chain, name="chain"),
    path("compliance/signing/certificates/<int:pk>/use/", certificates.use, name="use_certificate"),
    path("compliance/signing/certificates/<int:pk>/retire/", certificates.retire, name="retire_certificate"),
    path("compliance/signing/<int:pk>/", signing.signer, name="signer"),
    path("compliance/signing/<int:pk>/request/", certificates.request_one, name="request_certificate"),
    path("compliance/signing/<int:pk>/try/", signing.try_signer, name="try_signer"),
    path("compliance/caller-ids/", caller_ids.caller_ids, name="caller_ids"),
    path("compliance/caller-ids/new/", caller_ids.new_caller_id, name="new_caller_id"),
    path("compliance/caller-ids/new/many/", caller_ids.new_caller_ids, name="new_caller_ids"),
    path("compliance/caller-ids/<int:pk>/", caller_ids.caller_id, name="caller_id"),
    path("compliance/caller-ids/<int:pk>/change/", caller_ids.change_caller_id, name="change_caller_id"),
    path("compliance/caller-ids/<int:pk>/rest/", caller_ids.rest, name="rest_caller_id"),
    path("compliance/caller-ids/<int:pk>/wake/", caller_ids.wake, name="wake_caller_id"),
    path("do-not-call/", dnc.dnc, name="dnc"),
    path("do-not-call/add/", dnc.add, name="add_to_dnc"),
    path("do-not-call/remove/", dnc.remove, name="remove_from_dnc"),
]
