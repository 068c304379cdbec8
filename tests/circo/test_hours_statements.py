"""The yearly statement: one's own, one of the queue, a district's in a batch; each under a code."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from circo.errors import Refusal
from circo.hours import actions
from circo.hours.rules import Category, Mode, State
from circo.models import HourEntry, IssuedDocument, LetterBatch, Posting, SelfPacedRules
from circo.rules import Role
from tests.circo.hours import credit, entry_of
from tests.circo.test_hours_pages import LIST, text
from tests.circo.test_self_paced import derogation
from tests.documents import faults, text_of
from tests.world import MARK, post

MINE = reverse("hours:statement")


def said(letter) -> str:
    return text_of(letter.pdf()).replace("\u00a0", " ").replace("\u202f", " ")


def fill(world) -> None:
    Posting.objects.filter(person=world.amina).update(share_percent=75)
    rules = SelfPacedRules.objects.create(district=world.here.district, cap_minutes=360)
    rules.derogation = derogation(world.here.district)
    rules.save()
    formation = {"category": Category.TRAINING_FORMATION}
    entry_of(world.amina, world.inspector, State.VALIDATED, label="Parcours lecture", source="tests:1", **formation)
    entry_of(world.amina, world.inspector, State.CONFIRMED, label="Rencontre", source="tests:2")
    entry_of(world.amina, world.inspector, State.REFUSED, label="Conférence", source="tests:3")
    credit(world.amina, label="Parcours oral", source="circo.declared:4", minutes=480, mode=Mode.SELF_PACED)


def test_a_statement_tells_each_line_and_what_is_left(world):
    fill(world)
    letter = actions.draw_up(person=world.amina, year=world.year, by=world.amina)
    document = IssuedDocument.objects.get()
    pdf, words = letter.pdf(), said(letter)
    assert faults(pdf) == []
    today = letter.written_on
    for must in (
        "Relevé des 18 heures",
        f"Année scolaire {world.year}",
        "Amina Petit",
        "École 1 (Commune 1)",
        "12 h sur 14 h, dont 3 h de formation continue",
        "14 h, pour une quotité de 75 %",
        "3 h sur 14 h, soit 21 % ; au moins 7 h",
        "6 h sur 14 h, soit 43 % ; au plus 6 h",
        "Il reste 4 h de formation continue à faire : elle fait la moitié des heures.",
        "2026-41, recteur",
        "Parcours lecture",
        "Rencontre",
        "Noté par la personne",
        "plafond atteint (8 h annoncées)",
        "validées le",
        "confirmées le",
        "proposées le",
        document.code[:4],
    ):
        assert must in words, must
    assert "Conférence" not in words, "what was refused counts nowhere"
    assert (document.person, document.district, document.issued_on) == (world.amina, world.here.district, today)
    assert "12 h sur 14 h" in document.subject.replace("\u00a0", " ")
    assert "Amina" not in letter.title


def test_a_derogation_that_is_over_is_not_named(world):
    fill(world)
    SelfPacedRules.objects.get().derogation.__class__.objects.update(ends_on=timezone.localdate() - timedelta(days=1))
    assert "2026-41" not in said(actions.draw_up(person=world.amina, year=world.year, by=world.amina))


def test_the_same_figures_keep_their_code_and_others_take_its_place(world, client):
    fill(world)
    first = actions.draw_up(person=world.amina, year=world.year, by=world.amina)
    again = actions.draw_up(person=world.amina, year=world.year, by=world.secretary)
    assert first.code == again.code
    HourEntry.objects.filter(label="Rencontre").delete()
    third = actions.draw_up(person=world.amina, year=world.year, by=world.amina)
    assert third.code != first.code
    former = IssuedDocument.objects.get(code=first.code)
    assert former.withdrawn_at is not None
    other = actions.draw_up(person=world.bruno, year=world.year, by=world.bruno)
    assert IssuedDocument.objects.get(code=other.code).withdrawn_at is None
    page = text(client.get(reverse("documents:verify_document", args=[third.code])))
    assert "Relevé des 18 heures" in page


def test_hours_of_another_district_are_summed_and_not_told(world):
    today = timezone.localdate()
    entry_of(world.amina, world.adviser, label=f"Ailleurs {MARK}", source="tests:1", on=today - timedelta(days=9))
    HourEntry.objects.update(district=world.there.district)
    credit(world.amina, label="Ici")
    letter = actions.draw_up(person=world.amina, year=world.year, by=world.secretary)
    words = said(letter)
    assert "6 h sur 18 h" in words
    assert "3 h ont été faites dans une autre circonscription" in words
    assert MARK not in words
    assert MARK in said(actions.draw_up(person=world.amina, year=world.year, by=world.amina))


def test_nobody_draws_up_the_statement_of_others(world):
    for name in ("bruno", "inspector_there", "departement"):
        with pytest.raises(Refusal, match="ne suivez pas"):
            actions.draw_up(person=world.amina, year=world.year, by=getattr(world, name))
        with pytest.raises(Refusal, match="ne suivez pas"):
            actions.draw_up_all(people=[world.amina], year=world.year, by=getattr(world, name))
    assert not IssuedDocument.objects.exists()


# --- Pages ------------------------------------------------------------------------------------------------------------
def test_a_teacher_takes_the_own_statement(world, sign_in):
    fill(world)
    client = sign_in(world.amina)
    assert MINE in client.get(reverse("hours:mine")).content.decode()
    answer = client.post(MINE, {"annee": world.year.first_day.year})
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "application/pdf"
    assert faults(answer.content) == []


def test_who_owes_nothing_is_told_so(world, sign_in):
    client = sign_in(world.student)
    assert MINE not in client.get(reverse("hours:mine")).content.decode()
    assert "il n’y a rien à relever" in text(client.post(MINE, follow=True))
    assert not IssuedDocument.objects.exists()


def test_a_year_that_was_never_opened_has_no_statement(world, sign_in):
    first = world.year.first_day - timedelta(days=3650)
    type(world.year).objects.update(first_day=first, last_day=first + timedelta(days=300))
    assert sign_in(world.amina).post(MINE).status_code == 404


def test_the_team_goes_from_the_queue_to_the_account_and_its_statement(world, sign_in):
    fill(world)
    client = sign_in(world.inspector)
    url = next(row.url for row in client.get(LIST, {"par": "personne"}).context["rows"] if "Amina" in row.title)
    page = text(client.get(url))
    assert "12 h sur 14 h" in page
    assert "Parcours lecture" in page
    answer = client.post(reverse("hours:person_statement", args=[world.amina.pk]))
    assert answer.headers["Content-Type"] == "application/pdf"
    assert client.get(reverse("hours:person_page", args=[world.denis.pk])).status_code == 404


def test_somebody_who_left_still_has_an_account(world, sign_in):
    entry_of(world.amina, world.inspector, State.VALIDATED)
    Posting.objects.filter(person=world.amina).update(school=world.there.schools[0])
    assert sign_in(world.inspector).get(reverse("hours:person_page", args=[world.amina.pk])).status_code == 200


@pytest.mark.parametrize("count", [1, 3])
def test_the_account_of_a_person_costs_the_same(world, sign_in, count, django_assert_num_queries):
    for number in range(count):
        entry_of(world.amina, world.adviser, source=f"tests:{number}")
    client, url = sign_in(world.inspector), reverse("hours:person_page", args=[world.amina.pk])
    client.get(url)
    with django_assert_num_queries(13):
        client.get(url)


def test_the_statements_of_a_district_are_one_batch(world, sign_in):
    fill(world)
    client = sign_in(world.secretary)
    url = reverse("hours:statements")
    answer = client.post(url, {"filtre": f"etat=&annee={world.year.first_day.year}&groupe={world.here.group.pk}"})
    batch = LetterBatch.objects.get()
    assert answer.url == reverse("documents:batch_page", args=[batch.pk])
    assert {letter["label"] for letter in batch.letters} == {"Amina Petit", str(world.bruno)}
    assert batch.template == "hours_statement"
    assert IssuedDocument.objects.count() == 2
    client.post(url)
    everybody = LetterBatch.objects.exclude(pk=batch.pk).get()
    assert everybody.letter_count > 4
    assert str(world.denis) not in {letter["label"] for letter in everybody.letters}
    assert IssuedDocument.objects.filter(person=world.amina).count() == 1, "the same figures, the same code"


def test_nobody_asked_gives_no_batch_and_no_code(world, sign_in):
    client = sign_in(world.secretary)
    answer = client.post(reverse("hours:statements"), {"filtre": "q=personne+de+ce+nom"}, follow=True)
    assert "aucun courrier" in text(answer)
    assert not LetterBatch.objects.exists()
    assert not IssuedDocument.objects.exists()


@pytest.mark.parametrize("count", [1, 3])
def test_the_reads_of_a_batch_do_not_grow(world, count, django_assert_max_num_queries):
    people = [world.amina, world.bruno, world.chloe][:count]
    for one in people:
        entry_of(one, world.adviser)
    with django_assert_max_num_queries(27):
        actions.draw_up_all(people=people, year=world.year, by=world.secretary)


def test_a_trainer_of_the_district_has_a_statement(world):
    letter = actions.draw_up(person=world.trainer, year=world.year, by=world.trainer)
    assert letter.sender.subline == world.here.district.name
    post(world.trainer, Role.TEACHER, world.there.schools[0])
    assert "formateur" in letter.quality.lower() or "pemf" in letter.quality.lower()
