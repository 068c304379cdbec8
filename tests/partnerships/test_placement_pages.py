"""The pages of placements, as each of those whom they concern uses them."""

import re

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from circo.rules import Role
from partnerships.models import Placement
from partnerships.placements.actions import life
from partnerships.placements.queries import lists
from partnerships.placements.rules import PlacementState
from tests.partnerships.placed import DAYS, HOLD, NOW, standing
from tests.world import post

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_november")]
LIST = reverse("partnerships:placement_list")


def url(name: str, *args) -> str:
    return reverse(f"partnerships:{name}", args=args)


def test_a_coordinator_takes_a_placement_from_held_to_public_and_back(stage, sign_in):
    client, placement = sign_in(stage.by), stage.hold(*DAYS[:3])
    page = url("placement_page", placement.pk)
    answer = client.post(url("placement_move", placement.pk, "confirmer"), follow=True)
    undo = url("placement_move", placement.pk, "reprendre")
    assert undo in answer.content.decode()
    client.post(undo)
    assert Placement.objects.get().state == PlacementState.HELD
    assert client.post(url("placement_move", placement.pk, "publier")).status_code == 404
    for verb in ("confirmer", "publier"):
        client.post(url("placement_move", placement.pk, verb))
    assert Placement.objects.get().state == PlacementState.PUBLISHED
    answer = client.post(url("placement_move", placement.pk, "annuler"), {"reason": ""})
    assert answer.status_code == 422
    assert "Dites pourquoi" in answer.content.decode()
    answer = client.post(url("placement_move", placement.pk, "annuler"), {"reason": "Fermeture"}, follow=True)
    assert "Fermeture" in answer.content.decode()
    client.post(url("placement_move", placement.pk, "retablir"))
    assert "Publié" in client.get(page).content.decode()


def test_nobody_is_offered_to_publish_what_lacks_an_adult(stage, sign_in):
    placement = life.confirm(placement=stage.whole(), by=stage.by)
    publish = url("placement_move", placement.pk, "publier")
    page = sign_in(stage.by).get(url("placement_page", placement.pk)).content.decode()
    assert "Adulte référent à nommer" in page
    assert publish not in page
    placement.days.filter(kind=HOLD).update(adult=stage.adult())
    assert publish in sign_in(stage.by).get(url("placement_page", placement.pk)).content.decode()


def test_a_half_day_is_moved_given_up_and_taken_back_on_the_page(stage, sign_in):
    client, placement = sign_in(stage.by), stage.hold(*DAYS[:2])
    shift = url("placement_shift", placement.pk, DAYS[0].code, "deplacer")
    form = client.get(shift).context["form"]
    offered = f"{stage.offer.pk}:{DAYS[5].code}"
    assert offered in form.free
    done = url("placement_shifted", placement.pk, DAYS[0].code, "deplacer")
    assert client.post(done, {"to": "1:ailleurs"}).status_code == 422
    assert client.post(done, {"to": offered}).status_code == 302
    assert standing(placement) == [DAYS[1].code, DAYS[5].code]
    answer = client.post(url("placement_free", placement.pk, DAYS[5].code), follow=True)
    undo = url("placement_put_back", placement.pk, DAYS[5].code)
    assert undo in answer.content.decode()
    client.post(undo)
    assert len(standing(placement)) == 2
    for code in ("rien", "2027-01-11_XX"):
        assert client.get(url("placement_shift", placement.pk, code, "deplacer")).status_code == 404
    assert client.get(url("placement_shift", placement.pk, DAYS[1].code, "voler")).status_code == 404


def test_a_student_says_to_be_absent_and_the_coordinator_replaces(stage, sign_in):
    placement = stage.published(*DAYS[:2])
    mine = sign_in(stage.ines.person)
    asked = mine.get(url("placement_absence", placement.pk, DAYS[0].code)).content.decode()
    assert "Vous ne pouvez pas venir" in asked
    assert "Noter une absence" not in asked
    mine.post(url("placement_miss", placement.pk, DAYS[0].code), {"why": "STUDENT"})
    assert standing(placement) == [DAYS[1].code]
    client = sign_in(stage.by)
    assert "absence de l’étudiant" in client.get(url("placement_page", placement.pk)).content.decode()
    form = client.get(url("placement_shift", placement.pk, DAYS[0].code, "remplacer")).context["form"]
    assert {one.offer for one in form.free.values()} == {stage.offer}
    chosen = {"to": f"{stage.offer.pk}:{DAYS[7].code}"}
    client.post(url("placement_shifted", placement.pk, DAYS[0].code, "remplacer"), chosen)
    assert standing(placement) == [DAYS[1].code, DAYS[7].code]


