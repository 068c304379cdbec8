"""What the verbs of days share: the day under a lock, its rank in the year, its place, its moves."""

from __future__ import annotations

from datetime import date

from django.utils import timezone

from circo.documents.rules import weekday
from circo.errors import Refusal
from circo.models import District, Person, SchoolYear
from events.days import queries, rules
from events.days.rules import DayState
from events.days.telling import CHANGED, tell
from events.models import Convocation, DayMove, DayRules, SharingDay
from networks.models import ThirdPlace
from networks.places import actions as places
from networks.places.rules import Slot

NOT_YOURS = "Seule l’équipe de la circonscription prépare cette journée."


def prepared(day: SharingDay, by: Person) -> SharingDay:
    """Lock a day that one prepares.

    Raises: Refusal.
    """
    rows = SharingDay.objects.editable_by(by).select_for_update(of=("self",))
    held = rows.select_related("district__departement", "school_year").filter(pk=day.pk).first()
    if held is None:
        raise Refusal(NOT_YOURS)
    return held


def check_open(day: SharingDay) -> None:
    """Refuse to change a day that was held or called off.

    Raises: Refusal.
    """
    if day.state not in rules.OPEN:
        raise rules.LIFE.refusal(DayState(day.state))


def move(day: SharingDay, target: DayState, by: Person) -> SharingDay:
    """Lead a day to another state, and write down who did.

    Raises: Refusal if its life has no such move.
    """
    rules.LIFE.check(DayState(day.state), target)
    now = timezone.now()
    day.state = target
    day.cancelled_at = now if target is DayState.CANCELLED else None
    if target is DayState.PUBLISHED:
        day.published_at = day.published_at or now
    if target is DayState.DRAFT:
        day.published_at = None
    day.save()
    note_move(day, by)
    return day


def touch(day: SharingDay) -> None:
    """Save a day whose date, place or state has changed: calendars hear of it."""
    day.sequence += 1
    day.save()


def list_members(day: SharingDay) -> int:
    """Put on the list the members who are not on it; who was taken out stays out. Return how many."""
    known = day.convocations.order_by().values("person_id")
    fresh = queries.members(day.district, day.on).exclude(pk__in=known)
    return len(Convocation.objects.bulk_create([Convocation(day=day, person=person) for person in fresh]))


def locked_rules(district: District) -> DayRules:
    """Lock what a district decides of its days: two dates chosen at once pass one after the other."""
    DayRules.objects.get_or_create(district=district)
    return DayRules.objects.select_for_update(of=("self",)).get(district=district)


def rank_of(district: District, year: SchoolYear, on: date) -> int:
    """The number that a day takes in its year, the days of its district under a lock.

    Raises: Refusal if another has its date, or the year has all its days.
    """
    held = locked_rules(district)
    standing = SharingDay.objects.standing().filter(district=district)
    if standing.filter(on=on).exists():
        raise Refusal(same_date(on))
    taken = standing.filter(school_year=year).order_by("rank").values_list("rank", flat=True)
    return rules.free_rank(set(taken), held.days_a_year, str(year))


def same_date(on: date) -> str:
    """Say that another day has that date."""
    return f"La circonscription a déjà une journée le {weekday(on)}."


def note_move(day: SharingDay, by: Person) -> None:
    """Write down who led a day to its state."""
    DayMove.objects.create(day=day, state=day.state, by=by)


def year_of(on: date) -> SchoolYear:
    """The school year of a day.

    Raises: Refusal if the platform has none.
    """
    year = SchoolYear.objects.holding(on).order_by("pk").first()
    if year is None:
        raise Refusal(f"Le {weekday(on)} n’est dans aucune année scolaire ouverte sur la plateforme.")
    return year


def hold_place(day: SharingDay, place: ThirdPlace | None, by: Person) -> None:
    """Book the place of a day from its first to its last hour, move its booking, or give it back.

    Whoever prepares the day acts for whoever booked: it is the day that holds the place.
    Raises: Refusal; Taken if somebody has it.
    """
    held = day.booking
    live = held is not None and held.cancelled_at is None
    if place is None:
        free_place(day, by)
        day.booking = None
    else:
        slot = Slot(day.instant(day.morning_starts), day.instant(day.afternoon_ends))
        people = max(queries.members(day.district, day.on).count(), 1)
        asked = places.Wanted(slot, people, day.title[:200])
        if held is not None and live and held.place_id == place.pk:
            if held.slot != slot:
                places.change(booking=held, wanted=asked, by=held.booked_by or by)
            return
        free_place(day, by)
        day.booking = places.book(place=place, wanted=asked, by=by)
    day.save(update_fields=["booking", "updated_at"])


def free_place(day: SharingDay, by: Person) -> None:
    """Give back the place of a day that is still to come."""
    held = day.booking
    if held is not None and held.cancelled_at is None and held.ends_at > timezone.now():
        places.cancel(booking=held, by=held.booked_by or by)


def tell_called(day: SharingDay, by: Person, what: str) -> None:
    """Tell who is called to a day what has become of it."""
    called = Convocation.objects.filter(day=day).called().order_by().values("person_id")
    people = Person.objects.filter(pk__in=called).exclude(pk=by.pk)
    tell(people, day, CHANGED, f"{what}\u00a0: {weekday(day.on)}", f"changed-{day.sequence}")
