"""The board of a plan in a browser: with the mouse, with the keyboard, with a finger; conflicts, undoing, two hands."""

from __future__ import annotations

import pytest
import time_machine
from django.urls import reverse

from events.plans import actions
from events.plans import queries as plans
from tests.browser import browser, chromium, page_as  # noqa: F401
from tests.events.days import NOW, announced
from tests.events.large_plans import large_plan
from tests.events.plans import brigade_of, prepared, solved

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
FRAME_MS = 50  # of processor: what one sees as one movement


@pytest.fixture(autouse=True)
def _november():
    with time_machine.travel(NOW, tick=True):
        yield


@pytest.fixture
def plan(world):
    """Three classes, two of them taken; two substitutes are free."""
    brigade_of(world.here)
    plan = solved(prepared(announced(world.here, world.inspector), world.secretary), world.secretary)
    actions.assign(plan=plan, need_pk=plan.assignments.first().need_id, substitute_pk=None, by=world.secretary)
    plan.edits.all().delete()
    return plan


@pytest.fixture
def scene(plan):
    """The class without anybody, one that is taken, who takes it, and somebody free."""
    held = plan.assignments.select_related("substitute").order_by("pk").first()
    bare = plans.needs_of(plan).exclude(pk__in=plan.assignments.values("need")).get()
    busy = set(plan.assignments.values_list("substitute_id", flat=True))
    return bare.pk, held, busy


def taken(plan) -> dict[int, int]:
    return dict(plan.assignments.values_list("need_id", "substitute_id"))


def centre(locator) -> tuple[float, float]:
    locator.evaluate("(one) => one.scrollIntoView({block: 'center'})")
    box = locator.bounding_box()
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def open_board(page, plan):
    page.goto(reverse("events:plan_board", args=[plan.pk]))
    page.locator("[data-prendre][role=button]").first.wait_for()


def free_chip(page, busy):
    """Somebody of the pool who takes nothing."""
    pks = [int(one.get_attribute("data-prendre")) for one in page.locator("#vivier [data-prendre]").all()]
    pk = next(pk for pk in pks if pk not in busy)
    return pk, page.locator(f"#vivier-{pk} [data-prendre]")


def test_with_the_mouse(plan, scene, world, page_as):  # noqa: F811
    bare, held, busy = scene
    page = page_as(world.secretary)
    open_board(page, plan)
    assert page.axe() == []
    pk, chip = free_chip(page, busy)
    page.mouse.move(*centre(chip))
    page.mouse.down()
    page.mouse.move(*centre(page.locator(f"#classe-{bare}")), steps=6)
    page.get_by_text("Possible : ").first.wait_for()
    page.locator(".tableau__ombre[data-avis=oui]").wait_for()
    assert page.axe() == []
    page.mouse.up()
    page.locator(f"#classe-{bare} [data-prendre='{pk}']").wait_for()
    assert taken(plan)[bare] == pk
    assert plan.assignments.get(need=bare).is_locked

    # What is forbidden says why, and changes nothing.
    before = taken(plan)
    busy_chip = page.locator(f"#vivier-{held.substitute_id} [data-prendre]")
    page.mouse.move(*centre(busy_chip))
    page.mouse.down()
    page.mouse.move(*centre(page.locator(f"#classe-{bare}")), steps=6)
    page.locator(".tableau__ombre[data-avis=non]").wait_for()
    page.mouse.up()
    page.locator("#tableau-dit").get_by_text("Impossible : prend déjà").wait_for()
    assert taken(plan) == before

    # From one class to the other, which lifts a lock and says so; then back, with the keyboard.
    page.mouse.move(*centre(page.locator(f"#classe-{held.need_id} [data-prendre]")))
    page.mouse.down()
    page.mouse.move(*centre(page.locator(f"#classe-{bare}")), steps=6)
    page.get_by_text("Lève le verrou de").first.wait_for()
    page.mouse.up()
    page.locator(f"#classe-{bare} [data-prendre='{held.substitute_id}']").wait_for()
    page.locator(f"#classe-{held.need_id} .tableau__vide").wait_for()
    page.keyboard.press("Control+z")
    page.locator(f"#classe-{held.need_id} [data-prendre='{held.substitute_id}']").wait_for()
    assert taken(plan) == before
    page.keyboard.press("Control+z")
    page.locator(f"#classe-{bare} .tableau__vide").wait_for()
    page.locator("#gestes").get_by_text("Rien à annuler").wait_for()
    page.check()


