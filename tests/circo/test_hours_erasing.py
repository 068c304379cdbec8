"""What stays of the hours of somebody who was erased: the sums of what was validated, and no name."""

from circo.hours.rules import State
from circo.models import HourEntry, HoursQuota, Person
from circo.personal import actions
from tests.circo.hours import entry_of


def test_validated_hours_stay_of_nobody(world):
    for state in State:
        entry_of(world.amina, world.adviser, state, source=f"tests:{state}")
    kept = entry_of(world.bruno, world.amina, State.CONFIRMED)  # signed by the one who goes
    HoursQuota.objects.create(person=world.amina, school_year=world.year, minutes=540)
    Person.objects.filter(pk=world.amina.pk).update(is_active=False)
    world.amina.refresh_from_db()
    actions.erase(person=world.amina, by=world.superuser)
    left = HourEntry.objects.exclude(pk=kept.pk).get()
    assert (left.person, left.state, left.minutes) == (None, State.VALIDATED, 180)
    assert (left.source, left.path, left.label) == ("", "", "Heures d’une personne partie")
    assert not HourEntry.history.exclude(id=kept.pk).exists()
    kept.refresh_from_db()
    assert (kept.state, kept.confirmed_by) == (State.CONFIRMED, None)
    assert not HoursQuota.objects.exists()
