"""One's own data: all that is kept of a person, given to that person alone, for a week."""

from __future__ import annotations

import io
import json
import zipfile
from datetime import timedelta

import pytest
import time_machine
from django.apps import apps
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.urls import reverse
from django.utils import timezone

from circo import jobs, registries
from circo.models import DataExport, ExportState, Job, JobState, Notice, Person
from circo.personal import actions, exporting
from tests.circo.drafts import begin
from tests.house.routes import make_things
from tests.world import MARK
from videos.models import PlaybackPosition

PAGE, ASK, ZIP, FORGET = (
    reverse(f"personal:{name}") for name in ("data_page", "data_export", "data_download", "data_forget")
)
# Tables that name a person and that no export tells of, and why.
EXCUSED = {
    "circo.DataExport": "the export itself",
    "circo.Erasure": "an act of whoever keeps the platform running, which names nobody else",
    "circo.ImportRun": "a file of the team, not of whoever brought it",
    "circo.ImportLine": "the report of such a file, erased with it",
    "circo.Invitation": "a secret's digest, and two days",
    "admin.LogEntry": "acts of the team on the rows of others, which have their own history",
    "account.EmailAddress": "the address of the account, told there",
    "socialaccount.SocialAccount": "the number that ProConnect gives to the account",
    "mfa.Authenticator": "secrets",
    "trainings.ShowcaseMove": "an act of the team on a practice, told on its page",
    "networks.WishCampaign": "an act of the team for a whole district",
    "networks.YearOpening": "an act of the team for a whole district",
    "events.SharingDay": "an act of the team for a whole district",
    "events.DayMove": "an act of the team for a whole district",
    "events.LeavingException": "an act of the inspector, about a school",
    "events.Festival": "an act of the team for a whole district",
    "events.FestivalMove": "an act of the team for a whole district",
    "events.FestivalPicture": "a picture of the team, whoever brought it",
    "events.CoverPlan": "an act of whoever plans, for a whole département",
    "events.CoverPlanMove": "an act of whoever plans, for a whole département",
    "events.CoverEdit": "an act of whoever plans; what it changed is told as missions",
    "events.CoverRepair": "an act of whoever plans; what it changed is told as missions",
    "events.RepairFact": "an absence, told as an unavailability",
    "partnerships.OfferMove": "a decision on a class; what became of it is told there",
    "partnerships.Placement": "an act of whoever coordinates; each half-day is told to whom it concerns",
    "partnerships.PlacementProposal": "a question of whoever coordinates; what it came to is told as placements",
    "partnerships.ProposalLine": "a proposal of ninety days at the most; what is accepted of it is told as placements",
    "partnerships.ClassPlace": "what is counted of the half-days of a placement, told there",
    "partnerships.SchoolPlace": "what is counted of the half-days of a placement, told there",
    "partnerships.CrossingLine": "a suggestion of the optimiser; once published, it is told as an observation",
    "circo.HoursReplay": "an act of the team for a whole district",
    "circo.ReplayLine": "what a new rule would change; once done, it is told as hours",
    "events.CoverTrial": "a question asked of a plan",
    "events.HeldHalfDay": "the half-days of an unavailability, told there",
    "events.AssignedHalfDay": "the half-days of a mission, told there",
}


def work() -> None:
    jobs.run(Job.objects.get(kind=exporting.KIND, state=JobState.QUEUED).pk)


