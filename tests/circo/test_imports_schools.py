"""Schools: the real file of the Eure, the annuaire, a broken copy, and every refusal with its line number."""

import io
import os
from datetime import date

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from circo.imports import lines, running
from circo.models import District, ImportRun, Outcome, School
from tests import world as world_module
from tests.imports import spaced

EURE = settings.BASE_DIR.parent / "shared/data/ecoles_27_eure.csv"
HEADER = "uai;nom;type;secteur;code_insee;commune;effectifs;ips;siren_epci;nom_epci;lat;lon;coord_source"
A, B = world_module.uai("27", 901), world_module.uai("27", 902)
TODAY = date(2026, 11, 23)


@pytest.fixture
def eure() -> bytes:
    if not EURE.exists():
        assert not os.environ.get("CI"), f"{EURE} is missing"
        pytest.skip("the shared data is not beside this checkout")
    return EURE.read_bytes()


@pytest.fixture
def district(world) -> District:
    return world.here.district


def bring(raw, district, tmp_path, *, by=None, dry_run=False):
    """Import; return the lines by number and the count of each outcome that happened."""
    file = tmp_path / "ecoles.csv"
    file.write_bytes(raw if isinstance(raw, bytes) else raw.encode())
    planned, _ = running.import_now(
        ImportRun.Kind.SCHOOLS, file, place=district, by=by, on=TODAY, dry_run=dry_run, tell=lambda _: None
    )
    found = lines.counts(line.outcome for line in planned)
    return {line.number: line for line in planned}, {name: count for name, count in found.items() if count}


def row(uai, name="École A", *, insee="27001", kind="primaire", sector="public", pupils="91.0", lat="49.1", lon="1.1"):
    return f"{uai};{name};{kind};{sector};{insee};Acquigny;{pupils};107.2;200089456;CA;{lat};{lon};x"


def table(*rows):
    return "\n".join([HEADER, *rows])


def test_the_345_real_schools_are_created_and_a_second_time_changes_nothing(eure, district, tmp_path):
    before = School.objects.count()
    _, counts = bring(eure, district, tmp_path, dry_run=True)
    assert counts == {Outcome.CREATED: 345}
    assert School.objects.count() == before
    _, counts = bring(eure, district, tmp_path)
    assert counts == {Outcome.CREATED: 345}
    school = School.objects.get(uai="0271341L")
    assert (school.name, school.commune, school.insee_code) == ("ECOLE PRIMAIRE", "Acquigny", "27003")
    assert (school.is_public, school.pupil_count, school.latitude) == (True, 91, 49.1735)
    assert school.history.get().history_change_reason == "Import d’écoles"
    histories = School.history.count()
    _, counts = bring(eure, district, tmp_path)
    assert counts == {Outcome.SAME: 345}
    assert School.objects.count() == before + 345
    assert School.history.count() == histories


@pytest.mark.parametrize("encoding", ["utf-8-sig", "cp1252", "utf-16"])
def test_the_real_file_is_the_same_in_other_encodings(eure, district, tmp_path, encoding):
    bring(eure, district, tmp_path)
    _, counts = bring(eure.decode().encode(encoding), district, tmp_path)
    assert counts == {Outcome.SAME: 345}


