"""Open one's class, change it, pause it; what the team and the head teacher may do with it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from circo.errors import Refusal
from circo.models import Person, School
from circo.rules import HALF_DAYS, levels_in_order
from networks.models import Network, ObservationSite, Stage
from networks.visits import moving, queries, rules, telling
from networks.visits.actions import bookings
from networks.visits.rules import Actor, HeadAnswer, SiteState

NOT_YOURS = "Seule la personne qui ouvre sa classe peut changer cette page."
NOT_HOST = (
    "Ce sont les relais de troisième année qui ouvrent leur classe. Parlez-en à votre conseillère ou à votre "
    "conseiller pédagogique."
)


@dataclass(frozen=True)
class SiteText:
    """All that a host says of a site."""

    title: str
    levels: Sequence[str]
    seats: int
    week: Sequence[str] = ()
    dates: Sequence[str] = ()
    practices: Sequence[str] = ()
    network: Network | None = None
    conditions: str = ""
    to_prepare: str = ""


def _check(text: SiteText, host: Person, former: Network | None = None) -> None:
    if not text.title.strip():
        raise Refusal("Dites en une ligne ce que l’on peut voir.")
    if not 1 <= text.seats <= rules.SEATS_MAX:
        raise Refusal(f"Accueillez de 1 à {rules.SEATS_MAX}\u00a0personnes à la fois.")
    if not text.week and not text.dates:
        raise Refusal("Choisissez au moins une demi-journée de la semaine, ou une date.")
    if not text.levels:
        raise Refusal("Dites le niveau de votre classe.")
    if text.network and text.network != former and text.network not in queries.networks_of(host):
        raise Refusal("Choisissez un réseau de l’un de vos groupes.")


def _write(site: ObservationSite, text: SiteText) -> None:
    site.title, site.conditions, site.to_prepare = (
        words.strip() for words in (text.title, text.conditions, text.to_prepare)
    )
    site.levels = levels_in_order(text.levels)
    site.practices = queries.practices_named(list(text.practices))
    site.week = [code for code in HALF_DAYS if code in set(text.week)]
    site.dates = sorted(set(text.dates))[: rules.DATES_MAX]
    site.seats, site.network = text.seats, text.network


@transaction.atomic
def open_site(*, school: School, text: SiteText, by: Person) -> ObservationSite:
    """Open one's class to colleagues of the district; the head teacher of the school is told, and may object.

    Raises: Refusal for who does not teach there, or is neither a relay nor a second-year that the team lets open.
    """
    if not queries.hosting_schools(by).filter(pk=school.pk).exists():
        raise Refusal("Choisissez l’école où vous enseignez.")
    stage = queries.stage_of(by)
    second = stage == Stage.SECOND_YEAR and queries.settings_of(school.district_id).second_years_host
    if stage != Stage.RELAY and not second:
        raise Refusal(NOT_HOST)
    Person.objects.select_for_update(of=("self",), no_key=True).get(pk=by.pk)  # two tabs at once: one by one
    if by.observation_sites.count() >= rules.SITES_MAX:
        raise Refusal("Vous avez déjà plusieurs lieux ouverts\u00a0: complétez l’un d’eux.")
    _check(text, by)
    site = ObservationSite(host=by, school=school)
    _write(site, text)
    if queries.heads_of(school.pk).filter(pk=by.pk).exists():
        site.head_answer = HeadAnswer.AGREED
    site.save()
    telling.site_opened(site)
    return site


@transaction.atomic
def edit_site(*, site: ObservationSite, text: SiteText, by: Person) -> ObservationSite:
    """Change what one says of one's own class. Visits already agreed stay.

    Raises: Refusal if it is not one's own, or if fewer seats are left than visitors already have.
    """
    held = moving.locked_site(site.pk)
    if held.host_id != by.pk:
        raise Refusal(NOT_YOURS)
    _check(text, by, held.network)
    _write(held, text)
    held.save()
    return held


@transaction.atomic
def move_site(*, site: ObservationSite, verb: str, by: Person, reason: str = "") -> ObservationSite:
    """Pause or open one's own site; suspend or resume one as the team of its district.

    Raises: Refusal if that person may not, if the state does not allow it, or to suspend without a reason.
    """
    held = moving.locked_site(site.pk)
    actor = None
    if held.host_id == by.pk:
        actor = Actor.HOST
    elif ObservationSite.objects.overseen_by(by).filter(pk=held.pk).exists():
        actor = Actor.TEAM
    move = rules.SITE_MOVES[verb]
    if actor not in move.actors:
        raise Refusal(NOT_YOURS)
    target = move.check(held.state)
    if verb == "suspend" and not reason.strip():
        raise Refusal("Dites pourquoi\u00a0: la personne qui ouvre sa classe le lira.")
    held.state = target
    held.reason = reason.strip() if target is SiteState.SUSPENDED else ""
    held.save(update_fields=["state", "reason"])
    moment = timezone.now().isoformat(timespec="seconds")
    if verb == "suspend":
        telling.site_suspended(held, moment)
        _call_off(held, held.reason, by)
    elif verb == "resume":
        telling.site_resumed(held, moment)
    return held


@transaction.atomic
def widen_site(*, site: ObservationSite, circle: str, by: Person) -> ObservationSite:
    """Open a site to the whole département, or to its district alone: the inspector's choice.

    Raises: Refusal for anybody else.
    """
    held = moving.locked_site(site.pk)
    if not queries.inspects(by, held.school.district_id):
        raise Refusal("C’est l’inspectrice ou l’inspecteur qui ouvre un lieu au département.")
    held.circle = ObservationSite.Circle(circle)
    held.save(update_fields=["circle"])
    return held


@transaction.atomic
def answer_as_head(*, site: ObservationSite, answer: HeadAnswer, word: str, by: Person) -> ObservationSite:
    """Agree to visits in one's school, or object to them.

    Raises: Refusal for who is not its head teacher, or to object without a word.
    """
    held = moving.locked_site(site.pk)
    if not ObservationSite.objects.headed_by(by).filter(pk=held.pk).exists():
        raise Refusal("C’est la direction de l’école qui répond.")
    if answer is HeadAnswer.OBJECTED and not word.strip():
        raise Refusal("Dites en un mot ce qui empêche les visites\u00a0: votre collègue le lira.")
    held.head_answer, held.head_word = answer, word.strip()
    held.save(update_fields=["head_answer", "head_word"])
    if held.host_id != by.pk:
        telling.site_answered(held, timezone.now().isoformat(timespec="seconds"))
    if answer is HeadAnswer.OBJECTED:
        _call_off(held, held.head_word, by)
    return held


def _call_off(site: ObservationSite, word: str, by: Person) -> None:
    """Call off what was to come to a site that takes nobody any more."""
    coming = site.visits.filter(state__in=rules.COMING, day__gte=timezone.localdate()).order_by("pk")
    for visit in coming:
        bookings.call_off(moving.locked(visit), Actor.CLOCK, word, by)
