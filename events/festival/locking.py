"""The row of a festival, held while something of it changes."""

from __future__ import annotations

from circo.errors import Refusal
from circo.models import Person
from events.festival.rules import AnimationState
from events.models import Animation, Festival

OVER = "La fête a eu lieu\u00a0: son programme ne change plus."
NOT_YOURS = "Seule l’équipe de la circonscription prépare cette fête."


def locked(festival: Festival) -> Festival:
    """Lock a festival."""
    return Festival.objects.select_for_update(of=("self",)).get(pk=festival.pk)


def prepared(festival: Festival, by: Person) -> Festival:
    """Lock a festival that one prepares.

    Raises: Refusal.
    """
    if not Festival.objects.editable_by(by).filter(pk=festival.pk).exists():
        raise Refusal(NOT_YOURS)
    return locked(festival)


def check_open(festival: Festival) -> None:
    """Raise Refusal once a festival is over."""
    if not festival.is_open:
        raise Refusal(OVER)


def edited(animation: Animation, by: Person, *, even_decided: bool = False) -> Animation:
    """Lock the festival of an animation that one may change, and return the animation.

    Raises: Refusal.
    """
    festival = locked(animation.festival)
    held = Animation.objects.editable_by(by).select_related("festival").filter(pk=animation.pk).first()
    if held is None:
        raise Refusal(NOT_YOURS)
    check_open(festival)
    is_team = Festival.objects.editable_by(by).filter(pk=festival.pk).exists()
    if not is_team and held.state != AnimationState.PROPOSED and not even_decided:
        raise Refusal("L’équipe a déjà décidé\u00a0: demandez-lui de changer cette animation.")
    return held
