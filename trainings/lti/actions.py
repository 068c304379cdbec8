"""Verbs around other platforms: open a path to one, tie an account to one's own, arrive, choose."""

from __future__ import annotations

import secrets

from django.db import IntegrityError, transaction

from circo.errors import Refusal
from circo.models import Person
from trainings.lti import keys, launches, passing
from trainings.lti.rules import CLAIM, DEEP_LINKING, LINK_TYPE, VERSION, Launch
from trainings.models import Enrolment, LearningPath, LtiCourse, LtiLink, LtiPlatform, LtiResult, PathVersion

OTHERS = (
    "Ce compte de l’autre plateforme est déjà relié à quelqu’un d’autre ici. Si c’est le vôtre, connectez-vous avec "
    "l’autre compte."
)
ANOTHER = "Vous avez déjà relié un autre compte de cette plateforme. Défaites d’abord ce lien, dans votre profil."
NOT_OPEN = "Ce parcours n’est pas ouvert à cette plateforme."
NOT_HERE = (
    "Ce parcours n’est pas ouvert là où vous exercez. La personne qui vous l’a proposé peut demander à son équipe de "
    "l’ouvrir plus largement."
)


def open_path(*, path: LearningPath, platform: LtiPlatform, is_open: bool, by: Person) -> None:
    """Let a platform choose and launch a path, or no longer.

    Raises: Refusal for a platform of another département.
    """
    if platform.departement_id != path.district.departement_id:
        raise Refusal("Cette plateforme n’est pas de votre département.")
    if is_open:
        platform.paths.add(path)
    else:
        platform.paths.remove(path)


@transaction.atomic
def link(*, launch: Launch, by: Person) -> LtiLink:
    """Tie the account of a launch to one's own. Twice is once.

    Raises: Refusal if either is tied to another.
    """
    Person.objects.select_for_update(of=("self",), no_key=True).get(pk=by.pk)  # two tabs at once: one by one
    found = LtiLink.objects.filter(platform=launch.platform_id, subject=launch.subject).first()
    if found is not None:
        if found.person_id != by.pk:
            raise Refusal(OTHERS)
        return found
    if LtiLink.objects.filter(platform=launch.platform_id, person=by).exists():
        raise Refusal(ANOTHER)
    try:
        with transaction.atomic():
            return LtiLink.objects.create(platform_id=launch.platform_id, subject=launch.subject, person=by)
    except IntegrityError as error:  # somebody else was quicker
        raise Refusal(OTHERS) from error


def unlink(*, link: LtiLink, by: Person) -> None:
    """Untie an account. What was told to the other platform stays there; nothing more is told."""
    LtiLink.objects.editable_by(by).filter(pk=link.pk).delete()


@transaction.atomic
def arrive(*, launch: Launch, by: Person) -> LearningPath:
    """Come from another platform to a path, with an account that is tied to this one: note where the result goes.

    A launch opens nothing: one sees the path only where one would without it.
    Raises: Refusal.
    """
    if launch.path_id is None:
        raise Refusal(NOT_OPEN)
    mine = LtiLink.objects.editable_by(by).filter(platform=launch.platform_id, subject=launch.subject)
    found = mine.select_related("platform").first()
    if found is None:
        raise Refusal(OTHERS)
    if not found.platform.paths.filter(pk=launch.path_id).exists():
        raise Refusal(NOT_OPEN)
    path = LearningPath.objects.visible_to(by).filter(pk=launch.path_id).first()
    if path is None:
        raise Refusal(NOT_HERE)
    course, _ = LtiCourse.objects.update_or_create(
        platform=found.platform,
        path=path,
        context=launch.context,
        defaults={"title": launch.context_title, "members_url": launch.members_url},
    )
    LtiResult.objects.update_or_create(link=found, course=course, defaults={"line_item": launch.line_item})
    enrolment = Enrolment.objects.visible_to(by).filter(path=path).first()
    if enrolment is not None:
        passing.tell(enrolment)
    passing.count(course)
    return path


def choose(*, launch: Launch, platform: LtiPlatform, version: PathVersion) -> str:
    """Answer a platform that asked for a path: what it keeps, signed by us."""
    item = {
        "type": LINK_TYPE,
        "title": version.title,
        "text": version.summary,
        "url": launches.address_of(version.path_id),
        "window": {"targetName": "_blank"},  # in a frame, browsers keep our cookies away
        "lineItem": {"label": version.title, "scoreMaximum": 1, "resourceId": f"path-{version.path_id}"},
    }
    claims = {
        "iss": platform.client_id,
        "aud": platform.issuer,
        "nonce": secrets.token_urlsafe(16),
        f"{CLAIM}deployment_id": launch.deployment,
        f"{CLAIM}message_type": "LtiDeepLinkingResponse",
        f"{CLAIM}version": VERSION,
        f"{DEEP_LINKING}content_items": [item],
    }
    if launch.data is not None:
        claims[f"{DEEP_LINKING}data"] = launch.data
    return keys.sign(claims)
