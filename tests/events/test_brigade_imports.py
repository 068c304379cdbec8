"""The tables of a brigade: substitutes, when they are not free, distances; tried, told line by line, written once."""

from contextlib import suppress
from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from circo.calendar.rules import HalfDay
from circo.errors import Refusal
from circo.imports import actions, exporting, running
from circo.models import ImportRun, Outcome, Person, Posting, School
from circo.rules import Role
from events.brigade import queries, roads
from events.brigade.imports import reading
from events.models import HeldHalfDay, SchoolDistance, Substitute, Unavailability
from tests.events.brigade import substitute, withheld
from tests.imports import spaced, work
from tests.world import uai

pytestmark = pytest.mark.django_db

HEADER = "e-mail;nom;prénom;uai;sorte;niveaux préférés;niveaux exclus;réserve;titulaire;téléphone;quotité;jours;début"


@pytest.fixture
def bring(world, tmp_path):
    """Import lines into the département here, by its brigade manager; return the lines, and what became of each."""

    def import_lines(kind, *rows, by="brigade_manager", dry_run=False, on=None):
        file = tmp_path / "tableau.csv"
        file.write_bytes(rows[0] if isinstance(rows[0], bytes) else "\n".join(rows).encode())
        planned, _ = running.import_now(
            kind,
            file,
            place=world.here.departement,
            by=world.people[by],
            on=on or timezone.localdate(),
            dry_run=dry_run,
            tell=lambda _: None,
        )
        return planned, [line.outcome for line in planned]

    return import_lines


def told(line) -> str:
    return spaced(" | ".join(line.notes))


def everything() -> list:
    models = (Person, Posting, Substitute, Unavailability, HeldHalfDay, SchoolDistance)
    return [list(model.objects.order_by("pk").values()) for model in models]


# --- Substitutes ------------------------------------------------------------------------------------------------------
def row(world, email="lucie@ecole.test", *more, school=None):
    cells = [email, "Blanc", "Lucie", (school or world.here.schools[0]).uai, *more]
    return ";".join([*cells, *[""] * (13 - len(cells))])


def test_a_substitute_is_created_once_with_all_that_plans_read(world, bring):
    line = row(
        world,
        "Lucie@Ecole.test",
        "ZIL",
        "CE1, CP",
        "PS",
        "oui",
        "contractuelle",
        "+33 1 02 03 04 05",
        "50 %",
        "lundi, mardi matin",
    )
    before = everything()
    assert bring("BRIGADE", HEADER, line, dry_run=True)[1] == [Outcome.CREATED]
    assert everything() == before
    assert bring("BRIGADE", HEADER, line)[1] == [Outcome.CREATED]
    lucie = Person.objects.get(email="lucie@ecole.test")
    posting, profile = lucie.postings.get(), lucie.substitute
    assert (posting.role, posting.school, posting.share_percent) == (Role.SUBSTITUTE, world.here.schools[0], 50)
    assert posting.half_days == ["MON_AM", "MON_PM", "TUE_AM"]
    assert (profile.kind, profile.preferred, profile.refused) == ("NEAR", ["CP", "CE1"], ["PS"])
    assert (profile.is_reserve, profile.is_tenured, profile.phone) == (True, False, "+33 1 02 03 04 05")
    assert not lucie.has_usable_password()
    assert {one.history.get().history_user for one in (lucie, posting, profile)} == {world.brigade_manager}
    after = everything()
    assert bring("BRIGADE", HEADER, line)[1] == [Outcome.SAME]
    assert everything() == after


