"""The pages of imports: from the file to the report, who may see it, and what never gets in."""

import io
from pathlib import Path

import pytest
from django.core.files.uploadedfile import TemporaryUploadedFile
from django.test import Client
from django.urls import reverse

from circo.imports import actions, reading, running
from circo.models import (
    ImportLine,
    ImportRun,
    ImportState,
    Outcome,
    School,
)
from tests import world as world_module
from tests.imports import SCHOOLS, A, file, spaced, tried, work

UNASKED = {
    "inspector_there": 404,
    "adviser": 404,
    "amina": 404,
    "head_teacher": 404,
    "departement": 404,
    "student": 404,
}


@pytest.fixture
def run(world) -> ImportRun:
    return tried(world)


def upload(client, content, *, slug="ecoles", name="ecoles.csv", **fields):
    return client.post(reverse("imports:run_upload", args=[slug]), {"file": file(content, name), **fields})


@pytest.mark.django_db(transaction=True)
def test_a_file_is_tried_then_written_then_forgotten(world, sign_in):
    client = sign_in(world.secretary)
    response = upload(client, SCHOOLS)
    run = ImportRun.objects.get()
    assert response.headers["Location"] == reverse("imports:run_detail", args=[run.pk])
    page = client.get(response.headers["Location"]).text
    assert "Essai en attente" in page
    assert 'data-hx-trigger="every 1s"' in page
    work(running.CHECK)
    page = spaced(client.get(response.headers["Location"]).text)
    assert "Importer pour de bon" in page
    assert "every 1s" not in page
    assert "sa lettre devrait être Y" in page
    assert not School.objects.filter(uai=A).exists()
    stored = Path(ImportRun.objects.get().file.path)
    assert stored.exists()
    client.post(reverse("imports:run_apply", args=[run.pk]))
    assert "Écriture en attente" in client.get(response.headers["Location"]).text
    work(running.APPLY)
    page = client.get(response.headers["Location"]).text
    assert "L’import est fait" in page
    assert "Importer pour de bon" not in page
    school = School.objects.get(uai=A)
    assert school.history.get().history_user == world.secretary
    run.refresh_from_db()
    assert (run.state, run.file.name, run.applied_by) == (ImportState.APPLIED, "", world.secretary)
    assert not stored.exists()
    assert set(run.lines.values_list("number", "outcome", "written")) == {(2, "CREATED", True), (3, "REFUSED", True)}


@pytest.mark.parametrize(
    ("persona", "status"), [("inspector", 200), ("secretary", 200), ("superuser", 200), *UNASKED.items()]
)
def test_who_sees_an_import(world, sign_in, run, persona, status):
    client = sign_in(world.people[persona])
    assert client.get(reverse("imports:run_detail", args=[run.pk])).status_code == status
    assert client.get(reverse("imports:run_report", args=[run.pk])).status_code == status


@pytest.mark.parametrize("persona", UNASKED)
@pytest.mark.parametrize("verb", ["apply", "drop"])
def test_a_stranger_neither_writes_nor_drops_an_import(world, sign_in, run, persona, verb):
    assert sign_in(world.people[persona]).post(reverse(f"imports:run_{verb}", args=[run.pk])).status_code == 404
    run.refresh_from_db()
    assert run.state == ImportState.CHECKED


@pytest.mark.parametrize("name", ["run_list", "run_new", "run_upload", "template"])
@pytest.mark.parametrize("persona", ["amina", "adviser", "departement"])
def test_the_pages_are_for_those_who_import(world, sign_in, name, persona):
    args = {"run_list": [], "template": ["ecoles", "csv"]}.get(name, ["ecoles"])
    client = sign_in(world.people[persona])
    ask = client.post if name == "run_upload" else client.get
    assert ask(reverse(f"imports:{name}", args=args)).status_code == 404


def test_the_list_shows_one_s_own_district_alone(world, sign_in, run):
    assert run.file_name in sign_in(world.inspector).get(reverse("imports:run_list")).text
    assert run.file_name not in sign_in(world.inspector_there).get(reverse("imports:run_list")).text


