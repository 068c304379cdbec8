"""One object of each kind that the pages of groups and of the yearly cycle name."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from networks.groups.rules import Verb
from networks.models import (
    Candidate,
    CareerMeeting,
    Decision,
    Membership,
    MembershipMove,
    RelayCommitment,
    Wish,
    WishCampaign,
)
from tests.house.supplying import Scene, Supplied


def log(membership: Membership, verb: Verb = Verb.ENROL, **fields) -> MembershipMove:
    return MembershipMove.objects.create(
        membership=membership, verb=verb, to_stage=membership.stage, to_standing=membership.standing, **fields
    )


def supply(scene: Scene) -> Supplied:
    ground, year = scene.ground, scene.world.year
    membership = scene.teacher.memberships.get(group=ground.group)
    log(membership, why=f"Elle le souhaite{scene.mark}")
    CareerMeeting.objects.create(membership=membership)
    campaign = WishCampaign.objects.create(
        district=ground.district, school_year=year, closes_on=timezone.localdate() + timedelta(days=9)
    )
    Wish.objects.create(membership=membership, answer="CONTINUE", word=f"Avec plaisir{scene.mark}")
    Decision.objects.create(membership=membership, verb=Verb.ADVANCE)
    RelayCommitment.objects.create(membership=membership, territory=f"La ville{scene.mark}")
    note = {"district": ground.district, "person": scene.teacher, "why": f"Elle filme déjà{scene.mark}"}
    waiting = Candidate.objects.create(group=ground.group, **note)
    closed = Candidate.objects.create(closed_at=timezone.now(), **note)
    group, own = {"pk": ground.group.pk}, {"pk": membership.pk}
    cycle = {"pk": campaign.pk}
    return Supplied(
        urls={
            **{f"networks:{name}": group for name in ("group_ask", "group_request", "group_invite")},
            "networks:invitation_create": group,
            **{f"networks:membership_{name}": own for name in ("page", "move", "origin", "companion")},
            "networks:wish_answer": own,
            "networks:commitment_save": own,
            "networks:candidate_invite": {"pk": waiting.pk},
            "networks:candidate_close": {"pk": waiting.pk},
            "networks:candidate_reopen": {"pk": closed.pk},
            **{f"networks:campaign_{name}": cycle for name in ("page", "update", "remind")},
            "networks:decision_list": cycle,
            "networks:decision_save": cycle,
            "networks:decision_remove": cycle | {"membership_pk": membership.pk},
            **{f"networks:year_{name}": cycle for name in ("preview", "open", "take_back")},
        }
    )
