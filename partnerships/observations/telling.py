"""What people are told of cross-observations. Never why somebody said no, nor what somebody comes to look at."""

from __future__ import annotations

from collections.abc import Iterable

from django.urls import reverse

from circo import french, notices
from circo.models import Delivery, Person
from networks.visits.queries import heads_of
from networks.visits.telling import SCHOOL_VISITS
from partnerships.models import PeerObservation

OBSERVATIONS = notices.NoticeKind(
    "observations",
    "Observations croisées",
    "Quand une observation vous est proposée, est acceptée, s’échange ou s’annule\u00a0: pendant que des étudiants "
    "tiennent une classe, ou dans un lieu d’observation.",
    Delivery.AT_ONCE,
)


def published(observation: PeerObservation) -> None:
    """Tell the two of them."""
    when = observation.when
    said = "Dites oui, échangez avec un collègue, ou dites non\u00a0: un clic suffit."
    _tell(
        [observation.observer],
        observation,
        "published",
        f"Observer la classe {french.of(observation.host)}, {when}\u00a0?",
        said,
    )
    title = f"{observation.observer} pourrait venir observer votre classe, {when}"
    _tell([observation.host], observation, "published", title)


def accepted(observation: PeerObservation) -> None:
    """Tell the host, and the head teacher of the school; of a visit that is asked for at a site, networks tell."""
    if observation.site_id is not None:
        return
    title = f"{observation.observer} vient observer votre classe, {observation.when}"
    _tell([observation.host], observation, "accepted", title, "Convenez ensemble de ce qui sera regardé.")
    _tell_heads(observation, "accepted", f"{observation.observer} vient voir la classe {french.of(observation.host)}")


def reopened(observation: PeerObservation, *, was_expected: bool) -> None:
    """Tell the host, and the head teacher where somebody was expected."""
    title = f"{observation.observer} reprend sa réponse\u00a0: l’observation du {observation.when} n’est plus sûre"
    _tell([observation.host], observation, "reopened", title)
    if was_expected:
        said = f"{observation.observer} ne vient plus voir la classe {french.of(observation.host)}"
        _tell_heads(observation, "reopened", said)


def declined(observation: PeerObservation, by: Person) -> None:
    """Tell the other of the two, and who published; never the word."""
    title = f"{by} décline l’observation\u00a0: {observation.observer} chez {observation.host}, {observation.when}"
    others = [one for one in (observation.observer, observation.host) if one.pk != by.pk]
    _tell([*others, *_publisher(observation, by)], observation, "declined", title)


def lapsed(observation: PeerObservation) -> None:
    """Tell both that nobody answered: nobody comes."""
    title = f"Restée sans réponse\u00a0: {observation.observer} chez {observation.host}, {observation.when}"
    _tell([observation.observer, observation.host], observation, "lapsed", title, "L’observation n’a pas lieu.")


def restored(observation: PeerObservation, by: Person) -> None:
    title = f"De nouveau proposée\u00a0: {observation.observer} chez {observation.host}, {observation.when}"
    others = [one for one in (observation.observer, observation.host) if one.pk != by.pk]
    _tell(others, observation, "restored", title)


def cancelled(observation: PeerObservation, why: str, by: Person | None, *, was_expected: bool) -> None:
    """Tell both, and the head teacher where somebody was expected."""
    title = f"Observation annulée\u00a0: {observation.observer} chez {observation.host}, {observation.when}"
    people = [one for one in (observation.observer, observation.host) if by is None or one.pk != by.pk]
    _tell(people, observation, "cancelled", title, why)
    if was_expected:
        said = f"{observation.observer} ne vient plus voir la classe {french.of(observation.host)}"
        _tell_heads(observation, "cancelled", said)


# --- Exchanges --------------------------------------------------------------------------------------------------------
def swap_asked(observation: PeerObservation, other: PeerObservation) -> None:
    title = (
        f"{observation.observer} vous propose un échange\u00a0: la classe {french.of(observation.host)} contre la vôtre"
    )
    _tell([other.observer], other, f"swap-{observation.pk}", title, observation.when)


def swap_refused(observation: PeerObservation, other: PeerObservation) -> None:
    title = f"{other.observer} préfère garder son observation\u00a0: pas d’échange"
    _tell([observation.observer], observation, f"swap-refused-{other.pk}", title)


def swapped(made: PeerObservation, former: PeerObservation, by: Person) -> None:
    """Tell the observer that the exchange is made, and the host who comes instead."""
    if made.observer_id != by.pk:
        title = f"Échange accepté\u00a0: vous observez la classe {french.of(made.host)}, {made.when}"
        _tell([made.observer], made, "swapped", title)
    if made.site_id is not None:  # its host is asked, by networks
        return
    title = f"{made.observer} vient à la place {french.of(former.observer)} observer votre classe, {made.when}"
    _tell([made.host], made, "swapped", title)
    _tell_heads(made, "swapped", f"{made.observer} vient voir la classe {french.of(made.host)}")


def _publisher(observation: PeerObservation, by: Person) -> list[Person]:
    plan = observation.plan
    made_by = plan.created_by if plan is not None else None
    return [made_by] if made_by is not None and made_by.pk != by.pk else []


def _tell_heads(observation: PeerObservation, what: str, title: str) -> None:
    heads = heads_of(observation.school_id).exclude(pk__in=(observation.host_id, observation.observer_id))
    notices.tell_many(
        heads,
        kind=SCHOOL_VISITS.name,
        key=f"observation-{observation.pk}-{what}-{observation.sequence}",
        title=f"{title}, {observation.when}",
        text="",
        path=reverse("networks:school_visits"),
    )


def _tell(people: Iterable[Person], observation: PeerObservation, what: str, title: str, text: str = "") -> None:
    notices.tell_many(
        people,
        kind=OBSERVATIONS.name,
        key=f"observation-{observation.pk}-{what}-{observation.sequence}",
        title=title,
        text=text,
        path=reverse("partnerships:observation_page", args=[observation.pk]),
    )
