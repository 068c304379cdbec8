"""The sharing day of the demonstration: announced, its convocations sent, some answers come."""

from __future__ import annotations

from datetime import date, time, timedelta

from django.utils import timezone

from circo.calendar.rules import HALVES
from circo.hours.rules import Counting
from circo.models import District, Person, SchoolYear
from circo.portal.demo.accounts import DOMAIN
from circo.portal.demo.schools import HERE
from events.convening import actions as convening
from events.convening import rules as answers
from events.convening.actions import Said
from events.convening.rules import Answer, Reason
from events.days import actions, queries
from events.days.actions import Wanted
from events.days.rules import DayState
from events.models import Convocation, Evaluation, Presence, SharingDay, WorkshopSession
from events.programme import actions as programme
from events.programme import queries as programmes
from events.programme.actions import WantedSlot, WantedWorkshop
from events.programme.rules import SlotKind
from events.signing import actions as signing
from events.signing.rules import Way

MOMENTS = (
    (time(9), time(9, 30), "Accueil", SlotKind.TOGETHER, "Hall"),
    (time(9, 30), time(10, 45), "Ateliers du matin", SlotKind.WORKSHOPS, ""),
    (time(11), time(12), "Regarder un film ensemble", SlotKind.TOGETHER, "Grande salle"),
    (time(12), time(13, 30), "Repas partagé", SlotKind.BREAK, "Hall"),
    (time(13, 30), time(14, 45), "Ateliers de l’après-midi", SlotKind.WORKSHOPS, ""),
    (time(15), time(16, 30), "Ce que nous essayons d’ici juin", SlotKind.TOGETHER, "Grande salle"),
)
WORKSHOPS = (
    ("Le silence après la consigne", "Dix secondes de silence, filmées dans trois classes.", "amina", 24),
    ("La dictée négociée", "Vivre une dictée négociée, puis regarder comment des élèves la vivent.", "bruno", 20),
    ("Filmer sa classe sans s’oublier", "Où poser le téléphone, qui prévenir, que garder.", "formateur", 18),
    ("Problèmes : dessiner avant de calculer", "Des schémas d’élèves à trier ensemble.", "", 24),
    ("Dehors : la cour comme salle de classe", "", "", 16),
)
OPENS_FROM = 4  # people
SCHOOL = (0, 1, 3, 4)  # days of an ordinary week with class
AHEAD = timedelta(weeks=5)
LOOKED_AT = timedelta(weeks=16)
WORDS = """Une journée pour regarder ensemble ce que nous essayons en classe.

- Le matin, des ateliers animés par des collègues
- L’après-midi, les groupes préparent leurs prochaines visites"""
SAID = (
    Said(Answer.COMES),
    Said(Answer.COMES),
    Said(Answer.COMES),
    Said(Answer.MORNING, Reason.CLASS, "Sortie à la piscine l’après-midi"),
    Said(Answer.COMES),
    Said(Answer.CANNOT, Reason.TRAINING),
    None,
)


def write() -> None:
    """Write the day as the team and the teachers would; nothing where the school year leaves no date."""
    inspector = Person.objects.get(email=f"inspectrice@{DOMAIN}")
    district = District.objects.select_related("departement").get(name=HERE)
    today = timezone.localdate()
    _held(district, inspector, today)
    found = queries.proposals(district, today + AHEAD, today + LOOKED_AT)
    chosen = next((one for one in found if not one.is_winter), next(iter(found), None))
    if chosen is None:
        return
    day = _planned(district, inspector, chosen)
    _write_programme(day, inspector)
    amina = Person.objects.get(email=f"amina@{DOMAIN}")
    for rank, one in enumerate(day.convocations.exclude(person=amina).order_by("pk")):
        leads = one.person.workshops.exists()
        if said := SAID[0] if leads else SAID[rank % len(SAID)]:
            convening.answer(convocation=one, said=said, by=one.person)
            _wish(day, one, rank)


def _planned(district: District, by: Person, chosen: queries.Proposal) -> SharingDay:
    wanted = Wanted(
        chosen.on,
        "Journée des partages de l’innovation",
        "Ce que nous apprenons en nous regardant faire",
        WORDS,
        where="Salle des fêtes, 1 place du Marché, Louviers",
        meal="Buffet partagé : apportez un plat ou un dessert",
        reference="26A0270001",
    )
    day = actions.choose(district=district, wanted=wanted, by=by)
    actions.publish(day=day, by=by)
    convening.send(day=day, reply_by=answers.usual_reply_by(chosen.on, timezone.localdate()), by=by)
    return day


