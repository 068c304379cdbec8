"""The life of one placement, as each of those whom it concerns lives it: from a class offered to a morning replaced."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.urls import reverse

from circo.models import School
from circo.rules import Role
from partnerships.models import HostOffer, LogEntry, PartnerAgreement, PeerObservation, Placement, PlacementDay
from partnerships.placements.rules import PlacementState
from tests.browser import BrowserPage, browser, chromium, page_as  # noqa: F401
from tests.partnerships.observed import Crossing
from tests.partnerships.partner import (
    agreement_of,
    cohort_of,
    programme_of,
    proposal_of,
    status_of,
    student_in,
    terms_of,
)
from tests.partnerships.placed import DAYS
from tests.world import person, post

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PARIS = ZoneInfo("Europe/Paris")
NOW = datetime(2026, 11, 26, 10, 0, tzinfo=PARIS)  # a Thursday of school
THE_DAY = datetime(2026, 11, 30, 18, 0, tzinfo=PARIS)
MONDAY, TUESDAY, THURSDAY = "2026-11-30_AM", "2026-12-01_AM", "2026-12-03_AM"
TABS_MOST = 80


def url(name: str, *args) -> str:
    return reverse(f"partnerships:{name}", args=args)


def seen(page: BrowserPage) -> None:
    """What one looks at is whole, narrow enough, and clear to those who listen to it."""
    assert page.axe() == []
    assert not page.scrolls_sideways()
    page.check()


def tab_to(page: BrowserPage, selector: str) -> None:
    """Go to something by the key of tabulation alone."""
    for _ in range(TABS_MOST):
        page.keyboard.press("Tab")
        if page.evaluate("(selector) => document.activeElement.matches(selector)", selector):
            return
    pytest.fail(f"no key leads to {selector}")


def press(page: BrowserPage, name: str, within: str = "body") -> None:
    """Press a button by the keyboard alone."""
    button = page.locator(f"{within} button", has_text=name).first
    button.wait_for()
    for _ in range(TABS_MOST):
        page.keyboard.press("Tab")
        if button.evaluate("(one) => one === document.activeElement"):
            page.keyboard.press("Enter")
            return
    pytest.fail(f"no key leads to {name}")


class Cast:
    """A head teacher in Amina’s school, an adult to name, a student who may hold a class, an agreement to sign."""

    def __init__(self, world) -> None:
        ground = world.here
        school = ground.schools[0]
        School.objects.filter(pk=school.pk).update(latitude=49.27, longitude=1.21)
        self.host, self.head, self.inspector = world.amina, world.bruno, world.inspector
        self.by = world.partner_coordinator
        post(self.head, Role.HEAD_TEACHER, school)
        self.adult = person("rose@ecole.test", "Rose", "Sur-Place")
        post(self.adult, Role.TEACHER, school)
        programme = programme_of(ground, before_accompanied=0, before_responsibility=0)
        terms_of(programme)
        self.student = student_in(cohort_of(ground, programme=programme), status_of(ground)).person
        self.agreement = agreement_of(ground, state="SENT")
        self.agreement.signatures.create(capacity="Directrice de l’institut")


def test_a_placement_from_an_offer_to_a_replacement(world, page_as):  # noqa: F811
    cast = Cast(world)
    with time_machine.travel(NOW, tick=True):
        _opened(cast, page_as)
        _booked_by_keys(page_as(cast.by))
        _published(cast, page_as)
        _read(cast, page_as)
        _replaced(cast, page_as)
    with time_machine.travel(THE_DAY, tick=True):
        _signed(cast, page_as)


def _opened(cast: Cast, page_as) -> None:  # noqa: F811
    """The teacher offers the class, the head teacher agrees, the inspector opens it to the institution."""
    host = page_as(cast.host, width=390)
    host.goto(url("offer_mine"))
    host.get_by_role("link", name="Proposer ma classe").click()
    for name in ("CE1", "Langage oral", "Lundi matin", "Mardi matin", "Jeudi matin"):
        host.get_by_label(name, exact=True).check()
    seen(host)
    host.get_by_role("button", name="Proposer ma classe").click()
    host.get_by_text("Proposée").first.wait_for()
    seen(host)
    head = page_as(cast.head)
    head.goto(url("offer_mine"))
    head.get_by_role("button", name="Donner mon accord").click()
    head.get_by_text("Accord de la direction").first.wait_for()
    seen(head)
    team = page_as(cast.inspector)
    team.goto(url("offer_team"))
    team.get_by_label("INSPÉ 27", exact=True).check()
    team.get_by_role("button", name="Ouvrir les classes cochées").click()
    team.get_by_text("Aucune classe n’attend d’être ouverte.").wait_for()
    seen(team)
    assert HostOffer.objects.get().state == "OPEN"


def _booked_by_keys(page: BrowserPage) -> None:
    """The coordinator signs the agreement of the year, then books two mornings: no hand leaves the keyboard."""
    page.goto(url("agreement_page", PartnerAgreement.objects.get().pk))
    page.locator("input[type=date]").fill("2026-11-26")  # its keys are those of the country of the browser
    press(page, "Noter la signature")
    page.get_by_text("La signature est notée.").wait_for()
    seen(page)
    page.goto(f"{url('grid_page')}?du=2026-11-30")
    tab_to(page, "#filtre-qui")
    page.keyboard.type("Inès")
    tab_to(page, "#filtre-sorte")
    page.keyboard.type("resp")
    press(page, "Voir")
    page.wait_for_url("**sorte=RESPONSIBILITY**")
    for booked, steps in ((1, 0), (2, 2)):
        tab_to(page, ".stages-grille tbody td")
        for _ in range(steps):
            page.keyboard.press("ArrowRight")
        page.keyboard.press("Enter")
        page.wait_for_function("() => document.activeElement.closest('#case')")
        press(page, "Réserver", "#case")
        page.until(lambda booked=booked: PlacementDay.objects.count() == booked)
        page.until("!document.querySelector('.htmx-request')")
    seen(page)
    assert {row.half_day.code for row in PlacementDay.objects.standing()} == {MONDAY, TUESDAY}
    page.goto(url("placement_page", Placement.objects.get().pk))
    press(page, "Confirmer")
    page.get_by_text("Confirmé : la classe et l’école le voient.").first.wait_for()
    seen(page)


def _published(cast: Cast, page_as) -> None:  # noqa: F811
    """The head teacher names who answers there; without it, nothing is published."""
    placement = Placement.objects.get()
    page = page_as(cast.by)
    page.goto(url("placement_page", placement.pk))
    page.get_by_text("Adulte référent à nommer").first.wait_for()
    assert page.get_by_role("button", name="Publier").count() == 0
    head = page_as(cast.head)
    head.goto(url("hosting"))
    head.get_by_role("link", name="Inès Garreau").first.click()
    head.get_by_label("Adulte référent sur place", exact=True).select_option(label=str(cast.adult))
    seen(head)
    head.get_by_role("button", name="Nommer").click()
    head.get_by_text("L’adulte référent est nommé").first.wait_for()
    page.reload()
    page.get_by_role("button", name="Publier").click()
    page.get_by_text("C’est publié").first.wait_for()
    assert page.get_by_text("Contrat d’alternance").count() == 2, "by what right, for each half-day"
    seen(page)
    placement.refresh_from_db()
    assert placement.state == PlacementState.PUBLISHED


def _read(cast: Cast, page_as) -> None:  # noqa: F811
    """The student reads when and where, takes papers along, writes in a log; class and school read who comes."""
    student = page_as(cast.student, width=390)
    student.goto(url("mine"))
    seen(student)
    student.get_by_role("link", name="Lundi 30 novembre, matin").click()
    student.get_by_role("link", name="Voir sur OpenStreetMap").wait_for()
    seen(student)
    for name in ("Convention d’Inès", "Calendrier"):
        answer = student.request.get(student.base_url + student.get_by_role("link", name=name).get_attribute("href"))
        assert answer.headers["content-type"] == "application/pdf"
    student.get_by_role("link", name="Mon carnet").click()
    student.get_by_label("Ce que j’en garde").fill("Demain, je tiens la classe.")
    student.get_by_role("button", name="Écrire cette page").click()
    student.get_by_text("C’est enregistré.").first.wait_for()
    seen(student)
    assert LogEntry.objects.get().text == "Demain, je tiens la classe."
    for who, width in ((cast.host, 390), (cast.head, 1280), (cast.adult, 390)):
        page = page_as(who, width=width)
        page.goto(url("hosting"))
        page.get_by_role("heading", name="Mardi 1er décembre, matin").wait_for()
        assert page.get_by_role("link", name="Inès Garreau").count() == 2
        seen(page)


def _replaced(cast: Cast, page_as) -> None:  # noqa: F811
    """The student cannot come on Tuesday; the coordinator puts Thursday in its place."""
    placement = Placement.objects.get()
    student = page_as(cast.student, width=390)
    student.goto(url("placement_absence", placement.pk, TUESDAY))
    seen(student)
    student.get_by_role("button", name="Dire mon absence").click()
    student.get_by_text("Votre absence est notée.").first.wait_for()
    seen(student)
    student.get_by_role("button", name="Annuler : Votre absence est notée.").click()
    student.get_by_text("a de nouveau lieu").first.wait_for()
    student.goto(url("placement_absence", placement.pk, TUESDAY))
    student.get_by_role("button", name="Dire mon absence").click()
    student.get_by_text("Votre absence est notée.").first.wait_for()
    page = page_as(cast.by)
    page.goto(url("placement_page", placement.pk))
    page.get_by_role("link", name="Remplacer").click()
    page.get_by_label("Où et quand").select_option(f"{placement.offer_id}:{THURSDAY}")
    page.locator("[name=adult]").select_option(label=str(cast.adult))
    seen(page)
    page.get_by_role("button", name="Enregistrer").click()
    page.get_by_text("est remplacée.").first.wait_for()
    seen(page)
    assert {row.half_day.code for row in PlacementDay.objects.standing()} == {MONDAY, THURSDAY}


def _signed(cast: Cast, page_as) -> None:  # noqa: F811
    """In the evening of the first day, teacher and student say that she was there."""
    for who, name, address in ((cast.host, "Signer lundi", url("hosting")), (cast.student, "J’y étais", url("mine"))):
        page = page_as(who, width=390)
        page.goto(address)
        page.get_by_role("link", name="Stage d’Inès Garreau").click()
        page.get_by_role("button", name=name).click()
        page.get_by_text("C’est signé.").wait_for()
        seen(page)
    signature = PlacementDay.objects.get(day="2026-11-30").signature
    assert signature.student_at
    assert signature.host_by == cast.host


def test_the_main_acts_need_no_script(world, page_as):  # noqa: F811
    with time_machine.travel(NOW, tick=True):
        crossing = Crossing(world)
        paul, other = crossing.student("Paul"), crossing.other_class()
        line = proposal_of(crossing.cohort, paul, other, crossing.by)
        page = page_as(crossing.by, javascript=False)
        page.goto(f"{url('grid_class', crossing.offer.pk)}?qui=e{crossing.ines.pk}&du=2027-01-11")
        for half_day in DAYS[2:4]:
            page.locator(f"input[value='{half_day.code}'][type=checkbox]").check()
        page.get_by_role("button", name="Réserver les demi-journées cochées").click()
        page.get_by_role("link", name="Le stage d’Inès Garreau").first.click()
        for name, said in (("Confirmer", "la classe et l’école le voient"), ("Publier", "C’est publié")):
            page.get_by_role("button", name=name).click()
            page.get_by_text(said).first.wait_for()
        page.goto(url("proposal_page", line.proposal_id))
        page.get_by_role("button", name="Accepter Paul Garreau").click()
        page.get_by_text("La ligne est réservée.").first.wait_for()
        page.get_by_role("button", name="Annuler : La ligne est réservée.").click()
        page.get_by_text("La ligne n’est plus réservée.").first.wait_for()
        observer = page_as(crossing.amina, width=390, javascript=False)
        observer.goto(url("observation_page", crossing.observation().pk))
        observer.get_by_role("button", name="J’y vais").click()
        observer.get_by_role("button", name="Annuler : C’est dit").click()
        observer.locator("summary", has_text="Décliner").click()
        observer.get_by_role("button", name="Décliner").click()
        observer.get_by_text("Votre réponse est partie.").first.wait_for()
        for one in (page, observer):
            one.check()
    assert Placement.objects.get(students__student=crossing.ines).state == PlacementState.PUBLISHED
    assert PeerObservation.objects.get().state == "DECLINED"