def test_an_absence_is_taken_back_by_whoever_may_note_it(stage, world, sign_in):
    lea, marc = stage.pair()
    placement = stage.published(*DAYS[:2], who=[lea, marc])
    page, miss = url("placement_page", placement.pk), url("placement_miss", placement.pk, DAYS[0].code)
    undo = url("placement_put_back", placement.pk, DAYS[0].code)
    assert undo in sign_in(lea.person).post(miss, {"why": "STUDENT"}, follow=True).content.decode()
    assert undo not in sign_in(marc.person).get(page).content.decode()
    assert "rien à reprendre" in sign_in(marc.person).post(undo, follow=True).content.decode()
    assert standing(placement).count(DAYS[0].code) == 1
    assert undo in sign_in(lea.person).get(page).content.decode()
    sign_in(lea.person).post(undo)
    assert standing(placement).count(DAYS[0].code) == 2
    sign_in(stage.host).post(miss, {"why": "HOST"})
    assert standing(placement) == [DAYS[1].code] * 2
    assert "rien à reprendre" in sign_in(lea.person).post(undo, follow=True).content.decode()
    assert sign_in(world.chloe).post(undo).status_code == 404
    assert undo in sign_in(stage.host).get(page).content.decode()
    sign_in(stage.host).post(undo)
    assert standing(placement).count(DAYS[0].code) == 2


def test_a_student_takes_back_nothing_of_what_has_begun_or_is_replaced(stage, sign_in):
    placement = stage.published(*DAYS[:2])
    page, miss = url("placement_page", placement.pk), url("placement_miss", placement.pk, DAYS[0].code)
    undo = url("placement_put_back", placement.pk, DAYS[0].code)
    sign_in(stage.ines.person).post(miss, {"why": "STUDENT"})
    with time_machine.travel(f"{DAYS[0].day} 10:00", tick=True):
        mine = sign_in(stage.ines.person)
        assert undo not in mine.get(page).content.decode()
        assert "a commencé" in mine.post(undo, follow=True).content.decode()
        assert standing(placement) == [DAYS[1].code]
    keeper, again = sign_in(stage.by), url("placement_shift", placement.pk, DAYS[0].code, "remplacer")
    assert again in keeper.get(page).content.decode()
    chosen = {"to": f"{stage.offer.pk}:{DAYS[7].code}"}
    keeper.post(url("placement_shifted", placement.pk, DAYS[0].code, "remplacer"), chosen)
    told = keeper.get(page).content.decode()
    assert "remplacée" in told
    assert undo not in told
    assert again not in told


def test_a_move_is_taken_back_on_the_page_wherever_it_led(stage, sign_in):
    client, placement, elsewhere = sign_in(stage.by), stage.hold(*DAYS[:2]), stage.other_class()
    back = re.compile(r'<form class="alert retour" method="post" action="([^"]+)".*?</form>', re.DOTALL)
    for to in (stage.offer, elsewhere):
        free = client.get(url("placement_shift", placement.pk, DAYS[0].code, "deplacer")).context["form"].free
        chosen = next(code for code, one in free.items() if one.offer == to)
        done = url("placement_shifted", placement.pk, DAYS[0].code, "deplacer")
        told = client.post(done, {"to": chosen}, follow=True).content.decode()
        assert DAYS[0].code not in standing(placement)
        form = back.search(told)
        assert form is not None
        fields = dict(re.findall(r'name="(\w+)" value="([^"]*)"', form[0]))
        answer = client.post(form[1], fields)
        assert answer.url.startswith(url("placement_page", placement.pk))
        assert standing(placement) == [DAYS[0].code, DAYS[1].code]


def test_the_named_adult_reads_whom_one_answers_for(stage, sign_in):
    placement, adult = stage.whole(), stage.adult()
    client, page = sign_in(adult), url("placement_page", placement.pk)
    life.confirm(placement=placement, by=stage.by)
    assert client.get(page).status_code == 404
    life.name_adult(placement=placement, half_days=DAYS[4:6], adult=adult, by=stage.by)
    assert client.get(page).status_code == 200
    assert page in client.get(url("hosting")).content.decode()
    life.name_adult(placement=placement, half_days=DAYS[4:6], adult=stage.host, by=stage.by)
    assert client.get(page).status_code == 404