def test_what_a_second_file_says_is_updated_and_what_it_leaves_empty_stays(world, bring):
    bring("BRIGADE", HEADER, row(world, "lucie@ecole.test", "ZIL", "CP", "PS", "", "", "0102030405"))
    [line], outcomes = bring("BRIGADE", HEADER, row(world, "lucie@ecole.test", "", "aucun", "MS", "", "", ""))
    assert outcomes == [Outcome.CHANGED]
    assert told(line) == "Niveaux préférés : « CP » devient « rien » | Niveaux exclus : « PS » devient « MS »"
    profile = Substitute.objects.get(person__email="lucie@ecole.test")
    assert (profile.kind, profile.preferred, profile.refused, profile.phone) == ("NEAR", [], ["MS"], "0102030405")


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("zoe@ecole;D;Z;{uai}", "E-mail"),
        (";D;Z;{uai}", "E-mail : la cellule est vide"),
        ("=z@ecole.test;D;Z;{uai}", "formule"),
        ("z@ecole.test;D;Z;", "Uai : la cellule est vide"),
        ("z@ecole.test;D;Z;0271421Y", "n’existe pas encore ici"),
        ("z@ecole.test;D;Z;0271421X", "la lettre de cet UAI devrait être Y"),
        ("z@ecole.test;D;Z;{there}", "d’un autre département"),
        ("z@ecole.test;D;Z;{uai};chef", "n’est pas connu (attendu : départementale, ZIL"),
        ("z@ecole.test;D;Z;{uai};;6e", "« 6e » n’est pas un niveau"),
        ("z@ecole.test;D;Z;{uai};;CP;CP", "Un niveau est préféré ou exclu, pas les deux : CP"),
        ("z@ecole.test;D;Z;{uai};;;;parfois", "n’est ni oui ni non"),
        ("z@ecole.test;D;Z;{uai};;;;;vacataire", "n’est ni titulaire ni contractuel"),
        ("z@ecole.test;D;Z;{uai};;;;;;=1+1", "n’est pas un numéro"),
        ("z@ecole.test;D;Z;{uai};;;;;;;150", "1 à 100"),
        ("z@ecole.test;D;Z;{uai};;;;;;;;samedi", "n’est pas un jour"),
        ("z@ecole.test;D;Z;{uai};;;;;;;;;31/02/2026", "n’est pas une date"),
        ("z@ecole.test;D;Z;{uai};;;;;;;;;;trop", "plus de cellules"),
        ("{own};D;Z;{uai}", "votre propre compte"),
    ],
)
def test_a_bad_line_is_refused_in_words_and_the_others_go_on(world, bring, line, words):
    names = {"uai": world.here.schools[0].uai, "there": world.there.schools[0].uai, "own": world.brigade_manager.email}
    planned, outcomes = bring("BRIGADE", HEADER, line.format(**names), row(world, "ok@ecole.test"))
    assert outcomes == [Outcome.REFUSED, Outcome.CREATED]
    assert planned[0].number == 2
    assert words in told(planned[0])
    assert not Person.objects.filter(email="z@ecole.test").exists()
    assert Person.objects.filter(email="ok@ecole.test").exists()


def test_an_address_twice_is_refused_on_the_second_line(world, bring):
    planned, outcomes = bring("BRIGADE", HEADER, row(world), row(world, "LUCIE@ecole.test", "ZIL"))
    assert outcomes == [Outcome.CREATED, Outcome.REFUSED]
    assert "déjà à la ligne 2" in told(planned[1])


def test_another_school_ends_the_former_attachment_and_a_mistake_of_the_day_is_mended(world, bring):
    lucie = substitute("Lucie", world.here.schools[0])
    third = School.objects.create(uai=uai("27", 950), name="Trois", commune="Gaillon", district=world.here.district)
    today = timezone.localdate()
    [line], _ = bring("BRIGADE", HEADER, row(world, school=world.here.schools[1]))
    assert "Fin du rattachement" in told(line)
    former, now = lucie.postings.order_by("starts_on")
    assert (former.ends_on, now.starts_on, now.school) == (today - timedelta(days=1), today, world.here.schools[1])
    bring("BRIGADE", HEADER, row(world, school=third))
    now.refresh_from_db()
    assert (lucie.postings.count(), now.school) == (2, third)


def test_a_substitute_of_another_departement_keeps_their_profile_and_nobody_reads_it(world, bring):
    other = substitute("Solene", world.there.schools[0])
    Substitute.objects.create(person=other, phone="02 35 00 00 01", kind="ALL")
    line = row(world, other.email, "ZIL", "CP", "", "oui", "", "02 32 99 99 99")
    before = Substitute.objects.filter(person=other).values().get()
    for dry_run in (True, False):
        (found,), _ = bring("BRIGADE", HEADER, line, dry_run=dry_run)
        assert "02 35" not in told(found)
        assert "autre brigade" in told(found)
    assert Substitute.objects.filter(person=other).values().get() == before


def test_the_brigade_that_one_downloads_is_imported_again_without_a_change(world, bring):
    lucie = substitute("Lucie", world.here.schools[0])
    Substitute.objects.create(person=lucie, kind="NEAR", preferred=["CP"], phone="+33 1 02 03 04 05", is_tenured=False)
    found = queries.members(queries.posts([world.here.departement.pk], timezone.localdate()))
    before = everything()
    _, outcomes = bring("BRIGADE", exporting.to_csv(queries.exported(found, phones=True)))
    assert set(outcomes) == {Outcome.SAME}
    assert everything() == before


# --- Periods ----------------------------------------------------------------------------------------------------------
PERIODS = "e-mail;du;à partir du;au;jusqu'au;raison;précision"


@pytest.fixture
def lucie(world):
    return substitute("Lucie", world.here.schools[0])


