"""What people are told of sites and visits. Never what somebody came to look at, nor a word of a report."""

from __future__ import annotations

from collections.abc import Iterable

from django.urls import reverse

from circo import notices
from circo.models import Delivery, Person
from networks.models import ObservationSite
from networks.visits import queries

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
