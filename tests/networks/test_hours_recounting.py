"""What networks say again of the hours of meetings, mentoring and visits, once the inspector has changed a rule."""

from datetime import timedelta

import pytest
from django.utils import timezone

from circo.hours import recounting, replaying
from circo.hours.recounting import Asked
from circo.models import HourEntry
from networks.meetings import actions as meetings
from networks.meetings.actions import Noted
from networks.meetings.rules import Presence
from networks.mentoring import actions as mentoring
from networks.models import Meeting, MentoringMeeting, MentoringSettings, VisitSettings
from networks.visits import crediting
from networks.visits.rules import VisitState
from tests.networks.meetings import begun
from tests.networks.mentoring_things import pair_of
from tests.networks.visits_things import site_of, visit_of


def changes(world, *people) -> list[tuple[str, int, int]]:
    found = replaying.changes(world.here.district.pk, world.year, [one.pk for one in people])
    return sorted((one.claim.person.first_name, one.was, one.becomes) for own in found.values() for one in own)


def met(world) -> Meeting:
    """A meeting that was held: Amina was there, Bruno says so and nobody has confirmed it."""
    meeting = begun(world.here.group, world.amina)
    noted = [Noted(world.amina, Presence.PRESENT), Noted(world.bruno, Presence.PRESENT, minutes=60)]
    meetings.record(meeting=meeting, noted=noted, by=world.adviser)
    meetings.close(meeting=meeting, by=world.adviser)
    return meeting


def mentored(world) -> MentoringMeeting:
    MentoringSettings.objects.create(district=world.here.district)
    pair = pair_of(world.bruno, world.amina)
    past = timezone.now() - timedelta(days=1)
    meeting = mentoring.meet(pair=pair, starts_at=past, minutes=60, place="Chez moi", by=world.bruno)
    mentoring.hold(meeting=meeting, counts=True, by=world.bruno)
    mentoring.hold(meeting=meeting, counts=False, by=world.amina)
    return meeting


def visited(world):
    VisitSettings.objects.create(district=world.here.district, hours_count=True, minutes=90)
    today = timezone.localdate()
    visit = visit_of(site_of(world.amina), world.chloe, today - timedelta(days=3), state=VisitState.HELD)
    crediting.credit(visit)
    return visit


@pytest.mark.parametrize("happened", [met, mentored, visited])
def test_as_long_as_no_rule_changes_nothing_does(world, happened):
    happened(world)
    assert HourEntry.objects.exists()
    assert changes(world, world.amina, world.bruno, world.chloe) == []


def test_a_meeting_that_counts_less_or_not_at_all(world):
    meeting = met(world)
    Meeting.objects.filter(pk=meeting.pk).update(counting="PARTLY", counted_minutes=60)
    assert changes(world, world.amina, world.bruno) == [("Amina", 120, 60), ("Bruno", 60, 30)]
    Meeting.objects.filter(pk=meeting.pk).update(counting="NOT", counted_minutes=None)
    assert changes(world, world.amina, world.bruno) == [("Amina", 120, 0), ("Bruno", 60, 0)]
    HourEntry.objects.all().delete()
    Meeting.objects.filter(pk=meeting.pk).update(counting="COUNTS")
    assert changes(world, world.amina, world.bruno) == [("Amina", 0, 120), ("Bruno", 0, 60)]


def test_one_s_own_word_gives_nothing_here_either(world):
    meeting = begun(world.here.group, world.amina)
    meetings.declare(meeting=meeting, by=world.bruno)
    meetings.close(meeting=meeting, by=world.adviser)
    assert changes(world, world.amina, world.bruno) == []


def test_mentoring_that_counts_no_more_or_more(world):
    mentored(world)
    MentoringSettings.objects.update(counting="PARTLY", counted_minutes=30)
    assert changes(world, world.amina, world.bruno) == [("Bruno", 60, 30)], "Amina asked for nothing"
    MentoringSettings.objects.all().delete()
    assert changes(world, world.amina, world.bruno) == [("Bruno", 60, 0)]
    assert changes(world, world.amina) == []


def test_mentoring_tells_a_day_and_a_length_alone(world):
    mentored(world)
    asked = Asked(world.here.district.pk, [world.bruno.pk], world.year.first_day, world.year.last_day)
    mine = next(one for one in recounting.recounters() if one.prefix == "networks.mentoring")
    (claim,) = mine.claims(asked)
    assert (claim.label, claim.path) == ("Rencontre de mentorat", "")
    assert "Chez moi" not in repr(claim)


def test_visits_that_count_more_or_no_more(world):
    visit = visited(world)
    VisitSettings.objects.update(minutes=120)
    assert changes(world, world.chloe) == [("Chloé", 90, 120)]
    VisitSettings.objects.update(hours_count=False)
    assert changes(world, world.chloe) == [("Chloé", 90, 0)]
    type(visit).objects.update(state=VisitState.CONFIRMED)
    assert changes(world, world.chloe) == [], "one that is not held says nothing"


def test_each_origin_has_its_words(world):
    met(world)
    assert recounting.origin_of(HourEntry.objects.first().source) == "Rencontres de groupe"
    titles = {"networks.mentoring": "Mentorat", "networks.visit": "Visites de classe"}
    for prefix, title in titles.items():
        assert recounting.origin_of(f"{prefix}:1") == title
    assert recounting.origin_of("events.sharingday:1") == "Journées des partages"
    assert recounting.origin_of("somewhere.else:1") == ""


@pytest.mark.parametrize("count", [1, 3])
def test_what_is_asked_of_networks_does_not_grow(world, count, django_assert_num_queries):
    for number in range(count):
        meeting = begun(world.here.group, world.amina)
        meetings.record(meeting=meeting, noted=[Noted(world.amina, Presence.PRESENT)], by=world.adviser)
        meetings.close(meeting=meeting, by=world.adviser)
        visit_of(
            site_of(world.amina), world.chloe, timezone.localdate() - timedelta(days=3 + number), state=VisitState.HELD
        )
    asked = Asked(world.here.district.pk, [world.amina.pk, world.chloe.pk], world.year.first_day, world.year.last_day)
    ours = [one for one in recounting.recounters() if one.prefix.startswith("networks.")]
    with django_assert_num_queries(5):
        found = [claim for one in ours for claim in one.claims(asked)]
    assert len(found) == 2 * count
