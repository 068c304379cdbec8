"""A table of students: tried, told line by line, written once, in one's own institution alone."""

from contextlib import suppress

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from circo.errors import Refusal
from circo.imports import exporting, running
from circo.models import ImportRun, Invitation, Outcome, Person, Posting
from circo.rules import Role
from networks.visits.rules import PRACTICES
from partnerships.models import Student, StudentPair
from partnerships.students import actions, cells, importing
from tests.imports import spaced, work
from tests.partnerships.partner import cohort_of, commune, status_of, student_in

pytestmark = pytest.mark.django_db

HEADER = "e-mail;nom;prénom;promotion;statut;commune;transport;niveaux souhaités;pratiques à voir;binôme"
INES_AT = "ines.garreau@univ.test"
INES = f'{INES_AT};Garreau;Inès;Groupe A;Alternant;Val-de-Reuil;bus;CE1, CP;"Langage oral ; Sciences";'


@pytest.fixture
def partner(world):
    """A cohort and a status of the institution here, and one commune."""
    commune()
    return cohort_of(world.here), status_of(world.here)


@pytest.fixture
def bring(world, tmp_path):
    def import_lines(*rows, by="partner_coordinator", dry_run=False, place=None):
        file = tmp_path / "tableau.csv"
        file.write_bytes("\n".join([HEADER, *rows]).encode())
        planned, _ = running.import_now(
            importing.STUDENTS.code,
            file,
            place=place or world.here.institution,
            by=world.people[by],
            on=timezone.localdate(),
            dry_run=dry_run,
            tell=lambda _: None,
        )
        return planned, [line.outcome for line in planned]

    return import_lines


def told(line) -> str:
    return spaced(" | ".join(line.notes))


def everything() -> list:
    return [list(model.objects.order_by("pk").values()) for model in (Person, Posting, Student, StudentPair)]


def test_a_new_student_has_an_account_a_role_and_wishes(world, partner, bring):
    cohort, status = partner
    _, outcomes = bring(INES)
    assert outcomes == [Outcome.CREATED]
    student = Student.objects.get(cohort=cohort, person__email="ines.garreau@univ.test")
    assert (student.status, student.home_id, student.transport) == (status, "27701", "PUBLIC")
    assert (student.levels, student.practices) == (["CP", "CE1"], ["ORAL", "SCIENCE"])
    assert not student.person.has_usable_password()
    posting = Posting.objects.get(person=student.person)
    assert (posting.role, posting.institution) == (Role.STUDENT, world.here.institution)
    assert (posting.starts_on, posting.ends_on) == (cohort.school_year.first_day, cohort.school_year.last_day)
    assert student.history.get().history_user == world.partner_coordinator
    assert Posting.history.filter(id=posting.pk).count() == 1


def test_the_same_table_again_changes_nothing(partner, bring):
    bring(INES)
    before = everything()
    assert bring(INES)[1] == [Outcome.SAME]
    assert everything() == before


def test_a_trial_writes_nothing(partner, bring):
    before = everything()
    assert bring(INES, dry_run=True)[1] == [Outcome.CREATED]
    assert everything() == before


def test_an_empty_cell_keeps_what_is_known(partner, bring):
    bring(INES)
    planned, outcomes = bring("ines.garreau@univ.test;Garreau;Inès;;;;;CM1;;")
    assert outcomes == [Outcome.CHANGED]
    assert "Niveaux souhaités : « CP, CE1 » devient « CM1 »" in told(planned[0])
    student = Student.objects.get(person__email="ines.garreau@univ.test")
    assert (student.home_id, student.transport, student.practices) == ("27701", "PUBLIC", ["ORAL", "SCIENCE"])


def test_a_known_person_keeps_the_name_and_the_password(world, partner, bring):
    planned, outcomes = bring(f"{world.amina.email.upper()};Autre;Nom;;;;;;;")
    assert outcomes == [Outcome.CREATED]
    assert "Le nom reste tel quel" in told(planned[0])
    world.amina.refresh_from_db()
    assert world.amina.has_usable_password()
    assert world.amina.last_name != "Autre"


