"""Ask for a seat, answer, wait, cancel: one act at a time, through the pages."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from circo import registries
from circo.calendar import queries as calendar
from circo.calendar.rules import HalfDay
from circo.errors import Refusal
from circo.models import HourEntry, Notice
from circo.registries import Busy
from networks.models import Visit, VisitSettings
from networks.visits import actions, moving, queries, rules
from networks.visits.rules import VisitState
from tests.networks.visits_things import site_of, visit_of
from tests.world import join, person, post

PARIS = ZoneInfo("Europe/Paris")
NOW = datetime(2026, 11, 26, 10, 0, tzinfo=PARIS)  # a Thursday
TUESDAY = HalfDay(date(2026, 12, 8), "AM")
FOCUS = "Comment les élèves se répondent"


@pytest.fixture(autouse=True)
def _that_day():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def site(world):
    return site_of(world.amina)


def url(verb: str, visit: Visit, *more: str) -> str:
    return reverse(f"networks:{verb}", args=[visit.pk, *more])


def ask(client, site, half_day: HalfDay = TUESDAY, **changes):
    typed = {"half_day": half_day.code, "focus": FOCUS, **changes}
    return client.post(reverse("networks:visit_ask", args=[site.pk]), typed)


def mate(name: str, world):
    """One more colleague of Amina's group, in the other school."""
    made = person(f"{name}@ecole.test", name.title(), "Petit")
    post(made, "TEACHER", world.here.schools[1])
    join(made, world.here.group)
    return made


def test_a_visit_from_the_request_to_the_day(world, site, sign_in):
    head = mate("tess", world)
    post(head, "HEAD_TEACHER", world.here.schools[0])
    client = sign_in(world.chloe)
    page = client.get(reverse("networks:site_page", args=[site.pk])).content.decode()
    assert "mardi 8 décembre, matin (1\u00a0place)" in page
    assert "mardi 22 décembre" not in page, "holidays"
    answer = ask(client, site)
    visit = Visit.objects.get()
    assert answer.url == url("visit_page", visit)
    assert (visit.state, visit.seat, visit.focus) == (VisitState.ASKED, 1, FOCUS)
    assert "demande à venir" in Notice.objects.get(person=world.amina).title
    host = sign_in(world.amina)
    assert FOCUS in host.get(url("visit_page", visit)).content.decode()
    assert any("Répondre à Chloé" in todo.title for todo in queries.todos(world.amina))
    host.post(url("visit_agree", visit), {"focus": FOCUS})
    host.post(url("visit_move", visit, "confirmer"))
    visit.refresh_from_db()
    assert visit.state == VisitState.CONFIRMED
    assert visit.focus_agreed_at is not None
    told = Notice.objects.get(person=head)
    assert "Chloé Petit vient voir la classe de Amina Petit : mardi 8 décembre, matin" in told.title.replace(
        "\u00a0", " "
    )
    assert FOCUS not in f"{told.title}{told.text}"
    school = sign_in(head).get(reverse("networks:school_visits")).content.decode()
    assert "Chloé Petit" in school
    assert FOCUS not in school
    with time_machine.travel(NOW + timedelta(days=13)):
        assert moving.mind() == 1
        assert moving.mind() == 0, "twice does no harm"
        visit.refresh_from_db()
        assert visit.state == VisitState.HELD
        page = sign_in(world.chloe).get(url("visit_page", visit)).content.decode()
        assert "Écrire le compte rendu" in page


@pytest.mark.parametrize(
    ("half_day", "says"),
    [
        (HalfDay(date(2026, 11, 25), "AM"), "est passée"),
        (HalfDay(date(2026, 11, 26), "AM"), "est passée"),
        (HalfDay(date(2026, 11, 27), "AM"), "au moins 48 heures avant"),
        (HalfDay(date(2026, 12, 9), "AM"), "n’est pas ouverte mercredi 9 décembre, matin"),
        (HalfDay(date(2026, 12, 22), "AM"), "Vacances de Noël"),
        (HalfDay(date(2027, 6, 1), "AM"), "à l’avance au plus"),
    ],
)
def test_half_day_on_which_nobody_can_come_is_said_with_others_and_nothing_is_lost(
    world, site, sign_in, half_day, says
):
    answer = ask(sign_in(world.chloe), site, half_day)
    body = answer.content.decode().replace("\u00a0", " ")
    assert answer.status_code == 422
    assert says in body
    assert "Libres au plus près :" in body
    assert FOCUS in body
    assert not Visit.objects.exists()


