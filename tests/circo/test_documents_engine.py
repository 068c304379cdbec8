"""The engine of documents, with the real typst: what comes out is accessible, and shows what was typed, as typed."""

import os
import re
import signal
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from circo.documents import engine, rules
from circo.documents.letters import LegalBasis, Nature, Sender, recording_consent
from circo.documents.press import TOO_MUCH, Press, Untypeset
from circo.errors import Refusal
from tests.documents import elements, faults, opened, text_of

FORM = {
    "project": "Lire à deux voix",
    "purpose": "Montrer à des collègues comment les élèves s’entraînent : ce qu’ils se disent !",
    "filmed_by": "Amina Petit, professeure des écoles",
    "school": "École Jean-Moulin (Val-de-Reuil)",
    "class_name": "CE1",
    "place": "dans la classe",
    "dates": "les 12 et 19 janvier 2027",
    "audience": "les neuf enseignants du groupe « Lire en GS »",
    "kept_until": date(2028, 8, 31),
    "withdraw_to": "ce.0271300S@ecole.example",
    "withdraw_link": "https://partages.example/retrait/",
    "controller": "la directrice académique de l’Eure",
    "dpo": "dpd@academie.example",
    "reference": "C-2027-014",
    "return_to": "Amina Petit",
    "return_by": date(2027, 1, 8),
}
HOSTILE = [
    '#import "layout.typ": * #eval("1+1") #read("/etc/passwd") #sys.inputs',
    "*gras* _italique_ `code` $x^2$ <label> @ref = titre\n- liste\n+ liste\n/ terme: x\n// note /* */ \\ ~ --- ''",
    '"}, "title": "autre"] \\u0041 \\n {{ pk }} <b>html</b> &amp;',
    "N’Guessan-Œuvrard dit « l’Ⅻe » — ß ẞ ŵ ǫ Ğ ł ő ș Ý",
    "x" * 4000,
]
OTHER_SCRIPTS = ["שלום", "Здравствуйте", "Ελένη", "Nguyễn"]


def consent(**changed) -> bytes:
    return recording_consent(**FORM | changed)


@pytest.mark.parametrize(
    ("changed", "does"),
    [({}, "retire son accord"), ({"for_adult": True, "legal_basis": LegalBasis.PUBLIC_TASK}, "s’oppose")],
)
def test_a_document_is_accessible(changed, does):
    pdf = consent(**changed)
    assert faults(pdf) == []
    kinds = [kind for kind, _, _ in elements(pdf)]
    assert kinds.count("/H1") == 1
    assert "/Lbl" in kinds, "facts are read as a list of terms"
    pictures = [alt for kind, _, alt in elements(pdf) if kind == "/Figure"]
    assert pictures == ["Logo\u00a0: Les partages", f"Code graphique qui ouvre la page où l’on {does}"]


def test_the_eye_of_the_test_sees_what_is_missing():
    """The canary: without its tags, its language or its fonts, the same document is found faulty."""
    document = opened(consent())
    document.Root.MarkInfo.Marked = False
    del document.Root.Lang
    font = document.pages[0].Resources.Font
    del next(iter(font.values())).DescendantFonts[0].FontDescriptor["/FontFile3"]
    spoilt = BytesIO()
    document.save(spoilt)
    found = faults(spoilt.getvalue())
    assert found[:2] == ["no tags", "no language"]
    assert "is not embedded" in found[2]


def test_the_form_says_all_that_an_authorisation_must():
    text = text_of(consent(natures=tuple(Nature)))
    for must in (
        "Lire à deux voix",
        "Montrer à des collègues comment les élèves s’entraînent\u00a0: ce qu’ils se disent\u202f!",
        "L’image, la voix et les productions",
        "La classe de CE1, École Jean-Moulin (Val-de-Reuil)",
        "Amina Petit, professeure des écoles",
        "Dans la classe, les 12 et 19 janvier 2027",
        "Les neuf enseignants du groupe «\u00a0Lire en GS\u00a0»",
        "Rien n’est publié sur internet",
        "France",
        "Jusqu’au 31\u00a0août\u00a02028",
        "Gratuitement",
        "changer d’avis à tout moment, en prévenant ce.0271300S@ecole.example, ou par vous-même",
        "https://partages.example/retrait/",
        "la directrice académique de l’Eure",
        "dpd@academie.example",
        "RGPD, article 6, 1, a",
        "conservé comme preuve après le film, jusqu’au 30\u00a0août\u00a02033 au plus",
        "article 372-1",
        "Titulaire de l’autorité parentale 1",
        "Titulaire de l’autorité parentale 2",
        "Nom et prénom\u00a0:",
        "L’accord de l’enfant",
        "Je refuse",
        "Signature\u00a0:",
        "avant le 8\u00a0janvier\u00a02027",
        "C-2027-014",
    ):
        assert must in text, must
    assert len(opened(consent()).pages) == 2


