"""The record of a film, from the teacher's side: prepare, list, collect, hear a refusal, show, take away."""

from __future__ import annotations

import re
from datetime import timedelta
from io import BytesIO

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from circo.documents import rules as documents
from circo.errors import Refusal
from circo.models import LetterBatch, Notice, Person
from networks.models import Membership
from tests.documents import text_of
from tests.videos.films import film_of
from tests.videos.records import adult, project_of, pupil, record_of
from videos import actions, paths, queries
from videos.consents import rules
from videos.consents.rules import Answer, Audience
from videos.forms.consents import AgreementForm
from videos.models import Absence, Agreement, CaptionTrack, DpoDecision, Film, Recorded, RecordingProject, Scan

DAY = timedelta(days=1)
PDF = b"%PDF-1.7\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"


def photo(kind: str = "JPEG", size=(60, 40)) -> bytes:
    file = BytesIO()
    exif = Image.Exif()
    exif[0x010F] = "Marque secrète"
    Image.new("RGB", size, "white").save(file, kind, exif=exif)
    return file.getvalue()


def _size(content: bytes) -> int:
    with Image.open(BytesIO(content)) as image:
        return max(image.size)


def paper(content: bytes = PDF, name: str = "../../scan de Léo.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, content_type="text/html")


def page_of(project: RecordingProject, *, name: str = "project_page") -> str:
    return reverse(f"videos:{name}", args=[project.pk])


def typed(world, **changes) -> dict:
    today = timezone.localdate()
    return {
        "title": "Problèmes à deux",
        "purpose": "Étudier comment des élèves cherchent ensemble.",
        "natures": ["image", "voice"],
        "place": "classe de CE1",
        "recorded_from": today.isoformat(),
        "recorded_until": "",
        "group": world.here.group.pk,
        "audience": int(Audience.NETWORK),
        "ends_on": (today + 100 * DAY).isoformat(),
    } | changes


def test_a_whole_record_in_the_teachers_own_acts(world, sign_in):
    """From nothing to a film shown to the group, by the pages alone; each step alone does not show it."""
    film = film_of(world.amina, world.here.group, project=None)
    client = sign_in(world.amina)
    sees = lambda: Film.objects.visible_to(Person.objects.get(pk=world.bruno.pk)).exists()  # noqa: E731

    answer = client.post(reverse("videos:project_create"), typed(world))
    project = RecordingProject.objects.get()
    assert answer.headers["Location"] == page_of(project)
    assert (project.author, project.recorded_until, project.audience) == (world.amina, project.recorded_from, 20)
    client.post(page_of(project, name="pupils_add"), {"pupils": "a.b, C. D\nE F G", "holders": 2})
    client.post(page_of(project, name="adults_add"), {"adults": "Noé Martin\n"})
    assert [one.label for one in project.people.all()] == ["Noé Martin", "A. B.", "C. D.", "E. F. G."]
    client.post(reverse("videos:film_protect", args=[film.pk]), {"project": project.pk, "audience": 10})
    assert not sees()
    client.post(page_of(project, name="project_declare"))
    for one in project.people.all():
        assert not sees()
        signers = [given.number for given in one.agreements.all()]
        data = {"signers": signers, "signed_on": timezone.localdate().isoformat(), "file": paper(), "assented": "on"}
        done = client.post(reverse("videos:recorded_agree", args=[project.pk, one.pk]), data)
        assert done.headers.get("Location") == page_of(project), done.content
        assert f"{one.label}.." not in (noted := client.get(page_of(project)).content.decode())
        assert f"{one.label}\u00a0: l’accord est noté." in noted
    assert sees()
    told = Notice.objects.get(kind=queries.FILM_READY)
    assert told.person == world.bruno
    assert "dossier complet" in client.get(page_of(project)).content.decode()
    assert Agreement.history.count() == 14, "who wrote which answer, and when, is kept"


def test_each_page_says_what_is_missing(world, sign_in):
    project = project_of(world.amina, world.here.group, declared_at=None)
    one = pupil(project, "C. D.", Answer.AGREED, Answer.PENDING)
    film = film_of(world.amina, world.here.group, project=project)
    client = sign_in(world.amina)
    page = client.get(reverse("videos:film_page", args=[film.pk])).content.decode()
    assert "Personne d’autre que vous ne voit ce film" in page
    assert "Il manque l’accord de C. D." in page
    shown = client.get(reverse("videos:film_protection", args=[film.pk])).content.decode()
    assert "Aujourd’hui, personne d’autre que vous." in shown
    assert "Bruno Petit" in shown, "who will see it is named beforehand"
    assert "Chloé" not in shown
    assert "1 accord sur 2" in client.get(page_of(project)).content.decode()
    assert client.get(reverse("videos:recorded_page", args=[project.pk, one.pk])).status_code == 200


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"title": ""}, "Donnez un nom"),
        ({"natures": []}, "enregistré"),
        ({"recorded_until": "2020-01-01"}, "vient après"),
        ({"ends_on": "2031-01-01"}, "31\u00a0août"),
        ({"ends_on": "demain"}, "Écrivez un jour"),
        ({"audience": "0"}, "cercles"),
        ({"audience": "x"}, "cercles"),
    ],
)
def test_project_that_says_too_little_or_too_much_is_refused_and_nothing_is_lost(world, sign_in, changes, words):
    answer = sign_in(world.amina).post(reverse("videos:project_create"), typed(world, **changes))
    assert answer.status_code == 422
    body = answer.content.decode()
    assert words in body
    assert "Étudier comment" in body
    assert not RecordingProject.objects.exists()