@pytest.mark.parametrize("typed", ["", "hier", "2026-12-08_XX", "2026-12-08", "\x00"])
def test_crafted_half_day_is_refused(world, site, sign_in, typed):
    answer = sign_in(world.chloe).post(
        reverse("networks:visit_ask", args=[site.pk]), {"half_day": typed, "focus": FOCUS}
    )
    assert answer.status_code == 422
    assert FOCUS in answer.content.decode()


def test_a_visit_without_a_focus_is_not_asked(world, site, sign_in):
    answer = ask(sign_in(world.chloe), site, focus="   ")
    assert answer.status_code == 422
    assert "ce que vous venez regarder" in answer.content.decode()


@pytest.mark.parametrize(
    ("who", "says"),
    [("amina", "C’est votre propre classe"), ("inspector", "entre collègues"), ("secretary", "entre collègues")],
)
def test_who_may_not_visit(world, site, who, says):
    with pytest.raises(Refusal, match=says):
        actions.ask_visit(site=site, half_day=TUESDAY, focus=FOCUS, by=world.people[who])


def test_superuser_visits_nobody(world, site):
    with pytest.raises(Refusal):
        actions.ask_visit(site=site, half_day=TUESDAY, focus=FOCUS, by=world.superuser)


def test_adviser_and_head_teacher_visit_as_colleagues(world, site):
    actions.ask_visit(site=site, half_day=TUESDAY, focus=FOCUS, by=world.adviser)
    assert Visit.objects.get().visitor == world.adviser


def test_closed_site_takes_nobody(world, site, sign_in):
    actions.move_site(site=site, verb="pause", by=world.amina)
    answer = ask(sign_in(world.chloe), site)
    assert "pas ouverte aux visites en ce moment" in answer.content.decode()
    with pytest.raises(Refusal, match="pas ouverte"):
        actions.ask_visit(site=site, half_day=TUESDAY, focus=FOCUS, by=world.denis)


def test_full_half_day_puts_on_the_waiting_list_and_a_freed_seat_is_offered_in_order(world, site, sign_in):
    first, second = mate("zoe", world), mate("yann", world)
    taken = actions.ask_visit(site=site, half_day=TUESDAY, focus=FOCUS, by=world.chloe)
    answer = ask(sign_in(first), site)
    waits = Visit.objects.get(visitor=first)
    assert answer.url == url("visit_page", waits)
    assert (waits.state, waits.seat) == (VisitState.WAITING, None)
    body = sign_in(first).get(url("visit_page", waits)).content.decode()
    assert "la première personne à attendre" in body
    with time_machine.travel(NOW + timedelta(minutes=1)):
        later = actions.ask_visit(site=site, half_day=TUESDAY, focus=FOCUS, by=second)
    assert "2ᵉ sur la liste" in sign_in(second).get(url("visit_page", later)).content.decode()
    assert sign_in(world.amina).get(url("visit_page", waits)).status_code == 404, "it is nobody else's news"
    sign_in(world.amina).post(url("visit_move", taken, "decliner"), {"text": "Sortie au musée ce jour-là"})
    waits.refresh_from_db()
    assert (waits.state, waits.seat) == (VisitState.OFFERED, 1)
    assert Notice.objects.filter(person=first, title__contains="Une place s’est libérée").exists()
    with time_machine.travel(NOW + timedelta(hours=25)):
        with pytest.raises(Refusal, match="plus proposée"):
            actions.accept_offer(visit=waits, by=first)
        assert moving.mind() == 1
        waits.refresh_from_db()
        later.refresh_from_db()
        assert (waits.state, later.state) == (VisitState.LAPSED, VisitState.OFFERED)
        sign_in(second).post(url("visit_move", later, "accepter"))
        later.refresh_from_db()
        assert (later.state, later.seat) == (VisitState.ASKED, 1)


def test_who_is_seated_elsewhere_is_not_offered_a_seat(world, site):
    other = site_of(world.bruno, title="Le calcul")
    first, second = mate("zoe", world), mate("yann", world)
    taken = actions.ask_visit(site=site, half_day=TUESDAY, focus=FOCUS, by=world.chloe)
    waits = actions.ask_visit(site=site, half_day=TUESDAY, focus=FOCUS, by=first)
    actions.ask_visit(site=other, half_day=TUESDAY, focus=FOCUS, by=first)
    later = actions.ask_visit(site=site, half_day=TUESDAY, focus=FOCUS, by=second)
    actions.cancel_visit(visit=taken, word="", by=world.chloe)
    waits.refresh_from_db()
    later.refresh_from_db()
    assert (waits.state, later.state) == (VisitState.WAITING, VisitState.OFFERED)