def test_a_district_out_of_reach_is_not_on_offer(world, sign_in):
    district = world.there.district.pk
    world_module.post(world.secretary, world_module.Role.SECRETARY, _second_district(world))
    response = upload(sign_in(world.secretary), SCHOOLS, place=district)
    assert response.status_code == 422
    assert not ImportRun.objects.exists()


def _second_district(world):
    return type(world.here.district).objects.create(departement=world.here.departement, name="Seconde")


@pytest.mark.parametrize("slug", ["ecoles", "personnes"])
@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_the_template_downloads(world, sign_in, slug, form):
    response = sign_in(world.secretary).get(reverse("imports:template", args=[slug, form]))
    assert response.headers["Content-Disposition"] == f'attachment; filename="modele-{slug}.{form}"'
    assert len(reading.read_table(io.BytesIO(response.content)).rows) == 1


@pytest.mark.parametrize(
    "url", ["/imports/voitures/nouveau/", "/imports/ecoles/modele.exe", "/imports/voitures/modele.csv"]
)
def test_what_is_not_imported_is_not_found(world, sign_in, url):
    assert sign_in(world.secretary).get(url).status_code == 404


@pytest.mark.parametrize(
    ("content", "words"),
    [(b"", "vide"), (b"%PDF-1.7", "un PDF"), (b"\x89PNG\r\n\x1a\n", "une image"), (b"\xd0\xcf\x11\xe0", ".xls")],
)
def test_a_file_of_the_wrong_kind_is_told_beside_the_field_and_nothing_typed_is_lost(world, sign_in, content, words):
    response = upload(sign_in(world.secretary), content, slug="personnes", send_invitations="on")
    assert response.status_code == 422
    assert words in response.text
    assert 'name="send_invitations" id="id_send_invitations" checked' in response.text or "checked" in response.text
    assert not ImportRun.objects.exists()


def test_no_file_is_told_beside_the_field(world, sign_in):
    response = sign_in(world.secretary).post(reverse("imports:run_upload", args=["ecoles"]))
    assert response.status_code == 422
    assert "Choisissez un fichier." in response.text


class Long(io.RawIOBase):
    """A file of so many bytes, made as it is read."""

    def __init__(self, size: int):
        self.size, self.at, self.name = size, 0, "gros.csv"

    def read(self, size=-1):
        count = min(self.size - self.at, size if size >= 0 else self.size)
        self.at += count
        return b"x" * count


def test_a_csv_of_200_mb_is_refused_and_never_stored(world, sign_in, monkeypatch):
    """The body passes by in small pieces; neither the memory nor the disk receives the file."""
    boundary, size = "limite", 200 * 1024 * 1024
    head = (
        f'--{boundary}\r\nContent-Disposition: form-data; name="send_invitations"\r\n\r\non\r\n'
        f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="gros.csv"\r\n'
        "Content-Type: text/csv\r\n\r\n"
    ).encode()
    tail = f"\r\n--{boundary}--\r\n".encode()
    made = []
    monkeypatch.setattr(TemporaryUploadedFile, "__init__", lambda *args, **kwargs: made.append(args))

    class Body(io.RawIOBase):
        def __init__(self):
            self.parts = [io.BytesIO(head), Long(size), io.BytesIO(tail)]

        def read(self, count=-1):
            assert 0 <= count <= 1024 * 1024, "the body is read as a whole"
            while self.parts:
                if piece := self.parts[0].read(count):
                    return piece
                self.parts.pop(0)
            return b""

    response = sign_in(world.secretary).generic(
        "POST",
        reverse("imports:run_upload", args=["personnes"]),
        **{
            "wsgi.input": Body(),
            "CONTENT_TYPE": f"multipart/form-data; boundary={boundary}",
            "CONTENT_LENGTH": str(len(head) + size + len(tail)),
        },
    )
    assert response.status_code == 422
    assert "pèse 200 Mo" in spaced(response.text)
    assert "checked" in response.text
    assert made == []
    assert not ImportRun.objects.exists()


def test_the_limit_is_what_keeps_a_long_file_out(world, sign_in, settings):
    """Canary: with the limit raised, the same kind of file is taken."""
    content = SCHOOLS.encode() + b"\n" * 2 * 1024 * 1024
    settings.IMPORT_MAX_BYTES = 1024 * 1024
    assert upload(sign_in(world.secretary), content).status_code == 422
    settings.IMPORT_MAX_BYTES = 4 * 1024 * 1024
    assert upload(sign_in(world.secretary), content).status_code == 302


