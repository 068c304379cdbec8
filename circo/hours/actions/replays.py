"""Count a district's accounts again, see what would change, then do it."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from circo import jobs
from circo.errors import Refusal
from circo.hours import queries
from circo.models import District, HoursReplay, Person, ReplayState, SchoolYear

GOING_ON = (ReplayState.COUNTING, ReplayState.APPLYING)


@transaction.atomic
def recount(*, district: District, year: SchoolYear, by: Person) -> HoursReplay:
    """Have a worker say what the rules of now would change; nothing is changed.

    Raises: Refusal if one does not validate hours there, or if it is being done.
    """
    if not queries.districts_validated(by).filter(pk=district.pk).exists():
        raise Refusal("Seule l’inspection rejoue les comptes de sa circonscription.")
    held = HoursReplay.objects.select_for_update(of=("self",))
    replay, made = held.get_or_create(district=district, school_year=year, defaults={"asked_by": by})
    if not made and replay.state in GOING_ON:
        raise Refusal("Ce calcul est déjà en cours.")
    replay.lines.all().delete()
    replay.state, replay.reason = ReplayState.COUNTING, ""
    replay.asked_by, replay.asked_at = by, timezone.now()
    replay.save()
    jobs.ask(queries.COUNT, str(replay.pk))
    return replay


@transaction.atomic
def apply(*, replay: HoursReplay, by: Person) -> HoursReplay:
    """Have a worker do what was shown.

    Raises: Refusal if one does not validate hours there, or if there is nothing that was shown and not done.
    """
    held = HoursReplay.objects.editable_by(by).select_for_update(of=("self",)).filter(pk=replay.pk).first()
    if held is None or held.state != ReplayState.READY:
        raise Refusal("Il n’y a rien à appliquer\u00a0: demandez d’abord le calcul.")
    held.state, held.asked_by = ReplayState.APPLYING, by
    held.save(update_fields=["state", "asked_by"])
    jobs.ask(queries.APPLY, str(held.pk))
    return held