def test_project_is_for_a_group_of_ones_own(world, sign_in):
    answer = sign_in(world.amina).post(reverse("videos:project_create"), typed(world, group=world.there.group.pk))
    assert answer.status_code == 422
    own = project_of(world.amina, world.here.group)
    with pytest.raises(Refusal):
        actions.change_project(project=own, values={"group": world.there.group}, by=world.amina)


def test_words_that_families_answered_to_do_not_change(world, sign_in):
    project = record_of(world.amina, world.here.group)
    client, url = sign_in(world.amina), page_of(project, name="project_update")
    same = {
        "title": project.title,
        "purpose": project.purpose,
        "place": project.place,
        "audience": int(project.audience),
        "ends_on": project.ends_on.isoformat(),
    }
    for wider in ({"purpose": "Faire la publicité de l’école."}, {"ends_on": (project.ends_on + DAY).isoformat()}):
        assert client.post(url, typed(world, **same | wider)).status_code == 422
    narrower = {"audience": int(Audience.GROUP), "ends_on": (project.ends_on - DAY).isoformat(), "title": "Autre nom"}
    assert client.post(url, typed(world, **same | narrower)).status_code == 302
    project.refresh_from_db()
    assert (project.audience, project.title) == (Audience.GROUP, "Autre nom")


@pytest.mark.parametrize("text", ["Léo", "Léo B.", "A", "A.B.C.D", "12", "<b>", "A. B. 10", "A. B.; Léo"])
def test_a_pupil_is_never_named(world, sign_in, text):
    project = project_of(world.amina, world.here.group)
    url = page_of(project, name="pupils_add")
    answer = sign_in(world.amina).post(url, {"pupils": text, "holders": 2})
    assert answer.status_code == 422
    assert "initiales" in answer.content.decode()
    if text.isalpha():
        assert f"À revoir\u00a0: «\u00a0{text}\u00a0»." in answer.content.decode(), "which one, among a class"
    with pytest.raises(Refusal):
        actions.add_pupils(project=project, labels=[text], holders=2, by=world.amina)
    with pytest.raises(IntegrityError), transaction.atomic():
        Recorded.objects.create(project=project, pupil=True, label=text)
    assert not Recorded.objects.exists()


