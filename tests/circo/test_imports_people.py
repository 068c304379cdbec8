"""People and postings: who is created, what changes, what a team may not do, and nothing half-written."""

import io
from datetime import date

import pytest
import time_machine
from django.core.management import call_command
from openpyxl import Workbook

from circo.imports import lines, running
from circo.imports.columns import PEOPLE
from circo.models import ImportRun, Outcome, Person, Posting
from circo.models import import_kinds as kinds
from circo.rules import Role
from tests import world as world_module
from tests.imports import spaced

HEADER = "e-mail;nom;prénom;rôle;uai;niveaux;effectif;jours;début;fin"
TODAY = date(2026, 11, 23)
FIRST, LAST = date(2026, 9, 1), date(2027, 8, 31)


@pytest.fixture(autouse=True)
def _in_november():
    with time_machine.travel("2026-11-23T12:00:00+00:00"):
        yield


@pytest.fixture
def bring(world, tmp_path):
    """Import lines into the district here, by its inspector; return the lines by number and the count by outcome."""

    def import_lines(*rows, header=HEADER, by="inspector", dry_run=False):
        file = tmp_path / "personnes.csv"
        file.write_text("\n".join([header, *rows]))
        planned, _ = running.import_now(
            ImportRun.Kind.PEOPLE,
            file,
            place=world.here.district,
            by=world.people[by] if by else None,
            on=TODAY,
            dry_run=dry_run,
            tell=lambda _: None,
        )
        found = lines.counts(line.outcome for line in planned)
        return {line.number: line for line in planned}, {name: count for name, count in found.items() if count}

    return import_lines


@pytest.fixture
def uai(world):
    return world.here.schools[0].uai


def row(email="zoe@ecole.test", last="Durand", first="Zoé", role="professeur", uai="", *more):
    return ";".join([email, last, first, role, uai, *more, *[""] * (5 - len(more))])


def notes(line) -> str:
    return spaced(" | ".join(line.notes))


def everything() -> list:
    rows = [list(model.objects.order_by("pk").values()) for model in (Person, Posting)]
    return [*rows, Person.history.count(), Posting.history.count()]


def test_a_person_and_a_posting_are_created_and_a_second_time_changes_nothing(world, bring, uai):
    line = row(
        "Zoe@Ecole.test", "Durand", "Zoé", "Professeure", uai, "CE2/CE1", "24", "lundi, mardi matin", "", "31/08/2027"
    )
    before = everything()
    assert bring(line, dry_run=True)[1] == {Outcome.CREATED: 1}
    assert everything() == before
    assert bring(line)[1] == {Outcome.CREATED: 1}
    zoe = Person.objects.get(email="zoe@ecole.test")
    posting = zoe.postings.get()
    assert (zoe.get_full_name(), zoe.has_usable_password()) == ("Zoé Durand", False)
    assert (posting.role, posting.school, posting.starts_on, posting.ends_on) == (
        Role.TEACHER, world.here.schools[0], FIRST, LAST,
    )  # fmt: skip
    assert (posting.levels, posting.class_size, posting.half_days) == (
        ["CE1", "CE2"],
        24,
        ["MON_AM", "MON_PM", "TUE_AM"],
    )
    assert zoe.history.get().history_user == posting.history.get().history_user == world.inspector
    after = everything()
    assert bring(line)[1] == {Outcome.SAME: 1}
    assert everything() == after


