"""What people are told of sites and visits. Never what somebody came to look at, nor a word of a report."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.urls import reverse
from django.utils import timezone

from circo import notices
from circo.models import Delivery, Person
from networks.models import ObservationSite, Visit
from networks.visits import queries
from networks.visits.rules import VisitState

VISITS = notices.NoticeKind(
    "visits",
    "Visites de classes",
    "Quand une visite est demandée, confirmée, annulée ou racontée, chez vous ou chez un collègue.",
    Delivery.AT_ONCE,
)
SCHOOL_VISITS = notices.NoticeKind(
    "school-visits",
    "Visites dans mon école",
    "Pour la direction : quand une classe de l’école s’ouvre, et qui vient, quel jour.",
    Delivery.AT_ONCE,
)
KINDS = (VISITS, SCHOOL_VISITS)
TOLD_AGAIN = ("focus", "agreed", "answer", "changed", "opened")


def site_opened(site: ObservationSite) -> None:
    """Tell the head teacher of the school, who may object."""
    _tell_heads(
        site,
        f"site-{site.pk}",
        f"{site.host} ouvre sa classe aux visites",
        "Vous pouvez dire que vous êtes d’accord, ou vous y opposer.",
        reverse("networks:site_page", args=[site.pk]),
    )


def site_answered(site: ObservationSite, key: str) -> None:
    """Tell the host what the head teacher answered."""
    title = f"Votre classe ouverte\u00a0: {site.get_head_answer_display()}"
    _tell(site.host, f"site-{site.pk}-head-{key}", title, site.head_word, _site_path(site))


def site_suspended(site: ObservationSite, key: str) -> None:
    """Tell the host why the team suspends a site."""
    title = "Votre lieu d’observation est suspendu par la circonscription"
    _tell(site.host, f"site-{site.pk}-suspended-{key}", title, site.reason, _site_path(site))


def site_resumed(site: ObservationSite, key: str) -> None:
    """Tell the host that the site is open again."""
    _tell(
        site.host, f"site-{site.pk}-resumed-{key}", "Votre lieu d’observation est rouvert", site.title, _site_path(site)
    )


def _site_path(site: ObservationSite) -> str:
    return reverse("networks:site_page", args=[site.pk])


def _tell(person: Person, key: str, title: str, text: str, path: str) -> None:
    notices.tell(person=person, kind=VISITS.name, key=key, title=title, text=text, path=path)


def _tell_heads(site: ObservationSite, key: str, title: str, text: str, path: str) -> None:
    heads: Iterable[Person] = queries.heads_of(site.school_id).exclude(pk=site.host_id)
    notices.tell_many(heads, kind=SCHOOL_VISITS.name, key=key, title=title, text=text, path=path)


# --- Visits: who and when; what for stays between the two ------------------------------------------------------------
def visit_asked(visit: Visit) -> None:
    """Tell the host that a colleague asks to come."""
    title = f"{visit.visitor} demande à venir dans votre classe\u00a0: {visit.when}"
    _tell_of(visit, visit.site.host, "asked", title, "Répondez-lui\u00a0: sa place l’attend.")


def visit_offered(visit: Visit) -> None:
    """Tell whoever waits that a seat is kept."""
    until = visit.offered_until and timezone.localtime(visit.offered_until)
    said = f"Elle vous est gardée jusqu’au {until:%d/%m à %H h %M}." if until else ""
    _tell_of(visit, visit.visitor, "offered", f"Une place s’est libérée\u00a0: {visit.when}", said)


def offer_lapsed(visit: Visit) -> None:
    """Tell whoever waited that the seat went to the next one."""
    _tell_of(visit, visit.visitor, "lapsed", "La place qui vous était gardée est passée à quelqu’un d’autre")


def visit_unanswered(visit: Visit) -> None:
    """Tell both that nobody answered in time."""
    _tell_of(visit, visit.visitor, "lapsed", f"Votre demande de visite est restée sans réponse\u00a0: {visit.when}")


def visit_confirmed(visit: Visit) -> None:
    """Tell the visitor, and the head teacher of the school that is visited."""
    _tell_of(visit, visit.visitor, "confirmed", f"Votre visite est confirmée\u00a0: {visit.when}")
    title = f"{visit.visitor} vient voir la classe de {visit.site.host}\u00a0: {visit.when}"
    _tell_heads(visit.site, _key(visit, "confirmed"), title, "", reverse("networks:school_visits"))


def visit_declined(visit: Visit) -> None:
    """Tell the visitor, with the host's word."""
    _tell_of(visit, visit.visitor, "declined", f"Votre demande de visite est déclinée\u00a0: {visit.when}", visit.word)


