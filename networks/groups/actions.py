"""The verbs of memberships: each one is a move of the table, logged with who, when and why."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.utils import timezone

from circo.access import Permission
from circo.errors import Refusal
from circo.models import District, Person, Posting, SchoolYear
from circo.rules import Role
from networks.groups import moving, rules, telling
from networks.groups.hands import hands_of
from networks.groups.rules import INVITATION_DAYS, NOWHERE, REQUESTS_MOST, Hand, Origin, Stage, Standing, Verb
from networks.models import Candidate, CareerMeeting, Membership, MutualisationGroup
from networks.models.groups import MAY_JOIN

TOO_LATE = (
    f"Cette invitation valait {INVITATION_DAYS} jours\u00a0: elle a expiré. Demandez-en une autre à votre équipe."
)

COMING_IN = (Verb.ACCEPT, Verb.ADMIT, Verb.RESUME, Verb.COME_BACK)


@transaction.atomic
def move(*, membership: Membership, verb: Verb, by: Person, why: str = "", on: date | None = None) -> Membership:
    """Make one move of the table within a school year.

    Raises: Refusal if the table does not hold it from there, or not for this hand; in a year that is over; if no group
        takes who would come in.
    """
    row = moving.locked(membership)
    if verb in rules.OVER_THE_YEAR:
        raise Refusal("Cette décision se prend avec les vœux, pour l’année suivante.")
    if row.school_year.last_day < timezone.localdate():
        raise Refusal("Cette année scolaire est finie\u00a0: elle ne change plus.")
    if verb in COMING_IN:  # who was invited, or left, may have gone elsewhere since, or inspect by now
        _refuse_whom_no_group_takes(row.person, row.group)
    if verb in (Verb.ACCEPT, Verb.DECLINE) and row.standing == Standing.INVITED and moving.is_too_old(row):
        raise Refusal(TOO_LATE)
    return moving.apply(row, verb, hands_of(by, row.group, row.person_id), by=by, why=why, on=on)


def _year() -> SchoolYear:
    year = SchoolYear.objects.holding(timezone.localdate()).first()
    if year is None:
        raise Refusal("Aucune année scolaire n’est ouverte à cette date.")
    return year


def _enter(
    person: Person, group: MutualisationGroup, verb: Verb, *, stage: Stage, origin: Origin, by: Person, why: str
) -> Membership:
    """Enter a group this year, or come back to a row that ended. The row of the group is the lock of its door."""
    group = MutualisationGroup.objects.select_for_update(of=("self",)).select_related("network").get(pk=group.pk)
    year, hands = _year(), hands_of(by, group, person.pk)
    known = Membership.objects.filter(person=person, group=group, school_year=year).first()
    if known is not None:
        return moving.apply(moving.locked(known), verb, hands, by=by, why=why)
    if says := rules.refusal(verb, NOWHERE, hands, stage):
        raise Refusal(says)
    target = rules.the_move(verb, NOWHERE, stage).target
    made = Membership.objects.create(
        person=person,
        group=group,
        school_year=year,
        stage=target.stage,
        standing=target.standing,
        origin=origin.value,
    )
    telling.tell(made, moving.log(made, verb, NOWHERE, by=by, why=why), hands)
    return made


def stage_before(person: Person, group: MutualisationGroup) -> Stage:
    """The stage that somebody had in this network's groups in earlier years: a return takes it again."""
    last = (
        Membership.objects.filter(
            person=person, group__network=group.network, standing__in=(*rules.COUNTED, *rules.ENDED)
        )
        .order_by("-school_year__first_day", "-pk")
        .first()
    )
    return Stage(last.stage) if last else Stage.FIRST_YEAR


def _refuse_whom_no_group_takes(person: Person, group: MutualisationGroup) -> None:
    """Only who has a class of the district's, and judges nobody: a group's films would open to whoever joins it."""
    today = timezone.localdate()
    held = Posting.objects.in_force_or_coming(today).filter(person=person)
    if held.filter(role=Role.INSPECTOR).exists():
        raise Refusal("Un inspecteur ou une inspectrice n’est membre d’aucun groupe : on n’y évalue personne.")
    here = held.filter(role__in=MAY_JOIN).filter(school__district=group.network.district_id)
    trains = held.filter(role=Role.TRAINER, district=group.network.district_id)
    if not person.is_active or not (here.exists() or trains.exists()):
        raise Refusal("Un groupe accueille les enseignantes et enseignants de sa circonscription.")


@transaction.atomic
def invite(
    *,
    person: Person,
    group: MutualisationGroup,
    by: Person,
    word: str = "",
    stage: Stage = Stage.FIRST_YEAR,
    origin: Origin = Origin.INVITED,
    career_meeting: bool = False,
) -> Membership:
    """Invite somebody; a note "to invite" about them is closed by it. `career_meeting` is the inspector's alone.

    Raises: Refusal if the person is already of the group, invited, or no group takes them.
    """
    _refuse_whom_no_group_takes(person, group)
    if stage == Stage.RELAY and Hand.INSPECTOR not in hands_of(by, group, person.pk):
        raise Refusal("C’est à l’inspecteur ou à l’inspectrice d’appeler un relais.")
    made = _enter(person, group, Verb.INVITE, stage=stage, origin=origin, by=by, why=word)
    notes = Candidate.objects.waiting().filter(person=person, district=made.group.network.district_id)
    notes.update(invited=made, closed_at=timezone.now())
    if career_meeting:
        note_career_meeting(membership=made, by=by, noted=True)
    return made


