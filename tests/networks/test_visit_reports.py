"""The report of a visit belongs to a pair: who reads it, who opens it, what is left of it."""

from __future__ import annotations

import io
from datetime import timedelta

import pikepdf
import pytest
from django.apps import apps
from django.urls import reverse
from django.utils import timezone

from circo import registries
from circo.errors import Refusal
from circo.models import FormDraft, HourEntry, Notice, Person
from circo.personal import actions as personal
from networks.models import Visit, VisitReport, VisitSettings
from networks.visits import actions, crediting
from networks.visits.actions import ReportText
from networks.visits.rules import REPORTED_STANDS, VisitState
from tests.circo.drafts import keep, ticket_in
from tests.networks.visits_things import report_of, site_of, visit_of

SECRET = "Zorglub-au-fond-de-la-classe"
OUTSIDE = ["bruno", "inspector", "adviser", "secretary", "departement", "superuser", "head_teacher", "denis", "student"]


@pytest.fixture
def visit(world) -> Visit:
    day = timezone.localdate() - timedelta(days=3)
    return visit_of(site_of(world.amina), world.chloe, day, state=VisitState.HELD, focus=f"Regard {SECRET}")


def url(verb: str, visit: Visit) -> str:
    return reverse(f"networks:visit_report_{verb}", args=[visit.pk])


def typed(**changes) -> dict:
    facts = {"at_0": "9 h 05", "pupils_0": f"Ils se taisent. {SECRET}", "teacher_0": "Elle attend.", "at_1": ""}
    return {
        "version": "0",
        "context": "Un mardi",
        **facts,
        "keeps": SECRET,
        "questions": "",
        "next_step": "",
        **changes,
    }


def test_report_is_a_draft_until_it_is_given_then_the_pair_reads_it(world, visit, sign_in):
    writer = sign_in(world.chloe)
    form = writer.get(url("edit", visit)).content.decode()
    assert "Décrire avant d’évaluer" in form
    assert 'name="version" value="0"' in form
    assert writer.post(url("save", visit), typed()).status_code == 302
    report = VisitReport.objects.get()
    assert report.facts == [{"at": "9 h 05", "pupils": f"Ils se taisent. {SECRET}", "teacher": "Elle attend."}]
    assert sign_in(world.amina).get(url("page", visit)).status_code == 404, "a draft is the writer's"
    visit.refresh_from_db()
    assert visit.state == VisitState.HELD
    sign_in(world.chloe).post(url("give", visit))
    visit.refresh_from_db()
    assert visit.state == VisitState.REPORTED
    told = Notice.objects.get(person=world.amina)
    assert SECRET not in f"{told.title}{told.text}"
    host = sign_in(world.amina)
    body = host.get(url("page", visit)).content.decode()
    assert "Elle attend." in body
    host.post(url("answer", visit), {"text": "J’attendais exprès."})
    assert "J’attendais exprès." in sign_in(world.chloe).get(url("page", visit)).content.decode()


@pytest.mark.parametrize("who", OUTSIDE)
def test_nobody_else_reads_it_nor_knows_that_it_is_there(world, visit, sign_in, who):
    report_of(visit, keeps=SECRET, facts=[{"at": "", "pupils": SECRET, "teacher": ""}])
    client = sign_in(world.people[who])
    for verb in ("page", "edit", "pdf"):
        assert client.get(url(verb, visit)).status_code == 404
    for verb in ("save", "give", "answer", "open", "close"):
        assert client.post(url(verb, visit), typed(circle=f"groupe-{world.here.group.pk}")).status_code == 404
    report = VisitReport.objects.get()
    assert (report.is_opened, report.answer) == (False, "")
    assert SECRET not in client.get(reverse("networks:visit_report_list")).content.decode()


@pytest.mark.parametrize("who", ["inspector", "adviser", "secretary", "departement", "superuser"])
def test_admin_search_history_and_exports_of_others_say_nothing_of_it(world, visit, sign_in, who):
    report_of(visit, keeps=SECRET)
    Visit.objects.update(thanks=SECRET, word=SECRET)
    person = world.people[who]
    client = sign_in(person)
    for name in ("networks_visit_changelist", "networks_observationsite_changelist"):
        response = client.get(reverse(f"admin:{name}"), {"q": "Petit"})
        assert response.status_code == 200
        assert SECRET not in response.content.decode()
    page = client.get(reverse("admin:networks_visit_change", args=[visit.pk])).content.decode()
    assert "Chloé" in page
    assert SECRET not in page
    assert not registries.search(person, SECRET)
    assert SECRET not in client.get(reverse("portal:search"), {"q": SECRET}).content.decode().split("<main")[1].replace(
        f"« {SECRET} »", ""
    ).replace(f'value="{SECRET}"', "")
    for holding in registries.holdings():
        rows = holding.rows(person).values_list(*holding.fields.values())
        assert SECRET not in str(list(rows)), holding.title
    kept = [model._meta.label for model in apps.get_models() if model._meta.label.startswith("networks.Historical")]
    assert not {"networks.HistoricalVisit", "networks.HistoricalVisitReport"} & set(kept)


