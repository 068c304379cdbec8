"""Practice sheets: drafts, sharing, documents, and text that never acts."""

import re
from io import BytesIO
from itertools import product

import pikepdf
import pytest
from django.core.files.storage import default_storage
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from circo import writing
from circo.attaching import rules as attaching
from circo.attaching.rules import Kind
from circo.errors import Refusal
from circo.registries import search
from tests.documents import elements, faults, text_of
from tests.videos.excerpts import excerpt_of
from tests.videos.films import film_of
from tests.videos.sheets import DOCX, ODT, PDF, archive, sent
from videos import actions, queries
from videos.models import PracticeSheet, SheetDocument
from videos.sheets import keeping


def path(name, *args):
    return reverse(f"videos:{name}", args=args)


def written(by, sheet=None, **fields):
    return actions.write_sheet(sheet=sheet, text=actions.SheetText(**({"title": "Attendre"} | fields)), by=by)


# --- Text that never acts ---------------------------------------------------------------------------------------------
ACTS = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg onload=alert(1)>",
    '<a href="javascript:alert(1)">x</a>',
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](java\tscript:alert(1))",
    "[x](&#106;avascript:alert(1))",
    "[x](data:text/html;base64,PHNjcmlwdD4=)",
    "[x](vbscript:msgbox(1))",
    "![x](javascript:alert(1))",
    "![x](https://ailleurs.test/pixel.png)",
    "<https://ailleurs.test/ onclick=alert(1)>",
    '<div hx-get="/films/" data-hx-get="/films/">x</div>',
    '<p style="position:fixed">x</p>',
    '<p id="contenu" class="alert">x</p>',
    "<iframe src=//ailleurs.test></iframe>",
    "<form action=//ailleurs.test><button>x</button></form>",
    '<base href="//ailleurs.test">',
    '<meta http-equiv="refresh" content="0">',
    "<math><mtext></p><script>alert(1)</script>",
    "<!--[if gte IE 4]><script>alert(1)</script><![endif]-->",
    '[x](https://a.test "onmouseover=alert(1)")',
    "<details open ontoggle=alert(1)>",
    '<input autofocus onfocus="alert(1)">',
]
AROUND = [
    "{}",
    "# {}",
    "> {}",
    "- {}",
    "**{}**",
    "`{}`",
    "```\n{}\n```",
    "<p>{}",
    "texte\n\n{}\n\ntexte",
    "[{}](https://a.test)",
    "<!-- -->{}",
    "\u202e{}",
]
PAYLOADS = [around.format(act) for act, around in product(ACTS, AROUND)]
ALLOWED = re.compile(
    r'</?(?:p|br|strong|em|ul|ol|li|blockquote|h[3-6]|code|pre|hr)>|</a>|<a rel="noopener noreferrer nofollow">'
    r'|<a href="(?:https?:|mailto:|/|#|\?|[\w%.-]*(?=["/?#]))[^"<>]*" rel="noopener noreferrer nofollow">'
)


def acts(html: str) -> list[str]:
    """The tags of `html` that are none of the few that a text may hold."""
    return [tag for tag in re.findall(r"<[^>]*>?", html) if not ALLOWED.fullmatch(tag)]


def test_there_are_enough_payloads():
    assert len(PAYLOADS) == 300
    for tag in ("<script>", '<p id="x">', '<a href="javascript:x" rel="noopener noreferrer nofollow">'):
        assert acts(tag)


def test_no_payload_acts():
    assert {payload: tags for payload in PAYLOADS if (tags := acts(writing.to_html(payload)))} == {}


@given(st.text(max_size=200))
def test_no_text_at_all_acts(text):
    assert acts(writing.to_html(text)) == []


def test_a_text_keeps_its_shape():
    html = writing.to_html("# Titre\n\nUn **mot**\n\n- un\n- [deux](https://eduscol.education.fr)\n")
    assert "<h3>Titre</h3>" in html  # the page has its own h1 and h2
    assert "<strong>mot</strong>" in html
    assert '<a href="https://eduscol.education.fr" rel="noopener noreferrer nofollow">deux</a>' in html


# --- Documents --------------------------------------------------------------------------------------------------------
def picture(form="PNG"):
    made, exif = BytesIO(), Image.Exif()
    exif[0x010F] = "Appareil de la maison"
    Image.new("RGB", (40, 30), "red").save(made, form, exif=exif)
    return made.getvalue()


