"""``manage.py evidence``: words and status for intact and broken chains, and files that prove themselves."""

from __future__ import annotations

import json

import pytest
from django.core.management import CommandError, call_command

from compliance.evidence.verifying import head_of
from compliance.models import Chain, ChainCheck, Decision
from compliance.tasks import check_chains
from tests.accounts.makers import make_organisation

pytestmark = [pytest.mark.integration, pytest.mark.django_db]
BEFORE = ("--before", "2026-11-21")


@pytest.fixture
def exported(chain_of_five, tmp_path):
    path = tmp_path / "decisions.jsonl"
    call_command("evidence", "export", *BEFORE, "--file", path)
    return path


def test_an_intact_chain_is_told_with_its_head_and_kept(chain_of_five, capsys):
    call_command("evidence", "verify")
    head = head_of(chain_of_five)
    assert capsys.readouterr().out == (f"Acme: Intact: 5 decisions, each as it was written. Head {head}.\n")
    check = ChainCheck.objects.get()
    assert (check.sequence, bytes(check.digest), check.checked, check.finding) == (5, head.digest, 5, "")


def test_a_broken_chain_ends_with_an_error_that_names_the_place(chain_of_five, capsys):
    Decision.objects.filter(sequence=4).delete()
    with pytest.raises(CommandError, match="not intact"):
        call_command("evidence", "verify", "--organisation", "Acme")
    assert "Not intact at decision 4: it is missing." in capsys.readouterr().err
    assert (ChainCheck.objects.get().finding, ChainCheck.objects.get().found_at) == ("missing", 4)


def test_without_a_name_every_organisation_is_checked(chain_of_five, capsys):
    make_organisation("Elsewhere")
    call_command("evidence", "verify")
    assert [line.split(":")[0] for line in capsys.readouterr().out.splitlines()] == ["Acme", "Elsewhere"]


def test_the_printed_head_is_an_anchor(chain_of_five, capsys):
    call_command("evidence", "head")
    noted = capsys.readouterr().out.strip()
    call_command("evidence", "verify", "--anchor", noted)
    with pytest.raises(CommandError):
        call_command("evidence", "verify", "--anchor", f"5:{'00' * 32}")


def test_an_earlier_check_anchors_the_next(chain_of_five):
    check_chains()
    Decision.objects.filter(sequence=5).delete()
    Chain.objects.update(sequence=4, digest=Decision.objects.get(sequence=4).digest)
    check_chains()
    assert list(ChainCheck.objects.order_by("pk").values_list("finding", flat=True)) == ["", "cut_off"]


def test_an_export_holds_every_decision_and_proves_itself(exported, capsys):
    title, *lines = [json.loads(line) for line in exported.read_bytes().splitlines()]
    assert [line["sequence"] for line in lines] == [1, 2, 3, 4, 5]
    assert title["head"] == f"5:{lines[-1]['digest']}"
    capsys.readouterr()
    call_command("evidence", "verify", "--file", exported)
    assert "Intact: 5 decisions" in capsys.readouterr().out


def test_an_export_ends_before_the_day_in_the_organisations_zone(chain_of_five, tmp_path):
    """The five were written at noon on 20 November in New York."""
    with pytest.raises(CommandError, match="no decision before 2026-11-20"):
        call_command("evidence", "export", "--before", "2026-11-20", "--file", tmp_path / "none")
    assert not (tmp_path / "none").exists()


def change(line: bytes) -> bytes:
    return line.replace(b"+13125550100", b"+13125550199")


@pytest.mark.parametrize(
    ("tamper", "place"),
    [
        (lambda lines: [*lines[:2], change(lines[2]), *lines[3:]], "decision 2: it was changed"),
        (lambda lines: [*lines[:2], *lines[3:]], "decision 2: it is missing"),
        (lambda lines: lines[:-1], "decision 5: it is missing"),
        (lambda lines: [*lines[:2], lines[3], lines[2], *lines[4:]], "decision 2: it is missing"),
        (lambda lines: [*lines, lines[-1]], "decision 5: it was put in between"),
    ],
    ids=["changed", "dropped", "cut", "reordered", "inserted"],
)
def test_an_export_that_was_tampered_with_is_found_out(exported, tamper, place):
    exported.write_bytes(b"".join(tamper(exported.read_bytes().splitlines(keepends=True))))
    with pytest.raises(CommandError, match=place):
        call_command("evidence", "verify", "--file", exported)


@pytest.mark.parametrize("content", [b"", b"{}\n", b"[1]\n", b"\x00\xff", b'{"format": 2, "head": "x"}\n'])
def test_a_file_that_is_no_export_is_named_as_such(tmp_path, content):
    path = tmp_path / "other"
    path.write_bytes(content)
    with pytest.raises(CommandError, match="no file that"):
        call_command("evidence", "verify", "--file", path)


def test_a_line_that_was_cut_is_named_as_such(exported):
    exported.write_bytes(exported.read_bytes()[:-20])
    with pytest.raises(CommandError, match="a line of it is cut"):
        call_command("evidence", "verify", "--file", exported)


def test_an_export_never_overwrites_a_file(exported):
    before = exported.read_bytes()
    with pytest.raises(CommandError, match="there already"):
        call_command("evidence", "export", *BEFORE, "--file", exported)
    assert exported.read_bytes() == before