def test_an_excel_file_does_as_well(world, tmp_path, uai):
    book = Workbook()
    book.active.append(HEADER.split(";"))
    book.active.append(["zoe@ecole.test", "Durand", "Zoé", "PE", uai, "CP", 21, None, date(2026, 9, 1), None])
    book.save(tmp_path / "a.xlsx")
    call_command("import_people", str(tmp_path / "a.xlsx"), district=world.here.district.name, stdout=io.StringIO())
    posting = Posting.objects.get(person__email="zoe@ecole.test")
    assert (posting.class_size, posting.starts_on) == (21, FIRST)


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (("zoe@ecole", "D", "Z", "professeur", "{uai}"), "E-mail"),
        (("", "D", "Z", "professeur", "{uai}"), "E-mail : la cellule est vide"),
        (("=zoe@ecole.test", "D", "Z", "professeur", "{uai}"), "formule"),
        (("z@ecole.test", "=cmd()", "Z", "professeur", "{uai}"), "formule"),
        (("z@ecole.test", "D", "+Z", "professeur", "{uai}"), "formule"),
        (("z@ecole.test", "D", "-Z", "professeur", "{uai}"), "formule"),
        (("z@ecole.test", "D", "@Z", "professeur", "{uai}"), "formule"),
        (("z@ecole.test", "", "Z", "professeur", "{uai}"), "Nom : la cellule est vide"),
        (("z@ecole.test", "D" * 90, "Z", "professeur", "{uai}"), "80 caractères"),
        (("z@ecole.test", "D", "Z", "chef", "{uai}"), "n’est pas un rôle"),
        (("z@ecole.test", "D", "Z", "", "{uai}"), "Rôle : la cellule est vide"),
        (("z@ecole.test", "D", "Z", "professeur", ""), "la cellule « uai » est vide"),
        (("z@ecole.test", "D", "Z", "professeur", "0271421X"), "L’école 0271421X n’existe pas : la lettre"),
        (("z@ecole.test", "D", "Z", "professeur", "0271421Y"), "L’école 0271421Y n’existe pas encore"),
        (("z@ecole.test", "D", "Z", "professeur", "l'école"), "n’est pas un UAI"),
        (("z@ecole.test", "D", "Z", "professeur", "{there}"), "dans une autre circonscription"),
        (("z@ecole.test", "D", "Z", "professeur", "{uai}", "6e"), "n’est pas un niveau"),
        (("z@ecole.test", "D", "Z", "professeur", "{uai}", "CP", "900"), "au plus 40 élèves"),
        (("z@ecole.test", "D", "Z", "professeur", "{uai}", "CP", "0"), "au moins un élève"),
        (("z@ecole.test", "D", "Z", "professeur", "{uai}", "CP", "24", "samedi"), "n’est pas un jour"),
        (("z@ecole.test", "D", "Z", "professeur", "{uai}", "CP", "24", "", "31/02/2026"), "n’est pas une date"),
        (
            ("z@ecole.test", "D", "Z", "professeur", "{uai}", "CP", "24", "", "01/09/2026", "01/07/2026"),
            "La date de fin (01/07/2026) vient avant la date de début (01/09/2026)",
        ),
        (("z@ecole.test", "D", "Z", "professeur", "{uai}", "", "", "", "", "", "trop"), "plus de cellules"),
        *[
            (("z@ecole.test", "D", "Z", role, "{uai}"), words)
            for role, words in [
                ("IEN", "ne pouvez pas donner"),
                ("DASEN", "dépasse la circonscription"),
                ("cellule remplacement", "dépasse la circonscription"),
                ("étudiant", "dépasse la circonscription"),
            ]
        ],
    ],
)
def test_a_bad_line_is_refused_with_its_reason_and_never_half_written(world, bring, uai, line, words):
    bad = ";".join(line).format(uai=uai, there=world.there.schools[0].uai)
    found, counts = bring(bad, row("b@ecole.test", uai=uai))
    assert counts == {Outcome.REFUSED: 1, Outcome.CREATED: 1}
    assert words in notes(found[2])
    assert not Person.objects.filter(email__in=[line[0], "z@ecole.test"]).exists()
    assert Posting.objects.filter(person__email="b@ecole.test").count() == 1


def test_an_address_twice_is_refused_on_the_second_line(bring, uai):
    found, counts = bring(row(uai=uai), row("ZOE@ecole.test", "Autre", "Nom", uai=uai))
    assert counts == {Outcome.CREATED: 1, Outcome.REFUSED: 1}
    assert "est déjà à la ligne 2" in notes(found[3])
    assert Person.objects.get(email="zoe@ecole.test").last_name == "Durand"


@pytest.mark.parametrize(
    ("by", "role", "given"),
    [
        ("inspector", "CPC", True),
        ("inspector", "secrétaire", True),
        ("inspector", "IEN", False),
        ("secretary", "PEMF", True),
        ("secretary", "CPC", False),
        ("secretary", "secrétaire", False),
        ("superuser", "IEN", True),
        ("superuser", "DASEN", False),
        (None, "IEN", True),
    ],
)
def test_nobody_gives_a_role_above_their_own(bring, uai, by, role, given):
    _, counts = bring(row(role=role, uai=uai), by=by)
    assert counts == ({Outcome.CREATED: 1} if given else {Outcome.REFUSED: 1})
    assert Posting.objects.filter(person__email="zoe@ecole.test").exists() == given


def test_nobody_imports_their_own_posting(world, bring, uai):
    found, counts = bring(row("inspector@partages.test", "Martin", "Inspector", "directeur", uai))
    assert counts == {Outcome.REFUSED: 1}
    assert "votre propre compte" in notes(found[2])


@pytest.mark.parametrize("by", ["inspector_there", "adviser", "amina", "departement"])
def test_who_may_not_import_here_imports_nothing(bring, uai, by):
    with pytest.raises(running.Refusal, match="ne pouvez pas"):
        bring(row(uai=uai), by=by)


def test_a_name_that_changes_is_told_from_what_to_what(world, bring, uai):
    found, counts = bring(row("amina@ecole.test", "Petit-Roux", "Amina", uai=uai))
    assert counts == {Outcome.CHANGED: 1}
    assert "Nom : « Petit » devient « Petit-Roux »" in notes(found[2])
    world.amina.refresh_from_db()
    assert world.amina.last_name == "Petit-Roux"
    assert world.amina.history.first().history_user == world.inspector


def test_somebody_who_works_elsewhere_gets_a_posting_and_keeps_the_name(world, bring, uai):
    before = world.denis.postings.get()
    found, counts = bring(row("denis@ecole.test", "Autre", "Nom", uai=uai))
    assert counts == {Outcome.CHANGED: 1}
    assert "Le nom reste tel quel" in notes(found[2])
    assert world_module.MARK not in notes(found[2]) + found[2].label
    world.denis.refresh_from_db()
    assert (world.denis.last_name, world.denis.postings.count()) == ("Petit", 2)
    before.refresh_from_db()
    assert before.ends_on is None  # another team's posting is theirs to end


