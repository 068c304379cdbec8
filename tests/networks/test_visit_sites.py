"""Open one's class, find one, pause it: what a host, colleagues, the head teacher and the team do."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from circo import registries
from circo.errors import Refusal
from circo.models import Notice, School
from networks.models import Membership, ObservationSite, Stage, VisitSettings
from networks.visits import actions, queries, rules
from networks.visits.actions import SiteText
from tests.networks.visits_things import as_relay, site_of
from tests.world import MARK, join, person, post

LIST = reverse("networks:site_list")
NEW = reverse("networks:site_create")
ASKED = {
    "title": "Une dictée négociée",
    "levels": ["CE1"],
    "practices": ["WRITING", "TOGETHER"],
    "seats": "2",
    "week": ["TUE_AM"],
    "dates": "12/03/2027 matin\n9/3/2027  Après-midi",
    "conditions": "Arriver à 8 h 20.",
    "to_prepare": "",
}


def typed(world, **changes) -> dict:
    return {"school": world.here.schools[0].pk, "network": world.here.network.pk, **ASKED, **changes}


def url(verb: str, site: ObservationSite, *more: str) -> str:
    return reverse(f"networks:site_{verb}", args=[site.pk, *more])


def test_relay_opens_a_class_and_colleagues_of_the_district_find_it(world, sign_in):
    head = person("tete@ecole.test", "Tess", "Tête")
    post(head, "HEAD_TEACHER", world.here.schools[0])
    as_relay(world.amina)
    answer = sign_in(world.amina).post(NEW, typed(world))
    site = ObservationSite.objects.get()
    assert answer.url == url("page", site)
    assert site.dates == ["2027-03-09_PM", "2027-03-12_AM"]
    assert (site.host, site.school, site.network) == (world.amina, world.here.schools[0], world.here.network)
    told = Notice.objects.get(person=head)
    assert "Amina Petit ouvre sa classe" in told.title
    for who, found in (("chloe", True), ("denis", False), ("student", False)):
        body = sign_in(world.people[who]).get(LIST).content.decode()
        assert ("Une dictée négociée" in body) is found
    page = sign_in(world.chloe).get(url("page", site)).content.decode()
    assert "Coopération entre élèves" in page
    assert "mardi matin" in page
    assert sign_in(world.denis).get(url("page", site)).status_code == 404


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"title": ""}, "Dites en une ligne"),
        ({"levels": []}, "Dites le niveau"),
        ({"week": [], "dates": ""}, "au moins une demi-journée"),
        ({"dates": "demain"}, "Nous ne comprenons pas « demain »"),
        ({"dates": "31/02/2027 matin"}, "Nous ne comprenons pas « 31/02/2027 matin »"),
        ({"seats": "9"}, "De 1 à 4"),
        ({"practices": ["MAGIC"]}, "Choisissez des pratiques"),
        ({"week": ["SUN_AM"]}, "Choisissez des demi-journées"),
        ({"title": "x" * 200}, "Raccourcissez"),
        ({"school": ""}, "Choisissez votre école"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(world, sign_in, changes, says):
    as_relay(world.amina)
    answer = sign_in(world.amina).post(NEW, typed(world, **changes))
    assert answer.status_code == 422
    body = answer.content.decode().replace("\u00a0", " ")
    assert says in body
    assert "Arriver à 8 h 20." in body
    assert not ObservationSite.objects.exists()


def test_only_relays_open_and_second_years_if_the_district_says_so(world, sign_in):
    client = sign_in(world.amina)
    body = client.post(NEW, typed(world)).content.decode()
    assert "relais de troisième année" in body
    Membership.objects.in_force().of(world.amina).update(stage=Stage.SECOND_YEAR)
    assert client.post(NEW, typed(world)).status_code == 422
    VisitSettings.objects.create(district=world.here.district, second_years_host=True)
    assert client.post(NEW, typed(world)).status_code == 302
    Membership.objects.in_force().of(world.bruno).update(stage=Stage.FIRST_YEAR)
    assert sign_in(world.bruno).post(NEW, typed(world)).status_code == 422


def test_a_class_is_opened_in_one_s_own_school_and_network_only(world, sign_in):
    as_relay(world.amina)
    client = sign_in(world.amina)
    assert client.post(NEW, typed(world, school=world.here.schools[1].pk)).status_code == 422
    assert client.post(NEW, typed(world, network=world.there.network.pk)).status_code == 422
    text = SiteText("Dictée", ["CE1"], 1, week=["MON_AM"])
    with pytest.raises(Refusal, match="où vous enseignez"):
        actions.open_site(school=world.there.schools[0], text=text, by=world.amina)
    stray = SiteText("Dictée", ["CE1"], 1, week=["MON_AM"], network=world.there.network)
    with pytest.raises(Refusal, match="réseau"):
        actions.open_site(school=world.here.schools[0], text=stray, by=world.amina)
    assert not ObservationSite.objects.exists()


def test_host_edits_pauses_and_reopens_and_nobody_else_does(world, sign_in):
    site = site_of(as_relay(world.amina))
    client = sign_in(world.amina)
    assert client.post(url("update", site), typed(world, title="Un rituel de calcul")).status_code == 302
    site.refresh_from_db()
    assert (site.title, site.seats) == ("Un rituel de calcul", 2)
    client.post(url("move", site, "pause"))
    assert site.title not in sign_in(world.chloe).get(LIST).content.decode()
    assert "En pause" in sign_in(world.chloe).get(url("page", site)).content.decode()
    for who in ("chloe", "bruno", "inspector", "superuser"):
        other = sign_in(world.people[who])
        assert other.post(url("move", site, "ouvrir")).status_code == 404
        assert other.post(url("update", site), typed(world)).status_code == 404
    client = sign_in(world.amina)
    client.post(url("move", site, "ouvrir"))
    site.refresh_from_db()
    assert site.state == rules.SiteState.OPEN
    assert client.post(url("move", site, "voler")).status_code == 404
    body = client.post(url("move", site, "ouvrir"), follow=True).content.decode()
    assert "n’est pas en pause" in body


def test_team_suspends_with_a_reason_that_the_host_reads(world, sign_in):
    site = site_of(world.amina)
    client = sign_in(world.adviser)
    answer = client.post(url("move", site, "suspendre"), {"word": ""})
    assert answer.status_code == 422
    assert "Dites pourquoi" in answer.content.decode()
    client.post(url("move", site, "suspendre"), {"word": "Travaux dans le couloir"})
    assert Notice.objects.filter(person=world.amina, text="Travaux dans le couloir").exists()
    mine = sign_in(world.amina)
    assert "Travaux dans le couloir" in mine.get(url("page", site)).content.decode()
    mine.post(url("move", site, "ouvrir"))
    site.refresh_from_db()
    assert site.state == rules.SiteState.SUSPENDED, "the host does not undo it"
    assert "Travaux" not in sign_in(world.chloe).get(url("page", site)).content.decode()
    sign_in(world.inspector).post(url("move", site, "reprendre"))
    site.refresh_from_db()
    assert (site.state, site.reason) == (rules.SiteState.OPEN, "")
    for who in ("secretary", "adviser_there", "amina"):
        assert sign_in(world.people[who]).post(url("move", site, "suspendre"), {"word": "x"}).status_code == 404


def test_head_teacher_objects_with_a_word_and_the_class_is_no_longer_proposed(world, sign_in):
    site = site_of(world.amina, school=world.here.schools[1])
    post(world.amina, "TEACHER", world.here.schools[1], starts_on=timezone.localdate() - timedelta(days=1))
    head = sign_in(world.head_teacher)
    assert "Ma réponse de direction" in head.get(url("page", site)).content.decode()
    assert head.post(url("answer", site, "opposition"), {"word": ""}).status_code == 422
    head.post(url("answer", site, "opposition"), {"word": "Trop de passage en ce moment"})
    assert site.title not in sign_in(world.chloe).get(LIST).content.decode()
    assert Notice.objects.filter(person=world.amina, text="Trop de passage en ce moment").exists()
    assert "Trop de passage" not in sign_in(world.chloe).get(url("page", site)).content.decode()
    head = sign_in(world.head_teacher)
    head.post(url("answer", site, "accord"), {"word": ""})
    assert site.title in sign_in(world.chloe).get(LIST).content.decode()
    assert sign_in(world.amina).post(url("answer", site, "accord")).status_code == 404
    assert sign_in(world.head_teacher).post(url("answer", site, "peut-etre")).status_code == 404


def test_inspector_opens_a_site_to_the_departement(world, sign_in):
    world.there.district.departement = world.here.departement
    world.there.district.save()
    site = site_of(world.amina)
    assert sign_in(world.denis).get(url("page", site)).status_code == 404
    assert sign_in(world.adviser).post(url("widen", site, "departement")).status_code == 404
    sign_in(world.inspector).post(url("widen", site, "departement"))
    assert sign_in(world.denis).get(url("page", site)).status_code == 200
    assert site.title in sign_in(world.denis).get(LIST).content.decode()
    assert sign_in(world.inspector_there).post(url("move", site, "suspendre"), {"word": "x"}).status_code == 404
    assert MARK not in sign_in(world.amina).get(url("page", site)).content.decode()
    with pytest.raises(Refusal):
        actions.widen_site(site=site, circle="DISTRICT", by=world.inspector_there)


def test_host_who_left_the_school_is_no_longer_proposed(world, sign_in):
    site = site_of(world.amina)
    world.amina.postings.update(ends_on=timezone.localdate() - timedelta(days=1))
    assert site.title not in sign_in(world.chloe).get(LIST).content.decode()


def put(school: School, latitude: float | None, longitude: float | None) -> None:
    School.objects.filter(pk=school.pk).update(latitude=latitude, longitude=longitude)


def test_list_is_narrowed_and_ordered_by_distance(world, sign_in):
    near, far = world.here.schools
    put(near, 49.2, 1.1)
    put(far, 49.3, 1.4)
    post(world.chloe, "TEACHER", far)
    site_of(world.amina, title="La dictée", practices=["WRITING"], network=world.here.network)
    site_of(world.chloe, school=far, title="Le calcul", levels=["CM2"], week=["MON_PM"], dates=["2027-03-12_AM"])
    client = sign_in(world.bruno)

    def shown(**asked) -> list[str]:
        page = client.get(LIST, asked).context["page"]
        return [row.site.title for row in page.rows]

    assert shown() == ["La dictée", "Le calcul"]
    assert shown(pratique="WRITING") == ["La dictée"]
    assert shown(niveau="CM2") == ["Le calcul"]
    assert shown(distance="10") == ["La dictée"]
    assert shown(distance="40") == ["La dictée", "Le calcul"]
    assert shown(quand="FRI_AM") == ["La dictée", "Le calcul"], "a date counts as its half-day"
    assert shown(quand="MON_PM") == ["La dictée", "Le calcul"]
    assert shown(reseau=str(world.here.network.pk)) == ["La dictée"]
    assert shown(niveau="CE9", distance="-1", quand="'", reseau="x") == ["La dictée", "Le calcul"]
    assert shown(niveau="TPS") == []
    body = client.get(LIST).content.decode().replace("\u00a0", " ")
    assert "à 24 km à vol d’oiseau" in body.lower()
    assert "dans votre école" in body.lower()


def test_unknown_coordinates_are_said(world, sign_in):
    site_of(world.amina)
    body = sign_in(world.bruno).get(LIST).content.decode()
    assert "La position de ces écoles n’est pas connue" in body
    put(world.here.schools[1], 49.2, 1.1)
    site_of(world.chloe, school=world.here.schools[1], title="Placée")
    post(world.chloe, "TEACHER", world.here.schools[1])
    page = sign_in(world.bruno).get(LIST)
    body = page.content.decode().replace("\u00a0", " ")
    assert "1 lieu sans position connue" in body
    assert page.context["page"].rows[0].km == 0.0, "one's own school needs no coordinates"
    assert page.context["page"].rows[1].distance == "distance inconnue"


def test_map_has_no_link_inside_and_says_what_it_shows(world, sign_in):
    put(world.here.schools[0], 49.2, 1.1)
    site_of(world.amina)
    body = sign_in(world.bruno).get(LIST).content.decode()
    drawn = body.split('<svg role="img"')[1].split("</svg>")[0]
    assert "<a " not in drawn
    assert "1\u00a0lieu où une classe s’ouvre" in drawn
    assert "style=" not in drawn


@pytest.mark.parametrize("count", [1, 3])
def test_list_costs_the_same_whatever_it_holds(world, sign_in, count, django_assert_num_queries):
    for n in range(count):
        host = person(f"hote{n}@ecole.test", f"Hôte{n}", "Petit")
        post(host, "TEACHER", world.here.schools[n % 2])
        site_of(host, title=f"Classe {n}", network=world.here.network)
    client = sign_in(world.bruno)
    client.get(LIST)
    with django_assert_num_queries(10 + len(registries.busy_providers())):
        client.get(LIST)


@pytest.mark.parametrize("count", [1, 3])
def test_group_page_shows_the_open_classes_of_its_members(world, sign_in, count, django_assert_num_queries):
    for n in range(count):
        host = person(f"hote{n}@ecole.test", f"Hôte{n}", "Petit")
        post(host, "TEACHER", world.here.schools[n % 2])
        join(host, world.here.group)
        site_of(host, title=f"Classe {n}")
    site_of(world.chloe, title="D’un autre groupe")
    client = sign_in(world.bruno)
    address = reverse("networks:group_page", args=[world.here.group.pk])
    body = client.get(address).content.decode()
    assert all(f"Classe {n}" in body for n in range(count))
    assert "D’un autre groupe" not in body
    assert len(queries.sites_of_group(world.bruno, world.here.group)) == count


def test_search_finds_open_classes_in_scope(world):
    site_of(world.amina, title="Le rituel du calcul mental")
    site_of(world.denis, title=f"Le rituel {MARK}")
    (found,) = queries.search_sites(world.chloe, "rituel", 8)
    assert found.title == "Le rituel du calcul mental"


def test_a_thousand_open_classes_cost_no_more(world, sign_in, django_assert_num_queries):
    first, second = world.here.schools
    put(first, 49.2, 1.1)
    put(second, 49.3, 1.4)
    site = {"school": first, "levels": ["CE1"], "week": ["TUE_AM"], "practices": ["WRITING"]}
    ObservationSite.objects.bulk_create(
        ObservationSite(host=world.amina, title=f"Classe {n}", **site) for n in range(1000)
    )
    client = sign_in(world.bruno)
    client.get(LIST)
    with django_assert_num_queries(11 + len(registries.busy_providers())):  # the communes of the map
        page = client.get(LIST, {"pratique": "WRITING"})
    assert "1000\u00a0classes ouvertes" in page.content.decode()
    assert len(page.content) < 60_000
