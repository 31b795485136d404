"""Forms of signers, their certificates and the authorities."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile

from ..choices import Attestation, SignerKind
from ..models import Signer
from ..numbers import normalise
from ..stir.chains import CHAIN_BYTES_MAX

KINDS = [(kind.value, kind.label) for kind in (SignerKind.LOCAL, SignerKind.REMOTE, SignerKind.CARRIER)]
LEVELS = [(level.value, level.value) for level in Attestation]
PEM_ROWS = {"rows": 8, "spellcheck": "false", "class": "code"}


class SignerForm(forms.Form):
    """How calls are signed; a service's token goes in and never comes out."""

    kind = forms.ChoiceField(choices=KINDS, label="Who makes the signature")
    name = forms.CharField(max_length=60, help_text="As trunks and call records name it.")
    highest = forms.ChoiceField(
        choices=Attestation.choices,
        initial=Attestation.A,
        label="Highest attestation",
        help_text="A call gets this or what its caller ID may claim, whichever is lower.",
    )
    signs_name = forms.BooleanField(
        required=False, label="Sign the display name too (rcd)", help_text="With a key of our own only."
    )
    url = forms.URLField(
        required=False,
        assume_scheme="https",
        label="Address of the signing service",
        help_text="Begins with https://. Of a remote service only (ATIS-1000082).",
    )
    token = forms.CharField(
        required=False,
        strip=True,
        max_length=2000,
        label="Token of the signing service",
        help_text="What a remote service knows you by. It is kept encrypted.",
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    forget_token = forms.BooleanField(required=False, label="Forget the stored token")
    active = forms.BooleanField(required=False, initial=True, label="In use")

    def __init__(self, signer: Signer, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("initial", self._initial_of(signer))
        super().__init__(*args, **kwargs)
        if signer.pk:
            del self.fields["kind"]
        if signer.pk and signer.kind != SignerKind.REMOTE:
            for name in ("url", "token", "forget_token"):
                del self.fields[name]
        elif signer.token_sealed:
            self.fields["token"].help_text = "One is stored. Leave empty to keep it."
        else:
            del self.fields["forget_token"]
        if signer.pk and signer.kind != SignerKind.LOCAL:
            del self.fields["signs_name"]

    @staticmethod
    def _initial_of(signer: Signer) -> dict[str, object]:
        return {name: getattr(signer, name) for name in ("name", "highest", "signs_name", "url", "active")}

    def values(self) -> dict[str, Any]:
        """What ``save_signer`` takes."""
        kept = ("name", "highest", "signs_name", "url", "active")
        values = {name: self.cleaned_data[name] for name in kept if name in self.fields}
        forget = self.cleaned_data.get("forget_token")
        return values | {"token": "" if forget else self.cleaned_data.get("token") or None}


class RequestForm(forms.Form):
    """For whom a certificate is asked."""

    spc = forms.CharField(
        max_length=10,
        label="Service provider code",
        help_text="The OCN that the policy administrator knows you by, such as 1234.",
    )


class PemField(forms.CharField):
    """Certificates as text."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            required=False, max_length=CHAIN_BYTES_MAX, widget=forms.Textarea(attrs=PEM_ROWS), **kwargs
        )


class PemForm(forms.Form):
    """Certificates, pasted or as a file."""

    pem = PemField(label="Certificates (PEM)")
    file = forms.FileField(required=False, label="Or a file", max_length=200)

    def clean(self) -> dict[str, Any]:
        """One of both; a file is text of a bounded size."""
        cleaned = dict(self.cleaned_data)
        upload = cleaned.get("file")
        if upload:
            cleaned["pem"] = self._text_of(upload)
        elif not cleaned.get("pem") and not self.errors:
            self.add_error("pem", "Paste the certificates, or choose their file.")
        return cleaned

    def _text_of(self, upload: UploadedFile) -> str:
        if (upload.size or 0) > CHAIN_BYTES_MAX:
            self.add_error("file", f"The file is larger than {CHAIN_BYTES_MAX // 1024} KB.")
            return ""
        try:
            return upload.read().decode("ascii")
        except UnicodeDecodeError:
            self.add_error("file", "This is no text. Give the certificates as PEM, not as DER.")
            return ""


class InstallForm(PemForm):
    """What the authority gave, and where verifiers will find it."""

    x5u = forms.CharField(
        max_length=200,
        label="Where verifiers fetch it (x5u)",
        help_text="A public https address on port 443 or 8443, such as https://certificates.example.com/shaken.pem.",
    )
    field_order = ("pem", "file", "x5u")


class TryForm(forms.Form):
    """A call that is signed for a look at the signature; none is made."""

    orig = forms.CharField(max_length=20, label="From", initial="+12025550100")
    dest = forms.CharField(max_length=20, label="To", initial="+12025550199")
    attestation = forms.ChoiceField(choices=LEVELS, initial=Attestation.A)

    def clean_orig(self) -> str:
        """International form."""
        return self._number("orig")

    def clean_dest(self) -> str:
        """International form."""
        return self._number("dest")

    def _number(self, name: str) -> str:
        number = normalise(self.cleaned_data[name])
        if number is None:
            raise forms.ValidationError("Give a number in the international form, such as +12025550100.")
        return number
