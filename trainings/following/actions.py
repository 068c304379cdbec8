"""Verbs of sessions: open one, change it, end it; its dates and who was there; agree to be followed; write a word."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone

from circo.errors import Refusal
from circo.models import District, Person
from networks.models import MutualisationGroup
from trainings.following import queries, rules, telling
from trainings.models import Enrolment, PathSession, PathVersion, SessionDate, SessionPresence
from trainings.paths.queries.paths import districts

NOT_YOURS = "Cette session n’est pas, ou plus, de celles dont vous décidez."
ENDED = "Cette session est terminée\u00a0: reprenez-la d’abord."


@dataclass(frozen=True)
class SessionText:
    """All that is said of a session."""

    title: str
    first_day: date
    last_day: date
    tutor: Person | None = None
    group: MutualisationGroup | None = None


@transaction.atomic
def open_session(*, version: PathVersion, district: District | None, text: SessionText, by: Person) -> PathSession:
    """Open a session of a published version. The members of its group are told, and join if they wish.

    Raises: Refusal in a district where one writes no path, for a version that takes nobody, for days out of order, or
        for a tutor or a group of elsewhere.
    """
    if district is None or district not in districts(by):
        raise Refusal("Choisissez l’une de vos circonscriptions.")
    current = queries.published_version(by, version.path)
    if current is None or current.pk != version.pk:
        raise Refusal("Une session suit la version publiée d’un parcours.")
    session = PathSession(version=version, district=district)
    _say(session, text)
    session.save()
    _tell(session, by, invites=True, names=True)
    return session


@transaction.atomic
def edit(*, session: PathSession, text: SessionText, by: Person) -> PathSession:
    """Change a session. With another tutor, nobody is followed any more until they agree again, and they are told.

    Raises: Refusal as `open_session`.
    """
    held = _held(session, by)
    if held.district not in districts(by):
        raise Refusal(NOT_YOURS)
    former_tutor, former_group = held.tutor_id, held.group_id
    _say(held, text)
    if held.dates.kept().exclude(starts_at__date__range=(held.first_day, held.last_day)).exists():
        raise Refusal("Une date de la session tombe hors de ces jours\u00a0: retirez-la d’abord.")
    held.save()
    if held.tutor_id != former_tutor:
        _stop_following(held)
    group_changed = held.group_id is not None and held.group_id != former_group
    _tell(held, by, invites=group_changed, names=held.tutor_id != former_tutor)
    return held


def _say(session: PathSession, text: SessionText) -> None:
    if not text.title.strip():
        raise Refusal("Donnez un titre à cette session.")
    if fault := rules.fault_of_days(text.first_day, text.last_day):
        raise Refusal(fault)
    place = [session.district_id]
    if text.tutor and text.tutor.pk != session.tutor_id and text.tutor not in queries.tutors(place):
        raise Refusal("Choisissez qui accompagne dans la liste.")
    if text.group and text.group.pk != session.group_id and text.group not in queries.groups(place):
        raise Refusal("Choisissez un groupe de la circonscription.")
    session.title, session.first_day, session.last_day = text.title.strip(), text.first_day, text.last_day
    session.tutor, session.group = text.tutor, text.group


def _stop_following(session: PathSession) -> None:
    """What was agreed to was agreed for one person."""
    rows = Enrolment.objects.filter(session=session, followed=True)
    learners = [one.person for one in rows.select_related("person").order_by("pk")]
    rows.update(followed=False)
    telling.tutor_changed(session, learners)


def _tell(session: PathSession, by: Person, *, invites: bool, names: bool) -> None:
    if invites and session.group is not None:
        telling.invited(session, queries.members(session.group).exclude(pk=by.pk))
    if names and session.tutor_id != by.pk:
        telling.named(session)


def _held(session: PathSession, by: Person) -> PathSession:
    """Hold a session, and read it again.

    Raises: Refusal for whoever neither leads it nor is of its team.
    """
    rows = PathSession.objects.editable_by(by).select_for_update(of=("self",))
    found = rows.select_related("version__path", "district", "tutor", "group").filter(pk=session.pk).first()
    if found is None:
        raise Refusal(NOT_YOURS)
    return found


@transaction.atomic
def end(*, session: PathSession, by: Person) -> PathSession:
    """End a session: nobody joins it, nobody is followed, its coming dates leave agendas. `reopen` undoes it.

    Raises: Refusal for whoever may not.
    """
    return _set_ended(session, timezone.now(), by)


@transaction.atomic
def reopen(*, session: PathSession, by: Person) -> PathSession:
    """Take up again a session that was ended: everything is as it was.

    Raises: Refusal for whoever may not.
    """
    return _set_ended(session, None, by)


def _set_ended(session: PathSession, ended_at: datetime | None, by: Person) -> PathSession:
    held = _held(session, by)
    if (held.ended_at is None) != (ended_at is None):
        held.ended_at = ended_at
        held.save(update_fields=["ended_at"])
        coming = held.dates.filter(starts_at__gt=timezone.now())
        coming.update(sequence=F("sequence") + 1, updated_at=timezone.now())
    return held


# --- Dates ------------------------------------------------------------------------------------------------------------
@transaction.atomic
def add_date(
    *, session: PathSession, starts_at: datetime, ends_at: datetime, where: str, link: str, by: Person
) -> SessionDate:
    """Add a date to a session: it enters the agenda of who takes part.

    Raises: Refusal for whoever may not, for an ended session, or for a moment out of it.
    """
    held = _held(session, by)
    if held.ended_at:
        raise Refusal(ENDED)
    if held.dates.kept().count() >= rules.DATES_MAX:
        raise Refusal(f"Une session a {rules.DATES_MAX}\u00a0dates au plus.")
    local = timezone.localtime(starts_at), timezone.localtime(ends_at)
    if fault := rules.fault_of_date(*local, held.first_day, held.last_day):
        raise Refusal(fault)
    return SessionDate.objects.create(
        session=held, starts_at=starts_at, ends_at=ends_at, where=where.strip(), link=link
    )


@transaction.atomic
def remove_date(*, session_date: SessionDate, by: Person) -> SessionDate:
    """Take a date away: it leaves agendas. `restore_date` brings it back for some minutes."""
    return _set_removed(SessionDate.objects.editable_by(by), session_date, timezone.now())


@transaction.atomic
def restore_date(*, session_date: SessionDate, by: Person) -> SessionDate:
    """Bring back a date that was just taken away.

    Raises: Refusal if it was too long ago.
    """
    return _set_removed(SessionDate.objects.restorable_by(by), session_date, None)


def _set_removed(rows: QuerySet[SessionDate], session_date: SessionDate, removed_at: datetime | None) -> SessionDate:
    held = rows.select_for_update(of=("self",)).filter(pk=session_date.pk).first()
    if held is None:
        raise Refusal("Cette date ne peut plus être changée.")
    held.removed_at, held.sequence = removed_at, held.sequence + 1
    held.save()
    return held


@transaction.atomic
def say_present(*, session_date: SessionDate, by: Person) -> SessionPresence:
    """Say that one was at a date; the tutor notes it.

    Raises: Refusal for a date to come, or of a session that one does not take.
    """
    rows = Enrolment.objects.editable_by(by).select_for_update(of=("self",), no_key=True)
    enrolment = rows.filter(session=session_date.session_id, left_at=None).first()
    held = SessionDate.objects.kept().filter(pk=session_date.pk).first()
    if enrolment is None or held is None:
        raise Refusal("Vous ne suivez pas cette session.")
    if not held.is_begun:
        raise Refusal("Cette rencontre n’a pas encore eu lieu.")
    presence, is_new = SessionPresence.objects.get_or_create(
        date=held, enrolment=enrolment, defaults={"said_at": timezone.now()}
    )
    if not is_new and presence.said_at is None:
        presence.said_at = timezone.now()
        presence.save(update_fields=["said_at"])
    return presence


@transaction.atomic
def note_presences(*, session_date: SessionDate, present: Collection[int], by: Person) -> int:
    """Note who was at a date, by the keys of their enrolments, and take back what is no longer noted.

    Only those whom this tutor may follow, and those who say that they were there, are touched.

    Returns: how many are noted.
    Raises: Refusal for who does not lead the session, or for a date to come.
    """
    held = SessionDate.objects.led_by(by).select_for_update(of=("self",)).filter(pk=session_date.pk).first()
    if held is None:
        raise Refusal(NOT_YOURS)
    if not held.is_begun:
        raise Refusal("Cette rencontre n’a pas encore eu lieu.")
    known = {one.pk for one in queries.may_be_noted(held, by)}
    chosen = known & set(present)
    rows = SessionPresence.objects.filter(date=held, enrolment__in=known)
    rows.filter(noted_at=None, enrolment__in=chosen).update(noted_at=timezone.now(), noted_by=by)
    there = set(rows.order_by().values_list("enrolment_id", flat=True))
    SessionPresence.objects.bulk_create(
        SessionPresence(date=held, enrolment_id=pk, noted_at=timezone.now(), noted_by=by) for pk in chosen - there
    )
    rows.exclude(enrolment__in=chosen).filter(said_at=None).delete()
    rows.exclude(enrolment__in=chosen).update(noted_at=None, noted_by=None)
    return len(chosen)


# --- Who is followed --------------------------------------------------------------------------------------------------
@transaction.atomic
def agree(*, enrolment: Enrolment, tutor_id: int | None, by: Person) -> Enrolment:
    """Let the tutor of that key see how far one is, or nobody: at once, and as often as one likes.

    Raises: Refusal if it is not one's own path, or if somebody else, or nobody, accompanies by now.
    """
    session_id = Enrolment.objects.editable_by(by).filter(pk=enrolment.pk).values_list("session_id", flat=True).first()
    sessions = PathSession.objects.select_for_update(of=("self",), no_key=True)
    session = sessions.filter(pk=session_id).first() if session_id else None
    rows = Enrolment.objects.editable_by(by).select_for_update(of=("self",), no_key=True)
    held = rows.filter(pk=enrolment.pk, session=session_id).first()
    if held is None:
        raise Refusal("Vous ne suivez pas ce parcours.")
    if tutor_id and not (session and session.is_accompanied and session.tutor_id == tutor_id):
        raise Refusal("La personne qui accompagne a changé\u00a0: lisez son nom avant d’accepter.")
    held.followed = bool(tutor_id)
    held.save(update_fields=["followed"])
    return held


def write(*, enrolment: Enrolment, text: str, by: Person) -> None:
    """Send a word to a learner whom one follows.

    Raises: Refusal for somebody whom one does not follow, or without a word.
    """
    held = Enrolment.objects.followed_by(by).select_related("person").filter(pk=enrolment.pk).first()
    if held is None:
        raise Refusal("Cette personne n’a pas, ou plus, accepté que vous la suiviez.")
    if not text.strip():
        raise Refusal("Écrivez quelques mots.")
    telling.written(held, text.strip(), by)