def test_database_refuses_an_agreement_without_its_paper(world):
    one = pupil(project_of(world.amina, world.here.group), "A. B.", Answer.PENDING)
    with pytest.raises(IntegrityError), transaction.atomic():
        Agreement.objects.filter(recorded=one).update(answer=Answer.AGREED, signed_on=timezone.localdate())


def agree(recorded: Recorded, by: Person, **changes):
    given = {"numbers": [1, 2], "signed_on": timezone.localdate(), "file": paper(), "assented": True} | changes
    return actions.agree(recorded=recorded, by=by, **given)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"file": None}, "Joignez"),
        ({"numbers": []}, "qui a signé"),
        ({"numbers": [9]}, "qui a signé"),
        ({"signed_on": timezone.localdate() + DAY}, "pas encore passée"),
        ({"file": paper(b"<script>alert(1)</script>")}, "ni un PDF"),
        ({"file": paper(b"%PDF-1.7 cut")}, "ni un PDF"),
        ({"file": paper(b"\x89PNG\r\n\x1a\n" + b"0" * 40)}, "ni un PDF"),
        ({"file": paper(b"")}, "pèse"),
    ],
)
def test_agreement_without_proof_is_refused(world, changes, words):
    project = project_of(world.amina, world.here.group)
    one = Recorded.objects.create(project=project, pupil=True, label="A. B.")
    Agreement.objects.create(recorded=one)
    with pytest.raises(Refusal, match=words):
        agree(one, world.amina, **changes)
    assert not Agreement.objects.exclude(answer=Answer.PENDING).exists()
    assert not Scan.objects.exists()


def test_only_the_author_of_a_project_writes_in_it(world):
    project = project_of(world.amina, world.here.group, declared_at=None)
    one = pupil(project, "A. B.", Answer.PENDING)
    film = film_of(world.amina, world.here.group, project=project)
    acts = [
        lambda by: agree(one, by),
        lambda by: actions.decline(agreement=one.agreements.get(), by=by),
        lambda by: actions.declare_whole(project=project, by=by),
        lambda by: actions.inform(project=project, on=timezone.localdate(), by=by),
        lambda by: actions.change_project(project=project, values={}, by=by),
        lambda by: actions.add_pupils(project=project, labels=["C. D."], holders=2, by=by),
        lambda by: actions.add_adults(project=project, names=["Noé"], by=by),
        lambda by: actions.remove_recorded(recorded=one, by=by),
        lambda by: actions.delete_project(project=project, by=by),
        lambda by: actions.share(film=film, project=project, audience=Audience.GROUP, by=by),
        lambda by: actions.mark_absent(film=film, recorded=one, by=by),
        lambda by: actions.unmark_absent(film=film, recorded=one, by=by),
    ]
    for act in acts:
        for stranger in (world.bruno, world.inspector, world.superuser):
            with pytest.raises(Refusal):
                act(stranger)
    assert not Film.objects.visible_to(world.bruno).exists()


def test_papers_are_made_again_and_open_for_the_teacher_alone(world, sign_in):
    project = project_of(world.amina, world.here.group)
    one = pupil(project, "A. B.", Answer.PENDING)
    agree(one, world.amina, numbers=[1], file=paper(photo(), "x.html"))
    agree(one, world.amina, numbers=[1], file=paper(photo("PNG", (5000, 20))))
    agree(one, world.amina, numbers=[1], file=paper())
    kept = {scan.kind: scan for scan in one.scans.exclude(size_bytes=1)}
    assert set(kept) == {"pdf", "jpg"}
    for scan in one.scans.exclude(size_bytes=1):
        with default_storage.open(paths.scan_key(project.pk, scan.pk, scan.kind)) as file:
            content = file.read()
        assert len(content) == scan.size_bytes
        assert b"Marque" not in content
        assert scan.kind == "pdf" or _size(content) <= 2400
        url = reverse("videos:scan", args=[scan.pk])
        answer = sign_in(world.amina).get(url)
        assert (answer.status_code, answer.content) == (200, content)
        assert answer.headers["Content-Disposition"].startswith("attachment")
        assert "sandbox" in answer.headers["Content-Security-Policy"]
        assert "Léo" not in answer.headers["Content-Disposition"]
        for stranger in (world.bruno, world.inspector, world.superuser, world.denis):
            assert sign_in(stranger).get(url).status_code == 404


