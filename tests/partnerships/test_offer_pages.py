"""The pages of the vivier, from outside: propose, agree, open several at once, take back, find an open class."""

from __future__ import annotations

import re
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.urls import reverse

from circo.models import School
from partnerships.models import HostOffer
from partnerships.offers.rules import OfferState
from tests.partnerships.partner import cohort_of, offer_of
from tests.world import post

NOW = datetime(2026, 11, 26, 10, 0, tzinfo=ZoneInfo("Europe/Paris"))
MINE, TEAM, LIST, HOME = (
    reverse(name)
    for name in ("partnerships:offer_mine", "partnerships:offer_team", "partnerships:offer_list", "portal:home")
)
TYPED = {"levels": ["CE1"], "practices": ["ORAL"], "seats": "2", "week": ["MON_AM"], "periods": ["3"], "but": ""}


@pytest.fixture(autouse=True)
def _that_day():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def head(world):
    post(world.trainer, "HEAD_TEACHER", world.here.schools[0])
    return world.trainer


def page_of(offer: HostOffer) -> str:
    return reverse("partnerships:offer_page", args=[offer.pk])


def move(client, offer: HostOffer, verb: str, **typed):
    return client.post(reverse("partnerships:offer_move", args=[offer.pk]), {"verbe": verb} | typed)


def test_a_class_is_proposed_agreed_and_opened_by_three_people(world, sign_in, head):
    client = sign_in(world.amina)
    assert "Proposer ma classe" in client.get(MINE).content.decode()
    form = client.get(reverse("partnerships:offer_new"))
    assert form.context["form"].initial["levels"] == ["CE1"], "what is known of the class is written already"
    assert "Période 3, jusqu’au 19 février" in form.content.decode()
    answer = client.post(reverse("partnerships:offer_create"), TYPED, follow=True)
    offer = HostOffer.objects.get()
    assert "Votre classe est proposée" in answer.content.decode()
    assert (offer.state, offer.periods, offer.seats) == (OfferState.PROPOSED, [3], 2)

    client = sign_in(head)
    assert "Répondre à un collègue qui propose sa classe" in client.get(HOME).content.decode()
    assert "Donner mon accord" in client.get(MINE).content.decode()
    done = client.get(move(client, offer, "AGREE").url).content.decode()
    assert "Accord de la direction." in done
    client.post(reverse("partnerships:offers_undo"), {"classe": offer.pk})
    assert HostOffer.objects.get().state == OfferState.PROPOSED
    move(client, offer, "AGREE")

    client = sign_in(world.inspector)
    assert "Ouvrir une classe aux étudiants" in client.get(HOME).content.decode()
    typed = {"classe": offer.pk, "institutions": world.here.institution.pk}
    opened = client.post(reverse("partnerships:offers_open"), typed, follow=True).content.decode()
    assert "La classe est ouverte." in opened

    found = sign_in(world.partner_coordinator).get(LIST).content.decode()
    assert "Amina Petit" in found
    assert "lundi 4 janvier 2027, matin" in found.lower(), "the third period begins after Christmas"


def test_a_refusal_needs_its_reason_and_nothing_typed_is_lost(world, sign_in, head):
    offer = offer_of(world.amina, state=OfferState.PROPOSED)
    client = sign_in(head)
    answer = move(client, offer, "REFUSE", reason="")
    assert answer.status_code == 422
    assert "Dites pourquoi" in answer.content.decode()
    move(client, offer, "REFUSE", reason="Deux stagiaires suffisent")
    seen = sign_in(world.amina).get(page_of(offer)).content.decode()
    assert "Deux stagiaires suffisent" in seen
    assert "Proposer de nouveau" in seen


def test_the_log_is_not_for_who_places_students(world, sign_in):
    offer = offer_of(world.amina)
    assert "Ce qui s’est passé" not in sign_in(world.partner_coordinator).get(page_of(offer)).content.decode()
    assert "Ce qui s’est passé" in sign_in(world.secretary).get(page_of(offer)).content.decode()


@pytest.mark.parametrize("name", ["bruno", "student", "head_teacher", "inspector_there", "partner_coordinator_there"])
def test_a_class_is_nowhere_for_the_others(world, sign_in, name):
    assert sign_in(world.people[name]).get(page_of(offer_of(world.amina))).status_code == 404


def test_a_verb_of_somebody_else_is_not_there(world, sign_in):
    offer = offer_of(world.amina, state=OfferState.AGREED)
    assert move(sign_in(world.amina), offer, "OPEN").status_code == 404
    assert move(sign_in(world.inspector), offer, "PLIER").status_code == 404


def test_a_verb_that_comes_too_late_says_so_above_the_page(world, sign_in):
    offer = offer_of(world.amina, state=OfferState.WITHDRAWN)
    client = sign_in(world.amina)
    assert "Cette classe n’est pas ouverte" in client.get(move(client, offer, "CLOSE").url).content.decode()


def test_several_classes_open_at_once_and_close_again_at_once(world, sign_in):
    offers = [offer_of(one, state=OfferState.AGREED, institutions=[]) for one in (world.amina, world.bruno)]
    client, url = sign_in(world.adviser), reverse("partnerships:offers_open")
    missing = client.post(url, {"institutions": world.here.institution.pk})
    assert missing.status_code == 422
    assert "Cochez les classes à ouvrir" in missing.content.decode()
    assert "Choisissez à quel institut" in client.post(url, {"classe": offers[0].pk}).content.decode()
    chosen = {"classe": [one.pk for one in offers], "institutions": world.here.institution.pk}
    assert "2\u00a0classes sont ouvertes." in client.post(url, chosen, follow=True).content.decode()
    client.post(reverse("partnerships:offers_undo"), {"classe": chosen["classe"]})
    assert set(HostOffer.objects.values_list("state", flat=True)) == {OfferState.AGREED}