def test_canary_a_report_that_is_opened_is_seen_by_the_sweeps_above(world, visit, sign_in):
    """If the scope let the group in, the test above would see it."""
    report_of(visit, keeps=SECRET, group=world.here.group)
    assert SECRET in sign_in(world.bruno).get(url("page", visit)).content.decode()


def test_only_the_observed_teacher_opens_it_and_closes_it_again(world, visit, sign_in):
    report = report_of(visit, keeps=SECRET)
    key = f"groupe-{world.here.group.pk}"
    assert sign_in(world.chloe).post(url("open", visit), {"circle": key}).status_code == 404, "not even the writer"
    with pytest.raises(Refusal, match="observée"):
        actions.open_report(report=report, circle=world.here.other_group, by=world.chloe)
    with pytest.raises(Refusal, match="vos cercles"):
        actions.open_report(report=report, circle=world.here.other_group, by=world.amina)
    host = sign_in(world.amina)
    assert host.post(url("open", visit), {"circle": "groupe-0"}).status_code == 422
    host.post(url("open", visit), {"circle": key})
    assert Notice.objects.filter(person=world.chloe, title__contains="ouvert").exists()
    reader = sign_in(world.bruno)
    assert SECRET in reader.get(url("page", visit)).content.decode()
    assert "Une dictée négociée" in reader.get(reverse("networks:visit_report_list")).content.decode()
    assert reader.get(url("pdf", visit)).status_code == 404, "a file would outlive the closing"
    assert sign_in(world.inspector).get(url("page", visit)).status_code == 404
    sign_in(world.amina).post(url("close", visit))
    assert sign_in(world.bruno).get(url("page", visit)).status_code == 404


def test_opened_to_the_district_colleagues_read_it_and_the_inspector_does_not(world, visit, sign_in):
    report = report_of(visit, keeps=SECRET)
    actions.open_report(report=report, circle=world.here.district, by=world.amina)
    for who, status in (("bruno", 200), ("trainer", 200), ("inspector", 404), ("secretary", 404), ("superuser", 404)):
        assert sign_in(world.people[who]).get(url("page", visit)).status_code == status, who
    assert sign_in(world.denis).get(url("page", visit)).status_code == 404
    Person.objects.filter(pk=world.amina.pk).update(is_active=False)
    assert sign_in(world.bruno).get(url("page", visit)).status_code == 404, "nobody else could close it"
    assert sign_in(world.chloe).get(url("page", visit)).status_code == 200


def test_what_changes_after_it_was_opened_closes_it(world, visit):
    report = report_of(visit, keeps=SECRET)
    actions.open_report(report=report, circle=world.here.group, by=world.amina)
    same = ReportText(context=report.context, keeps=SECRET)
    written = actions.write_report(visit=visit, text=same, version=0, by=world.chloe)
    assert written.is_opened, "saved as it was"
    written = actions.write_report(visit=visit, text=ReportText(keeps="Autre chose"), version=1, by=world.chloe)
    assert not written.is_opened
    assert Notice.objects.filter(person=world.amina, title__contains="a changé le compte rendu").exists()


def test_two_tabs_do_not_write_over_each_other(world, visit, sign_in):
    client = sign_in(world.chloe)
    client.post(url("save", visit), typed())
    answer = client.post(url("save", visit), typed(keeps="De l’autre fenêtre"))
    assert answer.status_code == 422
    body = answer.content.decode()
    assert "autre fenêtre. Votre texte est ci-dessous" in body
    assert "De l’autre fenêtre" in body
    assert VisitReport.objects.get().keeps == SECRET


def test_what_is_typed_comes_back_with_its_lines_and_meets_the_other_tab(world, visit, sign_in):
    client = sign_in(world.chloe)
    begun = typed(keeps="Pas encore envoyé", at_6="10 h")
    keep(client, client.get(url("edit", visit), {"lignes": "7"}), begun)
    assert not VisitReport.objects.exists(), "what is not sent is nobody else's"
    actions.write_report(visit=visit, text=ReportText(keeps="De l’autre fenêtre"), version=0, by=world.chloe)
    again = client.get(url("edit", visit)).content.decode()
    assert "Pas encore envoyé" in again
    assert 'value="10 h"' in again
    assert 'name="version" value="0"' in again
    assert "Ce qui est enregistré a changé depuis" in again
    answer = client.post(url("save", visit), begun)
    assert answer.status_code == 422
    assert 'name="version" value="1"' in answer.content.decode()
    client.post(url("save", visit), begun | {"version": "1"} | ticket_in(answer))
    assert VisitReport.objects.get().keeps == "Pas encore envoyé"
    assert not FormDraft.objects.exists()


