"""Several observers on one film: blind first, then compared; never for the hierarchy."""

from io import BytesIO
from uuid import uuid4

import pikepdf
import pytest
from django.urls import reverse
from django.utils import timezone

from circo.errors import Refusal
from circo.models import Notice
from circo.registries import todos_of
from circo.rules import Role
from tests.videos.films import film_of
from tests.videos.grids import criterion, entry_of, grid_of, look_of, round_of
from tests.world import join, person, post
from videos import actions, queries
from videos.consents.rules import Audience
from videos.models import Agreement, CriterionKind, Entry, Film, Observation, ObservationRound
from videos.models.observations import EntryQuerySet

SECRET = "Zoé reformule la consigne"


@pytest.fixture
def film(world):
    return film_of(world.amina, world.here.group, duration_s=90)


@pytest.fixture
def grid(world):
    return grid_of(world.amina)


@pytest.fixture
def opened(world, film, grid):
    """Bruno and Amina look at Amina's film; Bruno has noted something."""
    made = round_of(film, grid, world.amina, world.bruno)
    entry_of(made, world.bruno, CriterionKind.FACT, text=SECRET)
    return made


def opening(film, grid, by, observers, **fields):
    given = {"focus": "", "begin_s": 0, "end_s": film.duration_s} | fields
    return actions.open_round(film=film, grid=grid, observers=observers, by=by, **given)


def leaks(client, world, made) -> list[str]:
    """What Amina gets of Bruno's notes, by every way there is."""
    client.force_login(world.amina)
    found = []
    for name in ("videos:round_page", "videos:round_csv"):
        answer = client.get(reverse(name, args=[made.film_id, made.pk]))
        if SECRET in answer.content.decode():
            found.append(name)
    if Entry.objects.visible_to(world.amina).filter(text=SECRET).exists():
        found.append("scope")
    return found


# --- Blind first ------------------------------------------------------------------------------------------------------
def test_nobody_sees_anothers_notes_before_all_have_finished(client, world, opened):
    assert leaks(client, world, opened) == []
    actions.finish(observation=look_of(opened, world.bruno), by=world.bruno)
    assert leaks(client, world, opened) == []
    actions.finish(observation=look_of(opened, world.amina), by=world.amina)
    assert leaks(client, world, opened) == ["videos:round_page", "videos:round_csv", "scope"]


def test_the_proof_of_blindness_sees_a_leak(client, world, opened, monkeypatch):
    """The canary: with the scope that forgets to be blind, the test above fails."""

    def all_of_the_round(self, person):
        rounds = ObservationRound.objects.visible_to(person).order_by()
        return self.filter(removed_at=None, observation__round__in=rounds.values("pk"))

    monkeypatch.setattr(EntryQuerySet, "visible_to", all_of_the_round)
    assert "scope" in leaks(client, world, opened)


def test_the_author_of_the_film_may_close_but_sees_nothing_before(client, world, film, grid):
    made = round_of(film, grid, world.bruno, world.adviser)
    entry_of(made, world.bruno, CriterionKind.FACT, text=SECRET)
    assert leaks(client, world, made) == []
    with pytest.raises(Refusal, match="Personne n’a encore terminé"):
        actions.close_round(round=made, by=world.amina)
    actions.finish(observation=look_of(made, world.bruno), by=world.bruno)
    with pytest.raises(Refusal, match="qui a déposé ce film"):
        actions.close_round(round=made, by=world.bruno)
    actions.close_round(round=made, by=world.amina)
    assert "scope" in leaks(client, world, made)


def test_nothing_changes_once_the_looks_are_shown(world, opened):
    for who in (world.amina, world.bruno):
        actions.finish(observation=look_of(opened, who), by=who)
    opened.refresh_from_db()
    look, entry = look_of(opened, world.bruno), Entry.objects.get(text=SECRET)
    fact = criterion(opened.grid, CriterionKind.FACT)
    with pytest.raises(Refusal, match="terminé"):
        actions.note(observation=look, criterion=fact, at_s=1, by=world.bruno)
    with pytest.raises(Refusal, match="terminé"):
        actions.remove_entry(entry=entry, by=world.bruno)
    with pytest.raises(Refusal, match="ne change plus"):
        actions.reopen(observation=look, by=world.bruno)
    with pytest.raises(Refusal, match="déjà réunis"):
        actions.invite(round=opened, observers=[world.adviser], by=world.amina)


