"""What the sweeps need of a partner."""

from __future__ import annotations

from django.utils import timezone

from partnerships.grid.rules import monday_of
from partnerships.models import DaySignature, HostingRules, Placement, UniversityPeriod
from partnerships.observations.rules import Answer
from partnerships.observations.rules import Verb as Observing
from partnerships.placements.rules import Verb
from tests.house.supplying import Scene, Supplied
from tests.partnerships.partner import (
    agreement_of,
    cohort_of,
    observed_by,
    offer_of,
    placed_in,
    programme_of,
    proposal_of,
    status_of,
    student_in,
    terms_of,
)

PAPERS_OF_COHORT = ("agreements_paper", "calendar_paper", "cohort_ical")
PAPERS_OF_PLACEMENT = (
    "placement_agreement",
    "placement_calendar",
    "placement_sheets",
    "placement_review_paper",
    "signing",
)

GESTURES = ("free", "put_back", "move", "move_back", "confirm")


def placed_urls(placed: Placement) -> dict[str, dict]:
    """The addresses of a placement, of one of its half-days, and of what is written around it."""
    one, of, day = {"pk": placed.pk}, placed.students.get(), placed.days.get()
    of_day = {**one, "code": day.half_day.code}
    entry, visit = of.log.get(), placed.visits.get()
    return {
        **{
            f"partnerships:{name}": one
            for name in ("placement_page", "placement_adult", "placement_tutor", "visit_plan", "basis_seek")
        },
        "partnerships:placement_move": {**one, "verb": Verb.END.value},
        "partnerships:placements_move": {"verb": Verb.PUBLISH.value},
        **{f"partnerships:placement_{verb}": of_day for verb in ("free", "put_back", "absence", "miss")},
        **{f"partnerships:placement_{verb}": {**of_day, "verb": "deplacer"} for verb in ("shift", "shifted")},
        "partnerships:visit_cancel": {"pk": visit.pk},
        "partnerships:agreement_note": {"pk": of.pk},
        **{f"partnerships:{name}": {"pk": of.pk} for name in ("review_edit", "review_write", "log_page", "log_write")},
        **{f"partnerships:log_{verb}": {"pk": entry.pk} for verb in ("edit", "update", "remove", "restore")},
    }


def supply(scene: Scene) -> Supplied:
    ground, mark = scene.ground, scene.mark
    there = "_there" if mark else ""
    own = scene.world.people[f"student{there}"]
    programme, status = programme_of(ground, mark), status_of(ground, mark)
    cohort = cohort_of(ground, mark, programme=programme)
    student = student_in(cohort, status, own)
    day = cohort.school_year.first_day
    period = UniversityPeriod.objects.create(cohort=cohort, label=f"Cours{mark}", starts_on=day, ends_on=day)
    agreement = agreement_of(ground, mark)
    signature = agreement.signatures.create(capacity=f"Président{mark}")
    offer = offer_of(scene.teacher, conditions=f"Une tenue de sport{mark}")
    placed = placed_in(offer, student, scene.world.people[f"partner_coordinator{there}"], mark)
    plan, observation = observed_by(scene.teacher, scene.world.people[f"head_teacher{there}"], mark)
    line = proposal_of(cohort, student, offer, scene.world.people[f"partner_coordinator{there}"])
    proposal_verbs = ("page", "stop", "again", "accept", "undo")
    line_verbs = ("accept", "undo", "keep", "rule_out")
    terms_of(programme, mark)
    DaySignature.objects.create(day=placed.days.get(), host_at=timezone.now(), host_by=scene.teacher)
    rules = HostingRules.objects.create(district=ground.district)
    monday = monday_of(timezone.localdate())
    verbs = ("page", "edit", "update", "pair", "unpair", "invite", "leave", "restore")
    return Supplied(
        {
            **{f"partnerships:programme_{verb}": {"pk": programme.pk} for verb in ("edit", "update")},
            **{f"partnerships:status_{verb}": {"pk": status.pk} for verb in ("edit", "update")},
            **{f"partnerships:cohort_{verb}": {"pk": cohort.pk} for verb in ("page", "edit", "update")},
            "partnerships:period_add": {"pk": cohort.pk},
            **{f"partnerships:period_{verb}": {"pk": period.pk} for verb in ("remove", "restore")},
            **{f"partnerships:{name}": {"pk": cohort.pk} for name in ("student_add", "students_invite")},
            **{f"partnerships:student_{verb}": {"pk": student.pk} for verb in verbs},
            **{f"partnerships:wishes_{verb}": {"pk": student.pk} for verb in ("edit", "update")},
            **{f"partnerships:agreement_{verb}": {"pk": ground.institution.pk} for verb in ("new", "create")},
            **{f"partnerships:agreement_{verb}": {"pk": agreement.pk} for verb in ("page", "edit", "update", "move")},
            **{f"partnerships:grid_{verb}": {"pk": offer.pk} for verb in ("class", "hold")},
            **{f"partnerships:grid_{verb}": {"pk": placed.pk} for verb in GESTURES},
            "partnerships:grid_day": {"day": monday.isoformat()},
            "partnerships:grid_cell": {"pk": offer.pk, "code": f"{monday.isoformat()}_AM"},
            **{f"partnerships:offer_{verb}": {"pk": offer.pk} for verb in ("page", "edit", "update", "move")},
            "partnerships:signatory_add": {"pk": agreement.pk},
            "partnerships:signatory_remove": {"pk": signature.pk},
            "partnerships:signature_write": {"pk": signature.pk},
            **placed_urls(placed),
            "partnerships:observation_page": {"pk": observation.pk},
            "partnerships:observation_move": {"pk": observation.pk, "verb": Observing.CANCEL.value},
            "partnerships:observation_swap": {"pk": observation.pk},
            "partnerships:observation_answer": {"pk": observation.pk, "answer": Answer.REFUSE.value},
            **{f"partnerships:crossing_{verb}": {"pk": plan.pk} for verb in ("page", "solve", "stop", "publish")},
            **{f"partnerships:proposal_{verb}": {"pk": cohort.pk} for verb in ("list", "new", "ask")},
            **{f"partnerships:proposal_{verb}": {"pk": line.proposal_id} for verb in proposal_verbs},
            **{f"partnerships:proposal_line_{verb}": {"pk": line.pk} for verb in line_verbs},
            "partnerships:proposal_apart_remove": {"pk": line.proposal.aparts.get().pk},
            **{f"partnerships:terms_{verb}": {"pk": programme.pk} for verb in ("edit", "update")},
            **{f"partnerships:{name}": {"pk": cohort.pk} for name in PAPERS_OF_COHORT},
            **{f"partnerships:{name}": {"pk": placed.pk} for name in PAPERS_OF_PLACEMENT},
            "partnerships:agreement_paper": {"pk": agreement.pk},
            "partnerships:day_sign": {"pk": placed.days.get().pk},
        },
        {"hostingrules": rules},
    )