def test_paper_is_not_photographed_again_after_an_error(world, sign_in):
    project = project_of(world.amina, world.here.group)
    one = pupil(project, "A. B.", Answer.PENDING, Answer.PENDING)
    one.scans.all().delete()
    url, client = reverse("videos:recorded_agree", args=[project.pk, one.pk]), sign_in(world.amina)
    typed = {"signers": ["1", "2"], "assented": "on", "signed_on": ""}
    answer = client.post(url, typed | {"file": SimpleUploadedFile("f.jpg", photo())})
    assert answer.status_code == 422
    assert "inutile de le joindre de nouveau" in answer.content.decode()
    assert one.scans.count() == 1
    assert client.post(url, typed | {"signed_on": timezone.localdate().isoformat()}).status_code == 302
    assert one.agreements.filter(answer=Answer.AGREED, scan=one.scans.get()).count() == 2
    answer = client.post(url, typed | {"file": SimpleUploadedFile("f.jpg", b"rien de lisible")})
    assert answer.status_code == 422
    assert "inutile" not in answer.content.decode()


def test_one_paper_may_hold_both_signatures_but_not_a_change_of_mind(world):
    project = project_of(world.amina, world.here.group)
    one = pupil(project, "A. B.", Answer.PENDING, Answer.PENDING)
    one.scans.all().delete()
    agree(one, world.amina, numbers=[1])
    agree(one, world.amina, numbers=[2], file=None)
    assert one.scans.count() == 1
    actions.decline(agreement=one.agreements.get(number=1), by=world.amina)
    with pytest.raises(Refusal, match="Joignez"):
        agree(one, world.amina, numbers=[1], file=None)
    with pytest.raises(Refusal, match="dit non depuis"):
        agree(one, world.amina, numbers=[1], signed_on=timezone.localdate() - DAY)
    agree(one, world.amina, numbers=[1])
    assert set(one.agreements.values_list("answer", flat=True)) == {Answer.AGREED}


def test_a_sole_holder_signs_alone_when_the_paper_says_so(world):
    project = project_of(world.amina, world.here.group)
    film_of(world.amina, world.here.group, project=project)
    one = pupil(project, "A. B.", Answer.PENDING, Answer.PENDING)
    agree(one, world.amina, numbers=[2])
    assert not Film.objects.visible_to(world.bruno).exists()
    agree(one, world.amina, numbers=[2], sole_holder=True)
    assert Film.objects.visible_to(world.bruno).exists()


def test_the_link_on_the_paper_stays_good_whoever_signs_alone(world, client):
    """Both holders hold the same paper: the link that it bears is that of the first of them."""
    project = project_of(world.amina, world.here.group)
    film_of(world.amina, world.here.group, project=project)
    one = pupil(project, "A. B.", Answer.PENDING, Answer.PENDING)
    printed = link_of(one)
    agree(one, world.amina, numbers=[2], sole_holder=True)
    assert link_of(one) == printed
    assert Film.objects.visible_to(world.bruno).exists()
    assert client.post(f"{printed}confirmer/").status_code == 302
    assert not Film.objects.visible_to(world.bruno).exists()


# --- Taking away -----------------------------------------------------------------------------------------------------
def link_of(recorded: Recorded) -> str:
    return reverse("videos:withdrawal", args=[recorded.agreements.first().key])


@pytest.fixture
def shown(world):
    """A film that Bruno is watching."""
    film = film_of(world.amina, world.here.group)
    actions.consents.announce_films(film.project)
    return film


def watched(client: Client, film: Film) -> set[int]:
    """What each address of a film answers: its page, poster, playlist and segments."""
    names = sorted(default_storage.listdir(paths.output_key(film.pk, film.output))[1])
    assert len(names) > 2
    media = [reverse("videos:film_media", args=[film.pk, name]) for name in names]
    answers = [client.get(url) for url in [reverse("videos:film_page", args=[film.pk]), *media]]
    return {answer.status_code for answer in answers}


