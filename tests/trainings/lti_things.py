"""What the sweeps need of other platforms."""

from __future__ import annotations

from tests.house.supplying import Scene, Supplied
from tests.trainings.learners import path_of
from tests.trainings.lti_platform import declared
from trainings.models import LtiCourse, LtiLink, LtiResult

MARK_OF_A_LAUNCH = "a" * 16  # that nobody brought
OF_LAUNCH = ("lti_arrive", "lti_link", "lti_choose", "lti_answer")


def supply(scene: Scene) -> Supplied:
    path = path_of(scene.ground.district, f"Écrire une lettre{scene.mark}").path
    platform = declared(scene.ground.departement, scene.mark)
    platform.paths.add(path)
    link = LtiLink.objects.create(platform=platform, subject=f"42{scene.mark}", person=scene.teacher)
    course = LtiCourse.objects.create(platform=platform, path=path, context="c1", title=f"Écrire{scene.mark}")
    LtiResult.objects.create(link=link, course=course)
    return Supplied(
        urls={
            **{f"trainings:{name}": {"mark": MARK_OF_A_LAUNCH} for name in OF_LAUNCH},
            **{f"trainings:{name}": {"pk": path.pk} for name in ("lti_path", "lti_opening", "lti_open")},
            "trainings:lti_unlink": {"pk": link.pk},
        },
        admin={"ltiplatform": platform},
    )