def test_two_lines_make_a_pair_whichever_says_it(partner, bring):
    for first, second in (("", INES_AT), ("hugo@univ.test", ""), ("hugo@univ.test", INES_AT)):
        Student.objects.all().delete()
        _, outcomes = bring(f"{INES}{first}", f"hugo@univ.test;Vidal;Hugo;;;;;;;{second}")
        assert outcomes == [Outcome.CREATED, Outcome.CREATED]
        ines, hugo = Student.objects.order_by("pk")
        assert ines.pair_id == hugo.pair_id is not None
        assert {ines.pair_seat, hugo.pair_seat} == {1, 2}


def test_a_pair_with_somebody_who_is_there_already(partner, bring):
    cohort, status = partner
    there = student_in(cohort, status)
    planned, _ = bring(f"{INES}{there.person.email}")
    assert "Binôme : Inès Garreau" in told(planned[0])
    there.refresh_from_db()
    assert there.pair.students.count() == 2
    before = everything()
    assert bring(f"{INES}{there.person.email}")[1] == [Outcome.SAME]
    assert everything() == before


def test_whoever_has_a_pair_keeps_it(world, partner, bring):
    cohort, status = partner
    one, other = student_in(cohort, status), student_in(cohort, status, name="Hugo")
    actions.pair(one=one, other=other, by=world.partner_coordinator)
    planned, outcomes = bring(f"{INES}{one.person.email}")
    assert outcomes == [Outcome.CREATED]
    assert "en a déjà un" in told(planned[0])
    one.refresh_from_db()
    assert one.partner == other


def test_three_who_name_one_another_make_one_pair(partner, bring):
    planned, _ = bring(
        "a@univ.test;A;A;;;;;;;b@univ.test", "b@univ.test;B;B;;;;;;;c@univ.test", "c@univ.test;C;C;;;;;;;a@univ.test"
    )
    assert StudentPair.objects.count() == 1
    assert sum("en a déjà un" in told(line) for line in planned) == 2


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("ines@univ.test;G;Inès;Groupe Z;;;;;;", "« Groupe Z » n’est pas une promotion de l’année"),
        ("ines@univ.test;G;Inès;;Interne;;;;;", "« Interne » n’est pas un statut de l’institut"),
        ("ines@univ.test;G;Inès;;;Ys;;;;", "« Ys » n’est pas une commune connue ici"),
        ("ines@univ.test;G;Inès;;;;fusée;;;", "« fusée » n’est pas connu"),
        ("ines@univ.test;G;Inès;;;;;CP9;;", "« CP9 » n’est pas un niveau"),
        ("ines@univ.test;G;Inès;;;;;;Magie;", "« Magie » n’est pas une pratique connue"),
        (f'ines@univ.test;G;Inès;;;;;;"{"; ".join(list(PRACTICES.values())[:7])}";', "Choisissez au plus 6 pratiques"),
        ("pas une adresse;G;Inès;;;;;;;", "adresse"),
        ("=1+1;G;Inès;;;;;;;", "formule"),
    ],
)
def test_a_bad_cell_refuses_its_line_alone(partner, bring, row, words):
    planned, outcomes = bring(row, INES)
    assert outcomes == [Outcome.REFUSED, Outcome.CREATED]
    assert words in told(planned[0])
    assert Student.objects.count() == 1


def test_a_line_said_twice_or_of_oneself_is_refused(world, partner, bring):
    planned, outcomes = bring(INES, INES, f"{world.partner_coordinator.email};P;C;;;;;;;")
    assert outcomes == [Outcome.CREATED, Outcome.REFUSED, Outcome.REFUSED]
    assert "déjà à la ligne 2" in told(planned[1])
    assert "C’est votre propre compte" in told(planned[2])