@pytest.mark.parametrize(
    "less",
    [
        lambda film, by: actions.add_pupils(project=film.project, labels=["C. D."], holders=2, by=by),
        lambda film, by: actions.add_adults(project=film.project, names=["Lou Petit"], by=by),
        lambda film, by: actions.change_project(project=film.project, values={"audience": Audience.GROUP}, by=by),
    ],
)
def test_whatever_hides_a_film_takes_back_the_notices_that_name_it(world, shown, less):
    Film.objects.filter(pk=shown.pk).update(audience=Audience.NETWORK)
    assert Notice.objects.filter(person=world.bruno).exists()
    less(shown, world.amina)
    assert not Film.objects.visible_to(world.bruno).exists()
    assert not Notice.objects.filter(person=world.bruno).exists()


def test_a_person_taken_off_the_list_takes_the_notices_back(world):
    project = record_of(world.amina, world.here.group)
    mistake = pupil(project, "X. Y.", Answer.PENDING)
    film = film_of(world.amina, world.here.group)
    actions.mark_absent(film=film, recorded=mistake, by=world.amina)
    assert Notice.objects.filter(person=world.bruno).exists()
    actions.remove_recorded(recorded=mistake, by=world.amina)
    assert not Notice.objects.filter(person=world.bruno).exists(), "the list must be declared again"


def test_a_narrower_circle_takes_back_the_notices_of_those_left_outside(world):
    film = film_of(world.amina, world.here.group, audience=Audience.NETWORK)
    actions.consents.announce_films(film.project)
    told = Notice.objects.filter(kind=queries.FILM_READY).order_by().values_list("person", flat=True)
    assert {world.bruno.pk, world.chloe.pk} <= set(told)
    actions.share(film=film, project=film.project, audience=Audience.GROUP, by=world.amina)
    assert world.bruno.pk in set(told.all())
    assert world.chloe.pk not in set(told.all())


def test_nobody_is_said_to_have_signed_before_the_paper_is_read(world, sign_in):
    one = pupil(project_of(world.amina, world.here.group), "C. D.", Answer.AGREED, Answer.PENDING)
    client = sign_in(world.amina)
    url = reverse("videos:recorded_page", args=[one.project_id, one.pk])
    boxes = re.findall(r'<input[^>]*name="signers"[^>]*>', client.get(url).content.decode())
    assert len(boxes) == 2
    assert not [box for box in boxes if "checked" in box]
    typed = {"signed_on": timezone.localdate().isoformat(), "file": paper(), "assented": "on"}
    refused = client.post(reverse("videos:recorded_agree", args=[one.project_id, one.pk]), typed)
    assert "Dites qui a signé." in refused.content.decode()
    assert one.agreements.filter(answer=Answer.PENDING).count() == 1


def test_a_family_takes_everything_away_with_the_link_of_its_form(world, shown):
    bruno, family = Client(), Client(enforce_csrf_checks=False)
    bruno.force_login(world.bruno)
    assert watched(bruno, shown) == {200}
    assert Notice.objects.filter(person=world.bruno).exists()
    one = Recorded.objects.get(pupil=True)

    page = family.get(link_of(one))
    assert page.status_code == 200
    body = page.content.decode()
    assert "A. B." in body
    assert f"préparé par {world.amina}" in body, "whom to ask"
    assert shown.project.title in body
    assert shown.title not in body, "the title of a film is the teacher's"
    assert "A. B.." not in body, "initials have their full stop"
    assert watched(bruno, shown) == {200}, "reading takes nothing away"
    done = family.post(reverse("videos:withdrawal_confirm", args=[one.agreements.first().key]), follow=True)
    said = done.content.decode()
    assert "C’est noté : l’accord est retiré" in said
    assert f"sauf à {world.amina}, qui a filmé" in said
    assert "<button" not in said.split("<main", 1)[1].split("</main>", 1)[0], "nothing is left to do"

    assert watched(bruno, shown) == {404}, "the next segment too"
    assert "Une dictée négociée" not in bruno.get(reverse("videos:film_list")).content.decode()
    assert not Notice.objects.filter(person=world.bruno).exists(), "what named the film is taken back"
    told = Notice.objects.get(person=world.amina)
    assert told.kind == queries.CONSENT_WITHDRAWN
    assert "A. B." not in told.title, "what leaves by e-mail names no pupil"
    assert "A. B." in told.text
    assert "A. B.." not in told.text
    family.post(reverse("videos:withdrawal_confirm", args=[one.agreements.first().key]))
    assert Notice.objects.filter(person=world.amina).count() == 1, "said twice is said once"
    amina = Client()
    amina.force_login(world.amina)
    assert watched(amina, shown) == {200}, "the author may still blur or delete it"