def test_the_list_is_narrowed_by_level_practice_and_free_day(world, sign_in):
    offer_of(world.amina, levels=["CE1"], practices=["ORAL"], week=["MON_AM"])
    offer_of(world.bruno, levels=["GS"], practices=["NUMBERS"], week=["TUE_AM"])
    client = sign_in(world.partner_coordinator)

    def found(**given) -> list[str]:
        return [row.offer.person.first_name for row in client.get(LIST, given).context["page"].rows]

    assert found() == ["Amina", "Bruno"]
    assert found(niveau="GS") == ["Bruno"]
    assert found(pratique="ORAL") == ["Amina"]
    assert found(niveau="CM2") == ["Amina", "Bruno"], "what no class has narrows nothing"
    assert found(jour="2026-12-01") == ["Bruno"]
    assert found(jour="2026-12-01", moment="PM") == []
    assert found(jour="2026-12-22") == [], "a day of holidays"
    assert "Aucune classe ne réunit tout cela" in client.get(LIST, {"jour": "2026-12-22"}).content.decode()


def test_who_is_of_no_group_is_told_whom_to_ask(world, sign_in):
    client = sign_in(world.head_teacher)
    assert "parlez-en à votre conseillère" in client.get(MINE).content.decode()
    assert client.get(reverse("partnerships:offer_new")).url == MINE
    answer = client.post(reverse("partnerships:offer_create"), TYPED)
    assert "membres des groupes" in answer.content.decode()


def test_who_teaches_in_two_schools_chooses_one(world, sign_in):
    other: School = world.here.schools[1]
    post(world.amina, "TEACHER", other)
    client = sign_in(world.amina)
    assert "École" in str(client.get(reverse("partnerships:offer_new")).context["form"])
    client.post(reverse("partnerships:offer_create"), TYPED | {"school": other.pk})
    assert HostOffer.objects.get().school == other


def test_a_proposal_is_corrected(world, sign_in):
    offer = offer_of(world.amina, state=OfferState.PROPOSED)
    client = sign_in(world.amina)
    url = reverse("partnerships:offer_update", args=[offer.pk])
    wrong = client.post(url, TYPED | {"week": [], "dates": "demain"})
    assert wrong.status_code == 422
    assert "Nous ne comprenons pas" in wrong.content.decode()
    client.post(url, TYPED | {"dates": "03/12/2026 matin", "conditions": "Des baskets"})
    seen = client.get(page_of(offer)).content.decode()
    assert "jeudi 3 décembre 2026, matin" in seen
    assert "Des baskets" in seen


def test_open_classes_are_found_by_the_search(world, sign_in):
    offer_of(world.amina)
    url = reverse("portal:search")
    assert "Classe d’Amina Petit" in sign_in(world.partner_coordinator).get(url, {"q": "amina"}).content.decode()
    assert "Classe d’Amina Petit" not in sign_in(world.bruno).get(url, {"q": "amina"}).content.decode()


@pytest.mark.parametrize(("name", "url"), [("partner_coordinator", LIST), ("inspector", TEAM), ("head_teacher", MINE)])
def test_lists_cost_the_same_for_one_and_three(world, sign_in, django_assert_max_num_queries, name, url):
    there = world.here.schools[1]
    hosts = iter((world.amina, world.bruno, world.chloe))
    client = sign_in(world.people[name])
    counts = []
    for more in (1, 2):
        for _ in range(more):
            offer_of(next(hosts), school=there, state=OfferState.OPEN)
        client.get(url)
        with django_assert_max_num_queries(24) as seen:
            client.get(url)
        counts.append(len(seen))
    assert counts[0] == counts[1]


def test_from_an_open_class_one_books_in_it(world, sign_in):
    offer, way = offer_of(world.amina), reverse("partnerships:grid_class", args=[1])[:-2]
    client = sign_in(world.partner_coordinator)
    assert way not in client.get(page_of(offer)).content.decode(), "there is nobody to place"
    cohort_of(world.here)
    found = re.search(f'href="({way}[^"]+)"', client.get(page_of(offer)).content.decode())
    assert found is not None
    assert client.get(found[1]).status_code == 200
    for who in (world.amina, world.inspector):
        assert way not in sign_in(who).get(page_of(offer)).content.decode()
    HostOffer.objects.update(state=OfferState.CLOSED)
    assert way not in client.get(page_of(offer)).content.decode()


def test_who_has_proposed_every_class_is_not_asked_to_write_it_again(world, sign_in):
    client, new = sign_in(world.amina), reverse("partnerships:offer_new")
    assert new in client.get(MINE).content.decode()
    offer_of(world.amina)
    assert new not in client.get(MINE).content.decode()
    assert client.get(new).url == MINE
    post(world.amina, "TEACHER", world.here.schools[1])
    assert new in client.get(MINE).content.decode(), "in another school, she has another class"
    assert client.get(new).status_code == 200


@pytest.mark.parametrize("state", OfferState)
def test_a_class_that_takes_nobody_more_says_no_next_half_days(world, sign_in, state):
    offer = offer_of(world.amina, state=state)
    page = sign_in(world.amina).get(page_of(offer)).content.decode()
    assert ("Prochaines demi-journées" in page) == (state in (OfferState.PROPOSED, OfferState.AGREED, OfferState.OPEN))
