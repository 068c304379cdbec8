"""Manners of the repository: what must not be committed, and what must be complete."""

import re
import subprocess
from io import StringIO

import pytest
from django.conf import settings
from django.core.management import call_command


def tracked() -> list[str]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=settings.BASE_DIR, capture_output=True, check=True)
    return [name for name in listed.stdout.decode().split("\0") if name]


def text_of(name: str) -> str:
    try:
        return (settings.BASE_DIR / name).read_text()
    except (UnicodeDecodeError, FileNotFoundError):
        return ""


def test_locks_name_no_host():
    locks = [name for name in tracked() if name.endswith((".lock", "package-lock.json", ".npmrc"))]
    assert len(locks) >= 3
    for name in locks:
        assert not re.search(r'https?://(?!github\.com/sponsors|opencollective\.com)|"resolved"', text_of(name)), name


def test_no_path_of_a_machine():
    for name in tracked():
        if name.startswith(("static/vendor/", "tests/vendor/")):
            continue
        assert not re.search(r"(?<![\w.])/(?:work|home/\w+)/", text_of(name)), name


def test_every_setting_of_the_environment_is_written_down():
    read = set(re.findall(r'env(?:\.\w+)?\(\s*"([A-Z_]+)"', text_of("circo/settings.py")))
    assert len(read) > 30
    written = text_of("README.md") + text_of("docs/proconnect.md")
    assert {name for name in read if f"`{name}`" not in written} == set()


def test_documents_point_at_what_is_there():
    documents = [name for name in tracked() if name.endswith(".md") and not name.startswith("static/")]
    assert "README.md" in documents
    for name in documents:
        for target in re.findall(r"\]\((?!https?:|#|mailto:)([^)#]+)", text_of(name)):
            assert (settings.BASE_DIR / name).parent.joinpath(target).exists(), f"{name}: {target}"


@pytest.mark.django_db
def test_no_pending_migration():
    call_command("makemigrations", "--check", "--dry-run", stdout=StringIO())


@pytest.mark.django_db  # the check of JSON fields asks the database, over a fresh connection after a browser test
def test_system_checks_are_clean():
    call_command("check", fail_level="WARNING", stdout=StringIO(), stderr=StringIO())