def told(content: bytes) -> dict[str, list]:
    """The lists of an archive, by the name of their file."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        names = [name for name in archive.namelist() if name.endswith(".json")]
        return {name[4:-5]: json.loads(archive.read(name)) for name in names}


def test_all_that_is_kept_of_a_person_is_given_to_that_person(world, sign_in):
    make_things(world, world.here, world.amina, world.secretary).export.delete()
    other = make_things(world, world.there, world.denis, world.secretary_there, mark=f" {MARK}")
    begin(world.amina, "film:1/moment", text="Je me demande")
    PlaybackPosition.objects.create(film=other.film, person=world.amina, at_s=3)
    client = sign_in(world.amina)
    assert "Préparer mes données" in client.get(PAGE).content.decode()
    assert client.get(ZIP).status_code == 404
    client.post(ASK)
    assert "En attente" in client.get(PAGE).content.decode()
    client.post(ASK)
    assert DataExport.objects.filter(person=world.amina).count() == 1, "asked twice, made once"
    work()
    page = client.get(PAGE).content.decode()
    assert "Télécharger mes données" in page
    answer = client.get(ZIP)
    assert answer.headers["Content-Disposition"].startswith('attachment; filename="mes-donnees-20')
    assert answer.headers["Cache-Control"] == "private, no-store"
    lists = told(answer.content)
    assert [len(lists[name]) for name in ("mon-compte", "mes-films", "mes-fonctions", "mes-groupes")] == [1, 2, 1, 1]
    assert lists["mon-compte"][0]["adresse e-mail"] == "amina@ecole.test"
    assert [film["titre"] for film in lists["mes-films"]] == ["Une dictée", "Une ancienne dictée"]
    assert [bool(film["supprimé le"]) for film in lists["mes-films"]] == [False, True]  # and can be brought back
    assert {row["texte"] for row in lists["mes-commentaires"]} == {"Un silence", "Oups"}
    assert ("film:1/moment", '{"text": ["Je me demande"]}') in {
        (draft["où"], draft["ce qui est écrit"]) for draft in lists["mes-brouillons"]
    }
    # A position: made on a film of another. All else has a row of Amina's own.
    assert {name for name, rows in lists.items() if not rows} <= {
        "changements-de-ma-fiche",
        "mes-appareils-connectes",  # the test's client signs in without one
        "mes-preferences-davis",
        "les-documents-qui-me-sont-delivres",
        "les-courriers-que-jai-demandes",
        "les-groupes-que-janime",
        "les-reponses-que-jai-notees",
        "mes-voeux-dateliers",  # the day of the sweeps has no programme of hers
        "mes-places-dans-les-ateliers",
        "les-ateliers-que-janime",
        "ma-fiche-de-remplacant",  # she has a class
        "mes-indisponibilites-notees-par-la-cellule-remplacement",
        "mes-remplacements",
        "mes-seances-de-benevole-a-la-fete-de-lapprendre",
        "les-classes-avec-lesquelles-je-suis-associe-ou-ecarte",
        "mes-promotions-et-mes-voeux-de-stage",
        "mes-stages-par-demi-journee",  # she has a class
        "mon-carnet-de-stage",
        "les-bilans-de-mes-stages",
        "mes-visites-de-tutorat",
        "les-observations-croisees-dans-ma-classe",
        "les-sessions-de-parcours-que-jaccompagne",
        "les-parcours-que-jai-commences-a-ecrire",
        "les-versions-de-parcours-que-jai-publiees",
        "les-parcours-que-jai-emportes-les-cours-que-jai-repris",
    }
    assert MARK not in json.dumps(lists), "nothing of others"
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        assert "Mes films" in archive.read("LISEZ-MOI.txt").decode()
    assert Notice.objects.filter(person=world.amina, kind=exporting.READY.name).count() == 1
    assert sign_in(world.bruno).get(ZIP).status_code == 404


def test_every_table_that_names_a_person_is_exported_or_excused(world):
    """The sweep: a new table that holds something of a person says what an export tells of it, or why nothing."""
    naming = {
        model._meta.label
        for model in apps.get_models()
        for field in model._meta.get_fields()
        if field.concrete
        and field.is_relation
        and field.related_model is Person
        and not hasattr(model, "history_object")
    }
    exported = {holding.rows(world.amina).model._meta.label for holding in registries.holdings()}
    assert len(naming) > 20
    assert naming - exported == set(EXCUSED)


def test_every_field_that_is_told_is_there(world):
    for holding in registries.holdings():
        list(holding.rows(world.amina).values_list(*holding.fields.values()))


def test_archive_is_dropped_at_once_or_after_a_week(world, sign_in):
    client = sign_in(world.amina)
    client.post(ASK)
    work()
    first = DataExport.objects.get()
    with time_machine.travel(timezone.now() + timedelta(days=6)):
        exporting.purge()
    assert default_storage.exists(first.archive)
    orphan = default_storage.save(f"{exporting.FOLDER}/gone/1.zip", ContentFile(b"PK"))
    with time_machine.travel(timezone.now() + timedelta(days=8)):
        exporting.purge()
    assert not DataExport.objects.exists()
    assert not default_storage.exists(orphan)


def test_new_archive_takes_the_place_of_the_former_one(world, sign_in, django_capture_on_commit_callbacks):
    client = sign_in(world.amina)
    client.post(ASK)
    work()
    former = DataExport.objects.get()
    with django_capture_on_commit_callbacks(execute=True):
        client.post(ASK)
    assert not default_storage.exists(former.archive)
    work()
    with django_capture_on_commit_callbacks(execute=True):
        client.post(FORGET)
    assert client.get(ZIP).status_code == 404
    assert client.post(FORGET).status_code == 404


def test_archive_that_is_lost_is_not_given(world, sign_in):
    export = DataExport.objects.create(person=world.amina, state=ExportState.READY, archive="exports/x/1.zip")
    assert sign_in(world.amina).get(ZIP).status_code == 404
    actions.forget_export(export=export, by=world.bruno)
    assert DataExport.objects.exists(), "nobody drops another's"


def test_failure_is_told_and_asked_again(world, sign_in, monkeypatch):
    client = sign_in(world.amina)
    client.post(ASK)
    export = DataExport.objects.get()
    exporting.failed(str(export.pk), "Le disque est plein.")
    page = client.get(PAGE).content.decode()
    assert "Le disque est plein." in page
    assert "Recommencer" in page
    client.post(ASK)
    assert DataExport.objects.get().state == ExportState.MAKING


@pytest.mark.parametrize("count", [1, 5])
def test_page_costs_the_same_whatever_is_kept(world, sign_in, count, django_assert_num_queries):
    Notice.objects.bulk_create(Notice(person=world.amina, kind="probe", key=str(n), title="a") for n in range(count))
    client = sign_in(world.amina)
    client.post(ASK)
    client.get(PAGE)
    with django_assert_num_queries(6):
        client.get(PAGE)
