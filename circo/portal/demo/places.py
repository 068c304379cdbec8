"""The third places of the demonstration, and what is booked there. Invented, but for the towns."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from django.utils import timezone

from circo.models import District, Person
from circo.portal.demo.accounts import DOMAIN
from circo.portal.demo.schools import HERE, THERE
from networks.models import MutualisationGroup, ThirdPlace
from networks.places import actions
from networks.places.actions import Wanted
from networks.places.rules import Slot

PLACES = (
    {
        "district": HERE,
        "name": "La Filature (démonstration)",
        "address": "12 rue du Lin, Louviers",
        "latitude": 49.2153,
        "longitude": 1.1706,
        "capacity": 24,
        "equipment": ["SCREEN", "WIFI", "BOARD", "MODULAR", "STEP_FREE"],
        "other_equipment": "une cafetière",
        "opening": "lundi au vendredi : 8 h – 20 h\nsamedi : 9 h – 12 h",
        "access_notes": "Entrée par la cour. Le code de la porte se demande la veille.",
        "contact": "Accueil de la Filature, 02 99 00 00 01",
    },
    {
        "district": HERE,
        "name": "Salle du château d’eau (démonstration)",
        "address": "École du Pivollet, Val-de-Reuil",
        "capacity": 12,
        "equipment": ["TABLETS", "WIFI", "PARKING"],
        "opening": "mercredi : 13 h – 18 h\nmardi et jeudi : 16 h 30 – 19 h",
    },
    {
        "district": HERE,
        "name": "Atelier départemental (démonstration)",
        "address": "3 place du Marché, Évreux",
        "capacity": 60,
        "equipment": ["SCREEN", "VISIO", "WIFI", "KITCHEN", "STEP_FREE", "PARKING"],
        "is_shared": True,
    },
    {
        "district": HERE,
        "name": "Salle de visioconférence des groupes",
        "kind": "DIGITAL",
        "link": "https://visio.partages.example/groupes",
    },
    {
        "district": THERE,
        "name": "Médiathèque (démonstration)",
        "address": "1 rue du Charentonne, Bernay",
        "capacity": 30,
        "opening": "mercredi et samedi : 10 h – 18 h",
    },
)
# Who, how many weekdays from today, from when to when, how many, what for.
BOOKED = (
    ("conseillere", 2, time(17), time(19), 14, "Préparer la journée des partages"),
    ("amina", 5, time(9), time(11, 30), 6, "Regarder nos films ensemble"),
    ("formateur", 5, time(14), time(16), 10, "Atelier : filmer sa classe"),
)


def write_places() -> None:
    """Write the places of both perimeters, and some bookings of the weeks to come."""
    districts = {district.name: district for district in District.objects.filter(name__in=(HERE, THERE))}
    made = [
        ThirdPlace.objects.create(**place | {"district": districts[place["district"]]})
        for place in PLACES
        if place["district"] in districts
    ]
    for name, days, starts, ends, people, purpose in BOOKED:
        by = Person.objects.get(email=f"{name}@{DOMAIN}")
        group = MutualisationGroup.objects.of_member(by).first()
        slot = _slot(weekday_after(timezone.localdate(), days), starts, ends)
        actions.book(place=made[0], wanted=Wanted(slot, people, purpose, group), by=by)


def weekday_after(day: date, count: int) -> date:
    """The day that comes so many working days later."""
    while count:
        day += timedelta(days=1)
        count -= day.weekday() < 5
    return day


def _slot(on: date, starts: time, ends: time) -> Slot:
    zone = timezone.get_current_timezone()
    return Slot(datetime.combine(on, starts, zone), datetime.combine(on, ends, zone))