def test_with_the_keyboard_alone(plan, scene, world, page_as):  # noqa: F811
    bare, held, busy = scene
    page = page_as(world.secretary)
    open_board(page, plan)
    pk, chip = free_chip(page, busy)
    chip.focus()
    page.keyboard.press("Enter")
    page.until(lambda: "pris. Les flèches" in page.locator("#annonce").inner_text())
    assert page.axe() == []
    page.keyboard.press("Escape")
    page.until(lambda: page.evaluate("document.activeElement.dataset.prendre") == str(pk))
    page.keyboard.press("Space")
    order = [int(one.get_attribute("data-classe")) for one in page.locator("[data-classe]").all()]
    for _ in range(order.index(bare) + 1):
        page.keyboard.press("ArrowDown")
    page.until(lambda: "Possible" in page.locator("#annonce").inner_text())
    page.keyboard.press("Enter")
    page.until(lambda: taken(plan).get(bare) == pk)
    page.locator(f"#classe-{bare} [data-prendre='{pk}']").wait_for()
    page.until(lambda: page.evaluate("document.activeElement.closest('[data-classe]')?.id") == f"classe-{bare}")

    # Locked, unlocked and taken off by the buttons of the row, which stay where one is.
    page.locator(f"#classe-{bare}").get_by_role("button", name="Déverrouiller").press("Enter")
    page.locator(f"#classe-{held.need_id} [data-prendre]").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Delete")
    page.locator(f"#classe-{held.need_id} .tableau__vide").wait_for()
    assert held.need_id not in taken(plan)
    # An older gesture is taken back alone.
    page.locator("#gestes").get_by_role("button", name="Annuler").nth(1).press("Enter")
    page.until(lambda: plan.assignments.get(need=bare).is_locked)
    page.check()


def test_somebody_else_was_quicker(plan, scene, world, page_as):  # noqa: F811
    _, held, busy = scene
    page = page_as(world.secretary)
    open_board(page, plan)
    actions.lock(plan=plan, need_pk=held.need_id, is_locked=True, by=world.inspector)
    before = taken(plan)
    _, chip = free_chip(page, busy)
    chip.click()
    page.locator(f"#classe-{held.need_id} .tableau__nom").click()
    page.locator("#tableau-dit").get_by_text("vient d’être changée").wait_for()
    page.locator(f"#classe-{held.need_id}").get_by_text("verrouillé", exact=True).wait_for()
    assert taken(plan) == before
    assert all("409" in error for error in page.console_errors)
    page.console_errors.clear()
    chip.click()
    page.locator(f"#classe-{held.need_id} .tableau__nom").click()
    page.until(lambda: taken(plan) != before)
    page.check()


def test_with_a_finger(plan, scene, world, page_as):  # noqa: F811
    bare, _, busy = scene
    page = page_as(world.secretary, width=390)
    open_board(page, plan)
    assert page.axe() == []
    assert not page.scrolls_sideways()
    pk, chip = free_chip(page, busy)
    chip.click()
    page.locator(f"#classe-{bare} .tableau__nom").click()
    page.locator(f"#classe-{bare} [data-prendre='{pk}']").wait_for()
    assert taken(plan)[bare] == pk

    # A finger that drags by the handle; back among the substitutes, one takes nothing.
    touch = page.page.context.new_cdp_session(page.page)
    touch.send("Emulation.setTouchEmulationEnabled", {"enabled": True})
    grip = page.locator(f"#classe-{bare} .tableau__prise")
    (x, y), title = centre(grip), page.locator("#vivier-titre").bounding_box()
    to_x, to_y = title["x"] + 20, title["y"] + 10
    points = [(x + (to_x - x) * n / 5, y + (to_y - y) * n / 5) for n in range(6)]
    touch.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [{"x": x, "y": y}]})
    for at_x, at_y in points[1:]:
        touch.send("Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": [{"x": at_x, "y": at_y}]})
    touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    page.until(lambda: bare not in taken(plan))
    page.locator(f"#classe-{bare} .tableau__vide").wait_for()
    page.check()


def test_without_javascript_nothing_is_lost(plan, scene, world, page_as):  # noqa: F811
    bare, held, _ = scene
    page = page_as(world.secretary, javascript=False)
    page.goto(reverse("events:plan_board", args=[plan.pk]))
    page.locator(f"#classe-{held.need_id}").get_by_role("button", name="Retirer").click()
    assert held.need_id not in taken(plan)
    page.locator(f"#classe-{bare}").get_by_role("link", name="Donner").click()
    page.get_by_role("button", name="Donner").first.click()
    assert bare in taken(plan)
    assert page.url.partition("#")[0].endswith("moment=2027-03-18-AM")
    for _ in range(2):
        page.locator("#gestes").get_by_role("button", name="Annuler").first.click()
    assert taken(plan)[held.need_id] == held.substitute_id


def test_a_district_is_fluid(world, page_as):  # noqa: F811
    """Sixty classes and forty substitutes: to take somebody, and each step of a drag, stay under a frame's worth."""
    plan = large_plan(world, classes=120, substitutes=40)
    page = page_as(world.secretary)
    open_board(page, plan)
    assert page.locator("[data-classe]").count() > 50
    chip = page.locator("#vivier [data-prendre]").first
    page.mouse.move(*centre(chip))
    page.mouse.down()
    with page.tasks_ms() as tasks:
        for number in range(20):
            page.mouse.move(300 + number, 500 + 5 * number)
            page.wait_for_timeout(20)
    page.mouse.up()
    page.check()
    assert sorted(tasks)[-2] < FRAME_MS
