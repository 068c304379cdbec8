"""H5P activities from outside: packages good and hostile, what their files are to a browser, what a result is worth."""

from __future__ import annotations

import json
import re
import stat
import zipfile
from datetime import timedelta
from io import BytesIO

import pytest
from django.core.files.storage import default_storage
from django.urls import reverse
from django.utils import timezone

from circo.errors import Refusal
from circo.models import HourEntry
from tests.trainings import h5p_things
from tests.trainings.h5p_things import files, library, packed, upload
from tests.trainings.learners import learner
from tests.trainings.written import draft_of, module_of, publish, step_of
from trainings import contents, documents
from trainings.activities import actions, rules, tokens
from trainings.models import RemovedPart, Step, StepDocument, StepProgress, StoredDocument
from trainings.paths import checks
from trainings.paths.actions import publishing
from trainings.paths.rules import H5P, StepKind
from trainings.transfers.outlining import outline_of
from trainings.xapi import passing


@pytest.fixture
def step(world):
    version = draft_of(world.here, world.trainer)
    return step_of(module_of(version, minutes=30), StepKind.PACKAGE, "Une devinette", text="À vous.")


@pytest.fixture
def author(world, sign_in):
    """A client, as the trainer who writes the path."""
    return sign_in(world.trainer)


@pytest.fixture
def logged(caplog):
    """The lines of the security log."""
    return lambda: [record.getMessage() for record in caplog.records if record.name == "security"]


def url(name: str, *args: object) -> str:
    return reverse(f"trainings:{name}", args=args)


def bring(client, step, content: bytes | None = None):
    return client.post(url("package_bring", step.pk), {"file": upload(content)})


def address_in(page) -> str:
    return re.search(r'data-fichiers="([^"]+)"', page.content.decode())[1].replace("http://testserver", "")


# --- Brought by its author --------------------------------------------------------------------------------------------
def test_a_package_is_brought_checked_and_taken_out_and_back(step, author):
    assert "Il n’y a pas encore d’activité." in [one.text for one in checks.check(step.module.version).blocking]
    assert bring(author, step).url == url("step_edit", step.pk) + "#activite"
    document = StepDocument.objects.get()
    assert (document.kind, document.name, document.size_bytes) == (H5P, "Devinette.h5p", len(packed()))
    assert default_storage.exists(documents.key_of(document.sha256, H5P))
    assert not checks.check(step.module.version).blocking
    again = bring(author, step)
    assert again.status_code == 422
    assert "retirez-la d’abord" in again.content.decode()
    author.post(url("document_remove", document.pk))
    part = RemovedPart.objects.get()
    assert not StepDocument.objects.exists()
    bring(author, step)
    author.post(url("part_restore", part.pk))
    assert StepDocument.objects.count() == 1, "another has come since"
    author.post(url("document_remove", StepDocument.objects.get().pk))
    author.post(url("part_restore", part.pk))
    assert StepDocument.objects.get() == document


def test_only_a_draft_that_one_writes_and_a_step_that_plays_take_a_package(world, step, sign_in):
    assert bring(sign_in(world.amina), step).status_code == 404
    author = sign_in(world.trainer)
    assert bring(author, step_of(step.module)).status_code == 404
    with pytest.raises(Refusal):
        actions.bring(step=step.module.steps.last(), file=upload(), by=world.trainer)
    publish(step.module.version)
    assert bring(author, step).status_code == 404
    assert not StoredDocument.objects.exists()


def test_copies_share_the_file_and_it_goes_with_the_last(world, step, author):
    bring(author, step)
    document = StepDocument.objects.get()
    before = contents.print_of(step)
    publish(step.module.version)
    draft = publishing.prepare(path=step.module.version.path, by=world.trainer)
    copy = Step.objects.get(module__version=draft)
    assert contents.print_of(copy) == before
    assert StoredDocument.objects.count() == 1
    assert copy.documents.get().sha256 == document.sha256
    author.post(url("document_remove", copy.documents.get().pk))
    assert contents.print_of(Step.objects.get(pk=copy.pk)) != before
    long_ago = timezone.now() - timedelta(days=3)
    RemovedPart.objects.update(removed_at=long_ago)
    StoredDocument.objects.update(kept_at=long_ago)
    assert documents.sweep() == 0, "the published version plays it"
    document.delete()
    assert documents.sweep() == 1
    assert not default_storage.exists(documents.key_of(document.sha256, H5P))