def test_an_upload_without_its_token_is_refused(world):
    client = Client(enforce_csrf_checks=True)
    client.force_login(world.secretary)
    assert upload(client, SCHOOLS).status_code == 403
    assert not ImportRun.objects.exists()


def test_a_file_that_cannot_be_read_is_refused_as_a_whole_and_forgotten(
    world, sign_in, django_capture_on_commit_callbacks
):
    client = sign_in(world.secretary)
    with django_capture_on_commit_callbacks(execute=True):
        upload(client, "nom;NUMEN\nPetit;21G9801234ABC\n", slug="personnes", name="p.csv")
        stored = Path(ImportRun.objects.get().file.path)
        work(running.CHECK)
    run = ImportRun.objects.get()
    assert (run.state, run.file.name) == (ImportState.REFUSED, "")
    assert not stored.exists()
    page = client.get(reverse("imports:run_detail", args=[run.pk])).text
    assert "Le NUMEN est confidentiel" in page
    assert "21G98" not in page


def test_asking_twice_writes_once(world, sign_in, run):
    client = sign_in(world.inspector)
    for _ in range(2):
        client.post(reverse("imports:run_apply", args=[run.pk]))
    work(running.APPLY)
    page = client.post(reverse("imports:run_apply", args=[run.pk]), follow=True).text
    assert "n’attend pas d’être écrit" in page
    assert School.history.filter(uai=A).count() == 1


def test_a_dropped_import_writes_nothing_and_forgets_its_file(world, sign_in, run, django_capture_on_commit_callbacks):
    stored = Path(run.file.path)
    with django_capture_on_commit_callbacks(execute=True):
        page = sign_in(world.inspector).post(reverse("imports:run_drop", args=[run.pk]), follow=True).text
    assert "rien n’a été écrit" in page
    assert not stored.exists()
    sign_in(world.inspector).post(reverse("imports:run_apply", args=[run.pk]))
    run.refresh_from_db()
    assert run.state == ImportState.DROPPED


def test_the_report_downloads_without_a_formula(world, sign_in, run):
    run.lines.filter(number=2).update(label="=cmd|'/c calc'!A1", notes=["@SUM(1)", "+1"])
    text = sign_in(world.inspector).get(reverse("imports:run_report", args=[run.pk])).content.decode("utf-8-sig")
    assert "\"'=cmd|" in text
    assert "\"'@SUM(1)" in text


def test_a_name_in_the_file_is_text_on_the_page(world, sign_in):
    content = f'uai;nom;commune\n{A};"<script>alert(1)</script>";X\n'
    started = actions.start(
        kind=ImportRun.Kind.SCHOOLS, place=world.here.district, file=file(content), by=world.inspector
    )
    work(running.CHECK)
    page = sign_in(world.inspector).get(reverse("imports:run_detail", args=[started.pk])).text
    assert "&lt;script&gt;alert" in page
    assert "<script>alert" not in page


@pytest.mark.parametrize("count", [1, 3, 150])
def test_the_report_costs_the_same_for_any_number_of_lines(world, sign_in, run, count, django_assert_num_queries):
    run.lines.all().delete()
    ImportLine.objects.bulk_create(
        ImportLine(run=run, number=n + 2, outcome=Outcome.CREATED, label=f"L{n}") for n in range(count)
    )
    client = sign_in(world.inspector)
    url = reverse("imports:run_detail", args=[run.pk])
    client.get(url)
    with django_assert_num_queries(8):
        client.get(url)


def test_the_fragment_is_the_part_of_the_page(world, sign_in, run):
    client = sign_in(world.inspector)
    url = reverse("imports:run_detail", args=[run.pk]) + "?sort=REFUSED"
    part = client.get(url, headers={"HX-Request": "true"}).text.strip()
    assert part.startswith('<div class="stack stack--wide" id="import"')
    assert "Ligne 3" in part
    assert "Ligne 2" not in part
    assert part.split("csrfmiddlewaretoken")[0] in client.get(url).text