def test_a_broken_copy_of_the_real_file_refuses_its_bad_lines_alone(eure, district, tmp_path):
    copy = eure.decode().splitlines()
    copy[9] = copy[9].replace(copy[9][:8], copy[9][:7] + ("A" if copy[9][7] != "A" else "B"))
    copy[19] = copy[19].replace(";public;", ";municipal;")
    copy[29] = ";".join([copy[29].split(";")[0], "=HYPERLINK(1)", *copy[29].split(";")[2:]])
    copy[39] = copy[38]
    cells = copy[49].split(";")
    copy[49] = ";".join([*cells[:6], "beaucoup", *cells[7:]])
    found, counts = bring("\n".join(copy), district, tmp_path)
    assert counts == {Outcome.REFUSED: 5, Outcome.CREATED: 340}
    reasons = {number: spaced(line.notes[0]) for number, line in found.items() if line.outcome == Outcome.REFUSED}
    assert set(reasons) == {10, 20, 30, 40, 50}
    assert "sa lettre devrait être" in reasons[10]
    assert "« municipal » n’est ni public ni privé" in reasons[20]
    assert "formule" in reasons[30]
    assert reasons[40].endswith("est déjà à la ligne 39.")
    assert "« beaucoup » n’est pas un nombre entier" in reasons[50]


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (row("0271421X"), "devrait être Y"),
        (row("271421Y"), "sept chiffres et une lettre"),
        (row(""), "Uai : la cellule est vide"),
        (row(A, ""), "Nom : la cellule est vide"),
        (row(A, "=1+1"), "formule"),
        (row(A, "@SUM(A1)"), "formule"),
        (row(A, "x" * 200), "160 caractères"),
        (row(A, pupils="-4"), "nombre entier"),
        (row(A, pupils="90000"), "2000"),
        (row(A, lat="149.5"), "Latitude"),
        (row(A, lon="1°1"), "Longitude"),
        (row(A, insee="76540"), "n’est pas dans le département 27"),
        (row(A, insee="2700100"), "Code_insee"),
        (row(A) + ";trop", "plus de cellules"),
    ],
)
def test_a_bad_line_is_refused_with_its_reason_and_the_next_goes_on(district, tmp_path, line, words):
    found, counts = bring(table(line, row(B)), district, tmp_path)
    assert counts == {Outcome.REFUSED: 1, Outcome.CREATED: 1}
    assert words in spaced(" ".join(found[2].notes))
    assert not School.objects.filter(uai=A).exists()
    assert School.objects.filter(uai=B).exists()


def test_every_reason_of_a_line_is_told_at_once(district, tmp_path):
    found, _ = bring(table(row("0271421X", "=1", pupils="beaucoup")), district, tmp_path)
    assert len(found[2].notes) == 3


def test_a_change_is_told_from_what_to_what_and_kept_in_the_history(world, district, tmp_path):
    bring(table(row(A)), district, tmp_path)
    found, counts = bring(table(row(A, "École Zoé", pupils="95")), district, tmp_path, by=world.inspector)
    assert counts == {Outcome.CHANGED: 1}
    assert [spaced(note) for note in found[2].notes] == [
        "Nom : « École A » devient « École Zoé »",
        "Nombre d’élèves : « 91 » devient « 95 »",
    ]
    last = School.objects.get(uai=A).history.first()
    assert (last.history_user, last.pupil_count) == (world.inspector, 95)


def test_an_empty_cell_or_a_missing_column_leaves_what_is_known(district, tmp_path):
    bring(table(row(A)), district, tmp_path)
    _, counts = bring(f"uai,nom,commune,effectifs\n{A},École A,Acquigny,", district, tmp_path)
    assert counts == {Outcome.SAME: 1}
    assert School.objects.get(uai=A).pupil_count == 91


def test_a_school_of_another_team_is_refused_never_stolen(world, district, tmp_path):
    theirs = world.there.schools[0]
    line = row(theirs.uai, insee="27001")
    found, counts = bring(table(line), district, tmp_path, by=world.inspector)
    assert counts == {Outcome.REFUSED: 1}
    assert "dans une autre circonscription" in found[2].notes[0]
    theirs.refresh_from_db()
    assert theirs.district == world.there.district


def test_a_school_moves_between_two_districts_of_the_same_hand(world, tmp_path):
    other = District.objects.create(departement=world.here.departement, name="Voisine")
    world_module.post(world.inspector, world_module.Role.INSPECTOR, other)
    school = world.here.schools[0]
    found, counts = bring(
        f"uai;nom;commune\n{school.uai};{school.name};{school.commune}", other, tmp_path, by=world.inspector
    )
    assert counts == {Outcome.CHANGED: 1}
    assert spaced(found[2].notes[0]) == f"Circonscription : « {world.here.district} » devient « Voisine »"
    school.refresh_from_db()
    assert school.district == other


ANNUAIRE = (
    "Identifiant_de_l_etablissement;Nom_etablissement;Type_etablissement;Statut_public_prive;Code_commune;Nom_commune;"
    "Appartenance_Education_Prioritaire;nom_circonscription;etat;code_circonscription"
)