def test_the_package_stays_here_when_the_path_leaves(step):
    h5p_things.give(step)
    outline, left_out = outline_of(step.module.version, lambda done: None)
    assert outline.modules[0].steps[0].files == ()
    assert "Une devinette" in str(left_out[0])


# --- Hostile, or merely wrong -----------------------------------------------------------------------------------------
def zipped(*members: tuple[zipfile.ZipInfo | str, str]) -> bytes:
    written = BytesIO(packed())
    with zipfile.ZipFile(written, "a") as archive:
        for info, text in members:
            archive.writestr(info, text)
    return written.getvalue()


def symlink() -> bytes:
    info = zipfile.ZipInfo("content/lien.png")
    info.external_attr = (stat.S_IFLNK | 0o777) << 16
    return zipped((info, "/etc/passwd"))


def bomb() -> bytes:
    written = BytesIO(packed())
    with zipfile.ZipFile(written, "a", zipfile.ZIP_DEFLATED) as archive, archive.open("content/a.json", "w") as member:
        for _ in range(rules.LIMITS.unpacked // 2**20 + 1):
            member.write(bytes(2**20))
    return written.getvalue()


def many() -> bytes:
    """A million members, each a line of the index: made by hand, since a tool would take minutes."""
    whole = packed(dict.fromkeys(["a"], ""))
    at = whole.index(b"PK\x01\x02")
    line, end = whole[at : whole.index(b"PK\x05\x06")], bytearray(whole[-22:])
    end[8:12] = (0xFFFF).to_bytes(2, "little") * 2
    end[12:16] = (len(line) * 10**6).to_bytes(4, "little")
    return whole[:at] + line * 10**6 + bytes(end)


HOSTILE = {
    "bomb": (bomb, "trop grosse une fois décompressée"),
    "many": (many, "trop de fichiers"),
    "symlink": (symlink, "autre chose que des fichiers"),
    "traversal": (lambda: zipped(("../../etc/cron.d/a.txt", "")), "dont le nom n’est pas admis"),
    "absolute": (lambda: zipped(("/etc/a.txt", "")), "dont le nom n’est pas admis"),
    "backslash": (lambda: zipped(("content\\..\\a.txt", "")), "dont le nom n’est pas admis"),
    "twice": (lambda: zipped(("CONTENT/Content.json", "{}")), "deux fois le même fichier"),
    "html": (lambda: packed(more={"content/a.html": "<script>1</script>"}), "d’une sorte qui n’est pas admise"),
    "script in content": (lambda: packed(more={"content/a.js": "1"}), "d’une sorte qui n’est pas admise"),
    "php": (lambda: packed(more={"H5P.Bravo-1.0/a.php": ""}), "d’une sorte qui n’est pas admise"),
}
NO_LIBRARY = {"H5P.Bravo-1.0/library.json", "H5P.Bravo-1.0/bravo.js"}
WRONG = {
    "empty": (b"", "Ce fichier est vide"),
    "no zip": (b"<html>", "n’est pas une activité H5P"),
    "a tar": (b"\x1f\x8b\x08\x00", "n’est pas une activité H5P"),
    "broken": (packed()[:-40], "abîmée"),
    "another zip": (packed({"word/document.xml": ""}), "n’est pas admise"),
    "no index": (packed(files(index=None)), "h5p.json\xa0» y manque"),
    "no content": (packed(files(content=None)), "content/content.json\xa0» y manque"),
    "bad json": (packed(files(index="{")), "ne se lit pas"),
    "deep json": (packed(files(index="[" * 100_000)), "ne se lit pas"),
    "a list": (packed(files(content="[]")), "ne se lit pas"),
    "no main": (packed(files(index=json.dumps({"preloadedDependencies": []}))), "ne se lit pas"),
    "no library": (packed(files(other=None)), "Il manque «\xa0H5P.Bravo-1.0\xa0»"),
    "no script": (packed(files(bravo=None)), "Il manque «\xa0bravo.js\xa0» à la bibliothèque"),
    "odd name": (packed(files(other=library("H5P.Bravo", "../../a"))), "ne se lit pas"),
    "odd list": (packed(files(other=library("H5P.Bravo", preloadedJs="a"))), "ne se lit pas"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_package_is_refused_and_logged(step, author, world, logged, name):
    content, words = HOSTILE[name]
    answer = bring(author, step, content())
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert f"H5P package brought by person {world.trainer.pk} refused" in logged()[0]
    assert not StoredDocument.objects.exists()


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_package_is_refused_in_words(step, author, name):
    content, words = WRONG[name]
    answer = bring(author, step, content)
    assert answer.status_code == 422
    assert words in answer.content.decode().replace("&nbsp;", "\xa0")
    assert not StoredDocument.objects.exists()


def unversioned(*names: str) -> bytes:
    """The package, with folders that do not say the version of these libraries."""
    content = files()
    for name in names:
        content = {path.replace(f"{name}-1.0/", f"{name}/"): text for path, text in content.items()}
    return packed(content)


def test_folders_say_the_versions_of_all_libraries_or_of_none(step, author):
    assert bring(author, step, unversioned("H5P.Bravo")).status_code == 422, "the player would not find it"
    assert bring(author, step, unversioned("H5P.Devinette")).status_code == 422
    assert bring(author, step, unversioned("H5P.Devinette", "H5P.Bravo")).status_code == 302


def test_libraries_that_ask_for_one_another_are_walked_once(step, author):
    content = files(other=library("H5P.Bravo", "H5P.Devinette", preloadedJs=[{"path": "./bravo.js"}]))
    assert bring(author, step, packed(content)).status_code == 302


def test_a_package_that_is_too_heavy_is_not_read(step, author, monkeypatch):
    monkeypatch.setattr(rules, "BYTES_MAX", 100)
    answer = bring(author, step)
    assert answer.status_code == 422
    assert "pèse au plus" in answer.content.decode()


# --- To a browser -----------------------------------------------------------------------------------------------------
@pytest.fixture
def played(step):
    h5p_things.give(step)
    publish(step.module.version)
    return step.documents.get()


def test_a_player_is_a_page_apart_held_in_a_sandbox(world, played, sign_in):
    answer = sign_in(world.amina).get(url("activity_player", played.pk))
    policy = answer.headers["Content-Security-Policy"]
    assert policy.startswith("sandbox allow-scripts; default-src 'none'; script-src http://testserver/")
    assert "allow-same-origin" not in policy
    assert "'self'" not in policy.replace("frame-ancestors 'self'", "")
    assert f"connect-src http://testserver{address_in(answer)};" in policy
    assert answer.headers["X-Frame-Options"] == "SAMEORIGIN"


def test_a_player_is_for_those_who_see_the_step_and_only_in_a_frame(world, step, played, sign_in):
    assert sign_in(world.denis).get(url("activity_player", played.pk)).status_code == 404
    alone = sign_in(world.amina).get(url("activity_player", played.pk), headers={"Sec-Fetch-Dest": "document"})
    assert alone.status_code == 404
    paper = step.documents.create(kind="pdf", name="a.pdf", size_bytes=1, sha256="a" * 64)
    assert sign_in(world.amina).get(url("activity_player", paper.pk)).status_code == 404
    assert sign_in(world.amina).get(url("step_document", played.pk)).status_code == 404


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("h5p.json", "application/json"),
        ("content/images/image.svg", "image/svg+xml"),
        ("H5P.Devinette-1.0/scripts/devinette.js", "text/javascript; charset=utf-8"),
        ("H5P.Bravo-1.0/LICENSE", "text/plain; charset=utf-8"),
    ],
)
def test_a_file_comes_without_a_visit_and_runs_nowhere(world, played, client, name, kind):
    client.logout()
    token = tokens.token_for(played, world.amina, now=timezone.now())
    answer = client.get(url("activity_file", token, name))
    assert answer.getvalue().decode() == files()[name]
    assert answer.headers["Content-Type"] == kind
    assert answer.headers["Access-Control-Allow-Origin"] == "null"
    assert "Access-Control-Allow-Credentials" not in answer.headers
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"].startswith("sandbox; default-src 'none'")
    assert answer.headers["Cache-Control"] == "private, no-cache"
    again = client.get(url("activity_file", token, name), headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304
    part = client.get(url("activity_file", token, name), headers={"Range": "bytes=3-5"})
    assert (part.status_code, part.getvalue().decode()) == (206, files()[name][3:6])


@pytest.mark.parametrize("name", ["H5P.Bravo-1.0/.eslintrc", "autre.json", "../h5p.json", "content/a.html", "content"])
def test_what_is_not_for_a_browser_is_not_there(world, played, client, name):
    token = tokens.token_for(played, world.amina, now=timezone.now())
    where = url("activity_file", token, "x").removesuffix("x")
    assert client.get(where + name).status_code == 404


def test_an_address_that_we_did_not_write_or_too_old_opens_nothing(world, played, client):
    token = tokens.token_for(played, world.amina, now=timezone.now())
    old = tokens.token_for(played, world.amina, now=timezone.now() - rules.ADDRESS_LIFE - timedelta(seconds=1))
    assert client.get(url("activity_file", token[:-1], "h5p.json")).status_code == 404
    assert client.get(url("activity_file", old, "h5p.json")).status_code == 410
    assert client.get(url("activity_file", token, "h5p.json")).status_code == 200


def test_the_page_of_the_step_frames_players_and_nothing_else(world, step, played, sign_in):
    enrolment = learner(world.amina, step.module.version)
    page = sign_in(world.amina).get(url("step_page", enrolment.path_id, step.pk))
    assert "frame-src http://testserver/parcours/activites/;" in page.headers["Content-Security-Policy"] + ";"
    assert 'sandbox="allow-scripts"' in page.content.decode()
    other = sign_in(world.amina).get(url("path_show", enrolment.path_id))
    assert "frame-src" not in other.headers["Content-Security-Policy"]


# --- What it came to --------------------------------------------------------------------------------------------------
@pytest.fixture
def enrolment(world, step, played):
    step_of(step.module, title="Autre chose")
    return learner(world.amina, step.module.version)


def test_the_best_result_is_kept_and_the_step_is_done(world, step, enrolment, sign_in):
    client = sign_in(world.amina)
    for said in ("50", "100", "", "20"):
        assert client.post(url("play", enrolment.path_id, step.pk), {"percent": said}).status_code == 302
    progress = StepProgress.objects.get()
    assert (progress.percent, progress.done_at is not None) == (100, True)
    assert "100 % d’après l’activité" in client.get(url("step_page", enrolment.path_id, step.pk)).content.decode()


def test_a_result_is_bounded_and_for_a_step_that_plays(world, step, enrolment, sign_in):
    client = sign_in(world.amina)
    for said in ("101", "-1", "NaN", "1e9", "9" * 5000, "<b>"):
        answer = client.post(url("play", enrolment.path_id, step.pk), {"percent": said})
        assert answer.status_code == 422
        assert "ne se lit pas" in answer.content.decode()
    other = step.module.steps.get(title="Autre chose")
    assert client.post(url("play", enrolment.path_id, other.pk), {"percent": "1"}).status_code == 422
    assert not StepProgress.objects.exists()


def test_by_hand_the_step_is_done_without_a_result(world, step, enrolment, sign_in):
    sign_in(world.amina).post(url("step_done", enrolment.path_id, step.pk))
    assert StepProgress.objects.get().percent is None


def test_a_result_proves_no_module_and_is_told_to_nobody(world, step, enrolment, sign_in):
    sign_in(world.amina).post(url("play", enrolment.path_id, step.pk), {"percent": "100"})
    enrolment.refresh_from_db()
    assert enrolment.completed_at is None
    assert not HourEntry.objects.exists()
    enrolment.passed_on_at = enrolment.started_at
    told = passing.statements_of(enrolment, timezone.now())
    assert [one["result"] for one in told] == [{"completion": True}]
