"""The festival: its life, what is proposed and retained, the public page."""

from __future__ import annotations

import re
from datetime import date, time

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from circo.errors import Refusal
from circo.models import Notice
from circo.registries import todos_of
from events.festival import actions, queries, rules, site_plan
from events.festival.rules import AnimationState, FestivalState, FestivalVerb, Span
from events.models import Animation, Festival
from tests.events.festivals import NOW, SATURDAY, SPAN, called, founded, moment, proposed, published, retained, wanted
from tests.world import school_year

SUNDAY = date(2027, 6, 20)


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW.replace(tzinfo=timezone.get_default_timezone()), tick=True) as traveller:
        yield traveller


@pytest.fixture
def ground(world):
    return world.here


def public_page(client, festival, **asked):
    return client.get(reverse("events:festival_public", args=[festival.pk], query=asked))


# --- Its life ---------------------------------------------------------------------------------------------------------
def test_it_goes_from_draft_to_over_and_each_move_says_who(world, ground):
    festival, _ = published(ground, world.amina, world.adviser)
    with pytest.raises(Refusal, match="pas encore commencé"):
        actions.lead(festival=festival, verb=FestivalVerb.END, by=world.inspector)
    with time_machine.travel(timezone.make_aware(timezone.datetime(2027, 6, 19, 18))):
        actions.lead(festival=festival, verb=FestivalVerb.END, by=world.inspector)
    moves = [(move.state, move.by) for move in festival.moves.all()]
    assert moves == [
        ("DRAFT", world.adviser),
        ("CALL", world.adviser),
        ("PUBLISHED", world.adviser),
        ("OVER", world.inspector),
    ]


def test_it_is_said_over_from_its_first_day_on(world, ground, sign_in):
    festival, _ = published(ground, world.amina, world.adviser)
    page = reverse("events:festival_page", args=[festival.pk])
    assert "La fête a eu lieu" not in sign_in(world.adviser).get(page).text
    with time_machine.travel(timezone.make_aware(timezone.datetime(2027, 6, 19, 18))):
        assert "La fête a eu lieu" in sign_in(world.adviser).get(page).text


@pytest.mark.parametrize("state", FestivalState)
@pytest.mark.parametrize("verb", FestivalVerb)
def test_every_other_move_is_refused(world, ground, state, verb):
    festival, _ = published(ground, world.amina, world.adviser)
    Festival.objects.filter(pk=festival.pk).update(state=state, first_day=timezone.localdate())
    if state in rules.MOVES[verb].sources:
        moved = actions.lead(festival=festival, verb=verb, by=world.adviser)
        assert moved.state == rules.MOVES[verb].target
    else:
        with pytest.raises(Refusal):
            actions.lead(festival=festival, verb=verb, by=world.adviser)


def test_nothing_to_show_is_not_published(world, ground):
    festival = called(ground, world.adviser)
    proposed(festival, world.amina)
    with pytest.raises(Refusal, match="vide"):
        actions.lead(festival=festival, verb=FestivalVerb.PUBLISH, by=world.adviser)


def test_one_a_year(world, ground):
    founded(ground, world.adviser)
    with pytest.raises(Refusal, match="déjà une fête"):
        founded(ground, world.adviser)


@pytest.mark.parametrize(
    ("span", "words"),
    [
        (Span(SATURDAY, date(2027, 6, 18), time(10), time(17)), "dernier jour"),
        (Span(SATURDAY, SATURDAY, time(17), time(10)), "heure de fin"),
        (Span(SATURDAY, date(2027, 6, 30), time(10), time(17)), "au plus 7"),
        (Span(date(2027, 5, 1), date(2027, 5, 1), time(10), time(17)), "déjà passé"),
        (Span(date(2031, 5, 1), date(2031, 5, 1), time(10), time(17)), "aucune année scolaire"),
    ],
)
def test_days_that_do_not_suit(world, ground, span, words):
    with pytest.raises(Refusal, match=words):
        founded(ground, world.adviser, span)


def test_a_sunday_is_allowed_and_said(world, ground, sign_in):
    festival = founded(ground, world.adviser, Span(SATURDAY, SUNDAY, time(10), time(17)))
    page = sign_in(world.adviser).get(reverse("events:festival_page", args=[festival.pk])).content.decode()
    assert "dimanche 20\u00a0juin\u00a02027 est un dimanche" in page


def test_days_do_not_move_away_from_what_is_planned(world, ground):
    festival = called(ground, world.adviser)
    proposed(festival, world.amina)
    later = Span(SUNDAY, SUNDAY, time(10), time(17))
    with pytest.raises(Refusal, match="1\u00a0séance n’entrerait plus"):
        actions.change(festival=festival, wanted=wanted(later), by=world.adviser)
    longer = Span(SATURDAY, SUNDAY, time(9), time(18))
    assert actions.change(festival=festival, wanted=wanted(longer), by=world.adviser).span == longer


