"""The showcase: nothing is shown without all its authors, nor a film beyond its circle; each may take it back."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from circo.errors import Refusal
from circo.models import Notice
from circo.registries import todos_of
from networks.models import Experiment, Indicator
from tests.trainings.learners import excerpt_of, module_of, path_of, step_of
from tests.trainings.showcase_things import agreed, proposed, published, sheet_of, texts
from tests.videos.films import film_of
from trainings.models import Showcase
from trainings.paths.rules import StepKind
from trainings.showcase import actions, rules
from trainings.showcase.queries import checks, parts
from trainings.showcase.rules import Answer, Reach, State, Verb
from videos.consents.rules import Answer as Signed
from videos.consents.rules import Audience
from videos.models import Agreement, Film, PracticeSheet

pytestmark = pytest.mark.django_db
LIST = reverse("trainings:showcases")
SAID = {name: "Quelques mots." for name, _, _ in rules.CRITERIA}


@pytest.fixture
def film(world):
    return film_of(world.amina, world.here.group, audience=Audience.DISTRICT)


@pytest.fixture
def sheet(world, film):
    return sheet_of(world.amina, film)


@pytest.fixture
def practice(world, sheet):
    return proposed(sheet, world.here.district)


def url(showcase: Showcase, verb: str = "page") -> str:
    return reverse(f"trainings:showcase_{verb}", args=[showcase.pk])


def read(client, person, showcase: Showcase) -> str:
    client.force_login(person)
    return client.get(url(showcase)).content.decode()


# --- The whole way, as people go it -----------------------------------------------------------------------------------
def test_a_practice_is_proposed_agreed_published_read_and_taken_back(world, client, sheet):
    client.force_login(world.amina)
    assert f"?fiche={sheet.pk}" in client.get(reverse("videos:sheet_page", args=[sheet.pk])).content.decode()
    form = client.get(reverse("trainings:showcase_new"), {"fiche": sheet.pk})
    assert form.context["form"].initial == {"sheet": sheet, "title": "Lire à deux"}
    sent = {"title": "Lire à deux", "sheet": sheet.pk, "path": "", "experiment": "", **SAID}
    assert client.post(reverse("trainings:showcase_propose"), sent).status_code == 302
    practice = Showcase.objects.get()
    assert client.get(url(practice)).status_code == 200

    client.force_login(world.bruno)
    assert client.get(url(practice)).status_code == 404

    client.force_login(world.adviser)
    refused = client.post(url(practice, "publish"), {"reach": Reach.DISTRICT.value})
    assert refused.status_code == 422
    assert "Tous ses auteurs n’ont pas dit oui" in refused.content.decode()

    client.force_login(world.amina)
    assert client.post(url(practice, "answer"), {"answer": Answer.DISTRICT, "is_named": "on"}).status_code == 302
    client.force_login(world.adviser)
    assert client.post(url(practice, "publish"), {"reach": Reach.DISTRICT.value}).status_code == 302

    page = read(client, world.bruno, practice)
    assert "Chacun lit." in page
    assert "montrée dans la circonscription depuis" in page
    assert str(world.amina) in page
    assert "Les accords" not in page
    assert practice.title in client.get(LIST).content.decode()

    client.force_login(world.amina)
    client.post(url(practice, "answer"), {"answer": Answer.NO})
    client.force_login(world.bruno)
    assert client.get(url(practice)).status_code == 404


def test_the_form_keeps_what_was_typed(world, client):
    client.force_login(world.amina)
    answer = client.post(reverse("trainings:showcase_propose"), {"title": "Sans fiche", **SAID})
    assert answer.status_code == 422
    assert "Choisissez la fiche qui raconte cette pratique." in answer.content.decode()
    assert "Quelques mots." in answer.content.decode()


# --- Who agrees -------------------------------------------------------------------------------------------------------
def test_its_authors_wrote_the_sheet_filmed_or_answer_for_the_experiment(world, sheet):
    experiment = Experiment.objects.create(
        group=world.here.group, title="Lire", question="Quoi ?", state="RUNNING", referent=world.chloe
    )
    sheet.films.add(film_of(world.bruno, world.here.group, audience=Audience.DISTRICT))
    made = Showcase(district=world.here.district, sheet=sheet, experiment=experiment)
    assert parts.authors_of(made) == {world.amina.pk, world.bruno.pk, world.chloe.pk}


def test_each_author_is_asked_and_one_no_keeps_it_from_all(world, sheet):
    sheet.films.add(film_of(world.bruno, world.here.group, audience=Audience.DISTRICT))
    practice = proposed(sheet, world.here.district)
    assert Notice.objects.filter(person=world.bruno, kind="showcase").count() == 1
    assert [one.title for one in todos_of(world.bruno) if one.title.startswith("Répondre pour")]
    actions.answer(showcase=practice, answer=Answer.DISTRICT, is_named=True, by=world.amina)
    actions.answer(showcase=practice, answer=Answer.NO, is_named=True, by=world.bruno)
    with pytest.raises(Refusal, match="Tous ses auteurs"):
        actions.publish(showcase=practice, reach=Reach.DISTRICT, by=world.inspector)


def test_nobody_answers_for_an_author(world, practice):
    for somebody in (world.bruno, world.inspector, world.superuser):
        with pytest.raises(Refusal):
            actions.answer(showcase=practice, answer=Answer.DISTRICT, is_named=True, by=somebody)


def test_another_text_asks_its_authors_again(world, practice):
    agreed(practice)
    row = Showcase.objects.get(pk=practice.pk)
    actions.write(showcase=row, texts=texts(row.sheet, effect="Autre."), seen=row.updated_at, by=world.adviser)
    assert practice.authors.get().answer == Answer.PENDING


def test_two_who_write_at_once_do_not_write_over_each_other(world, practice):
    row = Showcase.objects.get(pk=practice.pk)
    seen = row.updated_at
    actions.write(showcase=row, texts=texts(row.sheet), seen=seen, by=world.amina)
    with pytest.raises(Refusal, match="pendant que vous écriviez"):
        actions.write(showcase=row, texts=texts(row.sheet), seen=seen, by=world.adviser)


def test_an_author_who_narrows_the_answer_takes_it_back_at_once(world, client):
    practice = published(proposed(sheet_of(world.amina), world.here.district), world.inspector, Reach.DEPARTEMENT)
    actions.answer(showcase=practice, answer=Answer.DISTRICT, is_named=True, by=world.amina)
    practice.refresh_from_db()
    assert (practice.state, practice.reach) == (State.WITHDRAWN, Reach.NOBODY)
    client.force_login(world.bruno)
    assert client.get(url(practice)).status_code == 404


def test_a_name_is_shown_only_to_whom_its_owner_wishes(world, client, practice):
    actions.answer(showcase=practice, answer=Answer.DISTRICT, is_named=False, by=world.amina)
    actions.publish(showcase=practice, reach=Reach.DISTRICT, by=world.adviser)
    assert str(world.amina) not in read(client, world.bruno, practice)
    assert str(world.amina) in read(client, world.adviser, practice)


# --- Who reads --------------------------------------------------------------------------------------------------------
def test_before_its_author_agrees_the_team_does_not_read_a_sheet_of_a_group(world, client, sheet):
    sheet.group = world.here.group
    sheet.save()
    practice = proposed(sheet, world.here.district, by=world.bruno)
    assert "Chacun lit." not in read(client, world.inspector, practice)
    agreed(practice)
    assert "Chacun lit." in read(client, world.inspector, practice)


def test_the_departement_reads_what_is_shown_to_it_and_another_district_only_that(world, client):
    here = published(proposed(sheet_of(world.amina), world.here.district), world.inspector)
    wide = published(proposed(sheet_of(world.amina), world.here.district), world.inspector, Reach.DEPARTEMENT)
    same_departement = world.here.district.departement_id == world.there.district.departement_id
    shown = set(Showcase.objects.shown_to(world.people["inspector_there"]).values_list("pk", flat=True))
    assert here.pk not in shown
    assert (wide.pk in shown) == same_departement
    shown = set(Showcase.objects.shown_to(world.people["departement"]).values_list("pk", flat=True))
    assert wide.pk in shown


def test_who_does_not_lead_the_district_publishes_nothing(world, client, practice):
    agreed(practice)
    for somebody in (world.amina, world.people["inspector_there"], world.people["trainer"]):
        with pytest.raises(Refusal):
            actions.publish(showcase=practice, reach=Reach.DISTRICT, by=somebody)


# --- Films ------------------------------------------------------------------------------------------------------------
def test_a_film_of_a_narrower_circle_keeps_it_from_being_published(world, sheet):
    Film.objects.update(audience=Audience.GROUP)
    with pytest.raises(Refusal, match="Qui l’a déposé peut l’ouvrir à la circonscription"):
        published(proposed(sheet, world.here.district), world.adviser)
    found = checks.problems(Showcase.objects.get(), Reach.DISTRICT, [Answer.DISTRICT])
    assert {one.url for one in found} == {"#accords"}  # the team may not open what its author alone decides


def test_for_the_departement_the_team_is_told_that_the_film_stays(world, practice):
    agreed(practice, Answer.DEPARTEMENT)
    found = checks.problems(practice, Reach.DEPARTEMENT, [Answer.DEPARTEMENT])
    assert any("fiche sans le film" in one.text and not one.is_blocking for one in found)


def test_a_withdrawn_consent_seals_the_film_at_once_and_asks_the_team(world, client, film, practice):
    published(practice, world.adviser)
    link = reverse("videos:film_page", args=[film.pk])
    assert link in read(client, world.bruno, practice)
    Agreement.objects.update(answer=Signed.WITHDRAWN)
    page = read(client, world.bruno, practice)
    assert link not in page
    assert "n’est plus visible" in page
    assert [one for one in todos_of(world.adviser) if one.title.startswith("Revoir")]
    assert not [one for one in todos_of(world.bruno) if one.title.startswith("Revoir")]


def test_a_film_put_on_the_sheet_since_is_not_shown_before_its_author_is_asked(world, client, sheet, practice):
    published(practice, world.adviser)
    late = film_of(world.bruno, world.here.group, audience=Audience.DISTRICT)
    sheet.films.add(late)
    assert reverse("videos:film_page", args=[late.pk]) not in read(client, world.chloe, practice)


def test_a_sheet_that_is_removed_takes_its_practice_away(world, client, practice):
    published(practice, world.adviser)
    PracticeSheet.objects.update(removed_at=timezone.now())
    client.force_login(world.bruno)
    assert client.get(url(practice)).status_code == 404


# --- Evidence ---------------------------------------------------------------------------------------------------------
def test_the_figures_are_things_as_they_are_and_never_a_few_people(world, client, film, practice):
    version = path_of(world.here.district)
    excerpt_of(step_of(module_of(version), StepKind.WATCH), film)
    published(practice, world.adviser)
    page = read(client, world.bruno, practice)
    assert "1\u00a0parcours montre ces films" in page
    assert rules.few(4, "visites") == "moins de 5\u00a0visites"
    assert rules.few(5, "visites") == "5\u00a0visites"
    assert rules.few(0, "visites") == ""


def test_the_readings_of_an_experiment_are_shown_once_it_is_reviewed(world, client, sheet):
    experiment = Experiment.objects.create(
        group=world.here.group, title="Lire", question="Quoi ?", state="RUNNING", referent=world.amina
    )
    Indicator.objects.create(experiment=experiment, name="Mots lus", before=Decimal(20), after=Decimal(31))
    practice = published(proposed(sheet, world.here.district, by=world.amina, experiment=experiment), world.adviser)
    assert "Mots lus" not in read(client, world.bruno, practice)
    Experiment.objects.update(state="REVIEWED", outcome="Mieux")
    assert "+11" in read(client, world.bruno, practice)


# --- Its life ---------------------------------------------------------------------------------------------------------
VERBS = {
    Verb.PUBLISH: lambda row, by: actions.publish(showcase=row, reach=Reach.DISTRICT, by=by),
    Verb.WITHDRAW: lambda row, by: actions.withdraw(showcase=row, why="Voilà.", by=by),
    Verb.SET_ASIDE: lambda row, by: actions.set_aside(showcase=row, why="Voilà.", by=by),
    Verb.RESUME: lambda row, by: actions.resume(showcase=row, by=by),
}


@pytest.mark.parametrize("verb", list(Verb))
@pytest.mark.parametrize("state", list(State))
def test_every_move_of_the_table_and_no_other(world, practice, state, verb):
    agreed(practice)
    shown = state is State.PUBLISHED
    reach, at = (Reach.DISTRICT, timezone.now()) if shown else (Reach.NOBODY, None)
    Showcase.objects.update(state=state, reach=reach, published_at=at)
    move = rules.MOVES[verb]
    if state in move.sources:
        VERBS[verb](practice, world.adviser)
        assert Showcase.objects.get().state == move.target
        assert practice.moves.first().verb == verb
        assert practice.moves.first().by == world.adviser
    else:
        with pytest.raises(Refusal):
            VERBS[verb](practice, world.adviser)


def test_the_database_shows_nothing_that_was_not_published(practice):
    with pytest.raises(IntegrityError), transaction.atomic():
        Showcase.objects.update(reach=Reach.DISTRICT)


@given(st.lists(st.sampled_from(list(Answer)), max_size=6))
def test_it_is_shown_no_further_than_the_least_of_its_authors_says(answers):
    reach = rules.agreed(answers)
    assert all(rules.AGREED_TO[one] >= reach for one in answers)
    assert bool(answers) or reach is Reach.NOBODY
    if {Answer.PENDING, Answer.NO} & set(answers):
        assert reach is Reach.NOBODY


# --- The list ---------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("asked", "is_there"),
    [({"q": "deux"}, True), ({"q": "natation"}, False), ({"niveau": "CP"}, True), ({"niveau": "CM2"}, False),
     ({"domaine": "LANGUAGE"}, True), ({"domaine": "x"}, True), ({"annee": "1999"}, True), ({"page": "99"}, True)],
)  # fmt: skip
def test_the_list_is_narrowed(world, client, practice, asked, is_there):
    published(practice, world.adviser)
    client.force_login(world.bruno)
    assert (url(practice) in client.get(LIST, asked).content.decode()) == is_there


def test_pages_ask_as_much_whatever_there_is(world, client, django_assert_max_num_queries, practice):
    published(practice, world.adviser)
    client.force_login(world.bruno)
    client.get(LIST)
    for _ in range(25):
        published(proposed(sheet_of(world.amina), world.here.district), world.adviser)
    with django_assert_max_num_queries(16):
        assert client.get(LIST).content.decode().count('class="card__title') == 20
    with django_assert_max_num_queries(34):
        client.get(url(practice))
