"""``manage.py stir csr|install|status|sign|verify|roots``: keys, certificates and signatures on a shell."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from accounts.management.organisations import find_organisation
from accounts.sealing import SealBroken
from compliance.choices import Attestation
from compliance.models import Certificate, Signer, TrustedRoot
from compliance.services.install_certificate import install_certificate
from compliance.services.request_certificate import request_certificate
from compliance.services.trust_root import trust_roots
from compliance.services.use_certificate import use_certificate
from compliance.stir.authorities import trusted_roots
from compliance.stir.certificates import find_request, problems
from compliance.stir.chains import ChainInvalid
from compliance.stir.fetching import ChainStore
from compliance.stir.sample import sign_sample
from compliance.stir.validity import rows
from compliance.stir.verifier import Incoming, Verifier
from compliance.stir.web import public_road

ACTOR = "command line"
IDENTITY_BYTES_MAX = 16 * 1024


class GivenChain(ChainStore):
    """A chain that is at hand, whatever the address."""

    def __init__(self, chain: bytes) -> None:
        self._chain = chain

    def get(self, x5u: str) -> bytes:
        """The chain that was given."""
        return self._chain


class Command(BaseCommand):
    """Each verb does what its button on the signing page does."""

    help = "Manage keys and certificates for signed calls (STIR/SHAKEN); sign and verify by hand."

    def add_arguments(self, parser: CommandParser) -> None:
        """One of six things to do."""
        verbs = parser.add_subparsers(dest="verb", required=True)
        csr = verbs.add_parser("csr", help="make a key here and print its request for the authority")
        csr.add_argument("--spc", required=True, help="service provider code, such as 1234")
        install = verbs.add_parser("install", help="take in the authority's answer")
        install.add_argument("chain", type=Path, help="PEM file, the signer's certificate first")
        install.add_argument("--x5u", required=True, help="where verifiers fetch it")
        install.add_argument("--use", action="store_true", help="let it sign at once")
        status = verbs.add_parser(
            "status", help="all certificates; status 1 where one ends soon or is missing"
        )
        sign = verbs.add_parser("sign", help="print the Identity header of a call that is not made")
        verify = verbs.add_parser("verify", help="verify an Identity header; status 1 where it is not proven")
        verify.add_argument("--identity", help="its value; left out: read from standard input")
        verify.add_argument("--chain", type=Path, help="the signer's chain; left out: fetched from its x5u")
        roots = verbs.add_parser("roots", help="list the trusted authorities, or add some")
        roots.add_argument("--add", type=Path, metavar="FILE", help="PEM file of roots (STI-PA list)")
        for each in (sign, verify):
            _add_call(each)
        sign.add_argument("--attestation", choices=Attestation.values, default=Attestation.A)
        for each in (csr, install, sign):
            each.add_argument("--signer", required=True, help="the signer's name")
        for each in (csr, install, status, sign, verify, roots):
            each.add_argument("--organisation", help="needed where there are several")

    def handle(self, *args: Any, **options: Any) -> None:
        """Through the verb that was asked for; what is refused ends with status 1 and the reason."""
        try:
            getattr(self, f"_{options['verb']}")(options)
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        except SealBroken as error:
            raise CommandError(str(error)) from error

    def _csr(self, options: dict[str, Any]) -> None:
        self.stdout.write(request_certificate(_find_signer(options), ACTOR, options["spc"]).csr)

    def _install(self, options: dict[str, Any]) -> None:
        signer, now = _find_signer(options), timezone.now()
        chain = _read(options["chain"]).decode("latin-1")
        try:
            asked = find_request(signer, chain.encode())
        except ChainInvalid as error:
            raise CommandError(error.why) from error
        if asked is None:
            raise CommandError(f"No open request of “{signer.name}” has the key of this certificate.")
        installed = install_certificate(asked, ACTOR, chain=chain, x5u=options["x5u"], now=now)
        if options["use"] and not installed.in_use:
            use_certificate(installed, ACTOR, now)
        self.stdout.write(
            f"Installed: {installed.fingerprint}. {'It signs now.' if installed.in_use else ''}"
        )

    def _status(self, options: dict[str, Any]) -> None:
        organisation, now = find_organisation(options["organisation"]), timezone.now()
        for signer in Signer.objects.filter(organisation=organisation):
            self.stdout.write(f"{signer.name}: {signer.get_kind_display()}")
            for row in rows(Certificate.objects.filter(signer=signer, retired_at=None), now):
                ends = (
                    f"{row.certificate.not_after:%Y-%m-%d}" if row.certificate.not_after else "no answer yet"
                )
                self.stdout.write(f"  SHAKEN {row.certificate.spc}  {row.label}, {ends}")
        found = problems(organisation.pk, now)
        for problem in found:
            self.stderr.write(problem)
        if found:
            sys.exit(1)

    def _sign(self, options: dict[str, Any]) -> None:
        call = {name: options[name] for name in ("orig", "dest", "attestation")}
        sample = sign_sample(_find_signer(options), timezone.now(), **call)
        if not sample.identity:
            raise CommandError(sample.why or sample.words)
        self.stdout.write(sample.identity)

    def _verify(self, options: dict[str, Any]) -> None:
        organisation = find_organisation(options["organisation"])
        chain = options["chain"]
        store = GivenChain(_read(chain)) if chain else ChainStore(public_road())
        identity = options["identity"] or sys.stdin.read(IDENTITY_BYTES_MAX)
        call = Incoming(
            identities=(identity.strip(),), from_number=options["orig"], to_number=options["dest"]
        )
        verdict = Verifier(trusted_roots(organisation.pk), store).verify(call, timezone.now().timestamp())
        if verdict.complaint:
            raise CommandError(f"{verdict.verstat}: {verdict.code} {verdict.complaint}. {verdict.why}")
        self.stdout.write(
            f"{verdict.verstat_with_level}: signed by {verdict.signer} ({verdict.fingerprint}), "
            f"origin {verdict.origid}."
        )

    def _roots(self, options: dict[str, Any]) -> None:
        organisation = find_organisation(options["organisation"])
        if options["add"]:
            pem = _read(options["add"]).decode("latin-1")
            made = trust_roots(organisation, ACTOR, pem, timezone.now())
            self.stdout.write(f"Newly trusted: {len(made)}.")
        for root in TrustedRoot.objects.filter(organisation=organisation):
            self.stdout.write(f"{root.fingerprint}  {root.not_after:%Y-%m-%d}  {root.name}")


def _add_call(parser: ArgumentParser) -> None:
    parser.add_argument("orig", help="who calls, such as +12025550100")
    parser.add_argument("dest", help="who is called")


def _find_signer(options: dict[str, Any]) -> Signer:
    organisation = find_organisation(options["organisation"])
    signer = Signer.objects.filter(organisation=organisation, name=options["signer"]).first()
    if signer is None:
        names = ", ".join(f"“{each.name}”" for each in organisation.signers.all()) or "none yet"
        raise CommandError(f"There is no signer “{options['signer']}”. There are: {names}.")
    return signer


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise CommandError(f"{path} cannot be read: {error.strerror}.") from error
