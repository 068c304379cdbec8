"""Schools that too many teachers leave at once: counted by half-day, whom to keep, refused, and what is let pass."""

from datetime import date

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from circo.calendar.rules import HalfDay
from circo.errors import Refusal
from events.convening import actions as convening
from events.models import Convocation, DayRules, LeavingException
from events.needs import actions as need_actions
from events.needs import queries, rules
from events.needs.leaving import actions
from events.needs.rules import Leaver, Post, Priority
from tests.events.days import NOW, announced

REPLY_BY = date(2027, 3, 1)


@pytest.fixture(autouse=True)
def _november():
    with time_machine.travel(NOW.replace(tzinfo=timezone.get_default_timezone()), tick=True):
        yield


@pytest.fixture
def day(world, db):
    """An announced day whose letters wait: the three teachers of one school would leave, two may."""
    day = announced(world.here, world.inspector)
    limits = {"is_leaving_limited": True, "leaving_percent": 100, "leaving_most": 2}
    DayRules.objects.update_or_create(district=world.here.district, defaults=limits)
    return day


def send(day, world):
    return convening.send(day=day, reply_by=REPLY_BY, by=world.secretary)


def of(day, person) -> Convocation:
    return Convocation.objects.get(day=day, person=person)


def crowded(day):
    (found,) = queries.needs_page(day).crowded
    return found


# --- Rules ------------------------------------------------------------------------------------------------------------
def test_who_shares_a_class_leaves_on_their_own_half_day():
    on = date(2027, 3, 18)
    halves = [HalfDay(on, "AM"), HalfDay(on, "PM")]
    posts = [
        Post(1, 10, 7, frozenset({"CP"}), half_days=frozenset({"THU_AM"})),
        Post(2, 20, 7, frozenset({"CP"}), half_days=frozenset({"THU_PM"})),
        Post(3, 30, 7, frozenset({"CM1"})),
    ]
    called = dict.fromkeys((10, 20, 30), halves)
    found = rules.leaving(rules.classes_of(posts), called, {7: halves})
    assert found == {7: {"AM": {10, 30}, "PM": {20, 30}}}


def test_a_guest_is_kept_before_the_class_that_is_covered_last_and_each_says_why():
    guest = Leaver(1, ("A", ""), rank="1", is_guest=True)
    last = Leaver(2, ("B", ""), rank=Priority.LAST)
    been = Leaver(3, ("C", ""), rank=Priority.NEXT, came_before=True)
    waits = Leaver(4, ("D", ""), rank=Priority.NEXT, is_called=False)
    silent = Leaver(5, ("E", ""), rank=Priority.NEXT, has_answered=False)
    plain = Leaver(6, ("F", ""), rank=Priority.NEXT)
    first = Leaver(7, ("G", ""), rank=Priority.FIRST)
    everybody = [first, plain, silent, waits, been, last, guest]
    assert rules.kept_back({"AM": everybody}, 1) == everybody[:0:-1]
    assert [one.why for one in (guest, last, been, waits, silent, plain)] == [
        "invité·e, hors des réseaux",
        "le plan couvre cette classe en dernier",
        "déjà à une journée cette année",
        "convocation pas encore envoyée",
        "pas encore de réponse",
        "à égalité avec les autres, dans l’ordre des noms",
    ]


leavers = st.builds(
    Leaver,
    st.integers(1, 30),
    st.just(("", "")),
    st.sampled_from(["", "1", "2", "3"]),
    st.booleans(),
    st.booleans(),
)


@given(
    st.lists(leavers, max_size=12, unique_by=lambda one: one.person_id),
    st.lists(leavers, max_size=12, unique_by=lambda one: one.person_id),
    st.integers(1, 6),
)
def test_whom_one_keeps_suffices_and_nobody_is_kept_for_nothing(morning, afternoon, most):
    leaving = {"AM": morning, "PM": afternoon}
    kept = rules.kept_back(leaving, most)
    for people in leaving.values():
        assert len(set(people) - set(kept)) <= most
    for one in kept:
        assert any(one in people and len(people) > most for people in leaving.values())