def test_a_period_is_noted_once_and_the_same_again_changes_its_reason(world, bring, lucie):
    monday = _monday()
    line = f"Lucie@ecole.test;{monday:%d/%m/%Y};après-midi;{monday + timedelta(days=1):%d/%m/%Y};matin"
    assert bring("PERIODS", PERIODS, f"{line};formation;")[1] == [Outcome.CREATED]
    period = Unavailability.objects.get()
    assert (period.cause, period.written_by, period.person) == ("TRAINING", world.brigade_manager, lucie)
    held = list(HeldHalfDay.objects.order_by("day").values_list("day", "half"))
    assert held == [(monday, "PM"), (monday + timedelta(days=1), "AM")]
    assert bring("PERIODS", PERIODS, f"{line};formation;")[1] == [Outcome.SAME]
    assert bring("PERIODS", PERIODS, f"{line};congé;Bilan")[1] == [Outcome.CHANGED]
    period.refresh_from_db()
    assert (period.cause, period.note, HeldHalfDay.objects.count()) == ("LEAVE", "Bilan", 2)


def _monday() -> date:
    today = timezone.localdate()
    return today + timedelta(days=7 - today.weekday())


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("qui@ecole.test;{on}", "n’est l’adresse de personne dans la brigade"),
        ("amina@ecole.test;{on}", "n’est l’adresse de personne dans la brigade"),
        ("lucie@ecole.test;", "Du : la cellule est vide"),
        ("lucie@ecole.test;hier", "n’est pas une date"),
        ("lucie@ecole.test;{on};;{before}", "La fin vient après le début"),
        ("lucie@ecole.test;{on};soir", "n’est ni « matin » ni « après-midi »"),
        ("lucie@ecole.test;{on};après-midi;;matin", "La fin vient après le début"),
        ("lucie@ecole.test;{saturday}", "week-end"),
        ("lucie@ecole.test;{on};;{far}", "un an au plus"),
        ("lucie@ecole.test;{on};;;;vacances", "n’est pas connu"),
        ("lucie@ecole.test;{on};;;;;=1", "formule"),
        ("lucie@ecole.test;{held}", "tient déjà le"),
    ],
)
def test_a_bad_period_is_refused_in_words(world, bring, lucie, line, words):
    on = _monday()
    withheld(lucie, world, HalfDay(on + timedelta(days=2), "AM"))
    dates = {"on": on, "before": on - timedelta(days=3), "saturday": on + timedelta(days=5)}
    dates |= {"far": on + timedelta(days=500), "held": on + timedelta(days=2)}
    before = everything()
    [refused], outcomes = bring(
        "PERIODS", PERIODS, line.format(**{name: f"{one:%d/%m/%Y}" for name, one in dates.items()})
    )
    assert outcomes == [Outcome.REFUSED]
    assert words in told(refused)
    assert everything() == before


def test_two_lines_do_not_hold_the_same_half_day(bring, lucie):
    on = _monday()
    first = f"lucie@ecole.test;{on:%d/%m/%Y};;{on + timedelta(days=2):%d/%m/%Y}"
    planned, outcomes = bring("PERIODS", PERIODS, first, f"lucie@ecole.test;{on + timedelta(days=1):%d/%m/%Y}", first)
    assert outcomes == [Outcome.CREATED, Outcome.REFUSED, Outcome.REFUSED]
    assert "celle de la ligne 2" in told(planned[1])
    assert "déjà à la ligne 2" in told(planned[2])


def test_a_period_noted_meanwhile_stops_the_writing_with_a_sentence(world, bring, lucie, monkeypatch):
    on = _monday()
    importer = running.kinds.kind_of("PERIODS").importer
    real = importer.write

    def late(planned, authority):
        withheld(lucie, world, HalfDay(on, "AM"))
        real(planned, authority)

    monkeypatch.setattr(type(importer), "write", lambda self, planned, authority: late(planned, authority))
    with pytest.raises(Refusal, match="vient d’être notée"):
        bring("PERIODS", PERIODS, f"lucie@ecole.test;{on:%d/%m/%Y}")


# --- Distances --------------------------------------------------------------------------------------------------------
ROADS = "de;à;km;minutes"