def test_one_may_go_on_after_all_while_others_look(world, opened):
    look = look_of(opened, world.bruno)
    actions.finish(observation=look, by=world.bruno)
    with pytest.raises(Refusal, match="terminé"):
        actions.note(observation=look, criterion=criterion(opened.grid, CriterionKind.FACT), at_s=1, by=world.bruno)
    actions.reopen(observation=look, by=world.bruno)
    actions.note(observation=look, criterion=criterion(opened.grid, CriterionKind.FACT), at_s=1, by=world.bruno)
    assert look.entries.count() == 2


# --- Never for the hierarchy ------------------------------------------------------------------------------------------
@pytest.mark.parametrize("who", ["inspector", "adviser", "secretary", "departement", "chloe", "denis", "superuser"])
def test_a_formative_grid_is_nowhere_for_who_was_not_invited(client, world, opened, who):
    """Even of a film that the whole district may watch, even for the adviser who animates the group."""
    Film.objects.update(audience=Audience.DISTRICT)
    world.here.group.adviser = world.adviser
    world.here.group.save()
    actions.finish(observation=look_of(opened, world.bruno), by=world.bruno)
    actions.close_round(round=opened, by=world.amina)
    client.force_login(world.people[who])
    for name in ("videos:round_page", "videos:round_csv"):
        assert client.get(reverse(name, args=[opened.film_id, opened.pk])).status_code == 404
    assert not Entry.objects.visible_to(world.people[who]).exists()
    listed = client.get(reverse("videos:round_list")).content.decode()
    assert opened.grid.title not in listed


def test_the_hierarchy_cannot_be_invited(world, film, grid):
    film.audience = Audience.DISTRICT
    film.save()
    assert world.inspector in queries.circle(film)  # she may watch it
    names = set(queries.invitable(film))
    assert {world.amina, world.bruno, world.adviser} <= names
    assert not {world.inspector, world.departement, world.denis} & names
    with pytest.raises(Refusal, match="jamais la hiérarchie"):
        opening(film, grid, world.amina, [world.inspector])


def test_an_observer_who_becomes_inspector_sees_it_no_more(world, opened):
    assert ObservationRound.objects.visible_to(world.bruno).exists()
    post(world.bruno, Role.INSPECTOR, world.here.district)
    bruno = type(world.bruno).objects.get(pk=world.bruno.pk)
    assert not ObservationRound.objects.visible_to(bruno).exists()


def test_a_withdrawn_agreement_takes_the_observation_away_at_once(world, opened):
    assert Observation.objects.visible_to(world.bruno).exists()
    Agreement.objects.update(answer=Agreement.Answers.WITHDRAWN)
    assert not Observation.objects.visible_to(world.bruno).exists()
    assert Observation.objects.visible_to(world.amina).exists()  # her own film


# --- Open and invite --------------------------------------------------------------------------------------------------
def test_only_the_author_opens_a_film_to_observers(world, film, grid):
    theirs = grid_of(world.bruno)
    with pytest.raises(Refusal, match="Seule la personne"):
        opening(film, theirs, world.bruno, [world.bruno])
    with pytest.raises(Refusal, match="une grille qui contient"):
        opening(film, theirs, world.amina, [world.bruno])  # kept by Bruno for himself
    with pytest.raises(Refusal, match="se place dans le film"):
        opening(film, grid, world.amina, [world.bruno], begin_s=80, end_s=20)
    with pytest.raises(Refusal, match="au moins une personne"):
        opening(film, grid, world.amina, [])
    with pytest.raises(Refusal, match="qui voient le film"):
        opening(film, grid, world.amina, [world.chloe])


def test_who_is_invited_is_told_and_finds_it_waiting(world, film, grid):
    made = opening(film, grid, world.amina, [world.amina, world.bruno])
    actions.invite(round=made, observers=[world.bruno], by=world.amina)  # twice changes nothing
    assert made.observations.count() == 2
    told = Notice.objects.get(kind=queries.OBSERVATION_ASKED)
    assert (told.person, told.title) == (world.bruno, "Amina Petit vous invite à observer une séance")
    assert film.title not in told.title
    assert [todo.title for todo in todos_of(world.bruno)] == ["Une séance attend votre regard"]
    for who in (world.amina, world.bruno):
        actions.finish(observation=look_of(made, who), by=who)
    assert [one.person for one in Notice.objects.filter(kind=queries.OBSERVATION_SHOWN)] == [world.amina]
    assert todos_of(world.bruno) == []


def test_a_room_holds_so_many_observers(world, film, grid, monkeypatch):
    monkeypatch.setattr("videos.grids.rules.OBSERVERS_MAX", 1)
    with pytest.raises(Refusal, match="personnes au plus"):
        opening(film, grid, world.amina, [world.amina, world.bruno])