# --- The page and the letters -----------------------------------------------------------------------------------------
def test_the_page_says_how_many_and_whom_to_keep(world, day, sign_in):
    need_actions.compute(day=day, by=world.inspector)
    need = day.needs.get(people=world.chloe)
    need_actions.rank(need=need, priority=Priority.LAST, note="", is_shared_out=False, by=world.inspector)
    found = crowded(day)
    assert (found.leaving, found.most, found.when) == (3, 2, "")
    assert [(one.person, one.why) for one in found.keep] == [
        (world.chloe, "le plan couvre cette classe en dernier, convocation pas encore envoyée")
    ]
    page = sign_in(world.secretary).get(reverse("events:need_list", args=[day.pk])).text
    assert reverse("events:convocation_take_out", args=[day.pk, of(day, world.chloe).pk]) in page
    assert reverse("events:leaving_new", args=[day.pk, found.school.pk]) not in page
    page = sign_in(world.inspector).get(reverse("events:need_list", args=[day.pk])).text
    assert reverse("events:leaving_new", args=[day.pk, found.school.pk]) in page


def test_letters_wait_until_somebody_stays(world, day):
    with pytest.raises(Refusal, match=r"3\senseignants partiraient, 2 au plus. À garder à l’école") as refused:
        send(day, world)
    kept = crowded(day).keep[0]
    assert str(kept.person) in str(refused.value)
    assert not day.convocations.exclude(state="PREPARED").exists()
    convening.take_out(convocation=Convocation.objects.get(pk=kept.convocation_id), by=world.secretary)
    assert send(day, world) == 2


def test_a_district_that_only_flags_sends(world, day):
    DayRules.objects.update(is_leaving_limited=False)
    assert crowded(day).leaving == 3
    assert send(day, world) == 3


def test_nobody_comes_back_called_beyond_the_limit(world, day):
    DayRules.objects.update(is_leaving_limited=False)
    send(day, world)
    convening.take_out(convocation=of(day, world.chloe), by=world.secretary)
    DayRules.objects.update(is_leaving_limited=True)
    with pytest.raises(Refusal, match="Trop d’enseignants"):
        convening.put_back(convocation=of(day, world.chloe), by=world.secretary)
    assert of(day, world.chloe).state == "WITHDRAWN"


# --- What an inspector lets pass --------------------------------------------------------------------------------------
def test_an_exception_is_written_with_who_and_why_and_is_undone(world, day, sign_in):
    school = crowded(day).school
    client = sign_in(world.inspector)
    here = {"day_pk": day.pk, "school_pk": school.pk}
    refused = client.post(reverse("events:leaving_grant", kwargs=here), {"reason": " "})
    assert refused.status_code == 422
    done = client.post(reverse("events:leaving_grant", kwargs=here), {"reason": "Toute l’équipe y tient"})
    exception = LeavingException.objects.get()
    assert (exception.granted_by, exception.reason) == (world.inspector, "Toute l’équipe y tient")
    assert "Toute l’équipe y tient" in client.get(done.headers["Location"]).text
    back = client.post(reverse("events:leaving_take_back", args=[exception.pk]))
    with pytest.raises(Refusal):
        send(day, world)
    undo = reverse("events:leaving_put_back", args=[exception.pk])
    assert undo in client.get(back.headers["Location"]).text
    client.post(undo)
    assert send(day, world) == 3


def test_one_exception_stands_at_a_time(world, day):
    school = crowded(day).school
    first = actions.grant(day=day, school=school, reason="Oui", by=world.inspector)
    with pytest.raises(Refusal, match="déjà accordée"):
        actions.grant(day=day, school=school, reason="Oui", by=world.inspector)
    actions.take_back(exception=first, by=world.inspector)
    actions.grant(day=day, school=school, reason="Encore", by=world.inspector)
    with pytest.raises(Refusal, match="déjà accordée"):
        actions.put_back(exception=first, by=world.inspector)


@pytest.mark.parametrize("who", ["secretary", "adviser", "brigade_manager", "inspector_there", "amina"])
def test_the_inspector_alone_lets_pass(world, day, who, sign_in):
    school = crowded(day).school
    with pytest.raises(Refusal, match="L’inspection seule"):
        actions.grant(day=day, school=school, reason="Oui", by=world.people[who])
    address = reverse("events:leaving_new", args=[day.pk, school.pk])
    assert sign_in(world.people[who]).get(address).status_code == 404
