"""Mentoring pairs for the tests, and what the sweeps open of them."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from circo.models import Person
from networks.mentoring import actions
from networks.mentoring.rules import State
from networks.models import Membership, MentoringPair, MentoringSettings, Stage
from tests import world as world_module
from tests.circo.drafts import begin
from tests.house.supplying import Scene, Supplied

SECRET = "KQZWVJXB"  # in every word of a pair, and nowhere else


def stage(person: Person, value: Stage) -> None:
    Membership.objects.in_force().of(person).update(stage=value)


def pair_of(newcomer: Person, mentor: Person, **fields) -> MentoringPair:
    """A pair that is on."""
    now = timezone.now()
    district = newcomer.memberships.order_by("pk")[0].group.network.district
    fields = {"state": State.ON, "newcomer_accepted_at": now, "mentor_accepted_at": now, "district": district} | fields
    return MentoringPair.objects.create(newcomer=newcomer, mentor=mentor, **fields)


def supply(scene: Scene) -> Supplied:
    """A pair of the scene's teacher with somebody whom no persona is; what it says holds `SECRET`."""
    code = scene.ground.departement.code
    others = [
        world_module.person(f"{name}{code}@ecole.test", f"{name.title()}{scene.mark}", "Relais") for name in "xyzw"
    ]
    for other in others:
        world_module.join(other, scene.ground.group)
    pair = pair_of(scene.teacher, others[0])
    ended = pair_of(scene.teacher, others[1], state=State.ENDED, ended_at=timezone.now(), ended_by=scene.teacher)
    proposed = pair_of(scene.teacher, others[2], state=State.PROPOSED, newcomer_accepted_at=None)
    message = actions.send(pair=pair, text=f"{SECRET} message{scene.mark}", by=scene.teacher)
    gone = actions.send(pair=pair, text=f"{SECRET} retiré{scene.mark}", by=scene.teacher)
    actions.remove(row=gone, by=scene.teacher)
    actions.send(pair=pair, text=f"{SECRET} réponse{scene.mark}", by=others[0])
    begin(scene.teacher, f"{pair.drafts_place}/message", text=f"{SECRET} brouillon{scene.mark}")
    goal, gone_goal = (
        actions.add_goal(pair=pair, text=f"{SECRET} objectif{scene.mark}", by=scene.teacher) for _ in "12"
    )
    actions.remove(row=gone_goal, by=scene.teacher)
    coming = timezone.now() + timedelta(days=3)
    meeting, past = (
        actions.meet(pair=pair, starts_at=at, minutes=60, place=f"{SECRET} lieu{scene.mark}", by=scene.teacher)
        for at in (coming, timezone.now() - timedelta(days=3))
    )
    off = actions.meet(pair=pair, starts_at=coming, minutes=60, place="", by=scene.teacher)
    actions.call_off(meeting=off, by=scene.teacher)
    mine = pair_of(scene.teacher, others[3], introduced_by=scene.teacher)
    actions.send(pair=mine, text=f"{SECRET} à moi{scene.mark}", by=scene.teacher)
    actions.erase_mine(pair=mine, by=scene.teacher)
    one = {"pk": pair.pk}
    said, goals, meetings = one | {"row_id": message.pk}, one | {"row_id": goal.pk}, one | {"row_id": meeting.pk}
    whole = ["pair", "end", "erase", "keep", "erase_mine", "thread", "read", "send", "goal_add", "meeting_add"]
    settings = MentoringSettings.objects.create(district=scene.ground.district)
    return Supplied(
        admin={"mentoringsettings": settings},
        urls={
            **{f"networks:mentoring_{name}": one for name in whole},
            **{f"networks:mentoring_{name}": {"pk": proposed.pk} for name in ("accept", "decline")},
            "networks:mentoring_take_back": {"pk": ended.pk},
            "networks:mentoring_restore_mine": {"pk": mine.pk},
            **{f"networks:mentoring_{name}": said for name in ("edit", "update", "remove")},
            "networks:mentoring_restore": one | {"row_id": gone.pk},
            **{f"networks:mentoring_goal_{name}": goals for name in ("edit", "update", "reach", "remove")},
            "networks:mentoring_goal_restore": one | {"row_id": gone_goal.pk},
            **{f"networks:mentoring_meeting_{name}": meetings for name in ("edit", "update", "call_off")},
            "networks:mentoring_meeting_put_back": one | {"row_id": off.pk},
            "networks:mentoring_meeting_hold": one | {"row_id": past.pk},
        },
    )