# --- Proposals --------------------------------------------------------------------------------------------------------
def test_teachers_of_the_networks_propose_while_the_call_is_open(world, ground):
    festival = founded(ground, world.adviser)
    for who in (world.amina, world.denis, world.head_teacher):
        assert not queries.may_propose(festival, who)
    festival = actions.lead(festival=festival, verb=FestivalVerb.CALL, by=world.adviser)
    assert queries.may_propose(festival, world.amina)
    for who in (world.denis, world.head_teacher):  # of another district, of no network
        assert not queries.may_propose(festival, who)
        with pytest.raises(Refusal, match="réservées aux membres"):
            proposed(festival, who)


def test_the_call_ends_on_its_day(world, ground):
    festival = called(ground, world.adviser, proposals_until=date(2027, 5, 9))
    assert not queries.may_propose(festival, world.amina)
    assert queries.may_propose(festival, world.adviser)


@pytest.mark.parametrize(
    ("at", "words"),
    [
        (moment(9, 11), "de 10\u00a0h à 17\u00a0h"),
        (moment(11, 10), "heure de fin"),
        (moment(on=SUNDAY), "n’est pas un jour de la fête"),
    ],
)
def test_hours_outside_the_festival(world, ground, at, words):
    with pytest.raises(Refusal, match=words):
        proposed(called(ground, world.adviser), world.amina, at)


def test_a_capacity_of_nothing_is_refused_and_nothing_typed_is_lost(world, ground, sign_in):
    festival = called(ground, world.adviser)
    typed = {
        "kind": "WORKSHOP",
        "title": "Fusées à eau",
        "hosts": "Les CE1",
        "capacity": "0",
        "on": "2027-06-19",
        "starts": "10:00",
        "ends": "11:00",
    }
    response = sign_in(world.amina).post(reverse("events:animation_create", args=[festival.pk]), typed)
    page = response.content.decode()
    assert response.status_code == 422
    assert "au moins une place" in page
    assert 'value="Fusées à eau"' in page
    assert not Animation.objects.exists()
    with pytest.raises(Refusal, match="au moins une place"):
        proposed(festival, world.amina, capacity=0)


def test_the_team_retains_keeps_aside_with_a_word_and_takes_it_back(world, ground):
    festival = called(ground, world.adviser)
    animation = proposed(festival, world.amina)
    assert "Choisir parmi les propositions (1)" in [todo.title for todo in todos_of(world.adviser)]
    actions.decide(animation=animation, state=AnimationState.ASIDE, word="Trop de fusées", by=world.adviser)
    notice = Notice.objects.get(person=world.amina, kind="festival-decided")
    assert "mise de côté" in notice.title
    assert notice.text == "Trop de fusées"
    actions.decide(animation=animation, state=AnimationState.PROPOSED, by=world.adviser)
    animation.refresh_from_db()
    assert (animation.state, animation.aside_word, animation.decided_by) == ("PROPOSED", "", None)
    actions.decide(animation=animation, state=AnimationState.ACCEPTED, spot=3, by=world.adviser)
    other = proposed(festival, world.bruno, title="Contes")
    with pytest.raises(Refusal, match="Le numéro 3 est déjà celui de «\u00a0Fusées à eau"):
        actions.decide(animation=other, state=AnimationState.ACCEPTED, spot=3, by=world.adviser)
    with pytest.raises(Refusal, match="Seule l’équipe"):
        actions.decide(animation=other, state=AnimationState.ACCEPTED, by=world.amina)


def test_the_author_changes_until_it_is_decided_and_may_always_withdraw(world, ground):
    festival = called(ground, world.adviser)
    animation = retained(festival, world.amina, world.adviser)
    with pytest.raises(Refusal, match="déjà décidé"):
        actions.add_session(animation=animation, moment=moment(12, 13), by=world.amina)
    actions.add_session(animation=animation, moment=moment(12, 13), by=world.adviser)
    actions.withdraw(animation=animation, by=world.amina)
    with pytest.raises(Refusal, match="retirée par son auteur"):
        actions.decide(animation=animation, state=AnimationState.ACCEPTED, by=world.adviser)
    assert actions.put_back(animation=animation, by=world.amina).state == "PROPOSED"


def test_two_sessions_of_one_animation_do_not_cross(world, ground):
    animation = proposed(called(ground, world.adviser), world.amina)
    with pytest.raises(Refusal, match="déjà une séance à cette heure"):
        actions.add_session(animation=animation, moment=moment(10, 12), by=world.amina)
    session = actions.add_session(animation=animation, moment=moment(11, 12), by=world.amina)
    actions.remove_session(session=session, by=world.amina)
    assert animation.sessions.count() == 1