def test_a_distance_serves_both_ways_until_the_way_back_is_given(world, bring):
    one, two = world.here.schools
    bring("DISTANCES", ROADS, f"{one.uai};{two.uai};12,4;17 min", f"{one.uai};{one.uai};0")
    known = {school.pk: school.uai for school in (one, two)}
    assert roads.between(known, known) == {(one.uai, two.uai): 12_400, (two.uai, one.uai): 12_400}
    [line], outcomes = bring("DISTANCES", ROADS, f"{two.uai};{one.uai};13 km;")
    assert (outcomes, told(line)) == ([Outcome.CREATED], "13,0 km")
    assert roads.between({two.pk: two.uai}, {one.pk: one.uai}) == {(two.uai, one.uai): 13_000}
    assert roads.between({one.pk: one.uai}, {two.pk: two.uai}) == {(one.uai, two.uai): 12_400}
    assert bring("DISTANCES", ROADS, f"{one.uai};{two.uai};12.4;")[1] == [Outcome.SAME]
    assert bring("DISTANCES", ROADS, f"{one.uai};{two.uai};12.6;")[1] == [Outcome.CHANGED]
    assert SchoolDistance.objects.get(home=one).minutes == 17


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("0271421Y;{uai};3", "n’existe pas encore ici"),
        ("{uai};{there};3", "d’un autre département"),
        ("{uai};{other};", "Km : la cellule est vide"),
        ("{uai};{other};loin", "n’est pas un nombre"),
        ("{uai};{other};12400", "Est-elle en mètres ?"),
        ("{uai};{other};-3", "n’est pas une distance"),
        ("{uai};{other};3;jamais", "n’est pas un nombre"),
        ("{uai};{other};3;900", "n’est pas la durée"),
    ],
)
def test_a_bad_distance_is_refused_in_words(world, bring, line, words):
    names = {"uai": world.here.schools[0].uai, "other": world.here.schools[1].uai, "there": world.there.schools[0].uai}
    [refused], outcomes = bring("DISTANCES", ROADS, line.format(**names))
    assert outcomes == [Outcome.REFUSED]
    assert words in told(refused)
    assert not SchoolDistance.objects.exists()


# --- Cells ------------------------------------------------------------------------------------------------------------
@given(st.text(max_size=40))
@pytest.mark.parametrize(
    "read",
    [
        reading.kind,
        reading.cause,
        reading.half,
        reading.truth,
        reading.tenured,
        reading.phone,
        reading.metres,
        reading.minutes,
        reading.levels,
    ],
)
def test_any_cell_is_read_or_refused_never_a_crash(read, text):
    with suppress(Refusal):
        read(text, "Titre")


# --- Pages ------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("slug", ["brigade", "indisponibilites", "distances"])
@pytest.mark.parametrize(
    ("persona", "status"),
    [
        ("brigade_manager", 200),
        ("superuser", 200),
        ("inspector", 404),
        ("secretary", 404),
        ("adviser", 404),
        ("amina", 404),
    ],
)
def test_the_manager_of_a_brigade_alone_brings_its_tables(world, sign_in, slug, persona, status):
    client = sign_in(world.people[persona])
    assert client.get(reverse("imports:run_new", args=[slug])).status_code == status
    assert client.get(reverse("imports:template", args=[slug, "csv"])).status_code == status


def test_a_manager_is_offered_their_own_tables_and_no_other(world, sign_in):
    page = sign_in(world.brigade_manager).get(reverse("imports:run_list")).text
    assert reverse("imports:run_new", args=["brigade"]) in page
    assert reverse("imports:run_new", args=["personnes"]) not in page
    assert sign_in(world.brigade_manager).get(reverse("imports:run_new", args=["personnes"])).status_code == 404


def test_a_file_is_sent_tried_and_written_from_the_page(world, sign_in):
    client = sign_in(world.brigade_manager)
    file = SimpleUploadedFile("brigade.csv", f"{HEADER}\n{row(world)}\n{row(world, '=x')}".encode())
    response = client.post(reverse("imports:run_upload", args=["brigade"]), {"file": file})
    run = ImportRun.objects.get()
    assert response.headers["Location"] == reverse("imports:run_detail", args=[run.pk])
    assert (run.departement, run.district) == (world.here.departement, None)
    work(running.CHECK)
    assert not Person.objects.filter(email="lucie@ecole.test").exists()
    page = client.get(response.headers["Location"]).text
    assert "Importer pour de bon" in page
    assert "'=x" not in page
    report = client.get(reverse("imports:run_report", args=[run.pk])).content.decode("utf-8-sig")
    assert "Lucie Blanc <=x>" in report
    for other in (world.inspector, world.people["brigade_manager_there"]):
        assert sign_in(other).get(response.headers["Location"]).status_code == 404
    sign_in(world.brigade_manager).post(reverse("imports:run_apply", args=[run.pk]))
    work(running.APPLY)
    assert Person.objects.get(email="lucie@ecole.test").postings.get().school == world.here.schools[0]


def test_who_manages_no_brigade_starts_no_import(world):
    file = SimpleUploadedFile("brigade.csv", b"x")
    for who in (world.inspector, world.people["brigade_manager_there"]):
        with pytest.raises(Refusal, match="dans ce département"):
            actions.start(kind="BRIGADE", place=world.here.departement, file=file, by=who)