def test_nobody_has_two_visits_at_once(world, site):
    other = site_of(world.bruno, title="Le calcul")
    visit = actions.ask_visit(site=site, half_day=TUESDAY, focus=FOCUS, by=world.chloe)
    with pytest.raises(Refusal, match="déjà demandé cette visite"):
        actions.ask_visit(site=site, half_day=TUESDAY, focus=FOCUS, by=world.chloe)
    with pytest.raises(Refusal, match="déjà une visite"):
        actions.ask_visit(site=other, half_day=TUESDAY, focus=FOCUS, by=world.chloe)
    with pytest.raises(IntegrityError):
        Visit.objects.create(
            site=other, visitor=world.chloe, day=visit.day, half="AM", seat=1, state=VisitState.ASKED, focus="x"
        )


def test_who_is_taken_by_something_else_is_told_so(world, site, monkeypatch):
    def provider(ids, first, last):
        yield from (Busy(pk, TUESDAY, "Rencontre de groupe") for pk in ids if pk == world.chloe.pk)

    monkeypatch.setattr(registries, "_busy_providers", [*registries.busy_providers(), provider])
    with pytest.raises(Refusal, match="Rencontre de groupe"):
        actions.ask_visit(site=site, half_day=TUESDAY, focus=FOCUS, by=world.chloe)


def test_host_s_day_off_is_no_visit_and_visitor_s_day_off_is_one(world, site):
    week = [f"{day}_{half}" for day in ("MON", "THU", "FRI") for half in ("AM", "PM")]
    world.chloe.postings.update(half_days=week)
    actions.ask_visit(site=site, half_day=TUESDAY, focus=FOCUS, by=world.chloe)
    world.amina.postings.update(half_days=week)
    with pytest.raises(Refusal, match="pas avec sa classe"):
        actions.ask_visit(site=site, half_day=TUESDAY, focus=FOCUS, by=world.bruno)
    assert TUESDAY not in [slot.half_day for slot in queries.slots([site], timezone.now())[site.pk]]


def test_visits_of_a_year_have_an_end(world, site):
    VisitSettings.objects.create(district=world.here.district, visits_a_year=1)
    visit_of(site, world.chloe, date(2026, 10, 6), state=VisitState.REPORTED)
    with pytest.raises(Refusal, match="1\u00a0visites par an"):
        actions.ask_visit(site=site, half_day=TUESDAY, focus=FOCUS, by=world.chloe)


def test_a_seat_that_frees_is_neither_offered_nor_given_past_the_visits_of_a_year(world, site, sign_in):
    VisitSettings.objects.create(district=world.here.district, visits_a_year=1)
    taken = actions.ask_visit(site=site, half_day=TUESDAY, focus=FOCUS, by=world.bruno)
    waits = actions.ask_visit(site=site, half_day=TUESDAY, focus=FOCUS, by=world.chloe)
    elsewhere = visit_of(site_of(world.bruno), world.chloe, date(2026, 10, 6), state=VisitState.REPORTED)
    actions.decline_visit(visit=taken, word="Une sortie", by=world.amina)
    waits.refresh_from_db()
    assert waits.state == VisitState.WAITING
    Visit.objects.filter(pk=elsewhere.pk).update(state=VisitState.CANCELLED, seat=None)
    with transaction.atomic():
        moving.offer_next(moving.locked_site(site.pk), TUESDAY, timezone.now())
    Visit.objects.filter(pk=elsewhere.pk).update(state=VisitState.REPORTED, seat=1)
    answer = sign_in(world.chloe).post(url("visit_move", waits, "accepter"))
    assert "1\u00a0visites par an" in answer.content.decode()
    waits.refresh_from_db()
    assert waits.state == VisitState.OFFERED


def test_two_seats_take_two_and_a_third_waits(world):
    site = site_of(world.amina, seats=2)
    visits = [
        actions.ask_visit(site=site, half_day=TUESDAY, focus=FOCUS, by=who)
        for who in (world.bruno, world.chloe, world.adviser)
    ]
    assert [visit.seat for visit in visits] == [1, 2, None]
    slot = next(one for one in queries.slots([site], timezone.now())[site.pk] if one.half_day == TUESDAY)
    assert (slot.free, slot.waiting) == (0, 1)