@transaction.atomic
def request(*, group: MutualisationGroup, by: Person, word: str = "") -> Membership:
    """Ask to join a group of one's district, at the stage that one had.

    Raises: Refusal if one is already of it, asks again after a no, or asks in too many places at once.
    """
    # Two requests of one person, one by one. `no_key`: who invites that person meanwhile need not wait.
    person = Person.objects.select_for_update(of=("self",), no_key=True).get(pk=by.pk)
    _refuse_whom_no_group_takes(person, group)
    waiting = Membership.objects.filter(person=person, standing=Standing.REQUESTED, school_year=_year())
    if waiting.exclude(group=group).count() >= REQUESTS_MOST:
        raise Refusal(
            f"{REQUESTS_MOST} de vos demandes attendent déjà une réponse. Retirez-en une avant d’en faire une autre."
        )
    stage = min(stage_before(person, group), Stage.SECOND_YEAR, key=list(Stage).index)
    return _enter(person, group, Verb.REQUEST, stage=stage, origin=Origin.VOLUNTEER, by=by, why=word)


@transaction.atomic
def note_career_meeting(*, membership: Membership, by: Person, noted: bool) -> None:
    """Note, for the inspector alone, that somebody came after a career meeting; or take the note back.

    Nothing of the membership changes, so that no history, notice or log shows it.
    Raises: Refusal if one is not the inspector of the district.
    """
    row = moving.locked(membership)
    if not CareerMeeting.objects.may_note(by, row):
        raise Refusal("C’est à l’inspecteur ou à l’inspectrice de le noter.")
    if noted:
        CareerMeeting.objects.get_or_create(membership=row)
    else:
        CareerMeeting.objects.filter(membership=row).delete()


@transaction.atomic
def note_origin(*, membership: Membership, origin: Origin, by: Person) -> Membership:
    """Note what brought somebody here.

    Raises: Refusal if one does not manage the groups of the district.
    """
    row = moving.locked(membership)
    _ask_team(row, by)
    if row.origin != origin.value:  # a line of history where nothing changed would tell what else was noted
        row.origin = origin.value
        row.save()
    return row


@transaction.atomic
def name_companion(*, membership: Membership, companion: Person | None, by: Person) -> Membership:
    """Name who accompanies somebody's second year, or nobody.

    Raises: Refusal if it is not a second year, or if it is oneself.
    """
    row = moving.locked(membership)
    _ask_team(row, by)
    if row.stage != Stage.SECOND_YEAR:
        raise Refusal("On nomme un accompagnement pour une deuxième année.")
    if companion is not None and companion.pk == row.person_id:
        raise Refusal("Personne ne s’accompagne soi-même.")
    row.accompanied_by = companion
    row.save()
    if companion is not None:
        telling.tell_of_companion(row, companion)
    return row


def _ask_team(membership: Membership, by: Person) -> None:
    if Hand.TEAM not in hands_of(by, membership.group, membership.person_id):
        raise Refusal("C’est à l’équipe de circonscription de le faire.")


# --- Whom the team thinks of inviting -----------------------------------------------------------------------------
def _managed_by(district_id: int, by: Person) -> None:
    if district_id not in by.reach().district_ids_for(Permission.MANAGE_GROUPS):
        raise Refusal("C’est à l’équipe de circonscription de le faire.")


@transaction.atomic
def note_candidate(
    *, person: Person, district: District, by: Person, group: MutualisationGroup | None = None, why: str = ""
) -> Candidate:
    """Note somebody to invite. Noting again rewrites the note that waits.

    Raises: Refusal if one does not manage the groups of the district, or notes oneself.
    """
    _managed_by(district.pk, by)
    if person.pk == by.pk:
        raise Refusal("On ne se note pas soi-même.")
    made, _ = Candidate.objects.waiting().update_or_create(
        district=district,
        person=person,
        closed_at=None,
        defaults={"group": group, "why": why.strip(), "noted_by": by, "noted_at": timezone.now()},
    )
    return made


@transaction.atomic
def invite_candidate(*, candidate: Candidate, group: MutualisationGroup, by: Person) -> Membership:
    """Make an invitation of a note. What the note says is not told to the person.

    Raises: Refusal if the note was closed meanwhile, or as `invite` does.
    """
    row = Candidate.objects.select_for_update(of=("self",)).select_related("person").get(pk=candidate.pk)
    _managed_by(row.district_id, by)
    if row.closed_at:
        raise Refusal("Cette note est déjà classée\u00a0: quelqu’un de l’équipe s’en est occupé.")
    if group.network.district_id != row.district_id:
        raise Refusal("Choisissez un groupe de votre circonscription.")
    return invite(person=row.person, group=group, by=by, stage=stage_before(row.person, group))


@transaction.atomic
def close_candidate(*, candidate: Candidate, by: Person, closed: bool) -> Candidate:
    """Put a note away, or take it up again.

    Raises: Refusal if one does not manage the groups of the district, or if another note on the person waits.
    """
    row = Candidate.objects.select_for_update(of=("self",)).get(pk=candidate.pk)
    _managed_by(row.district_id, by)
    if closed == (row.closed_at is not None):
        return row
    others = Candidate.objects.waiting().filter(district=row.district_id, person=row.person_id)
    if not closed and others.exists():
        raise Refusal("Cette personne est déjà notée.")
    row.closed_at = timezone.now() if closed else None
    row.save(update_fields=["closed_at"])
    return row