def test_one_is_told_what_is_left_to_sign(stage, sign_in):
    placement = stage.published(*DAYS[:2])
    signing = url("signing", placement.pk)
    pages = ((stage.ines.person, reverse("partnerships:mine")), (stage.host, url("hosting")))
    assert all("À signer" not in sign_in(who).get(page).content.decode() for who, page in pages)
    with time_machine.travel(f"{DAYS[0].day} 18:00", tick=True):
        for who, page in pages:
            client = sign_in(who)
            told = client.get(page).content.decode()
            assert signing in told
            assert "2 signatures" in told
            for row in placement.days.all():
                client.post(url("day_sign", row.pk))
            assert "À signer" not in client.get(page).content.decode()


def test_a_head_teacher_names_the_adult_and_reads_who_comes(stage, world, sign_in):
    post(world.bruno, Role.HEAD_TEACHER, stage.offer.school)
    adult = stage.adult()
    placement = life.confirm(placement=stage.whole(), by=stage.by)
    client = sign_in(world.bruno)
    coming = client.get(url("hosting")).content.decode()
    assert "Dans mon école" in coming
    assert "Personne n’est nommé pour répondre sur place" in coming
    done = url("placement_adult", placement.pk)
    assert client.post(done, {"adult": adult.pk}).status_code == 422
    client.post(done, {"adult": adult.pk, "half_days": [DAYS[4].code, DAYS[5].code]})
    assert set(placement.days.filter(kind=HOLD).values_list("adult", flat=True)) == {adult.pk}
    assert f"Répond sur place : {adult}" in client.get(url("hosting")).content.decode().replace("\u00a0", " ")
    assert url("hosting") in client.get(reverse("portal:home")).content.decode(), "the menu leads there"
    assert "Étudiants dans mon école" not in sign_in(stage.host).get(reverse("portal:home")).content.decode()


def test_a_teacher_reads_who_comes_and_writes_a_review(stage, sign_in):
    placement = stage.published(*DAYS[:2])
    client, of = sign_in(stage.host), placement.students.get()
    assert "Inès Garreau" in client.get(url("hosting")).content.decode()
    written = client.post(url("review_write", of.pk), {"strengths": "", "next_steps": "Le tableau"})
    assert written.status_code == 422
    assert "Le tableau" in written.content.decode()
    client.post(url("review_write", of.pk), {"strengths": "La voix", "next_steps": ""})
    assert "La voix" in client.get(url("placement_page", placement.pk)).content.decode()
    assert "La voix" not in sign_in(stage.ines.person).get(url("placement_page", placement.pk)).content.decode()


def test_a_student_reads_where_one_goes(stage, sign_in):
    stage.published(*DAYS[:2])
    page = sign_in(stage.ines.person).get(reverse("partnerships:mine")).content.decode()
    assert "Où je vais" in page
    assert "Mes prochaines demi-journées" in page
    assert "Lundi 11 janvier 2027, matin" in page
    assert str(stage.host) in page


def test_a_list_is_narrowed_and_moved_on_together(stage, world, sign_in):
    one = stage.hold(*DAYS[:2])
    alone = stage.student("Paul")
    other = life.confirm(placement=stage.whole(who=[alone]), by=stage.by)
    client = sign_in(stage.by)
    assert [row.pk for row in client.get(LIST, {"etat": "HELD"}).context["page"]] == [one.pk]
    assert [row.pk for row in client.get(LIST, {"mots": "paul"}).context["page"]] == [other.pk]
    assert [row.pk for row in client.get(LIST, {"manque": "adulte"}).context["page"]] == [other.pk]
    assert not client.get(LIST, {"mots": "personne"}).context["page"].object_list
    client.post(url("placements_move", "confirmer"), {"stages": [one.pk, "x"]})
    answer = client.post(url("placements_move", "publier"), {"stages": [one.pk, other.pk]}, follow=True)
    assert "Nommez l’adulte" in answer.content.decode()
    assert "1\u00a0stage publié." in answer.content.decode()
    assert client.get(LIST, {"fait": "publier-beaucoup"}).context["done"] == ""
    assert Placement.objects.get(pk=one.pk).state == PlacementState.PUBLISHED
    assert Placement.objects.get(pk=other.pk).state == PlacementState.CONFIRMED
    assert client.post(url("placements_move", "annuler"), {"stages": [one.pk]}).status_code == 404
    assert "Inès Garreau" in sign_in(world.inspector).get(LIST).content.decode()
    assert "Inès Garreau" not in sign_in(world.inspector_there).get(LIST).content.decode()