def test_a_secretary_does_not_rename_the_inspector(world, bring, uai):
    bring(row("inspector@partages.test", "Autre", "Nom", "directeur", uai), by="secretary")
    world.inspector.refresh_from_db()
    assert world.inspector.last_name == "Martin"


def test_a_change_of_school_ends_the_old_posting_the_day_before(world, bring):
    here, there = world.here.schools
    old = world.amina.postings.get()
    found, counts = bring(row("amina@ecole.test", "Petit", "Amina", "professeur", there.uai, "", "", "", "04/01/2027"))
    assert counts == {Outcome.CHANGED: 1}
    assert f"Fin de l’affectation précédente ({here}) : 03/01/2027" in notes(found[2])
    old.refresh_from_db()
    assert old.ends_on == date(2027, 1, 3)
    assert world.amina.postings.get(school=there).ends_on is None


def test_another_role_does_not_end_the_posting(world, bring, uai):
    bring(row("amina@ecole.test", "Petit", "Amina", "PEMF", uai, "", "", "", "04/01/2027"))
    assert world.amina.postings.get(role=Role.TEACHER).ends_on is None


def test_the_end_of_a_posting_is_set_by_the_same_line_again(world, bring, uai):
    start = world.amina.postings.get().starts_on
    found, counts = bring(
        row("amina@ecole.test", "Petit", "Amina", "professeur", uai, "", "", "", f"{start:%d/%m/%Y}", "01/07/2027")
    )
    assert counts == {Outcome.CHANGED: 1}
    assert "Au : « rien » devient « 01/07/2027 »" in notes(found[2])
    posting = world.amina.postings.get()
    assert (posting.ends_on, posting.levels, posting.class_size) == (date(2027, 7, 1), ["CE1"], 24)


def test_somebody_of_last_year_comes_back_under_the_same_account(world, bring, uai):
    _, counts = bring(row("former@partages.test", "Ancien", "Félix", uai=uai, role="remplaçant"))
    assert counts == {Outcome.CHANGED: 1}
    assert world.former.postings.count() == 2


def test_people_whom_the_file_does_not_name_are_left_alone(world, bring, uai):
    before = list(Posting.objects.exclude(person__email="zoe@ecole.test").order_by("pk").values())
    bring(row(uai=uai))
    assert list(Posting.objects.exclude(person__email="zoe@ecole.test").order_by("pk").values()) == before


def test_from_july_on_a_file_is_about_the_coming_year(world):
    for day, first in ((date(2026, 6, 30), date(2025, 9, 1)), (date(2026, 7, 1), FIRST), (date(2027, 6, 30), FIRST)):
        assert (
            lines.authority_of(
                place=world.here.district, kind=kinds.kind_of(ImportRun.Kind.PEOPLE), by=None, on=day
            ).starts_on
            == first
        )


@pytest.mark.parametrize(
    ("header", "cell"),
    [("NUMEN", "x"), ("Mon numen", ""), ("identifiant", "21G9801234ABC"), ("identifiant", "21g98 01234abc")],
)
def test_a_column_of_numens_refuses_the_file_and_is_not_repeated(bring, uai, header, cell):
    with pytest.raises(running.Refusal, match="NUMEN est confidentiel") as refusal:
        bring(f"{row(uai=uai)};{cell}", header=f"{HEADER};{header}")
    assert "01234" not in str(refusal.value)
    assert not Person.objects.filter(email="zoe@ecole.test").exists()


def test_the_example_of_the_template_is_left_aside(bring):
    header = ";".join(column.title for column in PEOPLE)
    _, counts = bring(";".join(column.example for column in PEOPLE), header=header)
    assert counts == {Outcome.IGNORED: 1}
    former = [column for column in PEOPLE if column.name != "share_percent"]  # the template of last year
    _, counts = bring(";".join(column.example for column in former))
    assert counts == {Outcome.IGNORED: 1}


@pytest.mark.parametrize(("cell", "percent"), [("80", 80), ("80 %", 80), ("", 100)])
def test_the_part_time_of_a_posting(bring, cell, percent):
    line = f"zoe@ecole.test;Neuve;Zoé;Professeur des écoles;{world_module.uai('27', 1)};CE1;20;;;;{cell}"
    _, counts = bring(line, header=f"{HEADER};quotité")
    assert counts == {Outcome.CREATED: 1}
    assert Posting.objects.get(person__email="zoe@ecole.test").share_percent == percent


@pytest.mark.parametrize("cell", ["0", "120", "la moitié"])
def test_a_part_time_that_nobody_has(bring, cell):
    line = f"zoe@ecole.test;Neuve;Zoé;Professeur des écoles;{world_module.uai('27', 1)};CE1;20;;;;{cell}"
    _, counts = bring(line, header=f"{HEADER};quotité")
    assert counts == {Outcome.REFUSED: 1}
