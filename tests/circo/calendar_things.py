"""What the sweeps need of the calendar."""

from __future__ import annotations

from circo.calendar import addresses
from circo.models import CalendarChange, CalendarFeed, Person
from tests.house.supplying import Scene, Supplied


def supply(scene: Scene) -> Supplied:
    day = scene.world.year.first_day
    change = CalendarChange.objects.create(
        school=scene.ground.schools[0], starts_on=day, ends_on=day, reason=f"Neige{scene.mark}"
    )
    secret = open_feed_of(scene.teacher)
    return Supplied(urls={"calendar:feed": {"secret": secret}}, admin={"calendarchange": change})


def open_feed_of(person: Person) -> str:
    """Give a person a private agenda; return the secret of its address."""
    nonce = addresses.new_nonce()
    secret = addresses.secret_of(person.pk, nonce)
    CalendarFeed.objects.create(person=person, nonce=nonce, digest=addresses.digest_of(secret))
    return secret
