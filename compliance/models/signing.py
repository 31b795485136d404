"""Who signs calls, and the certificates that prove it."""

from __future__ import annotations

from django.db import models

from accounts.models import Organisation

from ..choices import Attestation, SignerKind


class Signer(models.Model):
    """How the calls of a trunk are signed (ATIS-1000074). A trunk without one is signed by its carrier."""

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="signers")
    name = models.CharField(max_length=60)
    kind = models.CharField(max_length=12, choices=SignerKind.choices)
    url = models.URLField(blank=True)
    """Of a remote signing service (https)."""
    token_sealed = models.TextField(blank=True)
    """What the remote service knows us by, encrypted."""
    origid = models.CharField(max_length=36)
    """The UUID under which this origin is traced (ATIS-1000074 5.2.3)."""
    highest = models.CharField(max_length=1, choices=Attestation.choices, default=Attestation.A)
    """The highest level that it may claim, whatever may be claimed for the caller ID."""
    signs_name = models.BooleanField(default=False)
    """The display name is signed too (rcd, RFC 9795): local keys only."""
    active = models.BooleanField(default=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "name"], name="signer_name_once")]
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Certificate(models.Model):
    """A key of a local signer, first as a request, then with its certificate (ATIS-1000080)."""

    signer = models.ForeignKey(Signer, on_delete=models.CASCADE, related_name="certificates")
    key_sealed = models.TextField(blank=True)
    """The P-256 private key, encrypted; empty once the certificate is retired."""
    spc = models.CharField(max_length=10)
    """The service provider code of its TNAuthList."""
    csr = models.TextField(blank=True)
    chain = models.TextField(blank=True)
    """PEM, leaf first; empty until the authority has answered."""
    x5u = models.URLField(blank=True)
    """Where verifiers fetch the chain."""
    fingerprint = models.CharField(max_length=64, blank=True)
    """SHA-256 of the leaf."""
    not_before = models.DateTimeField(null=True, blank=True)
    not_after = models.DateTimeField(null=True, blank=True)
    in_use = models.BooleanField(default=False)
    """The one that signs now: one a signer."""
    replaced_at = models.DateTimeField(null=True, blank=True)
    """When another one took over."""
    created_at = models.DateTimeField(auto_now_add=True)
    retired_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["signer"], condition=models.Q(in_use=True), name="one_certificate_in_use"
            )
        ]
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"Certificate {self.pk}"


class TrustedRoot(models.Model):
    """A root of the policy administrator's list (STI-PA): whom an organisation believes who signs."""

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="trusted_roots")
    name = models.CharField(max_length=120)
    """The subject's common name."""
    pem = models.TextField()
    fingerprint = models.CharField(max_length=64)
    """SHA-256."""
    not_after = models.DateTimeField()
    created_by = models.CharField(max_length=150, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "fingerprint"], name="trusted_root_once")
        ]
        ordering = ["name", "id"]

    def __str__(self) -> str:
        return self.name