def test_an_adult_signs_alone_and_no_child_is_named():
    text = text_of(consent(for_adult=True, adult="Karim Benali", quality="AESH"))
    assert "Karim Benali, AESH" in text
    assert text.count("Signature\u00a0:") == 1
    assert "enfant" not in text


@pytest.mark.parametrize("whom", [{"pupil": "A. B."}, {"for_adult": True, "adult": "A. B."}])
def test_under_a_public_task_one_page_informs_and_nobody_signs(whom):
    pdf = consent(legal_basis=LegalBasis.PUBLIC_TASK, decision="D-12 (Une déléguée)", **whom)
    text = text_of(pdf)
    for must in (
        "A. B.",
        "Lire à deux voix",
        "Les neuf enseignants du groupe",
        "Jusqu’au 31\u00a0août\u00a02028",
        "rien à signer",
        "vous opposer à tout moment, en prévenant ce.0271300S@ecole.example, ou par vous-même",
        "https://partages.example/retrait/",
        "RGPD, article 6, 1, e), par décision D-12 (Une déléguée)",
        "article 21",
        "CNIL",
        "C-2027-014",
    ):
        assert must in text, must
    assert not any(word in text for word in ("Signature", "J’autorise", "article 6, 1, a", "Merci de rendre"))
    assert len(opened(pdf).pages) == 1


def test_as_many_holders_sign_as_there_are():
    one = text_of(consent(holders=("Nadia Lopez",)))
    assert one.count("Titulaire de l’autorité parentale") == 1
    assert "Nadia Lopez" in one
    assert "Une seule personne" not in one
    assert text_of(consent(holders=("", "", ""))).count("Signature\u00a0:") == 4  # and the child


@pytest.mark.parametrize("text", HOSTILE)
def test_what_was_typed_comes_out_as_typed(text):
    pdf = consent(purpose=text)
    squeezed = re.sub(r"\s", "", rules.readable(text))
    assert squeezed[1:] in re.sub(r"\s", "", text_of(pdf))  # the first letter becomes a capital
    assert faults(pdf) == []


@pytest.mark.parametrize("name", OTHER_SCRIPTS)
def test_a_name_of_another_script_is_kept(name):
    text = text_of(consent(audience=f"La famille {name}"))
    assert name in text or name[::-1] in text  # what is read from right to left is drawn in that order


def test_what_no_font_draws_leaves_a_mark_and_nothing_else_is_lost():
    text = text_of(
        consent(project="Chine 漢字, fête 😀, nul \x00, fin", audience="".join(map(chr, range(0x4E00, 0x4F00))))
    )
    assert "Chine \ufffd\ufffd, fête \ufffd, nul \ufffd, fin" in text
    assert "l’image et la voix de l’enfant" in text


def test_a_very_long_document_is_bounded():
    started = time.monotonic()
    pdf = consent(purpose="\n".join(f"ligne {number}" for number in range(10_000)))
    assert time.monotonic() - started < engine.SECONDS_MAX
    assert "ligne 9999" in text_of(pdf)
    with pytest.raises(Refusal, match="trop de texte"):
        consent(purpose="x" * rules.CHARACTERS_MAX)


def test_a_text_that_fells_typst_is_refused_and_the_next_document_is_made():
    """Some thousands of combining marks on one letter make it ask for gigabytes, and abort."""
    with pytest.raises(Refusal, match="ne peut pas être mis en page"):
        consent(purpose="a" + "\u0301" * 20_000)
    assert faults(consent()) == []


def slow_press(tmp_path, source: str) -> Press:
    (tmp_path / "main.typ").write_text('#set document(title: "x")\n= Titre\n' + source)
    return Press(tmp_path)


