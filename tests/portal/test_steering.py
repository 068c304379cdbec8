import itertools
import re
from collections import Counter

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from circo.models import Commune, SchoolYear
from circo.portal.steering import rules
from networks.groups.rules import ENDED, Stage, Standing
from networks.models import Membership, MutualisationGroup
from tests.world import MARK, person, post

PAGE = reverse("portal:steering")
careers = st.lists(st.dictionaries(st.integers(0, 2), st.sampled_from(rules.STAGES), min_size=1), max_size=40)


# --- Counting ---------------------------------------------------------------------------------------------------------
@given(careers)
def test_what_flows_out_of_a_year_is_all_who_were_in_it(found):
    counts, moved = rules.totals(found, 3), rules.flows(found, 3)
    for step in range(2):
        out = Counter()
        for flow in moved:
            if flow.step == step:
                out[flow.before] += flow.count
        assert {stage: out[stage] for stage in rules.STAGES} == {stage: counts[step][stage] for stage in rules.STAGES}
        gone = sum(flow.count for flow in moved if flow.step == step and flow.after == rules.GONE)
        assert gone == counts[step + 1][rules.GONE]


@given(careers)
def test_bars_stay_in_the_drawing_and_do_not_overlap(found):
    counts = rules.totals(found, 3)
    drawn = rules.sankey(["1", "2", "3"], counts, rules.flows(found, 3))
    by_column = {}
    for bar in drawn.bars:
        assert 0 <= bar.x <= rules.WIDTH - rules.BAR
        assert bar.y >= rules.TOP
        assert bar.y + bar.height <= rules.HEIGHT + 0.2
        by_column.setdefault(bar.x, []).append(bar)
    for bars in by_column.values():
        assert all(one.y + one.height < other.y for one, other in itertools.pairwise(bars))
    assert sum(bar.count for bar in drawn.bars) == sum(sum(column.values()) for column in counts)


def test_the_highest_stage_counts():
    assert rules.highest(["FIRST_YEAR", "RELAY", "SECOND_YEAR"]) == "RELAY"


# --- The page -----------------------------------------------------------------------------------------------------
def years_before(count):
    this = SchoolYear.objects.order_by("-first_day").first()
    return [
        SchoolYear.objects.create(
            first_day=this.first_day.replace(year=this.first_day.year - n),
            last_day=this.last_day.replace(year=this.last_day.year - n),
        )
        for n in range(count, 0, -1)
    ]


def test_three_years_of_one_person_and_the_schools_reached(world, client):
    first, second = years_before(2)
    for year, stage in ((first, Stage.FIRST_YEAR), (second, Stage.SECOND_YEAR)):
        Membership.objects.create(person=world.amina, group=world.here.group, school_year=year, stage=stage)
    Membership.objects.filter(person=world.amina, school_year=world.year).update(stage=Stage.RELAY)
    client.force_login(world.inspector)
    page = client.get(PAGE).text
    assert "3 professeurs sont dans un groupe" in page
    assert "1 école est touchée sur 2" in page
    assert page.count("sankey__flow--first") == 1
    assert page.index("École 2") < page.index("École 1")  # nobody of a group works there: first
    assert MARK not in page


@pytest.mark.parametrize("standing", sorted(set(Standing) - {Standing.ACTIVE}))
def test_who_is_no_member_reaches_no_school(world, client, standing):
    left = world.year.first_day if standing in ENDED else None
    Membership.objects.filter(person=world.chloe).update(standing=standing, left_on=left)
    client.force_login(world.inspector)
    assert "2 professeurs sont dans un groupe" in client.get(PAGE).text


def test_a_choice_of_the_other_district_counts_as_not_asked(world, client):
    client.force_login(world.inspector)
    asked = {"reseau": world.there.network.pk, "circonscription": world.there.district.pk, "annee": "x"}
    page = client.get(PAGE, asked)
    assert page.status_code == 200
    assert MARK not in page.text
    assert "3 professeurs" in page.text


def test_one_network_alone(world, client):
    other = MutualisationGroup.objects.create(network=world.here.network, name="Écrire")
    Membership.objects.filter(person=world.chloe).update(group=other)
    client.force_login(world.adviser)
    assert "3 professeurs" in client.get(PAGE, {"reseau": world.here.network.pk}).text


def test_no_school_year_yet(world, client):
    Membership.objects.all().delete()
    SchoolYear.objects.all().delete()
    client.force_login(world.inspector)
    assert "Aucune année scolaire" in client.get(PAGE).text
    assert client.get(reverse("portal:steering_schools")).status_code == 200


@pytest.mark.parametrize("who", ["adviser", "inspector", "secretary", "departement"])
def test_what_it_leads_to_opens_for_whoever_reads_it(world, sign_in, who):
    client = sign_in(getattr(world, who))
    ways = re.findall(r'<a href="(/stages/[^"]+)">', client.get(PAGE).content.decode())
    assert reverse("partnerships:balance") in ways
    assert (reverse("partnerships:crossing_list") in ways) == (who in ("adviser", "inspector"))
    assert {path: client.get(path).status_code for path in ways} == dict.fromkeys(ways, 200)


def test_the_map_names_its_source_and_says_what_it_lacks(world, client):
    school = world.here.schools[0]
    square = [[1.0, 49.0], [1.1, 49.0], [1.1, 49.1], [1.0, 49.0]]
    Commune.objects.create(insee_code=school.insee_code, name="C", outline=[square], source="IGN, Licence Ouverte")
    client.force_login(world.inspector)
    page = client.get(PAGE).text
    assert "Contours : IGN, Licence Ouverte" in page
    assert "2 écoles sans coordonnées" in page
    type(school).objects.filter(pk=school.pk).update(latitude=49.05, longitude=1.05)
    assert client.get(PAGE).text.count('<circle class="map__school') == 1


def test_the_table_of_schools_as_csv(world, client):
    client.force_login(world.secretary)
    text = client.get(reverse("portal:steering_schools")).content.decode("utf-8-sig")
    assert '"École 1";"Commune 1"' in text
    assert MARK not in text


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_costs_thirteen_queries(world, client, django_assert_num_queries, count):
    for number in range(count):
        one = person(f"p{number}@ecole.test", "Pia", f"Nom {number}")
        post(one, "TEACHER", world.here.schools[1])
        Membership.objects.create(person=one, group=world.here.group, school_year=world.year)
    client.force_login(world.inspector)
    with django_assert_num_queries(13):
        client.get(PAGE)