def test_cancelling_needs_a_word_and_tells_the_others(world, site, sign_in):
    head = mate("tess", world)
    post(head, "HEAD_TEACHER", world.here.schools[0])
    visit = actions.ask_visit(site=site, half_day=TUESDAY, focus=FOCUS, by=world.chloe)
    actions.confirm_visit(visit=visit, by=world.amina)
    client = sign_in(world.chloe)
    assert client.post(url("visit_move", visit, "annuler"), {"text": ""}).status_code == 422
    client.post(url("visit_move", visit, "annuler"), {"text": "Une réunion de parents"})
    visit.refresh_from_db()
    assert (visit.state, visit.seat, visit.ended_by) == (VisitState.CANCELLED, None, world.chloe)
    assert Notice.objects.filter(person=world.amina, text="Une réunion de parents").exists()
    assert Notice.objects.filter(person=head, title__contains="ne vient pas").exists()
    assert not Visit.objects.coming_to_school_of(head).exists()
    (event,) = queries.events(world.chloe, date(2026, 11, 1))
    assert event.cancelled


def test_busy_and_events_of_both(world, site):
    visit = actions.ask_visit(site=site, half_day=TUESDAY, focus=FOCUS, by=world.chloe)
    day = TUESDAY.day
    both = [world.amina.pk, world.chloe.pk]
    taken = calendar.busy(both, day, day)
    assert [bool(taken[pk]) for pk in both] == [False, True]
    actions.confirm_visit(visit=visit, by=world.amina)
    taken = calendar.busy(both, day, day)
    assert {one.reason for rows in taken.values() for one in rows} == {rules.BUSY_REASON}
    assert all(taken[pk] for pk in both)
    (of_host,), (of_visitor,) = (list(queries.events(who, day)) for who in (world.amina, world.chloe))
    assert of_host.uid != of_visitor.uid
    assert of_visitor.title == "Visite de classe chez Amina Petit"
    assert FOCUS not in f"{of_host}{of_visitor}"
    before = of_visitor.sequence
    actions.cancel_visit(visit=visit, word="Malade", by=world.amina)
    (of_visitor,) = queries.events(world.chloe, day)
    assert of_visitor.cancelled
    assert of_visitor.sequence > before
    assert not any(calendar.busy(both, day, day).values())


def test_focus_written_anew_is_to_be_agreed_again(world, site, sign_in):
    visit = actions.ask_visit(site=site, half_day=TUESDAY, focus=FOCUS, by=world.chloe)
    actions.agree_focus(visit=visit, focus=FOCUS, by=world.amina)
    sign_in(world.chloe).post(url("visit_focus", visit), {"text": "La consigne"})
    visit.refresh_from_db()
    assert (visit.focus, visit.focus_agreed_at) == ("La consigne", None)
    body = sign_in(world.amina).post(url("visit_agree", visit), {"focus": FOCUS}, follow=True).content.decode()
    assert "vient de le réécrire" in body
    for verb, by in ((actions.write_focus, world.amina), (actions.agree_focus, world.chloe)):
        with pytest.raises(Refusal):
            verb(visit=visit, focus="La consigne", by=by)
    assert sign_in(world.chloe).post(url("visit_focus", visit), {"text": " "}).status_code == 422


@pytest.mark.parametrize("who", ["bruno", "inspector", "adviser", "superuser", "denis", "head_teacher"])
def test_a_visit_is_read_by_its_two_people_alone(world, site, sign_in, who):
    visit = visit_of(site, world.chloe, TUESDAY.day)
    client = sign_in(world.people[who])
    assert client.get(url("visit_page", visit)).status_code == 404
    for name, more in (("visit_focus", ()), ("visit_agree", ()), ("visit_thank", ()), ("visit_move", ("annuler",))):
        assert client.post(url(name, visit, *more), {"text": "x"}).status_code == 404
    with pytest.raises(Refusal):
        actions.cancel_visit(visit=visit, word="x", by=world.people[who])


def test_hours_are_credited_once_and_taken_back(world, site):
    VisitSettings.objects.create(district=world.here.district, hours_count=True, minutes=90)
    visit = visit_of(site, world.chloe, TUESDAY.day)
    with time_machine.travel(NOW + timedelta(days=13)):
        moving.mind()
        moving.mind()
        entry = HourEntry.objects.get()
        assert (entry.person, entry.minutes, entry.source) == (world.chloe, 90, f"networks.visit:{visit.pk}")
        visit.refresh_from_db()
        actions.cancel_visit(visit=visit, word="La classe était en sortie", by=world.amina)
        assert not HourEntry.objects.exists()