def visit_cancelled(visit: Visit, before: VisitState, by: Person | None) -> None:
    """Tell the other of the two, both if nobody of them did it; the head teacher too if the visit was confirmed."""
    title = f"La visite est annulée\u00a0: {visit.when}"
    if before == VisitState.HELD:
        title = f"La visite est notée comme n’ayant pas eu lieu\u00a0: {visit.when}"
    seen_by_host = before not in (VisitState.WAITING, VisitState.OFFERED)
    for person in (visit.visitor, visit.site.host):
        if person != by and (person == visit.visitor or seen_by_host):
            _tell_of(visit, person, "cancelled", title, visit.word)
    if before == VisitState.CONFIRMED:
        said = f"{visit.visitor} ne vient pas voir la classe de {visit.site.host}\u00a0: {visit.when}"
        _tell_heads(visit.site, _key(visit, "cancelled"), said, "", reverse("networks:school_visits"))


def visit_held(visit: Visit) -> None:
    """Invite the visitor to tell and to thank."""
    said = "Vous pouvez remercier votre collègue, et écrire le compte rendu que vous lirez à deux."
    _tell_of(visit, visit.visitor, "held", f"Votre visite de classe\u00a0: {visit.when}", said)


def focus_written(visit: Visit) -> None:
    _tell_of(visit, visit.site.host, "focus", f"{visit.visitor} a réécrit ce qu’il ou elle vient regarder")


def focus_agreed(visit: Visit) -> None:
    _tell_of(visit, visit.visitor, "agreed", f"{visit.site.host} est d’accord avec ce que vous venez regarder")


def thanked(visit: Visit) -> None:
    _tell_of(visit, visit.site.host, "thanks", f"{visit.visitor} vous remercie de sa visite", visit.thanks)


# --- Reports: that there is one, never a word of it ------------------------------------------------------------------
def report_given(visit: Visit) -> None:
    _tell_of(visit, visit.site.host, "report", f"{visit.visitor} vous donne à lire le compte rendu de sa visite")


def report_answered(visit: Visit) -> None:
    _tell_of(visit, visit.visitor, "answer", f"{visit.site.host} a ajouté ses mots à votre compte rendu")


def report_opened(visit: Visit) -> None:
    _tell_of(visit, visit.visitor, "opened", f"{visit.site.host} a ouvert votre compte rendu à son cercle")


def report_changed(visit: Visit) -> None:
    said = "Il est refermé\u00a0: relisez-le avant de l’ouvrir de nouveau."
    _tell_of(visit, visit.site.host, "changed", f"{visit.visitor} a changé le compte rendu que vous aviez ouvert", said)


def report_gone(person: Person, day: date) -> None:
    """Tell who stays that a report went with the account of the other."""
    title = f"Le compte rendu de la visite du {day:%d/%m/%Y} est effacé, avec le compte d’une des deux personnes"
    _tell(person, f"report-gone-{day.isoformat()}", title, "", reverse("networks:visit_list"))


def _key(visit: Visit, what: str) -> str:
    return f"visit-{visit.pk}-{what}-{visit.sequence}"


def _tell_of(visit: Visit, person: Person, what: str, title: str, text: str = "") -> None:
    # What may come again is told again: it is another instant.
    again = f"-{timezone.now():%Y%m%d%H%M%S}" if what in TOLD_AGAIN else ""
    _tell(person, f"{_key(visit, what)}{again}", title, text, reverse("networks:visit_page", args=[visit.pk]))
