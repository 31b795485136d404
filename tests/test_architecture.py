"""The house keeps its order: imports go one way, vendored files are what they say, pages of the docs are current."""

from __future__ import annotations

import ast
import hashlib
import importlib.util
import json
import re
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest
from django.core.management import call_command

pytestmark = pytest.mark.unit

PROJECT = Path(__file__).resolve().parent.parent
VENDOR = PROJECT / "static" / "js" / "vendor"
FREE_LICENCES = {"MIT", "Apache-2.0", "0BSD", "BSD-2-Clause", "BSD-3-Clause", "ISC"}


def manifest() -> list[dict[str, str]]:
    return json.loads((VENDOR / "MANIFEST.json").read_text())


def load(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(path.stem, path)
    module = importlib.util.module_from_spec(spec)
    sys.modules[path.stem] = module
    spec.loader.exec_module(module)
    return module


def test_imports_go_one_way():
    checked = subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-cache"],
        cwd=PROJECT,
        capture_output=True,
        text=True,
    )
    assert checked.returncode == 0, checked.stdout


def test_every_vendored_file_is_in_the_manifest_and_none_is_missing():
    listed = {entry["file"] for entry in manifest()}
    present = {path.name for path in VENDOR.iterdir()} - {"MANIFEST.json"}
    assert listed == present


@pytest.mark.parametrize("entry", manifest(), ids=lambda entry: entry["file"])
def test_a_vendored_file_is_the_one_that_was_taken_in(entry):
    assert hashlib.sha256((VENDOR / entry["file"]).read_bytes()).hexdigest() == entry["sha256"]
    assert entry["licence"] in FREE_LICENCES
    assert re.fullmatch(r"\d+\.\d+\.\d+", entry["version"])


def test_the_list_of_settings_is_current():
    generate = load(PROJECT / "docs" / "generate_settings.py")
    assert (PROJECT / "docs" / "settings.md").read_text() == generate.page(), (
        "Run: python docs/generate_settings.py"
    )


def test_the_page_of_calling_hours_is_current():
    generate = load(PROJECT / "docs" / "generate_windows.py")
    assert (PROJECT / "docs" / "windows.md").read_text() == generate.page(), (
        "Run: python docs/generate_windows.py"
    )


def test_a_setting_without_a_meaning_is_refused():
    generate = load(PROJECT / "docs" / "generate_settings.py")
    with pytest.raises(generate.Undocumented, match="PACELINE_NEW"):
        list(generate.variables(ast.parse('NEW = env.int("PACELINE_NEW", 3)')))


@pytest.mark.django_db
def test_models_and_migrations_agree():
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)