def test_hours_do_not_count_unless_the_district_says_so(world, site):
    visit_of(site, world.chloe, TUESDAY.day)
    with time_machine.travel(NOW + timedelta(days=13)):
        moving.mind()
    assert not HourEntry.objects.exists()


def test_request_left_without_an_answer_lapses_and_is_told(world, site):
    visit = actions.ask_visit(site=site, half_day=TUESDAY, focus=FOCUS, by=world.chloe)
    with time_machine.travel(NOW + timedelta(days=13)):
        with pytest.raises(Refusal, match="est passée"):
            actions.confirm_visit(visit=visit, by=world.amina)
        moving.mind()
    visit.refresh_from_db()
    assert (visit.state, visit.seat) == (VisitState.LAPSED, None)
    assert Notice.objects.filter(person=world.chloe, title__contains="restée sans réponse").exists()


def test_thanks_after_the_visit_once(world, site, sign_in):
    visit = visit_of(site, world.chloe, TUESDAY.day)
    client = sign_in(world.chloe)
    assert client.post(url("visit_thank", visit), {"text": "Merci !"}).status_code == 422
    with time_machine.travel(NOW + timedelta(days=13)):
        client = sign_in(world.chloe)
        assert client.post(url("visit_thank", visit), {"text": "Merci !"}).status_code == 302
        assert Notice.objects.filter(person=world.amina, text="Merci !").exists()
        assert client.post(url("visit_thank", visit), {"text": "Encore merci"}).status_code == 422
        assert sign_in(world.amina).post(url("visit_thank", visit), {"text": "De rien"}).status_code == 422


def test_objection_and_suspension_call_off_what_was_to_come(world, sign_in):
    site = site_of(world.amina, school=world.here.schools[1])
    post(world.amina, "TEACHER", world.here.schools[1])
    coming = visit_of(site, world.chloe, TUESDAY.day)
    past = visit_of(site, world.chloe, date(2026, 11, 3), state=VisitState.HELD)
    head = sign_in(world.head_teacher)
    head.post(reverse("networks:site_answer", args=[site.pk, "opposition"]), {"word": "Travaux"})
    coming.refresh_from_db()
    past.refresh_from_db()
    assert (coming.state, coming.word) == (VisitState.CANCELLED, "Travaux")
    assert past.state == VisitState.HELD
    for who in (world.chloe, world.amina):
        assert Notice.objects.filter(person=who, title__startswith="La visite est annulée").exists()


def test_head_teacher_s_page_is_for_head_teachers(world, site, sign_in):
    visit_of(site, world.chloe, TUESDAY.day)
    assert sign_in(world.amina).get(reverse("networks:school_visits")).status_code == 404
    body = sign_in(world.head_teacher).get(reverse("networks:school_visits")).content.decode()
    assert "Chloé" not in body, "of another school"


@pytest.mark.parametrize("count", [1, 3])
def test_pages_cost_the_same_whatever_they_hold(world, sign_in, count, django_assert_num_queries):
    for n in range(count):
        host = mate(f"hote{n}", world)
        shown = site_of(host, title=f"Classe {n}", network=world.here.network)
        visit_of(shown, world.chloe, TUESDAY.day + timedelta(days=n))
        visit_of(shown, world.chloe, date(2026, 10, 6) + timedelta(days=n), state=VisitState.HELD)
    client = sign_in(world.chloe)
    for address, cost in (
        (reverse("networks:visit_list"), 8),
        (reverse("networks:site_list"), 10 + len(registries.busy_providers())),
    ):
        client.get(address)
        with django_assert_num_queries(cost):
            client.get(address)
    head = sign_in(world.head_teacher)
    head.get(reverse("networks:school_visits"))
    with django_assert_num_queries(6):
        head.get(reverse("networks:school_visits"))


def test_a_year_with_visits_is_not_taken_back_and_visits_are_activity(world, site):
    here, there = world.here.district, world.there.district
    assert not queries.has_visits(here, world.year)
    visit_of(site, world.bruno, TUESDAY.day)
    assert queries.has_visits(here, world.year)
    assert not queries.has_visits(there, world.year)
    since = date(2026, 9, 1)
    assert queries.activity(world.here.group, since) == {}
    visit_of(site, world.bruno, date(2026, 11, 3), state=VisitState.HELD)
    day = date(2026, 11, 3)
    assert queries.activity(world.here.group, since) == {world.amina.pk: day, world.bruno.pk: day}
    assert queries.activity(world.here.group, date(2026, 11, 4)) == {}