# --- Note -------------------------------------------------------------------------------------------------------------
def test_the_same_press_sent_again_is_the_same_note(world, opened):
    look, counter, key = look_of(opened, world.amina), criterion(opened.grid, CriterionKind.COUNTER), uuid4()
    first = actions.note(observation=look, criterion=counter, at_s=2, key=key, by=world.amina)
    again = actions.note(observation=look, criterion=counter, at_s=2, key=key, by=world.amina)
    assert first == again
    assert look.entries.count() == 1


def test_a_note_fits_its_criterion(world, opened):
    look = look_of(opened, world.amina)

    def note(kind, **fields):
        given = {"at_s": 2} | fields
        return actions.note(observation=look, criterion=criterion(opened.grid, kind), by=world.amina, **given)

    assert note(CriterionKind.SCALE, value=2).answer == "tous ensemble"
    assert note(CriterionKind.YES_NO, value=1).answer == "oui"
    assert note(CriterionKind.COUNTER, value=4).value is None
    for kind, fields, said in (
        (CriterionKind.SCALE, {}, "Choisissez l’une"),
        (CriterionKind.SCALE, {"value": 3}, "Choisissez l’une"),
        (CriterionKind.NOTE, {"text": "  "}, "Écrivez votre note"),
        (CriterionKind.FACT, {"at_s": 99}, "de 0:00 à 1:30"),
    ):
        with pytest.raises(Refusal, match=said):
            note(kind, **fields)
    other = criterion(grid_of(world.amina), CriterionKind.FACT)
    with pytest.raises(Refusal, match="pas dans la grille"):
        actions.note(observation=look, criterion=other, at_s=1, by=world.amina)


def test_nobody_writes_in_anothers_look(world, opened):
    fact = criterion(opened.grid, CriterionKind.FACT)
    with pytest.raises(Refusal):
        actions.note(observation=look_of(opened, world.bruno), criterion=fact, at_s=1, by=world.amina)
    with pytest.raises(Refusal):
        actions.remove_entry(entry=Entry.objects.get(text=SECRET), by=world.amina)


def test_a_note_is_taken_back_and_put_back(client, world, opened):
    client.force_login(world.bruno)
    entry = Entry.objects.get(text=SECRET)
    where = [opened.film_id, opened.pk, entry.pk]
    page = client.post(reverse("videos:entry_remove", args=where), follow=True).content.decode()
    assert SECRET not in page
    assert "Note retirée." in page
    assert SECRET in client.post(reverse("videos:entry_restore", args=where), follow=True).content.decode()


def test_a_press_is_a_form_without_javascript(client, world, opened):
    client.force_login(world.amina)
    url = reverse("videos:entry_create", args=[opened.film_id, opened.pk])
    scale = criterion(opened.grid, CriterionKind.SCALE)
    page = client.post(url, {"press": f"{scale.pk}:1", "at_s": "0:12", "text": "  deux\nà deux "}, follow=True)
    entry = Entry.objects.get(observation__observer=world.amina)
    assert (entry.at_s, entry.value, entry.text) == (12, 1, "deux à deux")
    assert 'aria-pressed="true"' in page.content.decode()
    wrong = client.post(url, {"press": f"{scale.pk}", "at_s": "9:99", "text": "à garder"})
    assert wrong.status_code == 422
    assert "Écrivez le moment comme sur le lecteur" in wrong.content.decode()
    assert "à garder" in wrong.content.decode()


def test_a_second_answer_at_the_same_second_replaces_the_first(world, opened):
    yes_no, counter = (criterion(opened.grid, kind) for kind in (CriterionKind.YES_NO, CriterionKind.COUNTER))
    look = look_of(opened, world.amina)
    for at_s, value in ((12.9, 0), (12.1, 1), (13.0, 0)):
        actions.note(observation=look, criterion=yes_no, at_s=at_s, value=value, by=world.amina)
    for at_s in (12.1, 12.9):
        actions.note(observation=look, criterion=counter, at_s=at_s, by=world.amina)
    seen = Entry.objects.visible_to(world.amina).filter(observation=look)
    assert list(seen.filter(criterion=yes_no).values_list("at_s", "value")) == [(12.1, 1), (13.0, 0)]
    assert seen.filter(criterion=counter).count() == 2