def test_canary_a_withdrawal_that_nobody_reads_would_leave_the_film(world, shown, monkeypatch):
    monkeypatch.setattr(actions.consents, "_decline", lambda answers, by: False)
    bruno = Client()
    bruno.force_login(world.bruno)
    Client().post(reverse("videos:withdrawal_confirm", args=[Agreement.objects.first().key]))
    assert watched(bruno, shown) == {200}


@pytest.mark.parametrize("key", ["x" * 27, "a", "A" * 200, "%00", "1"])
def test_link_of_nobody_opens_nothing(world, shown, key):
    client = Client()
    for name in ("withdrawal", "withdrawal_confirm"):
        url = reverse(f"videos:{name}", args=[key])
        answer = (client.get if name == "withdrawal" else client.post)(url)
        assert answer.status_code == 404
        assert "adressez-vous à l’école" in answer.content.decode()


def test_link_copied_from_paper_in_capitals_works(world, shown):
    key = Agreement.objects.first().key
    assert len(key) == 27
    assert Client().get(reverse("videos:withdrawal", args=[key.upper()])).status_code == 200


def test_teacher_notes_a_refusal_and_a_change_of_mind(world, shown, sign_in):
    one = Recorded.objects.get(pupil=True)
    agreement = one.agreements.get(number=2)
    client = sign_in(world.amina)
    client.post(reverse("videos:recorded_decline", args=[shown.project_id, one.pk, agreement.pk]))
    agreement.refresh_from_db()
    assert (agreement.answer, agreement.answered_by) == (Answer.WITHDRAWN, world.amina)
    assert not Film.objects.visible_to(world.bruno).exists()
    body = client.get(reverse("videos:recorded_page", args=[shown.project_id, one.pk])).content.decode()
    assert "accord retiré" in body
    actions.mark_absent(film=shown, recorded=one, by=world.amina)
    assert Film.objects.visible_to(world.bruno).exists()
    assert Notice.objects.filter(person=world.bruno, kind=queries.FILM_READY).count() == 1
    actions.unmark_absent(film=shown, recorded=one, by=world.amina)
    assert not Film.objects.visible_to(world.bruno).exists()


def test_after_a_change_of_mind_nothing_is_ticked_before_the_new_paper_is_read(world, shown):
    one = Recorded.objects.get(pupil=True)
    assert AgreementForm(recorded=one)["assented"].value()
    actions.decline_by_link(key=one.agreements.first().key)
    assert not AgreementForm(recorded=Recorded.objects.get(pk=one.pk))["assented"].value()


def test_answer_is_never_lost_and_the_list_is_declared_again(world):
    project = record_of(world.amina, world.here.group)
    with pytest.raises(Refusal, match="reste dans la liste"):
        actions.remove_recorded(recorded=project.people.first(), by=world.amina)
    (mistake,) = actions.add_pupils(project=project, labels=["X. Y."], holders=1, by=world.amina)
    actions.remove_recorded(recorded=mistake, by=world.amina)
    project.refresh_from_db()
    assert project.declared_at is None
    with pytest.raises(Refusal, match="déjà dans la liste"):
        actions.add_pupils(project=project, labels=["A. B."], holders=1, by=world.amina)


