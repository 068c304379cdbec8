"""The hours that the sweeps look at: one entry in each state, and what is owed."""

from __future__ import annotations

from circo.hours.actions import DECLARED
from circo.hours.rules import Fate, LogCategory, State
from circo.models import HoursQuota, HoursReplay, ReplayLine, ReplayState, SelfPacedRules, ServiceLogEntry
from tests.circo.hours import entry_of
from tests.house.supplying import Scene, Supplied


def supply(scene: Scene) -> Supplied:
    label = f"Réunion{scene.mark}"
    for state in State:
        entry_of(scene.teacher, scene.secretary, state, label=label, source=f"tests.{state}:1")
    declared = entry_of(scene.teacher, scene.secretary, label=label, source=f"{DECLARED}:1")
    quota = HoursQuota.objects.create(person=scene.teacher, school_year=scene.world.year, minutes=900)
    counting = SelfPacedRules.objects.create(district=scene.ground.district, cap_minutes=540)
    replay = HoursReplay.objects.create(
        district=scene.ground.district, school_year=scene.world.year, state=ReplayState.READY, asked_by=scene.secretary
    )
    for number, fate in enumerate(Fate):
        ReplayLine.objects.create(
            replay=replay,
            person=scene.teacher,
            source=f"tests:{number}",
            label=label,
            on=scene.world.year.first_day,
            fate=fate,
            was_minutes=180,
            becomes_minutes=90,
        )
    line = ServiceLogEntry.objects.create(
        owner=scene.teacher,
        on=scene.world.year.first_day,
        minutes=60,
        category=LogCategory.APC,
        note=f"APC{scene.mark}",
    )
    return Supplied(
        urls={
            "hours:entry_page": {"pk": declared.pk},
            "hours:declared_remove": {"pk": declared.pk},
            "hours:person_page": {"pk": scene.teacher.pk},
            "hours:person_statement": {"pk": scene.teacher.pk},
            **{f"hours:replay_{verb}": {"pk": replay.pk} for verb in ("page", "apply")},
            **{f"hours:log_{verb}": {"pk": line.pk} for verb in ("edit", "update", "remove", "restore")},
        },
        admin={"hourentry": declared, "hoursquota": quota, "selfpacedrules": counting},
    )
