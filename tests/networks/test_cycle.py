"""The yearly cycle: wishes, decisions, and the new year that opens once."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from django.db import connection, connections
from django.db.models import QuerySet
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from circo.errors import Refusal
from circo.models import Notice, Person, Posting, SchoolYear
from circo.rules import Role
from networks import registries
from networks.cycle import actions, rules
from networks.cycle.queries import plan
from networks.cycle.rules import Answer, Case, Facts
from networks.groups import actions as group_actions
from networks.groups.rules import MOVES, NOWHERE, OVER_THE_YEAR, STATES, Stage, Standing, State, Verb, find
from networks.models import Candidate, Decision, Membership, MembershipMove, Wish, WishCampaign, YearOpening
from tests.world import join, person, post


def address(name: str, *args) -> str:
    return reverse(f"networks:{name}", args=args)


@pytest.fixture
def campaign(world):
    closes_on = timezone.localdate() + timedelta(days=9)
    return actions.open_wishes(
        district=world.here.district, school_year=world.year, closes_on=closes_on, by=world.inspector
    )


def close(campaign: WishCampaign) -> WishCampaign:
    campaign.closes_on = timezone.localdate() - timedelta(days=1)
    campaign.save()
    return campaign


def wish(client, membership, answer: str, version: int = 0, word: str = ""):
    return client.post(address("wish_answer", membership.pk), {"answer": answer, "version": version, "word": word})


# --- Rules --------------------------------------------------------------------------------------------------------
COUNTED_STATES = [state for state in STATES if state.standing in ("ACTIVE", "PAUSED", "ON_LEAVE")]
facts = st.builds(
    Facts,
    state=st.sampled_from(COUNTED_STATES),
    answer=st.sampled_from(["", *(answer.value for answer in Answer)]),
    decided=st.sampled_from(["", *(verb.value for verb in OVER_THE_YEAR)]),
    districts=st.lists(st.integers(1, 3), max_size=2),
    district_id=st.just(1),
    already=st.booleans(),
)


@given(facts)
def test_every_outcome_is_a_move_of_the_table_or_nothing(known):
    found = rules.outcome(known)
    if found.case in (Case.MISSING, Case.ALREADY):
        assert (found.verb, found.target) == (None, NOWHERE)
        return
    assert (found.verb, known.state, found.target) in {(move.verb, move.source, move.target) for move in MOVES}
    assert 1 in known.districts or found.target == NOWHERE  # nobody is of a group where one no longer works
    if known.decided and find(Verb(known.decided), known.state) and 1 in known.districts:
        assert found.verb == known.decided  # a decision passes before a wish


@given(st.sampled_from(COUNTED_STATES), st.sampled_from(list(Answer)))
def test_every_wish_leads_to_a_decision_that_is_possible(state, answer):
    verb = rules.proposed(state, answer)
    assert verb in rules.verbs_from(state)
    if state.standing != Standing.ACTIVE and answer == Answer.CONTINUE:
        assert find(verb, state).target == State(state.stage, "ACTIVE")  # a return takes the stage one had


# --- Wishes -------------------------------------------------------------------------------------------------------
def test_the_inspector_opens_the_wishes_and_everybody_is_told(world, sign_in):
    closes_on = timezone.localdate() + timedelta(days=9)
    data = {"closes_on": closes_on.isoformat(), "district": world.here.district.pk}
    assert sign_in(world.adviser).post(address("campaign_open"), data).status_code == 404
    client = sign_in(world.inspector)
    for bad in (timezone.localdate() - timedelta(days=1), world.year.last_day + timedelta(days=1)):
        answer = client.post(address("campaign_open"), data | {"closes_on": bad.isoformat()})
        assert answer.status_code == 422
    assert client.post(address("campaign_open"), data).status_code == 302
    assert client.post(address("campaign_open"), data).status_code == 302  # twice makes one
    assert WishCampaign.objects.get().opened_by == world.inspector
    told = set(Notice.objects.filter(kind="groups").values_list("person__first_name", flat=True))
    assert told == {"Amina", "Bruno", "Chloé"}
    home = sign_in(world.amina).get("/").content.decode()
    assert "Dire mon vœu" in home


def test_a_wish_is_said_changed_and_read_by_the_team_alone(world, sign_in, campaign):
    mine = world.amina.memberships.get()
    client = sign_in(world.amina)
    assert wish(client, mine, "CONTINUE", word="Avec le CE1.").status_code == 302
    assert wish(client, mine, "PAUSE", version=1, word="Finalement non.").status_code == 302
    kept = Wish.objects.get()
    assert (kept.answer, kept.version, kept.word) == (Answer.PAUSE, 2, "Finalement non.")
    assert "Dire mon vœu" not in client.get("/").content.decode()
    page = address("membership_page", mine.pk)
    assert "Finalement non." in sign_in(world.adviser).get(page).content.decode()
    assert sign_in(world.bruno).get(page).status_code == 404
    assert not Wish.objects.visible_to(world.bruno).exists()
    assert wish(sign_in(world.bruno), mine, "LEAVE", version=2).status_code == 404


def test_two_tabs_keep_what_was_typed_and_say_so(world, sign_in, campaign):
    mine, client = world.amina.memberships.get(), sign_in(world.amina)
    assert wish(client, mine, "CONTINUE", word="Onglet un").status_code == 302
    answer = wish(client, mine, "LEAVE", word="Onglet deux")
    body = answer.content.decode()
    assert answer.status_code == 422
    assert "une autre réponse a été enregistrée" in body
    assert "Onglet deux" in body
    assert 'name="version" value="1"' in body
    assert Wish.objects.get().word == "Onglet un"
    assert wish(client, mine, "LEAVE", version=1, word="Onglet deux").status_code == 302
    assert Wish.objects.get().word == "Onglet deux"


def test_the_canary_without_the_version_the_second_tab_would_win(world, campaign):
    """What the version protects: sent with the version of the kept answer, another text replaces it."""
    mine = world.amina.memberships.get()
    write = {"membership": mine, "by": world.amina}
    actions.answer(answer=Answer.CONTINUE, word="un", version=0, **write)
    with pytest.raises(actions.Overtaken):
        actions.answer(answer=Answer.LEAVE, word="deux", version=0, **write)
    assert actions.answer(answer=Answer.LEAVE, word="deux", version=1, **write).word == "deux"


def test_after_the_closing_a_clear_sentence_and_nothing_lost(world, sign_in, campaign):
    mine = world.amina.memberships.get()
    close(campaign)
    answer = wish(sign_in(world.amina), mine, "CONTINUE", word="Trop tard ?")
    body = answer.content.decode()
    assert answer.status_code == 422
    assert "Les vœux étaient ouverts jusqu’au" in body
    assert "Trop tard ?" in body
    assert not Wish.objects.exists()


def test_a_wish_without_an_answer_keeps_the_word(world, sign_in, campaign):
    answer = wish(sign_in(world.amina), world.amina.memberships.get(), "", word="Je ne sais pas")
    assert answer.status_code == 422
    assert "Je ne sais pas" in answer.content.decode()


def test_the_closing_day_is_the_last_one(world, sign_in, campaign):
    campaign.closes_on = timezone.localdate()
    campaign.save()
    assert wish(sign_in(world.amina), world.amina.memberships.get(), "CONTINUE").status_code == 302


def test_the_inspector_closes_at_once_and_opens_again(world, sign_in, campaign):
    page, update = address("campaign_page", campaign.pk), address("campaign_update", campaign.pk)
    mine, today = world.amina.memberships.get(), timezone.localdate()
    client = sign_in(world.inspector)
    assert "Clore les vœux maintenant" in client.get(page).content.decode()
    assert client.post(update, {"closes_on": today - timedelta(days=2)}).status_code == 422
    client.post(update, {"closes_on": today - timedelta(days=1)})
    assert "Les vœux sont clos" in client.get(page).content.decode()
    assert wish(sign_in(world.amina), mine, "CONTINUE").status_code == 422
    sign_in(world.inspector).post(update, {"closes_on": today + timedelta(days=3)})
    assert wish(sign_in(world.amina), mine, "CONTINUE").status_code == 302


def test_a_reminder_goes_once_a_day_to_who_has_not_answered(world, sign_in, campaign):
    wish(sign_in(world.amina), world.amina.memberships.get(), "CONTINUE")
    Notice.objects.all().delete()
    client, page = sign_in(world.inspector), address("campaign_page", campaign.pk)
    body = client.get(page).content.decode()
    assert "1 réponse sur 3" in body
    assert "Bruno Petit" in body
    assert "Amina Petit" not in body
    client.post(address("campaign_remind", campaign.pk))
    assert set(Notice.objects.values_list("person__first_name", flat=True)) == {"Bruno", "Chloé"}
    client.post(address("campaign_remind", campaign.pk))
    assert Notice.objects.count() == 2
    with pytest.raises(Refusal, match="déjà parti aujourd’hui"):
        actions.remind(campaign=campaign, by=world.inspector)
    with pytest.raises(Refusal):
        actions.remind(campaign=campaign, by=world.adviser)


# --- Decisions ----------------------------------------------------------------------------------------------------
def decide(client, campaign, verb: str, *memberships, **fields):
    data = {"verb": verb, "membership": [one.pk for one in memberships], **fields}
    return client.post(address("decision_save", campaign.pk), data)


def test_one_by_one_and_in_batch(world, sign_in, campaign):
    amina, bruno, chloe = (getattr(world, name).memberships.get() for name in ("amina", "bruno", "chloe"))
    wish(sign_in(world.amina), amina, "CONTINUE")
    wish(sign_in(world.bruno), bruno, "LEAVE")
    assert decide(sign_in(world.adviser), campaign, "END", bruno).status_code == 404
    client = sign_in(world.inspector)
    body = client.get(address("decision_list", campaign.pk)).content.decode()
    assert "selon le vœu" in body
    assert decide(client, campaign, "ADVANCE", amina, companion=world.trainer.pk).status_code == 302
    made = Decision.objects.get(membership=amina)
    assert (made.verb, made.accompanied_by, made.decided_by) == (Verb.ADVANCE, world.trainer, world.inspector)
    assert decide(client, campaign, "AS_WISHED", amina, bruno, chloe).status_code == 302
    assert dict(Decision.objects.values_list("membership__person__first_name", "verb")) == {
        "Amina": "ADVANCE",
        "Bruno": "END",
    }
    answer = client.post(address("decision_save", campaign.pk) + "?liste=sans-reponse", {"verb": "STAY", "whole": "1"})
    assert answer.status_code == 302
    assert Decision.objects.get(membership=chloe).verb == Verb.STAY
    client.post(address("decision_remove", campaign.pk, chloe.pk))
    assert not Decision.objects.filter(membership=chloe).exists()


def test_an_impossible_decision_names_who_and_changes_nobody(world, sign_in, campaign):
    amina, bruno = world.amina.memberships.get(), world.bruno.memberships.get()
    Membership.objects.filter(pk=bruno.pk).update(stage=Stage.RELAY)
    answer = decide(sign_in(world.inspector), campaign, "ADVANCE", amina, bruno)
    assert answer.status_code == 422
    assert "Bruno Petit" in answer.content.decode()
    assert not Decision.objects.exists()
    foreign = world.denis.memberships.get()
    assert decide(sign_in(world.inspector), campaign, "STAY", amina, foreign).status_code == 422
    assert decide(sign_in(world.inspector), campaign, "STAY").status_code == 422
    assert not Decision.objects.exists()


def test_a_relay_says_a_territory(world, sign_in):
    mine = world.amina.memberships.get()
    save = address("commitment_save", mine.pk)
    data = {"territory": "Val-de-Reuil", "schools": [world.here.schools[0].pk]}
    assert sign_in(world.amina).post(save, data).status_code == 422
    Membership.objects.filter(pk=mine.pk).update(stage=Stage.RELAY)
    client = sign_in(world.amina)
    assert world.there.schools[0].name not in client.get(address("membership_page", mine.pk)).content.decode()
    assert client.post(save, data | {"schools": [world.there.schools[0].pk]}).status_code == 422
    assert client.post(save, data).status_code == 302
    assert "Val-de-Reuil" in client.get(address("membership_page", mine.pk)).content.decode()


# --- The new year -------------------------------------------------------------------------------------------------
@pytest.fixture
def decided(world, campaign):
    """Amina goes on, with Bruno; Chloé pauses; a long leave, a mover, somebody who is gone, one without an answer."""
    for name, answer in (("amina", Answer.CONTINUE), ("bruno", Answer.LEAVE), ("chloe", Answer.PAUSE)):
        who = getattr(world, name)
        actions.answer(membership=who.memberships.get(), answer=answer, word="", version=0, by=who)
    actions.decide(
        campaign=campaign,
        memberships=[world.amina.memberships.get().pk],
        verb=Verb.ADVANCE,
        by=world.inspector,
        companion=world.trainer,
    )
    first = plan.next_year_bounds(world.year)[0]
    for name, standing, ends, place in (
        ("leave", Standing.ON_LEAVE, None, None),
        ("mover", Standing.ACTIVE, True, world.there.schools[0]),
        ("gone", Standing.ACTIVE, True, None),
        ("silent", Standing.ACTIVE, None, None),
        ("back", Standing.PAUSED, None, None),
    ):
        who = world.people[name] = person(f"{name}@ecole.test", name.title(), "Zola")
        post(
            who, Role.TEACHER, world.here.schools[0], ends_on=world.year.last_day - timedelta(days=2) if ends else None
        )
        if place:
            post(who, Role.TEACHER, place, starts_on=first)
        join(who, world.here.group)
        who.memberships.update(standing=standing)
    back = world.back.memberships.get()
    actions.answer(membership=back, answer=Answer.CONTINUE, word="", version=0, by=world.back)
    return close(campaign)


def next_rows(world) -> dict[str, tuple[str, str]]:
    rows = Membership.objects.filter(school_year__first_day__gt=world.year.last_day).select_related("person")
    return {row.person.first_name: (row.stage, row.standing) for row in rows}


AFTER = {
    "Amina": ("SECOND_YEAR", "ACTIVE"),
    "Chloé": ("FIRST_YEAR", "PAUSED"),
    "Leave": ("FIRST_YEAR", "ON_LEAVE"),
    "Back": ("FIRST_YEAR", "ACTIVE"),
}


def test_the_preview_says_what_becomes_of_each_and_writes_nothing(world, sign_in, decided):
    body = sign_in(world.inspector).get(address("year_preview", decided.pk)).content.decode()
    for case in (Case.GOES_ON, Case.RESTS, Case.ON_LEAVE, Case.LEAVES, Case.MOVED, Case.GONE, Case.MISSING, Case.BACK):
        assert rules.CASE_LABELS[case] in body, case
    only = sign_in(world.inspector).get(address("year_preview", decided.pk) + "?cas=MISSING").content.decode()
    assert "Silent Zola" in only
    assert "Mover Zola" not in only
    assert next_rows(world) == {}


def test_the_year_opens_once_however_often_it_is_pressed(world, sign_in, decided):
    client = sign_in(world.inspector)
    for _ in range(3):
        assert client.post(address("year_open", decided.pk)).status_code == 302
    assert next_rows(world) == AFTER
    opening = YearOpening.objects.get()
    assert (opening.opened_by, opening.from_year) == (world.inspector, world.year)
    made = world.amina.memberships.get(school_year=opening.to_year)
    assert made.accompanied_by == world.trainer
    assert made.history.count() == 1
    logged = made.moves.get()
    assert (logged.verb, logged.by, logged.from_stage, logged.to_stage) == (
        Verb.ADVANCE,
        world.inspector,
        "FIRST_YEAR",
        "SECOND_YEAR",
    )
    assert world.bruno.memberships.get().moves.get().verb == Verb.END
    assert Membership.objects.in_force().filter(person=world.bruno).exists()  # until the end of the year
    assert Candidate.objects.get().district == world.there.district
    assert Notice.objects.filter(person=world.amina, title__contains="deuxième année").exists()
    assert not Notice.objects.filter(person=world.silent, key__startswith="opening").exists()


def test_a_late_decision_is_carried_out_at_once(world, decided):
    opening = actions.open_year(campaign=decided, by=world.inspector)
    silent = world.silent.memberships.get()
    actions.decide(campaign=decided, memberships=[silent.pk], verb=Verb.STAY, by=world.inspector)
    assert next_rows(world) == AFTER | {"Silent": ("FIRST_YEAR", "ACTIVE")}
    assert world.silent.memberships.get(school_year=opening.to_year).opening == opening


def test_it_waits_for_the_end_of_the_wishes_and_for_the_inspector(world, decided):
    with pytest.raises(Refusal):
        actions.open_year(campaign=decided, by=world.adviser)
    decided.closes_on = timezone.localdate()
    decided.save()
    with pytest.raises(Refusal, match="encore ouverts"):
        actions.open_year(campaign=decided, by=world.inspector)


def test_it_is_taken_back_whole_and_opened_anew(world, sign_in, decided):
    before = sorted(map(repr, Membership.objects.values_list()))
    client = sign_in(world.inspector)
    client.post(address("year_open", decided.pk))
    assert client.post(address("year_take_back", decided.pk)).status_code == 302
    assert sorted(map(repr, Membership.objects.values_list())) == before
    assert not MembershipMove.objects.filter(verb__in=OVER_THE_YEAR).exists()
    assert not Candidate.objects.exists()
    undone = YearOpening.objects.get()
    assert undone.undone_by == world.inspector
    client.post(address("year_open", decided.pk))
    assert next_rows(world) == AFTER


def test_nothing_is_taken_back_after_the_first_event(world, monkeypatch, decided):
    opening = actions.open_year(campaign=decided, by=world.inspector)
    monkeypatch.setattr(registries, "_new_year_events", [*registries._new_year_events, lambda district, year: True])
    with pytest.raises(Refusal, match="déjà passé quelque chose"):
        actions.take_back(opening=opening, by=world.inspector)
    monkeypatch.undo()
    made = world.amina.memberships.get(school_year=opening.to_year)
    group_actions.move(membership=made, verb=Verb.PAUSE, by=world.adviser)  # a move by hand is an event
    with pytest.raises(Refusal, match="déjà passé quelque chose"):
        actions.take_back(opening=opening, by=world.inspector)


def test_opened_late_a_mover_has_moved_on_the_last_day_and_comes_back_by_the_undo(world, decided, time_machine):
    mover = world.mover.memberships.get()
    time_machine.move_to(timezone.make_aware(timezone.datetime(world.year.last_day.year, 9, 3, 9)))
    opening = actions.open_year(campaign=decided, by=Person.objects.get(pk=world.inspector.pk))
    mover.refresh_from_db()
    assert (mover.standing, mover.left_on) == (Standing.MOVED, world.year.last_day)
    actions.take_back(opening=opening, by=Person.objects.get(pk=world.inspector.pk))
    mover.refresh_from_db()
    assert (mover.standing, mover.left_on) == (Standing.ACTIVE, None)


def test_another_school_of_the_district_changes_nothing_but_is_told(world, decided):
    first = plan.next_year_bounds(world.year)[0]
    Posting.objects.filter(person=world.amina).update(ends_on=world.year.last_day)
    post(world.amina, Role.TEACHER, world.here.schools[1], starts_on=first)
    lines = {line.membership.person.first_name: line for line in plan.lines(decided, plan.carried(decided))}
    assert lines["Amina"].changes_school
    assert not lines["Silent"].changes_school
    actions.open_year(campaign=decided, by=world.inspector)
    assert next_rows(world) == AFTER


def test_postings_not_yet_entered_send_nobody_away(world, decided):
    """They are entered year by year: until September is known, June speaks."""
    Posting.objects.filter(person=world.amina).update(ends_on=world.year.last_day)
    lines = {line.membership.person.first_name: line for line in plan.lines(decided, plan.carried(decided))}
    assert lines["Amina"].outcome.case == Case.GOES_ON


def test_who_is_already_in_the_new_year_is_left_as_is(world, decided):
    first, last = plan.next_year_bounds(world.year)
    after = SchoolYear.objects.create(first_day=first, last_day=last)
    Membership.objects.create(person=world.amina, group=world.here.group, school_year=after)
    actions.open_year(campaign=decided, by=world.inspector)
    assert next_rows(world)["Amina"] == ("FIRST_YEAR", "ACTIVE")


@pytest.mark.parametrize("name", ["campaign_page", "decision_list", "year_preview"])
def test_pages_cost_the_same_with_more_rows(world, sign_in, campaign, name):
    client = sign_in(world.inspector)

    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address(name, campaign.pk)).status_code == 200
        return len(queries)

    cost()
    few = cost()
    for number in range(3):
        who = person(f"x{number}@ecole.test", "X", f"X{number}")
        post(who, Role.TEACHER, world.here.schools[0])
        Wish.objects.create(membership=join(who, world.here.group), answer="PAUSE")
        Decision.objects.create(membership=join(who, world.here.other_group), verb=Verb.STAY)
    assert cost() == few


# --- Races, on PostgreSQL -------------------------------------------------------------------------------------------
def _at_once(*calls) -> list:
    """Run these calls in threads that start together, and return what each gave or raised."""
    gate, found = threading.Barrier(len(calls)), []

    def run(call):
        gate.wait()
        try:
            found.append(call())
        except Exception as error:  # noqa: BLE001 (what a thread raised is what the test looks at)
            found.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=[call]) for call in calls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return found


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite writes one at a time")
@pytest.mark.django_db(transaction=True)
def test_pressed_by_two_at_once_it_opens_once(world, decided):
    inspector = Person.objects.get(pk=world.inspector.pk)
    found = _at_once(*[lambda: actions.open_year(campaign=decided, by=inspector)] * 4)
    assert {one.pk for one in found} == {YearOpening.objects.get().pk}
    assert next_rows(world) == AFTER


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite writes one at a time")
@pytest.mark.django_db(transaction=True)
def test_two_first_answers_at_once_keep_one_and_refuse_the_other(world, campaign):
    mine = world.amina.memberships.get()
    found = _at_once(
        *[
            lambda word=word: actions.answer(
                membership=mine, answer=Answer.CONTINUE, word=word, version=0, by=world.amina
            )
            for word in ("un", "deux")
        ]
    )
    assert sorted(type(one).__name__ for one in found) == ["Overtaken", "Wish"]
    assert Wish.objects.get().version == 1


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite writes one at a time")
@pytest.mark.django_db(transaction=True)
def test_without_the_lock_the_second_who_presses_meets_an_error(world, decided, monkeypatch):
    """The canary: both have found the year closed before either opens it; only the constraint is left."""
    both, known = threading.Barrier(2), actions.opening_of

    def known_and_met(campaign):
        found = known(campaign)
        both.wait(timeout=20)
        return found

    monkeypatch.setattr(actions, "_locked", lambda campaign: WishCampaign.objects.get(pk=campaign.pk))
    monkeypatch.setattr(actions, "opening_of", known_and_met)
    inspector = Person.objects.get(pk=world.inspector.pk)
    found = _at_once(*[lambda: actions.open_year(campaign=decided, by=inspector)] * 2)
    assert sorted(type(one).__name__ for one in found) == ["IntegrityError", "YearOpening"]
    assert next_rows(world) == AFTER


def change_twice_at_once(world) -> list[str]:
    """Two tabs, each made from the same answer, send another word: what each gets."""
    mine = world.amina.memberships.get()
    actions.answer(membership=mine, answer=Answer.CONTINUE, word="", version=0, by=world.amina)
    found = _at_once(
        *[
            lambda word=word: actions.answer(membership=mine, answer=Answer.PAUSE, word=word, version=1, by=world.amina)
            for word in ("un", "deux")
        ]
    )
    return sorted(type(one).__name__ for one in found)


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite writes one at a time")
@pytest.mark.django_db(transaction=True)
def test_two_changes_at_once_keep_one_and_tell_the_other(world, campaign):
    assert change_twice_at_once(world) == ["Overtaken", "Wish"]
    assert Wish.objects.get().version == 2


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite writes one at a time")
@pytest.mark.django_db(transaction=True)
def test_without_the_lock_one_change_replaces_the_other_in_silence(world, campaign, monkeypatch):
    """The canary: both have compared the version before either writes, so it says nothing."""
    both, save = threading.Barrier(2), Wish.save

    def meet_and_save(self, *args, **kwargs):
        if self.version > 1:
            both.wait(timeout=20)
        save(self, *args, **kwargs)

    monkeypatch.setattr(QuerySet, "select_for_update", lambda rows, **options: rows)
    monkeypatch.setattr(Wish, "save", meet_and_save)
    assert change_twice_at_once(world) == ["Wish", "Wish"]
    assert Wish.objects.get().version == 2