def test_who_left_does_not_come_back_by_a_table(world, partner, bring):
    bring(INES)
    actions.leave(student=Student.objects.get(), by=world.partner_coordinator)
    planned, outcomes = bring(INES)
    assert outcomes == [Outcome.REFUSED]
    assert "a quitté la promotion" in told(planned[0])


def test_two_cohorts_ask_which_one(world, partner, bring):
    cohort, _ = partner
    cohort_of(world.here, programme=cohort.programme, name="Groupe B")
    planned, outcomes = bring("ines@univ.test;G;Inès;;;;;;;", "hugo@univ.test;V;Hugo;groupe b;;;;;;")
    assert outcomes == [Outcome.REFUSED, Outcome.CREATED]
    assert "l’institut en a plusieurs cette année" in told(planned[0])


def test_two_communes_of_one_name_ask_for_the_code(partner, bring):
    commune("76701")
    planned, outcomes = bring(INES, "hugo@univ.test;V;Hugo;;;76701;;;;")
    assert outcomes == [Outcome.REFUSED, Outcome.CREATED]
    assert "Écrivez son code INSEE (27701, 76701)" in told(planned[0])


def test_the_cohort_of_another_institution_is_unknown(world, partner, bring):
    cohort_of(world.there, name="Groupe Ailleurs")
    planned, outcomes = bring("ines@univ.test;G;Inès;Groupe Ailleurs;;;;;;")
    assert outcomes == [Outcome.REFUSED]
    with pytest.raises(Refusal, match="cet institut"):
        bring(INES, place=world.there.institution)
    with pytest.raises(Refusal, match="cet institut"):
        bring(INES, by="inspector")
    assert planned


def test_the_page_brings_the_table_and_invites(world, partner, sign_in, settings):
    client = sign_in(world.partner_coordinator)
    page = client.get(reverse("imports:run_new", args=["etudiants"])).content.decode()
    assert "Importer des étudiants" in page
    assert "Institut" in page
    table = SimpleUploadedFile("etudiants.csv", f"{HEADER}\n{INES}\n".encode())
    sent = {"place": world.here.institution.pk, "file": table, "send_invitations": "on"}
    run_url = client.post(reverse("imports:run_upload", args=["etudiants"]), sent).url
    work(running.CHECK)
    assert "Créées (1)" in client.get(run_url).content.decode()
    run = ImportRun.objects.get()
    assert run.place == world.here.institution
    client.post(reverse("imports:run_apply", args=[run.pk]))
    work(running.APPLY)
    work(running.INVITE)
    assert Invitation.objects.filter(person__email="ines.garreau@univ.test").count() == 1
    for other in (world.inspector, world.secretary, world.departement, world.student):
        client.force_login(other)
        assert client.get(run_url).status_code == 404


def test_the_example_of_the_template_is_left_aside(world, partner, bring, tmp_path):
    file = tmp_path / "modele.csv"
    file.write_bytes(exporting.template(cells.COLUMNS, "csv"))
    planned, _ = running.import_now(
        importing.STUDENTS.code,
        file,
        place=world.here.institution,
        by=world.partner_coordinator,
        on=timezone.localdate(),
        dry_run=True,
        tell=lambda _: None,
    )
    assert [line.outcome for line in planned] == [Outcome.IGNORED]


@given(words=st.text(max_size=60))
def test_any_word_is_read_or_refused_in_words(words):
    for read in (cells.transport, cells.practices):
        with suppress(Refusal):  # in words; nothing else is raised
            read(words, "Cellule")


def test_the_number_of_queries_does_not_follow_the_lines(world, partner, bring, django_assert_max_num_queries):
    rows = [f"eleve{number}@univ.test;N{number};P;;;;;;;" for number in range(120)]
    with django_assert_max_num_queries(60):
        bring(*rows)
    assert Student.objects.count() == 120