def _write_programme(day: SharingDay, by: Person) -> None:
    """Six moments, workshops twice but for Amina’s, and wishes until a week before."""
    slots = [
        programme.put_slot(day=day, wanted=WantedSlot(starts, ends, title, kind, where), by=by)
        for starts, ends, title, kind, where in MOMENTS
    ]
    for number, (title, words, name, seats) in enumerate(WORKSHOPS, start=1):
        people = Person.objects.filter(email=f"{name}@{DOMAIN}")
        made = programme.put_workshop(day=day, wanted=WantedWorkshop(title, words, people), by=by)
        for slot in slots:
            is_hers = name == "amina" and slot.half == "PM"  # in the afternoon she chooses, as others do
            if slot.kind == SlotKind.WORKSHOPS and not is_hers:
                room = f"Salle {number}"
                programme.put_session(slot=slot, workshop=made, room=room, capacity=seats, by=by, opens_from=OPENS_FROM)
    programme.show(day=day, wishes_until=day.on - timedelta(days=7), by=by)


def _wish(day: SharingDay, one: Convocation, rank: int) -> None:
    """Wishes that lean towards the first workshops, as real ones do."""
    one.refresh_from_db()
    day.refresh_from_db()
    if rank % 3 == 2 or not programmes.may_wish(day):
        return
    wishes = {}
    for slot in programmes.choosable(day):
        if slot.half in one.halves:
            pks = list(WorkshopSession.objects.filter(slot=slot).order_by("pk").values_list("pk", flat=True))
            wishes[slot.pk] = [pks[rank % 2], pks[2 + rank % (len(pks) - 2)]]
    programme.wish(convocation=one, wishes=wishes, by=one.person)


KEPT = {
    1: "Laisser dix secondes après la consigne : je l’essaie lundi.",
    2: "Une grille à deux critères suffit pour observer.",
    4: "Les élèves se corrigent mieux entre eux que je ne le pensais.",
}
NEXT_TIME = {1: "Plus de temps pour les échanges à deux.", 5: "Commencer par un film, avant les ateliers."}


def _held(district: District, by: Person, today: date) -> None:
    """A day of some weeks ago, closed; nothing before the year begins."""
    days = (today - timedelta(days=number) for number in range(9, 40))
    calendar = queries.calendar_of(district, today - LOOKED_AT, today)
    year = SchoolYear.objects.holding(today).first()
    taught = (one for one in days if one.weekday() in SCHOOL and not calendar.refusal(one) and not calendar.doubt(one))
    on = next(taught, None)
    if on is None or year is None or on < year.first_day:
        return
    day = SharingDay.objects.create(
        district=district,
        school_year=year,
        rank=1,
        on=on,
        title="Première journée des partages",
        theme="Observer sans évaluer",
        where="Salle des fêtes, 1 place du Marché, Louviers",
        counting=Counting.NOT,
        state=DayState.CLOSED,
        created_by=by,
        published_at=timezone.now() - timedelta(days=60),
    )
    _came(day, by)


def _came(day: SharingDay, by: Person) -> None:
    """Who came to it, and what two of three thought of it."""
    at = day.at("AM")[0]
    sent = {"sent_by": by, "sent_at": at - timedelta(days=21), "answered_at": at - timedelta(days=14)}
    came = Convocation.objects.bulk_create(
        Convocation(day=day, person=person, state="ANSWERED", answer=Answer.COMES, has_evaluated=bool(rank % 3), **sent)
        for rank, person in enumerate(queries.members(day.district, day.on))
    )
    Presence.objects.bulk_create(
        Presence(convocation=one, half=half, way=Way.SCAN, recorded_at=at)
        for rank, one in enumerate(came)
        for half in (("AM",) if rank % 9 == 8 else HALVES)
        if rank % 11 != 10
    )
    for rank, one in enumerate(came):
        if one.has_evaluated:
            scales = {"useful": 2 + rank % 3, "workshops": 1 + rank % 4, "meetings": 3 + rank % 2}
            words = {"keeps": KEPT.get(rank, ""), "next_time": NEXT_TIME.get(rank, "")}
            Evaluation.objects.create(day=day, organised=4 - rank % 3, **scales, **words)
    signing.certify(day=day, by=by)