def test_a_document_that_takes_too_long_is_given_up(tmp_path):
    press = slow_press(
        tmp_path, '#if sys.inputs.slow == "yes" { for i in range(100000) { for j in range(100000) {} } }'
    )
    started = time.monotonic()
    with pytest.raises(Refusal) as refused:
        press.typeset({"slow": "yes"}, seconds=2)
    assert (str(refused.value), time.monotonic() - started < 10) == (TOO_MUCH, True)
    assert press.typeset({"slow": "no"}, seconds=20).startswith(b"%PDF")
    press.stop()


def test_a_press_that_died_of_old_age_is_started_anew(tmp_path):
    press = slow_press(tmp_path, "")
    for _ in range(2):
        assert press.typeset({}, seconds=20).startswith(b"%PDF")
        child = press._child
        os.kill(child.pid, signal.SIGKILL)  # as the kernel does when the thread that started it ends
    press.stop()
    press.stop()
    assert child.poll() is not None


def test_what_a_press_prints_is_kept_from_the_network_and_the_files(tmp_path):
    (tmp_path / "main.typ").write_text('#import "@preview/cetz:0.3.0"')
    press = Press(tmp_path)
    with pytest.raises(Untypeset):
        press.typeset({}, seconds=20)
    environment = Path(f"/proc/{press._child.pid}/environ").read_bytes()
    assert b"SECRET_KEY" not in environment
    press.stop()


def test_two_documents_at_once_do_not_mix():
    def names(number):
        return f"Projet {number} {number}"

    with ThreadPoolExecutor(4) as pool:
        made = list(pool.map(lambda number: consent(project=names(number)), range(12)))
    assert all(names(number) in text_of(pdf) for number, pdf in enumerate(made))


def test_templates_ask_nothing_from_outside():
    files = sorted(engine.FOLDER.glob("*.typ"))
    assert len(files) >= 2
    for file in files:
        source = file.read_text()
        assert not re.search(r"@\w+/|\beval\(|\bread\(|\bplugin\(|\.\./", source), file.name
        assert not re.search(r" [;:»]| [!?](?!=)|« ", source), f"{file.name}: a plain space where French wants none"


def test_a_template_reaches_no_file_of_the_machine(tmp_path, monkeypatch):
    folder = tmp_path / "templates"
    folder.mkdir()
    (tmp_path / "secret.txt").write_text("secret")
    (folder / "main.typ").write_text((engine.FOLDER / "main.typ").read_text())
    (folder / "layout.typ").write_text((engine.FOLDER / "layout.typ").read_text())
    page = '#let show-letter(data) = [= #read("{}")]'
    monkeypatch.setattr(engine, "FOLDER", folder)
    for number, path in enumerate(("/../secret.txt", "../secret.txt", f"/../..{tmp_path}/secret.txt", "/dev/null")):
        (folder / f"outside{number}.typ").write_text(page.format(path))
        with pytest.raises(Untypeset, match=r"root|not found"):
            engine.render(f"outside{number}", {"title": "x"})
    (folder / "secret.txt").write_text("inside")  # the canary: the same page reads what lies inside
    (folder / "inside.typ").write_text(page.format("secret.txt"))
    assert "inside" in text_of(engine.render("inside", {"title": "x"}))


def test_the_paper_of_the_house_comes_from_the_settings(settings, tmp_path):
    picture = tmp_path / "logo.png"
    Image.new("RGB", (60, 30), "navy").save(picture)
    settings.LETTER = settings.LETTER | {
        "authority": "DSDEN #eval(1) de l’Eure",
        "subline": "Circonscription : Val-de-Reuil",
        "address": "24 boulevard Chauvin\\n27000 Évreux",
        "logo": str(picture),
        "logo_alt": "Logo de la circonscription",
    }
    pdf = consent()
    text = text_of(pdf)
    assert "DSDEN #eval(1) de l’Eure" in text
    assert "Circonscription\u00a0: Val-de-Reuil" in text
    assert "24 boulevard Chauvin · 27000 Évreux" in text
    assert ("/Figure", "", "Logo de la circonscription") in elements(pdf)
    assert b"/Subtype/Image" in pdf
    settings.LETTER = settings.LETTER | {"logo": ""}
    assert "/Figure" not in [kind for kind, _, _ in elements(consent(withdraw_link=""))]


def test_a_sender_of_its_own_takes_the_place_of_the_settings():
    text = text_of(consent(sender=Sender(authority="Circonscription de Louviers")))
    assert text.startswith("Circonscription de Louviers")
