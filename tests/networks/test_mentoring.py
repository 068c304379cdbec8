"""Mentoring as the two live it: proposed, accepted, a thread, goals, meetings, an end, erasures."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from circo import registries
from circo.errors import Refusal
from circo.models import FormDraft, HourEntry, Notice
from networks.mentoring import actions, forgetting, queries, rules
from networks.mentoring.rules import State
from networks.models import MentoringGoal, MentoringMessage, MentoringPair, MentoringSettings, Stage
from tests.circo.drafts import ticket_in
from tests.networks.mentoring_things import pair_of, stage

HOME = reverse("networks:mentoring_home")


@pytest.fixture
def people(world):
    """Amina accompanies Bruno, who has just come; Chloé of the same district is a relay of the same network."""
    stage(world.amina, Stage.RELAY)
    stage(world.bruno, Stage.FIRST_YEAR)
    stage(world.chloe, Stage.RELAY)
    return world


@pytest.fixture
def pair(people):
    return pair_of(people.bruno, people.amina)


def at(pair, name="pair", *more):
    return reverse(f"networks:mentoring_{name}", args=[pair.pk, *more])


def text(response):
    return response.content.decode()


def test_two_people_from_a_proposal_to_a_thread(people, sign_in):
    bruno = sign_in(people.bruno)
    home = text(bruno.get(HOME))
    assert "Amina Petit" in home
    assert "Chloé Petit" in home
    assert bruno.post(reverse("networks:mentoring_propose"), {"to": people.amina.pk}).status_code == 302
    pair = MentoringPair.objects.get()
    assert (pair.newcomer, pair.mentor, pair.state) == (people.bruno, people.amina, State.PROPOSED)
    assert Notice.objects.get(person=people.amina).title == "Un mentorat vous est proposé"
    amina = sign_in(people.amina)
    assert "Une réponse vous attend" in text(amina.get(HOME))
    assert "On vous propose" in text(amina.get(at(pair)))
    assert amina.get(at(pair, "thread"), headers={"HX-Request": "true"}).status_code == 404, "nothing has begun"
    assert amina.post(at(pair, "accept")).status_code == 302
    assert amina.post(at(pair, "send"), {"text": "**Bienvenue** !"}).status_code == 302
    assert "<strong>Bienvenue</strong>" in text(sign_in(people.bruno).get(at(pair)))
    told = Notice.objects.filter(person=people.bruno, kind=queries.MESSAGE)
    assert [(notice.title, notice.text) for notice in told] == [("Un message de votre binôme", "")]
    actions.send(pair=pair, text="Encore", by=people.amina)
    assert told.count() == 1, "once, until it is read"
    bruno = sign_in(people.bruno)
    bruno.post(at(pair, "read"))
    assert told.get().read_at
    assert "Lu." in text(sign_in(people.amina).get(at(pair)))


@pytest.mark.parametrize(
    ("by", "to"),
    [("amina", "chloe"), ("bruno", "denis"), ("bruno", "inspector"), ("chloe", "amina"), ("denis", "bruno")],
)
def test_who_may_not_be_proposed_to(people, by, to):
    with pytest.raises(Refusal):
        actions.propose(to=people.people[to], by=people.people[by])


def test_one_pair_at_a_time_whoever_proposes(people):
    actions.propose(to=people.amina, by=people.bruno)
    with pytest.raises(Refusal, match="déjà un binôme"):
        actions.propose(to=people.bruno, by=people.amina)
    with pytest.raises(IntegrityError), transaction.atomic():
        pair_of(people.bruno, people.amina)
    with pytest.raises(IntegrityError), transaction.atomic():
        pair_of(people.bruno, people.bruno)


def test_an_adviser_introduces_and_sees_one_word(people, sign_in):
    adviser = sign_in(people.adviser)
    introduce = reverse("networks:mentoring_introduce")
    given = {"newcomer": people.bruno.pk, "mentor": people.amina.pk}
    assert adviser.post(introduce, given).status_code == 302
    pair = MentoringPair.objects.get()
    for person, on in ((people.bruno, False), (people.amina, True)):
        assert "pas en cours" in text(adviser.get(HOME))
        actions.accept(pair=pair, by=person)
        pair.refresh_from_db()
        assert (pair.state == State.ON) is on
    page = text(adviser.get(HOME))
    assert "Bruno Petit et Amina Petit : en cours" in page.replace("\u00a0", " ")
    assert adviser.get(at(pair)).status_code == 404
    actions.end(pair=pair, by=people.amina)
    assert "pas en cours" in text(adviser.get(HOME))
    for name in ("inspector", "secretary", "adviser_there", "amina"):
        assert sign_in(people.people[name]).post(introduce, given).status_code in (404, 422)


@pytest.mark.parametrize("state", list(State))
@pytest.mark.parametrize("move", list(rules.MOVES))
def test_every_forbidden_move_of_a_pair_is_refused(people, state, move):
    ended = {"ended_at": timezone.now(), "ended_by": people.bruno} if state == State.ENDED else {}
    pair = pair_of(people.bruno, people.amina, state=state, **ended)
    act = {"accept": actions.accept, "decline": actions.decline, "end": actions.end, "take_back": actions.take_back_end}
    if state in rules.MOVES[move].sources:
        act[move](pair=pair, by=people.bruno)
        pair.refresh_from_db()
        assert pair.state == rules.MOVES[move].target
    else:
        with pytest.raises(Refusal):
            act[move](pair=pair, by=people.bruno)


def test_the_end_is_taken_back_by_whoever_ended_and_soon(people, pair, sign_in):
    bruno = sign_in(people.bruno)
    bruno.post(at(pair, "end"))
    assert "Finalement, continuer" in text(bruno.get(at(pair)))
    assert bruno.post(at(pair, "send"), {"text": "Trop tard"}).status_code == 422
    with pytest.raises(Refusal):
        actions.take_back_end(pair=pair, by=people.amina)
    assert bruno.post(at(pair, "take_back")).status_code == 302
    actions.end(pair=pair, by=people.bruno)
    MentoringPair.objects.update(ended_at=timezone.now() - rules.UNDO - timedelta(seconds=1))
    with pytest.raises(Refusal, match="trop tard"):
        actions.take_back_end(pair=pair, by=people.bruno)


def test_both_read_after_the_end(people, pair, sign_in):
    actions.send(pair=pair, text="Un mot gardé", by=people.amina)
    actions.end(pair=pair, by=people.bruno)
    for person in (people.amina, people.bruno):
        page = text(sign_in(person).get(at(pair)))
        assert "Un mot gardé" in page
        assert "Envoyer" not in page


def test_one_s_own_words_are_edited_and_removed_and_come_back(people, pair, sign_in):
    message = actions.send(pair=pair, text="Premier jet", by=people.bruno)
    bruno, amina = sign_in(people.bruno), people.amina
    assert bruno.post(at(pair, "update", message.pk), {"text": "Second jet"}).status_code == 302
    gone = bruno.post(at(pair, "remove", message.pk))
    page = text(bruno.get(gone.url))
    assert "Message retiré." in page
    assert "Second jet" not in page
    assert "s’efface dans le quart d’heure" in page
    bruno.post(at(pair, "restore", message.pk))
    assert "Second jet" in text(bruno.get(at(pair)))
    for act in (actions.remove, actions.restore):
        with pytest.raises(Refusal):
            act(row=message, by=amina)
    MentoringMessage.objects.update(created_at=timezone.now() - rules.EDITABLE_FOR)
    assert bruno.post(at(pair, "update", message.pk), {"text": "Trop tard"}).status_code == 404
    bruno.post(at(pair, "remove", message.pk))
    MentoringMessage.objects.update(removed_at=timezone.now() - rules.UNDO - timedelta(seconds=1))
    assert bruno.post(at(pair, "restore", message.pk)).status_code == 404
    assert forgetting.forget_removed() == 1
    assert not MentoringMessage.objects.exists()


def test_what_is_too_long_is_said_and_kept(people, pair, sign_in):
    bruno, long = sign_in(people.bruno), "é" * 100_000
    for name in ("send", "goal_add"):
        answer = bruno.post(at(pair, name), {"text": long})
        assert answer.status_code == 422
        assert "Rien n’est perdu" in text(answer)
        assert long in text(answer)
    opened = bruno.get(at(pair))
    assert text(opened).count(long) == 2, "the message and the goal are drafts"
    assert "Écrivez votre message" in text(bruno.post(at(pair, "send"), {"text": " \u200b\n".replace("\u200b", "")}))
    bruno.post(at(pair, "send"), {"text": "Court"} | ticket_in(opened))
    assert [one.place for one in FormDraft.objects.all()] == [f"mentoring:{pair.pk}/goal"]
    actions.erase_mine(pair=pair, by=people.amina)
    assert FormDraft.objects.exists()
    actions.erase_mine(pair=pair, by=people.bruno)
    assert not FormDraft.objects.exists()


def test_goals_are_the_newcomer_s(people, pair, sign_in):
    bruno = sign_in(people.bruno)
    bruno.post(at(pair, "goal_add"), {"text": "Oser **attendre**"})
    goal = MentoringGoal.objects.get()
    bruno.post(at(pair, "goal_reach", goal.pk))
    page = text(sign_in(people.amina).get(at(pair)))
    assert "<strong>attendre</strong>" in page
    assert "Ajouter cet objectif" not in page
    with pytest.raises(Refusal, match="personne qui arrive"):
        actions.add_goal(pair=pair, text="Le mien", by=people.amina)
    assert sign_in(people.amina).post(at(pair, "goal_remove", goal.pk)).status_code == 404


def test_all_is_erased_when_both_agree(people, pair, sign_in):
    actions.send(pair=pair, text="Un", by=people.amina)
    actions.add_goal(pair=pair, text="Deux", by=people.bruno)
    bruno = sign_in(people.bruno)
    bruno.post(at(pair, "erase"))
    bruno.post(at(pair, "erase"))
    assert MentoringMessage.objects.exists(), "twice the same is one"
    amina = sign_in(people.amina)
    assert "souhaite effacer" in text(amina.get(at(pair)))
    amina.post(at(pair, "keep"))
    assert "souhaite effacer" not in text(amina.get(at(pair)))
    actions.ask_erasure(pair=pair, by=people.bruno)
    amina.post(at(pair, "erase"))
    assert not MentoringMessage.objects.exists()
    assert not MentoringGoal.objects.exists()


def test_one_takes_away_one_s_own_messages_alone(people, pair, sign_in):
    early = actions.send(pair=pair, text="Bien avant", by=people.bruno)
    actions.remove(row=early, by=people.bruno)
    actions.send(pair=pair, text="De Bruno", by=people.bruno)
    actions.send(pair=pair, text="D’Amina", by=people.amina)
    bruno = sign_in(people.bruno)
    gone = bruno.post(at(pair, "erase_mine"))
    page = text(bruno.get(gone.url))
    assert "De Bruno" not in page
    assert "D’Amina" in page
    bruno.post(at(pair, "restore_mine"))
    page = text(bruno.get(at(pair)))
    assert "De Bruno" in page
    assert "Bien avant" not in page, "what was removed on its own stays so"


def test_a_meeting_is_on_both_agendas_and_says_nothing(people, pair, sign_in):
    bruno, when = sign_in(people.bruno), timezone.localtime() + timedelta(days=3)
    typed = {"starts_at": f"{when:%Y-%m-%dT%H:%M}", "minutes": "60", "place": "https://visio.test/abc"}
    assert bruno.post(at(pair, "meeting_add"), typed).status_code == 302
    meeting = pair.meetings.get()
    for person in (people.bruno, people.amina):
        (event,) = queries.events(person, timezone.localdate())
        assert (event.title, event.place, event.description) == ("Rencontre de mentorat", "", "")
    assert not list(queries.events(people.chloe, timezone.localdate()))
    ids = [people.bruno.pk, people.chloe.pk]
    taken = list(queries.busy(ids, when.date(), when.date()))
    assert [(one.person_id, one.reason) for one in taken] == [(people.bruno.pk, "Une rencontre")]
    page = text(sign_in(people.amina).get(at(pair)))
    assert 'href="https://visio.test/abc"' in page
    bruno = sign_in(people.bruno)
    bruno.post(at(pair, "meeting_call_off", meeting.pk))
    (event,) = queries.events(people.amina, timezone.localdate())
    assert (event.cancelled, event.sequence) == (True, 1)
    assert not list(queries.busy(ids, when.date(), when.date()))
    wrong = bruno.post(at(pair, "meeting_add"), typed | {"starts_at": "2999-01-01T10:00"})
    assert wrong.status_code == 422
    assert "l’année" in text(wrong)
    javascript = actions.meet(pair=pair, starts_at=when, minutes=60, place="javascript:alert(1)", by=people.bruno)
    assert javascript.link == ""


@pytest.mark.parametrize("counts", [True, False])
def test_hours_of_who_asks_once_both_said_so_and_the_district_counts(people, pair, counts):
    if counts:
        MentoringSettings.objects.create(district=pair.district)
    past = timezone.now() - timedelta(days=1)
    meeting = actions.meet(pair=pair, starts_at=past, minutes=60, place="Chez moi", by=people.bruno)
    actions.hold(meeting=meeting, counts=True, by=people.bruno)
    assert not HourEntry.objects.exists()
    actions.hold(meeting=meeting, counts=False, by=people.amina)
    entries = HourEntry.objects.all()
    assert [(entry.person, entry.minutes, entry.label) for entry in entries] == (
        [(people.bruno, 60, "Rencontre de mentorat")] if counts else []
    )
    coming = actions.meet(
        pair=pair, starts_at=timezone.now() + timedelta(days=1), minutes=60, place="", by=people.bruno
    )
    with pytest.raises(Refusal, match="pas encore eu lieu"):
        actions.hold(meeting=coming, counts=True, by=people.bruno)


def test_films_of_one_that_the_other_sees(people, pair, monkeypatch, sign_in):
    monkeypatch.setattr(
        registries, "_shared_between", [lambda a, b: [registries.Found("Une dictée", "de Bruno", "/x/")]]
    )
    assert "Une dictée" in text(sign_in(people.amina).get(at(pair)))


@pytest.mark.parametrize("rows", [1, 3])
def test_pages_cost_the_same_with_one_and_three(people, pair, sign_in, rows):
    for number in range(rows):
        actions.send(pair=pair, text=f"Message {number}", by=[people.amina, people.bruno][number % 2])
        actions.add_goal(pair=pair, text=f"Objectif {number}", by=people.bruno)
        actions.meet(pair=pair, starts_at=timezone.now(), minutes=60, place="Ici", by=people.amina)
    if rows == 3:
        pair_of(people.bruno, people.chloe)
    client = sign_in(people.bruno)
    client.get(HOME)
    for url, most in ((HOME, 9), (at(pair), 13)):
        with CaptureQueriesContext(connection) as captured:
            assert client.get(url).status_code == 200
        assert len(captured) == most, url


def test_a_long_thread_comes_in_pages(people, pair, sign_in):
    MentoringMessage.objects.bulk_create(
        MentoringMessage(pair=pair, author=people.bruno, text=f"Mot {number:03d}.", number=number)
        for number in range(1, 91)
    )
    bruno = sign_in(people.bruno)
    page = text(bruno.get(at(pair)))
    assert "Mot 090." in page
    assert "Mot 051." in page
    assert "Mot 050." not in page
    earlier = page.split("?avant=")[1].split("#")[0]
    page = text(bruno.get(at(pair) + f"?avant={earlier}"))
    assert "Mot 050." in page
    assert "Mot 051." not in page