def annuaire(*rows):
    return "\n".join([ANNUAIRE, *(";".join(cells) for cells in rows)])


def test_the_annuaire_gives_the_schools_of_the_district_and_leaves_the_rest_aside(district, tmp_path):
    district.uai = world_module.uai("27", 700)
    district.save()
    other = world_module.uai("27", 701)
    c = world_module.uai("27", 903)
    ours = ("27701", "Val-de-Reuil", "REP+", "Circo", "OUVERT", district.uai)
    found, counts = bring(
        annuaire(
            (A, "École A", "Ecole", "Public", *ours),
            (B, "Collège B", "Collège", "Public", *ours),
            (c, "École C", "Ecole", "Public", "27701", "Val-de-Reuil", "", "Autre", "OUVERT", other),
            (world_module.uai("27", 904), "École D", "Ecole", "Public", *ours[:4], "FERME", district.uai),
        ),
        district,
        tmp_path,
    )
    assert counts == {Outcome.CREATED: 1, Outcome.IGNORED: 3}
    assert School.objects.get(uai=A).priority_status == "REP+"
    assert [found[n].notes[0].split()[0] for n in (3, 4, 5)] == ["Ce", "Elle", "Le"]


def test_the_annuaire_of_several_districts_without_ours_is_refused_as_a_whole(district, tmp_path):
    rows = [(A, "École A", "Ecole", "Public", "27001", "X", "", name, "OUVERT", "") for name in ("Une", "Deux")]
    with pytest.raises(running.Refusal, match="aucune n’est reconnue"):
        bring(annuaire(*rows), district, tmp_path)


def test_the_annuaire_of_2023_names_the_district_in_words(district, tmp_path):
    district.name = "Louviers"
    district.save()
    names = (
        "Circonscription d'inspection du 1er degré de Louviers",
        "Circonscription d'inspection du 1er degré de Vernon",
    )
    rows = [
        (uai, "E", "Ecole", "Public", "27001", "X", "", name, "OUVERT", "")
        for uai, name in zip((A, B), names, strict=True)
    ]
    _, counts = bring(annuaire(*rows), district, tmp_path)
    assert counts == {Outcome.CREATED: 1, Outcome.IGNORED: 1}
    assert School.objects.filter(uai=A).exists()


def test_a_school_that_leaves_priority_education_is_told(district, tmp_path):
    line = (A, "École A", "Ecole", "Public", "27001", "X", "REP", "", "OUVERT", "")
    bring(annuaire(line), district, tmp_path)
    _, counts = bring(annuaire((*line[:6], "", *line[7:])), district, tmp_path)
    assert counts == {Outcome.CHANGED: 1}
    assert School.objects.get(uai=A).priority_status == ""


# --- The command ---
def test_the_command_tries_then_writes(eure, district, tmp_path):
    out = io.StringIO()
    call_command("import_schools", str(EURE), district=district.name, dry_run=True, stdout=out)
    assert "créée : 345" in spaced(out.getvalue())
    assert "rien n’est écrit" in out.getvalue()
    assert "Ligne 2, créée, 0271341L ECOLE PRIMAIRE" in out.getvalue()
    assert not School.objects.filter(uai="0271341L").exists()
    call_command("import_schools", str(EURE), district=str(district.pk), stdout=io.StringIO())
    assert School.objects.get(uai="0271341L").district == district


@pytest.mark.parametrize(
    ("name", "options", "words"),
    [
        ("ecoles.csv", {"district": "Nulle part"}, "Aucune circonscription"),
        ("absent.csv", {}, "Fichier refusé"),
        ("ecoles.csv", {"by": "amina@ecole.test"}, "ne pouvez pas"),
        ("ecoles.csv", {"by": "personne@ecole.test"}, "Personne n’a l’adresse"),
    ],
)
def test_the_command_says_no(district, tmp_path, name, options, words):
    (tmp_path / "ecoles.csv").write_text(table(row(A)))
    with pytest.raises(CommandError, match=words):
        call_command("import_schools", str(tmp_path / name), **{"district": district.name} | options)
    assert not School.objects.filter(uai=A).exists()