@pytest.mark.parametrize(
    ("content", "kind"),
    [(PDF, Kind.PDF), (picture(), Kind.PICTURE), (picture("JPEG"), Kind.PICTURE), (ODT, Kind.ODT), (DOCX, Kind.DOCX)],
)
def test_a_document_is_known_by_its_content(content, kind):
    assert attaching.kind_of(content) is kind


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"MZ\x90\x00" + b"\x00" * 100,
        b"<html><script>alert(1)</script>",
        b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
        b"%PDF-1.7 without an end",
        b"PK\x03\x04 broken",
        archive(("a.txt", b"x")),
        archive(("[Content_Types].xml", b""), ("word/document.xml", b""), ("word/vbaProject.bin", b"x")),
        archive(("mimetype", attaching.ODT_TYPE), ("Basic/Standard/Module1.xml", b"x")),
        archive(("word/document.xml", b"0" * (attaching.UNPACKED_MAX + 1)), ("[Content_Types].xml", b"")),
        archive(*((f"{n}.txt", b"") for n in range(attaching.MEMBERS_MAX + 1))),
    ],
)
def test_what_is_no_document_is_refused(world, content):
    sheet = written(world.amina)
    with pytest.raises(Refusal):
        actions.attach(sheet=sheet, file=sent(content, "fiche.pdf"), by=world.amina)
    assert not SheetDocument.objects.exists()


def test_a_broken_picture_is_refused(world):
    with pytest.raises(Refusal, match="image lisible"):
        actions.attach(sheet=written(world.amina), file=sent(picture()[:60]), by=world.amina)


def test_a_picture_is_made_again_and_a_name_is_a_label(world):
    sheet = written(world.amina)
    document = actions.attach(sheet=sheet, file=sent(picture("JPEG"), "../tableau\u202egpj.exe"), by=world.amina)
    assert (document.kind, document.name) == ("jpg", "tableaugpj.jpg")
    with default_storage.open(keeping.key_of(document)) as file:
        kept = file.read()
    assert b"Appareil" not in kept


def test_a_sheet_holds_so_many_documents(world, monkeypatch):
    monkeypatch.setattr("videos.sheets.rules.DOCUMENTS_MAX", 1)
    sheet = written(world.amina)
    actions.attach(sheet=sheet, file=sent(PDF), by=world.amina)
    with pytest.raises(Refusal, match="documents au plus"):
        actions.attach(sheet=sheet, file=sent(PDF), by=world.amina)
    monkeypatch.setattr("circo.attaching.rules.BYTES_MAX", 10)
    with pytest.raises(Refusal, match="au plus 10"):
        actions.attach(sheet=written(world.amina), file=sent(PDF), by=world.amina)


def test_a_document_leaves_as_an_attachment_for_who_sees_the_sheet(world, sign_in):
    sheet = written(world.amina)
    client = sign_in(world.amina)
    page = client.post(path("sheet_attach", sheet.pk), {"file": sent(PDF, "consigne.pdf")}, follow=True)
    assert "consigne.pdf" in page.content.decode()
    document = sheet.documents.get()
    answer = client.get(path("sheet_document", sheet.pk, document.pk))
    assert b"".join(answer.streaming_content if answer.streaming else [answer.content]) == PDF
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert sign_in(world.bruno).get(path("sheet_document", sheet.pk, document.pk)).status_code == 404
    written(world.amina, sheet, circle=world.here.group)
    assert client.get(path("sheet_document", sheet.pk, document.pk)).status_code == 200
    client = sign_in(world.amina)
    gone = client.post(path("document_remove", sheet.pk, document.pk), follow=True)
    assert "Document retiré." in gone.content.decode()
    assert client.get(path("sheet_document", sheet.pk, document.pk)).status_code == 404
    client.post(path("document_restore", sheet.pk, document.pk))
    assert client.get(path("sheet_document", sheet.pk, document.pk)).status_code == 200
    wrong = client.post(path("sheet_attach", sheet.pk), {"file": sent(b"MZ", "consigne.pdf")})
    assert (wrong.status_code, "Joignez un PDF" in wrong.content.decode()) == (422, True)