@pytest.mark.parametrize("audience", list(Audience))
def test_wider_than_agreed_is_refused(world, audience):
    project = project_of(world.amina, world.here.group, audience=Audience.NETWORK)
    film = film_of(world.amina, world.here.group, project=None)
    CaptionTrack.objects.create(film=film, rows=[[0, 900, "Oui"]], text="Oui", shown_at=timezone.now())
    if audience <= Audience.NETWORK:
        assert actions.share(film=film, project=project, audience=audience, by=world.amina).audience == audience
        return
    with pytest.raises(Refusal, match="pas au-delà"):
        actions.share(film=film, project=project, audience=audience, by=world.amina)


def test_another_project_forgets_who_was_absent(world, shown):
    one = Recorded.objects.get(pupil=True)
    actions.mark_absent(film=shown, recorded=one, by=world.amina)
    other = project_of(world.amina, world.here.group)
    actions.share(film=shown, project=other, audience=Audience.GROUP, by=world.amina)
    assert not Absence.objects.exists()
    actions.share(film=shown, project=None, audience=Audience.GROUP, by=world.amina)
    assert not Film.objects.visible_to(world.bruno).exists()


def test_circle_is_told_once_and_only_of_what_it_sees(world):
    project = project_of(world.amina, world.here.group, declared_at=None)
    film_of(world.amina, world.here.group, project=project)
    actions.declare_whole(project=project, by=world.amina)
    actions.declare_whole(project=project, by=world.amina)
    assert [notice.person for notice in Notice.objects.all()] == [world.bruno]


def test_project_without_films_is_deleted_with_its_papers(world, shown):
    with pytest.raises(Refusal, match="supprimez d’abord"):
        actions.delete_project(project=shown.project, by=world.amina)
    project = project_of(world.amina, world.here.group)
    one = pupil(project, "A. B.", Answer.PENDING)
    agree(one, world.amina, numbers=[1])
    with transaction.atomic():
        actions.delete_project(project=project, by=world.amina)
    assert not RecordingProject.objects.filter(pk=project.pk).exists()


def test_former_teacher_still_hears_families(world, sign_in):
    project = project_of(world.former, world.here.group)
    one = adult(project)
    client = sign_in(world.former)
    assert client.get(page_of(project)).status_code == 200
    agreement = one.agreements.get()
    assert client.post(reverse("videos:recorded_decline", args=[project.pk, one.pk, agreement.pk])).status_code == 302


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize("name", ["project_list", "project_page", "recorded_page", "film_protection"])
def test_cost_does_not_grow(world, sign_in, django_assert_num_queries, count, name):
    for number in range(count):
        project = project_of(world.amina, world.here.group, title=f"Projet {number}")
        for label in range(1, count + 1):
            pupil(project, f"A. B. {label}")
            adult(project, f"Adulte {label}")
        films = [film_of(world.amina, world.here.group, project=project) for _ in range(count)]
    Membership.objects.bulk_create(
        Membership(person=who, group=world.here.group, school_year=world.year)
        for who in [world.teacher, world.trainer, world.chloe][:count]
    )
    args = {
        "project_list": [],
        "project_page": [project.pk],
        "recorded_page": [project.pk, project.people.first().pk],
    }.get(name, [films[0].pk])
    client, url = sign_in(world.amina), reverse(f"videos:{name}", args=args)
    client.get(url)
    costs = {"project_list": 5, "project_page": 8, "recorded_page": 7, "film_protection": 12}
    with django_assert_num_queries(costs[name]):
        assert client.get(url).status_code == 200
    with django_assert_num_queries(4):  # what the page of a film asks for its protection
        queries.protection(films[0], world.amina)


def test_key_of_a_link_is_long_enough():
    assert len({rules.new_key() for _ in range(1000)}) == 1000
    assert len(rules.KEY_LETTERS) ** rules.KEY_LENGTH > 2**128


