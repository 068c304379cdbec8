"""Opening the new year for 3,300 memberships, beside the bare insertion of the same rows, in one run."""

from __future__ import annotations

import sys
import time
from datetime import timedelta

import pytest
from django.utils import timezone
from simple_history.utils import bulk_create_with_history

from circo.models import Notice, Person, Posting, SchoolYear
from circo.rules import Role
from networks.cycle import actions
from networks.groups.rules import Stage
from networks.models import Membership, MembershipMove, MutualisationGroup, Wish, WishCampaign
from tests.bench import measuring

pytestmark = [pytest.mark.bench, pytest.mark.django_db]
COUNT, A_GROUP, LEASTS = 3300, 16, 3
BATCH = 1000
WRITTEN = (Membership, Membership.history.model, MembershipMove, Notice)


@pytest.fixture
def campaign(world) -> WishCampaign:
    """A district as large as a département, where each member has answered."""
    since = world.year.first_day
    people = bulk_create_with_history(
        [
            Person(email=f"m{n}@ecole.test", first_name="Marie", last_name=f"Nom {n}", password="!")
            for n in range(COUNT)
        ],
        Person,
        batch_size=BATCH,
    )
    Posting.objects.bulk_create(
        (Posting(person=one, role=Role.TEACHER, school=world.here.schools[0], starts_on=since) for one in people),
        batch_size=BATCH,
    )
    groups = MutualisationGroup.objects.bulk_create(
        MutualisationGroup(network=world.here.network, name=f"Groupe {n}") for n in range(COUNT // A_GROUP + 1)
    )
    stages = list(Stage)
    rows = Membership.objects.bulk_create(
        (
            Membership(person=one, group=groups[n // A_GROUP], school_year=world.year, stage=stages[n % 3].value)
            for n, one in enumerate(people)
        ),
        batch_size=BATCH,
    )
    yesterday = timezone.localdate() - timedelta(days=1)
    made = WishCampaign.objects.create(
        district=world.here.district, school_year=world.year, closes_on=yesterday, opened_by=world.inspector
    )
    answers = ("CONTINUE", "CONTINUE", "CONTINUE", "PAUSE", "LEAVE")
    Wish.objects.bulk_create(
        (Wish(membership=row, answer=answers[n % 5]) for n, row in enumerate(rows)), batch_size=BATCH
    )
    return made


def copies(model, rows) -> list:
    """The same rows, to be inserted anew."""
    names = [field.attname for field in model._meta.concrete_fields if not field.primary_key and not field.generated]
    return [model(**{name: getattr(row, name) for name in names}) for row in rows]


def test_opening_the_year_beside_bare_inserts(campaign, world, capsys):
    opened_s, bare_s, queries = [], [], []
    for _ in range(LEASTS):
        before = {model: set(model.objects.values_list("pk", flat=True)) for model in WRITTEN}
        started = time.perf_counter()
        opening = actions.open_year(campaign=campaign, by=world.inspector)
        opened_s.append(time.perf_counter() - started)
        written = {model: [row for row in model.objects.all() if row.pk not in before[model]] for model in WRITTEN}
        assert len(written[Membership]) > COUNT * 0.7
        actions.take_back(opening=opening, by=world.inspector)
        Notice.objects.all().delete()
        opening.delete()
        anew = {model: copies(model, rows) for model, rows in written.items()}
        for row in anew[Membership]:
            row.opening_id = None
        for row in anew[MembershipMove]:
            row.opening_id, row.membership_id = None, Membership.objects.values_list("pk", flat=True)[0]
        started = time.perf_counter()
        for model in WRITTEN:
            model.objects.bulk_create(anew[model], batch_size=BATCH)
        bare_s.append(time.perf_counter() - started)
        for model in WRITTEN:
            model.objects.exclude(pk__in=before[model]).delete()
        queries.append(sum(len(rows) for rows in written.values()))
    least, bare = min(opened_s), min(bare_s)
    with capsys.disabled():
        sys.stdout.write(
            f"\n{measuring.engine()}: {COUNT} memberships, {queries[0]} rows written: opened in "
            f"{', '.join(f'{one:.2f}' for one in opened_s)} s; the same rows inserted bare: "
            f"{', '.join(f'{one:.2f}' for one in bare_s)} s; ratio {least / bare:.2f}\n"
        )
    assert SchoolYear.objects.count() >= 2
    assert least < 5
