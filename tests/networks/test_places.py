"""Third places: found, read, booked, changed, given back; and what each refusal keeps."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from circo.errors import Refusal
from circo.models import Notice
from networks.models import BookedQuarter, Booking, Salon, ThirdPlace
from networks.places import actions, holdings, queries
from networks.places.actions import Taken
from tests.networks.places import booking_of, monday, place_of, slot, wanted
from tests.world import MARK, join

LIST = reverse("networks:place_list")


def page_of(place):
    return reverse("networks:place_page", args=[place.pk], query={"semaine": monday().isoformat()})


def typed(**fields):
    given = {"day": monday(), "starts": "10:00", "ends": "12:00", "people": 6, "purpose": "Préparer la grille"}
    return given | fields


@pytest.fixture
def place(world):
    return place_of(world.here.district, opening="lundi au vendredi 8h-18h", equipment=["SCREEN", "WIFI"])


def create(client, place, **fields):
    return client.post(reverse("networks:booking_create", args=[place.pk]), typed(**fields))


# --- Seeing -----------------------------------------------------------------------------------------------------------
def test_one_finds_the_places_of_one_s_district(world, place, sign_in):
    place_of(world.there.district, f"Ailleurs {MARK}")
    page = sign_in(world.amina).get(LIST).content.decode()
    assert "La Filature" in page
    assert "écran ou vidéoprojecteur" in page
    assert MARK not in page
    assert "Ajouter un lieu" not in page
    assert "Ajouter un lieu" in sign_in(world.secretary).get(LIST).content.decode()


def test_a_shared_place_is_seen_in_the_whole_departement_and_kept_by_one_district(world, sign_in):
    other = world.here.district.departement.district_set.create(name="Voisine")
    shared = place_of(other, "Canopé", is_shared=True)
    place_of(other, "Salle du voisin")
    page = sign_in(world.amina).get(LIST).content.decode()
    assert "Canopé" in page
    assert "Salle du voisin" not in page
    assert not ThirdPlace.objects.editable_by(world.inspector).filter(pk=shared.pk).exists()
    assert not ThirdPlace.objects.visible_to(world.denis).exists()
    booking_of(shared, world.amina)


def test_empty_list_says_what_to_expect(world, sign_in):
    assert "Pas encore de tiers-lieu" in sign_in(world.amina).get(LIST).content.decode()


def test_a_closed_place_leaves_the_list_but_not_its_page(world, place, sign_in):
    ThirdPlace.objects.filter(pk=place.pk).update(closed_on=timezone.localdate())
    client = sign_in(world.amina)
    assert "La Filature" not in client.get(LIST).content.decode()
    page = client.get(page_of(place)).content.decode()
    assert "Fermé" in page
    assert "Réserver" not in page


def test_search_finds_a_place_by_its_name_and_address(world, place):
    assert [found.title for found in queries.search_places(world.amina, "filature", 5)] == ["La Filature"]
    assert queries.search_places(world.amina, "rue du lin", 5)
    assert not queries.search_places(world.denis, "filature", 5)


def test_a_colleague_reads_that_it_is_taken_and_not_what_for(world, place, sign_in):
    booking_of(place, world.amina, group=world.here.group)
    for_bruno = sign_in(world.bruno).get(page_of(place)).content.decode()
    assert "Préparer la grille" in for_bruno
    for_chloe = sign_in(world.chloe).get(page_of(place)).content.decode()
    assert "Amina Petit" in for_chloe
    assert "Préparer la grille" not in for_chloe
    assert world.here.group.name not in for_chloe
    assert "Changer" not in for_chloe
    assert "Préparer la grille" in sign_in(world.secretary).get(page_of(place)).content.decode()


@pytest.mark.parametrize("asked", ["", "hier", "2026-13-40", "9999-12-31", "0001-01-01"])
def test_any_week_opens(world, place, sign_in, asked):
    assert (
        sign_in(world.amina).get(reverse("networks:place_page", args=[place.pk]), {"semaine": asked}).status_code == 200
    )


@pytest.mark.parametrize("count", [1, 3])
def test_pages_cost_the_same_with_more_rows(world, place, sign_in, count):
    client = sign_in(world.amina)
    for number in range(count):
        booking_of(place, world.amina, f"{9 + number}:00".zfill(5), f"{10 + number}:00", group=world.here.group)
        place_of(world.here.district, f"Salle {number}")
    for url, most in ((LIST, 7), (page_of(place), 6)):
        with CaptureQueriesContext(connection) as captured:
            assert client.get(url).status_code == 200
        assert len(captured) == most, [query["sql"][:90] for query in captured]


def test_a_salon_is_named_to_those_who_enter_it(world, sign_in):
    salon = Salon.objects.create(title="Lire en maternelle", group=world.here.group)
    place = place_of(world.here.district, kind="DIGITAL", address="", salon=salon)
    assert "Lire en maternelle" in sign_in(world.amina).get(page_of(place)).content.decode()
    page = sign_in(world.chloe).get(page_of(place)).content.decode()
    assert "Lire en maternelle" not in page
    assert "Un salon où vous n’entrez pas" in page


# --- Booking ----------------------------------------------------------------------------------------------------------
def test_a_teacher_books_and_sees_it(world, place, sign_in):
    client = sign_in(world.amina)
    assert "Réserver" in client.get(reverse("networks:booking_new", args=[place.pk])).content.decode()
    answer = create(client, place, group=world.here.group.pk)
    assert answer.status_code == 302
    page = client.get(answer.headers["Location"].partition("#")[0]).content.decode()
    assert "C’est réservé." in page
    assert "Préparer la grille" in page
    assert "Préparer la grille" in client.get(LIST).content.decode()
    assert BookedQuarter.objects.count() == 8


def test_what_is_taken_is_refused_with_what_is_free_and_what_was_typed(world, place, sign_in):
    booking_of(place, world.bruno, "11:00", "13:00")
    client = sign_in(world.amina)
    answer = create(client, place, purpose="Une idée longue à écrire")
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Ce lieu est déjà réservé à ce moment" in page
    assert "Une idée longue à écrire" in page
    assert f"{monday()}T09:00/{monday()}T11:00" in page
    assert Booking.objects.count() == 1
    answer = create(client, place, instead=f"{monday()}T09:00/{monday()}T11:00")
    assert answer.status_code == 302
    assert Booking.objects.get(booked_by=world.amina).slot == slot("09:00", "11:00")


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"day": "2020-01-06"}, "déjà passé"),
        ({"starts": "06:00"}, "ce lieu ouvre de 8"),
        ({"day": monday() + timedelta(days=5)}, "n’ouvre pas le samedi"),
        ({"people": 21}, "accueille 20 personnes au plus"),
        ({"people": 0}, "au moins une personne"),
        ({"starts": "12:00", "ends": "10:00"}, "La fin vient après le début"),
        ({"starts": "10:07"}, "quarts d’heure"),
        ({"purpose": "  "}, "pour quoi faire"),
        ({"day": "demain"}, "Écrivez un jour"),
        ({"instead": "n’importe"}, None),
        ({"day": monday() + timedelta(days=5000)}, "un an à l’avance"),
    ],
)
def test_a_bad_wish_is_told_and_nothing_typed_is_lost(world, place, sign_in, fields, says):
    answer = create(sign_in(world.amina), place, **fields)
    if says is None:
        assert answer.status_code == 302
        return
    page = answer.content.decode()
    assert answer.status_code == 422
    assert says in page.replace("\u00a0", " ")
    assert "Préparer la grille" in page or "purpose" in fields
    assert not BookedQuarter.objects.exists()


def test_a_closed_place_is_not_booked(world, place, sign_in):
    ThirdPlace.objects.filter(pk=place.pk).update(closed_on=monday())
    page = create(sign_in(world.amina), place).content.decode()
    assert "Ce lieu est fermé à partir du" in page


def test_one_books_for_one_s_own_groups_alone(world, place, sign_in):
    answer = create(sign_in(world.amina), place, group=world.here.other_group.pk)
    assert answer.status_code == 422
    with pytest.raises(Refusal, match="l’un de vos groupes"):
        booking_of(place, world.amina, group=world.here.other_group)


def test_nobody_books_where_one_sees_nothing(world, place):
    with pytest.raises(Refusal, match="pas de ceux"):
        booking_of(place, world.denis)


def test_the_database_refuses_a_quarter_twice(world, place):
    booked = booking_of(place, world.amina)
    with pytest.raises(IntegrityError), transaction.atomic():
        BookedQuarter.objects.create(booking=booked, place=place, starts_at=booked.starts_at)


# --- Changing ---------------------------------------------------------------------------------------------------------
def change(client, booking, **fields):
    return client.post(reverse("networks:booking_change", args=[booking.pk]), typed(**fields))


def test_a_booking_moves_over_itself_and_comes_back(world, place, sign_in):
    booked = booking_of(place, world.amina)
    client = sign_in(world.amina)
    answer = change(client, booked, starts="11:00", ends="13:00")
    page = client.get(answer.headers["Location"].partition("#")[0]).content.decode()
    assert "Réservation déplacée." in page
    booked.refresh_from_db()
    assert booked.slot == slot("11:00", "13:00")
    assert BookedQuarter.objects.count() == 8
    answer = client.post(reverse("networks:booking_restore", args=[booked.pk]))
    booked.refresh_from_db()
    assert booked.slot == slot()
    assert booked.starts_at in set(BookedQuarter.objects.values_list("starts_at", flat=True))
    assert booked.sequence == 2


def test_words_change_without_moving(world, place, sign_in):
    booked = booking_of(place, world.amina)
    answer = change(sign_in(world.amina), booked, purpose="Autre chose", people=3)
    assert "fait=change" in answer.headers["Location"]
    booked.refresh_from_db()
    assert (booked.purpose, booked.people) == ("Autre chose", 3)


def test_a_booking_does_not_move_onto_another(world, place, sign_in):
    booking_of(place, world.bruno, "14:00", "15:00")
    booked = booking_of(place, world.amina)
    answer = change(sign_in(world.amina), booked, starts="14:30", ends="15:30")
    assert answer.status_code == 422
    booked.refresh_from_db()
    assert booked.slot == slot()
    assert BookedQuarter.objects.filter(booking=booked).count() == 8


def test_a_cancelled_booking_frees_the_place_and_can_be_taken_back(world, place, sign_in):
    booked = booking_of(place, world.amina)
    client = sign_in(world.amina)
    answer = client.post(reverse("networks:booking_cancel", args=[booked.pk]))
    page = client.get(answer.headers["Location"].partition("#")[0]).content.decode()
    assert "Réservation annulée." in page
    assert not BookedQuarter.objects.exists()
    client.post(reverse("networks:booking_cancel", args=[booked.pk]))
    client.post(reverse("networks:booking_restore", args=[booked.pk]))
    assert BookedQuarter.objects.count() == 8
    client.post(reverse("networks:booking_cancel", args=[booked.pk]))
    booking_of(place, world.bruno)
    with pytest.raises(Taken):
        actions.take_back(booking=booked, by=world.amina)
    assert client.post(reverse("networks:booking_restore", args=[booked.pk])).status_code == 409
    with pytest.raises(Refusal, match="annulée"):
        actions.change(booking=booked, wanted=wanted(), by=world.amina)


def test_what_is_over_changes_no_more(world, place):
    booked = booking_of(place, world.amina)
    with time_machine.travel(booked.ends_at + timedelta(minutes=1), tick=False):
        with pytest.raises(Refusal, match="est passée"):
            actions.cancel(booking=booked, by=world.amina)
        with pytest.raises(Refusal, match="est passée"):
            actions.change(booking=booked, wanted=wanted(), by=world.amina)


@pytest.mark.parametrize("name", ["bruno", "chloe", "departement"])
def test_others_leave_a_booking_alone(world, place, name):
    booked = booking_of(place, world.amina, group=world.here.group)
    with pytest.raises(Refusal, match="Seules la personne"):
        actions.cancel(booking=booked, by=world.people[name])


def test_whoever_booked_hears_what_the_team_did(world, place):
    booked = booking_of(place, world.amina)
    actions.cancel(booking=booked, by=world.secretary)
    told = Notice.objects.get(person=world.amina, kind="booking-changed")
    assert told.title == f"{world.secretary} a annulé l’une de vos réservations"
    actions.cancel(booking=booked, by=world.secretary)
    assert Notice.objects.filter(person=world.amina, kind="booking-changed").count() == 1


def test_the_adviser_of_the_group_may_move_what_a_member_booked(world, place):
    booked = booking_of(place, world.amina, group=world.here.group)
    world.here.group.adviser = world.trainer
    world.here.group.save()
    actions.change(booking=booked, wanted=wanted("14:00", "15:00", group=world.here.group), by=world.trainer)
    booked.refresh_from_db()
    assert booked.slot == slot("14:00", "15:00")


# --- Keeping ----------------------------------------------------------------------------------------------------------
def admin_data(place, **fields):
    given = {"district": place.district_id, "kind": "PHYSICAL", "name": place.name, "address": place.address}
    return given | {"capacity": 20, "opening": place.opening, "equipment": ["SCREEN"]} | fields


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"opening": "n’importe quand"}, "ne dit pas d’heures"),
        ({"address": ""}, "Un lieu a une adresse"),
        ({"kind": "DIGITAL", "address": "", "link": "http://visio.test"}, "https://"),
        ({"kind": "DIGITAL", "address": "", "link": "javascript:alert(1)"}, "https://"),
        ({"kind": "DIGITAL", "address": "", "link": ""}, "un espace en ligne a un lien ou un salon"),
        ({"capacity": 0}, "au moins une personne"),
        ({"latitude": "49.2"}, "ou aucune des deux"),
        ({"equipment": ["JACUZZI"]}, "Sélectionnez un choix valide"),
    ],
)
def test_a_place_is_checked(world, place, sign_in, fields, says):
    url = reverse("admin:networks_thirdplace_change", args=[place.pk])
    page = sign_in(world.secretary).post(url, admin_data(place, **fields)).content.decode()
    assert says in page


def test_a_place_does_not_close_over_bookings(world, place, sign_in):
    booked = booking_of(place, world.amina)
    url = reverse("admin:networks_thirdplace_change", args=[place.pk])
    client = sign_in(world.secretary)
    page = client.post(url, admin_data(place, closed_on=monday().isoformat())).content.decode()
    assert "Une réservation est prise à partir de ce jour" in page
    later = (monday() + timedelta(days=1)).isoformat()
    assert client.post(url, admin_data(place, closed_on=later)).status_code == 302
    actions.cancel(booking=booked, by=world.amina)
    assert client.post(url, admin_data(place, closed_on=monday().isoformat())).status_code == 302


def test_an_erased_person_leaves_the_bookings_of_the_group(world, place):
    join(world.amina, world.here.other_group)
    own = booking_of(place, world.amina)
    of_group = booking_of(place, world.amina, "14:00", "15:00", group=world.here.group)
    holdings.erase(world.amina)
    assert not Booking.objects.filter(pk=own.pk).exists()
    of_group.refresh_from_db()
    assert of_group.booked_by is None
    assert BookedQuarter.objects.count() == 4