# --- The public page --------------------------------------------------------------------------------------------------
def test_the_public_page_opens_with_the_programme_and_not_before(world, ground, client):
    festival = called(ground, world.adviser)
    retained(festival, world.amina, world.adviser, place="Préau", audiences=["enfants"])
    assert public_page(client, festival).status_code == 404
    actions.lead(festival=festival, verb=FestivalVerb.PUBLISH, by=world.adviser)
    page = public_page(client, festival).content.decode()
    assert "Fusées à eau" in page
    assert "Préau" in page
    assert "samedi 19\u00a0juin\u00a02027" in page
    assert "Petit" not in page  # the proposer's name is the team's business: `hosts` says who
    actions.lead(festival=festival, verb=FestivalVerb.UNPUBLISH, by=world.adviser)
    assert public_page(client, festival).status_code == 404


def test_what_was_not_retained_is_not_shown(world, ground, client):
    festival, _ = published(ground, world.amina, world.adviser)
    proposed_late = proposed(festival, world.adviser, title="Jamais lu")
    actions.decide(animation=proposed_late, state=AnimationState.ASIDE, by=world.adviser)
    assert "Jamais lu" not in public_page(client, festival).content.decode()


@pytest.mark.parametrize(
    ("asked", "titles"),
    [
        ({}, {"Fusées", "Contes", "Jardin"}),
        ({"pour": "aines"}, {"Contes", "Jardin"}),  # Jardin is for everybody
        ({"heure": "2027-06-19T14"}, {"Contes"}),
        ({"lieu": "Cour"}, {"Fusées"}),
        ({"lieu": "Cour", "pour": "aines"}, set()),
        ({"heure": "n'importe quoi"}, set()),
    ],
)
def test_the_programme_is_narrowed_by_its_address(world, ground, client, asked, titles):
    festival = called(ground, world.adviser)
    team = world.adviser
    retained(festival, world.amina, team, title="Fusées", place="Cour", audiences=["enfants"])
    retained(festival, world.amina, team, title="Contes", place="Salle 3", audiences=["aines"], at=moment(14, 15))
    retained(festival, world.amina, team, title="Jardin")
    festival = actions.lead(festival=festival, verb=FestivalVerb.PUBLISH, by=team)
    page = public_page(client, festival, **asked).content.decode()
    assert {title for title in ("Fusées", "Contes", "Jardin") if f"<h4>{title}" in page} == titles


@pytest.mark.parametrize("many", [1, 12])
def test_it_costs_the_same_queries_however_full(world, ground, client, django_assert_num_queries, many):
    festival = called(ground, world.adviser)
    for number in range(many):
        retained(festival, world.amina, world.adviser, title=f"Atelier {number}", spot=number + 1, place="Cour")
    actions.lead(festival=festival, verb=FestivalVerb.PUBLISH, by=world.adviser)
    with django_assert_num_queries(4):
        page = public_page(client, festival).content.decode()
    assert page.count("fete__stand") == many


def test_the_plan_places_stands_by_place(world, ground):
    areas, height = site_plan.draw([("Cour", 2), ("Cour", 1), ("Préau", 10)])
    assert [(area.name, [stand.number for stand in area.stands]) for area in areas] == [
        ("Cour", [1, 2]),
        ("Préau", [10]),
    ]
    assert areas[1].y >= areas[0].y + areas[0].height
    assert height > areas[1].y


def test_nobody_of_elsewhere_sees_it(world, ground):
    festival, animation = published(ground, world.amina, world.adviser)
    for who in (world.denis, world.adviser_there, world.student):
        assert not Festival.objects.visible_to(who).exists()
        assert not Animation.objects.visible_to(who).exists()
    assert Animation.objects.visible_to(world.chloe).get() == animation
    assert not Animation.objects.editable_by(world.chloe).exists()
    assert festival.span == SPAN
    assert festival.school_year == school_year()


def test_what_one_types_of_a_proposal_is_kept_until_it_is_sent(world, sign_in):
    festival = called(world.here, world.adviser)
    client = sign_in(world.amina)
    page = client.get(reverse("events:animation_new", args=[festival.pk])).text
    ticket = re.search(r'name="brouillon" value="([^"]+)"', page)[1]
    typed = {"title": "Fusées à eau", "words": "Une bouteille", "brouillon": ticket}
    sent = client.post(reverse("events:animation_create", args=[festival.pk]), typed)
    assert sent.status_code == 422  # without a script, an answer with errors is kept all the same
    again = client.get(reverse("events:animation_new", args=[festival.pk])).text
    assert "Une bouteille" in again
