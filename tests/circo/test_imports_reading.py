"""Reading: any table comes back whole through every encoding, separator and format; what is no table is refused."""

import contextlib
import csv
import io
import struct
import zipfile
from datetime import date, datetime

import pytest
from hypothesis import HealthCheck, example, given
from hypothesis import settings as given_settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from circo.errors import Refusal
from circo.imports import columns, exporting, reading, rules

HEADER = st.lists(st.text("abcdefghijklmnopéèç_", min_size=1, max_size=8), min_size=2, max_size=6, unique=True)
# What Windows-1252 and XML can both hold.
LETTERS = st.characters(codec="cp1252", categories=("L", "N", "P", "S", "Zs"), include_characters="\n;,\t\"'")
CELL = st.text(LETTERS, max_size=12)


@st.composite
def tables(draw):
    header = draw(HEADER)
    row = st.lists(CELL, min_size=len(header), max_size=len(header)).filter(lambda cells: any(c.strip() for c in cells))
    return header, draw(st.lists(row, min_size=1, max_size=6))


def as_csv(table, *, encoding="utf-8", delimiter=";", quoting=csv.QUOTE_MINIMAL):
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=delimiter, quoting=quoting).writerows([table[0], *table[1]])
    return io.BytesIO(out.getvalue().encode(encoding))


def as_xlsx(rows):
    book = Workbook()
    for row in rows:
        book.active.append(row)
    for line in book.active.iter_rows():
        for cell in line:
            cell.data_type = "s" if isinstance(cell.value, str) else cell.data_type
    out = io.BytesIO()
    book.save(out)
    return io.BytesIO(out.getvalue())


def refusal_of(raw: bytes) -> str:
    with pytest.raises(Refusal) as refusal:
        reading.read_table(io.BytesIO(raw))
    return str(refusal.value)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
@given_settings(max_examples=12, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(table=tables())
@example(table=(["nom", "prénom"], [["Œuvré", "Zoé « l’aînée »"], ["a;b,c\td", 'dit "Le Grand"\nsuite']]))
def test_any_table_comes_back_from_csv(encoding, delimiter, table):
    read = reading.read_table(as_csv(table, encoding=encoding, delimiter=delimiter))
    assert read.header == table[0]
    assert [cells for _, cells in read.rows] == table[1]
    assert [number for number, _ in read.rows] == list(range(2, len(table[1]) + 2))


@given_settings(max_examples=30, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(table=tables())
def test_any_table_comes_back_from_xlsx(table):
    read = reading.read_table(as_xlsx([table[0], *table[1]]))
    assert read.header == table[0]
    for (_, cells), expected in zip(read.rows, table[1], strict=True):
        assert cells + [""] * (len(expected) - len(cells)) == expected


def test_typed_cells_of_a_workbook_read_as_typed():
    read = reading.read_table(as_xlsx([["a", "b", "c", "d", "e"], [24, 24.0, 4.5, True, datetime(2026, 9, 1)]]))  # noqa: DTZ001
    assert read.rows == [(2, ["24", "24", "4.5", "oui", "2026-09-01"])]
    assert rules.day("2026-09-01", "début") == date(2026, 9, 1)


def test_line_numbers_count_empty_lines():
    read = reading.read_table(io.BytesIO(b"uai;nom\r\n\r\n;\r\n0271421Y;A\r\n"))
    assert read.rows == [(4, ["0271421Y", "A"])]


def test_a_formula_of_a_workbook_is_read_as_its_value_not_as_a_formula():
    book = Workbook()
    book.active.append(["a", "b"])
    book.active.append(["=1+1", "x"])
    out = io.BytesIO()
    book.save(out)
    assert reading.read_table(io.BytesIO(out.getvalue())).rows == [(2, ["", "x"])]


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (b"", "vide"),
        (b" \r\n ", "vide"),
        (b"%PDF-1.7 ...", "PDF"),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 60, "image"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 60, ".xls"),
        (b"PK\x03\x04" + b"\0" * 34 + b"mimetypeapplication/vnd.oasis.opendocument.spreadsheet", ".ods"),
        (b"<!DOCTYPE html><html>", "page web"),
        (b'<?xml version="1.0"?>', "page XML"),
        (b"a;b\n\0\1\2;c", "pas un tableau"),
        (b"\x81\x8d;\x8f\n1;2", "pas un tableau"),
        (b"PK\x03\x04not a zip", "ne s’ouvre pas"),
        (b"nom;commune\n", "ligne de titres"),
        ('nom;commune\n"École;Louviers\nsuite;x'.encode(), "Ligne 2"),
        (b"a;b\n" + b"1;2\n" * (reading.MAX_ROWS + 1), "20000 lignes"),
        (b"a;b\n" + b"\n" * (reading.MAX_SCANNED + 1), "vides comprises"),
        (b";".join([b"a"] * 201) + b"\n1", "200 colonnes"),
    ],
)
def test_what_is_no_table_is_refused_with_a_clear_sentence(raw, words):
    assert words in refusal_of(raw)


