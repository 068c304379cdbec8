"""What the sweeps need of needs."""

from __future__ import annotations

from django.utils import timezone

from events.models import Convocation, CoverNeed, LeavingException, SharingDay
from tests.house.supplying import Scene, Supplied


def need_of(scene: Scene) -> CoverNeed:
    """The class of the teacher of the scene, on a day of its district."""
    if known := CoverNeed.objects.filter(people=scene.teacher).first():
        return known
    day = SharingDay.objects.filter(district=scene.ground.district).first() or SharingDay.objects.create(
        district=scene.ground.district,
        school_year=scene.world.year,
        rank=2,
        on=timezone.localdate(),
        title=f"Journée{scene.mark}",
        created_by=scene.secretary,
    )
    need = CoverNeed.objects.create(
        day=day,
        class_key=str(scene.teacher.postings.get().pk),
        school=scene.ground.schools[0],
        levels=["CE1"],
        span="DAY",
        priority="2",
        reason=f"école de 4 classes{scene.mark}",
        note=f"Une sortie{scene.mark}",
        class_note=f"La clé est à l’accueil{scene.mark}",
    )
    need.people.add(scene.teacher)
    sent = {"state": "SENT", "sent_at": timezone.now()}
    Convocation.objects.get_or_create(day=day, person=scene.teacher, defaults=sent)
    return need


def supply(scene: Scene) -> Supplied:
    need = need_of(scene)
    of_day = {f"events:need_{verb}": {"day_pk": need.day_id} for verb in ("list", "compute")}
    of_need = {f"events:need_{verb}": {"pk": need.pk} for verb in ("page", "rank", "note")}
    of_school = {"day_pk": need.day_id, "school_pk": scene.ground.schools[0].pk}
    passed = LeavingException.objects.create(
        day=need.day, school=scene.ground.schools[1], reason=f"Un départ{scene.mark}", granted_by=scene.secretary
    )
    of_leaving = {f"events:leaving_{verb}": of_school for verb in ("new", "grant")}
    of_passed = {f"events:leaving_{verb}": {"pk": passed.pk} for verb in ("take_back", "put_back")}
    return Supplied(urls=of_day | of_need | of_leaving | of_passed)
