"""What people are told of the classes offered to students."""

from __future__ import annotations

from collections.abc import Collection

from django.urls import reverse

from circo import notices
from circo.models import Delivery, Institution, Person
from networks.visits.queries import heads_of
from partnerships.models import HostOffer, OfferMove
from partnerships.offers import queries
from partnerships.offers.rules import OfferState, Verb

OFFERS = notices.NoticeKind(
    "offers",
    "Classes proposées aux étudiants",
    "Quand une classe est proposée, acceptée, ouverte aux étudiants de l’institut, ou ne l’est plus.",
    Delivery.AT_ONCE,
)
_TO_HOST = {
    Verb.AGREE: "La direction de votre école est d’accord pour que vous accueilliez des étudiants",
    Verb.REFUSE: "La direction de votre école ne souhaite pas d’étudiants dans votre classe",
    Verb.OPEN: "Votre classe est ouverte aux étudiants",
    Verb.DECLINE: "Votre classe n’est pas ouverte aux étudiants",
}


def proposed(offer: HostOffer, move: OfferMove) -> None:
    """Tell the head teacher, who agrees or not."""
    heads = heads_of(offer.school_id).exclude(pk=offer.person_id)
    title = f"{offer.person} propose sa classe aux étudiants"
    _tell(heads, move, title, "Votre accord est attendu.", offer)


def moved(offer: HostOffer, move: OfferMove) -> None:
    """Tell the teacher what others decide; tell those who place students what the teacher closes or takes back."""
    verb = Verb(move.verb)
    if verb is Verb.PROPOSE:
        proposed(offer, move)
    elif verb in _TO_HOST and move.by_id != offer.person_id:
        _tell([offer.person], move, _TO_HOST[verb], move.reason, offer)
    if move.source == OfferState.OPEN:
        kept = queries.coordinators(list(offer.institutions.values_list("pk", flat=True)))
        _tell(kept, move, f"{offer.person} n’accueille plus de nouveaux étudiants", str(offer.school), None)


def undone(offer: HostOffer, move: OfferMove) -> None:
    """Tell the teacher that a decision was taken back."""
    if move.by_id != offer.person_id:
        title = f"Votre classe et les étudiants\u00a0: {offer.get_state_display()} de nouveau"
        _tell([offer.person], move, title, "", offer)


def opened(offers: Collection[HostOffer], institutions: Collection[Institution], key: str) -> None:
    """Tell those who place students how many classes open to them, once for all."""
    count = len(offers)
    said = "Une classe s’ouvre" if count == 1 else f"{count}\u00a0classes s’ouvrent"
    people = queries.coordinators([one.pk for one in institutions])
    text = ", ".join(str(offer) for offer in offers)
    title, path = f"{said} à vos étudiants", reverse("partnerships:offer_list")
    notices.tell_many(people, kind=OFFERS.name, key=f"opened-{key}", title=title, text=text, path=path)


def _tell(people: Collection[Person], move: OfferMove, title: str, text: str, offer: HostOffer | None) -> None:
    path = reverse("partnerships:offer_page", args=[offer.pk]) if offer else ""
    notices.tell_many(people, kind=OFFERS.name, key=f"offer-move-{move.pk}", title=title, text=text, path=path)