def test_of_a_pair_one_says_one_s_own_absence_and_the_other_still_comes(stage, sign_in):
    lea, marc = stage.pair()
    placement = stage.published(*DAYS[:2], who=[lea, marc])
    page, say = url("placement_page", placement.pk), url("placement_absence", placement.pk, DAYS[0].code)
    mine = sign_in(lea.person)
    assert say in mine.get(page).content.decode()
    told = mine.post(url("placement_miss", placement.pk, DAYS[0].code), {"why": "STUDENT"}, follow=True)
    assert "Votre absence est notée." in told.content.decode()
    assert say not in mine.get(page).content.decode(), "it is said already"
    for who in (marc.person, stage.host):
        read = sign_in(who).get(page).content.decode()
        assert say in read
        assert "N’a pas lieu" not in read
        assert "A lieu quand même" in read
    sign_in(marc.person).post(url("placement_miss", placement.pk, DAYS[0].code), {"why": "STUDENT"})
    assert "N’a pas lieu" in mine.get(page).content.decode()


def test_the_way_back_is_the_list_from_which_one_comes(stage, world, sign_in):
    placement = stage.published(*DAYS[:2])
    post(world.trainer, Role.HEAD_TEACHER, stage.offer.school)
    ways = {
        stage.ines.person: "mine",
        stage.host: "hosting",
        world.trainer: "hosting",
        stage.by: "placement_list",
        world.inspector: "placement_list",
    }
    for who, name in ways.items():
        page = sign_in(who).get(url("placement_page", placement.pk))
        assert page.context["parents"][0][1] == url(name), who
    assert LIST in sign_in(stage.host).get(url("hosting")).content.decode(), "what is over is there"


def test_the_page_of_a_student_tells_the_placements_and_leads_to_the_grid(stage, sign_in):
    lea, marc = stage.pair()
    held, page = stage.hold(*DAYS[:2], who=[lea, marc]), url("student_page", lea.pk)
    client = sign_in(stage.by)
    told = client.get(page).content.decode()
    assert url("placement_page", held.pk) in told
    assert "réservé" in told
    way = re.search(f'href="({url("grid_page")}[^"]+)"', told)
    assert way is not None
    assert set(client.get(way[1].replace("&amp;", "&")).context["asked"].party.students) == {lea, marc}
    assert "Aucun stage pour l’instant" in client.get(url("student_page", stage.ines.pk)).content.decode()
    life.cancel(placement=held, reason="Fermeture", by=stage.by)
    assert url("placement_page", held.pk) not in client.get(page).content.decode()


def test_a_cohort_tells_who_has_no_placement(stage, sign_in):
    lea, marc = stage.pair()
    held, page = stage.hold(*DAYS[:2], who=[lea, marc]), url("cohort_page", stage.cohort.pk)
    client = sign_in(stage.by)
    assert "Sans stage\u00a0: 1" in client.get(page).content.decode()
    assert list(client.get(page, {"manque": "stage"}).context["page"]) == [stage.ines]
    life.cancel(placement=held, reason="Fermeture", by=stage.by)
    assert "Sans stage\u00a0: 3" in client.get(page).content.decode()


def test_a_list_counts_half_days_once_for_a_pair(stage, sign_in):
    stage.hold(*DAYS[:3], who=stage.pair())
    assert "3\u00a0demi-journées" in sign_in(stage.by).get(LIST).content.decode()


def test_who_names_nobody_reads_who_does(stage, world, sign_in):
    placement = life.confirm(placement=stage.whole(), by=stage.by)
    page = url("placement_page", placement.pk)
    assert "dites qui" in sign_in(stage.by).get(page).content.decode()
    told = sign_in(world.inspector).get(page).content.decode()
    assert "l’école ou l’institut dit qui" in told
    assert "dites qui" not in told


