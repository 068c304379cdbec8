"""Observation sites and visits for the tests and the sweeps."""

from __future__ import annotations

from datetime import date, timedelta

from django.utils import timezone

from circo.models import Person
from networks.models import Membership, ObservationSite, Stage, Visit, VisitReport, VisitSettings
from networks.visits.rules import VisitState
from tests.house.supplying import Scene, Supplied
from tests.world import Ground


def as_relay(person: Person) -> Person:
    """Make a member a relay of this year."""
    Membership.objects.in_force().of(person).update(stage=Stage.RELAY)
    return person


def site_of(host: Person, **fields) -> ObservationSite:
    """An open class, on every half-day of the week."""
    if "school" not in fields:
        fields["school"] = host.postings.get().school
    given = {"title": "Une dictée négociée", "levels": ["CE1"], "seats": 1}
    week = [f"{day}_{half}" for day in ("MON", "TUE", "THU", "FRI") for half in ("AM", "PM")]
    return ObservationSite.objects.create(host=host, **{"week": week, **given, **fields})


def visit_of(site: ObservationSite, visitor: Person, day: date, **fields) -> Visit:
    given = {"half": "AM", "state": VisitState.CONFIRMED, "seat": 1, "focus": "Les échanges entre élèves"}
    return Visit.objects.create(site=site, visitor=visitor, day=day, **{**given, **fields})


def report_of(visit: Visit, **fields) -> VisitReport:
    given = {"context": "Un mardi", "keeps": "Le silence", "given_at": timezone.now()}
    return VisitReport.objects.create(visit=visit, **{**given, **fields})


def visit_rows(ground: Ground, host: Person, visitor: Person, mark: str = "") -> dict[type, object]:
    """What the admin shows: a site, a visit to it, the district's settings."""
    site = site_of(host, title=f"Une dictée{mark}", conditions=f"Au fond{mark}")
    visit = visit_of(site, visitor, timezone.localdate() + timedelta(days=30), focus=f"Regard{mark}")
    return {
        ObservationSite: site,
        Visit: visit,
        VisitSettings: VisitSettings.objects.create(district=ground.district),
    }


def supply(scene: Scene) -> Supplied:
    here = scene.ground is scene.world.here
    mate = scene.world.bruno if here else scene.world.head_teacher_there
    rows = visit_rows(scene.ground, scene.teacher, mate, scene.mark)
    site, visit = rows[ObservationSite], rows[Visit]
    of_a_head = site_of(scene.teacher, school=scene.ground.schools[1], title=f"Un rituel{scene.mark}")
    past = timezone.localdate() - timedelta(days=20)
    of_mate = site_of(mate, title=f"Un atelier{scene.mark}")
    made = visit_of(of_mate, scene.teacher, past, state=VisitState.REPORTED)
    received = visit_of(site, mate, past, half="PM", state=VisitState.REPORTED)
    report_of(made, context=f"Un mardi{scene.mark}")
    report_of(received, keeps=f"Le calme{scene.mark}")
    one, mine, theirs = {"pk": site.pk}, {"pk": made.pk}, {"pk": received.pk}
    asked = visit_of(site, mate, timezone.localdate() + timedelta(days=31), state=VisitState.ASKED)
    urls = {
        **{f"networks:site_{verb}": one for verb in ("page", "edit", "update")},
        "networks:site_move": one | {"verb": "pause"},
        "networks:site_widen": one | {"circle": "departement"},
        "networks:visit_ask": {"pk": of_mate.pk},
        "networks:visit_page": {"pk": asked.pk},
        "networks:visit_move": {"pk": asked.pk, "verb": "confirmer"},
        "networks:visit_agree": {"pk": asked.pk},
        **{f"networks:visit_{verb}": mine for verb in ("focus", "thank")},
        **{f"networks:visit_report_{verb}": mine for verb in ("page", "edit", "save", "give", "pdf")},
        **{f"networks:visit_report_{verb}": theirs for verb in ("answer", "open", "close")},
        "networks:site_answer": {"pk": of_a_head.pk, "answer": "accord"},
    }
    admin = {"observationsite": site, "visit": visit, "visitsettings": rows[VisitSettings]}
    return Supplied(urls, admin)