def test_a_file_above_the_limit_is_refused_before_it_is_read(settings):
    settings.IMPORT_MAX_BYTES = 1024 * 1024

    class Unread(io.BytesIO):
        def read(self, size=-1):
            assert 0 <= size <= reading.HEAD
            return super().read(size)

    with pytest.raises(Refusal, match=r"pèse 2\sMo"):
        reading.read_table(Unread(b"a;b\n" + b"x" * 2 * 1024 * 1024))


def archive(parts: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as zipped:
        for name, content in parts.items():
            zipped.writestr(name, content)
    return out.getvalue()


def parts_of(raw: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(raw)) as zipped:
        return {name: zipped.read(name) for name in zipped.namelist()}


WORKBOOK = as_xlsx([["uai", "nom"], ["0271421Y", "A"]]).getvalue()


def test_a_zip_bomb_is_refused_before_it_is_unpacked():
    parts = parts_of(WORKBOOK)
    parts["xl/worksheets/sheet1.xml"] = b" " * (reading.MAX_UNPACKED + 1)
    raw = archive(parts)
    assert len(raw) < 200_000
    assert "décompressé" in refusal_of(raw)


def test_a_zip_that_lies_about_its_size_is_refused():
    raw = archive(parts_of(WORKBOOK) | {"xl/worksheets/sheet1.xml": b" " * 4_000_000})
    lying = raw.replace(struct.pack("<L", 4_000_000), struct.pack("<L", 10))
    assert lying != raw
    assert "ne s’ouvre pas" in refusal_of(lying)


LAUGHS = b"""<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">
<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;">]>"""


SHARED = b"""<Override PartName="/xl/sharedStrings.xml"
ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"/></Types>"""


@pytest.mark.parametrize(
    "part",
    ["[Content_Types].xml", "xl/workbook.xml", "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "xl/styles.xml"],
)
def test_billion_laughs_are_refused(part):
    parts = parts_of(WORKBOOK)
    parts["[Content_Types].xml"] = parts["[Content_Types].xml"].replace(b"</Types>", SHARED)
    parts["xl/sharedStrings.xml"] = b'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"/>'
    body = parts[part].partition(b"?>")[2] if parts[part].startswith(b"<?xml") else parts[part]
    assert load_workbook(io.BytesIO(archive(parts)), read_only=True)  # whole, it opens
    assert "ne s’ouvre pas" in refusal_of(archive(parts | {part: LAUGHS + body}))


def test_a_sheet_that_announces_too_small_a_size_is_read_whole():
    parts = parts_of(WORKBOOK)
    sheet = parts["xl/worksheets/sheet1.xml"].replace(b'ref="A1:B2"', b'ref="A1"')
    assert sheet != parts["xl/worksheets/sheet1.xml"]
    read = reading.read_table(io.BytesIO(archive(parts | {"xl/worksheets/sheet1.xml": sheet})))
    assert read.rows == [(2, ["0271421Y", "A"])]


@pytest.mark.parametrize("row", [b"1048576", b"99999999999999"])
def test_a_row_far_below_the_others_is_refused(row):
    parts = parts_of(WORKBOOK)
    parts["xl/worksheets/sheet1.xml"] = parts["xl/worksheets/sheet1.xml"].replace(
        b'<row r="2"', b'<row r="' + row + b'"'
    )
    assert "vides comprises" in refusal_of(archive(parts))


def test_too_many_parts_are_refused():
    extra = {f"xl/media/{n}": b"" for n in range(reading.MAX_PARTS)}
    assert "décompressé" in refusal_of(archive(parts_of(WORKBOOK) | extra))


@given_settings(max_examples=150, deadline=None)
@given(place=st.integers(0, len(WORKBOOK) - 1), junk=st.binary(min_size=1, max_size=4))
def test_a_damaged_workbook_is_read_or_refused_never_a_crash(place, junk):
    raw = WORKBOOK[:place] + junk + WORKBOOK[place + len(junk) :]
    with contextlib.suppress(Refusal):
        reading.read_table(io.BytesIO(raw))


@given_settings(max_examples=150, deadline=None)
@given(
    part=st.sampled_from(sorted(parts_of(WORKBOOK))), place=st.integers(0, 3000), junk=st.binary(min_size=1, max_size=6)
)
def test_a_workbook_with_a_damaged_part_is_read_or_refused_never_a_crash(part, place, junk):
    parts = parts_of(WORKBOOK)
    place %= len(parts[part])
    parts[part] = parts[part][:place] + junk + parts[part][place + len(junk) :]
    with contextlib.suppress(Refusal):
        reading.read_table(io.BytesIO(archive(parts)))


@given_settings(max_examples=100, deadline=None)
@given(raw=st.binary(min_size=1, max_size=200))
def test_any_bytes_are_read_or_refused_never_a_crash(raw):
    with contextlib.suppress(Refusal):
        reading.read_table(io.BytesIO(raw))


# --- What we write ---
@given_settings(max_examples=60, deadline=None)
@given(cell=st.text(LETTERS, max_size=10), start=st.sampled_from(["", *rules.FORMULA_STARTS]))
def test_no_cell_that_we_write_is_a_formula(cell, start):
    text = start + cell
    (row,) = csv.reader(io.StringIO(exporting.to_csv([[text, "x"]]).decode("utf-8-sig"), newline=""), delimiter=";")
    assert not row[0].lstrip(" ").startswith(rules.FORMULA_STARTS)
    sheet = load_workbook(io.BytesIO(exporting.to_xlsx({"a": [[text, "x"]]})))["a"]
    assert sheet["A1"].data_type in ("s", "inlineStr")
    assert sheet["A1"].value is None or not str(sheet["A1"].value).startswith("=")


@pytest.mark.parametrize("form", ["csv", "xlsx"])
@pytest.mark.parametrize("known", [columns.SCHOOLS, columns.PEOPLE])
def test_a_template_is_recognised_by_its_own_import(form, known):
    table = reading.read_table(io.BytesIO(exporting.template(known, form)))
    mapping = columns.match(table.header, known)
    assert mapping.ignored == ()
    assert set(mapping.places) == {column.name for column in known if column.in_template}


# --- Columns ---
ANNUAIRE_2026 = (
    "Identifiant_de_l_etablissement;Nom_etablissement;Type_etablissement;Statut_public_prive;Adresse_1;Adresse_2;Adresse_3;"
    "Code_postal;Code_commune;Nom_commune;Code_departement;Code_academie;Code_region;Ecole_maternelle;Ecole_elementaire;"
    "Voie_generale;Voie_technologique;Voie_professionnelle;Telephone;Fax;Web;Mail;Restauration;Hebergement;ULIS;"
    "Apprentissage;Segpa;Section_arts;Section_cinema;Section_theatre;Section_sport;Section_internationale;"
    "Section_europeenne;Lycee_Agricole;Lycee_militaire;Lycee_des_metiers;Post_BAC;Appartenance_Education_Prioritaire;"
    "GRETA;SIREN_SIRET;Fiche_onisep;position;Type_contrat_prive;Libelle_departement;Libelle_academie;Libelle_region;"
    "coordX_origine;coordY_origine;epsg_origine;nom_circonscription;latitude;longitude;precision_localisation;"
    "date_ouverture;date_maj_ligne;etat;ministere_tutelle;multi_uai;rpi_concentre;rpi_disperse;code_nature;"
    "libelle_nature;Code_type_contrat_prive;PIAL;etablissement_mere;type_rattachement_etablissement_mere;"
    "code_circonscription;code_zone_animation_pedagogique;libelle_zone_animation_pedagogique;code_bassin_formation;"
    "libelle_bassin_formation"
)
GEOLOCATION_2023 = (
    "Code établissement;Appellation officielle;Dénomination principale;Patronyme uai;Secteur Public/Privé;Adresse;"
    "Lieu dit;Boite postale;Code postal;Localite;Commune;Coordonnee X;Coordonnee Y;EPSG;Latitude;Longitude;"
    "Qualité d'appariement;Localisation;Code nature;Nature;Code état établissement;Etat établissement;Code département;"
    "Code région;Code académie;Code commune;Département;Région;Académie;Position;secteur_prive_code_type_contrat;"
    "secteur_prive_libelle_type_contrat;code_ministere;libelle_ministere;date_ouverture"
)
EURE_2022 = "uai;nom;type;secteur;code_insee;commune;effectifs;ips;siren_epci;nom_epci;lat;lon;coord_source"
COMMON = {"uai", "name", "commune", "insee_code", "is_public", "latitude", "longitude"}


@pytest.mark.parametrize(
    ("header", "more"),
    [
        (ANNUAIRE_2026, {"kind", "state", "priority_status", "district_code", "district_name"}),
        (
            ANNUAIRE_2026.replace("Code_postal", "Code postal")
            .replace("SIREN_SIRET;", "SIREN_SIRET;Nombre_d_eleves;")
            .replace("code_circonscription;", ""),
            {"kind", "state", "priority_status", "pupil_count", "district_name"},
        ),
        (GEOLOCATION_2023, {"state"}),
        (EURE_2022, {"kind", "pupil_count"}),
    ],
)
def test_headers_of_different_years_are_recognised(header, more):
    assert set(columns.match(header.split(";"), columns.SCHOOLS).places) == COMMON | more


def test_the_social_index_of_a_school_is_left_aside():
    assert "ips" in columns.match(EURE_2022.split(";"), columns.SCHOOLS).ignored


@pytest.mark.parametrize(
    ("header", "words"),
    [
        (["a", "b"], "Il manque les colonnes"),
        (["uai", "nom"], "Il manque la colonne « commune »"),
        (["uai", "RNE", "nom", "commune"], "Deux colonnes disent la même chose"),
        (["uai", "nom", "commune", "N° NUMEN"], "NUMEN"),
    ],
)
def test_a_header_that_does_not_do_is_refused(header, words):
    with pytest.raises(Refusal) as refusal:
        columns.match(header, columns.SCHOOLS)
    assert words in str(refusal.value).replace("\N{NO-BREAK SPACE}", " ")


# --- Cells ---
@pytest.mark.parametrize(
    ("read", "text", "value"),
    [
        (rules.whole_number, "91.0", 91),
        (rules.whole_number, "1 240", 1240),
        (rules.decimal, "49,1735", 49.1735),
        (rules.day, "1/9/2026", date(2026, 9, 1)),
        (rules.day, "01.09.2026", date(2026, 9, 1)),
        (rules.levels, "CM1/cm2", ["CM1", "CM2"]),
        (rules.levels, "CE2 CE1", ["CE1", "CE2"]),
        (rules.levels, "PS-MS et GS", ["PS", "MS", "GS"]),
        (rules.role, "Professeure des Écoles", "TEACHER"),
        (rules.role, "PEMF", "TRAINER"),
        (rules.role, "TR", "SUBSTITUTE"),
        (rules.half_days, "lundi, mercredi matin", ["MON_AM", "MON_PM", "WED_AM"]),
        (rules.half_days, "Lun, jeudi après-midi et ven", ["MON_AM", "MON_PM", "THU_PM", "FRI_AM", "FRI_PM"]),
        (rules.half_days, "MON_AM", ["MON_AM"]),
        (rules.week_pattern, "4,5", "4.5"),
        (rules.priority_status, "rep +", "REP+"),
        (rules.is_public, "Privé sous contrat", False),
    ],
)
def test_a_cell_says(read, text, value):
    assert read(text, "cellule") == value


@pytest.mark.parametrize(
    ("read", "text"),
    [
        (rules.whole_number, "-3"),
        (rules.whole_number, "12.5"),
        (rules.whole_number, "douze"),
        (rules.whole_number, "9" * 5000),
        (rules.decimal, "49°17"),
        (rules.decimal, "inf"),
        (rules.day, "31/02/2026"),
        (rules.day, "09-2026"),
        (rules.day, "01/09/0026"),
        (rules.day, "٠١/٠٩/٢٠٢٦"),
        (rules.levels, "CE1, 6e"),
        (rules.role, "chef"),
        (rules.half_days, "lundi soir"),
        (rules.half_days, "dimanche"),
        (rules.week_pattern, "5"),
        (rules.priority_status, "ZEP"),
        (rules.is_public, "oui"),
        *[(rules.harmless, f"{start}1+1") for start in rules.FORMULA_STARTS],
    ],
)
def test_a_cell_is_refused(read, text):
    with pytest.raises(Refusal, match="cellule"):
        read(text, "cellule")


@given_settings(max_examples=200, deadline=None)
@given(text=st.text(max_size=30))
def test_plain_text_is_one_line_and_stays_the_same_when_read_again(text):
    once = rules.plain(text)
    assert rules.plain(once) == once
    assert not set("\n\r\t\u202e\u200b\ufeff") & set(once)
    assert "  " not in once


@pytest.mark.parametrize("text", ["21G9801234ABC", "21 G 98 01234 ABC", "05e1212345xyz"])
def test_a_numen_is_recognised_wherever_it_stands(text):
    table = reading.Table(["a", "matricule"], [(2, ["x", text])])
    with pytest.raises(Refusal) as refusal:
        columns.refuse_numen(table.rows, table.header)
    assert "« matricule »" in str(refusal.value).replace("\N{NO-BREAK SPACE}", " ")
    assert text not in str(refusal.value)
