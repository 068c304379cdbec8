"""More rows of what networks hold: salons and messages, sites and visits, meetings, places, hours."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from django.utils import timezone

from circo.hours.rules import Category, Mode
from circo.models import HourEntry, Person, School
from networks.meetings.rules import MeetingState
from networks.models import (
    Meeting,
    Membership,
    MutualisationGroup,
    ObservationSite,
    Post,
    Salon,
    ThirdPlace,
    Wish,
    WishCampaign,
)
from tests import world as world_module

BATCH = 1000


def salon_of(group: MutualisationGroup, title: str = "Le coin café") -> Salon:
    return Salon.objects.create(group=group, title=title, created_by=group.adviser)


def campaign_of(group: MutualisationGroup) -> WishCampaign:
    """This year's wishes in the district of a group."""
    closes_on = timezone.localdate() + timedelta(days=7)
    found, _ = WishCampaign.objects.get_or_create(
        district=group.network.district, school_year=world_module.school_year(), defaults={"closes_on": closes_on}
    )
    return found


def wishes(members: Sequence[Membership]) -> None:
    """Two of three have answered."""
    answers = ("CONTINUE", "LEAVE", None)
    Wish.objects.bulk_create(
        Wish(membership=member, answer=answer)
        for n, member in enumerate(members)
        if (answer := answers[n % len(answers)])
    )


def salons(group: MutualisationGroup, numbers: range) -> None:
    Salon.objects.bulk_create(Salon(group=group, title=f"Salon {n}") for n in numbers)


def posts(salon: Salon, authors: Sequence[Person], count: int) -> None:
    """Write so many messages after those that are there."""
    last, now = salon.last_seq, timezone.now()
    Post.objects.bulk_create(
        (
            Post(
                salon=salon,
                author=authors[n % len(authors)],
                seq=last + n,
                changed_seq=last + n,
                text=f"Message {n} : et vous, comment faites-vous quand **toute la classe** parle ?",
                created_at=now,
            )
            for n in range(1, count + 1)
        ),
        batch_size=BATCH,
    )
    salon.last_seq, salon.last_post_at = last + count, now
    salon.save(update_fields=["last_seq", "last_post_at"])


def sites(school: School, hosts: Sequence[Person]) -> None:
    ObservationSite.objects.bulk_create(
        ObservationSite(host=host, school=school, title="Parler pour apprendre", levels=["CP"], week=["TUE_AM"])
        for host in hosts
    )


def meetings(group: MutualisationGroup, organiser: Person, numbers: range) -> None:
    today = timezone.now().replace(hour=16, minute=0, second=0, microsecond=0)
    Meeting.objects.bulk_create(
        Meeting(
            group=group,
            organiser=organiser,
            title=f"Rencontre {n}",
            state=MeetingState.PLANNED,
            starts_at=today + timedelta(days=n % 200 + 1),
            ends_at=today + timedelta(days=n % 200 + 1, hours=2),
        )
        for n in numbers
    )


def places(school: School, numbers: range) -> None:
    ThirdPlace.objects.bulk_create(
        ThirdPlace(district=school.district, name=f"Médiathèque {n}", address="1 place", capacity=20) for n in numbers
    )


def hours(person: Person, school: School, numbers: range) -> None:
    HourEntry.objects.bulk_create(
        HourEntry(
            person=person,
            school_year=world_module.school_year(),
            district=school.district,
            on=timezone.localdate(),
            minutes=30,
            category=Category.TRAINING_FORMATION,
            mode=Mode.IN_PERSON,
            source=f"grown:{n}",
            label=f"Rencontre {n}",
        )
        for n in numbers
    )