def test_the_search_finds_the_placements_that_one_sees(stage, world, sign_in):
    held, seek = stage.hold(*DAYS[:2]), reverse("portal:search")

    def found(who, words: str) -> bool:
        return url("placement_page", held.pk) in sign_in(who).get(seek, {"q": words}).content.decode()

    for words in ("garreau", "INES", f"{stage.host.first_name} ines", stage.offer.school.name):
        assert found(stage.by, words), words
    for words in ("paul", "ines paul"):
        assert not found(stage.by, words), words
    knowing = {"coordinator": stage.by}
    concerned = {"student": stage.ines.person, "host": stage.host, "inspector": world.inspector}
    for apart in (world.bruno, world.partner_coordinator_there, world.inspector_there, world.student):
        assert not found(apart, "garreau"), apart
    for verb in (life.confirm, life.publish):  # what is held is the coordinator's; students hear of it last
        assert {name for name, who in (knowing | concerned).items() if found(who, "garreau")} == set(knowing)
        verb(placement=held, by=stage.by)
        knowing |= {name: who for name, who in concerned.items() if name != "student" or verb is life.publish}
    assert all(found(who, "garreau") for who in (knowing | concerned).values())
    life.cancel(placement=held, reason="Fermeture", by=stage.by)
    assert not found(stage.by, "garreau")


def test_the_search_costs_the_same_for_one_placement_and_three(stage):
    counts = []
    for names in (("Paul",), ("Rose", "Jean")):
        for name in names:
            stage.hold(DAYS[0], who=[stage.student(name)], offer=stage.other_class())
        with CaptureQueriesContext(connection) as seen:
            assert lists.search(stage.by, "garreau", 10)
        counts.append(len(seen))
    assert counts[0] == counts[1] <= 4


def test_the_register_says_by_what_right_and_warns(stage, world, sign_in):
    stage.derogation()
    placement = life.confirm(placement=stage.whole(), by=stage.by)
    life.name_adult(placement=placement, half_days=DAYS[4:6], adult=stage.adult(), by=stage.by)
    life.publish(placement=placement, by=world.inspector)
    client = sign_in(world.inspector)
    page = client.get(reverse("partnerships:basis_list")).content.decode()
    assert page.count("Dérogation 2026-14, Recteur") == 2
    assert "Sans fondement" not in page
    placement.days.filter(kind=HOLD).update(adult=None)
    assert "Sans fondement" in client.get(reverse("partnerships:basis_list")).content.decode()


def test_another_basis_is_sought_once_the_first_has_ended(stage, world, sign_in):
    first = stage.derogation()
    placement = stage.whole()
    placement.days.filter(kind=HOLD).update(adult=stage.adult())
    life.publish(placement=life.confirm(placement=placement, by=stage.by), by=stage.by)
    first.ends_on = NOW.date()
    first.save()
    client, seek, bases = sign_in(world.inspector), url("basis_seek", placement.pk), url("basis_list")
    assert f'action="{seek}"' in client.get(bases).content.decode()
    assert "Rien ne permet" in client.post(seek, follow=True).content.decode()
    second = stage.derogation(reference="2026-77")
    answer = client.post(seek, follow=True).content.decode()
    assert "Un fondement en vigueur est écrit." in answer
    assert seek not in answer
    assert set(placement.days.filter(kind=HOLD).values_list("derogation", flat=True)) == {second.pk}
    held = stage.hold(DAYS[8], who=[stage.student("Paul")])
    assert "n’est pas publié" in sign_in(stage.by).post(url("basis_seek", held.pk), follow=True).content.decode()
    assert sign_in(world.inspector_there).post(seek).status_code == 404


@pytest.mark.parametrize("name", ["placement_list", "hosting", "basis_list", "mine"])
def test_pages_cost_the_same_for_one_and_for_more(stage, sign_in, name):
    reader = {"hosting": stage.host, "mine": stage.ines.person}.get(name, stage.by)
    stage.derogation()
    stage.published(*DAYS[:2])
    client = sign_in(reader)
    client.get(reverse(f"partnerships:{name}"))
    first = _queries(client, name)
    for number in range(3):
        who = stage.ines if name == "mine" else stage.student(f"Zoé{number}")
        offer = stage.other_class()
        stage.published(*DAYS[2 + 2 * number : 4 + 2 * number], who=[who], offer=offer)
    assert _queries(client, name) <= first


def _queries(client, name: str) -> int:
    with CaptureQueriesContext(connection) as seen:
        assert client.get(reverse(f"partnerships:{name}")).status_code == 200
    return len(seen)
