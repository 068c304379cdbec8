"""The plan for the département as a PDF, and the statement of a substitute: read, printed, exported, an estimate."""

from datetime import date

import pytest
import time_machine
from django.core.files.storage import default_storage
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from circo import jobs
from circo.documents import batches
from circo.models import Job, LetterBatch
from events.models import CoverAssignment
from events.papers import printing, queries, rules
from events.papers.rules import Month, Worked
from events.plans import queries as plans
from tests.documents import text_of
from tests.events.days import NOW, announced
from tests.events.plans import brigade_of, prepared, published, solved

TODAY = date(2027, 3, 18)
DRAWN = st.builds(
    Worked,
    on=st.dates(date(2027, 3, 1), date(2027, 3, 31)),
    moment=st.sampled_from(("matin", "après-midi", "journée")),
    school=st.sampled_from(("A", "B", "C")),
    metres=st.integers(0, 90_000),
    is_estimate=st.booleans(),
    cents=st.integers(0, 6000),
)


# --- Rules ------------------------------------------------------------------------------------------------------------
@given(st.lists(DRAWN, max_size=8), st.randoms())
def test_a_day_is_paid_once_for_the_farthest_whatever_the_order(parts, random):
    found = rules.statement_of(parts, TODAY)
    shuffled = list(parts)
    random.shuffle(shuffled)
    assert rules.statement_of(shuffled, TODAY).cents == found.cents
    days = {one.on for one in parts}
    assert found.cents + found.planned_cents == sum(max(p.cents for p in parts if p.on == on) for on in days)
    assert found.worked == sum(on <= TODAY for on in days)


@pytest.mark.parametrize("text", ["", "2027-13", "mars", "0001-01", "9999-12", "2027-03-01"])
def test_a_month_that_is_none_is_today_s(text):
    assert rules.month_of(text, TODAY) == Month(date(2027, 3, 1))


def test_months_follow_each_other():
    month = rules.month_of("2026-12", TODAY)
    assert (month.next.code, month.former.code, month.last) == ("2027-01", "2026-11", date(2026, 12, 31))
    assert str(month) == "décembre 2026"


# --- Pages ------------------------------------------------------------------------------------------------------------
@pytest.fixture
def plan(db, world):
    brigade_of(world.here)
    with time_machine.travel(NOW, tick=True):
        day = announced(world.here, world.inspector)
        return published(solved(prepared(day, world.secretary), world.secretary), world)


@pytest.fixture
def _that_day(plan):
    with time_machine.travel(NOW.replace(year=2027, month=3, day=18, hour=18), tick=True):
        yield


@pytest.fixture
def paid(plan) -> CoverAssignment:
    return plan.assignments.get(cents=2104)


MONTH = {"mois": "2027-03"}


@pytest.mark.usefixtures("_that_day")
def test_a_substitute_reads_prints_and_exports_the_own_statement(paid, sign_in):
    client = sign_in(paid.substitute)
    urls = {
        verb: reverse(f"events:statement_{verb}", args=[paid.substitute_id]) for verb in ("page", "export", "paper")
    }
    page = client.get(urls["page"], MONTH).text
    assert "21,04\u00a0€" in page
    assert "ARIA fait foi" in page
    table = client.get(urls["export"], MONTH).content.decode("utf-8-sig")
    assert '"18/03/2027"' in table
    assert '"21,04"' in table
    words = text_of(client.get(urls["paper"], MONTH).content)
    assert "21,04" in words
    assert "ARIA fait foi" in words
    assert "Aucun remplacement" in client.get(urls["page"], {"mois": "2027-04"}).text


@pytest.mark.usefixtures("_that_day")
def test_others_read_no_statement_but_the_manager(paid, world, sign_in):
    urls = [reverse(f"events:statement_{verb}", args=[paid.substitute_id]) for verb in ("page", "export", "paper")]
    other = next(one.substitute for one in paid.plan.assignments.exclude(pk=paid.pk))
    for who in (other, world.amina, world.inspector, world.secretary, world.brigade_manager_there):
        for url in urls:
            assert sign_in(who).get(url, MONTH).status_code == 404
    client = sign_in(world.brigade_manager)
    assert "21,04" in client.get(urls[0], MONTH).text
    page = client.get(reverse("events:statement_list"), MONTH).text
    assert str(paid.substitute) in page
    assert "21,04" in page
    table = client.get(reverse("events:statement_table"), MONTH).content.decode("utf-8-sig")
    assert len(table.strip().splitlines()) == 4
    assert (
        "Aucun remplacement" in sign_in(world.brigade_manager_there).get(reverse("events:statement_list"), MONTH).text
    )


@pytest.mark.usefixtures("_that_day")
def test_paper_after_paper_is_paced(paid, sign_in):
    client, url = sign_in(paid.substitute), reverse("events:statement_paper", args=[paid.substitute_id])
    assert [client.get(url, MONTH).status_code for _ in range(11)] == [200] * 10 + [429]


def test_what_is_to_come_is_not_counted(paid, world):
    with time_machine.travel(NOW, tick=True):
        found = queries.statement(paid.substitute, paid.substitute, rules.month_of("2027-03", TODAY))
        assert (found.cents, found.planned_cents, found.worked) == (0, 2104, 0)
        assert len(queries.exported([(paid.substitute, found)])) == 1


def test_the_plan_is_printed_by_a_worker(plan, world, sign_in):
    with time_machine.travel(NOW, tick=True):
        client = sign_in(world.secretary)
        answer = client.post(reverse("events:plan_paper", args=[plan.pk]), follow=True)
        assert answer.status_code == 200
        jobs.run(Job.objects.get(kind=batches.KIND).pk)
        batch = LetterBatch.objects.get()
        assert batch.reason == ""
        with default_storage.open(batch.pdf) as file:
            words = text_of(file.read())
    for one in plan.assignments.all():
        assert str(one.substitute) in words.replace("\n", " ")


def test_the_sheet_of_a_plan_says_why_a_class_has_nobody(plan, world):
    gone = plan.assignments.first()
    plan.reasons = {str(gone.need_id): ["Personne ne peut."]}
    gone.delete()
    (letter,) = printing.plan_letters(plans.plan_of(world.secretary, plan.pk))
    assert [row.note for row in letter.rows if not row.substitute] == [""]  # reasons are the plan's own, once saved
    plan.save(update_fields=["reasons"])
    (letter,) = printing.plan_letters(plans.plan_of(world.secretary, plan.pk))
    assert [row.note for row in letter.rows if not row.substitute] == ["Personne ne peut."]
