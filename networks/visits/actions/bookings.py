"""Ask for a seat, answer, cancel, wait; agree on what one comes to look at; thank."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone

from circo.access import ROLE_PERMISSIONS, Permission
from circo.calendar import queries as calendar
from circo.calendar.rules import HalfDay
from circo.dates import planned_in_words
from circo.errors import Refusal
from circo.models import Person
from circo.rules import Role
from networks.models import ObservationSite, Visit
from networks.visits import crediting, moving, queries, rules, telling
from networks.visits.rules import Actor, VisitState


def may_visit(person: Person) -> bool:
    """Tell whether a person visits as a colleague: nobody whose role judges."""
    roles = person.reach().roles
    return Role.INSPECTOR not in roles and any(Permission.VISIT_CLASSES in ROLE_PERMISSIONS[role] for role in roles)


@transaction.atomic
def ask_visit(*, site: ObservationSite, half_day: HalfDay, focus: str, by: Person) -> Visit:
    """Ask for a seat on a half-day; once all are taken, for a place on the waiting list.

    Raises: Refusal, in words, for a half-day or a person that cannot be.
    """
    now = timezone.now()
    moving.lock_visitor(by)
    held = moving.locked_site(site.pk)
    if not focus.strip():
        raise Refusal("Dites en une phrase ce que vous venez regarder.")
    check_half_day(held, half_day, by, now)
    check_visitor(held, half_day, by)
    visit = Visit(site=held, visitor=by, day=half_day.day, half=half_day.half, focus=focus.strip())
    if not _seat(visit, held):
        visit.state, visit.seat = VisitState.WAITING, None
        visit.save()
        return visit
    telling.visit_asked(visit)
    return visit


def _seat(visit: Visit, site: ObservationSite) -> bool:
    """Take the first free seat. The unique constraint is the last word; somebody quicker makes us try the next."""
    for _ in range(rules.SEATS_MAX + 1):
        taken = Visit.objects.seated().filter(site=site, day=visit.day, half=visit.half)
        seat = rules.free_seat(taken.values_list("seat", flat=True), site.seats)
        if seat is None:
            return False
        visit.state, visit.seat = VisitState.ASKED, seat
        try:
            with transaction.atomic():
                visit.save()
        except IntegrityError:
            visit.pk = None
            visit._state.adding = True
            check_twice(visit)
        else:
            return True
    return False


def check_half_day(site: ObservationSite, half_day: HalfDay, by: Person, now: datetime) -> None:
    """Raise a Refusal, in words, for a half-day on which nobody can come to that class."""
    if not ObservationSite.objects.visible_to(by).open().filter(pk=site.pk).exists():
        raise Refusal("Cette classe n’est pas ouverte aux visites en ce moment.")
    words = planned_in_words(half_day, timezone.localdate(now))
    start = queries.starts_at(half_day)
    if start <= now:
        raise Refusal("Cette demi-journée est passée.")
    if half_day.day > timezone.localdate(now) + timedelta(weeks=rules.WEEKS_AHEAD):
        raise Refusal(f"On demande une visite {rules.WEEKS_AHEAD}\u00a0semaines à l’avance au plus.")
    if half_day.week_code not in site.week and half_day.code not in site.dates:
        raise Refusal(f"Cette classe n’est pas ouverte {words}.")
    if reason := calendar.closure_reason(site.school, half_day):
        raise Refusal(f"Pas de classe {words}\u00a0: {reason}.")
    hours = queries.notice_hours({site.school.district_id})[site.school.district_id]
    if start < now + timedelta(hours=hours):
        raise Refusal(f"Une visite se demande au moins {hours}\u00a0heures avant.")
    if half_day in queries.hosts_absent({site.host_id}, half_day.day, half_day.day)[site.host_id]:
        raise Refusal("Votre collègue n’est pas avec sa classe à ce moment-là.")


def check_visitor(site: ObservationSite, half_day: HalfDay, by: Person) -> None:
    """Raise a Refusal, in words, if that person cannot come on that half-day."""
    if site.host_id == by.pk:
        raise Refusal("C’est votre propre classe.")
    if not may_visit(by):
        raise Refusal("Ces visites se font entre collègues\u00a0: votre fonction ne permet pas d’en demander.")
    check_twice(Visit(site=site, visitor=by, day=half_day.day, half=half_day.half))
    if reason := queries.visitor_taken(by, half_day):
        raise Refusal(f"Vous êtes déjà pris·e à ce moment-là\u00a0: {reason}.")
    check_year(half_day, by)


def check_year(half_day: HalfDay, by: Person) -> None:
    """Raise a Refusal for who has already taken all the visits of that school year."""
    if not queries.visits_left(by, half_day.day):
        most = queries.settings_for(by).visits_a_year
        raise Refusal(f"Votre circonscription prévoit {most}\u00a0visites par an\u00a0: les vôtres sont déjà prises.")


def check_twice(visit: Visit) -> None:
    """Raise a Refusal for who already has a visit on that half-day, there or elsewhere."""
    mine = Visit.objects.filter(visitor=visit.visitor, day=visit.day, half=visit.half)
    if mine.filter(site=visit.site, state__in=rules.LIVE).exists():
        raise Refusal("Vous avez déjà demandé cette visite.")
    if mine.seated().exists():
        raise Refusal("Vous avez déjà une visite à ce moment-là.")


@transaction.atomic
def accept_offer(*, visit: Visit, by: Person) -> Visit:
    """Take the freed seat that was offered; the host then confirms.

    Raises: Refusal if it is not kept any more, or if the visits of the year were taken meanwhile.
    """
    moving.lock_visitor(by)
    held = moving.locked(visit)
    actor = moving.actor_of(held, by)
    if held.offered_until is not None and held.offered_until <= timezone.now():
        raise Refusal(rules.VISIT_MOVES["accept"].refusal)
    if rules.may_move("accept", VisitState(held.state), actor):  # else the table of moves says why
        check_year(held.half_day, by)
    moving.move(held, "accept", actor)
    telling.visit_asked(held)
    return held


@transaction.atomic
def confirm_visit(*, visit: Visit, by: Person) -> Visit:
    """Say that a colleague may come. The visitor and the head teacher of the school are told.

    Raises: Refusal for anybody but the host, in another state, once the half-day has begun, or for who is no colleague
        any more.
    """
    held = moving.locked(visit)
    actor = moving.actor_of(held, by)
    sees = ObservationSite.objects.visible_to(held.visitor).filter(pk=held.site_id)
    if not may_visit(held.visitor) or not sees.exists():
        raise Refusal("Cette personne ne peut plus venir comme collègue\u00a0: déclinez sa demande, avec un mot.")
    if held.starts_at <= timezone.now():
        raise Refusal("Cette demi-journée est passée.")
    moving.move(held, "confirm", actor, confirmed_at=timezone.now())
    telling.visit_confirmed(held)
    return held


@transaction.atomic
def decline_visit(*, visit: Visit, word: str, by: Person) -> Visit:
    """Say no, with a word. The seat goes to whoever waits.

    Raises: Refusal for anybody but the host, in another state, or without a word.
    """
    held = moving.locked(visit)
    actor = moving.actor_of(held, by)
    if rules.may_move("decline", VisitState(held.state), actor) and not word.strip():
        raise Refusal("Un mot suffit, mais il en faut un\u00a0: votre collègue le lira.")
    moving.move(held, "decline", actor, word=word.strip(), ended_by=by)
    telling.visit_declined(held)
    moving.freed(held, timezone.now())
    return held


@transaction.atomic
def cancel_visit(*, visit: Visit, word: str, by: Person) -> Visit:
    """Call a visit off, with a word once it was confirmed; after the day, say that it did not take place.

    Raises: Refusal for anybody but the two, in another state, or without the word.
    """
    held = moving.locked(visit)
    actor = moving.actor_of(held, by)
    before = VisitState(held.state)
    if before in (VisitState.CONFIRMED, VisitState.HELD) and not word.strip():
        raise Refusal("Un mot suffit, mais il en faut un\u00a0: votre collègue le lira.")
    call_off(held, actor, word.strip(), by)
    return held


def call_off(visit: Visit, actor: Actor, word: str, by: Person | None) -> None:
    """Cancel a locked visit, tell whom it concerns, offer the seat, take the hours back."""
    before = VisitState(visit.state)
    moving.move(visit, "cancel", actor, word=word, ended_by=by)
    if before == VisitState.HELD:
        crediting.withdraw(visit)
    telling.visit_cancelled(visit, before, by)
    if before in rules.SEATED:
        moving.freed(visit, timezone.now())


# --- What one comes to look at --------------------------------------------------------------------------------------
@transaction.atomic
def write_focus(*, visit: Visit, focus: str, by: Person) -> Visit:
    """Write anew what one comes to look at: it is to be agreed again.

    Raises: Refusal for anybody but the visitor, without a word, or once the visit is over.
    """
    held = moving.locked(visit)
    if moving.actor_of(held, by) is not Actor.VISITOR:
        raise Refusal("C’est la personne qui vient qui écrit ce qu’elle vient regarder.")
    if held.state not in rules.COMING:
        raise Refusal("Cette visite est passée\u00a0: son regard ne change plus.")
    if not focus.strip():
        raise Refusal("Dites en une phrase ce que vous venez regarder.")
    if focus.strip() != held.focus:
        held.focus, held.focus_agreed_at = focus.strip(), None
        held.save(update_fields=["focus", "focus_agreed_at", "updated_at"])
        if held.state == VisitState.CONFIRMED:
            telling.focus_written(held)
    return held


@transaction.atomic
def agree_focus(*, visit: Visit, focus: str, by: Person) -> Visit:
    """Agree, as the host, on what the visitor comes to look at, as one has read it.

    Raises: Refusal for anybody else, if it was written anew meanwhile, or once the visit is over.
    """
    held = moving.locked(visit)
    if moving.actor_of(held, by) is not Actor.HOST:
        raise Refusal("C’est la personne qui reçoit qui se dit d’accord.")
    if held.state not in rules.COMING:
        raise Refusal("Cette visite est passée\u00a0: son regard ne change plus.")
    if " ".join(focus.split()) != " ".join(held.focus.split()):
        raise Refusal("Votre collègue vient de le réécrire\u00a0: relisez-le.")
    if held.focus_agreed_at is None:
        held.focus_agreed_at = timezone.now()
        held.save(update_fields=["focus_agreed_at", "updated_at"])
        telling.focus_agreed(held)
    return held


@transaction.atomic
def thank(*, visit: Visit, thanks: str, by: Person) -> Visit:
    """Send a short word to the host, after the visit; once.

    Raises: Refusal for anybody but the visitor, before the visit, twice, or without a word.
    """
    held = moving.locked(visit)
    if moving.actor_of(held, by) is not Actor.VISITOR:
        raise Refusal("C’est la personne qui est venue qui remercie.")
    moving.hold_if_over(held, timezone.now())
    if held.state not in rules.DONE:
        raise Refusal("Le mot de remerciement s’envoie après la visite.")
    if held.thanks:
        raise Refusal("Votre mot est déjà parti.")
    if not thanks.strip():
        raise Refusal("Écrivez un mot.")
    held.thanks = thanks.strip()
    held.save(update_fields=["thanks", "updated_at"])
    telling.thanked(held)
    return held
