"""Seats that visitors book: kept a day, confirmed by a link, given back, waited for, forgotten."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.db.models import F
from django.urls import reverse
from django.utils import timezone

from circo.errors import Refusal
from circo.models import CacheEntry, Notice, OutgoingMail
from events.festival import actions, booking, helping, keeping, moving, waiting
from events.festival.booking import Asked
from events.festival.mails import token_of
from events.festival.rules import AnimationState, FestivalVerb
from events.festival.views import visitors
from events.festival.waiting import Waiting, next_served
from events.models import AnimationSession, SeatBooking
from events.models.festival import AnimationSessionQuerySet
from tests.events.festivals import NOW, SATURDAY, animation_wanted, moment, published, wanted


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW.replace(tzinfo=timezone.get_default_timezone()), tick=True) as traveller:
        yield traveller


@pytest.fixture
def session(world):
    """A workshop of five seats, on a Saturday at 10."""
    _, animation = published(world.here, world.amina, world.adviser)
    return animation.sessions.get()


def asked(session, name="zoe", seats=1):
    booking.ask(session=session, asked=Asked(name.title(), f"{name}@example.test", seats))
    return SeatBooking.objects.filter(session=session, email=f"{name}@example.test").latest("pk")


def taken(session) -> int:
    return AnimationSession.objects.get(pk=session.pk).taken


def state_of(held) -> str:
    return SeatBooking.objects.get(pk=held.pk).state


def post(client, session, name="zoe", **fields):
    url = reverse("events:visitor_ask", args=[session.animation.festival_id, session.pk])
    typed = {"first_name": "Zoé", "email": f"{name}@example.test", "seats": "2"}
    remote = fields.pop("remote", "192.0.2.1")
    return client.post(url, typed | fields, REMOTE_ADDR=remote)


# --- By the pages -----------------------------------------------------------------------------------------------------
def test_a_visitor_books_confirms_by_the_link_and_gives_back(client, session):
    response = post(client, session)
    assert response.status_code == 302
    assert "Regardez vos e-mails" in client.get(response.url).content.decode()
    mail = OutgoingMail.objects.get()
    assert mail.to == "zoe@example.test"
    assert "2 places vous sont gardées jusqu’au 11 mai à 9\u00a0h" in mail.text
    path = "/" + re.search(r"https?://[^/]+/(fete/places/\S+)", mail.text)[1]
    assert "Confirmez votre réservation" in client.get(path).content.decode()
    held = SeatBooking.objects.get()
    assert (held.state, taken(session)) == ("HELD", 2)  # opening a link says nothing: robots open it too
    client.post(f"{path}confirmer/")
    client.post(f"{path}confirmer/")
    assert (state_of(held), taken(session)) == ("CONFIRMED", 2)
    assert "C’est réservé" in client.get(path).content.decode()
    client.post(f"{path}annuler/")
    assert (state_of(held), taken(session)) == ("CANCELLED", 0)
    client.post(f"{path}confirmer/")
    assert (state_of(held), taken(session)) == ("CONFIRMED", 2)


def test_a_link_that_we_did_not_write_opens_nothing(client, session):
    held = asked(session)
    for token in (str(held.pk), f"{held.pk}:x", token_of(held)[:-1], "%F0"):
        url = reverse("events:visitor_page", args=[token])
        assert client.get(url).status_code == 404
        assert client.post(f"{url}annuler/").status_code == 404
    assert state_of(held) == "HELD"


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"seats": "0"}, "au moins une place"),
        ({"seats": "7"}, "Au plus 6"),
        ({"email": "zoe"}, "pas complète"),
        ({"first_name": " "}, "Écrivez votre prénom"),
    ],
)
def test_bad_input_is_said_and_kept(client, session, typed, words):
    response = post(client, session, **typed)
    page = response.content.decode()
    assert response.status_code == 422
    assert words in page
    assert f'value="{typed.get("email", "zoe@example.test")}"' in page
    assert not SeatBooking.objects.exists()


def test_more_seats_than_there_are(world, session):
    actions.rework(animation=session.animation, wanted=animation_wanted(capacity=3), by=world.adviser)
    with pytest.raises(Refusal, match="3\u00a0places en tout"):
        asked(session, seats=4)


def test_the_same_address_is_told_in_its_mail_alone(client, session):
    first, second = post(client, session), post(client, session, first_name="Autre")
    assert (first.status_code, first.url) == (second.status_code, second.url)
    assert client.get(second.url).content == client.get(first.url).content
    assert SeatBooking.objects.get().first_name == "Zoé"
    assert taken(session) == 2
    assert "Vous avez déjà une demande" in OutgoingMail.objects.order_by("pk").last().text
    assert post(client, session).status_code == 302
    assert OutgoingMail.objects.count() == 2  # nobody is flooded through us


def public_pages(client, session) -> list[str]:
    """What anybody reads of a session, without what each reading makes anew."""
    festival = session.animation.festival
    pages = (reverse("events:festival_public", args=[festival.pk]), form_of(session))
    return [re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", client.get(page).text) for page in pages]


def form_of(session) -> str:
    return reverse("events:visitor_new", args=[session.animation.festival_id, session.pk])


def test_whoever_asks_with_the_address_of_somebody_reads_nothing_of_them(client, session):
    """Asked with an address that has seats, or that has none: the same answer, and the same pages after."""
    known = asked(session, "zoe", 2)
    booking.confirm(booking=known)
    before = public_pages(client, session)
    answers = [post(client, session, name) for name in ("zoe", "leo")]
    after = []
    for answer in answers:
        after.append([client.get(answer.url).content, *public_pages(client, session)])
    assert after[0] == after[1]
    assert after[0][1:] == before
    assert "3 places à prendre" in before[0]


def test_canary_a_count_of_what_is_held_tells_who_comes(client, session, monkeypatch):
    """Were the seats that are held counted too, an address that has asked and one that has not would differ."""
    by_taken = {"left": F("seats") - F("taken")}
    monkeypatch.setattr(AnimationSessionQuerySet, "with_left", lambda rows: rows.annotate(**by_taken))
    booking.confirm(booking=asked(session, "zoe", 2))
    post(client, session, "zoe")
    known = public_pages(client, session)
    post(client, session, "leo")
    assert public_pages(client, session) != known


def test_the_count_of_seats_falls_once_they_are_confirmed(client, session):
    held = asked(session, "leo", 5)
    assert "5 places à prendre" in public_pages(client, session)[0]
    booking.confirm(booking=held)
    assert "Complet" in public_pages(client, session)[0]


def test_what_hosts_read_holds_no_address(world, session, sign_in):
    asked(session, "zoe", 2)
    for who in (world.amina, world.adviser, world.chloe):
        page = sign_in(who).get(reverse("events:animation_page", args=[session.animation_id])).content.decode()
        assert "example.test" not in page
        assert ("Zoe" in page) == (who != world.chloe)


def test_nothing_is_booked_before_publication_nor_once_it_began(world, session, client, clock):
    actions.lead(festival=session.animation.festival, verb=FestivalVerb.UNPUBLISH, by=world.adviser)
    assert post(client, session).status_code == 404
    with pytest.raises(Refusal, match="pas ouvertes"):
        asked(session)
    actions.lead(festival=session.animation.festival, verb=FestivalVerb.PUBLISH, by=world.adviser)
    clock.move_to(session.starts_at)
    assert post(client, session).status_code == 422


# --- Time, and the waiting list ---------------------------------------------------------------------------------------
def test_seats_that_nobody_confirms_go_to_who_waits(session, clock):
    first = asked(session, "zoe", 5)
    second = asked(session, "leo", 4)
    third = asked(session, "mia", 1)
    assert [state_of(one) for one in (first, second, third)] == ["HELD", "WAITING", "WAITING"]
    clock.shift(timedelta(hours=23))
    keeping.settle_all()
    assert state_of(first) == "HELD"
    clock.shift(timedelta(hours=2))
    keeping.settle_all()
    keeping.settle_all()
    assert [state_of(one) for one in (first, second, third)] == ["CANCELLED", "HELD", "HELD"]
    assert taken(session) == 5
    assert OutgoingMail.objects.filter(to="leo@example.test", subject__startswith="Confirmez").count() == 1
    # Too late: the seats are somebody else's.
    assert booking.confirm(booking=first).state == "WAITING"
    assert taken(session) == 5


def test_who_fits_passes_a_group_that_does_not():
    assert next_served([Waiting(1, 4), Waiting(2, 1), Waiting(3, 2)], 2) == [2]
    assert next_served([Waiting(1, 2), Waiting(2, 1)], 3) == [1, 2]
    assert next_served([Waiting(1, 2)], 0) == []


def test_the_second_asking_of_a_connection_comes_after_the_first_of_others():
    asking = [Waiting(1, 6, "robot"), Waiting(2, 6, "robot"), Waiting(3, 4, "family"), Waiting(4, 2)]
    assert next_served(asking, 6, total=12, asked={"robot": 1}) == [3, 4]
    assert next_served(asking, 12, total=12) == [1, 3, 4]
    assert next_served(asking, 6, total=12, held={"robot": 6}) == [3, 4]


def test_the_day_before_each_is_reminded_once(session, clock):
    held = asked(session)
    booking.confirm(booking=held)
    asked(session, "leo")  # never confirmed
    assert keeping.remind() == 0
    clock.move_to(session.starts_at - timedelta(hours=20))
    assert (keeping.remind(), keeping.remind()) == (1, 0)
    assert OutgoingMail.objects.get(subject__startswith="C’est demain").to == "zoe@example.test"


def test_thirty_days_after_nobody_is_named(session, clock):
    booking.confirm(booking=asked(session, "zoe", 2))
    clock.move_to(session.starts_at + timedelta(days=30))
    assert keeping.forget() == 0
    clock.shift(timedelta(days=1))
    assert keeping.forget() == 1
    assert not SeatBooking.objects.exists()
    assert taken(session) == 2


# --- What the team changes --------------------------------------------------------------------------------------------
def test_who_booked_is_told_of_what_does_not_take_place(world, session):
    held = asked(session, "zoe", 2)
    with pytest.raises(Refusal, match="Des visiteurs ont réservé"):
        actions.lead(festival=session.animation.festival, verb=FestivalVerb.UNPUBLISH, by=world.adviser)
    actions.decide(animation=session.animation, state=AnimationState.ASIDE, by=world.adviser)
    assert (state_of(held), taken(session)) == ("CANCELLED", 0)
    assert OutgoingMail.objects.get(subject__startswith="Annulé").to == "zoe@example.test"


@pytest.fixture
def followers(world, session):
    """Zoé has confirmed, Léo waits for his mail, Ana gave up; Chloé helps."""
    actions.rework(animation=session.animation, wanted=animation_wanted(capacity=5, volunteers=1), by=world.adviser)
    booking.confirm(booking=asked(session, "zoe", 2))
    asked(session, "leo")
    booking.cancel(booking=asked(session, "ana"))
    helping.help_at(session=AnimationSession.objects.get(pk=session.pk), by=world.chloe)
    OutgoingMail.objects.all().delete()
    return session


def told() -> set[str]:
    return set(OutgoingMail.objects.filter(subject__startswith="Changement de lieu").values_list("to", flat=True))


def test_who_booked_and_who_helps_are_told_where_it_is_now(world, followers):
    given = {"capacity": 5, "volunteers": 1}
    actions.rework(animation=followers.animation, wanted=animation_wanted(place="Gymnase", **given), by=world.adviser)
    assert told() == {"zoe@example.test", "leo@example.test"}
    assert "Gymnase" in OutgoingMail.objects.get(to="zoe@example.test").text
    assert set(Notice.objects.filter(kind="festival-moved").values_list("person_id", flat=True)) == {
        world.chloe.pk,
        world.amina.pk,
    }
    OutgoingMail.objects.all().delete()
    actions.rework(animation=followers.animation, wanted=animation_wanted(place="Gymnase", **given), by=world.adviser)
    assert told() == set()


def test_who_booked_is_told_when_the_whole_festival_goes_elsewhere(world, followers):
    festival = followers.animation.festival
    actions.change(festival=festival, wanted=wanted(where="Salle des fêtes"), by=world.adviser)
    assert told() == {"zoe@example.test", "leo@example.test"}
    assert "Salle des fêtes" in OutgoingMail.objects.get(to="leo@example.test").text


def test_a_session_moves_with_its_seats_and_tells(world, followers, sign_in):
    animation = followers.animation
    client = sign_in(world.adviser)
    address = reverse("events:animation_time_edit", args=[animation.pk, followers.pk])
    assert 'value="10:00"' in client.get(address).text
    move = reverse("events:animation_time_move", args=[animation.pk, followers.pk])
    typed = {"on": f"{SATURDAY:%Y-%m-%d}", "starts": "14:00", "ends": "15:00"}
    assert client.post(move, typed | {"starts": "19:00", "ends": "20:00"}).status_code == 422
    assert told() == set()
    assert client.post(move, typed).status_code == 302
    assert AnimationSession.objects.get(pk=followers.pk).moment == moment(14, 15)
    assert taken(followers) == 3
    assert told() == {"zoe@example.test", "leo@example.test"}
    assert "de 14\u00a0h à 15\u00a0h" in OutgoingMail.objects.get(to="zoe@example.test").text


def test_a_session_that_moves_and_moves_again_is_told_in_one_mail_more(world, followers, clock):
    """Whoever proposes an animation moves it as often as they like: nobody is flooded through us."""
    for hour in (11, 12, 13, 14, 15):
        moving.move_session(session=followers, moment=moment(hour, hour + 1), by=world.adviser)
    first = OutgoingMail.objects.filter(to="zoe@example.test")
    assert "de 11\u00a0h à 12\u00a0h" in first.get().text
    clock.shift(timedelta(minutes=29))
    assert moving.tell_late() == 0
    clock.shift(timedelta(minutes=2))
    assert [moving.tell_late(), moving.tell_late()] == [1, 0]
    assert "de 15\u00a0h à 16\u00a0h" in first.latest("pk").text
    assert OutgoingMail.objects.count() == 2 * len(told())
    assert Notice.objects.filter(kind="festival-moved", person=world.chloe).count() == 2


def test_what_is_called_off_meanwhile_is_not_told_again(world, followers, clock):
    for hour in (11, 12):
        moving.move_session(session=followers, moment=moment(hour, hour + 1), by=world.adviser)
    actions.withdraw(animation=followers.animation, by=world.amina)
    clock.shift(timedelta(hours=1))
    assert moving.tell_late() == 0


def test_a_session_that_began_or_crosses_another_does_not_move(world, session, clock):
    actions.add_session(animation=session.animation, moment=moment(14, 15), by=world.adviser)
    with pytest.raises(Refusal, match="déjà une séance à cette heure"):
        moving.move_session(session=session, moment=moment(14, 16), by=world.adviser)
    with pytest.raises(Refusal, match="Seule l’équipe"):
        moving.move_session(session=session, moment=moment(12, 13), by=world.denis)
    clock.move_to(session.starts_at + timedelta(minutes=5))
    with pytest.raises(Refusal, match="a commencé"):
        moving.move_session(session=session, moment=moment(12, 13), by=world.adviser)


def test_a_workshop_does_not_shrink_under_who_booked(world, session):
    asked(session, "zoe", 4)
    with pytest.raises(Refusal, match="4\u00a0places sont déjà prises"):
        actions.rework(animation=session.animation, wanted=animation_wanted(capacity=3), by=world.adviser)
    actions.rework(animation=session.animation, wanted=animation_wanted(capacity=4), by=world.adviser)
    assert AnimationSession.objects.get(pk=session.pk).seats == 4
    other = actions.add_session(animation=session.animation, moment=moment(14, 15, SATURDAY), by=world.adviser)
    assert other.seats == 5 - 1


def test_more_seats_go_to_who_waits(world, session):
    asked(session, "zoe", 5)
    waiting = asked(session, "leo", 2)
    actions.rework(animation=session.animation, wanted=animation_wanted(capacity=7), by=world.adviser)
    assert (state_of(waiting), taken(session)) == ("HELD", 7)


def test_the_database_gives_no_seat_twice(session):
    with pytest.raises(IntegrityError), transaction.atomic():
        AnimationSession.objects.filter(pk=session.pk).update(taken=6)


# --- Robots -----------------------------------------------------------------------------------------------------------
@pytest.fixture
def large(world):
    _, animation = published(world.here, world.amina, world.adviser, capacity=500)
    return animation.sessions.get()


def test_a_robot_behind_one_connection_meets_the_limit_in_words(client, large):
    answers = [post(client, large, f"robot{number}", seats="6") for number in range(40)]
    assert [answer.status_code for answer in answers] == [302] * 30 + [429] * 10
    assert SeatBooking.objects.count() == 30
    page = answers[-1].content.decode()
    assert "Trop de demandes en peu de temps" in page
    assert 'value="robot39@example.test"' in page
    assert post(client, large, "family", remote="198.51.100.7").status_code == 302
    assert post(client, large, "v6", remote="2001:db8::1").status_code == 302


THOUSAND = 1000


def robbed(client, session) -> list[int]:
    """A robot asks a thousand times, each time under another name."""
    return [post(client, session, f"robot{number}", seats="1").status_code for number in range(THOUSAND)]


def test_a_thousand_askings_of_a_robot_leave_seats_to_a_family(world, client):
    _, animation = published(world.here, world.amina, world.adviser, capacity=40)
    session = animation.sessions.get()
    codes = robbed(client, session)
    assert (codes.count(302), codes.count(429)) == (30, THOUSAND - 30)
    assert taken(session) == 20  # half of them
    post(client, session, "family", seats="4", remote="198.51.100.7")
    family = SeatBooking.objects.get(email="family@example.test")
    client.post(reverse("events:visitor_confirm", args=[token_of(family)]))
    assert (state_of(family), taken(session)) == ("CONFIRMED", 24)


def test_without_the_limit_a_thousand_askings_leave_nothing_to_a_family(world, client, monkeypatch):
    """The canary: 40 seats held, and the family waits behind nine hundred robots."""
    monkeypatch.setattr(visitors, "_is_too_much", lambda *_: False)
    monkeypatch.setattr(waiting, "may_hold", lambda *_: True)
    _, animation = published(world.here, world.amina, world.adviser, capacity=40)
    session = animation.sessions.get()
    assert set(robbed(client, session)) == {302}
    post(client, session, "family", seats="4", remote="198.51.100.7")
    assert taken(session) == 40
    assert SeatBooking.objects.get(email="family@example.test").state == "WAITING"


def test_addresses_of_one_network_are_one_connection(client, large, monkeypatch):
    monkeypatch.setitem(visitors.RATE, "festival_seats", "2/h/key")
    codes = [post(client, large, f"robot{n}", remote=f"2001:db8::{n}").status_code for n in (1, 2, 3)]
    assert codes == [302, 302, 429]


def test_one_address_is_not_written_to_all_day_from_many_connections(client, large):
    codes = [post(client, large, remote=f"198.51.100.{number}").status_code for number in range(8)]
    assert codes == [302] * 6 + [429] * 2


def test_a_robot_of_many_connections_meets_the_limit_of_the_festival(client, large, monkeypatch):
    monkeypatch.setitem(visitors.RATE, "festival_whole", "5/h/key")
    codes = [post(client, large, f"r{n}", remote=f"198.51.100.{n}").status_code for n in range(7)]
    assert codes == [302] * 5 + [429] * 2


def test_without_the_limit_a_robot_fills_it_all(client, large, monkeypatch):
    """The canary of the four tests above."""
    monkeypatch.setattr(visitors, "_is_too_much", lambda *_: False)
    codes = {post(client, large, f"robot{number}", seats="6").status_code for number in range(40)}
    assert codes == {302}
    assert SeatBooking.objects.count() == 40


def test_a_field_that_nobody_sees_catches_who_fills_all(client, session):
    response = post(client, session, site="https://spam.example")
    assert response.status_code == 302
    assert not SeatBooking.objects.exists()
    assert not OutgoingMail.objects.exists()


def test_no_address_of_a_connection_is_kept(client, session):
    post(client, session, remote="203.0.113.77")
    kept = " ".join(f"{row.pk} {row.value}" for row in CacheEntry.objects.all())
    assert kept
    assert "203.0.113.77" not in kept
    assert "zoe" not in kept
    hour = timezone.now() + timedelta(hours=1, minutes=1)
    assert all(row.expires_at < hour for row in CacheEntry.objects.all())