# --- Compare ----------------------------------------------------------------------------------------------------------
def test_looks_are_compared_in_words_and_figures(client, world, opened):
    for at_s in (1, 40, 41):
        entry_of(opened, world.bruno, CriterionKind.COUNTER, at_s)
    for at_s in (2, 45):
        entry_of(opened, world.amina, CriterionKind.COUNTER, at_s)
    entry_of(opened, world.amina, CriterionKind.SCALE, 10, value=0)
    for who in (world.bruno, world.amina):
        actions.finish(observation=look_of(opened, who), by=who)
    page = queries.comparison_page(queries.rounds(world.amina).get(), world.amina)
    counter, scale, yes_no, fact, note = page.rows
    assert (counter.percent, counter.agreement.count) == ("67\u00a0%", 3)  # 1/1, 2/1, 0/0
    assert (scale.percent, scale.kappa) == ("0\u00a0%", "0,00")
    assert "Rien à comparer" in yes_no.why
    assert yes_no.agreed == "rien noté"
    assert fact.percent == "67\u00a0%"
    assert "ne se compte pas" in note.why
    assert [lane.total for lane in counter.lanes] == ["2", "3"]
    body = client_page(client, world.bruno, opened)
    assert "2 personnes ont noté la même chose dans" in body
    assert "Ils ne disent rien de la classe" in body


def client_page(client, person, made):
    client.force_login(person)
    return client.get(reverse("videos:round_page", args=[made.film_id, made.pk])).content.decode()


def test_who_had_not_finished_does_not_count(world, opened):
    actions.finish(observation=look_of(opened, world.amina), by=world.amina)
    actions.close_round(round=opened, by=world.amina)
    page = queries.comparison_page(queries.rounds(world.amina).get(), world.amina)
    assert page.finished_count == 1
    assert page.kappa == page.percent == ""


def test_the_table_runs_no_formula(client, world, opened):
    entry_of(opened, world.amina, CriterionKind.NOTE, text="=HYPERLINK(1)")
    for who in (world.bruno, world.amina):
        actions.finish(observation=look_of(opened, who), by=who)
    client.force_login(world.amina)
    answer = client.get(reverse("videos:round_csv", args=[opened.film_id, opened.pk]))
    text = answer.content.decode("utf-8-sig")
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert '"\'=HYPERLINK(1)"' in text
    assert SECRET in text
    assert text.splitlines()[0].startswith('"moment";"secondes";"qui observe"')


def test_the_report_is_an_accessible_document_of_facts(client, world, opened):
    for who in (world.bruno, world.amina):
        actions.finish(observation=look_of(opened, who), by=who)
    client.force_login(world.bruno)
    answer = client.get(reverse("videos:round_pdf", args=[opened.film_id, opened.pk]))
    assert answer.headers["Content-Type"] == "application/pdf"
    with pikepdf.open(BytesIO(answer.content)) as document:
        assert document.Root.MarkInfo.Marked  # tagged


# --- Pages ------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("shown", [False, True])
@pytest.mark.parametrize("count", [1, 3])
def test_pages_cost_the_same_whatever_is_noted(client, world, film, grid, django_assert_num_queries, count, shown):
    colleagues = [person(f"c{n}@ecole.test", f"Cléo {n}", "Petit") for n in range(4)]
    for one in colleagues:
        post(one, Role.TEACHER, world.here.schools[0])
        join(one, world.here.group)
    made = round_of(film, grid, world.amina, *colleagues[: count - 1])
    for at_s in range(count):
        entry_of(made, world.amina, CriterionKind.FACT, at_s)
    if shown:
        made.observations.update(finished_at=timezone.now())
        ObservationRound.objects.update(revealed_at=timezone.now())
    client.force_login(world.amina)
    with django_assert_num_queries(9 if shown else 12):
        client.get(reverse("videos:round_page", args=[made.film_id, made.pk]))


@pytest.mark.parametrize("count", [1, 3])
def test_lists_cost_the_same_whatever_they_hold(client, world, film, grid, django_assert_num_queries, count):
    for _ in range(count):
        round_of(film, grid, world.amina)
        grid_of(world.amina)
    client.force_login(world.amina)
    for name, args, cost in (
        ("videos:round_list", [], 6),
        ("videos:film_rounds", [film.pk], 11),
        ("videos:grid_list", [], 6),
    ):
        with django_assert_num_queries(cost):
            client.get(reverse(name, args=args))


def test_a_round_is_taken_away_and_brought_back(client, world, opened):
    client.force_login(world.amina)
    where = [opened.film_id, opened.pk]
    page = client.post(reverse("videos:round_remove", args=where), follow=True)
    assert "Observation retirée." in page.content.decode()
    assert not ObservationRound.objects.visible_to(world.bruno).exists()
    client.post(reverse("videos:round_restore", args=where))
    assert ObservationRound.objects.visible_to(world.bruno).exists()


def test_a_person_outside_the_world_observes_nothing(world, opened):
    join(world.former, world.here.group)
    for who in (world.former, world.deactivated):
        assert not ObservationRound.objects.visible_to(who).exists()
