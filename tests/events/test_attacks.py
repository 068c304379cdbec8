"""Attacks on sharing days: what one reads or shows beyond one's scope."""

from __future__ import annotations

from datetime import date

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from circo.errors import Refusal
from circo.models import Notice, OutgoingMail
from events.convening import actions as convening
from events.days import actions as days
from events.models import Convocation, CoverNeed
from events.needs import actions as needs
from events.plans import actions as plans
from events.plans.rules import PlanState
from events.signing import actions as signing
from tests.events.brigade import school_day, substitute
from tests.events.days import NOW, announced, chosen
from tests.events.festivals import published as published_festival
from tests.events.plans import brigade_of, prepared, published, solved
from tests.networks.visits_things import site_of, visit_of

pytestmark = pytest.mark.django_db

REPLY_BY = date(2027, 3, 11)


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW.replace(tzinfo=timezone.get_default_timezone()), tick=True) as traveller:
        yield traveller


@pytest.fixture
def sent(world):
    day = announced(world.here, world.inspector)
    convening.send(day=day, reply_by=REPLY_BY, by=world.secretary)
    return day


def of(day, person) -> Convocation:
    return Convocation.objects.select_related("document").get(day=day, person=person)


@pytest.fixture
def holds(sign_in):
    """What the PDF of one's own convocation answers, and whether its code says that it holds."""
    return lambda day, person: _holds(day, person, sign_in(person))


def _holds(day, person, client) -> tuple[int, bool]:
    pdf = client.get(reverse("events:convocation_pdf", args=[day.pk])).status_code
    page = client.get(reverse("documents:verify_document", args=[of(day, person).document.code])).text
    return pdf, "authentique" in page


def test_a_convocation_that_was_taken_back_is_shown_to_nobody(world, sent, holds):
    assert holds(sent, world.amina) == (200, True)
    convening.take_out(convocation=of(sent, world.amina), by=world.adviser)
    assert holds(sent, world.amina) == (409, False)
    convening.put_back(convocation=of(sent, world.amina), by=world.adviser)
    assert holds(sent, world.amina) == (200, True)


def test_who_was_taken_out_and_comes_all_the_same_has_a_document_that_holds(world, sent, clock):
    convening.take_out(convocation=of(sent, world.amina), by=world.adviser)
    clock.move_to(sent.at("AM")[0])
    signing.add(day=sent, person=world.amina, half="AM", by=world.adviser)
    assert of(sent, world.amina).document.withdrawn_at is None


def test_the_convocations_of_a_day_that_is_called_off_hold_no_more(world, sent, holds):
    convening.take_out(convocation=of(sent, world.bruno), by=world.adviser)
    days.cancel(day=sent, by=world.inspector)
    assert holds(sent, world.amina) == (409, False)
    days.restore(day=sent, by=world.inspector)
    assert holds(sent, world.amina) == (200, True)
    assert holds(sent, world.bruno) == (409, False)


def test_a_brigade_s_calendar_does_not_tell_that_a_substitute_visits_a_class(world, sign_in):
    lucie = substitute("Lucie", world.here.schools[0])
    on = school_day(world.here.schools[0])
    visit_of(site_of(world.bruno), lucie, on, state="ASKED")
    address = reverse("events:substitute_page", args=[lucie.pk], query={"semaine": on.isoformat()})
    for reader in (world.adviser, world.departement, world.brigade_manager):
        body = sign_in(reader).get(address).text
        assert "indisponible" in body
        assert "isite de classe" not in body


def test_a_class_does_not_tell_its_teacher_of_a_day_that_is_being_prepared(world, sign_in):
    day = chosen(world.here, world.inspector)
    needs.compute(day=day, by=world.secretary)
    need = CoverNeed.objects.get(people=world.amina)
    client = sign_in(world.amina)
    page, note = (reverse(f"events:need_{name}", args=[need.pk]) for name in ("page", "note"))
    assert client.get(page).status_code == 404
    assert client.post(note, {"text": "x"}).status_code == 404
    days.publish(day=day, by=world.inspector)
    assert client.get(page).status_code == 404
    convening.send(day=day, reply_by=REPLY_BY, by=world.secretary)
    assert client.get(page).status_code == 200


def test_who_is_told_of_a_substitute_opens_the_page_of_the_class(world, sign_in):
    day = announced(world.here, world.inspector)
    brigade_of(world.here)
    plan = solved(prepared(day, world.brigade_manager), world.brigade_manager)
    need = plan.assignments.filter(need__people=world.amina).get().need
    client, page = sign_in(world.amina), reverse("events:need_page", args=[need.pk])
    assert client.get(page).status_code == 404
    published(plan, world)
    assert client.get(page).status_code == 200


def test_a_plan_of_a_day_that_is_being_prepared_is_published_to_nobody(world):
    day = chosen(world.here, world.inspector)
    brigade_of(world.here)
    plan = solved(prepared(day, world.brigade_manager), world.brigade_manager)
    with pytest.raises(Refusal, match="pas annoncée"):
        published(plan, world)
    assert not Notice.objects.filter(kind__in=("missions", "covered-classes")).exists()
    days.publish(day=day, by=world.inspector)
    assert plans.move(plan=plan, target=PlanState.PUBLISHED, by=world.brigade_manager).state == "PUBLISHED"


# --- Visitors of the festival -----------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "name",
    ["Gagnez sur https://piege.test", "piege.test", "Zoé\n\nCliquez ici", "Vous avez gagné un grand voyage", "1"],
)
def test_nobody_has_us_mail_words_of_theirs_to_whom_they_like(world, client, name):
    festival, animation = published_festival(world.here, world.amina, world.adviser)
    page = reverse("events:visitor_ask", args=[festival.pk, animation.sessions.get().pk])
    typed = {"first_name": name, "email": "quelquun@exemple.test", "seats": "1"}
    response = client.post(page, typed)
    assert response.status_code == 422
    assert "en lettres seulement" in response.text
    assert not OutgoingMail.objects.exists()
    for good in ("Jean-Noël", "Maëlle d’Arc", "Zoé"):
        assert client.post(page, typed | {"first_name": good, "email": f"{len(good)}@exemple.test"}).status_code == 302