def test_forms_of_a_class_are_printed_in_one_go_for_those_who_have_not_agreed(world, sign_in):
    project = project_of(world.amina, world.here.group)
    pupil(project, "A. B.")
    waited = [pupil(project, label, Answer.PENDING, Answer.PENDING) for label in ("C. D.", "E. F.")]
    answer = sign_in(world.amina).post(page_of(project, name="project_forms"))
    batch = LetterBatch.objects.get()
    assert answer.headers["Location"] == reverse("documents:batch_page", args=[batch.pk])
    assert [row["data"]["pupil"] for row in batch.letters] == ["C. D.", "E. F."]
    links = [row["data"]["withdraw_link"] for row in batch.letters]
    assert [link.endswith(link_of(one)) for link, one in zip(links, waited, strict=True)] == [True, True]
    assert project.title not in batch.title
    told = {(row["data"]["legal_basis"], row["data"]["class_name"], row["data"]["return_to"]) for row in batch.letters}
    assert told == {("consent", "CE1", str(world.amina))}
    assert batch.letters[0]["data"]["return_by"] is None  # filmed today: too late to ask for a day
    type(project).objects.update(recorded_from=timezone.localdate() + DAY, recorded_until=timezone.localdate() + DAY)
    sign_in(world.amina).post(page_of(project, name="project_forms"))
    later = LetterBatch.objects.exclude(pk=batch.pk).get()
    assert later.letters[0]["data"]["return_by"] == documents.day(timezone.localdate() + DAY)
    empty = project_of(world.amina, world.here.group)
    assert sign_in(world.amina).post(page_of(empty, name="project_forms")).headers["Location"] == page_of(empty)


def test_under_a_public_task_families_are_informed_and_object_without_a_paper(world, sign_in):
    decision = DpoDecision.objects.create(
        departement=world.here.departement,
        kind=DpoDecision.Kind.PUBLIC_TASK,
        reference="D1",
        officer="Une déléguée",
        starts_on=timezone.localdate(),
    )
    client = sign_in(world.amina)
    client.post(reverse("videos:project_create"), typed(world, decision=decision.pk))
    project = RecordingProject.objects.get()
    actions.add_pupils(project=project, labels=["A. B."], holders=2, by=world.amina)
    actions.declare_whole(project=project, by=world.amina)
    film_of(world.amina, world.here.group, project=project)
    assert not Film.objects.visible_to(world.bruno).exists()
    tomorrow = (timezone.localdate() + DAY).isoformat()
    assert client.post(page_of(project, name="project_inform"), {"on": tomorrow}).status_code == 422
    client.post(page_of(project, name="project_inform"), {"on": timezone.localdate().isoformat()})
    assert Film.objects.visible_to(world.bruno).exists()
    one = project.people.get()
    page = client.get(reverse("videos:recorded_page", args=[project.pk, one.pk])).content.decode()
    assert "Noter un accord signé" not in page
    assert "Une déléguée" in client.get(page_of(project)).content.decode()
    client.post(page_of(project, name="project_forms"))
    batch = LetterBatch.objects.get()
    assert batch.title == "Information des familles"
    assert [(row["data"]["legal_basis"], row["data"]["decision"]) for row in batch.letters] == [
        ("public_task", "D1 (Une déléguée)")
    ]
    paper = client.get(reverse("videos:recorded_form", args=[project.pk, one.pk]))
    assert "information.pdf" in paper.headers["Content-Disposition"]
    assert "rien à signer" in text_of(paper.content)
    yesterday = timezone.localdate() - DAY
    DpoDecision.objects.update(starts_on=yesterday, ends_on=yesterday)  # it is over: families sign again
    paper = client.get(reverse("videos:recorded_form", args=[project.pk, one.pk]))
    assert "autorisation.pdf" in paper.headers["Content-Disposition"]
    assert "J’autorise" in text_of(paper.content)
    Client().post(reverse("videos:withdrawal_confirm", args=[one.agreements.first().key]))
    assert not Film.objects.visible_to(world.bruno).exists()