# --- Sheets -----------------------------------------------------------------------------------------------------------
def test_a_sheet_is_written_without_javascript(world, sign_in):
    film = film_of(world.amina, world.here.group)
    excerpt = excerpt_of(film, world.amina, shared=True, title="Le silence")
    sent_form = {
        "title": "Attendre sept secondes",
        "course": "1. poser la question\n2. **attendre**",
        "levels": ["CE1", "GS"],
        "subject": "MATHS",
        "minutes": "45",
        "films": [film.pk],
        "excerpts": [excerpt.pk],
    }
    client = sign_in(world.amina)
    page = client.post(path("sheet_create"), sent_form, follow=True).content.decode()
    sheet = PracticeSheet.objects.get()
    assert sheet.is_draft
    assert sheet.levels == ["GS", "CE1"]
    for said in ("Brouillon", "<strong>attendre</strong>", film.title, "Le silence", "45 minutes", "Déroulement"):
        assert said in page
    assert "Contexte</h2>" not in page  # nothing was written there
    shared = sent_form | {"circle": queries.key_of(world.here.network)}
    client.post(path("sheet_update", sheet.pk), shared)
    seen = sign_in(world.chloe).get(path("sheet_page", sheet.pk)).content.decode()
    assert "Attendre sept secondes" in seen
    assert film.title not in seen  # of another group
    pdf = sign_in(world.amina).get(path("sheet_pdf", sheet.pk))
    with pikepdf.open(BytesIO(pdf.content)) as document:
        assert document.Root.MarkInfo.Marked
    removed = client.post(path("sheet_remove", sheet.pk), follow=True).content.decode()
    assert "Fiche supprimée." in removed
    client.post(path("sheet_restore", sheet.pk))
    assert client.get(path("sheet_page", sheet.pk)).status_code == 200


def test_the_printed_sheet_is_laid_out_as_its_page(world, sign_in):
    sheet = PracticeSheet.objects.create(
        owner=world.amina,
        title="Attendre",
        context="Une classe.\n\nUn matin, *tôt*.",
        course="On va :\n\n- lire\n- **reformuler**\n  - à deux\n\n"
        "3. *chercher* [là](https://ecole.test/a)\n4. `dire`\n\n> #panic()",
    )
    actions.attach(sheet=sheet, file=sent(PDF, "consigne.pdf"), by=world.amina)
    pdf = sign_in(world.amina).get(path("sheet_pdf", sheet.pk)).content
    tags = elements(pdf)
    assert faults(pdf) == []
    assert [kind for kind, _, _ in tags].count("/LI") == 6
    said = text_of(pdf)
    assert "**" not in said
    assert "- lire" not in said
    for words in ("lire", "reformuler", "chercher", "(https://ecole.test/a)", "dire", "#panic()", "consigne.pdf"):
        assert words in said
    assert {("/P", "Une classe."), ("/P", "Un matin, tôt.")} <= {(kind, text) for kind, text, _ in tags}


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"title": ""}, "Donnez un titre"),
        ({"minutes": "9999"}, "Écrivez au plus 600"),
        ({"subject": "X"}, "Choisissez un domaine"),
    ],
)
def test_a_wrong_sheet_is_said_and_nothing_is_lost(world, sign_in, wrong, said):
    answer = sign_in(world.amina).post(
        path("sheet_create"), {"title": "Attendre", "subject": "MATHS", "course": "à garder"} | wrong
    )
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert "à garder" in answer.content.decode()


def test_a_verb_checks_again(world):
    sheet = written(world.amina)
    theirs = film_of(world.chloe, world.here.other_group)
    for fields, said in (
        ({"title": " "}, "Donnez un titre"),
        ({"circle": world.here.other_group}, "l’un de vos cercles"),
        ({"films": [theirs]}, "des films que vous voyez"),
        ({"excerpts": [excerpt_of(theirs, world.chloe)]}, "des extraits que vous voyez"),
    ):
        with pytest.raises(Refusal, match=said):
            written(world.amina, **fields)
    with pytest.raises(Refusal, match="Seule la personne"):
        written(world.bruno, sheet)
    for act in (actions.remove_sheet, actions.restore_sheet):
        with pytest.raises(Refusal):
            act(sheet=sheet, by=world.bruno)


def test_a_sheet_is_found_by_who_sees_it(world):
    written(world.amina, title="Attendre sept secondes", circle=world.here.group)
    found = {name: dict(search(world.people[name], "secondes attendre")) for name in ("bruno", "chloe", "denis")}
    assert [row.title for row in found["bruno"]["Fiches de pratique"]] == ["Attendre sept secondes"]
    assert found["chloe"] == found["denis"] == {}


@pytest.mark.parametrize("count", [1, 3])
def test_pages_cost_the_same_whatever_they_hold(world, sign_in, django_assert_num_queries, count):
    films = [film_of(world.amina, world.here.group) for _ in range(count)]
    rows = [written(world.amina, films=films) for _ in range(count)]
    for _ in range(count):
        actions.attach(sheet=rows[0], file=sent(PDF), by=world.amina)
    client = sign_in(world.amina)
    for url, cost in ((path("sheet_list"), 6), (path("sheet_page", rows[0].pk), 8)):
        with django_assert_num_queries(cost):
            client.get(url)