def test_more_lines_are_asked_for_without_losing_one(world, visit, sign_in):
    client = sign_in(world.chloe)
    answer = client.post(url("save", visit), typed(more="1"), follow=True)
    body = answer.content.decode()
    assert "9 h 05" in body
    assert 'name="at_6"' in body
    client.post(url("save", visit), typed(version="1", at_6="10 h", pupils_6="Ils rangent"))
    assert len(VisitReport.objects.get().facts) == 2
    assert client.get(url("edit", visit), {"lignes": "9999"}).status_code == 200
    assert client.get(url("edit", visit), {"lignes": "x"}).status_code == 200


@pytest.mark.parametrize("changes", [{"keeps": "x" * 5000}, {"version": "x"}, {"at_0": "x" * 50}])
def test_bad_input_is_answered_and_nothing_is_lost(world, visit, sign_in, changes):
    answer = sign_in(world.chloe).post(url("save", visit), typed(**changes))
    assert answer.status_code == 422
    assert "Elle attend." in answer.content.decode()


def test_empty_report_is_not_given_and_none_is_written_before_the_visit(world, visit, sign_in):
    client = sign_in(world.chloe)
    nothing = dict.fromkeys(typed(), "") | {"version": "0", "give": "1"}
    assert "encore vide" in client.post(url("save", visit), nothing).content.decode()
    coming = visit_of(visit.site, world.chloe, timezone.localdate() + timedelta(days=5))
    assert client.get(url("edit", coming)).status_code == 404
    with pytest.raises(Refusal, match="une fois la visite faite"):
        actions.write_report(visit=coming, text=ReportText(keeps="x"), version=0, by=world.chloe)
    with pytest.raises(Refusal, match="qui est venue"):
        actions.write_report(visit=visit, text=ReportText(keeps="x"), version=0, by=world.amina)


def test_pdf_is_for_the_pair_and_says_that_it_judges_nobody(world, visit, sign_in):
    report_of(visit, keeps="Le silence", facts=[{"at": "9 h 05", "pupils": "Ils lisent", "teacher": "Elle attend"}])
    for who in ("amina", "chloe"):
        answer = sign_in(world.people[who]).get(url("pdf", visit))
        assert answer.headers["Content-Type"] == "application/pdf"
        with pikepdf.open(io.BytesIO(answer.content)) as document:
            assert len(document.pages) >= 1


@pytest.mark.parametrize(("leaves", "stays"), [("chloe", "amina"), ("amina", "chloe")])
def test_a_report_goes_with_the_first_of_the_two_that_is_erased(
    world, visit, leaves, stays, django_capture_on_commit_callbacks
):
    report_of(visit, keeps=SECRET)
    gone = world.people[leaves]
    Person.objects.filter(pk=gone.pk).update(is_active=False)
    gone.refresh_from_db()
    with django_capture_on_commit_callbacks(execute=True):
        personal.erase(person=gone, by=world.superuser)
    assert not VisitReport.objects.exists()
    assert Notice.objects.filter(person=world.people[stays], title__contains="est effacé").exists()


@pytest.mark.parametrize("count", [1, 3])
def test_list_of_opened_reports_costs_the_same(world, sign_in, count, django_assert_num_queries):
    site = site_of(world.amina)
    for n in range(count):
        day = timezone.localdate() - timedelta(days=3 + n)
        made = visit_of(site, world.chloe, day, state=VisitState.REPORTED)
        report_of(made, group=world.here.group)
    client, address = sign_in(world.bruno), reverse("networks:visit_report_list")
    client.get(address)
    with django_assert_num_queries(6):
        client.get(address)


@pytest.mark.parametrize("who", ["amina", "chloe"])
def test_a_visit_whose_report_was_given_took_place(world, visit, sign_in, who):
    """Neither takes back alone what the other has read; the page says who can, and the hours stay."""
    VisitSettings.objects.create(district=world.here.district, hours_count=True)
    crediting.credit(visit)
    report = report_of(visit, given_at=None)
    assert "Elle n’a pas eu lieu" in sign_in(world.people[who]).get(page_of(visit)).content.decode()
    actions.give_report(report=report, by=world.chloe)
    client = sign_in(world.people[who])
    body = client.get(page_of(visit)).content.decode()
    assert "Elle n’a pas eu lieu" not in body
    assert REPORTED_STANDS in body
    answer = client.post(reverse("networks:visit_move", args=[visit.pk, "annuler"]), {"mot-text": "Grève"})
    assert answer.status_code == 422
    assert REPORTED_STANDS in answer.content.decode()
    visit.refresh_from_db()
    assert visit.state == VisitState.REPORTED
    assert HourEntry.objects.filter(person=world.chloe).exists()


def page_of(visit: Visit) -> str:
    return reverse("networks:visit_page", args=[visit.pk])
